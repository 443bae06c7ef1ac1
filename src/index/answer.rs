//! What is each item to those before it?

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::{HashMap, HashSet};

use super::Index;
use super::codec::SHORT_DIGEST;
use super::identity::{Identified, Identity, Key, Row, key};
use super::item::{Item, Itemizer, Name, called};
use super::near::{Comparison, Here, Kin, Wanted, by_hash, meet};
use super::origin::{Before, Copied};
use super::runs::Kind;
use super::summary::day;
use crate::diff::Significance;
use crate::duplicates::Threshold;
use crate::duplicates::join::Counts;
use crate::duplicates::near::{SHINGLE_WORDS, shared};
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
    /// When it was published, for the version before when it was changed, as its source writes it; or else when
    /// it was first seen.
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
        let dates = [&meta.published, &meta.updated];
        let stated = dates.into_iter().flatten().find(|date| !date.trim().is_empty()).cloned();
        Self {
            number: *number,
            called: called(meta.id.as_deref(), meta.url.as_deref(), path, *record),
            title: meta.title.clone(),
            since: stated.unwrap_or_else(|| day(row.first_seen)),
            path: path.clone(),
            record: *record,
            offset: *offset,
        }
    }

    /// The version before: what dates it is its last change.
    fn version(row: &Row) -> Self {
        let mut version = Self::new(row);
        if let Some(updated) = row.meta.updated.clone().filter(|date| !date.trim().is_empty()) {
            version.since = updated;
        }
        version
    }
}

/// How a known item's text changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionTold {
    /// In one line: `1 paragraph changed, 12 words added, 4 removed (number, name)`.
    pub summary: String,
    /// How much that matters.
    pub significance: Significance,
    /// Whether the item does not say so: its date of change is what it was, and no note of a correction came.
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

/// A counted paragraph that nearly stood in another item before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearlyShared {
    /// Which of [`Item::paragraphs`]; of several that are the same the first.
    pub paragraph: u32,
    /// The first item whose last version holds one like it.
    pub older: Older,
    /// How much the two share, in runs of three words; those of this item on the left.
    pub counts: Counts,
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
    /// For a revised item that now repeats one of another id, or nearly does: that one. What it is to that one
    /// is told as for a repeat.
    pub other: Option<Older>,
    /// For a near repeat, and a repeat within a longer item, how much the two share; this one on the left.
    pub likeness: Option<Counts>,
    /// For a near repeat, whether it is one because it stands almost whole in the older item, which is longer.
    pub inside: bool,
    /// Whether it is a repeat: all its counted paragraphs stand in the item of the other id.
    pub repeats: bool,
    /// For a repeat, whether the older item has the same paragraphs and no others.
    pub whole: bool,
    /// For a revised item whose last text is kept.
    pub revision: Option<RevisionTold>,
    /// For a new item, the older ones that stand almost whole in it, and how much the two share; this one on
    /// the left.
    pub holds: Vec<(Older, Counts)>,
    /// Its paragraphs that stood in other items before; those that it holds as a whole left out.
    pub shared: Vec<Shared>,
    /// Of [`Item::left`] those that stood in other items before.
    pub left: Vec<Shared>,
    /// Its paragraphs that nearly stood in other items before, and exactly in none. None for repeats and near
    /// repeats.
    pub near: Vec<NearlyShared>,
}

/// What is asked about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How alike two items must be to be near.
    pub threshold: Threshold,
    /// Whether items are compared with those of other ids at all, and revisions told.
    pub compare: bool,
    /// Whether single paragraphs are looked for that are nearly those of other items.
    pub near_paragraphs: bool,
}

/// About how many shingles are looked up at once: what they meet is in memory.
const LOOKED_UP: usize = 1 << 15;

/// The paragraphs of a batch, and where they stand.
pub(super) type Holders = HashMap<Key, Vec<u32>>;

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
        let mut batch = Batch::new(self, items, identified);
        let holders = if asked.compare { batch.holders()? } else { Holders::new() };
        let mut answers = Vec::with_capacity(items.len());
        for (at, (item, to)) in items.iter().zip(identified).enumerate() {
            let mut answer = Answer::new(to);
            if asked.compare && to.comes_in() {
                if let Identity::Revised(_) = to.identity {
                    let copied = Copied::of(item, to, &holders, batch.versions()?);
                    batch.copied.insert(at, copied);
                }
                answer.shared = batch.shared((item, &item.paragraphs), to, &holders, &[])?;
                answer.left = batch.shared((item, &item.left), to, &holders, &[])?;
                batch.repeats(at, &holders, &mut answer)?;
            }
            match &to.identity {
                Identity::Known(row) => answer.of = Some(Older::version(row)),
                Identity::Revised(row) => {
                    answer.of = Some(Older::version(row));
                    if asked.compare {
                        answer.revision = self.revision(row, item)?;
                    }
                }
                Identity::New | Identity::CutOff => {}
            }
            answers.push(answer);
        }
        if asked.compare {
            let mut rest = 0..items.len();
            while let Some(start) = rest.next() {
                let mut shingles = items[start].shingles.len();
                let mut end = start + 1;
                while end < items.len() && shingles < LOOKED_UP {
                    shingles += items[end].shingles.len();
                    end += 1;
                }
                rest = end..items.len();
                batch.near(start, &mut answers[start..end], asked, &holders)?;
            }
        }
        Ok(answers)
    }
}

impl Answer {
    fn new(to: &Identified) -> Self {
        let status = match to.identity {
            Identity::New | Identity::CutOff => Status::New,
            Identity::Known(_) => Status::Known,
            Identity::Revised(_) => Status::Revised,
        };
        Self {
            number: to.number,
            status,
            of: None,
            other: None,
            likeness: None,
            inside: false,
            repeats: false,
            whole: false,
            revision: None,
            holds: Vec::new(),
            shared: Vec::new(),
            left: Vec::new(),
            near: Vec::new(),
        }
    }

    /// Notes the item of another id that it repeats, or nearly does.
    fn resembles(&mut self, status: Status, row: &Row) {
        if self.status == Status::Revised {
            self.other = Some(Older::new(row));
        } else {
            self.status = status;
            self.of = Some(Older::new(row));
        }
    }
}

/// One batch and what is asked about it.
struct Batch<'a> {
    index: &'a Index,
    items: &'a [Item],
    identified: &'a [Identified],
    /// The number of the first item that comes in, and where it and the next ones stand in the batch.
    first: u32,
    positions: Rc<[usize]>,
    /// The first version of each later one; read when first asked for.
    versions: Option<HashMap<u32, u32>>,
    /// By the positions of revised items.
    copied: HashMap<usize, Copied>,
}

impl<'a> Batch<'a> {
    fn new(index: &'a Index, items: &'a [Item], identified: &'a [Identified]) -> Self {
        let coming = identified.iter().enumerate().filter(|(_, to)| to.comes_in());
        let first = coming.clone().next().map_or(index.next, |(_, to)| to.number);
        let positions = coming.map(|(position, _)| position).collect();
        Self { index, items, identified, first, positions, versions: None, copied: HashMap::new() }
    }

    fn coming(&self) -> impl Iterator<Item = (&Item, &Identified)> {
        self.items.iter().zip(self.identified).filter(|(_, to)| to.comes_in())
    }

    /// Where the paragraphs of the batch stand.
    fn holders(&self) -> Result<Holders, IndexError> {
        let keys: Vec<Key> = self
            .coming()
            .flat_map(|(item, _)| item.paragraphs.iter().chain(&item.left).map(|(digest, _)| key(digest)))
            .collect();
        self.index.numbers(Kind::Paragraphs, &keys)
    }

    /// Says what the items from number `start` on are nearly to those before them.
    fn near(
        &mut self,
        start: usize,
        answers: &mut [Answer],
        asked: Asked,
        holders: &Holders,
    ) -> Result<(), IndexError> {
        let looks = asked.near_paragraphs && self.index.terms.texts;
        let paragraphs: Vec<Vec<u32>> = (start..)
            .zip(answers.iter())
            .map(|(at, answer)| if looks { self.lonely(at, answer) } else { Vec::new() })
            .collect();
        let mut wanted = Vec::new();
        for ((at, answer), paragraphs) in (start..).zip(answers.iter()).zip(&paragraphs) {
            let (Some(item), Some(to)) = (self.items.get(at), self.identified.get(at)) else { continue };
            if !to.comes_in() {
                continue;
            }
            let whole = matches!(answer.status, Status::New | Status::Revised) && answer.other.is_none();
            if whole || answer.status == Status::Revised {
                let Identified { number, article, .. } = *to;
                wanted.push((at, Wanted { item, number, article, whole, paragraphs }));
            }
        }
        let asking: Vec<Wanted<'_>> = wanted.iter().map(|(_, wanted)| *wanted).collect();
        let empty = HashSet::new();
        let common = self.index.common.as_ref().unwrap_or(&empty);
        let met = meet(self.index, common, asked, &asking)?;
        let mut itemizer = Itemizer::new(&self.index.terms);
        for ((at, wanted), met) in wanted.iter().zip(&met) {
            let Some(answer) = answers.get_mut(at - start) else { continue };
            let here = self.here();
            let before = self.before(*at, &mut itemizer)?;
            let mut comparison = Comparison::new(self.index, *wanted, asked.threshold, before);
            match comparison.kin(met, &here, &mut itemizer)? {
                None => {}
                Some(Kin::Held(held)) => {
                    let articles: Vec<u32> = held.iter().map(|(row, _)| row.article).collect();
                    answer.holds = held.iter().map(|(row, counts)| (Older::new(row), *counts)).collect();
                    let own = (wanted.item, &*wanted.item.paragraphs);
                    answer.shared = self.shared(own, &self.identified[*at], holders, &articles)?;
                }
                Some(kin @ (Kin::Near(..) | Kin::Holds(..))) => {
                    let (Kin::Near(row, counts) | Kin::Holds(row, counts)) = &kin else { continue };
                    answer.likeness = Some(*counts);
                    answer.inside = matches!(kin, Kin::Holds(..));
                    answer.resembles(Status::NearRepeat, row);
                    continue;
                }
            }
            let near = comparison.paragraphs(met, &here, &mut itemizer)?.into_iter();
            let told = near.map(|near| NearlyShared {
                paragraph: near.paragraph,
                older: Older::new(&near.row),
                counts: near.counts,
            });
            answer.near = told.collect();
        }
        Ok(())
    }

    /// The different paragraphs of item number `at` that stand in no other item.
    fn lonely(&self, at: usize, answer: &Answer) -> Vec<u32> {
        let Some(item) = self.items.get(at) else { return Vec::new() };
        let mut seen = HashSet::new();
        let paragraphs = (0..).zip(&item.paragraphs).filter(|(_, (digest, _))| seen.insert(*digest));
        let shared = |number: u32| answer.shared.iter().any(|shared| shared.paragraph == number);
        let own = self.copied.get(&at);
        let own = |number: &u32| own.is_some_and(|copied| copied.paragraphs.contains(number));
        paragraphs.map(|(number, _)| number).filter(|number| !shared(*number) && !own(number)).collect()
    }

    /// The first item under another id that holds all counted paragraphs of `item`: one that holds no other,
    /// if there is one.
    fn repeated(&self, at: usize, holders: &Holders) -> Result<Option<Row>, IndexError> {
        let (Some(item), Some(to)) = (self.items.get(at), self.identified.get(at)) else { return Ok(None) };
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
        let copied = self.copied.get(&at);
        let other = |row: &Row| {
            row.article != to.article
                && self.index.compares(&row.path, &item.path)
                && !copied.is_some_and(|copied| copied.items.contains(&row.number))
        };
        let holds = |number: &u32| others.iter().all(|list| list.binary_search(number).is_ok());
        let mut first = None;
        if shortest.iter().any(&holds) {
            // Copies that hold nothing else are found by the digest of all paragraphs.
            let whole = key(&item.whole);
            let same = self.index.numbers(Kind::Names, &[whole])?;
            for &number in same.get(&whole).into_iter().flatten().filter(|&&number| number < to.number) {
                if let Some(row) = self.index.row(number)?.filter(other) {
                    return Ok(Some(row));
                }
            }
        }
        for &number in shortest.iter().filter(|number| holds(number)) {
            if let Some(row) = self.index.row(number)?.filter(other) {
                first = Some(row);
                break;
            }
        }
        Ok(first)
    }

    /// Says whether item number `at` repeats one of another id.
    fn repeats(&mut self, at: usize, holders: &Holders, answer: &mut Answer) -> Result<(), IndexError> {
        let (Some(row), Some(item)) = (self.repeated(at, holders)?, self.items.get(at)) else {
            return Ok(());
        };
        answer.repeats = true;
        answer.whole = row.whole == item.whole;
        answer.likeness = Some(self.likeness(item, &row)?);
        answer.resembles(Status::Repeat, &row);
        Ok(())
    }

    /// How much an item shares with one that holds all its counted paragraphs; its runs on the left.
    fn likeness(&self, item: &Item, row: &Row) -> Result<Counts, IndexError> {
        let size = item.shingles.len() as u32;
        if row.whole == item.whole {
            return Ok(Counts { overlap: size, left: size, right: size });
        }
        let mut itemizer = Itemizer::new(&self.index.terms);
        let other = match self.here().item(row.number) {
            Some(other) => Cow::Borrowed(other),
            None => Cow::Owned(self.index.item_again(row, &mut itemizer)?),
        };
        if other.shingles.is_empty() {
            // The text of a version that is not the last is gone. What stands within paragraphs is shared.
            let within: HashSet<u64> = item.sets.iter().flat_map(|set| &set.shingles).copied().collect();
            let overlap = if within.is_empty() { size } else { within.len() as u32 };
            return Ok(Counts { overlap, left: size, right: row.shingles.max(overlap) });
        }
        Ok(match self.index.terms.texts {
            true => shared(&item.counted_text(), &other.counted_text(), SHINGLE_WORDS),
            false => by_hash(&item.shingles, &other.shingles),
        })
    }

    /// Whether a paragraph that stands in `list` stood in a version of the same item before `number`.
    fn is_own(&mut self, list: &[u32], to: &Identified, number: u32) -> Result<bool, IndexError> {
        let before = &list[..list.partition_point(|&holder| holder < number)];
        Ok(to.article != to.number && self.holds(before, to.article)?)
    }

    /// The version before of item number `at`, to know what others took from it.
    fn before(&self, at: usize, itemizer: &mut Itemizer) -> Result<Option<Before>, IndexError> {
        let Some(Identity::Revised(row)) = self.identified.get(at).map(|to| &to.identity) else {
            return Ok(None);
        };
        let item = match self.here().item(row.number) {
            Some(item) => item.clone(),
            None => self.index.item_again(row, itemizer)?,
        };
        let copies = self.copied.get(&at).map(|copied| copied.items.clone()).unwrap_or_default();
        Ok(Some(Before { number: row.number, item, copies }))
    }

    fn here(&self) -> InBatch<'a> {
        InBatch { first: self.first, positions: Rc::clone(&self.positions), items: self.items }
    }

    /// Those of `paragraphs`, which are of `item`, that stood in other items before, those in `passed` not
    /// counted.
    fn shared(
        &mut self,
        (item, paragraphs): (&Item, &[(Name, u32)]),
        to: &Identified,
        holders: &Holders,
        passed: &[u32],
    ) -> Result<Vec<Shared>, IndexError> {
        let (mut out, mut seen) = (Vec::new(), HashSet::new());
        for (number, (digest, _)) in (0..).zip(paragraphs) {
            if !seen.insert(*digest) {
                continue;
            }
            let Some(list) = holders.get(&key(digest)) else { continue };
            let before = self.compared(item, &list[..list.partition_point(|&number| number < to.number)])?;
            let mut older = None;
            for &holder in &*before {
                let other = |row: &Row| row.article != to.article && !passed.contains(&row.article);
                if let Some(row) = self.index.row(holder)?.filter(other) {
                    older = Some(Older::new(&row));
                    break;
                }
            }
            let older = match older {
                Some(older) if self.is_own(list, to, older.number)? => None,
                older => older,
            };
            if let Some(older) = older {
                let documents = self.articles(&before)? + u32::from(!self.holds(&before, to.article)?);
                out.push(Shared { paragraph: number, older, documents });
            }
        }
        Ok(out)
    }

    /// Those of `numbers` whose items are compared with `item`.
    fn compared<'n>(&self, item: &Item, numbers: &'n [u32]) -> Result<Cow<'n, [u32]>, IndexError> {
        if self.index.scope.is_none() {
            return Ok(Cow::Borrowed(numbers));
        }
        let mut out = Vec::new();
        for &number in numbers {
            if self.index.row(number)?.is_some_and(|row| self.index.compares(&row.path, &item.path)) {
                out.push(number);
            }
        }
        Ok(Cow::Owned(out))
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

/// The items of a batch by their numbers.
struct InBatch<'a> {
    first: u32,
    positions: Rc<[usize]>,
    items: &'a [Item],
}

impl<'a> Here<'a> for InBatch<'a> {
    fn item(&self, number: u32) -> Option<&'a Item> {
        let position = number.checked_sub(self.first).and_then(|at| self.positions.get(at as usize));
        position.and_then(|&position| self.items.get(position))
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
