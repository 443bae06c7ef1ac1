//! `copydesk check --suggest` and `--fix`: the suggestions of a report as a patch, and in the files.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Component, Path};

use copydesk::check::Report;
use copydesk::fix::{CONTEXT, Left, Mended, mend, patch};
use copydesk::lint::Suggestion;
use copydesk::read::compress::Compression;
use copydesk::read::input::Input;
use copydesk::read::walk::Found;
use copydesk::report::visible;

use super::config::current_folder;
use crate::exit::Exit;
use crate::output::{replace, to_stdout};
use crate::stderr;

/// A file and what to change in it.
struct Changed<'a> {
    path: &'a str,
    location: &'a Path,
    old: Vec<u8>,
    new: Mended,
}

/// Calls `take` for each file that has something to mend, in the order of the report; says what cannot be
/// mended where it stands. Returns the worst that happened.
fn each_file<'a>(report: &'a Report, found: &'a Found, take: &mut dyn FnMut(Changed<'a>) -> Exit) -> Exit {
    let mut order: Vec<&str> = Vec::new();
    let mut by_path: BTreeMap<&str, Vec<&Suggestion>> = BTreeMap::new();
    for finding in &report.findings {
        let Some(suggestion) = finding.suggestion.as_ref().filter(|own| own.basis.is_some()) else {
            continue;
        };
        let path = &*finding.primary.location.path;
        let own = by_path.entry(path).or_insert_with(|| {
            order.push(path);
            Vec::new()
        });
        own.push(suggestion);
    }
    let inputs: BTreeMap<&str, &Input> = found.inputs.iter().map(|input| (&*input.path, input)).collect();
    let mut exit = Exit::Clean;
    for path in order {
        let Some(location) = inputs.get(path).and_then(|input| input.location()) else {
            stderr::note(&format!("{path}: is not mended, since it is no file"));
            continue;
        };
        let old = match fs::read(location) {
            Ok(old) => old,
            Err(error) => {
                stderr::error(&format!("{path}: is not mended, since it cannot be read again: {error}"));
                exit = Exit::Trouble;
                continue;
            }
        };
        if Compression::of(&old).is_some() {
            stderr::note(&format!("{path}: is not mended, since it is compressed"));
            continue;
        }
        let own = by_path.get(path).map(Vec::as_slice).unwrap_or_default();
        let new = mend(&old, own);
        let count = |why| new.left.iter().filter(|left| **left == Some(why)).count();
        if count(Left::Changed) > 0 {
            stderr::error(&format!(
                "{path}: is not mended, since it changed while it was checked; check it again"
            ));
            exit = Exit::Trouble;
        }
        if count(Left::Overlaps) > 0 {
            let many = count(Left::Overlaps);
            stderr::note(&format!("{path}: {many} more would change the same bytes and waited"));
        }
        if new.bytes != old {
            exit = exit.max(take(Changed { path, location, old, new }));
        }
    }
    exit
}

/// Prints the suggestions as a patch.
pub fn suggest(report: &Report, found: &Found) -> Exit {
    let current = current_folder().ok();
    let mut exit = Exit::Clean;
    let written = to_stdout(|out| {
        let mut failed = Ok(());
        exit = each_file(report, found, &mut |changed| {
            if changed.old.contains(&0) {
                let path = changed.path;
                stderr::note(&format!("{path}: is UTF-16, which no patch of lines can say; --fix mends it"));
            } else if failed.is_ok() {
                let path = current.as_deref().and_then(|here| path_from(here, changed.path));
                failed = write_patch(path.as_deref().unwrap_or(changed.path), &changed, out);
            }
            Exit::Clean
        });
        failed
    });
    exit.max(Exit::of(written))
}

/// Returns `path` as it is from the folder `here`, where that is above it, without `.` and `..`: what takes a
/// patch goes up to no other folder. `..` is followed as the file system does.
pub(super) fn path_from(here: &Path, path: &str) -> Option<String> {
    let path = Path::new(path);
    if path.is_relative()
        && let Some(plain) = plain(path)
    {
        return Some(plain);
    }
    let below = |here: &Path, path: &Path| plain(path.strip_prefix(here).ok()?);
    below(here, path).or_else(|| {
        // The folder is resolved and not the file: a link is mended where it leads, under its own name.
        let folder = here.join(path.parent()?).canonicalize().ok()?;
        below(&here.canonicalize().ok()?, &folder.join(path.file_name()?))
    })
}

/// Returns the parts of a path with `/` between; `None` where it goes up, or is no text.
fn plain(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// A patch is exact, but on a terminal it is looked at and not obeyed.
fn write_patch(path: &str, changed: &Changed<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return patch(path, (&changed.old, &changed.new.bytes), CONTEXT, out);
    }
    let mut text = Vec::new();
    patch(path, (&changed.old, &changed.new.bytes), CONTEXT, &mut text)?;
    String::from_utf8_lossy(&text).lines().try_for_each(|line| writeln!(out, "{}", visible::line_start(line)))
}

/// What was mended.
pub struct Done {
    /// How many findings.
    pub findings: u64,
    /// The worst that happened.
    pub exit: Exit,
}

/// Follows the suggestions in the files.
pub fn fix(report: &Report, found: &Found) -> Done {
    let mut findings = 0;
    let exit = each_file(report, found, &mut |changed| {
        let Changed { path, location, old, new } = changed;
        match replace(location, &old, &new.bytes) {
            Ok(true) => {
                findings += new.left.iter().filter(|left| left.is_none()).count() as u64;
                Exit::Clean
            }
            Ok(false) => {
                let why = "changed while it was mended, and is left as it is; check it again";
                stderr::error(&format!("{path}: {why}"));
                Exit::Trouble
            }
            Err(error) => {
                stderr::error(&format!("{path}: cannot be written, and is as it was: {error}"));
                Exit::Trouble
            }
        }
    });
    Done { findings, exit }
}
