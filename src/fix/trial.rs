//! Tries changes before they are suggested: the changed bytes are read, and every block has to read as it
//! did, but for those that should not.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::splice::{Change, spliced, with_changes};
use super::{Cut, Mending, bare_block};
use crate::document::{Block, BlockKind, Document, Position, SourceRange, TextRange};
use crate::error::ReadError;
use crate::lint::{Basis, Mend, Replacement, Suggestion};
use crate::read::encoding::{Hints, declared, decode};
use crate::read::{Piece, ReadOptions, Reader, Sink};

/// How often a piece of a file is read for a trial where its changes do not go together.
const TRIALS: usize = 128;

/// The changes that are wanted in one piece of a file.
#[derive(Debug, Default)]
pub struct Trial {
    /// The documents as they are, by their record.
    documents: BTreeMap<u32, Document>,
    wanted: Vec<Wanted>,
}

/// A change that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The record of the document; 0 for a file that is one document.
    pub record: u32,
    /// What was wanted.
    pub mending: Mending,
    /// What to change.
    pub suggestion: Suggestion,
}

#[derive(Debug)]
struct Wanted {
    record: u32,
    mending: Mending,
    cut: Cut,
    /// Where each stretch of the cut begins and ends.
    positions: Vec<(Position, Position)>,
}

impl Trial {
    /// Takes what is wanted in `document`, read with its places.
    pub fn take(&mut self, document: &Document, mendings: &[Mending]) {
        let cuts = mendings.iter().filter_map(|mending| Some((mending.clone(), mending.cut(document)?)));
        self.want(document, cuts.collect());
    }

    /// Takes the blocks of `document`, read with its places, that should go, by their sorted numbers: they repeat what
    /// stands elsewhere, so what they carry beside their words goes with them.
    pub fn take_blocks(&mut self, document: &Document, blocks: &[usize]) {
        let cut = |(before, &number): (usize, &usize)| {
            // So many go before it.
            let cut = bare_block(document, number, before == number)?;
            Some((Mending { range: document.blocks.get(number)?.range, mend: Mend::Block }, cut))
        };
        self.want(document, blocks.iter().enumerate().filter_map(cut).collect());
    }

    fn want(&mut self, document: &Document, cuts: Vec<(Mending, Cut)>) {
        let Some(places) = document.places.as_ref().filter(|_| !cuts.is_empty()) else { return };
        let record = document.origin.record.unwrap_or(0);
        for (mending, cut) in cuts {
            let position = |byte| places.lines.position(byte);
            let positions = cut.stored.iter().map(|(range, _)| (position(range.start), position(range.end)));
            let positions = positions.collect();
            self.wanted.push(Wanted { record, mending, cut, positions });
        }
        let Document { text, blocks, markup, stand_ins, .. } = document;
        let (text, blocks) = (text.clone(), blocks.clone());
        let (markup, stand_ins) = (markup.clone(), stand_ins.clone());
        self.documents.insert(record, Document { text, blocks, markup, stand_ins, ..Document::default() });
    }

    /// Returns whether nothing is wanted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Returns the changes that go, all of them together; `piece` is what the documents were read from.
    #[must_use]
    pub fn run(self, piece: &Piece<'_>, reader: &dyn Reader, options: &ReadOptions) -> Vec<Proposal> {
        if self.is_empty() {
            return Vec::new();
        }
        let encoding = encoding_of(piece, options);
        let basis = Basis::of(piece.bytes, piece.offset);
        let suggestions = self.wanted.iter().map(|wanted| suggestion(wanted, piece, encoding, &basis));
        let suggestions: Vec<Option<Suggestion>> = suggestions.collect();
        let tried: Vec<usize> = (0..self.wanted.len()).filter(|&n| suggestions[n].is_some()).collect();
        let read = ReadOptions { places: false, ..options.clone() };
        let goes = |numbers: &[usize]| {
            let own = numbers.iter().filter_map(|&number| suggestions[number].as_ref());
            let changes: Vec<Change<'_>> = own.flat_map(|own| own.replacements.iter().map(change)).collect();
            let bytes = with_changes(piece.bytes, piece.offset, changes);
            let mut after = After::default();
            reader.read(&Piece { bytes: &bytes, ..piece.clone() }, &read, &mut after);
            let mut cuts: BTreeMap<u32, Vec<&Cut>> = BTreeMap::new();
            for wanted in numbers.iter().filter_map(|&number| self.wanted.get(number)) {
                cuts.entry(wanted.record).or_default().push(&wanted.cut);
            }
            self.documents.iter().all(|(record, document)| {
                let cuts = cuts.remove(record).unwrap_or_default();
                let expected = expected(document, cuts);
                // Where nothing is left, nothing may be read.
                after.0.get(record).map_or(expected.is_empty(), |after| *after == expected)
            })
        };
        let tried = together(&tried, &goes);
        let proposal = |number: usize| {
            let Wanted { record, mending, .. } = self.wanted.get(number)?;
            let suggestion = suggestions.get(number)?.clone()?;
            Some(Proposal { record: *record, mending: mending.clone(), suggestion })
        };
        tried.into_iter().filter_map(proposal).collect()
    }
}

/// Returns which of the changes `wanted` go together; the first of two that do not. Halves are tried where the
/// whole does not go, as long as trials are left.
fn together(wanted: &[usize], goes: &impl Fn(&[usize]) -> bool) -> Vec<usize> {
    let (mut going, mut left) = (Vec::new(), TRIALS);
    let mut waiting = vec![wanted];
    while let Some(part) = waiting.pop() {
        if part.is_empty() || left == 0 {
            continue;
        }
        left -= 1;
        let before = going.len();
        going.extend_from_slice(part);
        if !goes(&going) {
            going.truncate(before);
            if part.len() > 1 {
                let (first, second) = part.split_at(part.len() / 2);
                waiting.extend([second, first]);
            }
        }
    }
    going
}

/// Returns the stored bytes of `piece` that are gone when `proposals`, which put nothing in their place, are
/// followed: sorted and disjoint.
#[must_use]
pub fn gone(piece: &Piece<'_>, proposals: &[Proposal]) -> Vec<SourceRange> {
    let changes = proposals.iter().flat_map(|proposal| proposal.suggestion.replacements.iter().map(change));
    spliced(piece.bytes, piece.offset, changes.collect()).1
}

fn change(replacement: &Replacement) -> Change<'_> {
    Change { start: replacement.start.byte, end: replacement.end.byte, stored: &replacement.stored }
}

/// The encoding of `piece`.
fn encoding_of(piece: &Piece<'_>, options: &ReadOptions) -> &'static Encoding {
    if options.encoding.is_none() && std::str::from_utf8(piece.bytes).is_ok() {
        return UTF_8;
    }
    let hints = Hints { forced: options.encoding, declared: declared(piece.bytes) };
    decode(piece.bytes, piece.offset, hints, false).encoding
}

/// What is wanted as a suggestion; `None` where the file's encoding has no bytes for a text.
fn suggestion(
    wanted: &Wanted,
    piece: &Piece<'_>,
    encoding: &'static Encoding,
    basis: &Basis,
) -> Option<Suggestion> {
    let mut replacements = Vec::with_capacity(wanted.positions.len());
    for ((start, end), (range, text)) in wanted.positions.iter().zip(&wanted.cut.stored) {
        let place = |byte: u64| usize::try_from(byte.checked_sub(piece.offset)?).ok();
        let was = piece.bytes.get(place(range.start)?..place(range.end)?)?;
        let stored = stored(text, was, encoding)?;
        replacements.push(Replacement { start: *start, end: *end, text: text.clone(), stored });
    }
    let title = match wanted.mending.mend {
        Mend::Block => "remove this repeat",
        Mend::Sentence => "remove this sentence",
        Mend::Pieces(_) => "write what was meant",
    };
    Some(Suggestion { title: title.to_owned(), replacements, basis: Some(basis.clone()) })
}

/// The bytes that stand for `text` in the place of `was`.
fn stored(text: &str, was: &[u8], encoding: &'static Encoding) -> Option<Vec<u8>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    if was.starts_with(b"\\u") {
        // A JSON string in ASCII stays in ASCII.
        return Some(text.encode_utf16().flat_map(|unit| format!("\\u{unit:04x}").into_bytes()).collect());
    }
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, unmappable) = encoding.encode(text);
    (!unmappable).then(|| bytes.into_owned())
}

/// The blocks of documents, by record.
#[derive(Default)]
struct After(BTreeMap<u32, Vec<(BlockKind, String)>>);

impl Sink for After {
    fn document(&mut self, document: &mut Document) {
        let record = document.origin.record.unwrap_or(0);
        self.0.insert(record, expected(document, Vec::new()));
    }

    fn fault(&mut self, _: ReadError) {}

    fn not_a_document(&mut self, _: &'static str) {}
}

/// What the blocks of `document` should be once `cuts` are made: the kind of each, and its words.
fn expected(document: &Document, mut cuts: Vec<&Cut>) -> Vec<(BlockKind, String)> {
    cuts.sort_by_key(|cut| cut.block);
    let mut cuts = cuts.into_iter().peekable();
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for (number, &Block { kind, range }) in document.blocks.iter().enumerate() {
        let mut left: Vec<&(TextRange, String)> = Vec::new();
        let mut goes = false;
        while let Some(cut) = cuts.next_if(|cut| cut.block == number) {
            goes |= cut.left.is_none();
            left.extend(cut.left.iter().flatten());
        }
        if goes {
            continue;
        }
        left.sort();
        let mut words = String::new();
        let mut at = range.start;
        for (gone, text) in left {
            if gone.start > at {
                words.push_str(&document.reading(TextRange::new(at, gone.start)));
            }
            words.push_str(text);
            at = at.max(gone.end);
        }
        if range.end > at {
            words.push_str(&document.reading(TextRange::new(at, range.end)));
        }
        blocks.push((kind, words.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    blocks
}
