//! `copydesk completions`.

use clap::CommandFactory as _;

use crate::args::{CompletionsArgs, LowArgs};
use crate::exit::Exit;
use crate::output::to_stdout;

/// Prints completions for a shell.
///
/// # Errors
///
/// None.
pub fn run(args: &CompletionsArgs) -> Result<Exit, String> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut LowArgs::command(), "copydesk", &mut script);
    Ok(Exit::of(to_stdout(|out| out.write_all(&script))))
}
