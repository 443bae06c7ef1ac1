//! How is a file cut into pieces that are read apart?

/// How a file can be cut into pieces that are read apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// The file is one piece.
    Whole,
    /// Every line is a record: any run of whole lines is a piece.
    Lines,
    /// Every record says how long it is: any run of whole records is a piece. A record is known by the
    /// line that it begins with.
    Records,
}

/// How far a record reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It takes more bytes to tell.
    Unknown,
    /// It is so many bytes long.
    Known {
        /// From the first byte on, what parts it from the record before included.
        length: u64,
        /// Whether it may hold a document; one that does not is passed over where it is large.
        wanted: bool,
    },
}
