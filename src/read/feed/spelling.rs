//! How are the kinds of content written?

use super::item::Field;
use super::names::{Family, Space};
use crate::read::xml::Mode;

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
