//! What is each item to those before it?

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use super::Index;
use super::codec::{Posting, SHORT_DIGEST};
use super::identity::{Identified, Identity, Key, Row, key};
use super::item::{Item, Itemizer, called, document_of, instant};
use super::order::{Question, prefix};
use super::runs::Kind;
use crate::diff::{DiffOptions, EditKind, Reason, Revision, Significance, diff};
use crate::duplicates::join::Counts;
use crate::duplicates::{Similarity, Threshold};
use crate::error::IndexError;

/// What an item is to the items before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing like it was there.
    New,
    /// The same item with the same text was there.
    Known,
    /// The same item was there with another text.
    Revised,
    /// All its counted paragraphs stood in one item under another id.
    Repeat,
    /// It is nearly an item under another id.
    NearRepeat,
}

impl Status {
    /// Every status, in the order in which reports count them.
    pub const ALL: [Self; 5] = [Self::New, Self::Revised, Self::Repeat, Self::NearRepeat, Self::Known];

    /// Returns the status's name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Revised => "revised",
            Self::Repeat => "repeat",
            Self::NearRepeat => "near-repeat",
        }
    }
}

/// An item that was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Older {
    /// Its number in the index.
    pub number: u32,
    /// What people call it: its id, its address, or its place.
    pub called: String,
    /// Its title.
    pub title: Option<String>,
    /// When it was published as its source writes it, or else when it was first seen.
    pub since: String,
    /// The file it was found in.
    pub path: String,
    /// Its record there, 1-based; 0 where the file was one document.
    pub record: u32,
    /// Where the record began in the decompressed file.
    pub offset: u64,
}

impl Older {
    fn new(row: &Row) -> Self {
        let Row { number, meta, path, record, offset, .. } = row;
        let published = meta.published.clone().filter(|date| !date.trim().is_empty());
        Self {
            number: *number,
            called: called(meta.id.as_deref(), meta.url.as_deref(), path, *record),
            title: meta.title.clone(),
            since: published.unwrap_or_else(|| day(row.first_seen)),
            path: path.clone(),
            record: *record,
            offset: *offset,
        }
    }
}

/// How a known item's text changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionTold {
    /// In one line: `1 paragraph changed, 12 words added, 4 removed (number, name)`.
    pub summary: String,
    /// How much that matters.
    pub significance: Significance,
    /// Whether the item does not say so: its date of change is what it was.
    pub unannounced: bool,
}

/// A counted paragraph that stood in another item before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Which of [`Item::paragraphs`]; of several that are the same the first.
    pub paragraph: u32,
    /// The first item that holds it, of those still there.
    pub older: Older,
    /// In how many items it stands, this one counted, over all time.
    pub documents: u32,
}

/// What the index says of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The number of the item, or of the known version.
    pub number: u32,
    /// What it is to those before it.
    pub status: Status,
    /// The older item: the version before for a revised one, the item of the other id for a repeat.
    pub of: Option<Older>,
    /// For a near repeat, and a repeat within a longer item, how much the two share.
    pub likeness: Option<Counts>,
    /// For a repeat, whether the older item has the same paragraphs and no others.
    pub whole: bool,
    /// For a revised item whose last text is kept.
    pub revision: Option<RevisionTold>,
    /// Its paragraphs that stood in other items before.
    pub shared: Vec<Shared>,
}

/// What is asked about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How alike two items must be to be near.
    pub threshold: Threshold,
    /// Whether items are compared with those of other ids at all, and revisions told.
    pub compare: bool,
}

/// The paragraphs of a batch, and where they stand.
type Holders = HashMap<Key, Vec<u32>>;

impl Index {
    /// Takes the next items in, and says of each what it is to those before it. `now` is in seconds since
    /// 1970.
    ///
    /// # Errors
    ///
    /// If the index could not be read or written; then the transaction has to be rolled back.
    pub fn take(&mut self, items: &[Item], asked: Asked, now: i64) -> Result<Vec<Answer>, IndexError> {
        let identified = self.identify(items, now)?;
        self.post(items, &identified)?;
        let answers = self.answer(items, &identified, asked)?;
        self.drop_superseded()?;
        Ok(answers)
    }

    fn answer(
        &self,
        items: &[Item],
        identified: &[Identified],
        asked: Asked,
    ) -> Result<Vec<Answer>, IndexError> {
        let mut answers = Vec::with_capacity(items.len());
        let mut batch = Batch::new(self, items, identified, asked);
        let holders = if asked.compare { batch.holders()? } else { Holders::new() };
        let near = if asked.compare { batch.near_postings()? } else { HashMap::new() };
        let mut itemizer = Itemizer::new(&self.terms);
        for (item, to) in items.iter().zip(identified) {
            let mut answer = Answer {
                number: to.number,
                status: Status::New,
                of: None,
                likeness: None,
                whole: false,
                revision: None,
                shared: Vec::new(),
            };
            match &to.identity {
                Identity::Known(row) => {
                    answer.status = Status::Known;
                    answer.of = Some(Older::new(row));
                }
                Identity::Revised(row) => {
                    answer.status = Status::Revised;
                    answer.of = Some(Older::new(row));
                    if asked.compare {
                        answer.revision = self.revision(row, item)?;
                        answer.shared = batch.shared(item, to, &holders)?;
                    }
                }
                Identity::New if asked.compare => {
                    let repeated = batch.repeated(item, to, &holders)?;
                    let near = match &repeated {
                        None => batch.nearest(item, to, &near, &mut itemizer)?,
                        Some(_) => None,
                    };
                    answer.shared = batch.shared(item, to, &holders)?;
                    if let Some(row) = repeated {
                        answer.status = Status::Repeat;
                        answer.whole = row.whole == item.whole;
                        let size = item.shingles.len() as u32;
                        answer.likeness =
                            Some(Counts { overlap: size, left: size, right: row.shingles.max(size) });
                        answer.of = Some(Older::new(&row));
                    } else if let Some((row, counts)) = near {
                        answer.status = Status::NearRepeat;
                        answer.likeness = Some(counts);
                        answer.of = Some(Older::new(&row));
                    }
                }
                Identity::New => {}
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    /// Says what changed from the last version; `None` where its text is not kept.
    fn revision(&self, old: &Row, item: &Item) -> Result<Option<RevisionTold>, IndexError> {
        let Some(blocks) = self.text(old.number)? else { return Ok(None) };
        let revision =
            diff(&document_of(old.meta.clone(), &blocks), &item.as_document(), &DiffOptions::default());
        let significance = substance(&revision);
        let before = old.meta.updated.as_deref().or(old.meta.published.as_deref());
        let unmoved = before.is_some_and(|before| {
            let Some(after) = item.stated_change() else { return true };
            match (instant(Some(before)), instant(Some(after))) {
                (Some(before), Some(after)) => before == after,
                _ => before == after,
            }
        });
        Ok(Some(RevisionTold { summary: summary(&revision), significance, unannounced: unmoved }))
    }
}

/// One batch and what is asked about it.
struct Batch<'a> {
    index: &'a Index,
    items: &'a [Item],
    identified: &'a [Identified],
    asked: Asked,
    /// The number of the first item that comes in, and where it and the next ones stand in the batch.
    first: u32,
    positions: Vec<usize>,
    /// The first version of each later one; read when first asked for.
    versions: Option<HashMap<u32, u32>>,
}

impl<'a> Batch<'a> {
    fn new(index: &'a Index, items: &'a [Item], identified: &'a [Identified], asked: Asked) -> Self {
        let coming = identified.iter().enumerate().filter(|(_, to)| to.comes_in());
        let first = coming.clone().next().map_or(index.next, |(_, to)| to.number);
        let positions = coming.map(|(position, _)| position).collect();
        Self { index, items, identified, asked, first, positions, versions: None }
    }

    fn coming(&self) -> impl Iterator<Item = (&Item, &Identified)> {
        self.items.iter().zip(self.identified).filter(|(_, to)| to.comes_in())
    }

    /// Where the paragraphs of the batch stand.
    fn holders(&self) -> Result<Holders, IndexError> {
        let keys: Vec<Key> = self
            .coming()
            .flat_map(|(item, _)| item.paragraphs.iter().map(|(digest, _)| key(digest)))
            .collect();
        self.index.numbers(Kind::Paragraphs, &keys)
    }

    /// Which sets the first shingles of the batch's new items stand in.
    fn near_postings(&self) -> Result<HashMap<u64, Vec<Posting>>, IndexError> {
        let common = self.index.common.clone().unwrap_or_default();
        let threshold = self.index.terms.threshold;
        let new = self.coming().filter(|(_, to)| matches!(to.identity, Identity::New));
        let mut keys: Vec<u64> =
            new.flat_map(|(item, _)| prefix(&item.shingles, &common, threshold)).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut found: HashMap<u64, Vec<Posting>> = HashMap::new();
        let take = |_, posting: Posting| found.entry(posting.key).or_default().push(posting);
        let index = self.index;
        index
            .runs
            .probe(&index.db, Kind::Near, &keys, take)
            .map_err(|trouble| index.faults.trouble(trouble))?;
        Ok(found)
    }

    /// The first item under another id that holds all counted paragraphs of `item`: one that holds no other,
    /// if there is one.
    fn repeated(&self, item: &Item, to: &Identified, holders: &Holders) -> Result<Option<Row>, IndexError> {
        if item.paragraphs.is_empty() {
            return Ok(None);
        }
        let digests: BTreeSet<&[u8; SHORT_DIGEST]> =
            item.paragraphs.iter().map(|(digest, _)| digest).collect();
        let mut lists: Vec<&[u32]> = Vec::with_capacity(digests.len());
        for digest in digests {
            let list = holders.get(&key(digest)).map_or(&[][..], Vec::as_slice);
            lists.push(&list[..list.partition_point(|&number| number < to.number)]);
        }
        lists.sort_by_key(|list| list.len());
        let Some((shortest, others)) = lists.split_first() else { return Ok(None) };
        let holds = |number: &u32| others.iter().all(|list| list.binary_search(number).is_ok());
        let mut first = None;
        if shortest.iter().any(&holds) {
            // Copies that hold nothing else are found by the digest of all paragraphs.
            let whole = key(&item.whole);
            let same = self.index.numbers(Kind::Names, &[whole])?;
            for &number in same.get(&whole).into_iter().flatten().filter(|&&number| number < to.number) {
                if let Some(row) = self.index.row(number)?.filter(|row| row.article != to.article) {
                    return Ok(Some(row));
                }
            }
        }
        for &number in shortest.iter().filter(|number| holds(number)) {
            if let Some(row) = self.index.row(number)?.filter(|row| row.article != to.article) {
                first = Some(row);
                break;
            }
        }
        Ok(first)
    }

    /// The item under another id that `item` is most like, the first of several.
    fn nearest(
        &self,
        item: &Item,
        to: &Identified,
        postings: &HashMap<u64, Vec<Posting>>,
        itemizer: &mut Itemizer,
    ) -> Result<Option<(Row, Counts)>, IndexError> {
        let size = item.shingles.len() as u32;
        let question = Question { size, threshold: self.asked.threshold };
        let empty = BTreeSet::new();
        let common = self.index.common.as_ref().unwrap_or(&empty);
        // What each candidate shares so far and at most; `None` where it was ruled out.
        let mut met: HashMap<u32, Option<(u32, u32)>> = HashMap::new();
        for (position, element) in (0..).zip(prefix(&item.shingles, common, self.index.terms.threshold)) {
            for posting in postings.get(&element).into_iter().flatten() {
                if posting.item >= to.number {
                    continue;
                }
                let state = met.entry(posting.item).or_insert(Some((0, size)));
                if let Some((shared, _)) = *state {
                    let most = question.at_most(position, posting.extra, shared);
                    *state = most.map(|most| (shared + 1, most));
                }
            }
        }
        let mut candidates: Vec<(u32, u32)> = Vec::new();
        for (number, state) in met {
            candidates.extend(state.map(|(_, most)| (most, number)));
        }
        // The most promising first, so that most others need not be read.
        candidates.sort_unstable_by_key(|&(most, number)| (std::cmp::Reverse(most), number));
        let mut best: Option<(Row, Counts)> = None;
        for (most, number) in candidates {
            // Of `size` elements at most so many are shared: the best it can be is that of the whole.
            if let Some((_, counts)) = &best
                && !could_beat(most, size, counts.similarity())
            {
                continue;
            }
            let Some(row) = self.index.row(number)? else { continue };
            if row.article == to.article || !Index::is_last_for(&row, to.number) {
                continue;
            }
            let Some(set) = self.set(number, itemizer)? else { continue };
            let overlap = overlap(&item.shingles, &set);
            let counts = Counts { overlap, left: size, right: set.len() as u32 };
            let (similarity, better) = (counts.similarity(), |(row, counts): &(Row, Counts)| {
                let order = compare(counts.similarity(), similarity_of(overlap, size, &set));
                order.is_lt() || order.is_eq() && number < row.number
            });
            if similarity.at_least(self.asked.threshold) && best.as_ref().is_none_or(better) {
                best = Some((row, counts));
            }
        }
        Ok(best)
    }

    /// The shingles of an item, from the batch or from the index.
    fn set(&self, number: u32, itemizer: &mut Itemizer) -> Result<Option<Vec<u64>>, IndexError> {
        let position = number.checked_sub(self.first).and_then(|at| self.positions.get(at as usize));
        match position.and_then(|&position| self.items.get(position)) {
            Some(item) => Ok(Some(item.shingles.clone())),
            None => self.index.set(number, itemizer),
        }
    }

    /// The paragraphs of `item` that stood in other items before.
    fn shared(&mut self, item: &Item, to: &Identified, holders: &Holders) -> Result<Vec<Shared>, IndexError> {
        let (mut out, mut seen) = (Vec::new(), HashSet::new());
        for (number, (digest, _)) in (0..).zip(&item.paragraphs) {
            if !seen.insert(*digest) {
                continue;
            }
            let Some(list) = holders.get(&key(digest)) else { continue };
            let before = &list[..list.partition_point(|&number| number < to.number)];
            let mut older = None;
            for &holder in before {
                if let Some(row) = self.index.row(holder)?.filter(|row| row.article != to.article) {
                    older = Some(Older::new(&row));
                    break;
                }
            }
            if let Some(older) = older {
                let documents = self.articles(before)? + u32::from(!self.holds(before, to.article)?);
                out.push(Shared { paragraph: number, older, documents });
            }
        }
        Ok(out)
    }

    /// In how many different items the versions `numbers` are.
    fn articles(&mut self, numbers: &[u32]) -> Result<u32, IndexError> {
        let versions = self.versions()?;
        let first = |number: &u32| versions.get(number).copied().unwrap_or(*number);
        let mut articles: Vec<u32> = numbers.iter().map(first).collect();
        articles.sort_unstable();
        articles.dedup();
        Ok(articles.len() as u32)
    }

    fn holds(&mut self, numbers: &[u32], article: u32) -> Result<bool, IndexError> {
        let versions = self.versions()?;
        Ok(numbers.iter().any(|number| versions.get(number).copied().unwrap_or(*number) == article))
    }

    fn versions(&mut self) -> Result<&HashMap<u32, u32>, IndexError> {
        if self.versions.is_none() {
            self.versions = Some(self.index.versions()?);
        }
        Ok(self.versions.get_or_insert_default())
    }
}

impl Index {
    /// The first version of each later one.
    fn versions(&self) -> Result<HashMap<u32, u32>, IndexError> {
        let fault = |error| self.faults.of(error);
        let mut out = HashMap::new();
        for schema in self.schemas {
            let sql = format!("SELECT number, article FROM {schema}.items WHERE article <> number");
            let mut read = self.db.prepare_cached(&sql).map_err(fault)?;
            let rows = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(fault)?;
            for row in rows {
                let (number, article) = row.map_err(fault)?;
                out.insert(number, article);
            }
        }
        Ok(out)
    }
}

/// How many elements two sorted sets share.
fn overlap(left: &[u64], right: &[u64]) -> u32 {
    let (mut at, mut shared) = (0, 0);
    for element in left {
        while right.get(at).is_some_and(|other| other < element) {
            at += 1;
        }
        shared += u32::from(right.get(at) == Some(element));
    }
    shared
}

fn similarity_of(overlap: u32, size: u32, set: &[u64]) -> Similarity {
    Counts { overlap, left: size, right: set.len() as u32 }.similarity()
}

/// Compares two similarities by cross-multiplying.
fn compare(a: Similarity, b: Similarity) -> std::cmp::Ordering {
    (u64::from(a.overlap) * u64::from(b.union)).cmp(&(u64::from(b.overlap) * u64::from(a.union)))
}

/// Whether a set that shares at most `most` of `size` elements can be as like as `best`.
fn could_beat(most: u32, size: u32, best: Similarity) -> bool {
    // The union is no smaller than `size`.
    compare(Similarity { overlap: most.min(size), union: size }, best).is_ge()
}

/// How much the change of the text and title matters; dates and addresses aside.
fn substance(revision: &Revision) -> Significance {
    let edits = revision.edits.iter().map(|edit| edit.significance);
    let told = revision.metadata.iter().filter(|edit| matches!(edit.field, "title" | "author"));
    edits.chain(told.map(|edit| edit.significance)).max().unwrap_or_default()
}

/// Says what changed in one line.
fn summary(revision: &Revision) -> String {
    let counts = &revision.summary;
    let mut parts = Vec::new();
    let changed = counts.modified + counts.split + counts.merged;
    for (count, what) in [(changed, "changed"), (counts.inserted, "added"), (counts.deleted, "removed")] {
        if count > 0 {
            let paragraphs = if count == 1 { "paragraph" } else { "paragraphs" };
            parts.push(format!("{count} {paragraphs} {what}"));
        }
    }
    let moved = revision.edits.iter().filter(|edit| edit.kind == EditKind::Move).count();
    if moved > 0 {
        parts.push(format!("{moved} moved"));
    }
    if revision.metadata.iter().any(|edit| edit.field == "title") {
        parts.push("title changed".to_owned());
    }
    if counts.words_added + counts.words_removed > 0 {
        parts.push(format!("{} words in, {} out", counts.words_added, counts.words_removed));
    }
    if parts.is_empty() {
        parts.push("white space changed".to_owned());
    }
    let reasons: BTreeSet<Reason> = revision
        .edits
        .iter()
        .flat_map(|edit| &edit.reasons)
        .chain(revision.metadata.iter().filter(|edit| edit.field == "title").flat_map(|edit| &edit.reasons))
        .copied()
        .collect();
    let names: Vec<&str> = reasons.into_iter().map(Reason::name).collect();
    let why = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    format!("{}{why}", parts.join(", "))
}

/// Returns the day of an instant (seconds since 1970), as `2026-11-24`.
#[must_use]
pub fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |time| time.to_string().chars().take(10).collect())
}
