//! The flags that have a key in `copydesk.toml`: which rules, how they count, how the run goes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use copydesk::config::{Values, size_written};
use copydesk::document::BlockKind;
use copydesk::duplicates::Threshold;
use copydesk::fingerprint::Profile;
use copydesk::lint::{RULES, Selection, Severity};
use serde_json::json;

use super::values::{give, kinds, profiles, size, time};

/// The flags that say how to check.
#[derive(Debug, Args)]
pub struct SettingArgs {
    /// The mildest severity that makes the exit status 1 [default: error]
    #[arg(long, value_name = "LEVEL", help_heading = "Output")]
    pub fail_on: Option<FailOn>,
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
    /// What differences between two passages do not count [default: standard]
    #[arg(long, value_name = "NAME", value_parser = profiles(), help_heading = "Rules")]
    pub profile: Option<Profile>,
    /// What time it is, for rules about dates [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Rules")]
    pub now: Option<i64>,
    /// Leave out blocks of fewer words [default: 5]
    #[arg(long, value_name = "N", help_heading = "Rules")]
    pub min_words: Option<u32>,
    /// Count these kinds of block too (comma-separated)
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds(), help_heading = "Rules")]
    pub blocks: Vec<BlockKind>,
    /// How much must be shared to be nearly the same: the least share of common 3-word runs (Jaccard), a
    /// decimal above 0 and up to 1 [default: 0.8]
    #[arg(long, value_name = "T", help_heading = "Rules")]
    pub threshold: Option<Threshold>,

    /// How many threads work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Run")]
    pub threads: Option<u16>,
    /// Leave out the near rules and copied-passage, and exit 2, where they would need more memory than this
    /// (K, M, G) [default: 8G]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Run")]
    pub memory_limit: Option<u64>,
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

impl SettingArgs {
    /// Adds what the flags say to the values of the command line.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn add_to(&self, line: &mut Values) -> Result<(), String> {
        self.add_rules(line)?;
        if let Some(fail_on) = self.fail_on {
            line.fail_on = Some(fail_on.severity());
            give(line, "fail-on", json!(fail_on.severity().map_or("never", Severity::name)));
        }
        if self.allow_empty {
            line.allow_empty = Some(true);
            give(line, "allow-empty", json!(true));
        }
        if let Some(profile) = self.profile {
            line.profile = Some(profile);
            give(line, "profile", json!(profile.name()));
        }
        if let Some(words) = self.min_words {
            line.min_words = Some(words);
            give(line, "min-words", json!(words));
        }
        if !self.blocks.is_empty() {
            line.blocks.clone_from(&self.blocks);
            let names: Vec<&str> = self.blocks.iter().map(|kind| kind.name()).collect();
            give(line, "blocks", json!(names));
        }
        if let Some(threshold) = self.threshold {
            line.threshold = Some(threshold);
            let (numerator, denominator) = threshold.fraction();
            give(line, "threshold", json!(numerator as f64 / denominator as f64));
        }
        if let Some(threads) = self.threads {
            line.threads = Some(u32::from(threads));
            give(line, "threads", json!(threads));
        }
        if let Some(bytes) = self.memory_limit {
            line.memory_limit = Some(bytes);
            give(line, "memory-limit", json!(size_written(bytes)));
        }
        Ok(())
    }

    /// Each flag is tried by itself, so that an error names the flag it came from.
    fn add_rules(&self, line: &mut Values) -> Result<(), String> {
        let none: &[String] = &[];
        let flags = [
            ("--select", self.select.as_slice(), none, none),
            ("--ignore", none, self.ignore.as_slice(), none),
            ("--severity", none, none, self.severity.as_slice()),
        ];
        for (flag, select, ignore, severity) in flags {
            Selection::new(select, ignore, severity).map_err(|error| format!("{flag}: {error}"))?;
        }
        if !self.select.is_empty() {
            line.select = Some(self.select.clone());
            give(line, "select", json!(self.select));
        }
        if !self.ignore.is_empty() {
            line.ignore.clone_from(&self.ignore);
            give(line, "ignore", json!(self.ignore));
        }
        let mut written = BTreeMap::new();
        for (rule, level) in self.severity.iter().filter_map(|setting| setting.split_once('=')) {
            let Some(rule) = RULES.iter().find(|known| known.name() == rule) else { continue };
            let severity = Severity::ALL.into_iter().find(|severity| severity.name() == level);
            line.severity.insert(rule.name(), severity);
            written.insert(rule.name(), level);
        }
        if !written.is_empty() {
            give(line, "severity", json!(written));
        }
        Ok(())
    }
}

/// Where the settings file is.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Read the settings from this file [default: copydesk.toml or .copydesk.toml, the nearest above the
    /// first path]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Settings")]
    pub config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, help_heading = "Settings")]
    pub no_config: bool,
}
