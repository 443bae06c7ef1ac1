//! What holds for which input: the options of a run, changed for some paths, and the scope it is compared in.

use std::collections::BTreeMap;

use super::CheckOptions;
use crate::document::BlockKind;
use crate::lint::rules::asks_names;
use crate::lint::{Rule, Selection, Settings, Severity};
use crate::read::ReadOptions;
use crate::read::input::{Input, Limits};
use crate::read::paths::PathGlobs;

/// Options that hold for some paths only.
#[derive(Clone, Debug)]
pub struct PathOptions {
    /// Which files.
    pub paths: PathGlobs,
    /// How bad rules are there, by their names; `None` is off.
    pub levels: BTreeMap<&'static str, Option<Severity>>,
    /// Blocks of fewer words are left out.
    pub min_words: Option<u32>,
    /// Kinds of block that count beside the others.
    pub blocks: Vec<BlockKind>,
    /// Pairs of meaning and field's name, before those of the run.
    pub fields: Vec<(String, String)>,
    /// Whether a record's body is HTML.
    pub body_html: Option<bool>,
    /// The encoding to decode with.
    pub encoding: Option<&'static encoding_rs::Encoding>,
}

impl PathOptions {
    /// Changes how documents are read to what holds for these paths.
    pub fn change_read(&self, read: &mut ReadOptions) {
        let said = |meaning: &str| self.fields.iter().any(|(other, _)| other == meaning);
        let others = read.fields.names.drain(..).filter(|(meaning, _)| !said(meaning));
        let names: Vec<_> = self.fields.iter().cloned().chain(others).collect();
        read.fields.names = names;
        read.body_html = self.body_html.or(read.body_html);
        read.encoding = self.encoding.or(read.encoding);
    }
}

/// What holds for one input.
pub(super) struct Variant {
    pub selection: Selection,
    /// The rules of the selection.
    pub rules: Vec<&'static dyn Rule>,
    /// Whether one of them asks what items are called.
    pub asks_names: bool,
    pub settings: Settings,
    pub read: ReadOptions,
}

impl Variant {
    fn new(options: &CheckOptions, changes: &[&PathOptions]) -> Self {
        let (mut selection, mut settings) = (options.selection.clone(), options.settings.clone());
        let mut read = options.read.clone();
        for change in changes {
            selection.change(&change.levels);
            settings.min_words = change.min_words.unwrap_or(settings.min_words);
            change.blocks.iter().for_each(|&kind| settings.counted[kind as usize] = true);
            change.change_read(&mut read);
        }
        let rules = selection.rules().collect();
        let asks_names = asks_names(&selection);
        Self { selection, rules, asks_names, settings, read }
    }
}

/// What holds for each input.
pub(super) struct Variants {
    /// The first is the run's own.
    all: Vec<Variant>,
    /// The number of each input's variant; empty where all have the first.
    of: Vec<u32>,
    /// How much is read at most of each.
    pub limits: Limits,
    /// The number of each input's scope; empty where there is one only.
    scopes: Vec<u32>,
}

impl Variants {
    pub fn new(inputs: &[Input], options: &CheckOptions) -> Self {
        let mut all = vec![Variant::new(options, &[])];
        let mut of = Vec::new();
        if !options.overrides.is_empty() {
            let mut numbers = BTreeMap::from([(Vec::new(), 0)]);
            for input in inputs {
                let holds = |change: &PathOptions| change.paths.hold(&input.path);
                let matching: Vec<usize> = (0..)
                    .zip(&options.overrides)
                    .filter(|(_, change)| holds(change))
                    .map(|(n, _)| n)
                    .collect();
                let number = *numbers.entry(matching).or_insert_with_key(|matching| {
                    let changes: Vec<_> = matching.iter().map(|&n| &options.overrides[n]).collect();
                    all.push(Variant::new(options, &changes));
                    all.len() as u32 - 1
                });
                of.push(number);
            }
        }
        let scopes = options.scopes.as_ref().map_or(Vec::new(), |scopes| {
            let mut numbers = BTreeMap::from([(None, 0)]);
            let mut number = |name: Option<String>| {
                let next = numbers.len() as u32;
                *numbers.entry(name).or_insert(next)
            };
            inputs.iter().map(|input| number(scopes.name(&input.path))).collect()
        });
        Self { all, of, limits: options.limits, scopes }
    }

    /// What holds for input number `input`.
    pub fn of(&self, input: u32) -> &Variant {
        let number = self.of.get(input as usize).copied().unwrap_or(0);
        &self.all[number as usize]
    }

    /// What holds where no path changes it.
    pub fn run(&self) -> &Variant {
        &self.all[0]
    }

    /// The number of the scope that input number `input` is compared in.
    pub fn scope(&self, input: u32) -> u32 {
        self.scopes.get(input as usize).copied().unwrap_or(0)
    }

    /// Whether any of the rules that are on for some input is such.
    pub fn any_rule(&self, is_such: impl Fn(&dyn Rule) -> bool) -> bool {
        self.all.iter().any(|variant| variant.rules.iter().any(|rule| is_such(*rule)))
    }
}
