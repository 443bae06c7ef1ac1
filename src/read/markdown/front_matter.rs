//! The metadata block that may open a Markdown file: YAML between `---`, TOML between `+++`.
//!
//! Only what is simple is read: top-level keys with a text, on their line or on further ones, and lists of
//! names. Keys and values that are more than that are skipped, never guessed.

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
        let mut value = value.trim().to_owned();
        let mut names = Vec::new();
        if toml {
            if let Some(fence) = ["\"\"\"", "'''"].into_iter().find(|fence| value.starts_with(fence)) {
                value = fenced(&value[3..], fence, &mut lines);
            } else {
                value = scalar(&value);
            }
        } else {
            let begins_list = value.is_empty();
            let is_block = is_block_header(&value);
            if is_block {
                value.clear();
            }
            while let Some(more) = lines.next_if(|line| {
                line.starts_with([' ', '\t'])
                    || begins_list && line.starts_with('-')
                    || line.is_empty() && is_block
            }) {
                names.extend(name(more).filter(|_| begins_list));
                value = format!("{value} {}", more.trim()).trim().to_owned();
            }
            value = match () {
                () if is_block => value,
                () if !names.is_empty() || begins_list && is_nested(&value) => names.join(", "),
                () => scalar(&value),
            };
        }
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

/// Whether `value` says that the text stands on the lines behind it: `|`, `>-`, `|2`.
fn is_block_header(value: &str) -> bool {
    let header = value.split(" #").next().unwrap_or_default().trim_end();
    let rest = header.strip_prefix(['|', '>']);
    rest.is_some_and(|rest| rest.len() <= 2 && rest.bytes().all(|b| matches!(b, b'+' | b'-' | b'1'..=b'9')))
}

/// Whether `value`, which began behind its key's line, is a list or has keys of its own.
fn is_nested(value: &str) -> bool {
    let key = value.split_once(':').filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
    value.starts_with('-') || !value.starts_with(['"', '\'']) && key.is_some()
}

/// The text of TOML over several lines, which begins with `first` and ends with `fence`.
fn fenced<'l>(first: &str, fence: &str, lines: &mut impl Iterator<Item = &'l str>) -> String {
    let (mut text, mut line) = (String::new(), first);
    loop {
        // Two more quotation marks before the fence are of the text.
        let end = line.find(fence).map(|end| {
            let mark = fence.chars().next();
            end + line[end + fence.len()..].chars().take(2).take_while(|&c| Some(c) == mark).count()
        });
        text = format!("{text} {}", line[..end.unwrap_or(line.len())].trim());
        if end.is_some() {
            break;
        }
        let Some(next) = lines.next() else { break };
        line = next;
    }
    let text = text.trim();
    if fence.starts_with('"') { quoted(&text.replace('"', "\\\""), '"') } else { text.to_owned() }
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
        if c == '\\' && quote == '"' {
            out.extend(escaped(&mut characters));
        } else {
            out.push(c);
        }
    }
    out
}

/// What the escape stands for whose backslash was taken from `characters`; as written, where it is none.
fn escaped(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let c = characters.next()?;
    let digits = match c {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'r' => return Some('\r'),
        '_' => return Some('\u{a0}'),
        _ => return Some(c),
    };
    let mut unit = || {
        let mut value = 0_u32;
        for _ in 0..digits {
            let digit = characters.peek().and_then(|c| c.to_digit(16))?;
            characters.next();
            value = value.checked_mul(16)?.checked_add(digit)?;
        }
        Some(value)
    };
    let first = unit()?;
    if !matches!(first, 0xD800..0xDC00) {
        return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    // JSON, which is YAML, writes what is beyond 16 bits as two.
    if characters.next_if_eq(&'\\').is_none() || characters.next_if_eq(&'u').is_none() {
        return Some(char::REPLACEMENT_CHARACTER);
    }
    let mut second = 0;
    for _ in 0..4 {
        second = second * 16 + characters.next()?.to_digit(16)?;
    }
    let pair = char::decode_utf16([first as u16, second as u16]).next()?;
    Some(pair.unwrap_or(char::REPLACEMENT_CHARACTER))
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
    fn texts_go_on_over_lines() {
        for title in [
            "|\n  Multi\n  line",
            ">-\n    Multi\n\n    line\n",
            ">2+ # folded\n  Multi line",
            "Multi\n  line",
            "\"Multi\n  line\" # c",
            "'Multi\n  line'",
            "\n  Multi line",
            "\n  \"Multi line\"",
            "\"\\x4dulti\\u0020l\\U00000069ne\"",
        ] {
            let meta =
                meta(&format!("---\ntitle: {title}\nauthor:\n- \"A \\ud83d\\ude00\"\n- B\nid: 7\n---\n"));
            assert_eq!(meta.title.as_deref(), Some("Multi line"), "{title}");
            assert_eq!(meta.author.as_deref(), Some("A \u{1f600}, B"), "{title}");
            assert_eq!(meta.id.as_deref(), Some("7"), "{title}");
        }
        for title in ["\n  en: Multi", "\n  - a: b\n    c: d", "{a: b}", "|", "\n- en: x"] {
            assert_eq!(meta(&format!("---\ntitle: {title}\nid: 7\n---\n")).title, None, "{title}");
        }
        let toml = meta(
            "+++\ntitle = \"\"\"\nMulti\nline of \"one\"\"\"\"\nid = '7'\nauthor = \"A \\u00e9\"\n+++\n",
        );
        assert_eq!(toml.title.as_deref(), Some("Multi line of \"one\""));
        assert_eq!((toml.id.as_deref(), toml.author.as_deref()), (Some("7"), Some("A \u{e9}")));
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
