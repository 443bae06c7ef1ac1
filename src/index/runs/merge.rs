//! How runs are merged, so that there are few of them.
//!
//! A run is merged with those before it that are not much larger than it ("log-structured merge tree": O'Neil
//! et al. 1996): the [`Ratio`] says how much, and weighs what is written now against what look-ups have to read
//! later. Small ones at once. A merge of many postings would make one commit write
//! hundreds of megabytes, which whoever opens the file after a crash would have to read; so it goes on from
//! commit to commit, through the keys from the first to the last, each time so far as what came in allows.
//! In between the keys before a bound stand in the new run, and the others still in the old ones, so that
//! every posting stands in one place at any time.

use std::ops::Range;

use rayon::prelude::*;
use rusqlite::Connection;

use super::super::codec::{Posting, put_block, take_block};
use super::{Kind, MOST_BITS, PLACES, Run, Runs, Trouble, drop_blocks, drop_run, keep_run};

/// How large a run must be to stay as it is, in thirds of what the runs behind it hold together.
#[derive(Clone, Copy, Debug)]
struct Ratio(u64);

impl Ratio {
    /// When little comes in, as in every run over some feeds: look-ups are what takes the time.
    const USUAL: Self = Self(9);
    /// When an index is filled: more is to come, and what is merged early is merged often. Three to five runs of
    /// about one size become one.
    const FILLING: Self = Self(1);
    /// When nothing more is to come.
    const SETTLED: Self = Self(48);

    /// Whether a run of so many postings stays, with so many behind it.
    const fn keeps(self, run: u64, behind: u64) -> bool {
        3 * run >= self.0 * behind
    }
}

/// A commit that adds so many postings fills an index.
pub(in crate::index) const FILLING: u64 = 1 << 18;

/// How much one commit may write, in postings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// A merge of so many, some 20 MB, is done at once.
    pub at_once: u64,
    /// A commit goes on with merges by so many for each one that it adds,
    pub share: u64,
    /// and by so many more,
    pub least: u64,
    /// but by no more than this, some 40 MB.
    pub most: u64,
    /// [`FILLING`].
    pub filling: u64,
}

impl Limits {
    const fn ratio(&self, added: u64) -> Ratio {
        if added < self.filling { Ratio::USUAL } else { Ratio::FILLING }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_once: 2_000_000, share: 4, least: 1 << 17, most: 4_000_000, filling: FILLING }
    }
}

/// About how many postings are merged between two writes.
const GROUP: u64 = 1 << 18;

/// No posting of a block takes fewer bytes than this, and most about so many.
const SHORTEST: usize = 3;
const USUAL: usize = 11;

/// A block of a source, among the bytes of all.
struct Stored {
    part: u64,
    bytes: Range<usize>,
}

/// A part of the keys of some runs, merged: blocks by their first bits, with how many postings each holds.
#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    /// Top bits, length, postings.
    blocks: Vec<(u64, usize, u64)>,
}

/// What a merge of some parts did.
struct Merged {
    written: u64,
    /// How many postings came from each source.
    taken: Vec<u64>,
    /// The first part that is left.
    next: u64,
}

impl Runs {
    /// Writes `postings` (sorted) of `kind` as a run of `schema`, and goes on with merges. The commit adds so many
    /// of all kinds as `added` says.
    pub fn append(
        &mut self,
        db: &Connection,
        schema: &'static str,
        kind: Kind,
        postings: &[Posting],
        added: u64,
    ) -> Result<(), Trouble> {
        if postings.is_empty() {
            return Ok(());
        }
        let mut total = postings.len() as u64;
        let mut small = Vec::new();
        let ratio = self.limits.ratio(added);
        for run in self.free(schema, kind) {
            if ratio.keeps(run.postings, total) || run.postings + total > self.limits.at_once {
                break;
            }
            total += run.postings;
            small.push(*run);
        }
        let mut run = Run::new(schema, next_number(db, schema)?, kind, total);
        let coarsest = coarsest(&run, &small);
        let merged = merge(db, &run, &small, postings, 0..parts(kind, coarsest), u64::MAX)?;
        run.postings = merged.written;
        for old in &small {
            drop_run(db, old)?;
        }
        self.forget(schema, &small);
        keep_run(db, &run)?;
        self.runs.push(run);
        self.start(db, schema, kind, ratio)?;
        self.work(
            db,
            schema,
            kind,
            (self.limits.share * postings.len() as u64 + self.limits.least).min(self.limits.most),
        )
    }

    /// Goes on with merges of all kinds, towards as few runs as a look-up wishes for; returns whether more is
    /// to be done after what one commit should write.
    pub fn settle(&mut self, db: &Connection, schema: &'static str) -> Result<bool, Trouble> {
        for kind in Kind::ALL {
            let merging = |runs: &Self| runs.of(kind).any(|run| run.schema == schema && run.is_merging());
            if !merging(self) {
                self.start(db, schema, kind, Ratio::SETTLED)?;
            }
            self.work(db, schema, kind, self.limits.most)?;
            if !merging(self) {
                self.start(db, schema, kind, Ratio::SETTLED)?;
            }
            if merging(self) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The runs behind those that take part in a merge, the newest first.
    fn free(&self, schema: &'static str, kind: Kind) -> impl Iterator<Item = &Run> {
        let of_schema = self.of(kind).rev().filter(move |run| run.schema == schema);
        of_schema.take_while(|run| !run.is_merging())
    }

    fn forget(&mut self, schema: &'static str, gone: &[Run]) {
        self.runs.retain(|run| run.schema != schema || gone.iter().all(|old| old.number != run.number));
    }

    /// Begins a merge of the newest runs, from the first on that `ratio` does not keep apart from all behind it.
    fn start(
        &mut self,
        db: &Connection,
        schema: &'static str,
        kind: Kind,
        ratio: Ratio,
    ) -> Result<(), Trouble> {
        let newest: Vec<Run> = self.free(schema, kind).copied().collect();
        let (mut behind, mut merged) = (0, 0);
        for (before, run) in newest.iter().enumerate() {
            if !ratio.keeps(run.postings, behind) {
                merged = before + 1;
            }
            behind += run.postings;
        }
        let total = newest[..merged].iter().map(|run| run.postings).sum();
        let sources: Vec<i64> = newest[..merged].iter().map(|run| run.number).collect();
        if sources.len() < 2 {
            return Ok(());
        }
        let mut run = Run::new(schema, next_number(db, schema)?, kind, total);
        run.end = 0;
        for old in self.runs.iter_mut().filter(|old| old.schema == schema && sources.contains(&old.number)) {
            old.into = Some(run.number);
            keep_run(db, old)?;
        }
        keep_run(db, &run)?;
        self.runs.push(run);
        Ok(())
    }

    /// Goes on with the merges of `kind`, the smallest first, until `budget` postings are written.
    fn work(
        &mut self,
        db: &Connection,
        schema: &'static str,
        kind: Kind,
        mut budget: u64,
    ) -> Result<(), Trouble> {
        while budget > 0 {
            let sources = |run: &Run| -> Vec<Run> {
                self.of(kind)
                    .filter(|old| old.schema == schema && old.into == Some(run.number))
                    .copied()
                    .collect()
            };
            let growing = self.of(kind).filter(|run| run.schema == schema && run.end != PLACES);
            let next = growing
                .map(|run| (*run, sources(run)))
                .min_by_key(|(_, sources)| sources.iter().map(|old| old.postings).sum::<u64>());
            let Some((run, sources)) = next else { break };
            let written = self.advance(db, run, &sources, budget)?;
            budget = budget.saturating_sub(written.max(1));
        }
        Ok(())
    }

    /// Goes on with the merge of `sources` into `run`, by about `budget` postings; returns how many.
    fn advance(
        &mut self,
        db: &Connection,
        mut run: Run,
        sources: &[Run],
        budget: u64,
    ) -> Result<u64, Trouble> {
        let coarsest = coarsest(&run, sources);
        let shift = MOST_BITS - coarsest;
        let (begun, all) = (u64::from(run.end) >> shift, parts(run.kind, coarsest));
        let merged = merge(db, &run, sources, &[], begun..all, budget)?;
        run.postings += merged.written;
        let done = merged.next >= all;
        run.end = if done { PLACES } else { (merged.next as u32) << shift };
        for (old, taken) in sources.iter().zip(merged.taken) {
            if done {
                drop_run(db, old)?;
                continue;
            }
            let finer = old.bits - coarsest;
            drop_blocks(db, old, old.place(begun << finer), old.place((merged.next << finer) - 1))?;
            let old = Run { first: run.end, postings: old.postings.saturating_sub(taken), ..*old };
            keep_run(db, &old)?;
            self.replace(old);
        }
        if done {
            self.forget(run.schema, sources);
        }
        keep_run(db, &run)?;
        self.replace(run);
        Ok(merged.written)
    }

    fn replace(&mut self, run: Run) {
        let there = self.runs.iter_mut().find(|old| old.schema == run.schema && old.number == run.number);
        if let Some(old) = there {
            *old = run;
        }
    }
}

fn next_number(db: &Connection, schema: &str) -> rusqlite::Result<i64> {
    let sql = format!("SELECT coalesce(max(run), 0) + 1 FROM {schema}.runs");
    db.query_row(&sql, [], |row| row.get(0))
}

/// How many first bits tell the parts apart in which `run` and `sources` are read in step: as fine as the
/// coarsest of them allows.
fn coarsest(run: &Run, sources: &[Run]) -> u32 {
    sources.iter().map(|run| run.bits).fold(run.bits, u32::min)
}

/// How many parts there are.
const fn parts(kind: Kind, coarsest: u32) -> u64 {
    // Keys that begin with a 0 need no more than half of them.
    1 << coarsest.saturating_sub(kind.skipped())
}

/// Writes the postings of `sources` and `added` in `parts` of the keys as blocks of `run`, until `most` are
/// written.
fn merge(
    db: &Connection,
    run: &Run,
    sources: &[Run],
    added: &[Posting],
    parts: Range<u64>,
    most: u64,
) -> Result<Merged, Trouble> {
    let coarsest = coarsest(run, sources);
    let part_of = |posting: &Posting| if coarsest == 0 { 0 } else { posting.key >> (64 - coarsest) };
    let (schema, all) = (run.schema, parts.end.max(1));
    let mut insert =
        db.prepare_cached(&format!("INSERT INTO {schema}.blocks (place, data) VALUES (?1, ?2)"))?;
    let mut range = db.prepare_cached(&format!(
        "SELECT place, data FROM {schema}.blocks WHERE place BETWEEN ?1 AND ?2 ORDER BY place"
    ))?;
    let total = sources.iter().map(|old| old.postings).sum::<u64>() + added.len() as u64;
    let left = all.saturating_sub(parts.start).max(1);
    // So many parts at a time as hold about [`GROUP`] postings.
    let step = (GROUP.min(most) * left / total.max(1)).clamp(1, left);
    let mut merged = Merged { written: 0, taken: vec![0; sources.len()], next: parts.start };
    let mut bytes = Vec::new();
    let mut stored: Vec<Vec<Stored>> = sources.iter().map(|_| Vec::new()).collect();
    let mut rest = added;
    while merged.next < parts.end && merged.written < most {
        let group = merged.next..(merged.next + step).min(parts.end);
        bytes.clear();
        for (old, stored) in sources.iter().zip(&mut stored) {
            stored.clear();
            let finer = old.bits - coarsest;
            let (first, last) = (group.start << finer, (group.end << finer) - 1);
            let mut rows = range.query((old.place(first), old.place(last)))?;
            while let Some(row) = rows.next()? {
                let part = (row.get::<_, i64>(0)? - old.place(0)) as u64 >> finer;
                let data = row.get_ref(1)?.as_blob().map_err(|_| Trouble::Damaged("no block"))?;
                let start = bytes.len();
                bytes.extend_from_slice(data);
                stored.push(Stored { part, bytes: start..bytes.len() });
            }
        }
        let end = rest.partition_point(|posting| part_of(posting) < group.end);
        let (here, behind) = rest.split_at(end);
        rest = behind;
        // Each processor takes parts enough to be worth it.
        let pieces = (group.end - group.start).div_ceil(4 * rayon::current_num_threads() as u64).max(1);
        let ranges: Vec<Range<u64>> = (group.start..group.end)
            .step_by(pieces as usize)
            .map(|first| first..(first + pieces).min(group.end))
            .collect();
        let made: Option<Vec<(Part, Vec<u64>)>> = ranges
            .into_par_iter()
            .map(|parts| {
                let from = |part: u64| here.partition_point(|posting| part_of(posting) < part);
                let added = &here[from(parts.start)..from(parts.end)];
                let stored = stored.iter().map(|stored| {
                    let from = |part: u64| stored.partition_point(|block| block.part < part);
                    &stored[from(parts.start)..from(parts.end)]
                });
                some_parts(run, &bytes, stored, added)
            })
            .collect();
        for (part, taken) in made.ok_or(Trouble::Damaged("a block of postings"))? {
            let mut bytes = part.bytes.as_slice();
            for (top, length, count) in part.blocks {
                let (block, behind) = bytes.split_at(length);
                bytes = behind;
                insert.execute((run.place(top), block))?;
                merged.written += count;
            }
            merged.taken.iter_mut().zip(taken).for_each(|(sum, taken)| *sum += taken);
        }
        merged.next = group.end;
    }
    Ok(merged)
}

/// Merges the blocks `stored` of each source, which stand in `bytes`, with `added`, all of them of some parts of
/// the keys; returns how many postings came from each source too, and `None` where a block is none.
fn some_parts<'s>(
    run: &Run,
    bytes: &[u8],
    stored: impl Iterator<Item = &'s [Stored]> + Clone,
    added: &[Posting],
) -> Option<(Part, Vec<u64>)> {
    let length: usize = stored.clone().flatten().map(|block| block.bytes.len()).sum();
    let mut postings = Vec::with_capacity(length / SHORTEST + added.len());
    let mut taken = Vec::new();
    for blocks in stored {
        let before = postings.len();
        for block in blocks {
            take_block(&bytes[block.bytes.clone()], run.kind.cut(), &mut postings)?;
        }
        taken.push((postings.len() - before) as u64);
    }
    postings.extend_from_slice(added);
    // What came from one source is sorted, and a stable sort merges such stretches.
    postings.sort();
    let mut part = Part { bytes: Vec::with_capacity(length + added.len() * USUAL), blocks: Vec::new() };
    for block in postings.chunk_by(|a, b| run.top(a.key) == run.top(b.key)) {
        let before = part.bytes.len();
        put_block(block, run.kind.cut(), &mut part.bytes);
        part.blocks.push((run.top(block[0].key), part.bytes.len() - before, block.len() as u64));
    }
    Some((part, taken))
}
