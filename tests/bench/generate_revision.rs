//! Writes two versions of a text, the input of the sizes in docs/performance.md.
//!
//! `cargo run --release --example generate-revision -- 10 paragraphs old.txt new.txt` writes 10 MB of
//! paragraphs and a second version with one word in a hundred replaced, dropped or added, the same ones
//! every time. `line` writes the same as one line; `unlike` a second version that is another text.

#![expect(clippy::print_stderr, reason = "an example talks to its user")]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    /// Appends a word; its rank among 65,536 is log-uniform (Zipf's law with exponent 1).
    fn push_word(&mut self, out: &mut String) {
        const ONSETS: &[u8] = b"bdfghklmnprstvwz";
        const VOWELS: &[u8] = b"aeiou";
        let octave = self.below(16);
        let mut rank = (1 << octave) + self.below(1 << octave);
        while rank > 0 {
            out.push(char::from(ONSETS[(rank % 16) as usize]));
            out.push(char::from(VOWELS[(rank / 16 % 5) as usize]));
            rank /= 80;
        }
    }
}

/// What a version is written to, and how its paragraphs are set apart.
struct Version {
    out: BufWriter<File>,
    separator: &'static str,
}

impl Version {
    fn create(path: &str, separator: &'static str) -> io::Result<Self> {
        Ok(Self { out: BufWriter::new(File::create(path)?), separator })
    }

    /// Writes a paragraph: sentences of twelve words, the first one capitalised.
    fn paragraph(&mut self, words: &[String]) -> io::Result<()> {
        for (number, sentence) in words.chunks(12).enumerate() {
            let text = sentence.join(" ");
            let (first, rest) = text.split_at(text.len().min(1));
            let space = if number > 0 { " " } else { "" };
            write!(self.out, "{space}{}{rest}.", first.to_ascii_uppercase())?;
        }
        self.out.write_all(self.separator.as_bytes())
    }
}

fn words(random: &mut Random, count: u64) -> Vec<String> {
    let word = |_| {
        let mut word = String::new();
        random.push_word(&mut word);
        word
    };
    (0..count).map(word).collect()
}

/// The paragraph with one word in a hundred replaced, dropped or added.
fn edited(words: &[String], random: &mut Random) -> Vec<String> {
    let mut out = Vec::with_capacity(words.len() + 2);
    for word in words {
        let mut other = String::new();
        random.push_word(&mut other);
        match random.below(300) {
            0 => out.push(other),
            1 => {}
            2 => out.extend([word.clone(), other]),
            _ => out.push(word.clone()),
        }
    }
    out
}

fn write(megabytes: u64, shape: &str, old: &str, new: &str) -> io::Result<()> {
    let separator = if shape == "line" { " " } else { "\n\n" };
    let (mut old, mut new) = (Version::create(old, separator)?, Version::create(new, separator)?);
    let (mut text, mut edits) = (Random(1), Random(2));
    let mut written = 0;
    while written < megabytes * 1_000_000 {
        let count = 40 + text.below(80);
        let before = words(&mut text, count);
        let after = if shape == "unlike" { words(&mut edits, count) } else { edited(&before, &mut edits) };
        old.paragraph(&before)?;
        new.paragraph(&after)?;
        written += before.iter().map(|word| word.len() as u64 + 1).sum::<u64>();
    }
    old.out.flush()?;
    new.out.flush()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [megabytes, shape, old, new] = arguments.as_slice() else {
        eprintln!("usage: generate-revision MEGABYTES paragraphs|line|unlike OLD NEW");
        return ExitCode::from(2);
    };
    let Some(megabytes) =
        megabytes.parse().ok().filter(|_| ["paragraphs", "line", "unlike"].contains(&&**shape))
    else {
        eprintln!("usage: generate-revision MEGABYTES paragraphs|line|unlike OLD NEW");
        return ExitCode::from(2);
    };
    match write(megabytes, shape, old, new) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate-revision: {error}");
            ExitCode::FAILURE
        }
    }
}
