//! How do files become the versions of documents?
//!
//! Their names say it: what is left of a name without its date or number is the document's, so
//! `sec01-1859.txt` and `sec01-1860.txt` are two versions of `sec01`, and `sec02-1859.txt` is another
//! document's. Where no two names agree, all files are versions of one document, and that is said.
//!
//! A text that shares nearly no words in a row with any version before it is no version of that document,
//! whatever its name: it is told and read as a document of its own. So every file is read twice, once to
//! look and once to give.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::chosen::{Chosen, Sure, seconds};
use super::kinship::Runs;
use super::names::{Named, named, natural};
use super::stored::read_input;
use super::{Order, VersionOptions};
use crate::document::{Metadata, Snapshot};
use crate::error::ReadError;
use crate::read::compress::without_ending;
use crate::read::input::Input;

/// How many names are told.
const TOLD: usize = 3;

/// A file, as one version.
struct Version<'a> {
    input: &'a Input,
    /// Its path below the folder.
    name: String,
    named: Named,
    /// When it was saved, as name, document or file system say.
    time: Option<String>,
}

/// Files below one folder.
pub(super) struct Files<'a> {
    /// The folder, as given.
    pub root: &'a str,
    pub inputs: Vec<&'a Input>,
    /// Whether the user named each file, rather than the folder.
    pub listed: bool,
}

impl Files<'_> {
    /// Returns whether the names of some files say that they are versions of one document.
    pub fn show_versions(&self) -> bool {
        let mut documents = BTreeMap::new();
        for version in self.versions().filter(|version| version.named.numbered) {
            *documents.entry(version.named.document).or_insert(0) += 1;
        }
        documents.values().any(|&count| count > 1)
    }

    fn versions(&self) -> impl Iterator<Item = Version<'_>> {
        self.inputs.iter().map(|input| {
            let path = input.path.strip_prefix(self.root).unwrap_or(&input.path);
            let name = path.trim_start_matches(['/', '\\']).to_owned();
            let named = named(stem(&name));
            let time = named.date.clone();
            Version { input, name, named, time }
        })
    }

    /// Reads the versions of every document among the files.
    pub fn read(&self, options: &VersionOptions, sink: &mut Chosen<'_>) {
        let whole: Arc<str> = Arc::from(self.root);
        let mut documents: BTreeMap<String, Vec<Version<'_>>> = BTreeMap::new();
        if options.one_document || !self.show_versions() {
            let versions: Vec<_> = self.versions().collect();
            if !options.one_document && !self.listed && versions.len() > 1 {
                let message = format!(
                    "the names of the {} files show no versions; they are read as versions of one document",
                    versions.len()
                );
                sink.warning(ReadError::new(&whole, message));
            }
            documents.insert(String::new(), versions);
        } else {
            for version in self.versions() {
                let name = if version.named.numbered { &version.named.document } else { stem(&version.name) };
                documents.entry(name.to_owned()).or_default().push(version);
            }
        }
        let alone: Vec<&str> = documents
            .values()
            .filter_map(|versions| match &versions[..] {
                [only] if documents.len() > 1 => Some(only.name.as_str()),
                _ => None,
            })
            .collect();
        if !alone.is_empty() {
            let message = match alone.len() {
                1 => format!("{} is a version of no other file: a document of its own", listed(&alone)),
                _ => {
                    format!("{} are versions of no other file: each is a document of its own", listed(&alone))
                }
            };
            sink.warning(ReadError::new(&whole, message));
        }
        for (name, versions) in documents {
            let id = self.id(&name);
            if sink.wants(&id, None) {
                self.document(&id, versions, options, sink);
            }
        }
    }

    /// The id of the document called `name`.
    fn id(&self, name: &str) -> String {
        let root = self.root.trim_end_matches(['/', '\\']);
        match (root, name) {
            ("" | ".", "") => ".".to_owned(),
            ("" | ".", name) => name.to_owned(),
            (root, "") => root.to_owned(),
            (root, name) => format!("{root}/{name}"),
        }
    }

    /// Reads the versions of one document.
    fn document(
        &self,
        id: &str,
        mut versions: Vec<Version<'_>>,
        options: &VersionOptions,
        sink: &mut Chosen<'_>,
    ) {
        let path: Arc<str> = Arc::from(self.root);
        let mut buffer = Vec::new();
        let mut runs = Vec::new();
        if options.one_document && options.order != Order::Date {
            runs.resize(versions.len(), Runs::default());
        } else {
            let mut snapshot = Snapshot::default();
            for version in &mut versions {
                read_input(version.input, options.limits, &options.read, &mut buffer, &mut snapshot);
                let document = snapshot.document.take().unwrap_or_default();
                let stated = document.meta.updated.or(document.meta.published);
                version.time = version.time.take().or(stated);
                runs.push(if options.one_document { Runs::default() } else { Runs::of(&document.text) });
            }
        }
        let mut order: Vec<usize> = (0..versions.len()).collect();
        if options.order == Order::Mtime {
            versions.iter_mut().for_each(|version| version.time = modified(version.input));
        }
        let kept = self.listed && !versions.iter().any(|version| version.named.numbered);
        if !kept || options.order != Order::Name {
            order.sort_by(|&a, &b| natural(&versions[a].name, &versions[b].name));
        }
        if options.order != Order::Name {
            let time = |index: usize| versions[index].time.as_deref().and_then(seconds);
            // Those without a date stand last, and are told.
            order.sort_by_key(|&index| (time(index).is_none(), time(index)));
            let undated: Vec<&str> = order
                .iter()
                .filter(|&&index| time(index).is_none())
                .map(|&index| versions[index].name.as_str())
                .collect();
            if !undated.is_empty() {
                let message = format!("no date is known of {}; read last", listed(&undated));
                sink.warning(ReadError::new(&path, message));
            }
        }
        let kinds = if options.one_document { vec![order] } else { kinds(&order, &runs) };
        if let [first, others @ ..] = &kinds[..]
            && !others.is_empty()
        {
            let names = |kind: &Vec<usize>| {
                listed(&kind.iter().map(|&index| versions[index].name.as_str()).collect::<Vec<_>>())
            };
            let apart: Vec<String> = others.iter().map(names).collect();
            let message = format!(
                "holds versions of {} documents under one name: {} share no text with {}; each is read as a document of its own",
                kinds.len(),
                apart.join("; "),
                names(first),
            );
            sink.fault(ReadError::new(&path, message));
        }
        let sure = if options.order == Order::Name { Sure::Names } else { Sure::Dates };
        for (number, kind) in kinds.iter().enumerate() {
            let first = kind.first().and_then(|&index| versions.get(index));
            let id = match first.filter(|_| number > 0) {
                Some(first) => format!("{id} ({})", first.name),
                None => id.to_owned(),
            };
            sink.begin(&path, &id, &Metadata::default(), sure);
            for &index in kind {
                let version = &versions[index];
                let mut snapshot = Snapshot {
                    label: version.name.clone(),
                    time: version.time.clone(),
                    ..Snapshot::default()
                };
                let faults =
                    read_input(version.input, options.limits, &options.read, &mut buffer, &mut snapshot);
                snapshot.author =
                    snapshot.document.as_ref().and_then(|document| document.meta.author.clone());
                if snapshot.time.is_none() {
                    let meta = snapshot.document.as_ref().map(|document| &document.meta);
                    snapshot.time =
                        meta.and_then(|meta| meta.updated.clone().or_else(|| meta.published.clone()));
                }
                sink.snapshot(&mut snapshot);
                faults.into_iter().for_each(|fault| sink.fault(fault));
            }
            sink.end();
        }
    }
}

/// The path without its extension, and that of a compressed file.
fn stem(path: &str) -> &str {
    let path = without_ending(path);
    let name = path.rfind(['/', '\\']).map_or(0, |at| at + 1);
    match path.rfind('.') {
        Some(at) if at > name => &path[..at],
        _ => path,
    }
}

/// When the file was last changed.
fn modified(input: &Input) -> Option<String> {
    let changed = input.location()?.metadata().ok()?.modified().ok()?;
    let seconds = changed.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let time = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(time.to_string())
}

/// Sorts versions, in `order`, by the document that they are of: each with the last one it shares text
/// with.
fn kinds(order: &[usize], runs: &[Runs]) -> Vec<Vec<usize>> {
    let mut kinds: Vec<Vec<usize>> = Vec::new();
    let mut last = 0;
    for &index in order {
        let akin = |kind: &Vec<usize>| {
            // Texts too short to tell say nothing: the last that is long enough does.
            let known = kind.iter().rev().filter_map(|&before| runs.get(before)).find(|runs| runs.tell());
            known.is_none_or(|before| !runs[index].is_foreign_to(before))
        };
        let found = if kinds.get(last).is_some_and(akin) { Some(last) } else { kinds.iter().position(akin) };
        match found {
            Some(kind) => {
                kinds[kind].push(index);
                last = kind;
            }
            None => {
                kinds.push(vec![index]);
                last = kinds.len() - 1;
            }
        }
    }
    kinds
}

/// The first few of `names`, and how many more there are.
fn listed(names: &[&str]) -> String {
    let told: Vec<String> = names.iter().take(TOLD).map(|name| format!("`{name}`")).collect();
    match names.len() - told.len() {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}
