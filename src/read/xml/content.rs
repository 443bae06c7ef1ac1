//! From the captured inside of an element to text.

use std::borrow::Cow;

use crate::document::{Document, SourceMap, SourceMapBuilder};
use crate::read::html;
use crate::segment;

/// How the inside of an element is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Text; elements inside it are passed over.
    Text,
    /// HTML once the XML is taken off.
    Html,
    /// HTML as it stands.
    Xhtml,
    /// Base64 of text, or of HTML.
    Base64 { html: bool },
    /// Text of RSS, where many write HTML all the same.
    Loose,
}

/// A body: its text as captured, and how to read it.
#[derive(Debug)]
pub struct Body {
    /// Lower ranks are preferred.
    pub rank: u8,
    pub mode: Mode,
    /// The element's name as the file writes it.
    pub element: String,
    /// What was captured.
    pub source: String,
    /// From `source` to the decoded file; empty unless places are asked for.
    pub map: SourceMap,
    /// Where the inside begins in the decoded file.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Fills text, blocks and markup of `document` from `body`, and returns the map from the text to the
/// decoded file (empty unless `want_map`).
pub fn fill(document: &mut Document, body: &Body, body_html: Option<bool>, want_map: bool) -> SourceMap {
    let html = match body.mode {
        Mode::Html | Mode::Loose | Mode::Base64 { html: true } => body_html != Some(false),
        Mode::Text | Mode::Base64 { html: false } => body_html == Some(true),
        Mode::Xhtml => true,
    };
    // Without one tag that ends and without a reference it is text, and a `<` in it would swallow the rest.
    let html = html && (!body.source.contains('<') || body.source.contains(['>', '&']));
    let base64 = matches!(body.mode, Mode::Base64 { .. });
    let source = if base64 {
        Cow::Owned(decoded(&body.source).unwrap_or_default())
    } else {
        Cow::Borrowed(&*body.source)
    };
    let above = if html {
        Some(html::render(&source, document, want_map && !base64))
    } else {
        document.text.push_str(&source);
        segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
        None
    };
    if !want_map {
        return SourceMap::default();
    }
    if base64 {
        // One unit: the text as a whole for the base64 as a whole.
        let mut map = SourceMapBuilder::new();
        map.unit(0, document.text.len() as u32, body.start as u64, (body.end - body.start) as u32);
        return map.finish();
    }
    above.map_or_else(|| body.map.clone(), |above| above.over(&body.map))
}

/// The text that base64 stands for; `None` where it is no text.
fn decoded(base64: &str) -> Option<String> {
    let (mut bits, mut count) = (0u32, 0);
    let mut bytes = Vec::with_capacity(base64.len() / 4 * 3);
    for byte in base64.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then_some(text)
}

/// The value of a field of one line: a title, a name, a date.
pub fn line(source: &str, mode: Mode) -> String {
    let html = match mode {
        Mode::Html | Mode::Xhtml => true,
        Mode::Loose => is_html_after_all(source),
        Mode::Base64 { .. } => {
            let text = decoded(source).unwrap_or_default();
            return line(&text, if mode == (Mode::Base64 { html: true }) { Mode::Html } else { Mode::Text });
        }
        Mode::Text => false,
    };
    if html {
        let mut document = Document::default();
        html::render(source, &mut document, false);
        return one_line(&document.text);
    }
    one_line(source)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title of RSS is text, but many write HTML: an end tag, or a reference such as `&#8217;`.
fn is_html_after_all(text: &str) -> bool {
    if text.contains("</") || text.contains("/>") {
        return true;
    }
    text.match_indices('&').any(|(at, _)| {
        let name = text[at + 1..].split(';').next().unwrap_or("");
        let ends = text[at + 1..].get(name.len()..).is_some_and(|rest| rest.starts_with(';'));
        ends && (1..=10).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
    })
}
