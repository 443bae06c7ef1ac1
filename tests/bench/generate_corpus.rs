//! Writes a generated corpus as JSONL to standard output:
//! `cargo run --release --example generate-corpus -- COUNT [SEED [BOILERPLATE]]`.
//!
//! With a third argument that is not 0, every document ends with one and the same paragraph of 40 words.

mod generate;

use std::io::{self, BufWriter, Write as _};

use generate::{Documents, Random};

fn main() -> io::Result<()> {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|text| text.parse::<u64>().map_err(|_| io::Error::other(format!("{text} is not a number"))));
    let count = numbers.next().transpose()?.unwrap_or(20_000);
    let seed = numbers.next().transpose()?.unwrap_or(1);
    let boilerplate = numbers.next().transpose()?.unwrap_or(0) != 0;
    let mut random = Random(7);
    let tail: Vec<String> = (0..40).map(|_| format!("stock{}", random.below(1000))).collect();
    let tail = if boilerplate { format!("\\n\\n{}.", tail.join(" ")) } else { String::new() };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for (number, text) in (1..=count).zip(Documents::new(seed)) {
        writeln!(out, "{{\"id\":\"{number:08}\",\"text\":\"{text}{tail}\"}}")?;
    }
    out.flush()
}
