//! `copydesk init`.

use copydesk::config::find::{FILE_NAMES, in_folder};
use copydesk::config::template::settings_for;
use copydesk::read::walk::{WalkOptions, find};

use super::Talk;
use crate::args::InitArgs;
use crate::exit::Exit;
use crate::output::to_file;
use crate::stderr;

/// Writes a settings file that fits the folder.
///
/// # Errors
///
/// That there is one already, that there is no such folder, or that it cannot be written.
pub fn run(args: &InitArgs, talk: Talk) -> Result<Exit, String> {
    let folder = &args.folder;
    if !folder.is_dir() {
        return Err(format!("{}: is no folder", folder.display()));
    }
    let standing = in_folder(folder);
    if let Some(file) = standing.as_ref().filter(|_| !args.force) {
        let file = file.strip_prefix(".").unwrap_or(file);
        return Err(format!("{}: stands there already; --force replaces it", file.display()));
    }
    let file = standing.unwrap_or_else(|| folder.join(FILE_NAMES[0]));
    let file = file.strip_prefix(".").unwrap_or(&file);
    let found = find(std::slice::from_ref(folder), &WalkOptions::default());
    let inside = |path: &str| {
        let printed = folder.to_string_lossy();
        let inside = path.strip_prefix(&*printed).unwrap_or(path).trim_start_matches(['/', '\\']);
        if cfg!(windows) { inside.replace('\\', "/") } else { inside.to_owned() }
    };
    let paths: Vec<String> = found.inputs.iter().map(|input| inside(&input.path)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let text = settings_for(&paths);
    to_file(file, |out| out.write_all(text.as_bytes()))
        .map_err(|error| format!("{}: cannot be written: {error}", file.display()))?;
    if !talk.quiet {
        let many = if paths.len() == 1 { "document file" } else { "document files" };
        stderr::plain(&format!("Wrote {}, for a folder of {} {many}.", file.display(), paths.len()));
    }
    Ok(Exit::Clean)
}
