//! The flags of the commands that write repeats out: `pairs` and `dedupe`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use copydesk::config::Values;
use copydesk::corpus::UnitKind;
use copydesk::corpus::keep::Keep;
use copydesk::duplicates::Threshold;
use serde_json::json;

use super::values::give;
use super::{ConfigArgs, InputArgs};

/// The flag of `copied-passage`.
#[derive(Debug, Args)]
pub struct PassageArgs {
    /// How many words in a row make a copied passage when they also stand in another document [default: 30]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Rules")]
    pub min_passage: Option<u32>,
}

impl PassageArgs {
    /// Adds what the flag says.
    pub fn add_to(&self, line: &mut Values) {
        if let Some(words) = self.min_passage {
            line.min_passage = Some(words);
            give(line, "min-passage", json!(words));
        }
    }
}

const PAIRS_EXAMPLES: &str = "\
Examples:
  copydesk pairs wire.jsonl > pairs.tsv
  copydesk pairs docs --unit paragraph --threshold 0.7
  copydesk pairs archive/ --clusters --format jsonl

Every pair at or above the threshold is listed and no other: nothing is estimated.
Exit status: 0, or 2 when not all of the work could be done.";

/// The flags of `pairs`.
#[derive(Debug, Args)]
#[command(after_help = PAIRS_EXAMPLES)]
pub struct PairsArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What is compared
    #[arg(long, value_name = "UNIT", default_value = "document", help_heading = "Comparison")]
    pub unit: UnitFlag,
    /// How many words in a row make a shingle
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..), help_heading = "Comparison")]
    pub shingle: u16,
    /// The least share of common shingles, a decimal above 0 and up to 1
    #[arg(long, value_name = "T", default_value = "0.8", help_heading = "Comparison")]
    pub threshold: Threshold,
    /// The common shingles of two texts are a share of what
    #[arg(long, value_name = "MEASURE", default_value = "jaccard", help_heading = "Comparison")]
    pub measure: MeasureFlag,
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Print the connected groups that the pairs make, each with its first member as representative
    #[arg(long, help_heading = "Output")]
    pub clusters: bool,
    /// How pairs are printed
    #[arg(long, value_name = "FORMAT", default_value = "tsv", help_heading = "Output")]
    pub format: PairsFormat,
}

const DEDUPE_EXAMPLES: &str = "\
Examples:
  copydesk dedupe wire.jsonl.gz -o clean.jsonl.zst
  copydesk dedupe articles/ -o clean/ --near 0.8 --removed removed.jsonl
  copydesk dedupe wire.jsonl -o clean.jsonl --keep newest
  copydesk dedupe wire.jsonl --check

Without --near, texts repeat when their normal forms are the same: case, spacing and typography do not \
count. With it, a text goes only where it is near to one that stays. What stays keeps every byte. The \
output appears whole or not at all, and never over an input.

Exit status: 0, 1 with --check when something would go, 2 when not all of the work could be done.";

/// The flags of `dedupe`.
#[derive(Debug, Args)]
#[command(after_help = DEDUPE_EXAMPLES)]
pub struct DedupeArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The file to write, packed as its extension says, or - for standard output; a folder where a folder is
    /// read
    #[arg(short, long, value_name = "OUT", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Replace what stands at OUT or at FILE
    #[arg(long, help_heading = "Output")]
    pub force: bool,
    /// Write what was left out, and what it repeats, to a file of JSON lines
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub removed: Option<PathBuf>,
    /// Write no corpus; say what would go, and exit 1 if anything would
    #[arg(long, help_heading = "Output", conflicts_with = "output")]
    pub check: bool,
    /// What is compared
    #[arg(long, value_name = "UNIT", default_value = "document", help_heading = "Comparison")]
    pub unit: UnitFlag,
    /// Leave out what is nearly the same, too: the least share of common shingles (Jaccard)
    #[arg(long, value_name = "T", help_heading = "Comparison")]
    pub near: Option<Threshold>,
    /// How many words in a row make a shingle [default: 3]
    #[arg(long, value_name = "K", requires = "near", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Comparison")]
    pub shingle: Option<u16>,
    /// Which of several copies stays; the first of equal ones
    #[arg(long, value_name = "WHICH", default_value = "first", help_heading = "Comparison")]
    pub keep: KeepFlag,
    #[command(flatten)]
    pub memory: MemoryArgs,
}

/// The flags of commands that keep much in memory.
#[derive(Debug, Args)]
pub struct MemoryArgs {
    /// How many threads work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Run")]
    pub threads: Option<u16>,
    /// Stop before more memory than this would be needed (K, M, G), write nothing, and exit 2
    #[arg(long, value_name = "SIZE", default_value = "8G", value_parser = super::values::size, help_heading = "Run")]
    pub memory_limit: u64,
}

/// How alike two texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MeasureFlag {
    /// Of all the shingles that stand in either
    Jaccard,
    /// Of the shingles of the shorter one: finds what stands inside something longer
    Containment,
}

/// Which of several copies stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeepFlag {
    /// The first in the input
    First,
    /// The last in the input
    Last,
    /// The one with the most text
    Longest,
    /// The one published last; undated ones come after dated ones
    Newest,
}

impl KeepFlag {
    /// Returns the library's word for it.
    pub const fn policy(self) -> Keep {
        match self {
            Self::First => Keep::First,
            Self::Last => Keep::Last,
            Self::Longest => Keep::Longest,
            Self::Newest => Keep::Newest,
        }
    }
}

/// What `pairs` and `dedupe` compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UnitFlag {
    /// Whole documents
    Document,
    /// Their blocks: paragraphs, headings, list items and the rest
    Paragraph,
}

impl UnitFlag {
    /// Returns the library's word for it.
    pub const fn kind(self) -> UnitKind {
        match self {
            Self::Document => UnitKind::Document,
            Self::Paragraph => UnitKind::Paragraph,
        }
    }

    /// Returns the word for several.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Document => "documents",
            Self::Paragraph => "paragraphs",
        }
    }
}

/// A format of `pairs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PairsFormat {
    /// A table: tab-separated columns under a header line
    Tsv,
    /// One JSON object a line
    Jsonl,
}
