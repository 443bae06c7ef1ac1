//! Reads single values: each kind that the table of keys knows.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeArray, DeValue};

use super::{Loader, Node, cut};
use crate::config::keys::{Key, Kind, Names};
use crate::config::values::{kind_of, size};
use crate::duplicates::Threshold;
use crate::fingerprint::Profile;
use crate::lint::allow::{PassagePattern, SettingPlace};
use crate::lint::scope::ScopePattern;
use crate::lint::{Severity, nearest};
use crate::read::paths::PathGlobs;

impl<'s> Loader<'s> {
    /// Notes that a value is of the wrong kind.
    fn wrong_kind(&mut self, name: &str, node: &Node<'_>, wanted: &str, example: &str) {
        let message = format!("`{name}` is {}, and has to be {wanted}", kind_of(node.get_ref()));
        let help = if example.is_empty() {
            String::new()
        } else {
            format!("such as {} = {example}", last_part(name))
        };
        self.fault(node.span(), message, String::new(), help);
    }

    pub(super) fn flag(&mut self, key: &Key, node: &Node<'s>) -> Option<bool> {
        if let DeValue::Boolean(yes) = node.get_ref() {
            return Some(*yes);
        }
        self.wrong_kind(key.name, node, "true or false", "");
        None
    }

    pub(super) fn count(&mut self, key: &Key, node: &Node<'s>) -> Option<u32> {
        let Kind::Count(least) = key.kind else { return None };
        let DeValue::Integer(number) = node.get_ref() else {
            self.wrong_kind(key.name, node, "a whole number", key.example);
            return None;
        };
        // The number of threads is kept in 16 bits.
        let most = if key.name == "threads" { u32::from(u16::MAX) } else { u32::MAX };
        let read = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let read = read.filter(|read| (least..=most).contains(read));
        if read.is_none() {
            let message = format!("`{}` cannot be {number}", key.name);
            let too_few = number.as_str().starts_with('-') || number.as_str().len() < 2;
            let label =
                if too_few { format!("write {least} or more") } else { format!("write {least} to {most}") };
            self.fault(node.span(), message, label, String::new());
        }
        read
    }

    pub(super) fn share(&mut self, key: &Key, node: &Node<'s>) -> Option<Threshold> {
        let written = match node.get_ref() {
            DeValue::Float(number) => number.as_str(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            _ => {
                self.wrong_kind(key.name, node, "a decimal number", key.example);
                return None;
            }
        };
        // Read from what is written, so that 0.8 is eight tenths and not the nearest binary fraction.
        let read = written.parse().ok();
        if read.is_none() {
            let message = format!("`{}` cannot be {written}", key.name);
            let label = "write a decimal above 0 and up to 1".to_owned();
            self.fault(node.span(), message, label, String::new());
        }
        read
    }

    pub(super) fn size(&mut self, key: &Key, node: &Node<'s>) -> Option<u64> {
        let read = match node.get_ref() {
            DeValue::String(text) => size(text),
            DeValue::Integer(number) if number.radix() == 10 => size(number.as_str()),
            _ => {
                self.wrong_kind(key.name, node, "a number of bytes", key.example);
                return None;
            }
        };
        read.map_err(|error| {
            let message = format!("`{}` is no number of bytes", key.name);
            self.fault(node.span(), message, error, String::new());
        })
        .ok()
    }

    pub(super) fn text<'t>(&mut self, name: &str, node: &'t Node<'s>, example: &str) -> Option<&'t str> {
        if let DeValue::String(text) = node.get_ref() {
            return Some(text.as_ref());
        }
        self.wrong_kind(name, node, "a string", example);
        None
    }

    /// Returns the name of a closed list that `word` is; notes it where it is none.
    pub(super) fn known(&mut self, names: Names, word: &str, span: Range<usize>) -> Option<&'static str> {
        let all = names.all();
        if let Some(name) = all.iter().copied().find(|name| *name == word) {
            return Some(name);
        }
        let message = format!("no {} is called `{}`", names.word(), cut(word));
        let label = nearest(word, all.iter().copied())
            .map_or(String::new(), |name| format!("did you mean `{name}`?"));
        let help = match names {
            Names::Rules => "`copydesk rules` lists them".to_owned(),
            _ => format!("there are {}", all.join(", ")),
        };
        self.fault(span, message, label, help);
        None
    }

    pub(super) fn name(&mut self, key: &Key, names: Names, node: &Node<'s>) -> Option<&'static str> {
        let word = self.text(key.name, node, key.example)?;
        self.known(names, word, node.span())
    }

    /// The items of a list that are strings, each with its place.
    pub(super) fn strings<'t>(
        &mut self,
        name: &str,
        node: &'t Node<'s>,
        example: &str,
    ) -> Vec<(&'t str, Range<usize>)> {
        let DeValue::Array(items) = node.get_ref() else {
            self.wrong_kind(name, node, "a list of strings", example);
            return Vec::new();
        };
        let items: &DeArray<'s> = items;
        let mut out = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => out.push((text.as_ref(), item.span())),
                other => {
                    let message =
                        format!("an item of `{name}` is {}, and has to be a string", kind_of(other));
                    self.fault(item.span(), message, String::new(), String::new());
                }
            }
        }
        out
    }

    pub(super) fn names(&mut self, key: &Key, names: Names, node: &Node<'s>) -> Vec<&'static str> {
        let words = self.strings(key.name, node, key.example);
        words.into_iter().filter_map(|(word, span)| self.known(names, word, span)).collect()
    }

    pub(super) fn rules(&mut self, name: &str, node: &Node<'s>, example: &str) -> Vec<String> {
        let mut rules = Vec::new();
        for (word, span) in self.strings(name, node, example) {
            if word == "ALL" || self.known(Names::Rules, word, span).is_some() {
                rules.push(word.to_owned());
            }
        }
        rules
    }

    pub(super) fn levels(&mut self, key: &Key, node: &Node<'s>) -> BTreeMap<&'static str, Option<Severity>> {
        let mut levels = BTreeMap::new();
        for (rule, level, span) in self.table(key, node, Names::Rules) {
            if let Some(level) = self.known(Names::Levels, &level, span) {
                levels.insert(rule, Severity::ALL.into_iter().find(|severity| severity.name() == level));
            }
        }
        levels
    }

    /// A table of strings under names of a closed list: name, string, and the string's place.
    pub(super) fn table(
        &mut self,
        key: &Key,
        node: &Node<'s>,
        names: Names,
    ) -> Vec<(&'static str, String, Range<usize>)> {
        let DeValue::Table(table) = node.get_ref() else {
            self.wrong_kind(key.name, node, "a table", key.example);
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (name, node) in table {
            let known = self.known(names, name.get_ref(), name.span());
            let text = self.text(&format!("{}.{}", key.name, name.get_ref()), node, "");
            if let (Some(_), Some("")) = (known, text) {
                let message = format!("`{}.{}` is empty", key.name, name.get_ref());
                self.fault(node.span(), message, String::new(), String::new());
            } else if let (Some(known), Some(text)) = (known, text) {
                entries.push((known, text.to_owned(), node.span()));
            }
        }
        entries
    }

    pub(super) fn encoding(&mut self, key: &Key, node: &Node<'s>) -> Option<&'static encoding_rs::Encoding> {
        let name = self.text(key.name, node, key.example)?;
        let found = encoding_rs::Encoding::for_label(name.as_bytes());
        if found.is_none() {
            let message = format!("no encoding is called `{}`", cut(name));
            let label = "write a name that browsers know, such as windows-1252".to_owned();
            self.fault(node.span(), message, label, String::new());
        }
        found
    }

    /// A list of globs, and the same as they are matched.
    pub(super) fn globs(
        &mut self,
        name: &str,
        node: &Node<'s>,
        example: &str,
    ) -> (Vec<String>, Option<PathGlobs>) {
        let strings = self.strings(name, node, example);
        let globs: Vec<String> = strings.iter().map(|(glob, _)| (*glob).to_owned()).collect();
        match PathGlobs::new(&self.base, &globs) {
            Ok(list) => (globs, Some(list)),
            Err((number, reason)) => {
                let (glob, span) = strings.get(number).cloned().unwrap_or(("", node.span()));
                let help = "globs are written as in .gitignore, from the folder of this file".to_owned();
                self.fault(span, format!("`{}` is not a glob", cut(glob)), reason, help);
                (globs, None)
            }
        }
    }

    pub(super) fn scopes(&mut self, key: &Key, node: &Node<'s>) -> Vec<ScopePattern> {
        let mut patterns = Vec::new();
        for (written, span) in self.strings(key.name, node, key.example) {
            match ScopePattern::new(written) {
                Ok(pattern) => patterns.push(pattern),
                Err(reason) => {
                    let help = format!("such as {} = {}", last_part(key.name), key.example);
                    self.fault(span, format!("`{}` is no pattern of paths", cut(written)), reason, help);
                }
            }
        }
        patterns
    }

    pub(super) fn passages(&mut self, key: &Key, node: &Node<'s>) -> Vec<(String, SettingPlace)> {
        let mut passages = Vec::new();
        for (written, span) in self.strings(key.name, node, key.example) {
            if self.is_pattern(written, &span) {
                passages.push((written.to_owned(), self.place(&span)));
            }
        }
        passages
    }

    pub(super) fn is_pattern(&mut self, written: &str, span: &Range<usize>) -> bool {
        // Whether it has words does not depend on the profile.
        let good = PassagePattern::new(written, Profile::Standard).is_some();
        if !good {
            let label = "write the words of the passage, with * for any text".to_owned();
            self.fault(span.clone(), "the pattern has no word".to_owned(), label, String::new());
        }
        good
    }
}

/// The name of a key inside its table.
fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
