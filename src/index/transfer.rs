//! An index as JSON lines, and back: for other programs, and from one version of the file to the next.
//!
//! The first line says what the index was made for. Each other line is a version of an item, in the order of
//! their numbers: the last version of each with its text (or, where none are kept, its shingles), older ones
//! with the digests of their paragraphs.

use std::io::{self, BufRead, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::codec::{KeptBlock, SHORT_DIGEST};
use super::identity::{Identified, Identity, Row};
use super::item::{Item, Itemizer};
use super::{Index, Recording, Terms};
use crate::document::{BlockKind, Metadata};
use crate::error::IndexError;
use crate::fingerprint::Profile;

/// The version of the lines.
const EXPORT: u32 = 1;
/// How many items are committed together.
const BATCH: usize = 8192;

#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "copydesk-index-export")]
    version: u32,
    profile: String,
    profile_version: u32,
    min_words: u32,
    blocks: Vec<String>,
    threshold: String,
    texts: bool,
}

#[derive(Serialize, Deserialize)]
struct Line {
    number: u32,
    article: u32,
    superseded: Option<u32>,
    id: Option<String>,
    url: Option<String>,
    path: String,
    record: u32,
    offset: u64,
    title: Option<String>,
    author: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    first_seen: i64,
    last_seen: i64,
    content: String,
    whole: String,
    paragraphs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shingles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<Vec<BlockLine>>,
}

#[derive(Serialize, Deserialize)]
struct BlockLine {
    kind: String,
    counted: bool,
    text: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest(text: &str) -> Option<[u8; SHORT_DIGEST]> {
    let hex = text.len() == 2 * SHORT_DIGEST && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = hex.then(|| u128::from_str_radix(text, 16).ok()).flatten()?;
    Some(number.to_be_bytes())
}

impl Index {
    /// Writes the whole index to `out` as JSON lines; returns how many versions of items that were.
    ///
    /// # Errors
    ///
    /// If the index cannot be read, or `out` not written.
    pub fn export(&mut self, out: &mut dyn Write) -> Result<u64, IndexError> {
        // One state of the index for all of it.
        self.db.execute_batch("BEGIN").map_err(|error| self.faults.of(error))?;
        self.began = true;
        let done = self.export_all(out);
        self.roll_back();
        done
    }

    fn export_all(&self, out: &mut dyn Write) -> Result<u64, IndexError> {
        let cannot = |error: io::Error| self.faults.say(format!("cannot write the export: {error}"));
        let mut write = |line: &dyn erased::Line| -> Result<(), IndexError> {
            line.write(out).and_then(|()| out.write_all(b"\n")).map_err(cannot)
        };
        let terms = &self.terms;
        let counted = BlockKind::ALL.into_iter().filter(|&kind| terms.counted[kind as usize]);
        write(&Head {
            version: EXPORT,
            profile: terms.profile.name().to_owned(),
            profile_version: terms.profile.version(),
            min_words: terms.min_words,
            blocks: counted.map(|kind| kind.name().to_owned()).collect(),
            threshold: terms.threshold.to_string(),
            texts: terms.texts,
        })?;
        let mut itemizer = Itemizer::new(terms);
        let mut count = 0;
        self.rows(|row| {
            count += 1;
            let text = self.text(row.number)?;
            let item = self.item_again(&row, &mut itemizer)?;
            write(&line(row, &item, text))
        })?;
        Ok(count)
    }
}

/// Writing any line through one closure.
mod erased {
    use std::io;

    pub trait Line {
        fn write(&self, out: &mut dyn io::Write) -> io::Result<()>;
    }

    impl<T: serde::Serialize> Line for T {
        fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
            serde_json::to_writer(out, self).map_err(io::Error::from)
        }
    }
}

fn line(row: Row, item: &Item, text: Option<Vec<KeptBlock>>) -> Line {
    let shingles = (text.is_none() && row.superseded.is_none())
        .then(|| item.shingles.iter().map(|shingle| format!("{shingle:016x}")).collect());
    let block = |block: KeptBlock| BlockLine {
        kind: block.kind.name().to_owned(),
        counted: block.counted,
        text: block.text,
    };
    Line {
        number: row.number,
        article: row.article,
        superseded: row.superseded,
        id: row.meta.id,
        url: row.meta.url,
        path: row.path,
        record: row.record,
        offset: row.offset,
        title: row.meta.title,
        author: row.meta.author,
        published: row.meta.published,
        updated: row.meta.updated,
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        content: hex(&row.content),
        whole: hex(&row.whole),
        paragraphs: item.paragraphs.iter().map(|(digest, _)| hex(digest)).collect(),
        shingles,
        blocks: text.map(|blocks| blocks.into_iter().map(block).collect()),
    }
}

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Versions of items taken in.
    pub versions: u64,
    /// Versions left out, because their digests are of another version of the profile and no text is kept.
    pub left_out: u64,
}

/// Makes a new index at `path` from an export.
///
/// Where the export is of another version of its profile, the digests are made again from the texts.
///
/// # Errors
///
/// If there is an index with items at `path` already, a line is none of an export (the message gives its
/// number), or the index cannot be written. What was committed before stays.
pub fn import(path: &Path, input: &mut dyn BufRead) -> Result<Imported, IndexError> {
    let wrong = |number: u64, what: &str| IndexError {
        path: path.to_owned(),
        message: format!("line {number} of the export {what}; what came before it was taken in"),
    };
    let mut buffer = String::new();
    let mut next = |number: u64, buffer: &mut String| {
        buffer.clear();
        let read =
            input.read_line(buffer).map_err(|error| wrong(number, &format!("cannot be read ({error})")))?;
        Ok::<bool, IndexError>(read > 0)
    };
    next(1, &mut buffer)?;
    let head: Head = serde_json::from_str(&buffer).map_err(|_| wrong(1, "is not the head of one"))?;
    if head.version != EXPORT {
        return Err(wrong(1, &format!("is of version {}, and this copydesk reads {EXPORT}", head.version)));
    }
    let profile = Profile::ALL.into_iter().find(|profile| profile.name() == head.profile);
    let (Some(profile), Ok(threshold)) = (profile, head.threshold.parse()) else {
        return Err(wrong(1, "has settings that this copydesk does not know"));
    };
    let terms = Terms {
        profile,
        min_words: head.min_words,
        counted: BlockKind::ALL.map(|kind| head.blocks.iter().any(|name| name == kind.name())),
        threshold,
        texts: head.texts,
    };
    let same_digests = head.profile_version == profile.version();
    let mut index = Index::open(path, &terms, Recording::On)?;
    let mut itemizer = Itemizer::new(&terms);
    let mut imported = Imported::default();
    let mut number = 1;
    let mut last = 0;
    loop {
        index.begin("copydesk index import")?;
        if last == 0 && index.next() > 1 {
            index.roll_back();
            return Err(index.faults.say("holds items already: an export is taken into a new index only"));
        }
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            number += 1;
            if !next(number, &mut buffer)? {
                break;
            }
            let line: Line = serde_json::from_str(&buffer)
                .map_err(|error| wrong(number, &format!("is not an item ({error})")))?;
            if line.number <= last {
                return Err(wrong(number, "is not in the order of numbers"));
            }
            last = line.number;
            match item_of(line, same_digests, &mut itemizer) {
                None => return Err(wrong(number, "holds no digests of items")),
                Some(None) => imported.left_out += 1,
                Some(Some(read)) => batch.push(read),
            }
        }
        let done = batch.len() < BATCH && buffer.is_empty();
        imported.versions += batch.len() as u64;
        index.take_imported(batch)?;
        index.commit()?;
        if done {
            return Ok(imported);
        }
    }
}

/// An item as it was exported.
struct Read {
    item: Item,
    to: Identified,
    superseded: Option<u32>,
    seen: (i64, i64),
}

/// Returns the item of a line; inside, nothing where its digests are of no use. `None` for a line that is
/// damaged.
fn item_of(line: Line, same_digests: bool, itemizer: &mut Itemizer) -> Option<Option<Read>> {
    let kept = line.blocks.is_some();
    let mut blocks = Vec::new();
    for block in line.blocks.unwrap_or_default() {
        let kind = BlockKind::ALL.into_iter().find(|kind| kind.name() == block.kind)?;
        blocks.push(KeptBlock { kind, counted: block.counted, text: block.text });
    }
    if !kept && !same_digests {
        return Some(None);
    }
    let meta = Metadata {
        id: line.id,
        url: line.url,
        title: line.title,
        author: line.author,
        published: line.published,
        updated: line.updated,
        ..Metadata::default()
    };
    let mut item = itemizer.assemble(meta, &line.path, line.record, line.offset, blocks, &[]);
    if !kept {
        (item.content, item.whole) = (digest(&line.content)?, digest(&line.whole)?);
        (item.name, item.address) = itemizer.names(&item.meta, &item.path, item.record, &item.content);
        let paragraphs: Option<Vec<_>> =
            line.paragraphs.iter().map(|text| Some((digest(text)?, 0))).collect();
        item.paragraphs = paragraphs?;
        let shingles: Result<Vec<u64>, _> =
            line.shingles.unwrap_or_default().iter().map(|text| u64::from_str_radix(text, 16)).collect();
        item.shingles = shingles.ok().filter(|set| set.is_sorted_by(|a, b| a < b))?;
    }
    let to = Identified { number: line.number, article: line.article, identity: Identity::New };
    Some(Some(Read { item, to, superseded: line.superseded, seen: (line.first_seen, line.last_seen) }))
}

impl Index {
    /// Takes in versions with their numbers.
    fn take_imported(&mut self, batch: Vec<Read>) -> Result<(), IndexError> {
        let mut items = Vec::with_capacity(batch.len());
        let mut numbers = Vec::with_capacity(batch.len());
        let mut gone = Vec::new();
        for Read { item, to, superseded, seen } in batch {
            self.insert(&item, &to, seen.0)?;
            self.next = self.next.max(to.number + 1);
            let fault = |error| self.faults.of(error);
            let sql = "UPDATE main.items SET superseded = ?2, last_seen = ?3 WHERE number = ?1";
            self.db
                .prepare_cached(sql)
                .and_then(|mut update| update.execute((to.number, superseded, seen.1)))
                .map_err(fault)?;
            gone.extend(superseded.map(|_| to.number));
            items.push(item);
            numbers.push(to);
        }
        self.post(&items, &numbers)?;
        gone.into_iter().try_for_each(|number| self.drop_text(number))
    }
}
