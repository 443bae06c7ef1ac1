//! Where in a table the text is.

/// The row and cell of a table that text goes into.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    /// Where the text of the rows before this one ends.
    pub rows_end: usize,
    /// Where the text of each cell of this row starts that has any.
    pub cells: Vec<usize>,
    /// Whether a row has begun since the last text.
    pub new_row: bool,
    /// How many cells have begun in this row since the last text, the first of the row not counted.
    pub new_cells: usize,
    /// Whether this row has a cell.
    pub has_cell: bool,
    /// Whether this cell has text.
    pub has_text: bool,
    /// Whether a block ended in this cell behind its text.
    pub has_break: bool,
}
