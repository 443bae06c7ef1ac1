//! A baseline as a file: a line of JSON that says how it was made, then a line for each group, sorted, so that
//! two branches that mend and add different things merge without a conflict.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Baseline, Entry, GroupName};
use crate::fingerprint::Profile;
use crate::lint::{FindingKey, RULES};
use crate::read::paths::Base;

/// The version of the lines; a change that a reader could trip over makes the next.
pub const SCHEMA: u32 = 1;

/// What is wrong with a baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineFault {
    /// 1-based line.
    pub line: usize,
    /// What is wrong, and what to do.
    pub message: String,
    /// Whether another version of copydesk could read it.
    pub is_foreign: bool,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    copydesk_baseline: u32,
    profile: Cow<'a, str>,
    profile_version: u32,
    #[serde(default)]
    checked: Vec<String>,
}

/// The line of a group.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    fingerprint: Cow<'a, str>,
    kind: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<Cow<'a, str>>,
    count: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    near: u32,
    #[serde(default)]
    excerpt: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    paths: Vec<Cow<'a, str>>,
}

const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Baseline {
    /// Returns the baseline that `text`, the content of a file, holds; its paths hold from `base`.
    ///
    /// Of a group that stands in it twice, as after a merge of two branches that added it, the larger counts.
    ///
    /// # Errors
    ///
    /// The first line that is wrong.
    pub fn parse(text: &str, base: Arc<Base>) -> Result<Self, BaselineFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let fault = |line, message: String| BaselineFault { line, message, is_foreign: false };
        let foreign = |line, message: String| BaselineFault { is_foreign: true, ..fault(line, message) };
        let (number, first) = lines.next().ok_or_else(|| {
            fault(1, "the baseline is empty; `copydesk baseline create --force` writes it".to_owned())
        })?;
        let head: Head<'_> = serde_json::from_str(first).map_err(|_| fault(number, not_ours(first)))?;
        if head.copydesk_baseline != SCHEMA {
            let message = format!(
                "the baseline has version {} of the format, this copydesk reads {SCHEMA}; take the copydesk that wrote it, or \
                 write it again with `copydesk baseline update`",
                head.copydesk_baseline
            );
            return Err(foreign(number, message));
        }
        let profile = Profile::named(&head.profile).filter(|it| it.version() == head.profile_version);
        let profile = profile.ok_or_else(|| {
            let message = format!(
                "the baseline was made with version {} of the profile `{}`, which this copydesk does not have; write it again \
                 with `copydesk baseline update`",
                head.profile_version, head.profile
            );
            foreign(number, message)
        })?;
        let mut entries: BTreeMap<_, Entry> = BTreeMap::new();
        for (number, text) in lines {
            let line: Line<'_> =
                serde_json::from_str(text).map_err(|error| fault(number, wrong(text, &error)))?;
            let key = FindingKey::read(&line.fingerprint)
                .ok_or_else(|| fault(number, "`fingerprint` is not 32 hexadecimal digits".to_owned()))?;
            let entry = Entry {
                count: line.count,
                near: line.near,
                text: line.excerpt.into_owned(),
                paths: line.paths.into_iter().map(Cow::into_owned).collect(),
            };
            let kind = kind(&line.kind).ok_or_else(|| {
                let message = format!(
                    "no kind is called `{}`; it is `paragraph`, `document` or a rule of this copydesk, and \
                     `copydesk baseline update` writes the file again",
                    line.kind
                );
                foreign(number, message)
            })?;
            let name = GroupName::new(key, kind).within(line.scope.map(Cow::into_owned));
            let there = entries.entry(name).or_default();
            if (entry.count, entry.near) >= (there.count, there.near) {
                *there = entry;
            }
        }
        Ok(Self { base, profile, checked: head.checked, entries })
    }

    /// Returns the content of the file.
    #[must_use]
    pub fn to_lines(&self) -> String {
        let head = Head {
            copydesk_baseline: SCHEMA,
            profile: Cow::Borrowed(self.profile.name()),
            profile_version: self.profile.version(),
            checked: self.checked.clone(),
        };
        let mut out = serde_json::to_string(&head).unwrap_or_default();
        out.push('\n');
        for (GroupName { key, kind, scope }, entry) in &self.entries {
            let line = Line {
                fingerprint: Cow::Owned(key.to_string()),
                kind: Cow::Borrowed(kind),
                scope: scope.as_deref().map(Cow::Borrowed),
                count: entry.count,
                near: entry.near,
                excerpt: Cow::Borrowed(&entry.text),
                paths: entry.paths.iter().map(|path| Cow::Borrowed(&**path)).collect(),
            };
            out.push_str(&serde_json::to_string(&line).unwrap_or_default());
            out.push('\n');
        }
        out
    }
}

/// The kind called `name`: what repeats, or a rule.
fn kind(name: &str) -> Option<super::Kind> {
    let known = [super::PARAGRAPH, super::DOCUMENT];
    let rule = || RULES.iter().map(|rule| Cow::Borrowed(rule.name())).find(|rule| rule == name);
    known.into_iter().find(|kind| kind == name).or_else(rule)
}

fn not_ours(line: &str) -> String {
    if is_conflict(line) {
        return CONFLICT.to_owned();
    }
    "is no baseline: the first line of one says how it was made (`{\"copydesk_baseline\":1,…}`)".to_owned()
}

const CONFLICT: &str = "a conflict of a merge stands here; keep the lines of both sides, or write the file again \
                        with `copydesk baseline create --force`";

fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark))
}

fn wrong(line: &str, error: &serde_json::Error) -> String {
    if is_conflict(line) {
        return CONFLICT.to_owned();
    }
    let message = error.to_string();
    let message = message.rfind(" at line ").map_or(&*message, |end| &message[..end]);
    format!("not the line of a group: {message}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::lint::baseline::{DOCUMENT, PARAGRAPH};

    fn parse(text: &str) -> Result<Baseline, BaselineFault> {
        Baseline::parse(text, Arc::new(Base::new(Path::new("/"), Path::new("/"))))
    }

    const HEAD: &str = r#"{"copydesk_baseline":1,"profile":"standard","profile_version":1,"checked":["."]}"#;

    fn line(digit: char, count: u32) -> String {
        let key = digit.to_string().repeat(32);
        format!(r#"{{"fingerprint":"{key}","kind":"paragraph","count":{count},"excerpt":"One two"}}"#)
    }

    #[test]
    fn what_is_written_is_read_and_each_line_is_by_the_schema() {
        let mut baseline = parse(HEAD).unwrap();
        let name = |number, kind| GroupName::new(FindingKey([number; 16]), kind);
        baseline.add(name(3, PARAGRAPH), "b.md", "One \u{1b}[1mtwo\u{202e}");
        baseline.add(name(3, PARAGRAPH), "a.md", "");
        baseline.add(name(3, PARAGRAPH).within(Some("version=v1".to_owned())), "v1/a.md", "One two");
        baseline.add_near(name(1, DOCUMENT), "a.md", "Three");
        baseline.add(name(2, Cow::Borrowed("empty-text")), "a.md", &"long word ".repeat(20));
        baseline.finish();
        let text = baseline.to_lines();
        assert_eq!(parse(&text).unwrap().entries, baseline.entries);
        assert!(
            text.contains(r#""kind":"paragraph","count":2,"excerpt":"One [1mtwo","paths":["a.md","b.md"]"#)
        );
        let schema = include_str!("../../../docs/json-schema/baseline-line.schema.json");
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for line in text.lines() {
            let value = serde_json::from_str(line).unwrap();
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{line}: {errors:?}");
        }
        let sorted: Vec<&str> = text.lines().skip(1).collect();
        assert!(sorted.is_sorted());
    }

    #[test]
    fn after_a_merge_the_larger_count_holds() {
        let text = format!("{HEAD}\r\n{}\r\n\r\n{}\n{}\n", line('a', 2), line('a', 3), line('b', 2));
        let entries = parse(&text).unwrap().entries;
        assert_eq!(entries.values().map(|entry| entry.count).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let other = HEAD.replace("\"copydesk_baseline\":1", "\"copydesk_baseline\":2");
        let profile = HEAD.replace("standard", "strict");
        for (text, number, expected) in [
            (String::new(), 1, "is empty"),
            ("{}\n".to_owned(), 1, "first line"),
            (other, 1, "version 2"),
            (profile, 1, "profile `strict`"),
            (format!("{HEAD}\n{}\n{{\n", line('a', 2)), 3, "EOF"),
            (format!("{HEAD}\n<<<<<<< ours\n"), 2, "conflict"),
            (format!("{HEAD}\n{}\n", line('a', 2).replace("aa", "xx")), 2, "32 hexadecimal"),
            (format!("{HEAD}\n{}\n", line('a', 2).replace("count", "counts")), 2, "unknown field"),
            (
                format!("{HEAD}\n{}\n", line('a', 2).replace("paragraph", "paragraf")),
                2,
                "kind is called `paragraf`",
            ),
        ] {
            let fault = parse(&text).unwrap_err();
            assert_eq!(fault.line, number, "{text}");
            assert!(fault.message.contains(expected), "{}", fault.message);
        }
    }
}
