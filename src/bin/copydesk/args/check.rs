//! The flags of `check`.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use copydesk::check::CheckOptions;
use copydesk::document::BlockKind;
use copydesk::duplicates::Threshold;
use copydesk::fingerprint::Profile;
use copydesk::lint::{RULES, Selection, Settings, Severity};
use copydesk::report::findings::{FINDINGS, FindingsReporter, findings_format};

use super::values::{kinds, profiles, size, time};
use super::{InputArgs, InputPlan};

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

    /// How many threads work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Run")]
    pub threads: Option<u16>,
    /// Leave out the near rules, and exit 2, where they would need more memory than this (K, M, G)
    #[arg(long, value_name = "SIZE", default_value = "8G", value_parser = size, help_heading = "Run")]
    pub memory_limit: u64,
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

/// What the clock says, in seconds since 1970.
fn clock() -> Option<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
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
            memory_limit: self.memory_limit,
            allow: Vec::new(),
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

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Command, LowArgs};

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
