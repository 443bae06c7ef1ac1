//! The flags of `index` and `watch`, and those by which `check` uses an index.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use copydesk::check::PassOn;
use copydesk::config::Config;
use copydesk::config::merge::merge;
use copydesk::document::BlockKind;
use copydesk::duplicates::Threshold;
use copydesk::fingerprint::Profile;
use copydesk::index::Terms;
use copydesk::{CheckOptions, Severity};

use super::values::{duration, kinds, profiles, time};
use super::{CheckArgs, ConfigArgs, InputArgs, InputPlan};

/// The flags by which `check` uses an index.
#[derive(Debug, Default, Args)]
pub struct IndexFlags {
    /// Say what is new, known, revised or a repeat of what this index remembers, and take in what is new
    #[arg(long, value_name = "FILE", conflicts_with = "fix", help_heading = "Index")]
    pub index: Option<PathBuf>,
    /// Check without the index that the settings name
    #[arg(long, conflicts_with_all = ["index", "no_record"], help_heading = "Index")]
    pub no_index: bool,
    /// Take nothing in: the index stays as it is
    #[arg(long, help_heading = "Index")]
    pub no_record: bool,
    /// For an index that is made by this run: keep no texts, so that revisions are known but not told
    #[arg(long, help_heading = "Index")]
    pub no_texts: bool,
    /// Write the items themselves to standard output, as JSON lines, and the findings to standard error
    #[arg(long, value_name = "WHICH", conflicts_with_all = ["format", "fix", "suggest"], help_heading = "Output")]
    pub pass: Option<PassFlag>,
}

/// Which items go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PassFlag {
    /// Those that the index does not know and of which nothing is found
    Clean,
    /// Those that the index does not know
    New,
    /// All
    All,
}

impl PassFlag {
    /// Returns the library's word for it.
    pub const fn which(self) -> PassOn {
        match self {
            Self::Clean => PassOn::Clean,
            Self::New => PassOn::New,
            Self::All => PassOn::All,
        }
    }
}

/// What an index is made for.
pub fn terms(options: &CheckOptions, texts: bool) -> Terms {
    Terms {
        profile: options.settings.profile,
        min_words: options.settings.min_words,
        counted: options.settings.counted,
        threshold: options.threshold,
        texts,
    }
}

const INDEX_EXAMPLES: &str = "\
Examples:
  copydesk index add wire.copydesk-index archive/ old.jsonl.gz   fill it
  copydesk check feed.xml --index wire.copydesk-index            what is new? and take it in
  copydesk index check wire.copydesk-index feed.xml              what is new? and leave it as it is
  copydesk index remove wire.copydesk-index H-204                forget an item
  copydesk index prune wire.copydesk-index --older-than 90d      forget what was not seen for long
  copydesk index export wire.copydesk-index > wire.jsonl         for other programs and versions";

/// The flags of `index`.
#[derive(Debug, Args)]
#[command(after_help = INDEX_EXAMPLES)]
pub struct IndexArgs {
    #[command(subcommand)]
    pub command: IndexCommand,
}

/// What to do with an index.
#[derive(Debug, Subcommand)]
pub enum IndexCommand {
    /// Take documents in without checking them; makes the index where there is none
    Add(Box<IndexAddArgs>),
    /// Check against the index and take nothing in: `check --index FILE --no-record`
    Check(Box<IndexCheckArgs>),
    /// Forget items, by their ids or addresses
    Remove(IndexRemoveArgs),
    /// Say what is in the index
    Stats(IndexStatsArgs),
    /// Read everything and say whether it is whole
    Verify(IndexFileArgs),
    /// Write the index to standard output as JSON lines
    Export(IndexFileArgs),
    /// Make a new index from an export
    Import(IndexImportArgs),
    /// Forget the items that were last seen long ago
    Prune(IndexPruneArgs),
}

/// The flags of `index add`.
#[derive(Debug, Args)]
pub struct IndexAddArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    pub index: PathBuf,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What differences between two passages do not count [default: standard]
    #[arg(long, value_name = "NAME", value_parser = profiles(), help_heading = "Index")]
    pub profile: Option<Profile>,
    /// Leave out blocks of fewer words [default: 5]
    #[arg(long, value_name = "N", help_heading = "Index")]
    pub min_words: Option<u32>,
    /// Count these kinds of block too (comma-separated)
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds(), help_heading = "Index")]
    pub blocks: Vec<BlockKind>,
    /// The least likeness that near repeats are looked for with [default: 0.8]
    #[arg(long, value_name = "T", help_heading = "Index")]
    pub threshold: Option<Threshold>,
    /// Keep no texts, so that revisions are known but not told
    #[arg(long, help_heading = "Index")]
    pub no_texts: bool,
    /// How many items are on the disk together at most; with --verbose each batch is told when it is
    #[arg(long, value_name = "N", default_value_t = 8192, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Index")]
    pub batch: u32,
    /// What time it is: when the items are seen [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Index")]
    pub now: Option<i64>,
}

impl IndexAddArgs {
    /// Returns what to read, the options of the run, and what an index that is made is for.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve(&self, config: Option<&Config>) -> Result<(InputPlan, CheckOptions, Terms), String> {
        let plan = self.input.resolve_over(config)?;
        let mut line = self.input.values()?;
        line.profile = self.profile;
        line.min_words = self.min_words;
        line.blocks.clone_from(&self.blocks);
        line.threshold = self.threshold;
        line.ignore = vec!["ALL".to_owned()];
        line.no_texts = self.no_texts.then_some(true);
        let resolved = merge(config, &line);
        let mut options = resolved.check;
        // What holds for some paths only says how documents are read, not what is told.
        for change in &mut options.overrides {
            change.levels.values_mut().for_each(|level: &mut Option<Severity>| *level = None);
        }
        let terms = terms(&options, !resolved.no_texts);
        Ok((plan, options, terms))
    }
}

/// The flags of `index check`.
#[derive(Debug, Args)]
pub struct IndexCheckArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    pub against: PathBuf,
    #[command(flatten)]
    pub check: CheckArgs,
}

/// An index that there is.
#[derive(Debug, Args)]
pub struct IndexFileArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    pub index: PathBuf,
}

/// The flags of `index remove`.
#[derive(Debug, Args)]
pub struct IndexRemoveArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    pub index: PathBuf,
    /// The ids or addresses of the items
    #[arg(value_name = "ID", required = true)]
    pub names: Vec<String>,
}

/// The flags of `index stats`.
#[derive(Debug, Args)]
pub struct IndexStatsArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    pub index: PathBuf,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: StatsFormat,
}

/// A format of `index stats`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
}

/// The flags of `index import`.
#[derive(Debug, Args)]
pub struct IndexImportArgs {
    /// The index to make
    #[arg(value_name = "INDEX")]
    pub index: PathBuf,
    /// The export, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// The flags of `index prune`.
#[derive(Debug, Args)]
pub struct IndexPruneArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    pub index: PathBuf,
    /// How long an item must not have been seen, such as 90d, 12w, 36h
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub older_than: i64,
    /// What time it is [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub now: Option<i64>,
}

const WATCH_EXAMPLES: &str = "\
Examples:
  copydesk watch in --index wire.copydesk-index
  copydesk watch in --index wire.copydesk-index --select ALL > findings.jsonl

Every file of a known kind below the folder is checked when it has stopped growing, and again when it \
changed; first of all those that are there. What the index knows is not told again, so a restart goes on \
where the last run was. Ctrl-C ends it.

Exit status when it ends, by Ctrl-C or by itself: 0, or 2 when it could not watch (the folder is gone), \
the index could not be written, or any file was damaged or could not be read.";

/// The flags of `watch`: those of `check` but for what makes sense once only.
#[derive(Debug, Args)]
#[command(
    after_help = WATCH_EXAMPLES,
    mut_arg("paths", |arg| arg.value_name("DIR").help("The folder to watch").num_args(1).action(clap::ArgAction::Set).required(true)),
    mut_arg("format", |arg| arg.help("How findings are printed [default: jsonl]")),
    mut_args(|arg| {
        let misplaced = MISPLACED.iter().any(|(flag, ..)| arg.get_long() == Some(flag));
        if misplaced { arg.hide(true) } else { arg }
    }),
)]
pub struct WatchArgs {
    #[command(flatten)]
    pub check: CheckArgs,
    /// Check what is there, and end
    #[arg(long, help_heading = "Watch")]
    pub once: bool,
    /// How long a file must not have changed before it is read, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 500, help_heading = "Watch")]
    pub settle: u64,
}

/// A flag of `check`, whether it was given, and why a watch has no use for it.
type Misplaced = (&'static str, fn(&CheckArgs) -> bool, &'static str);

const ONCE: &str = "is for one run: use it with `check`";
const REMEMBERED: &str = "a watch has to remember what it has told";
const IN_INDEX: &str = "what a watch has told is in its index";

const MISPLACED: [Misplaced; 12] = [
    ("output", |check| !check.outputs.is_empty(), "a watch has no end at which a report would be whole"),
    ("suggest", |check| check.mending.suggest, ONCE),
    ("fix", |check| check.mending.fix, ONCE),
    ("fail-on", |check| check.settings.fail_on.is_some(), "a watch does not fail for what it finds"),
    ("allow-empty", |check| check.settings.allow_empty, ONCE),
    ("stdin-filename", |check| check.input.stdin_filename.is_some(), "a watch reads a folder"),
    ("no-index", |check| check.index.no_index, REMEMBERED),
    ("no-record", |check| check.index.no_record, REMEMBERED),
    ("pass", |check| check.index.pass.is_some(), ONCE),
    ("baseline", |check| check.new.baseline.is_some(), IN_INDEX),
    ("no-baseline", |check| check.new.no_baseline, IN_INDEX),
    ("since", |check| check.new.since.is_some(), ONCE),
];

impl WatchArgs {
    /// Returns a flag of `check` that was given and that a watch has no use for, if there is one, and why.
    pub fn misplaced(&self) -> Option<(&'static str, &'static str)> {
        let given = MISPLACED.iter().find(|(_, given, _)| given(&self.check));
        given.map(|&(flag, _, why)| (flag, why))
    }
}
