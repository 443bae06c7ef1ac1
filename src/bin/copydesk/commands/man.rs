//! `copydesk man`.

use clap::CommandFactory as _;

use crate::args::{LowArgs, ManArgs};
use crate::exit::Exit;
use crate::output::to_stdout;

/// Prints the manual page of copydesk or of one command.
///
/// # Errors
///
/// That no command has the name.
pub fn run(args: &ManArgs) -> Result<Exit, String> {
    let mut command = LowArgs::command();
    // Hands the global flags down.
    command.build();
    if let Some(name) = &args.command {
        let found = command.find_subcommand(name);
        let found =
            found.ok_or_else(|| format!("no command is called `{name}` (`copydesk --help` lists them)"))?;
        command = found.clone().name(format!("copydesk-{name}"));
    }
    let page = clap_mangen::Man::new(command);
    Ok(Exit::of(to_stdout(|out| page.render(&mut { out }))))
}
