//! The flags of what describes copydesk itself: `rules`, `explain`, `completions`, `man`.

use clap::{Args, ValueEnum};

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
    /// Of which command, such as `check` or `index add` [default: of copydesk itself]
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
}
