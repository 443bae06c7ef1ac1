//! `copydesk rules`.

use copydesk::report::rules::{write_json, write_markdown, write_table};

use crate::args::{RulesArgs, RulesFormat};
use crate::exit::Exit;
use crate::output::{stdout_layout, to_stdout};

/// Prints the rules.
///
/// # Errors
///
/// None.
pub fn run(args: &RulesArgs) -> Result<Exit, String> {
    let layout = stdout_layout(false);
    let written = to_stdout(|out| match args.format {
        RulesFormat::Text => write_table(&layout, out),
        RulesFormat::Json => write_json(out),
        RulesFormat::Markdown => write_markdown(out),
    });
    Ok(Exit::of(written))
}
