//! Postings on disk: which items stand under which keys?
//!
//! Keys are hashes, spread evenly. What one commit adds becomes one sorted *run*, cut by the top bits of the
//! keys into blocks of about [`BLOCK`] postings each, so the block that a key stands in is worked out and
//! never searched. Runs are [merged](merge) as they grow, so there are few of them, and each posting is
//! written again a few times and not once for each commit.
//!
//! Look-ups are sorted, each block is read once for all keys in it, and blocks of one run are read in the
//! order in which they stand in the file.

mod merge;

use rusqlite::{Connection, OptionalExtension as _, Statement};

use super::codec::{Posting, SHINGLE_BITS, find_in_block, put_block, take_block};
pub(super) use merge::FILLING;
use merge::Limits;

/// How many postings a block should hold: a page holds eight blocks.
const BLOCK: u64 = 192;
/// The most top bits that name a block.
const MOST_BITS: u32 = 24;
/// One more than the last place that a block can have in its run.
const PLACES: u32 = 1 << MOST_BITS;

/// What is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Items by id, address, and the digest of all their paragraphs.
    Names = 0,
    /// Items by the digest of a paragraph.
    Paragraphs = 1,
    /// Items by their sampled shingles.
    Sampled = 2,
    /// Items by the first shingles of what is odd or short in them.
    First = 3,
    /// Items by their common shingles.
    Common = 4,
    /// Items that may stand inside others and share no sampled shingle with them, by their first ones.
    Inner = 5,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Names, Self::Paragraphs, Self::Sampled, Self::First, Self::Common, Self::Inner];

    /// Whether the keys are shingles, and not digests.
    pub const fn is_of_shingles(self) -> bool {
        !matches!(self, Self::Names | Self::Paragraphs)
    }

    /// How many of the first bits of the keys do not tell blocks apart: sampled shingles begin with a 0.
    const fn skipped(self) -> u32 {
        match self {
            Self::Sampled | Self::Common => 1,
            Self::Names | Self::Paragraphs | Self::First | Self::Inner => 0,
        }
    }

    /// How many of the last bits of the keys are 0.
    const fn cut(self) -> u32 {
        if self.is_of_shingles() { 64 - SHINGLE_BITS } else { 0 }
    }

    /// How many first bits of the keys name the blocks of a run of so many postings.
    fn bits(self, postings: u64) -> u32 {
        let blocks = (postings / BLOCK).max(1).next_power_of_two();
        (blocks.trailing_zeros() + self.skipped()).min(MOST_BITS)
    }
}

/// One run. A run that is being merged into another one has given it its first keys already: of the keys by
/// their first [`MOST_BITS`] bits it holds those from `first` on, and the other one those before `end`.
#[derive(Clone, Copy, Debug)]
struct Run {
    schema: &'static str,
    number: i64,
    kind: Kind,
    /// How many top bits of a key name its block.
    bits: u32,
    postings: u64,
    first: u32,
    end: u32,
    /// The run that it is being merged into.
    into: Option<i64>,
}

impl Run {
    /// A run that holds nothing yet, of which `postings` are expected.
    fn new(schema: &'static str, number: i64, kind: Kind, postings: u64) -> Self {
        let bits = kind.bits(postings);
        Self { schema, number, kind, bits, postings: 0, first: 0, end: PLACES, into: None }
    }

    /// Where the block of the keys that begin with `top` stands.
    const fn place(&self, top: u64) -> i64 {
        self.number << MOST_BITS | top as i64
    }

    /// The first bits of `key`.
    const fn top(&self, key: u64) -> u64 {
        if self.bits == 0 { 0 } else { key >> (64 - self.bits) }
    }

    /// Returns those of the sorted `keys` that the run may hold, and how many come before them.
    fn held<'k>(&self, keys: &'k [u64]) -> (usize, &'k [u64]) {
        let before = |bound: u32| keys.partition_point(|key| key >> (64 - MOST_BITS) < u64::from(bound));
        let (first, end) = (before(self.first), before(self.end));
        (first, keys.get(first..end).unwrap_or_default())
    }

    /// Whether it takes part in a merge that goes on.
    const fn is_merging(&self) -> bool {
        self.into.is_some() || self.end != PLACES
    }
}

/// The runs of an index, the oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    runs: Vec<Run>,
    limits: Limits,
}

/// What went wrong: SQLite's trouble, or bytes that are no block.
#[derive(Debug)]
pub(super) enum Trouble {
    Store(rusqlite::Error),
    Damaged(&'static str),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

impl Runs {
    /// Reads which runs there are in `schemas`.
    pub fn load(db: &Connection, schemas: &[&'static str]) -> rusqlite::Result<Self> {
        let mut runs = Vec::new();
        for schema in schemas {
            let mut all = db.prepare(&format!(
                "SELECT run, kind, bits, postings, first, bound, target FROM {schema}.runs ORDER BY run"
            ))?;
            let found = all.query_map([], |row| {
                let kind: usize = row.get(1)?;
                let Some(&kind) = Kind::ALL.get(kind) else { return Ok(None) };
                let bits = row.get::<_, u32>(2)?.min(MOST_BITS);
                let (first, end) = (row.get(4)?, row.get::<_, u32>(5)?.min(PLACES));
                let (number, postings, into) = (row.get(0)?, row.get(3)?, row.get(6)?);
                Ok(Some(Run { schema, number, kind, bits, postings, first, end, into }))
            })?;
            for run in found {
                runs.extend(run?);
            }
        }
        Ok(Self { runs, limits: Limits::default() })
    }

    /// Returns how many runs and postings of `kind` there are.
    pub fn count(&self, kind: Kind) -> (u64, u64) {
        self.of(kind).fold((0, 0), |(runs, postings), run| (runs + 1, postings + run.postings))
    }

    fn of(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.kind == kind)
    }

    /// Gives `take` every posting of `kind` under one of `keys` (sorted), with the number of the key; of one
    /// run in order, run by run.
    pub fn probe(
        &self,
        db: &Connection,
        kind: Kind,
        keys: &[u64],
        mut take: impl FnMut(usize, Posting),
    ) -> Result<(), Trouble> {
        for run in self.of(kind) {
            let mut read = db.prepare_cached(&read_one(run.schema))?;
            let (mut first, keys) = run.held(keys);
            for keys in keys.chunk_by(|&a, &b| run.top(a) == run.top(b)) {
                let found = read.query_row([run.place(run.top(keys[0]))], |row| {
                    let data = row.get_ref(0)?.as_blob().unwrap_or_default();
                    let take = |number, posting| take(first + number, posting);
                    Ok(find_in_block(data, kind.cut(), keys, take))
                });
                if found.optional()? == Some(None) {
                    return Err(Trouble::Damaged("a block of postings"));
                }
                first += keys.len();
            }
        }
        Ok(())
    }

    /// Drops all runs of `kind`.
    pub fn clear(&mut self, db: &Connection, kind: Kind) -> Result<(), Trouble> {
        for run in self.of(kind) {
            drop_run(db, run)?;
        }
        self.runs.retain(|run| run.kind != kind);
        Ok(())
    }

    /// Takes `gone` (sorted) of `kind` out of the blocks they stand in.
    pub fn remove(&mut self, db: &Connection, kind: Kind, gone: &[Posting]) -> Result<(), Trouble> {
        let (mut block, mut bytes) = (Vec::new(), Vec::new());
        for run in self.runs.iter_mut().filter(|run| run.kind == kind) {
            let mut read = db.prepare_cached(&read_one(run.schema))?;
            let before = run.postings;
            let shape = *run;
            for part in gone.chunk_by(|a, b| shape.top(a.key) == shape.top(b.key)) {
                let place = run.place(run.top(part[0].key));
                block.clear();
                read_block(&mut read, kind, place, &mut block)?;
                let held = block.len();
                block.retain(|posting| part.binary_search(posting).is_err());
                if block.len() == held {
                    continue;
                }
                run.postings -= (held - block.len()) as u64;
                bytes.clear();
                put_block(&block, kind.cut(), &mut bytes);
                let sql = format!("UPDATE {}.blocks SET data = ?2 WHERE place = ?1", run.schema);
                db.prepare_cached(&sql)?.execute((place, bytes.as_slice()))?;
            }
            if run.postings != before {
                keep_run(db, run)?;
            }
        }
        Ok(())
    }

    /// Gives `take` every posting of `kind`, run by run; what is wrong with a block ends it.
    pub fn for_each(
        &self,
        db: &Connection,
        kind: Kind,
        mut take: impl FnMut(Posting),
    ) -> Result<(), Trouble> {
        let mut block = Vec::new();
        for run in self.of(kind) {
            let sql = "SELECT place, data FROM {s}.blocks WHERE place BETWEEN ?1 AND ?2 ORDER BY place";
            let mut read = db.prepare_cached(&sql.replace("{s}", run.schema))?;
            let mut rows = read.query((run.place(0), run.place(u64::from(PLACES) - 1)))?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                block.clear();
                let place: i64 = row.get(0)?;
                let data = row.get_ref(1)?.as_blob().map_err(|_| Trouble::Damaged("no block"))?;
                take_block(data, kind.cut(), &mut block).ok_or(Trouble::Damaged("a block of postings"))?;
                let in_place = |posting: &Posting| {
                    run.place(run.top(posting.key)) == place && !run.held(&[posting.key]).1.is_empty()
                };
                if !block.is_sorted() || !block.iter().all(in_place) {
                    return Err(Trouble::Damaged("a block out of its place"));
                }
                count += block.len() as u64;
                block.iter().copied().for_each(&mut take);
            }
            if count != run.postings {
                return Err(Trouble::Damaged("a run that lacks postings"));
            }
        }
        Ok(())
    }
}

fn read_one(schema: &str) -> String {
    format!("SELECT data FROM {schema}.blocks WHERE place = ?1")
}

fn read_block(
    read: &mut Statement<'_>,
    kind: Kind,
    place: i64,
    block: &mut Vec<Posting>,
) -> Result<(), Trouble> {
    let found = read.query_row([place], |row| {
        let data = row.get_ref(0)?.as_blob().unwrap_or_default();
        Ok(take_block(data, kind.cut(), block))
    });
    match found.optional()? {
        Some(None) => Err(Trouble::Damaged("a block of postings")),
        Some(Some(())) | None => Ok(()),
    }
}

/// Writes the row of `run`.
fn keep_run(db: &Connection, run: &Run) -> rusqlite::Result<()> {
    let sql = format!("INSERT OR REPLACE INTO {}.runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", run.schema);
    let row = (run.number, run.kind as i64, run.bits, run.postings, run.first, run.end, run.into);
    db.prepare_cached(&sql)?.execute(row).map(|_| ())
}

/// Drops the row of `run` and its blocks.
fn drop_run(db: &Connection, run: &Run) -> rusqlite::Result<()> {
    drop_blocks(db, run, run.place(0), run.place(u64::from(PLACES) - 1))?;
    let sql = format!("DELETE FROM {}.runs WHERE run = ?1", run.schema);
    db.prepare_cached(&sql)?.execute([run.number]).map(|_| ())
}

fn drop_blocks(db: &Connection, run: &Run, first: i64, last: i64) -> rusqlite::Result<()> {
    let sql = format!("DELETE FROM {}.blocks WHERE place BETWEEN ?1 AND ?2", run.schema);
    db.prepare_cached(&sql)?.execute((first, last)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn made() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        super::super::schema::create_aside(&db).unwrap();
        db
    }

    /// Keys all over the range, so that there are many blocks.
    fn spread(key: u64) -> u64 {
        crate::index::codec::shingle_key((key + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn scanned(runs: &Runs, db: &Connection, kind: Kind) -> Vec<Posting> {
        let mut all = Vec::new();
        runs.for_each(db, kind, |posting| all.push(posting)).unwrap();
        all.sort_unstable();
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn look_ups_find_what_was_added_however_far_merges_are(
            batches in prop::collection::vec(
                prop::collection::vec((0u64..40_000, 0u32..3, 0u32..1000), 0..700),
                1..9,
            ),
            at_once in 0u64..1000,
            most in 1u64..2000,
            filling in 0u64..900,
            removed in 0usize..9,
        ) {
            let db = made();
            let mut runs = Runs { limits: Limits { at_once, share: 2, least: 1, most, filling }, ..Runs::default() };
            let mut all = Vec::new();
            for (number, batch) in batches.into_iter().enumerate() {
                let mut postings: Vec<Posting> = batch
                    .into_iter()
                    .map(|(key, extra, item)| Posting { key: spread(key), extra, item })
                    .collect();
                postings.sort_unstable();
                let added = postings.len() as u64;
                runs.append(&db, "temp", Kind::First, &postings, added).unwrap();
                all.extend(postings);
                all.sort_unstable();
                if number == removed {
                    let gone: Vec<Posting> = all.iter().copied().filter(|posting| posting.item % 3 == 1).collect();
                    runs.remove(&db, Kind::First, &gone).unwrap();
                    all.retain(|posting| posting.item % 3 != 1);
                }
                let keys: BTreeSet<u64> =
                    all.iter().map(|posting| posting.key).chain((0..100).map(spread)).collect();
                let keys: Vec<u64> = keys.into_iter().collect();
                let mut found = Vec::new();
                runs.probe(&db, Kind::First, &keys, |key, posting| {
                    assert_eq!(keys[key], posting.key);
                    found.push(posting);
                }).unwrap();
                found.sort_unstable();
                prop_assert_eq!(&found, &all);
                // What is on the disk says the same.
                let loaded = Runs::load(&db, &["temp"]).unwrap();
                prop_assert_eq!(&scanned(&loaded, &db, Kind::First), &all);
                prop_assert_eq!(loaded.count(Kind::First).1, all.len() as u64);
            }
            while runs.settle(&db, "temp").unwrap() {}
            prop_assert_eq!(&scanned(&runs, &db, Kind::First), &all);
            prop_assert!(runs.count(Kind::First).0 <= 3);
            runs.clear(&db, Kind::First).unwrap();
            prop_assert_eq!(scanned(&Runs::load(&db, &["temp"]).unwrap(), &db, Kind::First), vec![]);
        }
    }

    #[test]
    fn runs_stay_few() {
        let gradual = Limits { at_once: 100, share: 8, least: 1, most: 1 << 20, ..Limits::default() };
        for (limits, most) in [(Limits::default(), 12), (gradual, 12), (Limits { filling: 0, ..gradual }, 20)]
        {
            let db = made();
            let mut runs = Runs { limits, ..Runs::default() };
            for item in 0..300u32 {
                let key = |n: u64| (u64::from(item) * 50 + n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let mut postings: Vec<Posting> =
                    (0..50u64).map(|n| Posting { key: key(n), extra: 0, item }).collect();
                postings.sort_unstable();
                runs.append(&db, "temp", Kind::Paragraphs, &postings, 1).unwrap();
                assert!(runs.count(Kind::Paragraphs).0 <= most, "{}", runs.count(Kind::Paragraphs).0);
            }
            assert_eq!(runs.count(Kind::Paragraphs).1, 15_000);
        }
    }
}
