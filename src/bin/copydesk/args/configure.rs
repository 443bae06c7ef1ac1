//! The flags of what writes and shows settings: `init`, `config`, `allow`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use copydesk::lint::FindingKey;

use super::{ConfigArgs, InputArgs, SettingArgs};

const INIT_EXAMPLES: &str = "\
Examples:
  copydesk init               writes copydesk.toml here, fit for what is here
  copydesk init docs
  copydesk config show        what holds now, and where it is said";

/// The flags of `init`.
#[derive(Debug, Args)]
#[command(after_help = INIT_EXAMPLES)]
pub struct InitArgs {
    /// The folder to write it for
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
    /// Replace the settings file that stands there
    #[arg(long)]
    pub force: bool,
}

/// The flags of `config`.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct ConfigCommandArgs {
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// What to tell of the settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting that holds for a path, and where it was said
    Show(Box<ConfigShowArgs>),
    /// Print the JSON Schema of copydesk.toml
    Schema,
}

const SHOW_EXAMPLES: &str = "\
Examples:
  copydesk config show
  copydesk config show docs/v1/install.md       with the overrides that hold there
  copydesk config show --min-words 8            with what the command line would say";

/// The flags of `config show`.
#[derive(Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
pub struct ConfigShowArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub settings: SettingArgs,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How settings are printed
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub format: ConfigFormat,
}

/// A format of `config show`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConfigFormat {
    /// As they would be written, with a comment behind each
    Text,
    /// One JSON object
    Json,
}

const ALLOW_EXAMPLES: &str = "\
Examples:
  copydesk allow 5d2c9e6b1f0a4c8d93e7b2a1c0f4d6e8 --reason \"the licence note of every page\"
  copydesk allow 5d2c9e6b1f0a4c8d93e7b2a1c0f4d6e8 --reason \"quoted on purpose\" --path news/

Reports show the fingerprint of each finding (`--format json`, `fingerprint`).
Exit status: 0 written, or allowed already; 2 not written.";

/// The flags of `allow`.
#[derive(Debug, Args)]
#[command(after_help = ALLOW_EXAMPLES)]
pub struct AllowArgs {
    /// The fingerprint of the finding: 32 hexadecimal digits
    #[arg(value_name = "FINGERPRINT", value_parser = fingerprint)]
    pub fingerprint: FindingKey,
    /// Why the passage may repeat
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Allow it for these rules only (comma-separated)
    #[arg(long = "rule", value_name = "RULE", value_delimiter = ',')]
    pub rules: Vec<String>,
    /// Allow it in what this glob matches only, from the folder of the settings file (may be given again)
    #[arg(long = "path", value_name = "GLOB")]
    pub paths: Vec<String>,
    /// Write to this settings file [default: the nearest copydesk.toml or .copydesk.toml above the current
    /// folder, else a new copydesk.toml in it]
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    pub config: Option<PathBuf>,
}

fn fingerprint(text: &str) -> Result<FindingKey, String> {
    FindingKey::read(text)
        .ok_or_else(|| "a fingerprint is 32 hexadecimal digits, as reports show it".to_owned())
}
