//! What goes to standard error: troubles, notes, and the summary of formats that have none.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use copydesk::config::Fault;
use copydesk::error::ReadError;
use copydesk::read::walk::Found;
use copydesk::report::visible;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Prints `error: …`. `message` may quote documents and paths: it is made visible here.
pub fn error(message: &str) {
    line(ERROR, "error", message);
}

/// Prints `warning: …`: something the user may want to know, which is no trouble.
pub fn warning(message: &str) {
    line(WARNING, "warning", message);
}

/// Prints `note: …`, for `--verbose`.
pub fn note(message: &str) {
    line(NOTE, "note", message);
}

/// Prints one line as it is, such as a summary.
pub fn plain(message: &str) {
    // Where standard error is gone there is nowhere left to tell.
    let _ = writeln!(anstream::stderr().lock(), "{}", visible::line_start(message));
}

fn line(style: Style, word: &str, message: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{style}{word}{style:#}: {}", visible::line(message));
}

/// Prints what is wrong with a settings file: a line that says so, and the line of the file below.
pub fn fault(fault: &Fault) {
    let mut lines = fault.lines().into_iter();
    error(&lines.next().unwrap_or_default());
    lines.for_each(|line| plain(&line));
}

/// Prints what could not be read, a line each.
pub fn read_errors(errors: &[ReadError]) {
    errors.iter().for_each(|trouble| error(&trouble.to_string()));
}

/// Says which of the named paths are not read because they are excluded.
pub fn excluded(found: &Found) {
    for path in &found.excluded {
        error(&format!("{path}: is excluded, by --exclude or `exclude` in the settings file"));
    }
}

/// Prints a report, without colour, and returns whether that could be written; where it could not there is
/// nowhere left to tell.
pub fn report(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> bool {
    let mut out = Vec::new();
    write(&mut out).and_then(|()| io::stderr().lock().write_all(&out)).is_ok()
}
