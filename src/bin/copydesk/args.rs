//! The flags: as parsed ([`LowArgs`]), and as resolved before anything runs ([`CheckPlan`]).

mod repeats;

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};
use copydesk::check::CheckOptions;
use copydesk::document::{BlockKind, read_date};
use copydesk::duplicates::Threshold;
use copydesk::fingerprint::Profile;
use copydesk::lint::{RULES, Selection, Settings, Severity};
use copydesk::read::input::Limits;
use copydesk::read::record::FIELD_MEANINGS;
use copydesk::read::walk::WalkOptions;
use copydesk::read::{FieldMap, READERS, ReadOptions, reader_named};
use copydesk::report::documents::DOCUMENTS;
use copydesk::report::findings::{FINDINGS, FindingsReporter, findings_format};

use crate::commands::diff::DiffArgs;
pub use repeats::{DedupeArgs, MeasureFlag, PairsArgs, PairsFormat, PassageArgs};

/// Says which passages of documents repeat, and what changed between versions.
#[derive(Debug, Parser)]
#[command(
    name = "copydesk",
    version,
    about = "Says which passages of documents repeat, and what changed between versions.",
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "`copydesk COMMAND --help` says more about each command.",
    max_term_width = 100
)]
pub struct LowArgs {
    #[command(subcommand)]
    pub command: Command,
    /// Colour what is printed
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", help_heading = "Global options")]
    pub color: Color,
    /// Print findings and errors only: no summary, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Print more: how the run was set up, and how long it took
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes every stream of the run follow this choice.
    pub fn write_global(self) {
        match self {
            // Left to anstream: NO_COLOR, CLICOLOR_FORCE, and whether there is a terminal.
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find repeats and feed faults in files, folders, archives and standard input
    Check(Box<CheckArgs>),
    /// Say what changed between two versions of a document
    Diff(Box<DiffArgs>),
    /// Show how documents are read: metadata, text, blocks with their places
    Show(ShowArgs),
    /// List the pairs of texts that are nearly the same, or the clusters they make
    Pairs(Box<PairsArgs>),
    /// Write a corpus without its repeats, and a list of what was left out and why
    Dedupe(Box<DedupeArgs>),
    /// List the rules
    Rules(RulesArgs),
    /// Explain a rule: what it finds, why that is bad, how to set it
    Explain(ExplainArgs),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

const CHECK_EXAMPLES: &str = "\
Examples:
  copydesk check                            everything below the current folder
  copydesk check news/ wire.jsonl.gz        a folder and a compressed file of records
  copydesk check - --input-format jsonl     records from standard input
  copydesk check docs --select repeated-paragraph,repeated-sentence
  copydesk check docs --severity shared-paragraph=error --fail-on warning
  copydesk check feed.jsonl --field text=story --field id=nr
  copydesk check news -o json=report.json   findings on the screen, JSON in a file

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 could not do all of the work.";

/// The flags of `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArgs {
    #[command(flatten)]
    pub input: InputArgs,

    /// How findings are printed [default: full on a terminal, else concise]
    #[arg(long, value_name = "FORMAT", value_parser = formats(), help_heading = "Output")]
    pub format: Option<String>,
    /// Also write a report to a file (may be given again)
    #[arg(short, long = "output", value_name = "FORMAT=FILE", help_heading = "Output")]
    pub outputs: Vec<String>,
    /// The mildest severity that makes the exit status 1
    #[arg(long, value_name = "LEVEL", default_value = "error", help_heading = "Output")]
    pub fail_on: FailOn,
    /// Do not exit 2 when no document was checked at all
    #[arg(long, help_heading = "Output")]
    pub allow_empty: bool,

    /// Tell these rules only (comma-separated, or ALL)
    #[arg(long, value_name = "RULE", value_delimiter = ',', long_help = select_help(), help_heading = "Rules")]
    pub select: Vec<String>,
    /// Do not tell these rules (comma-separated, or ALL)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub ignore: Vec<String>,
    /// How bad a rule is: error, warning, info or off
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', help_heading = "Rules")]
    pub severity: Vec<String>,
    /// What differences between two passages do not count
    #[arg(long, value_name = "NAME", default_value = "standard", value_parser = profiles(), help_heading = "Rules")]
    pub profile: Profile,
    /// What time it is, for rules about dates [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Rules")]
    pub now: Option<i64>,
    /// Leave out blocks of fewer words
    #[arg(long, value_name = "N", default_value_t = Settings::default().min_words, help_heading = "Rules")]
    pub min_words: u32,
    /// Count these kinds of block too (comma-separated)
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds(), help_heading = "Rules")]
    pub blocks: Vec<BlockKind>,
    /// How much must be shared to be nearly the same: the least share of common 3-word runs (Jaccard), a
    /// decimal above 0 and up to 1
    #[arg(long, value_name = "T", default_value = "0.8", help_heading = "Rules")]
    pub threshold: Threshold,
    #[command(flatten)]
    pub passage: PassageArgs,

    /// How many threads work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Run")]
    pub threads: Option<u16>,
    /// Leave out the near rules and copied-passage, and exit 2, where they would need more memory than this
    /// (K, M, G)
    #[arg(long, value_name = "SIZE", default_value = "8G", value_parser = size, help_heading = "Run")]
    pub memory_limit: u64,
}

/// What to read and how; shared by every command that reads documents.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders, globs, or - for standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Leave out what this glob matches, named paths too (may be given again)
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub exclude: Vec<String>,
    /// Walk hidden files and folders
    #[arg(long, help_heading = "Input")]
    pub hidden: bool,
    /// Do not respect .gitignore and .ignore
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,
    /// Read every input as this format
    #[arg(long, value_name = "FORMAT", value_parser = readers(), help_heading = "Input")]
    pub input_format: Option<String>,
    /// What standard input is called; its extension tells the format
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub stdin_filename: Option<String>,
    /// Decode with this encoding instead of the one that is found
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub encoding: Option<String>,
    /// Which field of a record means what, such as text=story (may be given again)
    #[arg(long = "field", value_name = "MEANING=NAME", help_heading = "Input")]
    pub fields: Vec<String>,
    /// What the bodies of records are [default: text, or HTML where the field's name says so]
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    pub body_format: Option<BodyFormat>,
    /// Read no more than this of one input, decompressed (K, M, G)
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = size, help_heading = "Input")]
    pub max_size: u64,
}

/// What the body of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BodyFormat {
    /// HTML
    Html,
    /// Text as it stands
    Text,
}

/// From which severity up findings make the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Any finding
    Info,
    /// None
    Never,
}

impl FailOn {
    /// Returns the mildest severity that fails.
    const fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

const SHOW_EXAMPLES: &str = "\
Examples:
  copydesk show story.md
  copydesk show wire.jsonl --format json | jq '.documents[].blocks[].kind'";

/// The flags of `show`.
#[derive(Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
pub struct ShowArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// How documents are printed
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = show_formats(), help_heading = "Output")]
    pub format: String,
}

/// The flags of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// How rules are printed
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub format: RulesFormat,
}

/// A format of `rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// A table
    Text,
    /// One JSON object
    Json,
    /// The page docs/rules.md
    Markdown,
}

/// The flags of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's name [default: list all]
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
}

/// The flags of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// For which shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// The flags of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Of which command [default: of copydesk itself]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

fn select_help() -> String {
    let mut help = String::from("Tell these rules only (comma-separated, or ALL)\n\nRules:");
    for rule in RULES {
        help.push_str(&format!("\n- {}: {}", rule.name(), rule.summary()));
    }
    help
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        FINDINGS.iter().map(|format| PossibleValue::new(format.name()).help(format.summary())),
    )
}

fn show_formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        DOCUMENTS.iter().map(|format| PossibleValue::new(format.name()).help(format.summary())),
    )
}

fn readers() -> PossibleValuesParser {
    PossibleValuesParser::new(
        READERS.iter().map(|reader| PossibleValue::new(reader.name()).help(reader.summary())),
    )
}

fn profiles() -> impl clap::builder::TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name))
        .map(|name| Profile::named(&name).unwrap_or_default())
}

fn kinds() -> impl clap::builder::TypedValueParser<Value = BlockKind> {
    PossibleValuesParser::new(BlockKind::ALL.map(BlockKind::name))
        .try_map(|name| BlockKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or("no kind of block"))
}

/// Reads a date as feeds write it: seconds since 1970.
fn time(text: &str) -> Result<i64, String> {
    read_date(text)
        .map(|date| date.seconds)
        .ok_or_else(|| "write a date and time such as 2026-11-18T12:00:00Z".to_owned())
}

/// What the clock says, in seconds since 1970.
fn clock() -> Option<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// Reads `512M`, `2G`, `100k`, `4096`: bytes, in powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || "write a number of bytes, with K, M or G behind it for more, such as 512M".to_owned();
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.trim_end_matches("ib").trim_end_matches('b');
    let (digits, shift) = match number.as_bytes().last() {
        Some(b'k') => (&number[..number.len() - 1], 10),
        Some(b'm') => (&number[..number.len() - 1], 20),
        Some(b'g') => (&number[..number.len() - 1], 30),
        _ => (number, 0),
    };
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    count.checked_mul(1 << shift).filter(|&bytes| bytes > 0).ok_or_else(wrong)
}

/// The flags of `check`, resolved.
pub struct CheckPlan {
    /// What to read.
    pub input: InputPlan,
    /// What to check and how.
    pub options: CheckOptions,
    /// The format on standard output; `None` leaves it to whether that is a terminal.
    pub format: Option<Format>,
    /// The reports to write to files.
    pub outputs: Vec<(Format, PathBuf)>,
    /// The mildest severity that fails.
    pub fail_on: Option<Severity>,
    /// Whether it is well when no document was checked at all.
    pub allow_empty: bool,
}

/// A format of `check`.
pub type Format = &'static dyn FindingsReporter;

/// What to read, resolved.
pub struct InputPlan {
    /// Files, folders, globs, `-`; never empty.
    pub paths: Vec<PathBuf>,
    /// How to look for files.
    pub walk: WalkOptions,
    /// How much is read at most.
    pub limits: Limits,
    /// How documents are read.
    pub read: ReadOptions,
}

impl CheckArgs {
    /// Returns the flags resolved.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve(&self) -> Result<CheckPlan, String> {
        let input = self.input.resolve()?;
        let mut settings = Settings {
            min_words: self.min_words,
            profile: self.profile,
            now: self.now.or_else(clock),
            ..Settings::default()
        };
        for &kind in &self.blocks {
            settings.counted[kind as usize] = true;
        }
        let options = CheckOptions {
            selection: self.selection()?,
            settings,
            read: input.read.clone(),
            limits: input.limits,
            threads: usize::from(self.threads.unwrap_or(0)),
            threshold: self.threshold,
            min_passage: self.passage.min_passage as usize,
            memory_limit: self.memory_limit,
        };
        let mut outputs: Vec<(Format, PathBuf)> = Vec::new();
        for output in &self.outputs {
            let (format, path) = output_file(output)?;
            if outputs.iter().any(|(_, other)| *other == path) {
                return Err(format!("--output: two reports would go to {}", path.display()));
            }
            outputs.push((format, path));
        }
        Ok(CheckPlan {
            input,
            options,
            format: self.format.as_deref().and_then(findings_format),
            outputs,
            fail_on: self.fail_on.severity(),
            allow_empty: self.allow_empty,
        })
    }

    /// Each flag is tried by itself first, so that an error names the flag it came from.
    fn selection(&self) -> Result<Selection, String> {
        let none: &[String] = &[];
        let flags = [
            ("--select", self.select.as_slice(), none, none),
            ("--ignore", none, self.ignore.as_slice(), none),
            ("--severity", none, none, self.severity.as_slice()),
        ];
        for (flag, select, ignore, severity) in flags {
            Selection::new(select, ignore, severity).map_err(|error| format!("{flag}: {error}"))?;
        }
        Selection::new(&self.select, &self.ignore, &self.severity).map_err(|error| error.to_string())
    }
}

/// `json=report.json`, taken apart.
fn output_file(text: &str) -> Result<(Format, PathBuf), String> {
    let names = || FINDINGS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    let Some((name, path)) = text.split_once('=').filter(|(_, path)| !path.is_empty()) else {
        return Err(format!("--output: `{text}` is not FORMAT=FILE, such as json=report.json"));
    };
    let format = findings_format(name)
        .ok_or_else(|| format!("--output: no format is called `{name}`; there are {}", names()))?;
    if path == "-" {
        return Err(format!("--output: for {name} on standard output write --format {name}"));
    }
    Ok((format, PathBuf::from(path)))
}

impl InputArgs {
    /// Returns the flags resolved.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve(&self) -> Result<InputPlan, String> {
        let mut fields = FieldMap::default();
        for field in &self.fields {
            let (meaning, name) = field
                .split_once('=')
                .filter(|(_, name)| !name.is_empty())
                .ok_or_else(|| format!("--field: `{field}` is not MEANING=NAME, such as text=story"))?;
            if !FIELD_MEANINGS.contains(&meaning) {
                let known = FIELD_MEANINGS.join(", ");
                return Err(format!("--field: `{meaning}` is no meaning of a field; there are {known}"));
            }
            fields.names.push((meaning.to_owned(), name.to_owned()));
        }
        let encoding = match &self.encoding {
            None => None,
            Some(name) => Some(encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| {
                format!("--encoding: no encoding is called `{name}`; write a name that browsers know, such as windows-1252")
            })?),
        };
        let paths = if self.paths.is_empty() { vec![PathBuf::from(".")] } else { self.paths.clone() };
        Ok(InputPlan {
            paths,
            walk: WalkOptions {
                exclude: self.exclude.clone(),
                hidden: self.hidden,
                respect_ignore: !self.no_ignore,
                input_format: self.input_format.as_deref().and_then(reader_named),
                stdin_name: self.stdin_filename.clone(),
            },
            limits: Limits { max_size: self.max_size },
            read: ReadOptions {
                places: false,
                fields,
                body_html: self.body_format.map(|format| format == BodyFormat::Html),
                encoding,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_consistent() {
        use clap::CommandFactory as _;
        LowArgs::command().debug_assert();
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(size("512M"), Ok(512 << 20));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("100kb"), Ok(100 << 10));
        assert_eq!(size("4096"), Ok(4096));
        for wrong in ["", "0", "-1", "1.5G", "M", "12X", "99999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    fn check(flags: &[&str]) -> Result<CheckPlan, String> {
        let arguments = ["copydesk", "check"].iter().chain(flags);
        match LowArgs::try_parse_from(arguments).map_err(|error| error.to_string())?.command {
            Command::Check(args) => args.resolve(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_take_commas_and_repeats() {
        let plan = check(&[
            "--select=repeated-paragraph,shared-paragraph",
            "--select",
            "boilerplate",
            "--blocks=code,table",
        ]);
        let options = plan.unwrap().options;
        assert_eq!(options.selection.rules().count(), 3);
        assert!(options.settings.counts(BlockKind::Code) && options.settings.counts(BlockKind::Table));
        assert!(!options.settings.counts(BlockKind::Heading));
    }

    #[test]
    fn an_error_names_its_flag() {
        for (flags, expected) in [
            (["--select", "repeated-paragraf"], "--select: no rule is called"),
            (["--ignore", "nothing"], "--ignore: "),
            (["--severity", "boilerplate"], "--severity: "),
            (["--output", "json"], "--output: "),
            (["--output", "jsn=a"], "--output: no format is called `jsn`"),
            (["--field", "body=x"], "--field: `body`"),
            (["--encoding", "klingon"], "--encoding: "),
        ] {
            let error = check(&flags).err().unwrap_or_default();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
