//! Where was it said? Every setting that holds, with the value and the place that gives it.

use std::sync::Arc;

use serde_json::Value;

use super::edit::quoted;
use super::keys::{KEYS, Key};
use super::values::json_of_toml;
use super::{Config, Values};

/// Keys of which the command line adds to what a file says, and an override to both.
const ADDING: [&str; 5] = ["ignore", "severity", "blocks", "exclude", "fields"];

/// One value that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The key.
    pub key: &'static str,
    /// The value; null where nothing is said and there is no default.
    pub value: Value,
    /// Who says so.
    pub origin: Origin,
}

/// Who gives a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody.
    Default,
    /// The settings file.
    File {
        /// Its path, as printed.
        file: Arc<str>,
        /// 1-based line.
        line: u64,
        /// The globs of the `[[overrides]]` that it stands in; `None` where it holds for all.
        paths: Option<Vec<String>>,
    },
    /// The command line.
    CommandLine,
}

/// Returns what holds where `config` and the command line say this, in the order of [`KEYS`]: one value a
/// key, several for one whose values add up. With a path, what holds in that file.
#[must_use]
pub fn held(config: Option<&Config>, line: &Values, path: Option<&str>) -> Vec<Held> {
    KEYS.iter().flat_map(|key| held_of(key, config, line, path)).collect()
}

fn held_of(key: &'static Key, config: Option<&Config>, line: &Values, path: Option<&str>) -> Vec<Held> {
    let one = |value: &Value, origin| Held { key: key.name, value: value.clone(), origin };
    let mut said = Vec::new();
    if let Some(config) = config {
        let in_file = |line, paths| Origin::File { file: Arc::clone(&config.file), line, paths };
        let top = config.values.given.get(key.name);
        said.extend(top.map(|given| one(&given.value, in_file(given.line, None))));
        for other in config.overrides.iter().filter(|other| path.is_some_and(|path| other.paths.hold(path))) {
            let given = other.values.given.get(key.name);
            said.extend(
                given.map(|given| one(&given.value, in_file(given.line, Some(other.written.clone())))),
            );
        }
    }
    said.extend(line.given.get(key.name).map(|given| one(&given.value, Origin::CommandLine)));
    if said.is_empty() {
        let default = if key.default.is_empty() { Value::Null } else { json_of_toml(key.default) };
        return vec![one(&default, Origin::Default)];
    }
    if ADDING.contains(&key.name) { said } else { said.split_off(said.len() - 1) }
}

/// Returns `value` as it would be written in a settings file; empty for null.
#[must_use]
pub fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(table) if table.is_empty() => "{}".to_owned(),
        Value::Object(table) => {
            let entries: Vec<String> =
                table.iter().map(|(name, value)| format!("{name} = {}", written(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::config::Given;
    use crate::read::paths::Base;

    #[test]
    fn each_value_tells_who_says_so() {
        let text = "min-words = 7\nignore = [\"same-title\"]\n[[overrides]]\npaths = [\"old/\"]\nmin-words = 20\n\
                    ignore = [\"boilerplate\"]\n";
        let base = Arc::new(Base::new(Path::new("/site"), Path::new("/site")));
        let config = Config::parse(text, &Arc::from("copydesk.toml"), PathBuf::new(), base).unwrap();
        let mut line = Values::default();
        line.given.insert("threshold", Given { line: 0, value: Value::from(0.5) });
        let all = |path| -> Vec<String> {
            let of = ["min-words", "ignore", "threshold", "profile", "threads"];
            let held = held(Some(&config), &line, path).into_iter().filter(|held| of.contains(&held.key));
            held.map(|held| {
                let origin = match held.origin {
                    Origin::Default => "default".to_owned(),
                    Origin::CommandLine => "line".to_owned(),
                    Origin::File { line, paths, .. } => format!("{line} {paths:?}"),
                };
                format!("{} = {} {origin}", held.key, written(&held.value))
            })
            .collect()
        };
        assert_eq!(
            all(Some("old/a.md")),
            [
                "ignore = [\"same-title\"] 2 None",
                "ignore = [\"boilerplate\"] 6 Some([\"old/\"])",
                "profile = \"standard\" default",
                "min-words = 20 5 Some([\"old/\"])",
                "threshold = 0.5 line",
                "threads =  default",
            ]
        );
        assert_eq!(all(Some("a.md"))[2], "min-words = 7 1 None");
        assert_eq!(all(None)[2], "min-words = 7 1 None");
    }
}
