//! The flags about what repeated already.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use copydesk::check::CheckOptions;
use copydesk::config::Config;
use copydesk::config::merge::merge;
use copydesk::read::walk::WalkOptions;

use super::check::clock;
use super::{ConfigArgs, InputArgs, PassageArgs, SettingArgs};

/// The flags of `check` that narrow what is told to what is new.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// Let through what repeated when this baseline was made [default: copydesk-baseline.jsonl beside the
    /// settings file, or in the current folder]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline", help_heading = "New only")]
    pub baseline: Option<PathBuf>,
    /// Tell what a baseline would let through, too
    #[arg(long, help_heading = "New only")]
    pub no_baseline: bool,
    /// Read everything, and tell what has a copy on lines added since the merge base of REF and HEAD
    #[arg(long, value_name = "REF", help_heading = "New only")]
    pub since: Option<String>,
}

/// The flags of `baseline`.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct BaselineCommandArgs {
    #[command(subcommand)]
    pub command: BaselineCommand,
}

/// What to do with a baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Write down what repeats now, so that `check` lets it through
    Create(Box<CreateArgs>),
    /// Write the baseline again, for what repeats now
    Update(Box<UpdateArgs>),
    /// Print what the baseline lets through
    Show(ShowBaselineArgs),
}

const CREATE_EXAMPLES: &str = "\
Examples:
  copydesk baseline create              of the current folder, beside copydesk.toml
  copydesk baseline create docs
  copydesk check docs                   tells what is new since

Exit status: 0 written; 2 not written, or not all could be read.";

/// The flags of `baseline create`.
#[derive(Debug, Args)]
#[command(after_help = CREATE_EXAMPLES)]
pub struct CreateArgs {
    #[command(flatten)]
    pub what: WhatArgs,
    /// Replace the baseline that stands there
    #[arg(long, help_heading = "Output")]
    pub force: bool,
}

const UPDATE_EXAMPLES: &str = "\
Without a PATH it checks what was checked when the baseline was made.

Examples:
  copydesk baseline update              let through what repeats now, and forget what no longer does
  copydesk baseline update --prune      only forget: what is new stays new";

/// The flags of `baseline update`.
#[derive(Debug, Args)]
#[command(after_help = UPDATE_EXAMPLES)]
pub struct UpdateArgs {
    #[command(flatten)]
    pub what: WhatArgs,
    /// Take out what no longer repeats, and let nothing new in
    #[arg(long, help_heading = "Output")]
    pub prune: bool,
}

/// What to write down, and where.
#[derive(Debug, Args)]
pub struct WhatArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// The baseline [default: copydesk-baseline.jsonl beside the settings file, or in the current folder]
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub settings: SettingArgs,
    #[command(flatten)]
    pub passage: PassageArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// The flags of `baseline show`.
#[derive(Debug, Args)]
pub struct ShowBaselineArgs {
    /// The baseline [default: copydesk-baseline.jsonl beside the settings file, or in the current folder]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How groups are printed
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub format: BaselineFormat,
}

/// A format of `baseline show`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BaselineFormat {
    /// A line a group: how many, which kind, the first words
    Text,
    /// The lines of the file
    Jsonl,
}

/// What a baseline is made of, resolved.
pub struct WhatPlan {
    /// How to look for files.
    pub walk: WalkOptions,
    /// What to check and how.
    pub options: CheckOptions,
    /// Whether it is well when no document was checked at all.
    pub allow_empty: bool,
}

impl WhatArgs {
    /// Returns what holds: the flags, over what `config` says, over the defaults.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve(&self, config: Option<&Config>) -> Result<WhatPlan, String> {
        let mut line = self.input.values()?;
        self.settings.add_to(&mut line)?;
        self.passage.add_to(&mut line);
        let resolved = merge(config, &line);
        let mut options = resolved.check;
        options.settings.now = self.settings.now.or_else(clock);
        Ok(WhatPlan { walk: self.input.walk(resolved.walk), options, allow_empty: resolved.allow_empty })
    }
}
