//! How are tags, attributes and kinds of content written?

use quick_xml::errors::{Error, SyntaxError};

use super::item::{Field, Mode};
use super::names::{Family, Space};

/// How many bytes of `raw`, cut as a tag, are none and stand for themselves; `None` for a tag.
pub(super) fn false_tag(raw: &str) -> Option<usize> {
    let inside = raw.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') {
        return Some(1);
    }
    inside.find('<').map(|at| at + 1)
}

/// The name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Whether tags inside a field of this kind are part of it.
pub(super) const fn marked(mode: Mode) -> bool {
    matches!(mode, Mode::Html | Mode::Xhtml)
}

/// Whether the field is HTML without the XML being taken off.
pub(super) const fn marked_as_it_stands(mode: Mode) -> bool {
    matches!(mode, Mode::Xhtml)
}

/// How the inside of a field is written.
pub(super) fn mode(
    field: Field,
    space: Space,
    family: Family,
    content_type: &str,
    old_mode: Option<&str>,
) -> Mode {
    let atom = family == Family::Atom && space == Space::Core;
    if !matches!(field, Field::Body | Field::Title) {
        return Mode::Text;
    }
    if space == Space::Xhtml {
        return Mode::Xhtml;
    }
    if !atom && field == Field::Title {
        return Mode::Loose;
    }
    if !atom && content_type.is_empty() {
        return Mode::Html;
    }
    let html = content_type.contains("html");
    let xhtml =
        content_type.contains("xhtml") || content_type.ends_with("/xml") || content_type.ends_with("+xml");
    match old_mode.map(str::trim) {
        Some("base64") => return Mode::Base64 { html },
        Some("escaped") => return if html || !atom { Mode::Html } else { Mode::Text },
        Some("xml") if html => return Mode::Xhtml,
        _ => {}
    }
    if xhtml {
        Mode::Xhtml
    } else if atom && content_type.starts_with("application/") {
        // What is neither text nor XML stands in base64.
        Mode::Base64 { html }
    } else if html || !atom && !content_type.starts_with("text/plain") {
        Mode::Html
    } else if content_type.contains('/') && !content_type.starts_with("text/") {
        Mode::Base64 { html: false }
    } else {
        Mode::Text
    }
}

/// What quick-xml says, in our words.
pub(super) fn told(error: &Error) -> &'static str {
    match error {
        Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section has no end",
        Error::Syntax(SyntaxError::UnclosedComment) => "a comment has no end",
        Error::Syntax(SyntaxError::UnclosedTag) => "a tag has no end",
        Error::Syntax(_) => "markup has no end",
        _ => "the XML is broken",
    }
}

/// The attributes of a tag, as far as they are written as such; with and without quotation marks.
pub(super) struct Attributes<'a>(pub &'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.0.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() && after.is_empty() {
                return None;
            }
            let Some(value) = after.trim_start().strip_prefix('=') else {
                self.0 = after;
                continue;
            };
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, rest) = match quote {
                Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
            };
            self.0 = rest;
            return Some((name, value));
        }
    }
}
