//! The text of a page as a reader sees it: blocks, white space, tables, and what is hidden.
//!
//! No tree is built. A stack of the open elements tells what a text is in; inline elements are not on
//! it (unless they hide what is in them), since they change nothing. Every question to the stack is
//! answered in constant time, so that no nesting makes the reading slow.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cursor::Cursor;
use super::head::Head;
use super::tag::Tag;
use super::tokens::Attributes;
use crate::document::{Block, BlockKind, Directive, Document, SourceMap, SourceMapBuilder, TextRange};

/// How long a rendered text may get: what follows is left out. Readers refuse input that could come
/// near it.
const LIMIT: usize = u32::MAX as usize;

/// What a rendering yields besides the text.
#[derive(Debug, Default)]
pub struct Rendered {
    /// From the text to bytes of the HTML; empty unless asked for.
    pub map: SourceMap,
    /// What the page says about itself.
    pub head: Head,
}

/// An open element.
#[derive(Clone, Copy, Debug)]
struct Open {
    tag: Tag,
    /// What text in it is.
    kind: BlockKind,
    /// Whether text in it is not shown.
    hidden: bool,
    /// Whether white space in it is kept.
    pre: bool,
    /// Whether text in it is the page's first heading.
    headline: bool,
    /// How many of the stack are below the innermost cell or table, that one included: an end tag in
    /// it closes none of them.
    barrier: usize,
    /// The innermost open table, row, cell, and list item that a new one of its kind closes.
    table: Option<usize>,
    row: Option<usize>,
    cell: Option<usize>,
    item: Option<usize>,
}

/// Renders a page, tag by tag.
pub struct Renderer<'d> {
    document: &'d mut Document,
    out: &'d mut Rendered,
    map: Option<SourceMapBuilder>,
    /// The open elements; the first stands for the page itself and is never closed.
    stack: Vec<Open>,
    /// Where in the stack each kind of element is open.
    places: BTreeMap<Tag, Vec<usize>>,
    /// The open block: where it starts, what it is, and whether it is the first heading.
    block: Option<(usize, BlockKind, bool)>,
    /// White space that becomes a space when text follows.
    space: Option<Range<usize>>,
    /// Line breaks that become one when text follows: the first, and how many.
    breaks: Option<(Range<usize>, usize)>,
    cursor: Cursor,
    /// Whether a line end that comes now opens preformatted text and is not part of it.
    pre_opened: bool,
    /// How many elements of inline code are open, and where the outermost began.
    code: (usize, usize),
    /// How many elements of SVG are open.
    foreign: usize,
    /// The title while it is read.
    title: String,
}

impl<'d> Renderer<'d> {
    /// Returns a renderer into `document`, which is empty, and `out`.
    pub fn new(document: &'d mut Document, out: &'d mut Rendered, want_map: bool) -> Self {
        let page = Open {
            tag: Tag::Html,
            kind: BlockKind::Paragraph,
            hidden: false,
            pre: false,
            headline: false,
            barrier: 0,
            table: None,
            row: None,
            cell: None,
            item: None,
        };
        Self {
            document,
            out,
            map: want_map.then(SourceMapBuilder::new),
            stack: vec![page],
            places: BTreeMap::new(),
            block: None,
            space: None,
            breaks: None,
            cursor: Cursor::default(),
            pre_opened: false,
            code: (0, 0),
            foreign: 0,
            title: String::new(),
        }
    }

    /// Returns whether what comes is SVG and not HTML.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        self.foreign > 0
    }

    /// Takes a comment that stands in `place`; `inside` is what it says.
    pub fn comment(&mut self, inside: &str, place: Range<usize>) {
        let at = self.document.text.len() as u32;
        let directive = Directive::of_comment(inside, TextRange::new(at, at));
        let source = Some(TextRange::new(place.start as u32, place.end as u32));
        self.document.directives.extend(directive.map(|directive| Directive { source, ..directive }));
    }

    /// Takes JSON-LD, which begins at byte `start` of the page.
    pub fn linked_data(&mut self, json: &str, start: usize) {
        self.out.head.linked_data(json, start);
    }

    /// Closes everything.
    pub fn finish(&mut self) {
        self.pop_to(1);
        self.close_block();
        self.out.map = self.map.take().map(SourceMapBuilder::finish).unwrap_or_default();
    }

    /// Takes text that stands in `html` as it is.
    pub fn text(&mut self, html: &str, range: Range<usize>) {
        let Some(text) = html.get(range.clone()) else { return };
        let top = *self.top();
        if top.hidden {
            self.hidden_text(text);
        } else if top.pre {
            self.preformatted(text, range.start);
        } else {
            self.collapsed(text, range.start);
        }
    }

    /// Takes text that `range` of the source writes otherwise: a character reference.
    pub fn unit(&mut self, text: &str, range: Range<usize>) {
        let top = *self.top();
        if top.hidden {
            self.hidden_text(text);
        } else if !top.pre && text.bytes().all(is_space) {
            self.white_space(range);
        } else {
            self.put(text, range, false);
        }
    }

    fn hidden_text(&mut self, text: &str) {
        if self.top().tag == Tag::Title && self.out.head.title.is_none() {
            self.title.push_str(text);
        }
    }

    /// Text in which a run of white space is one space.
    fn collapsed(&mut self, text: &str, offset: usize) {
        let bytes = text.as_bytes();
        let mut start = 0;
        let mut at = 0;
        while at < bytes.len() {
            if !is_space(bytes[at]) {
                at += 1;
                continue;
            }
            // A single space between words stands as it is.
            let alone = bytes[at] == b' ' && at > start && bytes.get(at + 1).is_some_and(|&b| !is_space(b));
            if alone {
                at += 2;
                continue;
            }
            if at > start {
                self.put(&text[start..at], offset + start..offset + at, true);
            }
            start = at;
            at += bytes[at..].iter().take_while(|&&b| is_space(b)).count();
            self.white_space(offset + start..offset + at);
            start = at;
        }
        if at > start {
            self.put(&text[start..], offset + start..offset + at, true);
        }
    }

    fn white_space(&mut self, range: Range<usize>) {
        match &mut self.space {
            Some(space) if space.end == range.start => space.end = range.end,
            Some(_) => {}
            None => self.space = Some(range),
        }
    }

    /// Text in which white space is kept; its line ends become line feeds.
    fn preformatted(&mut self, text: &str, offset: usize) {
        let mut at = 0;
        if std::mem::take(&mut self.pre_opened) {
            at = line_end(text.as_bytes());
        }
        while at < text.len() {
            let end = memchr::memchr(b'\r', &text.as_bytes()[at..]).map_or(text.len(), |i| at + i);
            if end > at {
                self.put(&text[at..end], offset + at..offset + end, true);
            }
            let length = line_end(&text.as_bytes()[end..]);
            if length > 0 {
                self.put("\n", offset + end..offset + end + length, false);
            }
            at = end + length;
        }
    }

    /// Appends text and what stands before it; `copied` if the source has it as it is.
    fn put(&mut self, text: &str, source: Range<usize>, copied: bool) {
        self.pre_opened = false;
        let space = self.space.take();
        let breaks = self.breaks.take();
        if self.top().kind == BlockKind::Table && self.cursor.has_break && self.cursor.has_text {
            self.unmake_table();
        }
        if self.top().kind == BlockKind::Table {
            self.open_cell(space.or(breaks.map(|(range, _)| range)));
        } else {
            match (self.block, breaks, space) {
                (None, ..) => self.open_block(),
                // An empty line is what sets paragraphs apart.
                (Some(_), Some((_, 2..)), _) => {
                    self.close_block();
                    self.open_block();
                }
                (Some(_), Some((range, _)), _) => self.push("\n", range, false),
                (Some(_), None, Some(range)) => self.push(" ", range, false),
                (Some(_), None, None) => {}
            }
        }
        self.push(text, source, copied);
    }

    fn push(&mut self, text: &str, source: Range<usize>, copied: bool) {
        let at = self.document.text.len();
        if at + text.len() > LIMIT {
            return;
        }
        if let Some(map) = &mut self.map {
            if copied {
                map.copied(at as u32, source.start as u64, text.len() as u32);
            } else {
                map.unit(at as u32, text.len() as u32, source.start as u64, source.len() as u32);
            }
        }
        self.document.text.push_str(text);
    }

    /// Appends what stands for nothing in the source.
    fn push_separator(&mut self, text: &str) {
        if self.document.text.len() + text.len() <= LIMIT {
            self.document.text.push_str(text);
        }
    }

    fn open_block(&mut self) {
        if !self.document.text.is_empty() {
            self.push_separator("\n\n");
        }
        let Open { kind, headline, .. } = *self.top();
        self.block = Some((self.document.text.len(), kind, headline));
    }

    /// Ends the code that is open.
    fn close_code(&mut self) {
        let (open, start) = std::mem::take(&mut self.code);
        let end = self.document.text.len();
        if open > 0 && start < end {
            self.document.code.push(TextRange::new(start as u32, end as u32));
        }
    }

    fn close_block(&mut self) {
        self.close_code();
        if let Some((start, kind, headline)) = self.block.take() {
            let range = self.add_block(start..self.document.text.len(), kind);
            if let Some(range) = range.filter(|_| headline && self.out.head.headline.is_none()) {
                let text = &self.document.text[range.as_usize()];
                self.out.head.headline = Some(text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }

    /// Adds a block, without the white space at its ends; returns its range if any is left.
    fn add_block(&mut self, range: Range<usize>, kind: BlockKind) -> Option<TextRange> {
        let text = &self.document.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let end = range.start + text.trim_end().len();
        let range = TextRange::new(start as u32, end.max(start) as u32);
        if range.is_empty() {
            return None;
        }
        self.document.blocks.push(Block { kind, range });
        Some(range)
    }

    /// Appends what stands between the text before and text in the current cell.
    fn open_cell(&mut self, space: Option<Range<usize>>) {
        let new_row = std::mem::take(&mut self.cursor.new_row);
        let new_cells = std::mem::take(&mut self.cursor.new_cells);
        if self.block.is_none() {
            self.open_block();
            // A caption may have ended the block before, in the middle of a row.
            self.cursor.rows_end = self.document.text.len();
            self.cursor.cells.clear();
            self.cursor.has_text = false;
        } else if !self.cursor.has_text {
            let at = self.document.text.len();
            if new_row {
                self.push_separator("\n");
            }
            self.push_separator(&"\t".repeat(new_cells));
            if self.document.text.len() == at {
                // Text of the table outside of its cells.
                self.push_separator(" ");
            }
        } else if let Some(space) = space {
            self.push(" ", space, false);
        }
        if !std::mem::replace(&mut self.cursor.has_text, true) {
            self.cursor.cells.push(self.document.text.len());
        }
    }

    /// Makes a layout of the innermost table, which holds more than cells of running text: its finished
    /// rows are a table, what is in the current row and what comes are blocks of their own.
    fn unmake_table(&mut self) {
        let Some(index) = self.top().table else { return };
        let kind = self.stack[index.saturating_sub(1)].kind;
        let kind = if kind == BlockKind::Table { BlockKind::Paragraph } else { kind };
        for open in &mut self.stack[index..] {
            if open.kind == BlockKind::Table {
                open.kind = kind;
            }
        }
        if let Some((start, BlockKind::Table, _)) = self.block {
            self.block = None;
            if self.cursor.rows_end > start {
                self.add_block(start..self.cursor.rows_end, BlockKind::Table);
            }
            let mut cells = std::mem::take(&mut self.cursor.cells);
            cells.push(self.document.text.len());
            for pair in cells.windows(2) {
                self.add_block(pair[0]..pair[1], kind);
            }
        }
    }

    /// Notes that what comes stands apart from what came.
    fn boundary(&mut self) {
        let Open { kind, hidden, .. } = *self.top();
        if hidden {
            return;
        }
        self.space = None;
        self.breaks = None;
        if kind == BlockKind::Table {
            self.cursor.has_break = true;
        } else {
            self.close_block();
        }
    }

    /// Takes a line break that stands in `place`.
    fn line_break(&mut self, place: Range<usize>) {
        let Open { hidden, pre, .. } = *self.top();
        if hidden {
            return;
        }
        if pre {
            self.put("\n", place, false);
            return;
        }
        self.space = None;
        match &mut self.breaks {
            Some((_, count)) => *count += 1,
            None => self.breaks = Some((place, 1)),
        }
    }

    /// Takes a start tag that stands in `place`; `is_whole` if it is an element without an end tag.
    pub fn start_tag(&mut self, tag: Tag, place: Range<usize>, attributes: &Attributes, is_whole: bool) {
        if self.foreign > 0 && tag.is_block() && !self.is_open(Tag::ForeignObject) {
            // A block in SVG: the page forgot to close the image.
            self.end_tag(Tag::Svg, place.clone());
        }
        match tag {
            Tag::Html => return self.out.head.root(attributes),
            Tag::Meta => return self.out.head.meta(attributes),
            Tag::Link => return self.out.head.link(attributes),
            Tag::Br => return self.line_break(place),
            Tag::Void => return,
            Tag::Code if !is_whole && !attributes.hidden && !self.top().hidden => {
                if self.code.0 == 0 {
                    self.code.1 = self.document.text.len();
                }
                self.code.0 += 1;
            }
            Tag::Hr => {
                self.close_implied(tag);
                return self.boundary();
            }
            _ => {}
        }
        let closed = tag == Tag::Dialog && !attributes.open;
        let skipped = matches!(tag, Tag::Skipped(_) | Tag::Svg | Tag::Title);
        if tag.is_block() {
            self.close_implied(tag);
            self.boundary();
        }
        let hidden = attributes.hidden || closed || skipped || self.top().hidden;
        if !hidden && !tag.is_block() {
            return;
        }
        if !is_whole {
            self.open(tag, hidden);
        }
    }

    /// Puts an element on the stack.
    fn open(&mut self, tag: Tag, hidden: bool) {
        if !hidden && self.top().kind == BlockKind::Table {
            match tag {
                // What a cell of a table of data has not.
                Tag::Heading(_)
                | Tag::Item
                | Tag::Blockquote
                | Tag::Pre
                | Tag::Xmp
                | Tag::Plaintext
                | Tag::Figcaption
                | Tag::Table => self.unmake_table(),
                Tag::Caption => self.close_block(),
                Tag::Row => self.new_row(),
                Tag::Cell => self.new_cell(),
                _ => {}
            }
        }
        let index = self.stack.len();
        let mut open = *self.top();
        open.tag = tag;
        open.hidden = hidden;
        if let Some(kind) = tag.kind() {
            open.kind = kind;
            open.pre = kind == BlockKind::Code;
            self.pre_opened = kind == BlockKind::Code;
        }
        open.headline |= tag == Tag::Heading(1);
        match tag {
            Tag::List => open.item = None,
            Tag::Item => open.item = Some(index),
            Tag::Table => {
                open = Open { table: Some(index), row: None, cell: None, item: None, ..open };
                open.barrier = index + 1;
                if !hidden {
                    self.cursor = Cursor { rows_end: self.document.text.len(), ..Cursor::default() };
                }
            }
            Tag::Row => open.row = Some(index),
            Tag::Cell | Tag::Caption => {
                open = Open { cell: Some(index), item: None, barrier: index + 1, ..open };
            }
            Tag::Svg => self.foreign += 1,
            _ => {}
        }
        self.places.entry(tag).or_default().push(index);
        self.stack.push(open);
    }

    fn new_row(&mut self) {
        let rows_end = self.document.text.len();
        let cells = std::mem::take(&mut self.cursor.cells);
        self.cursor = Cursor { rows_end, cells, new_row: true, ..Cursor::default() };
        self.cursor.cells.clear();
    }

    const fn new_cell(&mut self) {
        if self.cursor.has_cell {
            self.cursor.new_cells += 1;
        }
        self.cursor.has_cell = true;
        self.cursor.has_text = false;
        self.cursor.has_break = false;
    }

    /// Closes what the start of `tag` closes without an end tag.
    fn close_implied(&mut self, tag: Tag) {
        let top = self.top();
        let index = match tag {
            Tag::Item => top.item,
            Tag::Cell => top.cell,
            Tag::Row => top.row.or(top.cell),
            Tag::Rows | Tag::Caption => top.row.or(top.cell),
            Tag::Heading(_) if matches!(top.tag, Tag::Heading(_)) => Some(self.stack.len() - 1),
            _ => None,
        };
        let index = index.or_else(|| self.last_open(Tag::P));
        if let Some(index) = index {
            self.boundary();
            self.pop_to(index);
        }
    }

    /// Takes an end tag that stands in `place`.
    pub fn end_tag(&mut self, tag: Tag, place: Range<usize>) {
        if tag == Tag::Br {
            return self.line_break(place);
        }
        if tag == Tag::Code && !self.top().hidden {
            match self.code.0 {
                0 => {}
                1 => self.close_code(),
                _ => self.code.0 -= 1,
            }
        }
        let top = self.top();
        let index = if tag.is_table_part() {
            let table = top.table.unwrap_or(0);
            self.places.get(&tag).and_then(|places| places.last().copied()).filter(|&i| i >= table)
        } else if let Tag::Heading(_) = tag {
            // An end tag of any level closes a heading.
            if matches!(top.tag, Tag::Heading(_)) { Some(self.stack.len() - 1) } else { self.last_open(tag) }
        } else {
            self.last_open(tag)
        };
        if tag.is_block() {
            self.boundary();
        }
        if let Some(index) = index {
            if tag == Tag::Title && self.out.head.title.is_none() {
                let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
                self.out.head.title = (!title.is_empty()).then_some(title);
            }
            self.pop_to(index);
        }
    }

    /// Takes everything from `index` on off the stack.
    fn pop_to(&mut self, index: usize) {
        for at in (index.max(1)..self.stack.len()).rev() {
            let Some(open) = self.stack.pop() else { return };
            if let Some(places) = self.places.get_mut(&open.tag) {
                places.pop();
            }
            if open.tag == Tag::Svg {
                self.foreign = self.foreign.saturating_sub(1);
            }
            let ends_table = open.kind == BlockKind::Table && self.stack[at - 1].kind != BlockKind::Table;
            if ends_table && !open.hidden {
                self.space = None;
                self.breaks = None;
                self.close_block();
            }
        }
    }

    fn top(&self) -> &Open {
        // The page itself is never taken off.
        &self.stack[self.stack.len() - 1]
    }

    fn is_open(&self, tag: Tag) -> bool {
        self.places.get(&tag).is_some_and(|places| !places.is_empty())
    }

    /// The innermost open `tag` inside of the innermost cell or table.
    fn last_open(&self, tag: Tag) -> Option<usize> {
        let index = *self.places.get(&tag)?.last()?;
        (index >= self.top().barrier).then_some(index)
    }
}

/// White space as HTML has it.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}

/// The length of the line end that `bytes` begin with; 0 for none.
const fn line_end(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}
