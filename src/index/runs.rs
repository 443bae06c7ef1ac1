//! Postings on disk: which items stand under which keys?
//!
//! Keys are hashes, spread evenly. What one commit adds becomes one sorted *run*, cut by the top bits of the
//! keys into blocks of about [`BLOCK`] postings each, so the block that a key stands in is worked out and
//! never searched. Runs are merged when the next one has grown to a quarter of the one before it ("log-
//! structured merge tree": O'Neil et al. 1996), so there are few of them, and each posting is written again
//! a few times and not once for each commit. No run grows beyond [`LARGEST`]: a merge has to end.
//!
//! Look-ups are sorted, each block is read once for all keys in it, and blocks of one run are read in the
//! order in which they stand in the file.

use rusqlite::{Connection, OptionalExtension as _, Statement};

use super::codec::{Posting, find_in_block, put_block, take_block};

/// How many postings a block should hold: two blocks fill a page of 4 KiB.
const BLOCK: u64 = 192;
/// The most top bits that name a block.
const MOST_BITS: u32 = 24;
/// How many times larger than the runs behind it a run must be to stay as it is.
const RATIO: u64 = 4;
/// No merge makes a run of more postings than this, about 600 MB: it has to end, and be written at once.
const LARGEST: u64 = 64_000_000;

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
}

/// One run: its number, and how many top bits of a key name its block.
#[derive(Clone, Copy, Debug)]
struct Run {
    schema: &'static str,
    number: i64,
    kind: i64,
    bits: u32,
    postings: u64,
}

impl Run {
    /// Where the block of the keys that begin with `top` stands.
    const fn place(&self, top: u64) -> i64 {
        self.number << MOST_BITS | top as i64
    }

    /// The first bits of `key`.
    const fn top(&self, key: u64) -> u64 {
        if self.bits == 0 { 0 } else { key >> (64 - self.bits) }
    }
}

/// The runs of an index, the oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs(Vec<Run>);

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
            let mut all =
                db.prepare(&format!("SELECT run, kind, bits, postings FROM {schema}.runs ORDER BY run"))?;
            let found = all.query_map([], |row| {
                let bits = row.get::<_, u32>(2)?.min(MOST_BITS);
                Ok(Run { schema, number: row.get(0)?, kind: row.get(1)?, bits, postings: row.get(3)? })
            })?;
            for run in found {
                runs.push(run?);
            }
        }
        Ok(Self(runs))
    }

    /// Returns how many runs and postings of `kind` there are.
    pub fn count(&self, kind: Kind) -> (u64, u64) {
        let of_kind = self.0.iter().filter(|run| run.kind == kind as i64);
        of_kind.fold((0, 0), |(runs, postings), run| (runs + 1, postings + run.postings))
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
        for run in self.0.iter().filter(|run| run.kind == kind as i64) {
            let mut read = db.prepare_cached(&read_one(run.schema))?;
            let mut first = 0;
            for keys in keys.chunk_by(|&a, &b| run.top(a) == run.top(b)) {
                let found = read.query_row([run.place(run.top(keys[0]))], |row| {
                    let data = row.get_ref(0)?.as_blob().unwrap_or_default();
                    Ok(find_in_block(data, keys, |number, posting| take(first + number, posting)))
                });
                if found.optional()? == Some(None) {
                    return Err(Trouble::Damaged("a block of postings"));
                }
                first += keys.len();
            }
        }
        Ok(())
    }

    /// Writes `postings` (sorted) of `kind` as a run of `schema`, together with the runs that are small
    /// beside it.
    pub fn append(
        &mut self,
        db: &Connection,
        schema: &'static str,
        kind: Kind,
        postings: &[Posting],
    ) -> Result<(), Trouble> {
        if postings.is_empty() {
            return Ok(());
        }
        let mut total = postings.len() as u64;
        let mut merged = Vec::new();
        for run in self.0.iter().rev().filter(|run| run.kind == kind as i64 && run.schema == schema) {
            if run.postings >= RATIO * total || run.postings + total > LARGEST {
                break;
            }
            total += run.postings;
            merged.push(*run);
        }
        self.write(db, schema, kind, &merged, postings, total, |_| true)
    }

    /// Writes all runs of `kind` again, without the postings that `stays` says no to.
    pub fn rewrite(
        &mut self,
        db: &Connection,
        kind: Kind,
        stays: impl Fn(Posting) -> bool,
    ) -> Result<(), Trouble> {
        let of_kind: Vec<Run> = self.0.iter().filter(|run| run.kind == kind as i64).copied().collect();
        for run in of_kind {
            self.write(db, run.schema, kind, &[run], &[], run.postings, &stays)?;
        }
        Ok(())
    }

    /// Drops all runs of `kind`.
    pub fn clear(&mut self, db: &Connection, kind: Kind) -> Result<(), Trouble> {
        self.rewrite(db, kind, |_| false)
    }

    #[expect(clippy::too_many_arguments, reason = "one place that both ways of writing go through")]
    fn write(
        &mut self,
        db: &Connection,
        schema: &'static str,
        kind: Kind,
        merged: &[Run],
        added: &[Posting],
        total: u64,
        stays: impl Fn(Posting) -> bool,
    ) -> Result<(), Trouble> {
        let bits = (total / BLOCK).max(1).next_power_of_two().trailing_zeros() + kind.skipped();
        let bits = bits.min(MOST_BITS);
        let next = "SELECT coalesce(max(run), 0) + 1 FROM {s}.runs".replace("{s}", schema);
        let number: i64 = db.query_row(&next, [], |row| row.get(0))?;
        let mut run = Run { schema, number, kind: kind as i64, bits, postings: 0 };
        // All runs are read in step, a slice of the keys at a time: as fine as the coarsest allows.
        let coarsest = merged.iter().map(|run| run.bits).min().unwrap_or(0).min(bits);
        let mut insert =
            db.prepare_cached(&format!("INSERT INTO {schema}.blocks (place, data) VALUES (?1, ?2)"))?;
        let mut range = db.prepare_cached(&format!(
            "SELECT data FROM {schema}.blocks WHERE place BETWEEN ?1 AND ?2 ORDER BY place"
        ))?;
        let (mut slice, mut bytes, mut rest) = (Vec::new(), Vec::new(), added);
        for part in 0..1u64 << coarsest {
            slice.clear();
            for old in merged {
                let finer = old.bits - coarsest;
                let (first, last) = (part << finer, ((part + 1) << finer) - 1);
                let mut rows = range.query((old.place(first), old.place(last)))?;
                while let Some(row) = rows.next()? {
                    let data = row.get_ref(0)?.as_blob().map_err(|_| Trouble::Damaged("no block"))?;
                    take_block(data, &mut slice).ok_or(Trouble::Damaged("a block of postings"))?;
                }
            }
            let end = match coarsest {
                0 => rest.len(),
                _ => rest.partition_point(|posting| posting.key >> (64 - coarsest) <= part),
            };
            let (here, behind) = rest.split_at(end);
            rest = behind;
            slice.extend_from_slice(here);
            slice.retain(|&posting| stays(posting));
            if merged.len() + usize::from(!here.is_empty()) > 1 {
                slice.sort_unstable();
            }
            let shape = run;
            for block in slice.chunk_by(|a, b| shape.top(a.key) == shape.top(b.key)) {
                bytes.clear();
                put_block(block, &mut bytes);
                insert.execute((run.place(run.top(block[0].key)), bytes.as_slice()))?;
                run.postings += block.len() as u64;
            }
        }
        for old in merged {
            let (first, last) = (old.place(0), old.place((1 << MOST_BITS) - 1));
            let blocks = format!("DELETE FROM {schema}.blocks WHERE place BETWEEN ?1 AND ?2");
            db.prepare_cached(&blocks)?.execute((first, last))?;
            db.prepare_cached(&format!("DELETE FROM {schema}.runs WHERE run = ?1"))?.execute([old.number])?;
        }
        let gone = |run: &Run| merged.iter().any(|old| old.number == run.number && old.schema == run.schema);
        self.0.retain(|run| !gone(run));
        if run.postings > 0 {
            db.prepare_cached(&format!("INSERT INTO {schema}.runs VALUES (?1, ?2, ?3, ?4)"))?.execute((
                run.number,
                run.kind,
                run.bits,
                run.postings,
            ))?;
            self.0.push(run);
        }
        Ok(())
    }

    /// Takes `gone` (sorted) of `kind` out of the blocks they stand in.
    pub fn remove(&mut self, db: &Connection, kind: Kind, gone: &[Posting]) -> Result<(), Trouble> {
        let (mut block, mut bytes) = (Vec::new(), Vec::new());
        for run in self.0.iter_mut().filter(|run| run.kind == kind as i64) {
            let mut read = db.prepare_cached(&read_one(run.schema))?;
            let before = run.postings;
            let shape = *run;
            for part in gone.chunk_by(|a, b| shape.top(a.key) == shape.top(b.key)) {
                let place = run.place(run.top(part[0].key));
                block.clear();
                read_block(&mut read, place, &mut block)?;
                let held = block.len();
                block.retain(|posting| part.binary_search(posting).is_err());
                if block.len() == held {
                    continue;
                }
                run.postings -= (held - block.len()) as u64;
                bytes.clear();
                put_block(&block, &mut bytes);
                let sql = format!("UPDATE {}.blocks SET data = ?2 WHERE place = ?1", run.schema);
                db.prepare_cached(&sql)?.execute((place, bytes.as_slice()))?;
            }
            if run.postings != before {
                let sql = format!("UPDATE {}.runs SET postings = ?2 WHERE run = ?1", run.schema);
                db.prepare_cached(&sql)?.execute((run.number, run.postings))?;
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
        for run in self.0.iter().filter(|run| run.kind == kind as i64) {
            let sql = "SELECT place, data FROM {s}.blocks WHERE place BETWEEN ?1 AND ?2 ORDER BY place";
            let mut read = db.prepare_cached(&sql.replace("{s}", run.schema))?;
            let mut rows = read.query((run.place(0), run.place((1 << MOST_BITS) - 1)))?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                block.clear();
                let place: i64 = row.get(0)?;
                let data = row.get_ref(1)?.as_blob().map_err(|_| Trouble::Damaged("no block"))?;
                take_block(data, &mut block).ok_or(Trouble::Damaged("a block of postings"))?;
                if !block.is_sorted() || block.iter().any(|posting| run.place(run.top(posting.key)) != place)
                {
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

fn read_block(read: &mut Statement<'_>, place: i64, block: &mut Vec<Posting>) -> Result<(), Trouble> {
    let found = read.query_row([place], |row| {
        let data = row.get_ref(0)?.as_blob().unwrap_or_default();
        Ok(take_block(data, block))
    });
    match found.optional()? {
        Some(None) => Err(Trouble::Damaged("a block of postings")),
        Some(Some(())) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        super::super::schema::create_aside(&db).unwrap();
        db
    }

    proptest! {
        #[test]
        fn look_ups_find_what_was_added_in_any_number_of_runs(
            batches in prop::collection::vec(prop::collection::vec((0u64..200, 0u32..3, 0u32..1000), 0..300), 1..12),
        ) {
            let db = made();
            let mut runs = Runs::default();
            let mut all = Vec::new();
            // Keys all over the range, so that there are many blocks.
            let spread = |key: u64| (key + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for batch in batches {
                let mut postings: Vec<Posting> = batch
                    .into_iter()
                    .map(|(key, extra, item)| Posting { key: spread(key), extra, item })
                    .collect();
                postings.sort_unstable();
                runs.append(&db, "temp", Kind::First, &postings).unwrap();
                all.extend(postings);
            }
            all.sort_unstable();
            let mut keys: Vec<u64> = (0..220).map(spread).collect();
            keys.sort_unstable();
            let mut found = Vec::new();
            runs.probe(&db, Kind::First, &keys, |key, posting| {
                assert_eq!(keys[key], posting.key);
                found.push(posting);
            }).unwrap();
            found.sort_unstable();
            prop_assert_eq!(&found, &all);
            let mut scanned = Vec::new();
            Runs::load(&db, &["temp"]).unwrap().for_each(&db, Kind::First, |posting| scanned.push(posting)).unwrap();
            scanned.sort_unstable();
            prop_assert_eq!(&scanned, &all);
            runs.rewrite(&db, Kind::First, |posting| posting.item % 2 == 0).unwrap();
            all.retain(|posting| posting.item % 2 == 0);
            let mut scanned = Vec::new();
            runs.for_each(&db, Kind::First, |posting| scanned.push(posting)).unwrap();
            scanned.sort_unstable();
            prop_assert_eq!(scanned, all);
        }
    }

    #[test]
    fn runs_stay_few() {
        let db = made();
        let mut runs = Runs::default();
        for item in 0..300u32 {
            let mut postings: Vec<Posting> = (0..50u64)
                .map(|n| Posting {
                    key: (u64::from(item) * 50 + n).wrapping_mul(0x9e37_79b9_7f4a_7c15),
                    extra: 0,
                    item,
                })
                .collect();
            postings.sort_unstable();
            runs.append(&db, "temp", Kind::Paragraphs, &postings).unwrap();
        }
        assert!(runs.count(Kind::Paragraphs).0 <= 6);
        assert_eq!(runs.count(Kind::Paragraphs).1, 15_000);
    }
}
