//! Writes JSON lines of hard-wrapped articles to standard output: the input of docs/performance.md.
//!
//! `cargo run --release --example generate-articles -- 200000 > articles.jsonl` makes 200,000 articles,
//! the same ones every time. Every hundredth repeats one of its own paragraphs.

#![expect(clippy::print_stderr, reason = "an example talks to its user")]

use std::io::{self, BufWriter, Write};

const WORDS: [&str; 32] = [
    "the",
    "harbour",
    "board",
    "met",
    "on",
    "Tuesday",
    "to",
    "hear",
    "why",
    "its",
    "new",
    "pier",
    "had",
    "cost",
    "twice",
    "more",
    "than",
    "planned",
    "engineers",
    "said",
    "accounts",
    "would",
    "be",
    "published",
    "by",
    "members",
    "of",
    "council",
    "in",
    "northern",
    "towns",
    "again",
];
/// Bytes after which a line is broken.
const WIDTH: usize = 58;

/// A stream of numbers that looks random and is the same every time (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// One wrapped paragraph, with its line ends as JSON escapes; `name` makes it unlike all others.
fn paragraph(random: &mut Random, name: &str) -> String {
    let mut out = "The".to_owned();
    let mut column = out.len();
    for _ in 0..random.below(35) + 8 {
        let word = WORDS[random.below(WORDS.len())];
        let breaks = column + 1 + word.len() > WIDTH;
        out.push_str(if breaks { "\\n" } else { " " });
        out.push_str(word);
        column = if breaks { word.len() } else { column + 1 + word.len() };
    }
    format!("{out}. ({name})")
}

fn main() -> io::Result<()> {
    let Some(articles) = std::env::args().nth(1).and_then(|count| count.parse::<u32>().ok()) else {
        eprintln!("usage: generate_articles NUMBER");
        return Ok(());
    };
    let mut random = Random(3);
    let mut out = BufWriter::new(io::stdout().lock());
    for id in 1..=articles {
        let count = random.below(8) + 2;
        let mut parts: Vec<String> =
            (0..count).map(|part| paragraph(&mut random, &format!("item {id} part {part}"))).collect();
        if id % 100 == 0 {
            parts.push(parts[random.below(count)].clone());
        }
        writeln!(out, "{{\"id\": {id}, \"text\": \"{}\"}}", parts.join("\\n\\n"))?;
    }
    out.flush()
}
