//! What goes to standard error: troubles, notes, and the summary of formats that have none.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use copydesk::error::ReadError;
use copydesk::report::visible;

/// So many troubles of one file are printed before the rest is only counted.
const PER_FILE: usize = 20;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Prints `error: …`. `message` may quote documents and paths: it is made visible here.
pub fn error(message: &str) {
    line(ERROR, "error", message);
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

/// Prints what could not be read: all of it where `all` says so, else the first of each file and how many
/// more there are.
pub fn read_errors(errors: &[ReadError], all: bool) {
    for file in errors.chunk_by(|a, b| a.path == b.path) {
        let shown = if all { file.len() } else { PER_FILE.min(file.len()) };
        for trouble in &file[..shown] {
            error(&trouble.to_string());
        }
        if let [last, ..] = &file[shown..] {
            error(&format!("{}: and {} more (-v shows all)", last.path, file.len() - shown));
        }
    }
}
