//! Is an item one that we have? By its id, or else its address.

use hashbrown::{HashMap, HashSet};
use rusqlite::OptionalExtension as _;

use super::codec::{Posting, SHORT_DIGEST};
use super::item::{Item, Name, instant, stated_change};
use super::runs::Kind;
use super::{Index, Recording};
use crate::document::Metadata;
use crate::error::IndexError;

/// What the index remembers of an item, without its text.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub number: u32,
    /// The number of the first version of the same item.
    pub article: u32,
    pub meta: Metadata,
    pub path: String,
    pub record: u32,
    pub offset: u64,
    pub first_seen: i64,
    pub last_seen: i64,
    pub content: Name,
    pub whole: Name,
    /// How many shingles it has.
    pub shingles: u32,
    /// The number of the next version.
    pub superseded: Option<u32>,
}

/// What an item is to the index.
#[derive(Clone, Debug)]
pub(super) enum Identity {
    /// No item of its names is there.
    New,
    /// The item is there, and its text is this one.
    Known(Box<Row>),
    /// The item is there with another text: its last version.
    Revised(Box<Row>),
    /// The file breaks off inside of it, and no item of its names is there: it is not taken in.
    CutOff,
}

/// An item with its number: its own, or for a known one that of the version there.
#[derive(Clone, Debug)]
pub(super) struct Identified {
    pub number: u32,
    pub article: u32,
    pub identity: Identity,
}

impl Row {
    /// Whether `item`, which has the text of this version, may be the very record that it was read from: it
    /// stands in the same file, and claims no later change.
    fn is_read_again(&self, item: &Item) -> bool {
        let (ours, theirs) = (stated_change(&self.meta), item.stated_change());
        let is_later = || Some(instant(theirs)? > instant(ours)?);
        self.path == item.path && (ours == theirs || is_later() == Some(false))
    }

    /// Whether `item`, which has the text of this version, says that this is how it stood before `last` came: it
    /// was changed no later than this version, and `last` was.
    fn is_dated_before(&self, last: &Self, item: &Item) -> bool {
        let is_before = || {
            let (ours, last) = (instant(stated_change(&self.meta))?, instant(stated_change(&last.meta))?);
            Some(instant(item.stated_change())? <= ours && ours < last)
        };
        is_before() == Some(true)
    }
}

impl Identified {
    /// Whether the item is not in the index yet.
    pub const fn comes_in(&self) -> bool {
        !matches!(self.identity, Identity::Known(_) | Identity::CutOff)
    }
}

/// A 96-bit key, as postings hold it.
pub(super) type Key = (u64, u32);

pub(super) fn key(name: &Name) -> Key {
    let first = name.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let more = name.get(8..12).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_be_bytes(*bytes));
    (first, more)
}

impl Index {
    /// Returns all numbers under each of `keys`, ascending.
    pub(super) fn numbers(&self, kind: Kind, keys: &[Key]) -> Result<HashMap<Key, Vec<u32>>, IndexError> {
        let mut firsts: Vec<u64> = keys.iter().map(|key| key.0).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let mut found: HashMap<Key, Vec<u32>> = keys.iter().map(|&key| (key, Vec::new())).collect();
        let take = |_, posting: super::codec::Posting| {
            if let Some(numbers) = found.get_mut(&(posting.key, posting.extra)) {
                numbers.push(posting.item);
            }
        };
        self.runs.probe(&self.db, kind, &firsts, take).map_err(|trouble| self.faults.trouble(trouble))?;
        found.values_mut().for_each(|numbers| numbers.sort_unstable());
        Ok(found)
    }

    /// Returns the row of item `number`; `None` if there is none, or no more.
    pub(super) fn row(&self, number: u32) -> Result<Option<Row>, IndexError> {
        let sql = format!(
            "SELECT number, article, id, url, path, record, offset, title, author, published, updated, \
             first_seen, last_seen, content, whole, shingles, superseded FROM {}.items WHERE number = ?1",
            self.home(number)
        );
        let fault = |error| self.faults.of(error);
        let mut read = self.db.prepare_cached(&sql).map_err(fault)?;
        let row = read.query_row([number], row_of).optional().map_err(fault)?;
        Ok(row.map(|mut row| {
            row.superseded = self.superseded.get(&number).copied().or(row.superseded);
            if let Some(&seen) = self.touched.get(&number) {
                row.last_seen = row.last_seen.max(seen);
            }
            if let Some(updated) = self.moved.get(&number) {
                row.meta.updated.clone_from(updated);
            }
            row
        }))
    }

    /// Returns the last version of the item whose version `number` is; `None` if it was removed.
    pub(super) fn last_version(&self, number: u32) -> Result<Option<Row>, IndexError> {
        let mut row = self.row(number)?;
        while let Some(next) = row.as_ref().and_then(|row| row.superseded) {
            row = self.row(next)?;
        }
        Ok(row)
    }

    /// Says what each item is to the index and to those before it, and gives numbers to those that come in.
    /// Rows of items that come in are written at once, so that later ones meet them.
    pub(super) fn identify(&mut self, items: &[Item], now: i64) -> Result<Vec<Identified>, IndexError> {
        let keys: Vec<Key> =
            items.iter().flat_map(|item| std::iter::once(&item.name).chain(&item.address)).map(key).collect();
        let there = self.numbers(Kind::Names, &keys)?;
        let mut here: HashMap<Name, u32> = HashMap::new();
        let many = addresses_of_many(items);
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let mut prior = self.bearer(&item.name, &here, &there)?;
            let mut same_id = true;
            if let (None, Some(address)) = (&prior, item.address.filter(|address| !many.contains(address))) {
                prior = self.at_address(&address, &there)?;
                // One address under two ids: the same text is a repeat, another one a new version.
                same_id = prior.as_ref().is_some_and(|row| row.meta.id.is_none());
            }
            // Nothing that a part says of the item is known to be so.
            let mut offered = !item.cut_off;
            let identity = match prior {
                None if item.cut_off => Identity::CutOff,
                Some(row) if item.cut_off => Identity::Known(Box::new(row)),
                None => Identity::New,
                Some(row) if row.content != item.content => match self.earlier(&row, item)? {
                    Some((version, is_beside)) if same_id => {
                        offered = is_beside;
                        Identity::Known(Box::new(version))
                    }
                    _ => Identity::Revised(Box::new(row)),
                },
                Some(row) if same_id => Identity::Known(Box::new(row)),
                Some(_) => Identity::New,
            };
            let (number, article) = match &identity {
                Identity::Known(row) => {
                    if offered {
                        self.touch(row, item, now)?;
                        if self.names_later(row, item)? {
                            here.insert(item.name, row.number);
                        }
                    }
                    (row.number, row.article)
                }
                Identity::CutOff => (0, 0),
                Identity::New => (self.next, self.next),
                Identity::Revised(row) => (self.next, row.article),
            };
            let identified = Identified { number, article, identity };
            if identified.comes_in() {
                self.next += 1;
                for name in std::iter::once(item.name).chain(item.address) {
                    here.insert(name, number);
                }
                self.insert(item, &identified, now)?;
            }
            out.push(identified);
        }
        Ok(out)
    }

    /// The last version of the item that bears `name`.
    fn bearer(
        &self,
        name: &Name,
        here: &HashMap<Name, u32>,
        there: &HashMap<Key, Vec<u32>>,
    ) -> Result<Option<Row>, IndexError> {
        if let Some(&number) = here.get(name) {
            return self.last_version(number);
        }
        for &number in there.get(&key(name)).into_iter().flatten().rev() {
            if let Some(row) = self.last_version(number)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The last version of the one item at an address. An address at which several items stand (a page of
    /// entries, the front page) names none of them, and neither does one that another item of this run bears.
    fn at_address(&self, address: &Name, there: &HashMap<Key, Vec<u32>>) -> Result<Option<Row>, IndexError> {
        let (mut found, mut articles): (Option<Row>, HashSet<u32>) = (None, HashSet::new());
        for &number in there.get(&key(address)).into_iter().flatten().rev() {
            let Some(row) = self.row(number)?.filter(|row| articles.insert(row.article)) else { continue };
            let Some(row) = self.last_version(row.number)? else { continue };
            let is_of_this_run = row.number >= self.run_from || self.touched.contains_key(&row.number);
            if is_of_this_run || found.as_ref().is_some_and(|found| found.content != row.content) {
                return Ok(None);
            }
            found = found.or(Some(row));
        }
        Ok(found)
    }

    /// The earlier version that `item` is, and whether its source still offers it.
    ///
    /// A source that gives two texts one id gives both of them each time: the one that was still offered when the
    /// next one came is no revision. Neither is what only lies where it lay ([`Row::is_read_again`]), or says
    /// itself that it is old ([`Row::is_dated_before`]).
    fn earlier(&self, last: &Row, item: &Item) -> Result<Option<(Row, bool)>, IndexError> {
        let (mut at, mut dated, mut again) = (last.article, None, None);
        while at != last.number {
            let Some(row) = self.row(at)? else { break };
            let Some(next) = row.superseded else { break };
            // Another text has come from the file since.
            again = again.filter(|_| row.path != item.path);
            if row.content == item.content {
                if self.row(next)?.is_some_and(|next| next.first_seen <= row.last_seen) {
                    return Ok(Some((row, true)));
                }
                if row.is_dated_before(last, item) {
                    dated = Some(row);
                } else if row.is_read_again(item) {
                    again = Some(row);
                }
            }
            at = next;
        }
        again = again.filter(|_| last.path != item.path);
        Ok(dated.or(again).map(|version| (version, false)))
    }

    /// Gives a known item that had only an address the id that it comes with now: it is found by either from then
    /// on. Returns whether it did.
    fn names_later(&mut self, row: &Row, item: &Item) -> Result<bool, IndexError> {
        // A plain number is an id in its file only.
        let is_number = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit());
        let given = |id: &&String| !id.trim().is_empty() && (row.path == item.path || !is_number(id));
        let Some(id) = item.meta.id.as_ref().filter(given) else { return Ok(false) };
        if row.meta.id.is_some() || self.recording == Recording::Off || item.address.is_none() {
            return Ok(false);
        }
        let sql = "UPDATE main.items SET id = ?2 WHERE number = ?1";
        let updated = self.db.prepare_cached(sql).and_then(|mut update| update.execute((row.number, id)));
        updated.map_err(|error| self.faults.of(error))?;
        let (key, extra) = key(&item.name);
        self.named.push(Posting { key, extra, item: row.number });
        Ok(true)
    }

    /// Writes by which ids known items are found from now on.
    pub(super) fn post_names(&mut self) -> Result<(), IndexError> {
        let mut named = std::mem::take(&mut self.named);
        if named.is_empty() {
            return Ok(());
        }
        named.sort_unstable();
        let added = named.len() as u64;
        let posted = self.runs.append(&self.db, self.target(), Kind::Names, &named, added);
        posted.map(drop).map_err(|trouble| self.faults.trouble(trouble))
    }

    /// Notes that a known item was seen again.
    fn touch(&mut self, row: &Row, item: &Item, now: i64) -> Result<(), IndexError> {
        /// When an item was last seen is known to the hour: a feed read every minute is not written so often.
        const HOUR: i64 = 3600;
        let moved = row.meta.updated != item.meta.updated;
        let seen = row.last_seen;
        self.touched.insert(row.number, now);
        if self.recording == Recording::Off {
            if moved {
                self.moved.insert(row.number, item.meta.updated.clone());
            }
            return Ok(());
        }
        if moved || now - seen >= HOUR {
            let fault = |error| self.faults.of(error);
            let sql = "UPDATE main.items SET updated = ?2, last_seen = max(last_seen, ?3) WHERE number = ?1";
            let mut update = self.db.prepare_cached(sql).map_err(fault)?;
            update.execute((row.number, &item.meta.updated, now)).map_err(fault)?;
        }
        Ok(())
    }
}

/// The addresses at which more than one of `items` stand.
fn addresses_of_many(items: &[Item]) -> HashSet<Name> {
    let mut first: HashMap<Name, Name> = HashMap::new();
    let at = |item: &Item| (item.address.unwrap_or(item.name), item.name);
    let others =
        items.iter().map(at).filter(|(address, name)| first.entry(*address).or_insert(*name) != name);
    others.map(|(address, _)| address).collect()
}

/// Reads a row in the order in which [`Index::row`] asks for it.
pub(super) fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        number: row.get(0)?,
        article: row.get(1)?,
        meta: Metadata {
            id: row.get(2)?,
            url: row.get(3)?,
            title: row.get(7)?,
            author: row.get(8)?,
            published: row.get(9)?,
            updated: row.get(10)?,
            ..Metadata::default()
        },
        path: row.get(4)?,
        record: row.get(5)?,
        offset: row.get(6)?,
        first_seen: row.get(11)?,
        last_seen: row.get(12)?,
        content: row.get::<_, [u8; SHORT_DIGEST]>(13)?,
        whole: row.get::<_, [u8; SHORT_DIGEST]>(14)?,
        shingles: row.get(15)?,
        superseded: row.get(16)?,
    })
}
