//! `copydesk explain`.

use copydesk::lint::selection::find_rule;
use copydesk::report::rules::{write_page, write_table};

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::output::{stdout_layout, to_stdout};

/// Prints the page of one rule, or the list of all.
///
/// # Errors
///
/// That no rule has the name, and which one comes nearest.
pub fn run(args: &ExplainArgs) -> Result<Exit, String> {
    let layout = stdout_layout(false);
    let Some(name) = &args.rule else {
        return Ok(Exit::of(to_stdout(|out| write_table(&layout, out))));
    };
    let rule = find_rule(name).map_err(|error| error.to_string())?;
    Ok(Exit::of(to_stdout(|out| write_page(rule, &layout, out))))
}
