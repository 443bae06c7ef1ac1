//! `copydesk config`, and the settings file of every command that reads documents.

use std::path::PathBuf;

use copydesk::config::{Config, find};

use crate::args::{ConfigArgs, InputArgs};
use crate::stderr;

/// Returns the settings file that holds for these inputs, if there is one: the one that is named, or the
/// nearest above the first path.
///
/// # Errors
///
/// That it is wrong; what is wrong with it has then been printed.
pub fn load(args: &ConfigArgs, input: &InputArgs) -> Result<Option<Config>, String> {
    if args.no_config {
        return Ok(None);
    }
    let current = current_folder()?;
    let file = args.config.clone().or_else(|| find::find(&start(input), &current));
    let Some(file) = file else { return Ok(None) };
    find::load(&file, &current).map(Some).map_err(|faults| {
        faults.iter().for_each(stderr::fault);
        let many = if faults.len() == 1 { "it" } else { "them" };
        format!("nothing was done: mend {many}, or go without the file (--no-config)")
    })
}

/// Where the search for a settings file begins.
fn start(input: &InputArgs) -> PathBuf {
    match (input.paths.first(), &input.stdin_filename) {
        (Some(path), Some(name)) if path.as_os_str() == "-" => PathBuf::from(name),
        (Some(path), _) if path.as_os_str() != "-" => path.clone(),
        _ => PathBuf::from("."),
    }
}

/// The folder that the run is in.
pub fn current_folder() -> Result<PathBuf, String> {
    std::env::current_dir().map_err(|error| format!("the current folder cannot be told: {error}"))
}
