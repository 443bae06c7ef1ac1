//! The versions of one document, taken in one at a time.

use std::collections::{BTreeMap, VecDeque};

use hashbrown::{HashMap, HashSet};

use super::judging::Judging;
use super::life::{ParagraphLife, TokenLife, Wording};
use super::lives::lives;
use super::pieces::{Piece, cut};
use super::provenance::Provenance;
use super::revert::{Undone, flaps, revert};
use super::significance::{Side, Step};
use super::silent::says_nothing;
use super::store::NONE;
use super::version::{LayoutStep, Version};
use super::vocabulary::is_word;
use super::{History, HistoryOptions, churn, tokens};
use crate::diff::Significance;
use crate::document::{Document, Metadata, Snapshot, TextRange};

/// Of how many wordings together the layouts of earlier versions are kept at hand, for reverts: 64 MB.
const MOST_KEPT: usize = 1 << 24;

/// Takes the versions of one document, oldest first.
pub struct Chain {
    options: HistoryOptions,
    history: History,
    provenance: Provenance,
    /// The last version with a text: its text, paragraphs, and their wordings.
    document: Document,
    pieces: Vec<Piece>,
    layout: Vec<u32>,
    /// Its number; 0 for none.
    last: u32,
    words: u64,
    /// The version at which some paragraphs became others, or the other way round: that is judged once.
    steps: HashMap<[Half; 2], u32>,
    /// The steps that were made before.
    repeated: Vec<Repeated>,
    judging: Judging,
    /// The versions of which neither date nor note says that the text changed.
    unsaid: Vec<u32>,
    /// The latest version with this text.
    latest: HashMap<[u8; 32], u32>,
    /// The fields that a text may change with, as they ever stood together.
    named: HashSet<Half>,
    /// The versions that were the first to have theirs.
    renamed: Vec<u32>,
    /// The layouts of the latest versions, each with its number, oldest first.
    layouts: VecDeque<(u32, Vec<u32>)>,
    kept: usize,
    /// The version that is asked for, where it is not the last one.
    told: Option<(String, Vec<Piece>, Vec<u32>)>,
    texts: Vec<String>,
}

/// A step that was made before, forward or back.
#[derive(Clone, Copy)]
struct Repeated {
    number: u32,
    /// The version at which it was made.
    of: u32,
    /// Whether everything that it brings stood before.
    again: bool,
}

/// Half of a digest: enough to tell a document's own steps apart.
type Half = [u8; 16];

/// Two rows of paragraphs, in either order.
fn pair(a: &[u32], b: &[u32]) -> [Half; 2] {
    let half = |wordings: &[u32]| {
        let mut hasher = blake3::Hasher::new();
        wordings.iter().for_each(|wording| {
            hasher.update(&wording.to_le_bytes());
        });
        hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default()
    };
    let mut pair: [Half; 2] = [half(a), half(b)];
    pair.sort_unstable();
    pair
}

impl Chain {
    /// Returns a chain without versions for the document called `id`.
    #[must_use]
    pub fn new(id: &str, options: &HistoryOptions) -> Self {
        Self {
            options: options.clone(),
            history: History { id: id.to_owned(), ..History::default() },
            provenance: Provenance::default(),
            document: Document::default(),
            pieces: Vec::new(),
            layout: Vec::new(),
            last: 0,
            words: 0,
            steps: HashMap::new(),
            repeated: Vec::new(),
            judging: Judging::new(),
            unsaid: Vec::new(),
            latest: HashMap::new(),
            named: HashSet::new(),
            renamed: Vec::new(),
            layouts: VecDeque::new(),
            kept: 0,
            told: None,
            texts: Vec::new(),
        }
    }

    /// Takes the next version, and with it its document.
    pub fn push(&mut self, snapshot: &mut Snapshot) {
        let number = self.history.versions.len() as u32 + 1;
        let mut version = Version {
            number,
            label: snapshot.label.clone(),
            time: snapshot.time.clone(),
            author: snapshot.author.clone(),
            comment: snapshot.comment.clone(),
            missing: snapshot.missing.clone(),
            ..Version::default()
        };
        match snapshot.document.take() {
            Some(document) => self.take(document, snapshot.stored, &mut version),
            None => {
                let head = self.layout.len() as u32;
                self.history.layouts.steps.push(LayoutStep { head, tail: 0, middle: Vec::new() });
            }
        }
        self.history.versions.push(version);
    }

    /// Takes the document of `version`, whose stored bytes have the digest `stored`, where it is known.
    fn take(&mut self, document: Document, stored: [u8; 32], version: &mut Version) {
        let known = stored != [0; 32];
        let digest = if known { stored } else { *blake3::hash(document.text.as_bytes()).as_bytes() };
        let before = self.latest.insert(digest, version.number);
        version.digest = Some(digest);
        version.title.clone_from(&document.meta.title);
        // Of a record the text alone is stored so; its headline may be another.
        let stands = before.is_some() && before == Some(self.last);
        version.unchanged = stands && same_fields(&self.document.meta, &document.meta);
        version.reverts_to = before.filter(|_| !stands);
        if self.named.insert(names(&document.meta)) && self.last > 0 {
            self.renamed.push(version.number);
        }

        let cut = cut(&self.document.text, &self.pieces, &document);
        let (head, tail) = (cut.head, cut.tail);
        let old_middle = head..self.pieces.len() - tail;
        let new_middle = head..cut.pieces.len() - tail;
        let layout = self.layout_of(version, &cut.pieces, &document, old_middle.clone(), new_middle.clone());
        let old = self.layout[old_middle.clone()].to_vec();
        let undone = self.count(version, &old, &layout[new_middle.clone()]);
        let changed = self.last > 0 && !version.unchanged;
        let new = layout[new_middle.clone()].to_vec();
        if changed && !self.known_step(version, &old, &new, &document) {
            let store = &self.provenance.store;
            let gone = |&wording: &u32| store.wordings[wording as usize].times > 1;
            let stood = |&wording: &u32| store.stood(wording, version.number);
            let blocks = self.pieces[..head].iter().filter(|piece| piece.block.is_some()).count();
            let before = Side {
                text: &self.document.text,
                pieces: &self.pieces[old_middle],
                wordings: &old,
                markup: &self.document.markup,
                stand_ins: &self.document.stand_ins,
                meta: &self.document.meta,
                before: blocks,
                again: old.iter().map(gone).collect(),
            };
            let now = Side {
                text: &document.text,
                pieces: &cut.pieces[new_middle.clone()],
                wordings: &new,
                markup: &document.markup,
                stand_ins: &document.stand_ins,
                meta: &document.meta,
                before: blocks,
                again: new.iter().map(stood).collect(),
            };
            let keep = self.options.changes.filter(|_| version.reverts_to.is_none());
            self.judging.take(version.number, Step::new(&before, &now, keep));
            if same_fields(&self.document.meta, &document.meta) {
                self.steps.insert(pair(&old, &new), version.number);
            }
        }
        let updated = (self.document.meta.updated.as_deref(), document.meta.updated.as_deref());
        let texts = (
            stretch(&self.document.text, &self.pieces[head..self.pieces.len() - tail]),
            stretch(&document.text, &cut.pieces[new_middle.clone()]),
        );
        if changed && says_nothing(updated, texts) {
            self.unsaid.push(version.number);
        }
        if changed {
            self.history.reverts.extend(revert(version, &undone, &self.history.versions));
        }
        self.history.layouts.steps.push(LayoutStep { head: head as u32, tail: tail as u32, middle: new });
        self.keep_layout(version.number, &layout);
        if self.options.at == Some(version.number) {
            self.told = Some((document.text.clone(), cut.pieces.clone(), layout.clone()));
        }
        self.document = document;
        self.pieces = cut.pieces;
        self.layout = layout;
        self.last = version.number;
    }

    /// Notes that a step puts the paragraphs `new` in place of `old` as an earlier step did, or did the opposite,
    /// and returns whether one did. Forward and back, the same edits are judged.
    fn known_step(&mut self, version: &Version, old: &[u32], new: &[u32], document: &Document) -> bool {
        let Some(&of) = self.steps.get(&pair(old, new)) else { return false };
        let told = version.reverts_to.is_none() && self.options.changes.is_some();
        if told || !same_fields(&self.document.meta, &document.meta) {
            return false;
        }
        let store = &self.provenance.store;
        let again = new.iter().all(|&wording| store.stood(wording, version.number))
            && old.iter().all(|&wording| store.wordings[wording as usize].times != 1);
        self.repeated.push(Repeated { number: version.number, of, again });
        true
    }

    /// Fills in how much each step matters.
    fn fill_in(
        versions: &mut [Version],
        judging: Judging,
        (repeated, unsaid, renamed): (&[Repeated], &[u32], &[u32]),
    ) {
        let at = |number: u32| number as usize - 1;
        for (number, judged) in judging.finish() {
            let version = &mut versions[at(number)];
            version.significance = judged.significance;
            version.reasons = judged.reasons;
            version.novel = judged.novel;
            version.metadata = judged.metadata;
            version.changes = judged.changes;
            version.more_changes = judged.more_changes;
        }
        for &Repeated { number, of, again } in repeated {
            let significance = versions[at(of)].significance;
            let reasons = versions[at(of)].reasons.clone();
            let version = &mut versions[at(number)];
            version.significance = significance;
            version.reasons = reasons;
            version.novel = if again { Significance::None } else { significance };
        }
        for version in versions.iter_mut().filter(|version| version.reverts_to.is_some()) {
            version.novel = Significance::None;
            if renamed.binary_search(&version.number).is_ok() {
                let levels = version.metadata.iter().map(|edit| edit.significance);
                version.novel = levels.max().unwrap_or_default();
            }
        }
        for &number in unsaid {
            let version = &mut versions[at(number)];
            version.silent = version.significance == Significance::Substantive;
        }
    }

    /// Returns the wordings of a version's paragraphs.
    fn layout_of(
        &mut self,
        version: &Version,
        pieces: &[Piece],
        document: &Document,
        old: std::ops::Range<usize>,
        new: std::ops::Range<usize>,
    ) -> Vec<u32> {
        if version.unchanged {
            return self.layout.clone();
        }
        if let Some(layout) = version.reverts_to.and_then(|to| self.kept_layout(to))
            && layout.len() == pieces.len()
        {
            self.provenance.go_back(version.number, &self.layout, &layout);
            return layout;
        }
        let texts: Vec<&str> =
            pieces[new].iter().map(|piece| &document.text[piece.range.as_usize()]).collect();
        let mut layout = self.layout[..old.start].to_vec();
        let around = (layout.last().copied(), self.layout.get(old.end).copied());
        layout.extend(self.provenance.step(version.number, &self.layout[old.clone()], &texts, around));
        layout.extend_from_slice(&self.layout[old.end..]);
        if self.options.keep_texts {
            for (piece, &wording) in pieces.iter().zip(&layout) {
                let wording = wording as usize;
                if self.texts.len() <= wording {
                    self.texts.resize(wording + 1, String::new());
                }
                if self.texts[wording].is_empty() {
                    document.text[piece.range.as_usize()].clone_into(&mut self.texts[wording]);
                }
            }
        }
        layout
    }

    /// Keeps a layout at hand for reverts to it.
    fn keep_layout(&mut self, number: u32, layout: &[u32]) {
        self.kept += layout.len();
        self.layouts.push_back((number, layout.to_vec()));
        while self.kept > MOST_KEPT
            && let Some((_, gone)) = self.layouts.pop_front()
        {
            self.kept -= gone.len();
        }
    }

    /// Returns the layout of an earlier version, if it is still at hand.
    fn kept_layout(&self, number: u32) -> Option<Vec<u32>> {
        let at = self.layouts.partition_point(|&(other, _)| other < number);
        self.layouts.get(at).filter(|&&(other, _)| other == number).map(|(_, layout)| layout.clone())
    }

    /// Counts the words that came and went, and returns what that took back of which version.
    fn count(&mut self, version: &mut Version, old: &[u32], new: &[u32]) -> BTreeMap<u32, Undone> {
        let store = &self.provenance.store;
        let number = version.number;
        let mut undone: BTreeMap<u32, Undone> = BTreeMap::new();
        let only = |these: &[u32], others: &[u32]| -> Vec<u32> {
            let mut others = others.to_vec();
            others.sort_unstable();
            these.iter().copied().filter(|wording| others.binary_search(wording).is_err()).collect()
        };
        for wording in only(new, old) {
            for &token in store.tokens(wording) {
                let token = token as usize;
                if !is_word(store.words[token]) || store.freed[token] == number {
                    continue;
                }
                version.added += 1;
                if store.origins[token] != number {
                    version.restored += 1;
                    undone.entry(store.gone[token]).or_default().restored += 1;
                }
            }
        }
        for wording in only(old, new) {
            for &token in store.tokens(wording) {
                let token = token as usize;
                if is_word(store.words[token]) && !store.present[token] {
                    version.removed += 1;
                    undone.entry(store.origins[token]).or_default().removed += 1;
                }
            }
        }
        self.words = self.words + version.added - version.removed;
        version.words = self.words;
        undone
    }

    /// Returns the history of what was pushed.
    #[must_use]
    pub fn finish(mut self) -> History {
        let asked = self.options.at.filter(|_| self.told.is_some());
        let at = asked.unwrap_or(self.last);
        let last = (std::mem::take(&mut self.document.text), self.pieces, self.layout);
        let (text, pieces, layout) = self.told.unwrap_or(last);
        let store = self.provenance.store;
        let mut history = self.history;
        history.at = at;
        let noted = (&self.repeated[..], &self.unsaid[..], &self.renamed[..]);
        Self::fill_in(&mut history.versions, self.judging, noted);
        for (piece, &wording) in pieces.iter().zip(&layout) {
            let record = &store.wordings[wording as usize];
            if let Some(range) = piece.block_range() {
                let (introduced, last_changed) = (record.introduced, record.first);
                history.paragraphs.push(ParagraphLife { range, introduced, last_changed });
            }
            let part = &text[piece.range.as_usize()];
            for (token, &number) in tokens(part).zip(store.tokens(wording)) {
                let TextRange { start, end } = token.range.shifted(piece.range.start);
                history.tokens.push(TokenLife {
                    range: TextRange::new(start, end),
                    word: token.word,
                    origin: store.origins[number as usize],
                    token: number,
                    life: 0,
                });
            }
        }
        history.text = text;
        churn::survival(&history.tokens, &mut history.versions);
        history.authors = churn::authors(&history.versions);
        history.flaps = flaps(&history.versions);
        if self.options.lives {
            history.lives = lives(&mut history.tokens, &history.layouts, &store);
        }
        if self.options.keep_texts {
            self.texts.resize(store.wordings.len(), String::new());
            for (record, text) in store.wordings.iter().zip(self.texts) {
                history.wordings.push(Wording {
                    text,
                    first: record.first,
                    introduced: record.introduced,
                    before: (record.before != NONE).then_some(record.before),
                    tokens: store.arena[record.tokens.start as usize..record.tokens.end as usize].to_vec(),
                });
            }
            history.origins = store.origins;
        }
        history
    }
}

/// Whether the fields agree that a version's text may change with.
fn same_fields(a: &Metadata, b: &Metadata) -> bool {
    (&a.title, &a.published, &a.url) == (&b.title, &b.published, &b.url)
}

/// Names the fields that a version's text may change with.
fn names(meta: &Metadata) -> Half {
    let mut hasher = blake3::Hasher::new();
    for field in [&meta.title, &meta.published, &meta.url] {
        let bytes = field.as_deref().unwrap_or_default().as_bytes();
        hasher.update(&[u8::from(field.is_some())]).update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }
    hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default()
}

/// The text from the first of `pieces` to the last.
fn stretch<'a>(text: &'a str, pieces: &[Piece]) -> &'a str {
    match (pieces.first(), pieces.last()) {
        (Some(first), Some(last)) => {
            text.get(first.range.start as usize..last.range.end as usize).unwrap_or_default()
        }
        _ => "",
    }
}
