//! The metadata block that may open a Markdown file: YAML between `---`, TOML between `+++`.
//!
//! Only what is simple is read: top-level keys with a value on their line, and lists of names. Keys and
//! values that are more than that are skipped, never guessed.

use crate::document::Metadata;

/// Returns where the front matter of `text` ends and the body begins; `None` where there is none.
///
/// It stands at the very beginning and is closed by a line like the one that opens it (YAML also by
/// `...`); the line after the opening one is not blank, which would make a thematic break of it.
#[must_use]
pub fn end(text: &str) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next()?;
    let fence = opening.trim_end();
    if (fence != "---" && fence != "+++") || !opening.ends_with('\n') {
        return None;
    }
    let mut at = opening.len();
    for (number, line) in lines.enumerate() {
        let bare = line.trim_end();
        if number == 0 && bare.is_empty() {
            return None;
        }
        at += line.len();
        if bare == fence || (bare == "..." && fence == "---") {
            return Some(at);
        }
    }
    None
}

/// Fills `meta` from `block`, a front matter with its fences.
pub fn read(block: &str, meta: &mut Metadata) {
    let toml = block.starts_with("+++");
    let mut lines = block.lines().skip(1).peekable();
    while let Some(line) = lines.next() {
        if toml && line.starts_with('[') {
            return;
        }
        let separator = if toml { '=' } else { ':' };
        let Some((key, value)) = line.split_once(separator) else { continue };
        if key.starts_with([' ', '\t', '#', '-']) {
            continue;
        }
        let Some(field) = field(meta, key.trim()) else { continue };
        let value = value.trim();
        let value = if value.is_empty() && !toml {
            let mut names = Vec::new();
            while let Some(item) =
                lines.next_if(|line| line.trim_start().starts_with(['-', ' ']) || line.starts_with(' '))
            {
                names.extend(name(item));
            }
            names.join(", ")
        } else {
            scalar(value)
        };
        if !value.is_empty() && field.is_none() {
            *field = Some(value);
        }
    }
}

/// The field of `meta` that the key `key` means.
fn field<'m>(meta: &'m mut Metadata, key: &str) -> Option<&'m mut Option<String>> {
    let key = key.trim_matches('"').to_ascii_lowercase();
    Some(match key.as_str() {
        "title" => &mut meta.title,
        "id" | "guid" | "uid" => &mut meta.id,
        "url" | "permalink" | "canonical" | "canonical_url" => &mut meta.url,
        "author" | "authors" => &mut meta.author,
        "date" | "published" | "pubdate" | "publishdate" | "date_published" => &mut meta.published,
        "updated" | "modified" | "lastmod" | "last_modified_at" | "date_modified" => &mut meta.updated,
        "lang" | "language" | "locale" => &mut meta.language,
        _ => return None,
    })
}

/// The name that one item of a block list is or has.
fn name(item: &str) -> Option<String> {
    let bare = item.trim_start();
    let entry = bare.strip_prefix('-').map_or(bare, str::trim_start);
    let value = match entry.split_once(':') {
        Some((key, value)) if key.trim() == "name" => value,
        // A further key of the same person.
        Some((key, _)) if key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => return None,
        _ if bare.starts_with('-') => entry,
        _ => return None,
    };
    let value = scalar(value.trim());
    (!value.is_empty()).then_some(value)
}

/// The value that `text` writes: without quotation marks, comment, or the brackets of a list, whose
/// members are joined by `, `; empty for what is no simple value.
fn scalar(text: &str) -> String {
    if let Some(list) = text.strip_prefix('[') {
        let list = list.rsplit_once(']').map_or(list, |(members, _)| members);
        let members = list.split(',').map(|member| scalar(member.trim()));
        return members.filter(|member| !member.is_empty()).collect::<Vec<_>>().join(", ");
    }
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            return quoted(rest, quote);
        }
    }
    if text.starts_with(['{', '|', '>', '&', '*', '!', '#']) {
        return String::new();
    }
    let end = text.find(" #").unwrap_or(text.len());
    text[..end].trim_end().to_owned()
}

/// What stands before the closing `quote`, unescaped.
fn quoted(text: &str, quote: char) -> String {
    let mut out = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == quote {
            // YAML doubles a single quotation mark to write one.
            if quote == '\'' && characters.next_if_eq(&quote).is_some() {
                out.push(quote);
                continue;
            }
            return out;
        }
        match (c, characters.peek()) {
            ('\\', Some('"' | '\\')) if quote == '"' => out.extend(characters.next()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(block: &str) -> Metadata {
        let mut meta = Metadata::default();
        read(block, &mut meta);
        meta
    }

    #[test]
    fn yaml_is_read() {
        let block = "---\ntitle: \"Pier \\\"Nine\\\": closed\"\ndate: 2024-05-01 # May Day\nlastmod: '2024-05-02'\nauthors:\n  - Ada Reed\n  - name: Bo Lind\n    email: bo@example.org\nlang: en\ntags: [a, b]\nnested:\n  title: no\n---\nBody";
        assert_eq!(end(block), Some(block.len() - 4));
        let meta = meta(&block[..block.len() - 4]);
        assert_eq!(meta.title.as_deref(), Some("Pier \"Nine\": closed"));
        assert_eq!(meta.published.as_deref(), Some("2024-05-01"));
        assert_eq!(meta.updated.as_deref(), Some("2024-05-02"));
        assert_eq!(meta.author.as_deref(), Some("Ada Reed, Bo Lind"));
        assert_eq!(meta.language.as_deref(), Some("en"));
    }

    #[test]
    fn toml_is_read() {
        let block = "+++\ntitle = \"Pier\"\nauthors = [\"Ada Reed\", \"Bo Lind\"]\ndate = 2024-05-01\n[extra]\nid = 9\n+++\n";
        assert_eq!(end(block), Some(block.len()));
        let meta = meta(block);
        assert_eq!(meta.title.as_deref(), Some("Pier"));
        assert_eq!(meta.author.as_deref(), Some("Ada Reed, Bo Lind"));
        assert_eq!(meta.published.as_deref(), Some("2024-05-01"));
        assert_eq!(meta.id, None);
    }

    #[test]
    fn thematic_breaks_open_nothing() {
        assert_eq!(end("---\n\nText\n\n---\n"), None);
        assert_eq!(end("---\ntitle: x\n"), None);
        assert_eq!(end("Text\n---\n"), None);
    }
}
