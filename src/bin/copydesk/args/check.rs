//! The flags of `check`.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use copydesk::check::CheckOptions;
use copydesk::config::Config;
use copydesk::config::merge::merge;
use copydesk::lint::Severity;
use copydesk::read::walk::WalkOptions;
use copydesk::report::findings::{FINDINGS, FindingsReporter, findings_format};

use super::{ConfigArgs, IndexFlags, InputArgs, MendingArgs, NewArgs, PassageArgs, SettingArgs};

const CHECK_EXAMPLES: &str = "\
Examples:
  copydesk check                            everything below the current folder
  copydesk check news/ wire.jsonl.gz        a folder and a compressed file of records
  copydesk check - --input-format jsonl     records from standard input
  copydesk check docs --select repeated-paragraph,repeated-sentence
  copydesk check docs --severity shared-paragraph=error --fail-on warning
  copydesk check feed.jsonl --field text=story --field id=nr
  copydesk check docs --suggest | git apply
  copydesk check news -o json=report.json   findings on the screen, JSON in a file
  copydesk check docs --since origin/main   what the branch adds
  copydesk check feed.xml --index wire.copydesk-index   what is new since the last run

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
    #[command(flatten)]
    pub mending: MendingArgs,
    #[command(flatten)]
    pub settings: SettingArgs,
    #[command(flatten)]
    pub passage: PassageArgs,
    #[command(flatten)]
    pub index: IndexFlags,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub new: NewArgs,
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        FINDINGS.iter().map(|format| PossibleValue::new(format.name()).help(format.summary())),
    )
}

/// What the clock says, in seconds since 1970.
pub fn clock() -> Option<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// The flags of `check`, resolved.
pub struct CheckPlan {
    /// Files, folders, globs, `-`; never empty.
    pub paths: Vec<PathBuf>,
    /// How to look for files.
    pub walk: WalkOptions,
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
    /// The index to check against.
    pub index: Option<PathBuf>,
    /// Whether an index that is made keeps no texts.
    pub no_texts: bool,
}

/// A format of `check`.
pub type Format = &'static dyn FindingsReporter;

impl CheckArgs {
    /// Returns what holds: the flags, over what `config` says, over the defaults.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve(&self, config: Option<&Config>) -> Result<CheckPlan, String> {
        let mut line = self.input.values()?;
        self.settings.add_to(&mut line)?;
        self.passage.add_to(&mut line);
        if let Some(format) = self.format.as_deref() {
            line.format = findings_format(format);
        }
        for output in &self.outputs {
            line.output.push(output_file(output)?);
        }
        line.index.clone_from(&self.index.index);
        line.no_texts = self.index.no_texts.then_some(true);
        let mut resolved = merge(config, &line);
        // What is mended is checked again, which has no place in what an index remembers.
        if self.index.no_index || self.mending.fix {
            resolved.index = None;
        }
        let mut options = resolved.check;
        options.settings.now = self.settings.now.or_else(clock);
        Ok(CheckPlan {
            paths: self.input.paths_or_here(),
            walk: self.input.walk(resolved.walk),
            options,
            format: resolved.format,
            outputs: resolved.outputs,
            fail_on: resolved.fail_on,
            allow_empty: resolved.allow_empty,
            index: resolved.index,
            no_texts: resolved.no_texts,
        })
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
    use copydesk::document::BlockKind;

    use super::*;
    use crate::args::{Command, LowArgs};

    fn check(flags: &[&str]) -> Result<CheckPlan, String> {
        let arguments = ["copydesk", "check"].iter().chain(flags);
        match LowArgs::try_parse_from(arguments).map_err(|error| error.to_string())?.command {
            Command::Check(args) => args.resolve(None),
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
