//! Writes an allowance into a settings file, behind all that stands there, so that every byte of it (comments,
//! order, spaces) stays. What comes out is read again before it is given back.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::{Allow, AllowWhat, Config, Fault};
use crate::lint::FindingKey;
use crate::read::paths::Base;

/// An allowance to write.
#[derive(Clone, Debug)]
pub struct NewAllowance {
    /// Which passage.
    pub fingerprint: FindingKey,
    /// Why it may repeat.
    pub reason: String,
    /// Rules that may not tell it; empty for all.
    pub rules: Vec<String>,
    /// Files it holds in; empty for all.
    pub paths: Vec<String>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The new text, and the 1-based line of the new table in it.
    Written {
        /// The whole file.
        text: String,
        /// Where the new table begins.
        line: u64,
    },
    /// Nothing has to be written: the passage is allowed already.
    Already {
        /// The 1-based line that allows it.
        line: u64,
        /// Why.
        reason: String,
    },
}

/// Returns `text`, the content of the settings file printed as `file` (empty for one that is not there), with
/// `new` behind it.
///
/// # Errors
///
/// What is wrong with the file as it stands, or with what was to be written.
pub fn allow(text: &str, file: &Arc<str>, new: &NewAllowance) -> Result<Edited, Vec<Fault>> {
    let base = Arc::new(Base::new(Path::new("/"), Path::new("/")));
    let parse = |text: &str| Config::parse(text, file, Default::default(), Arc::clone(&base));
    let before = parse(text)?;
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    if !out.is_empty() {
        out.push_str(if out.ends_with('\n') {
            end
        } else if end == "\n" {
            "\n\n"
        } else {
            "\r\n\r\n"
        });
    }
    let line = out.matches('\n').count() as u64 + 1;
    let mut table = format!("[[allow]]\nfingerprint = \"{}\"\n", new.fingerprint);
    for (name, items) in [("rules", &new.rules), ("paths", &new.paths)] {
        if !items.is_empty() {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            let _ = writeln!(table, "{name} = [{}]", items.join(", "));
        }
    }
    let _ = writeln!(table, "reason = {}", quoted(&new.reason));
    out.push_str(&table.replace('\n', end));
    // First, so that what is wrong with it is told even where nothing has to be written; it has no line yet.
    parse(&table).map_err(|faults| {
        faults.into_iter().map(|fault| Fault { place: None, ..fault }).collect::<Vec<_>>()
    })?;
    let (out, line) = match parse(&out) {
        Ok(_) => (out, line),
        Err(_) => in_brackets(text, &table).ok_or_else(|| {
            let message = "`allow` is a list in brackets here, and no [[allow]] can be written behind it";
            vec![Fault::of_file(file, message, "write what is in it as [[allow]] tables")]
        })?,
    };
    let after = parse(&out)?;
    if let Some(other) = before.allow.iter().find(|other| covers(other, new)) {
        return Ok(Edited::Already { line: other.place.start.line, reason: other.reason.clone() });
    }
    if after.allow.len() == before.allow.len() + 1 {
        return Ok(Edited::Written { text: out, line });
    }
    let message = "another [[allow]] cannot be written behind what stands there";
    Err(vec![Fault::of_file(file, message, "write `allow` as [[allow]] tables")])
}

/// Puts `table`, written as lines, into the list `allow = [ … ]` of `text`, behind what is in it; returns the new
/// text and the line of the new item. `None` where `allow` is no such list.
fn in_brackets(text: &str, table: &str) -> Option<(String, u64)> {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let parsed = DeTable::parse(&text[mark..]).ok()?;
    let list = parsed.get_ref().iter().find(|(name, _)| name.get_ref().as_ref() == "allow")?.1;
    let DeValue::Array(items) = list.get_ref() else { return None };
    let keys: Vec<&str> = table.lines().skip(1).collect();
    let item = format!("{{ {} }}", keys.join(", "));
    let (at, new) = match items.iter().map(|item| item.span()).max_by_key(|span| span.end) {
        None => (mark + list.span().start + 1, item),
        Some(last) => {
            let before = &text[..mark + last.start];
            let indent = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
            let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
            let own_line = indent.chars().all(char::is_whitespace);
            let gap = if own_line { format!(",{end}{indent}") } else { ", ".to_owned() };
            (mark + last.end, gap + &item)
        }
    };
    let out = format!("{}{new}{}", text.get(..at)?, text.get(at..)?);
    let start = at + new.find('{')?;
    Some((out.clone(), out.get(..start)?.matches('\n').count() as u64 + 1))
}

/// Whether `other` allows all that `new` does.
fn covers(other: &Allow, new: &NewAllowance) -> bool {
    let rules = other.rules.is_empty()
        || !new.rules.is_empty() && new.rules.iter().all(|rule| other.rules.contains(&rule.as_str()));
    other.what == AllowWhat::Fingerprint(new.fingerprint) && rules && other.paths.is_none()
}

/// A string as TOML has it written.
pub(super) fn quoted(text: &str) -> String {
    // The escapes of JSON are those of TOML, which wants one more.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff";

    fn new(reason: &str) -> NewAllowance {
        let fingerprint = FindingKey::read(KEY).unwrap();
        NewAllowance { fingerprint, reason: reason.to_owned(), rules: Vec::new(), paths: Vec::new() }
    }

    fn edit(text: &str, new: &NewAllowance) -> Result<Edited, Vec<Fault>> {
        allow(text, &Arc::from("copydesk.toml"), new)
    }

    #[test]
    fn what_stands_there_stays() {
        for before in [
            "",
            "# ours\nmin-words = 7 # few\n\n[severity]\nboilerplate = \"off\"",
            "# ours\r\nmin-words = 7\r\n",
            "[[allow]]\npattern = \"a b\"\nreason = \"x\"\n\n[[overrides]]\npaths = [\"a/\"]\n# the end\n",
            "\u{feff}min-words = 7\n",
        ] {
            let Ok(Edited::Written { text, line }) = edit(before, &new("a \"call\"\u{7f}\\ of ours\n"))
            else {
                panic!("{before}");
            };
            assert!(text.starts_with(before) && text.ends_with('\n'), "{text}");
            assert_eq!(text.lines().nth(line as usize - 1), Some("[[allow]]"), "{text}");
            assert_eq!(text.contains("\r\n"), text.matches('\n').count() == text.matches("\r\n").count());
            let Ok(Edited::Already { line: again, reason }) = edit(&text, &new("other")) else {
                panic!("{text}");
            };
            assert_eq!((again, reason.as_str()), (line, "a \"call\"\u{7f}\\ of ours\n"));
        }
    }

    #[test]
    fn a_list_in_brackets_is_filled() {
        let item = format!("{{ fingerprint = \"{KEY}\", reason = \"why\" }}");
        let other = "{ pattern = \"a b\", reason = \"x\" }";
        for (before, expected, at) in [
            (
                "min-words = 7\nallow = [] # none\n".to_owned(),
                format!("min-words = 7\nallow = [{item}] # none\n"),
                2,
            ),
            ("\u{feff}allow = [ # none\n]".to_owned(), format!("\u{feff}allow = [{item} # none\n]"), 1),
            (format!("allow = [{other}]\n"), format!("allow = [{other}, {item}]\n"), 1),
            (
                format!("allow = [\r\n  {other}, # ours\r\n]\r\n"),
                format!("allow = [\r\n  {other},\r\n  {item}, # ours\r\n]\r\n"),
                3,
            ),
        ] {
            let Ok(Edited::Written { text, line }) = edit(&before, &new("why")) else { panic!("{before}") };
            assert_eq!((text.as_str(), line), (expected.as_str(), at));
            assert!(matches!(edit(&text, &new("why")), Ok(Edited::Already { line, .. }) if line == at));
        }
    }

    #[test]
    fn a_narrower_allowance_is_not_the_same() {
        let mut narrow = new("why");
        narrow.rules = vec!["shared-paragraph".to_owned()];
        narrow.paths = vec!["docs/".to_owned()];
        let Ok(Edited::Written { text, .. }) = edit("", &narrow) else { panic!() };
        assert!(text.contains("rules = [\"shared-paragraph\"]\npaths = [\"docs/\"]\n"), "{text}");
        assert!(matches!(edit(&text, &new("why")), Ok(Edited::Written { .. })));
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        assert!(edit("min-words = \"x\"\n", &new("why")).is_err());
        assert!(edit("allow = [\"x\"]\n", &new("why")).is_err());
        assert!(edit("", &new(" ")).is_err());
        let mut unknown = new("why");
        unknown.rules = vec!["nothing".to_owned()];
        assert!(edit("", &unknown).is_err());
    }
}
