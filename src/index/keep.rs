//! How items are written: rows, texts, and postings.
//!
//! Texts are compressed and postings sorted on all processors; one of them writes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use hashbrown::{HashMap, HashSet};
use rusqlite::OptionalExtension as _;

use super::codec::{
    KeptBlock, Posting, blocks_of, digest_bytes, digests_of, set_bytes, set_of, shingle_key, text_bytes,
};
use super::identity::{Identified, Identity, Row, key};
use super::item::{Item, Itemizer};
use super::order::{COMMON_LEAST, COMMON_SHARE, FREEZE_AT};
use super::runs::{FILLING, Kind};
use super::sample;
use super::{Index, Recording};
use crate::duplicates::Threshold;
use crate::error::IndexError;
use rayon::prelude::*;

/// A text that unpacks to more than this is damage: no document is so long.
const LONGEST_TEXT: usize = 1 << 30;
/// How hard zstd compresses: texts are short, and harder gains little.
const LEVEL: i32 = 1;
/// How many items one processor takes at a time.
const TOGETHER: usize = 256;

impl Index {
    /// Writes the row of an item that comes in.
    pub(super) fn insert(&mut self, item: &Item, to: &Identified, now: i64) -> Result<(), IndexError> {
        let target = self.target();
        let fault = |error| self.faults.of(error);
        let digests: Vec<_> = item.paragraphs.iter().map(|&(digest, _)| digest).collect();
        let meta = &item.meta;
        let mut insert = self
            .db
            .prepare_cached(&format!(
                "INSERT INTO {target}.items (number, id, url, path, record, offset, title, author, published, \
                 updated, first_seen, last_seen, content, whole, paragraphs, shingles, article) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13, ?14, ?15, ?16)"
            ))
            .map_err(fault)?;
        insert
            .execute(rusqlite::params![
                to.number,
                meta.id,
                meta.url,
                item.path,
                item.record,
                item.offset,
                meta.title,
                meta.author,
                meta.published,
                meta.updated,
                now,
                item.content.as_slice(),
                item.whole.as_slice(),
                digest_bytes(&digests),
                item.shingles.len() as u32,
                to.article,
            ])
            .map_err(fault)?;
        if let Identity::Revised(old) = &to.identity {
            self.superseded.insert(old.number, to.number);
        }
        Ok(())
    }

    /// Writes the texts and the postings of the items that come in.
    pub(super) fn post(&mut self, items: &[Item], to: &[Identified]) -> Result<(), IndexError> {
        self.keep_texts(items, to)?;
        self.freeze(items, to)?;
        let common = self.common.take().unwrap_or_default();
        let threshold = self.terms.threshold;
        let coming: Vec<_> = items.iter().zip(to).filter(|(_, to)| to.comes_in()).collect();
        let postings = coming.par_chunks(TOGETHER).map(|coming| {
            let mut postings = Postings::default();
            let shingles: usize = coming.iter().map(|(item, _)| item.shingles.len()).sum();
            postings.0[Kind::Sampled as usize].reserve(shingles / 2);
            for (item, to) in coming {
                postings.add(item, to.number, &common, threshold);
            }
            postings
        });
        let postings = Postings::joined(postings.collect());
        self.common = Some(common);
        let target = self.target();
        let postings = postings.sorted();
        let added = postings.iter().map(|(_, postings)| postings.len() as u64).sum();
        if added >= FILLING {
            // What one commit writes should not go to the disk twice.
            self.db.execute_batch("PRAGMA cache_size = -65536").map_err(|error| self.faults.of(error))?;
        }
        for (kind, postings) in postings {
            self.runs
                .append(&self.db, target, kind, &postings, added)
                .map_err(|trouble| self.faults.trouble(trouble))?;
        }
        Ok(())
    }

    /// Writes the texts of the items that come in, or their sets where no texts are kept.
    fn keep_texts(&self, items: &[Item], to: &[Identified]) -> Result<(), IndexError> {
        let coming: Vec<_> = items.iter().zip(to).filter(|(_, to)| to.comes_in()).collect();
        let with_texts = self.terms.texts;
        let table = if with_texts { "texts" } else { "sets" };
        let sql = format!("INSERT INTO {}.{table} (number, data) VALUES (?1, ?2)", self.target());
        let mut insert = self.db.prepare_cached(&sql).map_err(|error| self.faults.of(error))?;
        // As many at a time as are in memory anyway.
        for coming in coming.chunks(TOGETHER * rayon::current_num_threads()) {
            let packed = coming.par_chunks(TOGETHER).map(|coming| -> io::Result<Vec<Vec<u8>>> {
                // It takes longer to make than to compress a text.
                let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
                let pack = |item: &Item| match with_texts {
                    true => compressor.compress(&text_bytes(&item.blocks)),
                    false => Ok(set_bytes(&item.shingles)),
                };
                coming.iter().map(|(item, _)| *item).map(pack).collect()
            });
            let packed: io::Result<Vec<Vec<Vec<u8>>>> = packed.collect();
            let failed = |error| self.faults.say(format!("a text cannot be compressed ({error})"));
            let packed = packed.map_err(failed)?.into_iter().flatten();
            for ((_, to), data) in coming.iter().zip(packed) {
                insert.execute((to.number, data)).map_err(|error| self.faults.of(error))?;
            }
        }
        Ok(())
    }

    /// Drops the texts of versions that are no longer the last ones.
    pub(super) fn drop_superseded(&mut self) -> Result<(), IndexError> {
        if self.recording == Recording::Off {
            return Ok(());
        }
        let fault = |error| self.faults.of(error);
        for (old, new) in std::mem::take(&mut self.superseded) {
            let mut set = self
                .db
                .prepare_cached(
                    "UPDATE main.items SET superseded = ?2, last_seen = max(last_seen, ?3) WHERE number = ?1",
                )
                .map_err(fault)?;
            let seen = self.touched.get(&old).copied().unwrap_or(i64::MIN);
            set.execute((old, new, seen)).map_err(fault)?;
            self.drop_text(old)?;
        }
        Ok(())
    }

    /// Drops the text of version `number`, or its set.
    pub(super) fn drop_text(&self, number: u32) -> Result<(), IndexError> {
        for table in ["texts", "sets"] {
            let sql = format!("DELETE FROM main.{table} WHERE number = ?1");
            let dropped = self.db.prepare_cached(&sql).and_then(|mut drop| drop.execute([number]));
            dropped.map_err(|error| self.faults.of(error))?;
        }
        Ok(())
    }

    /// Returns the blocks of the item's text; `None` where no text is kept.
    pub(super) fn text(&self, number: u32) -> Result<Option<Vec<KeptBlock>>, IndexError> {
        let Some(packed) = self.blob("texts", number)? else { return Ok(None) };
        let unpacked = zstd::bulk::decompress(&packed, capacity(&packed));
        let damaged = || self.faults.damaged("the text of an item");
        let bytes = unpacked.map_err(|_| damaged())?;
        blocks_of(&bytes).map(Some).ok_or_else(damaged)
    }

    pub(super) fn blob(&self, table: &str, number: u32) -> Result<Option<Vec<u8>>, IndexError> {
        self.blob_of(table, "data", number)
    }

    fn blob_of(&self, table: &str, column: &str, number: u32) -> Result<Option<Vec<u8>>, IndexError> {
        let sql = format!("SELECT {column} FROM {}.{table} WHERE number = ?1", self.home(number));
        let fault = |error| self.faults.of(error);
        let mut read = self.db.prepare_cached(&sql).map_err(fault)?;
        read.query_row([number], |row| row.get(0)).optional().map_err(fault)
    }

    /// Returns the list of common shingles.
    pub(super) fn load_common(&mut self) -> Result<(), IndexError> {
        if self.common.is_none() {
            let fault = |error| self.faults.of(error);
            let mut read = self.db.prepare("SELECT shingle FROM main.common").map_err(fault)?;
            let all = read.query_map([], |row| row.get::<_, i64>(0)).map_err(fault)?;
            let common: Result<HashSet<u64>, _> = all.map(|hash| hash.map(|hash| hash as u64)).collect();
            self.common = Some(common.map_err(fault)?);
        }
        Ok(())
    }

    /// Lists the common shingles when there are items enough to know them, once and for all, and puts what
    /// was posted before into the order that makes.
    fn freeze(&mut self, items: &[Item], to: &[Identified]) -> Result<(), IndexError> {
        self.load_common()?;
        if self.recording == Recording::Off || self.next <= FREEZE_AT || self.is_frozen()? {
            return Ok(());
        }
        let first_here = to.iter().filter(|to| to.comes_in()).map(|to| to.number).min().unwrap_or(self.next);
        let mut itemizer = Itemizer::new(&self.terms);
        let mut before = BTreeMap::new();
        for number in self.live(first_here)? {
            if let Some(row) = self.row(number)? {
                before.insert(number, self.item_again(&row, &mut itemizer)?);
            }
        }
        let here = items.iter().zip(to).filter(|(_, to)| to.comes_in()).map(|(item, _)| item);
        let (mut counts, mut sets) = (HashMap::<u64, u32>::new(), 0);
        for item in before.values().chain(here) {
            sets += 1;
            item.shingles.iter().for_each(|&shingle| *counts.entry(shingle).or_default() += 1);
        }
        let least = (sets / COMMON_SHARE).max(COMMON_LEAST);
        let common: BTreeSet<u64> =
            counts.into_iter().filter(|&(_, count)| count >= least).map(|(shingle, _)| shingle).collect();
        let fault = |error| self.faults.of(error);
        for &shingle in &common {
            let mut insert = self.db.prepare_cached("INSERT INTO main.common VALUES (?1)").map_err(fault)?;
            insert.execute([shingle as i64]).map_err(fault)?;
        }
        self.db
            .execute("INSERT INTO main.meta VALUES ('common-from', ?1)", [sets.to_string()])
            .map_err(fault)?;
        let common: HashSet<u64> = common.into_iter().collect();
        let mut again = Postings::default();
        for (&number, item) in &before {
            again.add_sets(item, number, &common, self.terms.threshold);
        }
        let trouble = |trouble| self.faults.trouble(trouble);
        for (kind, postings) in again.sorted().into_iter().filter(|(kind, _)| kind.is_of_shingles()) {
            let added = postings.len() as u64;
            self.runs.clear(&self.db, kind).map_err(trouble)?;
            self.runs.append(&self.db, "main", kind, &postings, added).map_err(trouble)?;
        }
        self.common = Some(common);
        Ok(())
    }

    fn is_frozen(&self) -> Result<bool, IndexError> {
        let sql = "SELECT count(*) FROM main.meta WHERE key = 'common-from'";
        self.db.query_row(sql, [], |row| row.get(0)).map_err(|error| self.faults.of(error))
    }

    /// Makes the item of `number` again from what is kept of it: what its postings are made of. The shingles
    /// of a version that is not the last are gone.
    pub(super) fn item_again(&self, row: &Row, itemizer: &mut Itemizer) -> Result<Item, IndexError> {
        let blocks = self.text(row.number)?;
        let kept = blocks.is_some();
        let blocks = blocks.unwrap_or_default();
        let meta = row.meta.clone();
        let mut item = itemizer.assemble(meta, &row.path, row.record, row.offset, blocks, &[]);
        if !kept {
            let (name, address) = itemizer.names(&row.meta, &row.path, row.record, &row.content);
            (item.name, item.address) = (name, address);
            (item.content, item.whole) = (row.content, row.whole);
            let bytes = self.blob_of("items", "paragraphs", row.number)?.unwrap_or_default();
            let digests =
                digests_of(&bytes).ok_or_else(|| self.faults.damaged("the paragraphs of an item"))?;
            item.paragraphs = digests.into_iter().map(|digest| (digest, 0)).collect();
            let set = self.blob("sets", row.number)?.unwrap_or_default();
            item.shingles = set_of(&set).ok_or_else(|| self.faults.damaged("the shingles of an item"))?;
        }
        Ok(item)
    }

    /// Returns the numbers of the last versions below `end`, ascending.
    pub(super) fn live(&self, end: u32) -> Result<Vec<u32>, IndexError> {
        let fault = |error| self.faults.of(error);
        let sql = "SELECT number FROM main.items WHERE superseded IS NULL AND number < ?1 ORDER BY number";
        let mut read = self.db.prepare(sql).map_err(fault)?;
        let numbers = read.query_map([end], |row| row.get(0)).map_err(fault)?;
        numbers.collect::<Result<_, _>>().map_err(fault)
    }

    /// Whether the version is the last one as item `number` sees it.
    pub(super) fn is_last_for(row: &Row, number: u32) -> bool {
        row.superseded.is_none_or(|next| next >= number)
    }
}

/// The postings of some items, by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings([Vec<Posting>; Kind::ALL.len()]);

impl Postings {
    /// Adds those of `item`.
    pub fn add(&mut self, item: &Item, number: u32, common: &HashSet<u64>, threshold: Threshold) {
        let posting = |name: &_| {
            let (key, extra) = key(name);
            Posting { key, extra, item: number }
        };
        let names = &mut self.0[Kind::Names as usize];
        names.extend([item.name].iter().chain(&item.address).map(posting));
        if !item.paragraphs.is_empty() {
            names.push(posting(&item.whole));
        }
        let distinct: BTreeSet<_> = item.paragraphs.iter().map(|(digest, _)| digest).collect();
        self.0[Kind::Paragraphs as usize].extend(distinct.into_iter().map(posting));
        self.add_sets(item, number, common, threshold);
    }

    /// Adds those of the shingles of `item`.
    pub fn add_sets(&mut self, item: &Item, number: u32, common: &HashSet<u64>, threshold: Threshold) {
        sample::post(&item.shingles, &item.sets, common, threshold, |kind, shingle, extra| {
            self.0[kind as usize].push(Posting { key: shingle_key(shingle), extra, item: number });
        });
    }

    /// Returns all of `parts`.
    fn joined(parts: Vec<Self>) -> Self {
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_default();
        for part in parts {
            all.0.iter_mut().zip(part.0).for_each(|(all, mut part)| all.append(&mut part));
        }
        all
    }

    /// Returns them by kind, sorted, each once.
    pub fn sorted(mut self) -> [(Kind, Vec<Posting>); Kind::ALL.len()] {
        Kind::ALL.map(|kind| {
            let mut postings = std::mem::take(&mut self.0[kind as usize]);
            postings.par_sort_unstable();
            postings.dedup();
            (kind, postings)
        })
    }
}

/// How much room a packed text needs.
fn capacity(packed: &[u8]) -> usize {
    let said = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    said.map_or(0, |size| usize::try_from(size).unwrap_or(LONGEST_TEXT)).min(LONGEST_TEXT)
}
