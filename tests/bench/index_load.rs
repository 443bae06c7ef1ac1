//! Fills an index with generated items, beside sorting and writing a flat file of the same paragraphs: the
//! table of docs/performance.md.
//!
//! `cargo run --release --example index-load -- 5000000 DIR` loads so many paragraphs, five to an item, into
//! DIR/load.copydesk-index, and writes DIR/feed.jsonl, 100 items of which a quarter each is new, known,
//! revised, and a near repeat. `--no-texts` after it leaves the texts out.

#![expect(clippy::print_stdout, reason = "an example talks to its user")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use copydesk::document::{Block, BlockKind, Document, TextRange};
use copydesk::index::{Asked, Index, Item, Itemizer, Recording, Terms};

const PARAGRAPHS: usize = 5;
const WORDS: usize = 40;
const BATCH: usize = 8192;
const VOCABULARY: f64 = 50_000.0;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A word: some are frequent, most are rare.
    fn word(&mut self) -> u32 {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (share.powi(3) * VOCABULARY) as u32
    }
}

/// The paragraphs of item `number`, the same every time.
fn paragraphs(number: u64) -> Vec<String> {
    let mut random = Random(number.wrapping_mul(0xd6e8_feb8_6659_fd93));
    let paragraph = |_| {
        let words: Vec<String> = (0..WORDS).map(|_| format!("w{}", random.word())).collect();
        words.join(" ")
    };
    (0..PARAGRAPHS).map(paragraph).collect()
}

fn document(number: u64) -> Document {
    let mut document = Document::default();
    document.meta.id = Some(format!("item-{number}"));
    document.meta.published = Some("2026-11-24T10:00:00Z".to_owned());
    document.origin.path = "load.jsonl".into();
    document.origin.record = Some(number as u32 + 1);
    for paragraph in paragraphs(number) {
        if !document.text.is_empty() {
            document.text.push_str("\n\n");
        }
        let start = document.text.len() as u32;
        document.text.push_str(&paragraph);
        let range = TextRange::new(start, document.text.len() as u32);
        document.blocks.push(Block { kind: BlockKind::Paragraph, range });
    }
    document
}

/// What this process has used of the processor, in seconds; 0 where the system does not tell.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Sorts the paragraphs themselves, writes them and waits until they are on the disk.
fn flat_texts(items: u64, path: &Path) -> (Duration, f64) {
    let mut all: Vec<String> = (0..items).flat_map(paragraphs).collect();
    let (began, used) = (Instant::now(), processor());
    all.sort_unstable();
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    for paragraph in &all {
        out.write_all(paragraph.as_bytes()).unwrap();
        out.write_all(b"\n").unwrap();
    }
    out.into_inner().unwrap().sync_all().unwrap();
    let took = (began.elapsed(), processor() - used);
    fs::remove_file(path).unwrap();
    took
}

/// Sorts 24 bytes for each paragraph, writes them and waits until they are on the disk.
fn flat(paragraphs: u64, path: &Path) -> (Duration, f64) {
    let mut random = Random(7);
    let mut all: Vec<[u64; 3]> =
        (0..paragraphs).map(|number| [random.next(), random.next(), number]).collect();
    let (began, used) = (Instant::now(), processor());
    all.sort_unstable();
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    for record in &all {
        for part in record {
            out.write_all(&part.to_le_bytes()).unwrap();
        }
    }
    out.into_inner().unwrap().sync_all().unwrap();
    let took = (began.elapsed(), processor() - used);
    fs::remove_file(path).unwrap();
    took
}

fn feed(items: u64, path: &Path) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    for line in 0..100u64 {
        let old = line * (items / 100);
        let number = if line % 4 == 0 { items + line } else { old };
        let mut text = paragraphs(number);
        let mut id = format!("item-{number}");
        match line % 4 {
            2 => text[0] = text[0].replacen('w', "changed", 1),
            3 => {
                id = format!("other-{number}");
                for paragraph in &mut text {
                    *paragraph = paragraph.replacen('w', "changed", 1);
                }
            }
            _ => {}
        }
        let record = serde_json::json!({
            "id": id, "published": "2026-11-24T10:00:00Z", "text": text.join("\n\n")
        });
        writeln!(out, "{record}").unwrap();
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let wanted: u64 = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(500_000);
    let folder = arguments.next().unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    let terms = Terms { texts: arguments.next().is_none(), ..Terms::default() };
    let items = wanted / PARAGRAPHS as u64;
    let digests = flat(wanted, &folder.join("flat"));
    let texts = flat_texts(items, &folder.join("flat"));
    let mut index = Index::open(&folder.join("load.copydesk-index"), &terms, Recording::On).unwrap();
    let asked = Asked { threshold: terms.threshold, compare: false, near_paragraphs: false };
    let mut itemizer = Itemizer::new(&terms);
    let (mut took, mut used) = (Duration::ZERO, 0.0);
    for start in (0..items).step_by(BATCH) {
        let end = (start + BATCH as u64).min(items);
        let batch: Vec<Item> = (start..end).map(|number| itemizer.item(&document(number))).collect();
        let (began, before) = (Instant::now(), processor());
        index.begin("a measurement").unwrap();
        index.take(&batch, asked, 1_790_000_000).unwrap();
        index.commit().unwrap();
        took += began.elapsed();
        used += processor() - before;
    }
    feed(items, &folder.join("feed.jsonl"));
    let stats = index.stats().unwrap();
    println!("{items} items, {wanted} paragraphs, {} shingles posted, {} bytes", stats.near, stats.bytes);
    let told = |what: &str, (wall, used): (Duration, f64)| {
        println!("{what}: {:.2} s, of the processor {used:.2} s", wall.as_secs_f64());
    };
    told("24 bytes a paragraph, sorted and on the disk", digests);
    told("the paragraphs, sorted and on the disk", texts);
    told("index, items taken in and on the disk", (took, used));
    let share = |(wall, _): (Duration, f64)| wall.as_secs_f64() / took.as_secs_f64();
    println!("share of their speed: {:.3} and {:.3}", share(digests), share(texts));
}
