//! The second pass: the records that a finding names are read again, for their exact places.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher};

use rayon::prelude::*;

use super::passages;
use super::variants::{Variant, Variants};
use crate::document::{Block, Document, DocumentId, Location, MetaField, Position, TextRange};
use crate::duplicates::exact::{Catalogue, Spot};
use crate::error::ReadError;
use crate::fingerprint::{Digest, Fingerprinter, Normalizer, Profile, Shingler};
use crate::fix::{Mending, Proposal, Trial};
use crate::lint::standing::Standing;
use crate::lint::suppress::Leave;
use crate::lint::{Place, Settings, Suggestion};
use crate::progress::{Phase, Progress};
use crate::read::input::{self, Input, Refusal};
use crate::read::pieces::{LinePlace, revisit_lines};
use crate::read::{Framing, Piece, ReadOptions, Reader, Sink};
use crate::segment::word::has_words;

/// How many words a shingle of the report's similarity has.
const SHINGLE_WORDS: usize = 3;

/// A passage as it stands in its file.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub place: Place,
    /// Hashes of the passage verbatim, with white space collapsed, and in lower case beside.
    pub forms: [u64; 3],
    /// How many different shingles it has.
    pub shingles: u32,
    /// The end of a range with the white space behind it; the end of a block.
    pub with_space: Position,
    /// For a passage that is near another: its words.
    pub near: Option<NearText>,
}

/// The counted text of a passage.
#[derive(Clone, Debug)]
pub(super) struct NearText {
    pub words: String,
    pub digest: Digest,
}

/// A passage that is wanted: a block by its start, or any range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Want {
    Block(u32),
    /// A block, with its words.
    Near(u32),
    Range(TextRange),
    /// A value of the metadata.
    Field(MetaField),
    /// Words of the counted blocks, with them: the number of the first, and how many.
    Words(u32, u32),
    /// A comment, by its number.
    Directive(u32),
}

/// The passages of which the places are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Wanted);

/// What is wanted of each document.
type Wanted = BTreeMap<DocumentId, Wants>;

/// What is wanted of one document.
#[derive(Clone, Debug, Default)]
struct Wants {
    places: BTreeSet<Want>,
    /// What should be mended, if that goes.
    mendings: Vec<Mending>,
}

/// The places that were read.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    seen: BTreeMap<(DocumentId, Want), Seen>,
    mended: BTreeMap<(DocumentId, Mending), Suggestion>,
}

impl Read {
    /// What was seen of the block at `spot`.
    pub fn spot(&self, spot: Spot) -> Option<&Seen> {
        self.seen.get(&(spot.document, Want::Block(spot.start)))
    }

    /// What was seen of the block at `spot`, with its words.
    pub fn near(&self, spot: Spot) -> Option<&Seen> {
        self.seen.get(&(spot.document, Want::Near(spot.start)))
    }

    /// What was seen of a value of the metadata.
    pub fn field(&self, document: DocumentId, field: MetaField) -> Option<&Seen> {
        self.seen.get(&(document, Want::Field(field)))
    }

    /// What was seen of the words that a copied passage is.
    pub fn words(&self, document: DocumentId, first: u32, count: u32) -> Option<&Seen> {
        self.seen.get(&(document, Want::Words(first, count)))
    }

    /// What mends a passage; `None` where nothing does for certain.
    pub fn mended(&self, document: DocumentId, mending: Mending) -> Option<Suggestion> {
        self.mended.get(&(document, mending)).cloned()
    }

    /// What was seen of a comment.
    pub fn directive(&self, document: DocumentId, number: usize) -> Option<&Seen> {
        self.seen.get(&(document, Want::Directive(number as u32)))
    }

    /// What was seen of `range`.
    pub fn range(&self, document: DocumentId, range: TextRange) -> Option<&Seen> {
        self.seen.get(&(document, Want::Range(range)))
    }
}

impl Places {
    fn of(&mut self, document: DocumentId) -> &mut BTreeSet<Want> {
        &mut self.0.entry(document).or_default().places
    }

    pub fn mend(&mut self, document: DocumentId, mending: Mending) {
        self.0.entry(document).or_default().mendings.push(mending);
    }

    pub fn spot(&mut self, spot: Spot) {
        self.of(spot.document).insert(Want::Block(spot.start));
    }

    pub fn near(&mut self, spot: Spot) {
        self.of(spot.document).insert(Want::Near(spot.start));
    }

    pub fn field(&mut self, document: DocumentId, field: MetaField) {
        self.of(document).insert(Want::Field(field));
    }

    pub fn range(&mut self, document: DocumentId, range: TextRange) {
        self.of(document).insert(Want::Range(range));
    }

    pub fn words(&mut self, document: DocumentId, first: u32, count: u32) {
        self.of(document).insert(Want::Words(first, count));
    }

    pub fn directive(&mut self, document: DocumentId, number: usize) {
        self.of(document).insert(Want::Directive(number as u32));
    }

    /// Reads the places; an input that changed meanwhile is among the errors.
    pub fn read(
        self,
        inputs: &[Input],
        readers: &[Option<&'static dyn Reader>],
        again: &Again<'_>,
        threads: usize,
        progress: &dyn Progress,
    ) -> (Read, Vec<ReadError>) {
        let mut by_input: BTreeMap<u32, Wanted> = BTreeMap::new();
        for (document, wants) in self.0 {
            by_input.entry(again.catalogue.entry(document).input).or_default().insert(document, wants);
        }
        let work: Vec<(u32, Wanted)> = by_input
            .into_iter()
            .flat_map(|(input, wanted)| {
                let index = input as usize;
                let apart = cut_in_pieces(readers[index]) && !inputs[index].is_compressed_by_name();
                parts(wanted, if apart { TOGETHER } else { usize::MAX }).map(move |part| (input, part))
            })
            .collect();
        let visit = |(input, wanted): &(u32, Wanted)| {
            let index = *input as usize;
            let visited = again.visit(&inputs[index], readers[index], again.variants.of(*input), wanted);
            progress.advance(1, 0);
            visited
        };
        progress.begin(Phase::Verifying);
        progress.expect(work.len() as u64);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let results: Vec<_> = match pool {
            Ok(pool) if threads > 1 && work.len() > 1 => {
                pool.install(|| work.par_iter().map(visit).collect())
            }
            _ => work.iter().map(visit).collect(),
        };
        let (mut read, mut errors) = (Read::default(), Vec::new());
        for (seen, mended, error) in results {
            read.seen.extend(seen);
            read.mended.extend(mended);
            // All parts of an input that changed say so.
            errors.extend(error.filter(|error| errors.last() != Some(error)));
        }
        (read, errors)
    }
}

/// How many documents of one input are read again in a row by one thread.
const TOGETHER: usize = 256;

/// Whether a record of what `reader` reads can be read without the others.
fn cut_in_pieces(reader: Option<&'static dyn Reader>) -> bool {
    reader.is_some_and(|reader| reader.framing() != Framing::Whole)
}

/// Cuts `wanted` into parts of at most `most` documents, in order.
fn parts(mut wanted: Wanted, most: usize) -> impl Iterator<Item = Wanted> {
    std::iter::from_fn(move || {
        if wanted.is_empty() {
            return None;
        }
        let behind = wanted.keys().nth(most).copied();
        let behind = behind.map(|first| wanted.split_off(&first)).unwrap_or_default();
        Some(std::mem::replace(&mut wanted, behind))
    })
}

/// Reads inputs again, by what is known of them.
pub struct Again<'a> {
    /// Where each document is.
    pub catalogue: &'a Catalogue,
    /// What holds for which input.
    pub variants: &'a Variants,
    /// What of a document is left out.
    pub standing: &'a Standing,
}

/// A wanted passage, and what was seen of it.
type Sighting = ((DocumentId, Want), Seen);

/// A passage, and what mends it.
type Remedy = ((DocumentId, Mending), Suggestion);

impl Again<'_> {
    fn visit(
        &self,
        input: &Input,
        reader: Option<&'static dyn Reader>,
        variant: &Variant,
        wanted: &Wanted,
    ) -> (Vec<Sighting>, Vec<Remedy>, Option<ReadError>) {
        let ids = wanted.keys().map(|&id| (self.catalogue.entry(id).record, id)).collect();
        let (settings, standing) = (&variant.settings, self.standing);
        let (seen, mended, trial) = (Vec::new(), Vec::new(), Trial::default());
        let mut revisit = Revisit { wanted, settings, standing, ids, seen, trial, mended };
        let read = ReadOptions { places: true, ..variant.read.clone() };
        let result = match reader.filter(|_| cut_in_pieces(reader)) {
            Some(reader) => {
                let places: Vec<LinePlace> = wanted.keys().map(|&id| self.line(id)).collect();
                let mut give = |piece: Piece<'_>| revisit.piece(&piece, reader, &read);
                revisit_lines(input, self.variants.limits, &places, &mut give)
            }
            None => self.whole(input, &read, &mut revisit),
        };
        let missing = wanted.values().map(|wants| wants.places.len()).sum::<usize>() > revisit.seen.len();
        let changed = || ReadError::new(&input.path, "changed while it was read; check it again");
        let error = result.err().or_else(|| missing.then(changed));
        (revisit.seen, revisit.mended, error)
    }

    fn line(&self, id: DocumentId) -> LinePlace {
        let entry = self.catalogue.entry(id);
        LinePlace {
            offset: entry.offset,
            length: u64::from(entry.length),
            first_line: u64::from(entry.record),
        }
    }

    fn whole(&self, input: &Input, read: &ReadOptions, revisit: &mut Revisit<'_>) -> Result<(), ReadError> {
        let mut buffer = Vec::new();
        match input::open(input, self.variants.limits, &mut buffer) {
            Ok(opened) => {
                revisit.piece(&input.whole(&buffer), opened.reader, read);
                Ok(())
            }
            Err(Refusal::Fault(fault)) => Err(fault),
            Err(Refusal::Skip(_)) => Ok(()),
        }
    }
}

/// Takes from the documents what is wanted of them.
struct Revisit<'a> {
    wanted: &'a Wanted,
    settings: &'a Settings,
    standing: &'a Standing,
    /// The wanted documents of this input, by their record; 0 for the file as one document.
    ids: BTreeMap<u32, DocumentId>,
    seen: Vec<Sighting>,
    /// What should be mended in the piece that is being read.
    trial: Trial,
    mended: Vec<Remedy>,
}

impl Revisit<'_> {
    /// Reads one piece, and tries what should be mended in it.
    fn piece(&mut self, piece: &Piece<'_>, reader: &dyn Reader, read: &ReadOptions) {
        reader.read(piece, read, self);
        for Proposal { record, mending, suggestion } in
            std::mem::take(&mut self.trial).run(piece, reader, read)
        {
            let id = self.ids.get(&record).copied();
            self.mended.extend(id.map(|id| ((id, mending), suggestion)));
        }
    }
}

impl Sink for Revisit<'_> {
    fn document(&mut self, document: &mut Document) {
        let Some(&id) = self.ids.get(&document.origin.record.unwrap_or(0)) else { return };
        let Some(wants) = self.wanted.get(&id) else { return };
        self.trial.take(document, &wants.mendings);
        let standing = self.standing;
        let whole = standing.leaves_whole(id, Leave::RUNS);
        let leaves = |start, what: Leave| {
            standing.leaves_alone(Spot { document: id, start }, what) || whole && what == Leave::RUNS
        };
        for &want in &wants.places {
            if let Some(seen) = look(document, want, self.settings, &leaves) {
                self.seen.push(((id, want), seen));
            }
        }
    }

    // What is wrong with the file was said in the first pass.
    fn fault(&mut self, _: ReadError) {}

    fn not_a_document(&mut self, _: &'static str) {}
}

/// What stands where `want` says; `None` if the document is no longer the same.
fn look(document: &Document, want: Want, settings: &Settings, leaves: &Leaves<'_>) -> Option<Seen> {
    let blocks = &document.blocks;
    let range = match want {
        Want::Block(Spot::WHOLE) | Want::Near(Spot::WHOLE) => document.body(),
        Want::Block(start) | Want::Near(start) => {
            let number = blocks.binary_search_by_key(&start, |block: &Block| block.range.start).ok()?;
            blocks[number].range
        }
        Want::Range(range) => range,
        // Where the reader keeps no place of it, the beginning of the text is the place.
        Want::Field(field) => match look_at(document, field) {
            Some(seen) => return Some(seen),
            None => TextRange::default(),
        },
        Want::Words(first, count) => passages::range(document, settings, leaves, first, count)?,
        Want::Directive(number) => return look_at_directive(document, number as usize),
    };
    let text = &document.text;
    text.get(range.as_usize())?;
    let mut location = document.locate(range)?;
    if matches!(want, Want::Block(Spot::WHOLE) | Want::Near(Spot::WHOLE)) {
        location.paragraph = None;
    }
    let reading = document.reading(range);
    let with_space = match want {
        Want::Range(_) => {
            let behind = &text[range.end as usize..];
            let space = behind.len() - behind.trim_start().len();
            document.locate(TextRange::new(range.start, range.end + space as u32))?.end
        }
        Want::Block(_) | Want::Near(_) | Want::Words(..) | Want::Field(_) | Want::Directive(_) => {
            location.end
        }
    };
    let place = Place {
        location,
        text: cut(&reading),
        title: document.meta.title.clone(),
        published: document.meta.published.clone(),
        remembered: None,
    };
    let (forms, shingles) = forms(&reading);
    let near = match want {
        Want::Near(start) => Some(near_text(document, start, range, settings, leaves)),
        Want::Words(..) => Some(passages::words(&reading, settings)),
        _ => None,
    };
    Some(Seen { place, forms, shingles, with_space, near })
}

/// Whether the block that starts at a byte of the text has left something.
pub(super) type Leaves<'a> = dyn Fn(u32, Leave) -> bool + 'a;

/// What stands in a comment.
fn look_at_directive(document: &Document, number: usize) -> Option<Seen> {
    let location = document.locate_directive(number)?;
    let words = &document.directives.get(number)?.words;
    Some(seen_of_words(document, location, words))
}

/// What stands in a value of the metadata.
fn look_at(document: &Document, field: MetaField) -> Option<Seen> {
    let location = document.locate_field(field)?;
    Some(seen_of_words(document, location, document.meta.value(field)?))
}

fn seen_of_words(document: &Document, location: Location, words: &str) -> Seen {
    let (forms, shingles) = forms(words);
    let with_space = location.end;
    let place = Place {
        location,
        text: cut(words),
        title: document.meta.title.clone(),
        published: document.meta.published.clone(),
        remembered: None,
    };
    Seen { place, forms, shingles, with_space, near: None }
}

/// The words of the block at `range`, or of all counted blocks where `start` stands for the document.
fn near_text(
    document: &Document,
    start: u32,
    range: TextRange,
    settings: &Settings,
    leaves: &Leaves<'_>,
) -> NearText {
    let mut printer = Fingerprinter::new(settings.profile);
    if start != Spot::WHOLE {
        let words = document.reading(range).into_owned();
        return NearText { digest: printer.digest(&words), words };
    }
    let (mut words, mut digests) = (String::new(), Vec::new());
    let counts = |block: &&Block| settings.counts(block.kind) && !leaves(block.range.start, Leave::ACROSS);
    for block in document.blocks.iter().filter(counts) {
        let reading = document.reading(block.range);
        if has_words(printer.normalize(&reading), settings.min_words.max(1) as usize) {
            digests.push(printer.digest_of_form());
            words.push_str(&reading);
            words.push('\n');
        }
    }
    NearText { words, digest: Digest::in_order(digests.iter()) }
}

/// Hashes of the forms that tell in what two copies differ, and the number of shingles.
fn forms(reading: &str) -> ([u64; 3], u32) {
    // Looked at by nobody else: a hash of the standard library is long enough.
    let hash = |text: &str| {
        let mut hasher = DefaultHasher::new();
        hasher.write(text.as_bytes());
        hasher.finish()
    };
    let mut form = String::new();
    Normalizer::new(Profile::Whitespace).normalize(reading, &mut form);
    let hashes = [hash(reading), hash(&form), hash(&form.to_lowercase())];
    let mut runs = Vec::new();
    Shingler::new(SHINGLE_WORDS).shingle(reading, &mut runs);
    runs.sort_unstable();
    runs.dedup();
    (hashes, runs.len() as u32)
}

/// The passage as far as a finding carries it.
fn cut(reading: &str) -> String {
    match reading.char_indices().nth(Place::LONGEST) {
        Some((end, _)) => format!("{}…", reading[..end].trim_end()),
        None => reading.to_owned(),
    }
}
