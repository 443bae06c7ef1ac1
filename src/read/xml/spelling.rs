//! How are tags and attributes written?

use quick_xml::errors::{Error, SyntaxError};

/// How many bytes of `raw`, cut as a tag, are none and stand for themselves; `None` for a tag.
pub fn false_tag(raw: &str) -> Option<usize> {
    let inside = raw.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') {
        return Some(1);
    }
    inside.find('<').map(|at| at + 1)
}

/// The name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A tag, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag<'a> {
    /// `</name>`.
    End(&'a str),
    /// `<name attributes>`, or `<name attributes/>`, which is `empty`.
    Start { name: &'a str, attributes: &'a str, empty: bool },
}

/// Returns what the tag `raw` is; it begins with `<` and is no [false one](false_tag).
pub fn tag(raw: &str) -> Tag<'_> {
    let inside = raw.trim_start_matches('<').trim_end_matches('>');
    if let Some(name) = inside.strip_prefix('/') {
        return Tag::End(name.trim());
    }
    let (inside, empty) = match inside.strip_suffix('/') {
        Some(inside) => (inside, true),
        None => (inside, false),
    };
    let length = inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len());
    let (name, attributes) = inside.split_at(length);
    Tag::Start { name, attributes, empty }
}

/// Returns the name of the root element, with its prefix, of XML that begins with `head`.
pub fn root(head: &str) -> Option<&str> {
    let mut rest = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    loop {
        let end = if rest.starts_with("<!--") {
            rest.find("-->")? + 3
        } else if rest.starts_with("<?") {
            rest.find("?>")? + 2
        } else if rest.starts_with("<!") {
            let end = rest.find('>')?;
            match rest.find('[') {
                Some(subset) if subset < end => subset_end(rest, subset)?,
                _ => end + 1,
            }
        } else {
            break;
        };
        rest = rest[end..].trim_start();
    }
    let inside = rest.strip_prefix('<')?;
    let end = inside.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))?;
    Some(&inside[..end])
}

/// Where the declaration ends that `text` begins with, whose internal subset opens at byte `subset`.
fn subset_end(text: &str, subset: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut quote) = (subset + 1, None);
    loop {
        let byte = *bytes.get(at)?;
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if bytes[at..].starts_with(b"<!--") => at += text[at..].find("-->")? + 2,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None if byte == b']' => return Some(at + text[at..].find('>')? + 1),
            None => {}
        }
        at += 1;
    }
}

/// What quick-xml says, in our words.
pub fn told(error: &Error) -> &'static str {
    match error {
        Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section has no end",
        Error::Syntax(SyntaxError::UnclosedComment) => "a comment has no end",
        Error::Syntax(SyntaxError::UnclosedTag) => "a tag has no end",
        Error::Syntax(_) => "markup has no end",
        _ => "the XML is broken",
    }
}

/// The attributes of a tag, as far as they are written as such; with and without quotation marks.
pub struct Attributes<'a>(pub &'a str);

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
