//! Cutting a version into paragraphs, and finding those that stand as they stood before.

use memchr::memchr_iter;

use crate::document::{BlockKind, Document, TextRange};

/// A paragraph: a block with its marker, a line where a document comes without blocks, or text outside of
/// any block. Pieces are sorted, disjoint and not empty; what is between them is white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Bytes of the version's text.
    pub range: TextRange,
    /// Where in `range` the block begins, behind its marker; `None` where it is no block.
    pub block: Option<u32>,
    /// What the block is.
    pub kind: BlockKind,
}

impl Piece {
    /// Returns the block's own range; `None` where the piece is no block.
    pub fn block_range(self) -> Option<TextRange> {
        Some(TextRange::new(self.block?, self.range.end))
    }

    fn moved(self, from: u32, to: u32) -> Self {
        let at = |offset: u32| offset + to - from;
        Self {
            range: TextRange::new(at(self.range.start), at(self.range.end)),
            block: self.block.map(at),
            kind: self.kind,
        }
    }
}

/// How a new version's pieces are known from those of the version before.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cut {
    /// So many at the front are the same.
    pub head: usize,
    /// So many at the end are the same.
    pub tail: usize,
    /// All pieces of the new version.
    pub pieces: Vec<Piece>,
}

/// Cuts `new` into pieces; `pieces` are those of `old`, the text before.
pub(super) fn cut(old: &str, pieces: &[Piece], new: &Document) -> Cut {
    if new.blocks.is_empty() {
        return cut_lines(old, pieces, &new.text);
    }
    let mut cut = Cut { pieces: of_blocks(new), ..Cut::default() };
    let same = |(a, b): &(&Piece, &Piece)| {
        old[a.range.as_usize()] == new.text[b.range.as_usize()] && a.kind == b.kind
    };
    cut.head = pieces.iter().zip(&cut.pieces).take_while(same).count();
    let rest = (&pieces[cut.head..], &cut.pieces[cut.head..]);
    cut.tail = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(same).count();
    cut
}

/// The lines of `new` that are not blank.
fn cut_lines(old: &str, pieces: &[Piece], new: &str) -> Cut {
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let same = common_prefix(a, b);
    // Whole lines only.
    let front = match memchr::memrchr(b'\n', &b[..same]) {
        _ if same == a.len() && same == b.len() => same,
        Some(at) => at + 1,
        None => 0,
    };
    let same = common_suffix(&a[front..], &b[front..]);
    let whole_line = |bytes: &[u8], at: usize| at == 0 || bytes.get(at - 1) == Some(&b'\n');
    let back = if whole_line(a, a.len() - same) && whole_line(b, b.len() - same) {
        same
    } else {
        memchr::memchr(b'\n', &b[b.len() - same..]).map_or(0, |at| same - at - 1)
    };
    let head = pieces.partition_point(|piece| piece.range.end as usize <= front);
    let tail = pieces.len() - pieces.partition_point(|piece| (piece.range.start as usize) < a.len() - back);
    let mut out = Vec::with_capacity(pieces.len() + 8);
    out.extend_from_slice(&pieces[..head]);
    lines(new, front, b.len() - back, &mut out);
    let kept = &pieces[pieces.len() - tail..];
    out.extend(kept.iter().map(|piece| piece.moved(a.len() as u32, b.len() as u32)));
    Cut { head, tail, pieces: out }
}

/// Appends the lines of `text` from `start` to `end`, both at the beginning of a line or at its end, without
/// white space around them.
fn lines(text: &str, start: usize, end: usize, out: &mut Vec<Piece>) {
    let mut from = start;
    for to in memchr_iter(b'\n', &text.as_bytes()[start..end]).map(|at| start + at).chain([end]) {
        let line = &text[from..to];
        let lead = line.len() - line.trim_start().len();
        let line = line.trim();
        if !line.is_empty() {
            let at = (from + lead) as u32;
            let range = TextRange::new(at, at + line.len() as u32);
            // As wiki markup has it.
            let heading = line.len() > 2 && line.starts_with('=') && line.ends_with('=');
            let kind = if heading { BlockKind::Heading } else { BlockKind::Paragraph };
            out.push(Piece { range, block: Some(at), kind });
        }
        from = to + 1;
    }
}

/// The blocks of `document` with their markers, and what is outside of them.
fn of_blocks(document: &Document) -> Vec<Piece> {
    let text = document.text.as_str();
    let mut out = Vec::with_capacity(document.blocks.len());
    let mut from = 0;
    for block in &document.blocks {
        let range = block.range;
        if range.start < from || range.is_empty() || range.end as usize > text.len() {
            // Not what readers promise; the text then belongs to what is outside.
            continue;
        }
        let gap = &text[from as usize..range.start as usize];
        let mut start = range.start;
        if !gap.trim().is_empty() {
            // The marker is what stands on the block's own line.
            let line = gap.rfind('\n').map_or(0, |at| at + 1);
            outside(text, from, from + line as u32, &mut out);
            let marker = &gap[line..];
            start -= marker.trim_start().len() as u32;
        }
        let kind = block.kind;
        out.push(Piece { range: TextRange::new(start, range.end), block: Some(range.start), kind });
        from = range.end;
    }
    outside(text, from, text.len() as u32, &mut out);
    out
}

/// Appends what of the text between two blocks is not white space.
fn outside(text: &str, start: u32, end: u32, out: &mut Vec<Piece>) {
    let gap = &text[start as usize..end as usize];
    let lead = (gap.len() - gap.trim_start().len()) as u32;
    let length = gap.trim().len() as u32;
    if length > 0 {
        let range = TextRange::new(start + lead, start + lead + length);
        out.push(Piece { range, block: None, kind: BlockKind::Paragraph });
    }
}

/// Bytes compared at once.
const STRIDE: usize = 4096;

/// How many bytes are the same from the first on.
fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let chunks = a.chunks(STRIDE).zip(b.chunks(STRIDE)).take_while(|(a, b)| a == b);
    let at = (chunks.count() * STRIDE).min(a.len()).min(b.len());
    at + a[at..].iter().zip(&b[at..]).take(STRIDE).take_while(|(a, b)| a == b).count()
}

/// How many bytes are the same from the last on.
fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let chunks = a.rchunks(STRIDE).zip(b.rchunks(STRIDE)).take_while(|(a, b)| a == b);
    let at = (chunks.count() * STRIDE).min(a.len()).min(b.len());
    let (a, b) = (&a[..a.len() - at], &b[..b.len() - at]);
    at + a.iter().rev().zip(b.iter().rev()).take(STRIDE).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment;

    fn texts(document: &Document, cut: &Cut) -> Vec<String> {
        cut.pieces.iter().map(|piece| document.text[piece.range.as_usize()].to_owned()).collect()
    }

    fn bare(text: &str) -> Document {
        Document { text: text.to_owned(), ..Document::default() }
    }

    #[test]
    fn lines_that_stand_as_they_stood_are_known() {
        let old = bare("one\ntwo\n\nthree\nfour\n");
        let first = cut("", &[], &old);
        assert_eq!(texts(&old, &first), ["one", "two", "three", "four"]);
        for (new, head, tail) in [
            ("one\ntwo\n\nthree\nfour\n", 4, 0),
            ("one\ntwo\n\nthrice\nfour\n", 2, 1),
            ("one\ntwo\n\nthree\n", 3, 0),
            ("none\ntwo\n\nthree\nfour\n", 0, 3),
            ("three\nfour\n", 0, 2),
            ("one\ntwo\ntwo\n\nthree\nfour\n", 2, 2),
            ("", 0, 0),
        ] {
            let new = bare(new);
            let second = cut(&old.text, &first.pieces, &new);
            assert_eq!((second.head, second.tail), (head, tail), "{:?}", new.text);
            assert_eq!(texts(&new, &second), new.text.split_whitespace().collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_cut_agrees_with_cutting_afresh() {
        let texts =
            ["", "a", "a\n", "\na", "a\n\na", "a\nb\na\n", "b\na", " a\nb", "ab\nb\n", "b", "é\na", "è\na"];
        for old in texts.map(bare) {
            let first = cut("", &[], &old);
            for new in texts.map(bare) {
                let fresh = cut("", &[], &new);
                let second = cut(&old.text, &first.pieces, &new);
                assert_eq!(second.pieces, fresh.pieces, "{:?} → {:?}", old.text, new.text);
                let word = |text: &str, piece: &Piece| text[piece.range.as_usize()].to_owned();
                for at in 0..second.head {
                    assert_eq!(word(&old.text, &first.pieces[at]), word(&new.text, &second.pieces[at]));
                }
                for at in 1..=second.tail {
                    let (a, b) =
                        (&first.pieces[first.pieces.len() - at], &second.pieces[second.pieces.len() - at]);
                    assert_eq!(word(&old.text, a), word(&new.text, b));
                }
                assert!(second.head + second.tail <= first.pieces.len().min(second.pieces.len()));
            }
        }
    }

    #[test]
    fn markers_belong_to_blocks_and_front_matter_does_not() {
        let text = "---\ntitle: A\n---\n\n# One\n\n- two\n- three\n";
        let mut document = bare(text);
        segment::blocks(text, &mut document.blocks);
        document.blocks.retain(|block| !text[block.range.as_usize()].contains("---"));
        let pieces = cut("", &[], &document);
        let joined: String = texts(&document, &pieces).concat().split_whitespace().collect();
        assert_eq!(joined, text.split_whitespace().collect::<String>());
    }
}
