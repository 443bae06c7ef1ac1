//! The flags of `show`.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use copydesk::report::documents::DOCUMENTS;

use super::{ConfigArgs, InputArgs};

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
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How documents are printed
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = show_formats(), help_heading = "Output")]
    pub format: String,
}

fn show_formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        DOCUMENTS.iter().map(|format| PossibleValue::new(format.name()).help(format.summary())),
    )
}
