//! Plain text: the decoded text as it stands, cut into blocks as its reader sees them.
//!
//! reStructuredText and AsciiDoc are read as plain text too: their paragraphs stand apart as those of
//! plain text do. Only their headings are told apart, since what counts for repeats depends on it:
//! a title underlined with punctuation, and a line behind `=` to `======`.

use std::sync::Arc;

use super::encoding::decode_piece;
use super::{Piece, ReadOptions, Reader, Sink};
use crate::document::{Block, BlockKind, Document, Origin, Places, TextRange};
use crate::segment;

/// Plain text.
#[derive(Clone, Copy, Debug)]
pub struct PlainText;

impl Reader for PlainText {
    fn name(&self) -> &'static str {
        "plaintext"
    }

    fn summary(&self) -> &'static str {
        "plain text; reStructuredText and AsciiDoc are read as such"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text", "rst", "adoc"]
    }

    /// Plain text looks like nothing in particular: it is what a file is that nothing else recognises.
    fn recognises(&self, _head: &str) -> bool {
        false
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let Some(decoded) = decode_piece(piece, options, None, sink) else { return };
        let places = options.places.then(|| {
            let lines = decoded.lines(piece.first_line);
            Arc::new(Places::new(decoded.map.clone(), lines))
        });
        let mut document = Document {
            origin: Origin {
                path: Arc::clone(piece.path),
                format: self.name(),
                damaged: decoded.damage.is_some(),
                ..Origin::default()
            },
            text: decoded.text.into_owned(),
            places,
            ..Document::default()
        };
        segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
        if let Some(markup) = Markup::of(piece.path) {
            markup.find_headings(&mut document);
        }
        sink.document(&mut document);
    }
}

/// The light markup languages whose headings are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Markup {
    ReStructuredText,
    AsciiDoc,
}

impl Markup {
    /// The language of a file, by its extension.
    fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        if extension.eq_ignore_ascii_case("rst") {
            Some(Self::ReStructuredText)
        } else if extension.eq_ignore_ascii_case("adoc") {
            Some(Self::AsciiDoc)
        } else {
            None
        }
    }

    /// Makes headings of the blocks, or the first lines of blocks, that are one. The first heading of
    /// all is the document's title.
    fn find_headings(self, document: &mut Document) {
        let mut blocks = Vec::with_capacity(document.blocks.len());
        // The end of the heading found last: its own lines may have been blocks by themselves.
        let mut behind = 0;
        for &Block { kind, range } in &document.blocks {
            let Some(range) = beyond(&document.text, range, behind) else { continue };
            let block = Block { kind, range };
            let start = range.start;
            let text = &document.text[start as usize..];
            let heading = match self {
                Self::ReStructuredText => underlined(text),
                Self::AsciiDoc => marked(text),
            };
            let Some(Heading { title, end }) = heading else {
                blocks.push(block);
                continue;
            };
            behind = start + end as u32;
            let range = TextRange::new(start + title.start as u32, start + title.end as u32);
            document.meta.title.get_or_insert_with(|| text[title].to_owned());
            blocks.push(Block { kind: BlockKind::Heading, range });
            if let Some(range) = beyond(&document.text, block.range, behind) {
                blocks.push(Block { kind, range });
            }
        }
        document.blocks = blocks;
    }
}

/// What is left of `range` behind `from`, without white space at its start.
fn beyond(text: &str, range: TextRange, from: u32) -> Option<TextRange> {
    let rest = text.get(range.start.max(from) as usize..range.end as usize)?.trim_start();
    (!rest.is_empty()).then(|| TextRange::new(range.end - rest.len() as u32, range.end))
}

/// A heading at the beginning of a block.
struct Heading {
    /// The words of the heading, in bytes of the block.
    title: std::ops::Range<usize>,
    /// Where the heading ends with all of its markup.
    end: usize,
}

/// A title with a line of punctuation under it that is at least as long, and perhaps the same above.
fn underlined(text: &str) -> Option<Heading> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let second = lines.next()?;
    let (over, title, under) = match rule(first) {
        Some(_) => (first, second, lines.next()?),
        None => ("", first, second),
    };
    let length = rule(under)?;
    let words = title.trim();
    let same = over.is_empty() || over.trim_end() == under.trim_end();
    if words.is_empty() || rule(title).is_some() || !same || length < words.chars().count() {
        return None;
    }
    let start = over.len() + (title.len() - title.trim_start().len());
    let end = over.len() + title.len() + under.len();
    Some(Heading { title: start..start + words.len(), end })
}

/// The length of a line that is one punctuation character, three times or more.
fn rule(line: &str) -> Option<usize> {
    let line = line.trim_end();
    let first = *line.as_bytes().first()?;
    let is_rule = line.len() >= 3 && first.is_ascii_punctuation() && line.bytes().all(|b| b == first);
    is_rule.then_some(line.len())
}

/// A line behind one to six `=` and a space.
fn marked(text: &str) -> Option<Heading> {
    let line = text.split_inclusive('\n').next()?;
    let level = line.bytes().take_while(|&b| b == b'=').count();
    let title = line.get(level..)?;
    let words = title.trim();
    if !(1..=6).contains(&level) || !title.starts_with([' ', '\t']) || words.is_empty() {
        return None;
    }
    let start = level + (title.len() - title.trim_start().len());
    Some(Heading { title: start..start + words.len(), end: line.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ReadError;

    #[derive(Default)]
    struct Kept {
        documents: Vec<Document>,
        faults: Vec<ReadError>,
        skipped: Vec<&'static str>,
    }

    impl Sink for Kept {
        fn document(&mut self, document: &mut Document) {
            self.documents.push(std::mem::take(document));
        }

        fn fault(&mut self, fault: ReadError) {
            self.faults.push(fault);
        }

        fn not_a_document(&mut self, why: &'static str) {
            self.skipped.push(why);
        }
    }

    fn read(path: &str, bytes: &[u8]) -> Kept {
        let path = Arc::from(path);
        let piece = Piece { path: &path, bytes, offset: 0, first_line: 1, named: true };
        let options = ReadOptions { places: true, ..ReadOptions::default() };
        let mut kept = Kept::default();
        PlainText.read(&piece, &options, &mut kept);
        kept
    }

    fn blocks(document: &Document) -> Vec<(BlockKind, &str)> {
        document.blocks.iter().map(|b| (b.kind, &document.text[b.range.as_usize()])).collect()
    }

    #[test]
    fn text_is_verbatim_and_places_are_exact() {
        let kept = read("a.txt", b"\xEF\xBB\xBFOne.\n\nTwo \xC3\xA9.\n");
        let document = &kept.documents[0];
        assert_eq!(document.text, "One.\n\nTwo é.\n");
        let place = document.locate(document.blocks[1].range).expect("places were asked for");
        assert_eq!((place.start.byte, place.start.line, place.start.column), (9, 3, 1));
        assert_eq!((place.end.byte, place.end.line, place.end.column), (16, 3, 7));
    }

    #[test]
    fn damage_is_a_fault_and_the_rest_is_read() {
        let kept = read("a.txt", b"caf\xC3\xA9\nna\xEFve caf\xC3\xA9");
        assert_eq!(kept.faults.len(), 1);
        assert_eq!(kept.faults[0].to_string(), "a.txt:2:3: byte 8 is not UTF-8");
        assert_eq!(kept.documents[0].text, "café\nna\u{FFFD}ve café");
    }

    #[test]
    fn binary_files_are_no_documents() {
        let kept = read("a.txt", b"\x7fELF\0\0");
        assert_eq!((kept.documents.len(), kept.skipped.as_slice()), (0, &["it is binary"][..]));
    }

    #[test]
    fn underlined_titles_are_headings_of_restructuredtext() {
        let kept = read("a.rst", b"====\nHow?\n====\n\nBy hand.\n\nWhy\n---\nBecause.\n");
        let document = &kept.documents[0];
        assert_eq!(document.meta.title.as_deref(), Some("How?"));
        assert_eq!(
            blocks(document),
            [
                (BlockKind::Heading, "How?"),
                (BlockKind::Paragraph, "By hand."),
                (BlockKind::Heading, "Why"),
                (BlockKind::Paragraph, "Because."),
            ]
        );
    }

    #[test]
    fn marked_lines_are_headings_of_asciidoc() {
        let kept = read("a.adoc", "= Brücken\n\nEs gibt viele.\n\n== Alt\n".as_bytes());
        assert_eq!(
            blocks(&kept.documents[0]),
            [
                (BlockKind::Heading, "Brücken"),
                (BlockKind::Paragraph, "Es gibt viele."),
                (BlockKind::Heading, "Alt"),
            ]
        );
    }
}
