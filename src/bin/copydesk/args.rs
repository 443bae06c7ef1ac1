//! The flags: as parsed ([`LowArgs`]), and as resolved before anything runs ([`CheckPlan`]).
//!
//! One file a topic: the flags of a command, or flags that several share ([`InputArgs`]).

mod baseline;
mod check;
mod configure;
mod index;
mod input;
mod mending;
mod page;
mod reference;
mod repeats;
mod server;
mod settings;
mod show;
mod values;

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::diff::DiffArgs;
use crate::commands::history::HistoryArgs;
pub use baseline::{
    BaselineCommand, BaselineCommandArgs, BaselineFormat, CreateArgs, NewArgs, ShowBaselineArgs, UpdateArgs,
    WhatArgs,
};
pub use check::{CheckArgs, CheckPlan, Format, clock};
pub use configure::{AllowArgs, ConfigCommand, ConfigCommandArgs, ConfigFormat, ConfigShowArgs, InitArgs};
pub use index::{IndexAddArgs, IndexArgs, IndexCommand, IndexFlags, StatsFormat, WatchArgs, terms};
pub use input::{BodyFormat, InputArgs, InputPlan};
pub use mending::MendingArgs;
pub use page::PageArgs;
pub use reference::{CompletionsArgs, ExplainArgs, ManArgs, RulesArgs, RulesFormat};
pub use repeats::{DedupeArgs, MeasureFlag, PairsArgs, PairsFormat, PassageArgs, UnitFlag};
pub use server::LspArgs;
pub use settings::{ConfigArgs, SettingArgs};
pub use show::ShowArgs;

/// Says which passages of documents repeat, and what changed between versions.
#[derive(Debug, Parser)]
#[command(
    name = "copydesk",
    version,
    about = "Says which passages of documents repeat, and what changed between versions.",
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
    /// Review a document's versions: what changed when, and who wrote which word
    History(Box<HistoryArgs>),
    /// Show how documents are read: metadata, text, blocks with their places
    Show(ShowArgs),
    /// List the pairs of texts that are nearly the same, or the clusters they make
    Pairs(Box<PairsArgs>),
    /// Write a corpus without its repeats, and a list of what was left out and why
    Dedupe(Box<DedupeArgs>),
    /// Fill, ask and look after an index: fingerprints kept between runs
    Index(Box<IndexArgs>),
    /// Check files as they arrive in a folder, against an index
    Watch(Box<WatchArgs>),
    /// Write a commented copydesk.toml that fits the folder
    Init(InitArgs),
    /// Show the settings that hold and where they are said, or their JSON Schema
    Config(ConfigCommandArgs),
    /// Allow a passage to repeat, in copydesk.toml
    Allow(AllowArgs),
    /// Write down what repeats now, so that only what is new is told
    Baseline(BaselineCommandArgs),
    /// Tell an editor what repeats while it is written (Language Server Protocol, on standard input and output)
    Lsp(LspArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Explain a rule: what it finds, why that is bad, how to set it
    Explain(ExplainArgs),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_consistent() {
        use clap::CommandFactory as _;
        LowArgs::command().debug_assert();
    }
}
