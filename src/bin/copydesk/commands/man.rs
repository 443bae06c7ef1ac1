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
    let mut page = "copydesk".to_owned();
    let mut rest = args.command.join("-");
    // Pages are called `copydesk-index-add`, and the command is `index add`.
    while !rest.is_empty() {
        let named = |one: &&clap::Command| {
            rest == one.get_name() || rest.starts_with(&format!("{}-", one.get_name()))
        };
        let found = command.get_subcommands().find(named).cloned();
        let found = found.ok_or_else(|| {
            let asked = args.command.join(" ");
            format!("no command is called `{asked}` (`copydesk --help` lists them)")
        })?;
        rest = rest[found.get_name().len()..].trim_start_matches('-').to_owned();
        page = format!("{page}-{}", found.get_name());
        command = found;
    }
    if !args.command.is_empty() {
        command = command.name(page);
    }
    let page = clap_mangen::Man::new(command);
    Ok(Exit::of(to_stdout(|out| page.render(&mut { out }))))
}
