//! Reads a settings file against the table of keys. What is wrong is noted and the rest is read on, so that
//! all of it is told at once.

mod kinds;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::fault::Source;
use super::keys::{ALLOW_KEYS, KEYS, Key, Names, key_named};
use super::values::{json, kind_of};
use super::{Allow, AllowWhat, Config, Fault, Given, Override, Values};
use crate::document::BlockKind;
use crate::fingerprint::Profile;
use crate::lint::allow::SettingPlace;
use crate::lint::{FindingKey, Severity, nearest, rule_named};
use crate::read::paths::Base;
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
            return self.fault(name.span(), format!("no rule is called `{}`", cut(word)), label, help);
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
        self.fault(name.span(), format!("unknown key `{before}{}`", cut(word)), label, help);
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
            "min-passage" => values.min_passage = self.count(key, node),
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
            "main-content" => {
                let choice = self.name(key, Names::MainContent, node);
                values.main_content = choice.map(|name| (name != "auto").then_some(name == "always"));
            }
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
            "index" => {
                let file = self.text(key.name, node, key.example);
                if file.is_some_and(|file| file.trim().is_empty()) {
                    let label = format!("write it like this: {}", key.example);
                    self.fault(node.span(), "`index` names no file".to_owned(), label, String::new());
                }
                values.index = file.map(PathBuf::from);
            }
            "no-texts" => values.no_texts = self.flag(key, node),
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

    fn one_override(&mut self, span: Range<usize>, table: &DeTable<'s>) -> Option<Override> {
        let (mut values, mut paths, mut written, mut named) = (Values::default(), None, Vec::new(), false);
        for (name, node) in table {
            if name.get_ref() == "paths" {
                named = true;
                (written, paths) = self.globs("paths", node, r#"["docs/", "*.md"]"#);
                self.not_empty("paths", written.len(), node, "write the globs that it holds for");
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

    /// Notes a list without items, where leaving out the key would mean something else.
    fn not_empty(&mut self, name: &str, items: usize, node: &Node<'s>, label: &str) {
        if items == 0 && matches!(node.get_ref(), DeValue::Array(list) if list.is_empty()) {
            self.fault(node.span(), format!("`{name}` is empty"), label.to_owned(), String::new());
        }
    }

    fn one_allow(&mut self, span: Range<usize>, table: &DeTable<'s>) -> Option<Allow> {
        let (mut what, mut reason, mut rules, mut paths) = (Vec::new(), None, Vec::new(), None);
        for (name, node) in table {
            match name.get_ref().as_ref() {
                "fingerprint" => {
                    let written = self.text("fingerprint", node, "");
                    let key = written.and_then(FindingKey::read);
                    if let (Some(written), None) = (written, key) {
                        let message = format!("`{}` is no fingerprint", cut(written));
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
                    self.not_empty("rules", words.len(), node, "write the rules that may not tell it");
                    rules = words
                        .into_iter()
                        .filter_map(|(word, span)| self.known(Names::Rules, word, span))
                        .collect();
                }
                "paths" => {
                    let (written, globs) = self.globs("paths", node, r#"["docs/"]"#);
                    self.not_empty("paths", written.len(), node, "write the globs that it holds for");
                    paths = globs;
                }
                word => {
                    let names = || ALLOW_KEYS.iter().map(|(name, _)| *name);
                    let label = nearest(word, names())
                        .map_or(String::new(), |name| format!("did you mean `{name}`?"));
                    let help = format!("here may stand {}", names().collect::<Vec<_>>().join(", "));
                    self.fault(name.span(), format!("unknown key `{}`", cut(word)), label, help);
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

/// A word of the file as far as a message quotes it: the line itself is shown below.
fn cut(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests;
