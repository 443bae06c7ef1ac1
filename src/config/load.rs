//! Reads a settings file against the table of keys. What is wrong is noted and the rest is read on, so that
//! all of it is told at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

use super::fault::Source;
use super::keys::{ALLOW_KEYS, KEYS, Key, Kind, Names, key_named};
use super::values::{json, kind_of, nearest, size};
use super::{Allow, AllowWhat, Config, Fault, Given, Override, Values};
use crate::document::BlockKind;
use crate::duplicates::Threshold;
use crate::fingerprint::Profile;
use crate::lint::allow::{PassagePattern, SettingPlace};
use crate::lint::scope::ScopePattern;
use crate::lint::{FindingKey, Severity, rule_named};
use crate::read::paths::{Base, PathGlobs};
use crate::read::reader_named;
use crate::report::findings::findings_format;

type Node<'s> = Spanned<DeValue<'s>>;
type Name<'s> = Spanned<DeString<'s>>;

impl Config {
    /// Returns what `text`, the content of a settings file, says. The file is printed as `file`, lies in
    /// `folder` as seen from the current one, and its paths hold from `base`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of the lines.
    pub fn parse(text: &str, file: &Arc<str>, folder: PathBuf, base: Arc<Base>) -> Result<Self, Vec<Fault>> {
        // A byte order mark is no part of the text; places count from behind it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut loader = Loader { source: Source::new(file, text), base, faults: Vec::new() };
        let table = DeTable::parse(text).map_err(|error| {
            let mut fault = loader.source.fault(error.span().unwrap_or_default(), "is not TOML");
            fault.message = format!("not TOML: {}", error.message().lines().collect::<Vec<_>>().join(", "));
            vec![fault]
        })?;
        let mut values = Values::default();
        let (mut overrides, mut allow) = (Vec::new(), Vec::new());
        for (name, node) in table.get_ref() {
            match name.get_ref().as_ref() {
                "overrides" => {
                    for (span, table) in loader.tables(name, node, "overrides") {
                        overrides.extend(loader.one_override(span, table));
                    }
                }
                "allow" => {
                    for (span, table) in loader.tables(name, node, "allow") {
                        allow.extend(loader.one_allow(span, table));
                    }
                }
                _ => loader.entry("", name, node, false, &mut values),
            }
        }
        if loader.faults.is_empty() {
            // Tables come by their names' order, not by lines.
            overrides.sort_by_key(|one: &Override| one.line);
            return Ok(Self { file: Arc::clone(file), folder, base: loader.base, values, overrides, allow });
        }
        let place = |fault: &Fault| fault.place.as_ref().map(|place| (place.line, place.column));
        loader.faults.sort_by_key(place);
        Err(loader.faults)
    }
}

struct Loader<'s> {
    source: Source<'s>,
    base: Arc<Base>,
    faults: Vec<Fault>,
}

impl<'s> Loader<'s> {
    fn fault(&mut self, span: Range<usize>, message: String, label: String, help: String) {
        let fault = self.source.fault(span, message);
        self.faults.push(Fault { label, help, ..fault });
    }

    fn place(&self, span: &Range<usize>) -> SettingPlace {
        SettingPlace {
            file: Arc::clone(&self.source.file),
            start: self.source.position(span.start),
            end: self.source.position(span.end),
        }
    }

    /// The tables of `[[name]]`, each with its place.
    fn tables<'t>(
        &mut self,
        name: &Name<'s>,
        node: &'t Node<'s>,
        word: &str,
    ) -> Vec<(Range<usize>, &'t DeTable<'s>)> {
        let DeValue::Array(items) = node.get_ref() else {
            let message = format!("`{word}` is {}, and has to be a list of tables", kind_of(node.get_ref()));
            self.fault(name.span(), message, format!("write [[{word}]]"), String::new());
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => tables.push((item.span(), table)),
                other => {
                    let message = format!("an item of `{word}` is {}, and has to be a table", kind_of(other));
                    self.fault(item.span(), message, format!("write [[{word}]]"), String::new());
                }
            }
        }
        tables
    }

    /// One name and what stands behind it: a key, or a table of such.
    fn entry(&mut self, before: &str, name: &Name<'s>, node: &Node<'s>, per_path: bool, values: &mut Values) {
        let full = format!("{before}{}", name.get_ref());
        if let Some(key) = key_named(&full) {
            if per_path && !key.per_path {
                let message = format!("`{full}` cannot be set for some paths only");
                let help = "write it at the top of the file, before the first table".to_owned();
                return self.fault(name.span(), message, "holds for the whole run".to_owned(), help);
            }
            return self.set(key, name, node, values);
        }
        let inside = format!("{full}.");
        if !per_path && KEYS.iter().any(|key| key.name.starts_with(&inside)) {
            let DeValue::Table(table) = node.get_ref() else {
                let message = format!("`{full}` is {}, and has to be a table", kind_of(node.get_ref()));
                return self.fault(name.span(), message, format!("write [{full}]"), String::new());
            };
            for (name, node) in table {
                self.entry(&inside, name, node, per_path, values);
            }
            return;
        }
        self.unknown(before, name, per_path);
    }

    /// Notes a name that is none.
    fn unknown(&mut self, before: &str, name: &Name<'s>, per_path: bool) {
        let word = name.get_ref().as_ref();
        let suggested = |names: Vec<&str>| {
            nearest(word, names).map_or(String::new(), |name| format!("did you mean `{name}`?"))
        };
        if before == "rules." {
            if rule_named(word).is_some() {
                let message = format!("`{word}` has no settings of its own");
                let help = format!("how bad it is stands under [severity]: {word} = \"warning\"");
                return self.fault(name.span(), message, String::new(), help);
            }
            let label = suggested(Names::Rules.all());
            let help = "`copydesk rules` lists them".to_owned();
            return self.fault(name.span(), format!("no rule is called `{word}`"), label, help);
        }
        let mut known: Vec<&str> = KEYS
            .iter()
            .filter(|key| key.per_path || !per_path)
            .filter_map(|key| key.name.strip_prefix(before))
            .map(|rest| rest.split('.').next().unwrap_or(rest))
            .collect();
        known.extend(if per_path {
            &["paths"][..]
        } else if before.is_empty() {
            &["overrides", "allow"][..]
        } else {
            &[]
        });
        known.dedup();
        let label = suggested(known.clone());
        let help = if known.len() <= 12 {
            format!("here may stand {}", known.join(", "))
        } else {
            "docs/configuration.md lists the keys, `copydesk config schema` tells editors".to_owned()
        };
        self.fault(name.span(), format!("unknown key `{before}{word}`"), label, help);
    }

    /// Notes that a value is of the wrong kind.
    fn wrong_kind(&mut self, name: &str, node: &Node<'_>, wanted: &str, example: &str) {
        let message = format!("`{name}` is {}, and has to be {wanted}", kind_of(node.get_ref()));
        let help = if example.is_empty() { String::new() } else { format!("such as {name} = {example}") };
        self.fault(node.span(), message, String::new(), help);
    }

    fn set(&mut self, key: &'static Key, name: &Name<'s>, node: &Node<'s>, values: &mut Values) {
        let before = self.faults.len();
        match key.name {
            "select" => values.select = Some(self.rules(key.name, node, key.example)),
            "ignore" => values.ignore = self.rules(key.name, node, key.example),
            "severity" => values.severity = self.levels(key, node),
            "fail-on" => {
                let level = self.name(key, Names::FailOn, node);
                values.fail_on =
                    level.map(|name| Severity::ALL.into_iter().find(|level| level.name() == name));
            }
            "profile" => values.profile = self.name(key, Names::Profiles, node).and_then(Profile::named),
            "min-words" => values.min_words = self.count(key, node),
            "blocks" => {
                let kind = |name: &str| BlockKind::ALL.into_iter().find(|kind| kind.name() == name);
                values.blocks = self.names(key, Names::Blocks, node).into_iter().filter_map(kind).collect();
            }
            "threshold" => values.threshold = self.share(key, node),
            "threads" => values.threads = self.count(key, node),
            "memory-limit" => values.memory_limit = self.size(key, node),
            "exclude" => {
                let (globs, _) = self.globs(key.name, node, key.example);
                values.exclude = globs;
            }
            "hidden" => values.hidden = self.flag(key, node),
            "no-ignore" => values.no_ignore = self.flag(key, node),
            "input-format" => {
                values.input_format = self.name(key, Names::Readers, node).and_then(reader_named)
            }
            "fields" => {
                let fields = self.table(key, node, Names::Meanings);
                values.fields =
                    fields.into_iter().map(|(meaning, name, _)| (meaning.to_owned(), name)).collect();
            }
            "body-format" => {
                values.body_html = self.name(key, Names::Bodies, node).map(|name| name == "html")
            }
            "encoding" => values.encoding = self.encoding(key, node),
            "max-size" => values.max_size = self.size(key, node),
            "allow-empty" => values.allow_empty = self.flag(key, node),
            "format" => values.format = self.name(key, Names::Formats, node).and_then(findings_format),
            "output" => {
                for (format, file, span) in self.table(key, node, Names::Formats) {
                    let path = PathBuf::from(file);
                    if values.output.iter().any(|(_, other)| *other == path) {
                        self.fault(
                            span,
                            "two reports would go to one file".to_owned(),
                            String::new(),
                            String::new(),
                        );
                    }
                    values.output.extend(findings_format(format).map(|format| (format, path)));
                }
            }
            "scope.compare-within" => values.compare_within = self.scopes(key, node),
            "rules.boilerplate.documents" => values.boilerplate_documents = self.count(key, node),
            "rules.boilerplate.share" => values.boilerplate_share = self.share(key, node),
            "rules.boilerplate.allow" => values.boilerplate = self.passages(key, node),
            "rules.repeated-sentence.min-words" => values.sentence_words = self.count(key, node),
            "rules.same-title.min-words" => values.title_words = self.count(key, node),
            _ => {}
        }
        if self.faults.len() == before {
            let line = self.source.position(name.span().start).line;
            values.given.insert(key.name, Given { line, value: json(node.get_ref()) });
        }
    }

    fn flag(&mut self, key: &Key, node: &Node<'s>) -> Option<bool> {
        if let DeValue::Boolean(yes) = node.get_ref() {
            return Some(*yes);
        }
        self.wrong_kind(key.name, node, "true or false", "");
        None
    }

    fn count(&mut self, key: &Key, node: &Node<'s>) -> Option<u32> {
        let Kind::Count(least) = key.kind else { return None };
        let DeValue::Integer(number) = node.get_ref() else {
            self.wrong_kind(key.name, node, "a whole number", key.example);
            return None;
        };
        let read = u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|&read| read >= least);
        // The number of threads is kept in 16 bits.
        let read = read.filter(|&read| key.name != "threads" || read <= u32::from(u16::MAX));
        if read.is_none() {
            let message = format!("`{}` cannot be {number}", key.name);
            self.fault(node.span(), message, format!("write {least} or more"), String::new());
        }
        read
    }

    fn share(&mut self, key: &Key, node: &Node<'s>) -> Option<Threshold> {
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

    fn size(&mut self, key: &Key, node: &Node<'s>) -> Option<u64> {
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

    fn text<'t>(&mut self, name: &str, node: &'t Node<'s>, example: &str) -> Option<&'t str> {
        if let DeValue::String(text) = node.get_ref() {
            return Some(text.as_ref());
        }
        self.wrong_kind(name, node, "a string", example);
        None
    }

    /// Returns the name of a closed list that `word` is; notes it where it is none.
    fn known(&mut self, names: Names, word: &str, span: Range<usize>) -> Option<&'static str> {
        let all = names.all();
        if let Some(name) = all.iter().copied().find(|name| *name == word) {
            return Some(name);
        }
        let message = format!("no {} is called `{word}`", names.word());
        let label = nearest(word, all.iter().copied())
            .map_or(String::new(), |name| format!("did you mean `{name}`?"));
        let help = match names {
            Names::Rules => "`copydesk rules` lists them".to_owned(),
            _ => format!("there are {}", all.join(", ")),
        };
        self.fault(span, message, label, help);
        None
    }

    fn name(&mut self, key: &Key, names: Names, node: &Node<'s>) -> Option<&'static str> {
        let word = self.text(key.name, node, key.example)?;
        self.known(names, word, node.span())
    }

    /// The items of a list that are strings, each with its place.
    fn strings<'t>(&mut self, name: &str, node: &'t Node<'s>, example: &str) -> Vec<(&'t str, Range<usize>)> {
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

    fn names(&mut self, key: &Key, names: Names, node: &Node<'s>) -> Vec<&'static str> {
        let words = self.strings(key.name, node, key.example);
        words.into_iter().filter_map(|(word, span)| self.known(names, word, span)).collect()
    }

    fn rules(&mut self, name: &str, node: &Node<'s>, example: &str) -> Vec<String> {
        let mut rules = Vec::new();
        for (word, span) in self.strings(name, node, example) {
            if word == "ALL" || self.known(Names::Rules, word, span).is_some() {
                rules.push(word.to_owned());
            }
        }
        rules
    }

    fn levels(&mut self, key: &Key, node: &Node<'s>) -> BTreeMap<&'static str, Option<Severity>> {
        let mut levels = BTreeMap::new();
        for (rule, level, span) in self.table(key, node, Names::Rules) {
            if let Some(level) = self.known(Names::Levels, &level, span) {
                levels.insert(rule, Severity::ALL.into_iter().find(|severity| severity.name() == level));
            }
        }
        levels
    }

    /// A table of strings under names of a closed list: name, string, and the string's place.
    fn table(
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

    fn encoding(&mut self, key: &Key, node: &Node<'s>) -> Option<&'static encoding_rs::Encoding> {
        let name = self.text(key.name, node, key.example)?;
        let found = encoding_rs::Encoding::for_label(name.as_bytes());
        if found.is_none() {
            let message = format!("no encoding is called `{name}`");
            let label = "write a name that browsers know, such as windows-1252".to_owned();
            self.fault(node.span(), message, label, String::new());
        }
        found
    }

    /// A list of globs, and the same as they are matched.
    fn globs(&mut self, name: &str, node: &Node<'s>, example: &str) -> (Vec<String>, Option<PathGlobs>) {
        let strings = self.strings(name, node, example);
        let globs: Vec<String> = strings.iter().map(|(glob, _)| (*glob).to_owned()).collect();
        match PathGlobs::new(&self.base, &globs) {
            Ok(list) => (globs, Some(list)),
            Err((number, reason)) => {
                let (glob, span) = strings.get(number).cloned().unwrap_or(("", node.span()));
                let help = "globs are written as in .gitignore, from the folder of this file".to_owned();
                self.fault(span, format!("`{glob}` is not a glob"), reason, help);
                (globs, None)
            }
        }
    }

    fn scopes(&mut self, key: &Key, node: &Node<'s>) -> Vec<ScopePattern> {
        let mut patterns = Vec::new();
        for (written, span) in self.strings(key.name, node, key.example) {
            match ScopePattern::new(written) {
                Ok(pattern) => patterns.push(pattern),
                Err(reason) => {
                    let help = format!("such as {} = {}", key.name, key.example);
                    self.fault(span, format!("`{written}` is no pattern of paths"), reason, help);
                }
            }
        }
        patterns
    }

    fn passages(&mut self, key: &Key, node: &Node<'s>) -> Vec<(String, SettingPlace)> {
        let mut passages = Vec::new();
        for (written, span) in self.strings(key.name, node, key.example) {
            if self.is_pattern(written, &span) {
                passages.push((written.to_owned(), self.place(&span)));
            }
        }
        passages
    }

    fn is_pattern(&mut self, written: &str, span: &Range<usize>) -> bool {
        // Whether it has words does not depend on the profile.
        let good = PassagePattern::new(written, Profile::Standard).is_some();
        if !good {
            let label = "write the words of the passage, with * for any text".to_owned();
            self.fault(span.clone(), "the pattern has no word".to_owned(), label, String::new());
        }
        good
    }

    fn one_override(&mut self, span: Range<usize>, table: &DeTable<'s>) -> Option<Override> {
        let (mut values, mut paths, mut written, mut named) = (Values::default(), None, Vec::new(), false);
        for (name, node) in table {
            if name.get_ref() == "paths" {
                named = true;
                (written, paths) = self.globs("paths", node, r#"["docs/", "*.md"]"#);
                if written.is_empty() && matches!(node.get_ref(), DeValue::Array(_)) {
                    let label = "write the globs that it holds for".to_owned();
                    self.fault(node.span(), "`paths` is empty".to_owned(), label, String::new());
                }
            } else {
                self.entry("", name, node, true, &mut values);
            }
        }
        if !named {
            let label = "write paths = [\"…\"] below".to_owned();
            self.fault(
                self.header(&span),
                "[[overrides]] does not say which paths".to_owned(),
                label,
                String::new(),
            );
        }
        let line = self.source.position(span.start).line;
        Some(Override { paths: paths?, written, values, line })
    }

    fn one_allow(&mut self, span: Range<usize>, table: &DeTable<'s>) -> Option<Allow> {
        let (mut what, mut reason, mut rules, mut paths) = (Vec::new(), None, Vec::new(), None);
        for (name, node) in table {
            match name.get_ref().as_ref() {
                "fingerprint" => {
                    let written = self.text("fingerprint", node, "");
                    let key = written.and_then(FindingKey::read);
                    if let (Some(written), None) = (written, key) {
                        let message = format!("`{written}` is no fingerprint");
                        let label = "write the 32 hexadecimal digits that the report shows".to_owned();
                        self.fault(node.span(), message, label, String::new());
                    }
                    what.push((name.span(), key.map(AllowWhat::Fingerprint)));
                }
                "pattern" => {
                    let written = self.text("pattern", node, "").map(str::to_owned);
                    let good = written.filter(|written| self.is_pattern(written, &node.span()));
                    what.push((name.span(), good.map(AllowWhat::Pattern)));
                }
                "reason" => {
                    let text = self.text("reason", node, "");
                    if text.is_some_and(|text| text.trim().is_empty()) {
                        self.fault(
                            node.span(),
                            "the reason is empty".to_owned(),
                            "say why".to_owned(),
                            String::new(),
                        );
                    }
                    reason = Some(text.unwrap_or_default().to_owned());
                }
                "rules" => {
                    let words = self.strings("rules", node, r#"["shared-paragraph"]"#);
                    rules = words
                        .into_iter()
                        .filter_map(|(word, span)| self.known(Names::Rules, word, span))
                        .collect();
                }
                "paths" => paths = self.globs("paths", node, r#"["docs/"]"#).1,
                word => {
                    let names = || ALLOW_KEYS.iter().map(|(name, _)| *name);
                    let label = nearest(word, names())
                        .map_or(String::new(), |name| format!("did you mean `{name}`?"));
                    let help = format!("here may stand {}", names().collect::<Vec<_>>().join(", "));
                    self.fault(name.span(), format!("unknown key `{word}`"), label, help);
                }
            }
        }
        let header = self.header(&span);
        if reason.is_none() {
            let label = "write reason = \"…\" below".to_owned();
            self.fault(header.clone(), "[[allow]] gives no reason".to_owned(), label, String::new());
        }
        what.sort_by_key(|(span, _)| span.start);
        match what.as_slice() {
            [] => {
                let label = "write fingerprint = \"…\" or pattern = \"…\" below".to_owned();
                self.fault(header.clone(), "[[allow]] does not say what".to_owned(), label, String::new());
            }
            [_, (second, _), ..] => {
                let label = "write it in an [[allow]] of its own".to_owned();
                let message = "[[allow]] has both a fingerprint and a pattern".to_owned();
                self.fault(second.clone(), message, label, String::new());
            }
            [_] => {}
        }
        let (_, what) = what.into_iter().next()?;
        Some(Allow { what: what?, rules, paths, reason: reason?, place: self.place(&header) })
    }

    /// The first line of a table: its header.
    fn header(&self, span: &Range<usize>) -> Range<usize> {
        let end =
            self.source.text[span.start..span.end].find(['\n', '\r']).map_or(span.end, |at| span.start + at);
        span.start..end
    }
}

#[cfg(test)]
mod tests;
