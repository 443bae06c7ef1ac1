//! Looking after an index: what is in it, is it whole, and what is to go.

use super::Index;
use super::codec::Posting;
use super::identity::row_of;
use super::item::Itemizer;
use super::keep::Postings;
use super::runs::Kind;
use crate::error::IndexError;

/// What is in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Items, each counted once whatever its versions.
    pub items: u64,
    /// Versions of them.
    pub versions: u64,
    /// Paragraphs, once for each version they stand in.
    pub paragraphs: u64,
    /// Shingles that items are found by.
    pub near: u64,
    /// Sorted runs of postings: names, paragraphs, and of shingles the sampled, first, common and inner ones.
    pub runs: [u64; 6],
    /// Shingles that stand last in the order.
    pub common: u64,
    /// Bytes of the file, the journal beside it not counted.
    pub bytes: u64,
    /// When the first item was seen, and the last, in seconds since 1970.
    pub seen: Option<(i64, i64)>,
}

/// What an integrity check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many versions of items were looked at.
    pub versions: u64,
    /// What is wrong; empty where nothing is.
    pub faults: Vec<String>,
}

/// How many faults are listed.
const FAULTS_TOLD: usize = 20;

/// A sum of postings that does not depend on their order.
fn mixed(posting: &Posting) -> u64 {
    let part = (u64::from(posting.extra) << 32 | u64::from(posting.item)) ^ posting.key.rotate_left(29);
    let mixed = (part ^ (part >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

impl Index {
    /// Returns what is in the index.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn stats(&mut self) -> Result<Stats, IndexError> {
        self.runs = super::runs::Runs::load(&self.db, &["main"]).map_err(|error| self.faults.of(error))?;
        let number = |sql: &str| -> Result<u64, IndexError> {
            self.db.query_row(sql, [], |row| row.get(0)).map_err(|error| self.faults.of(error))
        };
        let seen = self
            .db
            .query_row("SELECT min(first_seen), max(last_seen) FROM main.items", [], |row| {
                Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?))
            })
            .map_err(|error| self.faults.of(error))?;
        Ok(Stats {
            items: number("SELECT count(*) FROM main.items WHERE superseded IS NULL")?,
            versions: number("SELECT count(*) FROM main.items")?,
            paragraphs: self.runs.count(Kind::Paragraphs).1,
            near: Kind::ALL
                .into_iter()
                .filter(|kind| kind.is_of_shingles())
                .map(|kind| self.runs.count(kind).1)
                .sum(),
            runs: Kind::ALL.map(|kind| self.runs.count(kind).0),
            common: number("SELECT count(*) FROM main.common")?,
            bytes: number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")?,
            seen,
        })
    }

    /// Reads everything and says what is wrong: SQLite's own check, and then whether each item has its text,
    /// its fingerprints are those of the text, and its postings are there and no others.
    ///
    /// # Errors
    ///
    /// If the file cannot be read at all. What is damaged is among the faults.
    pub fn verify(&mut self) -> Result<Verified, IndexError> {
        let mut verified = Verified::default();
        let fault = |error| self.faults.of(error);
        // One state of the index for all of the check.
        self.db.execute_batch("BEGIN").map_err(fault)?;
        self.began = true;
        let mut lines = Vec::new();
        let checked = self.db.prepare("PRAGMA main.quick_check(20)").and_then(|mut check| {
            let rows = check.query_map([], |row| row.get::<_, String>(0))?;
            for row in rows {
                lines.push(row?);
            }
            Ok(())
        });
        if let Err(error) = checked {
            lines.push(error.to_string());
        }
        verified.faults.extend(lines.into_iter().filter(|line| line != "ok"));
        let page: u64 = self.db.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(fault)?;
        // SQLite takes what is missing of a last page for zeros.
        if std::fs::metadata(self.path()).is_ok_and(|metadata| metadata.len() % page.max(1) != 0) {
            verified.faults.push("the file ends within a page: it was cut".to_owned());
        }
        if verified.faults.is_empty()
            && let Err(error) = self.verify_items(&mut verified)
        {
            verified.faults.push(error.message);
        }
        self.roll_back();
        verified.faults.truncate(FAULTS_TOLD);
        Ok(verified)
    }

    fn verify_items(&mut self, verified: &mut Verified) -> Result<(), IndexError> {
        self.runs = super::runs::Runs::load(&self.db, &["main"]).map_err(|error| self.faults.of(error))?;
        self.load_common()?;
        let common = self.common.take().unwrap_or_default();
        let mut itemizer = Itemizer::new(&self.terms);
        let mut expected = [0u64; Kind::ALL.len()];
        let mut live = Vec::new();
        for number in self.all_numbers()? {
            let Some(row) = self.row(number)? else { continue };
            verified.versions += 1;
            let item = self.item_again(&row, &mut itemizer)?;
            let called = item.called();
            let mut say = |what: &str| verified.faults.push(format!("item {number} ({called}) {what}"));
            if item.content != row.content || item.whole != row.whole {
                say("does not have the text it was taken in with");
            }
            let last = row.superseded.is_none();
            if last && item.shingles.len() as u32 != row.shingles {
                say("does not have its text or its shingles");
            }
            if let Some(next) = row.superseded
                && self.row(next)?.is_none_or(|next| next.article != row.article)
            {
                say("was superseded by a version that is not there");
            }
            if live.len() <= number as usize {
                live.resize(number as usize + 1, false);
            }
            live[number as usize] = last;
            let mut postings = Postings::default();
            postings.add(&item, number, &common, self.terms.threshold);
            for (kind, postings) in postings.sorted() {
                let sum = postings.iter().fold(0, |sum: u64, posting| sum.wrapping_add(mixed(posting)));
                expected[kind as usize] = expected[kind as usize].wrapping_add(sum);
            }
        }
        for kind in Kind::ALL {
            let what = match kind {
                Kind::Names => "names",
                Kind::Paragraphs => "paragraphs",
                Kind::Sampled | Kind::First | Kind::Common | Kind::Inner => "shingles",
            };
            let mut found = 0u64;
            let scanned = self.runs.for_each(&self.db, kind, |posting| {
                // What was posted of versions that are no longer the last stays, and is passed over.
                let counts =
                    !kind.is_of_shingles() || live.get(posting.item as usize).copied().unwrap_or(false);
                if counts {
                    found = found.wrapping_add(mixed(&posting));
                }
            });
            scanned.map_err(|trouble| self.faults.trouble(trouble))?;
            if found != expected[kind as usize] {
                verified
                    .faults
                    .push(format!("the {what} that items are found by are not those of the items"));
            }
        }
        Ok(())
    }

    fn all_numbers(&self) -> Result<Vec<u32>, IndexError> {
        self.selected("SELECT number FROM main.items ORDER BY number", [])
    }

    fn selected(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<u32>, IndexError> {
        let fault = |error| self.faults.of(error);
        let mut read = self.db.prepare(sql).map_err(fault)?;
        let numbers = read.query_map(values, |row| row.get(0)).map_err(fault)?;
        numbers.collect::<Result<_, _>>().map_err(fault)
    }

    /// Removes the items that `name` names, by id or address, with all their versions; returns how many.
    /// To be committed.
    ///
    /// # Errors
    ///
    /// If the index cannot be read or written.
    pub fn remove(&mut self, name: &str) -> Result<u64, IndexError> {
        let sql = "SELECT DISTINCT article FROM main.items WHERE id = ?1 OR url = ?1";
        let articles = self.selected(sql, [name])?;
        self.remove_articles(&articles)?;
        Ok(articles.len() as u64)
    }

    /// Removes the items that were last seen before `before` (seconds since 1970); returns how many. To be
    /// committed.
    ///
    /// # Errors
    ///
    /// If the index cannot be read or written.
    pub fn prune(&mut self, before: i64) -> Result<u64, IndexError> {
        let sql = "SELECT article FROM main.items GROUP BY article HAVING max(last_seen) < ?1";
        let articles = self.selected(sql, [before])?;
        self.remove_articles(&articles)?;
        Ok(articles.len() as u64)
    }

    fn remove_articles(&mut self, articles: &[u32]) -> Result<(), IndexError> {
        if articles.is_empty() {
            return Ok(());
        }
        self.load_common()?;
        let common = self.common.clone().unwrap_or_default();
        let mut itemizer = Itemizer::new(&self.terms);
        let mut gone = Postings::default();
        let last = self.next - 1;
        let fault = |error| self.faults.of(error);
        for &article in articles {
            // A first version was its own article before it had another.
            let sql =
                "SELECT number FROM main.items WHERE number = ?1 OR (article <> number AND article = ?1)";
            for number in self.selected(sql, [article])? {
                let Some(row) = self.row(number)? else { continue };
                let item = self.item_again(&row, &mut itemizer)?;
                gone.add(&item, number, &common, self.terms.threshold);
                for table in ["items", "texts", "sets"] {
                    let sql = format!("DELETE FROM main.{table} WHERE number = ?1");
                    self.db
                        .prepare_cached(&sql)
                        .and_then(|mut delete| delete.execute([number]))
                        .map_err(fault)?;
                }
            }
        }
        for (kind, postings) in gone.sorted() {
            self.runs.remove(&self.db, kind, &postings).map_err(|trouble| self.faults.trouble(trouble))?;
        }
        let sql = "INSERT OR REPLACE INTO main.meta VALUES ('removed-to', ?1)";
        self.db.execute(sql, [last.to_string()]).map_err(|error| self.faults.of(error))?;
        Ok(())
    }

    /// Gives every version's row to `take`, by number.
    pub(super) fn rows(
        &self,
        mut take: impl FnMut(super::identity::Row) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        let fault = |error| self.faults.of(error);
        let sql = "SELECT number, article, id, url, path, record, offset, title, author, published, updated, \
                   first_seen, last_seen, content, whole, shingles, superseded FROM main.items ORDER BY number";
        let mut read = self.db.prepare(sql).map_err(fault)?;
        let mut rows = read.query([]).map_err(fault)?;
        while let Some(row) = rows.next().map_err(fault)? {
            take(row_of(row).map_err(fault)?)?;
        }
        Ok(())
    }
}
