//! Text from documents, made visible: escapes are shown, never obeyed.
//!
//! Three things can act when they are only meant to be shown. Control characters and escape sequences
//! drive a terminal. Bidi overrides and embeddings reorder the rest of a line, so that a path seems to
//! end in another extension. And a CI runner obeys lines of its log: GitHub's `::error::…` at the start
//! of a line, `##[error]…`, `##vso[…]` and `##teamcity[…]` anywhere in one.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns whether `c` acts on a terminal or on the order of a line, and so is shown as an escape.
#[must_use]
pub const fn acts(c: char) -> bool {
    matches!(
        c,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Appends the visible form of a character that [`acts`]: `\n`, `\x1b`, `\u{202e}`.
pub fn push_escape(c: char, out: &mut String) {
    let code = u32::from(c);
    // Writing to a `String` cannot fail.
    let _ = match c {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        _ if code < 0x100 => write!(out, "\\x{code:02x}"),
        _ => write!(out, "\\u{{{code:x}}}"),
    };
}

/// Returns whether a `[` behind `before` would open a command to a CI runner: `##[`, `##vso[`.
#[must_use]
pub fn opens_command(before: &str) -> bool {
    before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with("##")
}

/// Returns `text` fit for the middle of a line: line breaks and whatever acts shown as escapes.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            push_escape(c, &mut out);
        } else if c == '[' && opens_command(&out) {
            out.push_str("\\x5b");
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Returns `text` fit for the start of a line: as [`line()`] does, and a `::` that it would begin with
/// (behind white space too, which GitHub's runner skips) shown as `\x3a:`.
#[must_use]
pub fn line_start(text: &str) -> Cow<'_, str> {
    let shown = line(text);
    let rest = shown.trim_start();
    if !rest.starts_with("::") {
        return shown;
    }
    let space = shown.len() - rest.len();
    Cow::Owned(format!("{}\\x3a{}", &shown[..space], &rest[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(
            line("plain, na\u{ef}ve \u{5317}\u{4eac} \u{5e9}\u{5dc}"),
            "plain, na\u{ef}ve \u{5317}\u{4eac} \u{5e9}\u{5dc}"
        );
        assert_eq!(line("a\x1b[31mb\x07"), "a\\x1b[31mb\\x07");
        assert_eq!(line("a\r\nb\tc\u{9b}d"), "a\\r\\nb\\tc\\x9bd");
        assert_eq!(line("gpj\u{202e}.exe\u{2066}"), "gpj\\u{202e}.exe\\u{2066}");
        assert_eq!(line("a\u{2028}b\0"), "a\\u{2028}b\\x00");
    }

    #[test]
    fn no_line_starts_a_workflow_command() {
        assert_eq!(line_start("::error::x"), "\\x3a:error::x");
        assert_eq!(line_start("  ::set-output"), "  \\x3a:set-output");
        assert_eq!(line_start("a::b"), "a::b");
        assert_eq!(line("see ##[error]x and ##vso[task.x]"), "see ##\\x5berror]x and ##vso\\x5btask.x]");
        assert_eq!(line("# [a] ## b [c]"), "# [a] ## b [c]");
    }
}
