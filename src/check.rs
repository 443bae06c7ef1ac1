//! The one place that wires read, duplicates and lint: the main job, from inputs to a [`Report`].
//!
//! Two passes. The [first](pass) reads everything once, in parallel, and keeps of each paragraph a digest
//! and a position. Then the facts are folded: which rule tells which repeat. The [second](places) reads
//! again the few records that a finding names, this time with the way back to the stored bytes.

mod gathering;
mod indexed;
mod near;
mod pass;
mod pass_on;
mod passages;
mod places;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{DocumentId, TextRange};
use crate::duplicates::exact::{DocumentEntry, Spot};
use crate::duplicates::near::{NearFacts, THRESHOLD};
use crate::duplicates::passage::LEAST_WORDS;
use crate::duplicates::{Similarity, Threshold};
use crate::error::ReadError;
use crate::fix::Mending;
use crate::lint::allow::Allowance;
use crate::lint::fold::{self, Folded, Repeat};
use crate::lint::scope::Scopes;
use crate::lint::{
    self, Finding, FindingKey, Flag, Label, Likeness, Mend, RULES, Replacement, Rule, Sameness, Selection,
    Settings, Severity, Suggestion, Told, ToldPassage,
};
use crate::progress::{Phase, Progress};
use crate::read::ReadOptions;
use crate::read::input::Limits;
use crate::read::walk::Found;
use indexed::Taking;
pub use indexed::{Against, Filling, ItemStatus};
pub use pass_on::{PassOn, Record, pass_on};
use places::{Places, Seen};
pub use variants::PathOptions;
use variants::Variants;

/// What to check and how.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// Which rules are told, and how bad each is.
    pub selection: Selection,
    /// What counts.
    pub settings: Settings,
    /// How to read.
    pub read: ReadOptions,
    /// How much is read at most.
    pub limits: Limits,
    /// How many threads work; 0 stands for as many as there are processors.
    pub threads: usize,
    /// How much must be shared to be told as nearly the same.
    pub threshold: Threshold,
    /// How many words in a row count as a copied passage.
    pub min_passage: usize,
    /// How many bytes the near rules and `copied-passage` may need; where it would be more, they are not
    /// told.
    pub memory_limit: u64,
    /// What may repeat, in the order of the settings.
    pub allow: Vec<Allowance>,
    /// What holds for some paths only, in order: later ones win.
    pub overrides: Vec<PathOptions>,
    /// Which documents may be compared; `None` for all.
    pub scopes: Option<Scopes>,
    /// Whether the report lists every document with its place, to be [passed on](pass_on).
    pub keep_records: bool,
}

impl CheckOptions {
    /// The default of [`CheckOptions::memory_limit`].
    pub const MEMORY_LIMIT: u64 = 8 << 30;
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            settings: Settings::default(),
            read: ReadOptions::default(),
            limits: Limits::default(),
            threads: 0,
            threshold: THRESHOLD,
            min_passage: LEAST_WORDS,
            memory_limit: Self::MEMORY_LIMIT,
            allow: Vec::new(),
            overrides: Vec::new(),
            scopes: None,
            keep_records: false,
        }
    }
}

/// What was checked and what was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The counts.
    pub summary: Summary,
    /// The findings: by input order of their places, then by rule.
    pub findings: Vec<Finding>,
    /// What could not be read, in input order.
    pub errors: Vec<ReadError>,
    /// What the index says of each document, in input order; `None` for a run without one.
    pub items: Option<Vec<ItemStatus>>,
    /// Every document with its place, where the options ask for that.
    pub records: Vec<Record>,
}

/// How much was checked, and how much was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files read as documents.
    pub files: u64,
    /// Documents in them.
    pub documents: u64,
    /// Blocks of the documents, all kinds.
    pub paragraphs: u64,
    /// Blocks of a kind that counts, left out because they have fewer words than asked for.
    pub too_short: u64,
    /// Walked files that are no documents.
    pub skipped: u64,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are infos.
    pub infos: u64,
    /// Findings that the user allowed.
    pub suppressed: u64,
    /// Findings that a baseline lets through.
    pub baselined: u64,
    /// Findings that were mended in their files, and are gone.
    pub fixed: u64,
    /// Inputs, or parts of them, that could not be read.
    pub unreadable: u64,
}

impl Summary {
    /// Counts one finding of `severity`.
    pub const fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}

/// Returns what is to be said about the documents in `found`.
///
/// What cannot be read is among the report's errors; everything else is checked all the same. The report
/// is the same for any number of threads.
#[must_use]
pub fn check(found: &Found, options: &CheckOptions, progress: &dyn Progress) -> Report {
    check_against(found, options, progress, None)
}

/// Returns what is to be said about the documents in `found` and what an index remembers of them.
///
/// The documents are taken in (or only compared, as the index was opened); that is on the disk when the
/// caller [commits](crate::index::Index::commit), which it should not if [`Report::items`] holds fewer
/// documents than were read: then the index could not be asked or written, and the errors say why.
#[must_use]
pub fn check_against(
    found: &Found,
    options: &CheckOptions,
    progress: &dyn Progress,
    against: Option<Against<'_>>,
) -> Report {
    let taking = against.map(|against| Taking::new(against, options.threshold));
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let variants = Variants::new(&found.inputs, options);
    let mut passed = pass::run(found, options, &variants, threads, progress, taking);
    let mut report = Report { summary: passed.summary, errors: passed.errors, ..Report::default() };
    let taken = passed.taken.take().unwrap_or_default();
    let (exact, (near, words)) = (passed.exact, passed.kept.into_parts());
    let (folded, copied, catalogue) = on_threads(threads, || {
        let (mut facts, catalogue) = exact.finish();
        taken.leave_out(&mut facts);
        let compared = |units| progress.advance(units, 0);
        if near.is_some() {
            progress.begin(Phase::Joining);
        }
        let near = near
            .map(|gathered| gathered.finish(options.threshold).without(taken.left_out()).watched(&compared));
        progress.expect(near.as_ref().map_or(0, NearFacts::units));
        let mut folded = fold::fold(&facts, near.as_ref(), &catalogue, options.settings.boilerplate);
        drop(near);
        let told = taken.telling(options.settings.boilerplate);
        folded.repeats.retain(|repeat| !told.covers(repeat));
        let copied = words.map(|words| lint::passages(&words, &folded, &catalogue, options.min_passage));
        (folded, copied.unwrap_or_default(), catalogue)
    });

    // The path of the finding's place decides.
    let level =
        |rule: &str, spot: Spot| variants.of(catalogue.entry(spot.document).input).selection.level(rule);
    let repeats: Vec<(&Repeat, &dyn Rule, Severity)> = folded
        .repeats
        .iter()
        .filter_map(|repeat| {
            let rule = RULES.iter().copied().find(|rule| rule.tells() == Some(repeat.telling))?;
            Some((repeat, rule, level(rule.name(), repeat.again)?))
        })
        .collect();
    let told_again = |spot: Spot, flag: &Flag| {
        flag.repeat_in.is_some_and(|start| folded.tells(Spot { document: spot.document, start }))
    };
    let remembered = taken.remembered(options.settings.boilerplate);
    let remembered: Vec<_> = remembered
        .into_iter()
        .filter_map(|told| Some((told.rule()?, level(told.rule()?.name(), told.spot)?, told)))
        .collect();
    let flags: Vec<(Spot, Flag, Severity)> = passed
        .flags
        .into_iter()
        .chain(taken.silent_edits())
        .filter(|(document, _)| !taken.is_known(*document))
        .map(|(document, flag)| (Spot { document, start: flag.range.start }, flag))
        .filter(|(spot, flag)| !told_again(*spot, flag))
        .filter_map(|(spot, flag)| {
            let level = level(flag.rule, spot)?;
            Some((spot, flag, level))
        })
        .collect();

    let mut wanted = Places::default();
    for (repeat, ..) in &repeats {
        removal(repeat).into_iter().for_each(|(document, mending)| wanted.mend(document, mending));
        for &spot in repeat.related.iter().chain([&repeat.again]) {
            if repeat.telling.is_near() { wanted.near(spot) } else { wanted.spot(spot) }
        }
    }
    remembered.iter().for_each(|(.., told)| wanted.spot(told.spot));
    for (spot, flag, _) in &flags {
        match flag.about {
            None => wanted.range(spot.document, flag.range),
            Some(about) => {
                wanted.field(spot.document, about.field);
                about.first.iter().for_each(|&(first, _)| wanted.field(first, about.field));
            }
        }
        if let Some(mend) = &flag.mend {
            wanted.mend(spot.document, Mending { range: flag.range, mend: mend.clone() });
        }
        if let Some((range, _)) = flag.related {
            wanted.range(spot.document, range);
        }
    }
    let copied: Vec<(ToldPassage, Severity)> = copied
        .into_iter()
        .filter(|passage| !taken.is_known(passage.spot.document))
        .filter_map(|passage| Some((passage, level(passages::RULE, passage.spot)?)))
        .collect();
    passages::want(&copied, &mut wanted);
    let (places, errors) =
        wanted.read(&found.inputs, &passed.readers, &catalogue, &variants, threads, progress);
    report.errors.extend(errors);

    let told = repeats.iter().filter_map(|&(repeat, rule, severity)| {
        Some((repeat.again, told(repeat, rule, severity, &places, &folded, options.threshold)?))
    });
    let copied = copied
        .iter()
        .filter_map(|(passage, severity)| Some((passage.spot, passages::told(passage, *severity, &places)?)));
    let flagged = flags
        .into_iter()
        .filter_map(|(spot, flag, severity)| Some((spot, flagged(spot, flag, severity, &places)?)));
    let remembered = remembered.iter().filter_map(|(rule, severity, told)| {
        Some((told.spot, told.finding(*rule, *severity, places.spot(told.spot)?)))
    });
    let order: BTreeMap<&str, usize> = RULES.iter().map(|rule| rule.name()).zip(0..).collect();
    let mut findings: Vec<(Spot, Finding)> = told.chain(remembered).chain(copied).chain(flagged).collect();
    // A document as a whole comes before its paragraphs.
    findings.sort_by_key(|(spot, finding)| {
        (spot.document, spot.start.wrapping_add(1), order.get(finding.rule).copied())
    });
    if options.keep_records {
        let found: BTreeSet<DocumentId> = findings.iter().map(|(spot, _)| spot.document).collect();
        let ids = (0..catalogue.len()).map(DocumentId);
        let record = |id| {
            let entry = catalogue.entry(id);
            let reader = passed.readers.get(entry.input as usize).copied().flatten();
            let DocumentEntry { input, record, offset, length, .. } = *entry;
            let (known, found) = (taken.is_known(id), found.contains(&id));
            Record { input, reader, record, offset, length, known, found }
        };
        report.records = ids.map(record).collect();
    }
    report.findings = findings.into_iter().map(|(_, finding)| finding).collect();
    report.items = taken.into_items();
    report.findings.iter().for_each(|finding| report.summary.count(finding.severity));
    report.summary.unreadable = report.errors.len() as u64;
    report
}

/// Runs `work`, and what it shares out, on `threads` threads.
fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// One repeat as a finding; `None` where a place could not be read again (which is an error by itself), or
/// where two passages are less alike than the hashes of their words said.
fn told(
    repeat: &Repeat,
    rule: &dyn Rule,
    severity: Severity,
    places: &places::Read,
    folded: &Folded,
    threshold: Threshold,
) -> Option<Finding> {
    let near = repeat.telling.is_near();
    let seen = |spot| if near { places.near(spot) } else { places.spot(spot) };
    let again = seen(repeat.again)?;
    let related: Vec<&Seen> = repeat.related.iter().filter_map(|&spot| seen(spot)).collect();
    let first = related.first()?;
    let holds = || {
        let whole = repeat.telling == fold::Telling::NearDuplicateDocument;
        repeat
            .related
            .first()
            .is_some_and(|first| whole && folded.holds(first.document, repeat.again.document))
    };
    let likeness = if near && holds() {
        near::inside(first, again)?
    } else if near {
        near::likeness(first, again, threshold)?
    } else {
        let similarity = Similarity { overlap: again.shingles, union: again.shingles };
        Likeness { similarity, same: Some(again.same_as(first)), inside: None }
    };
    let words = rule.words(&Told {
        place: &again.place,
        first: &first.place,
        documents: repeat.documents,
        similarity: likeness.similarity,
        inside: likeness.inside,
        words: 0,
    });
    let digest = repeat.digest.or_else(|| again.near.as_ref().map(|near| near.digest))?;
    Some(Finding {
        rule: rule.name(),
        severity,
        message: words.message,
        likeness: Some(likeness),
        related: related
            .iter()
            .map(|seen| Label { message: words.related.to_owned(), place: seen.place.clone() })
            .collect(),
        primary: again.place.clone(),
        group_size: repeat.group_size,
        fingerprint: FindingKey::from(digest),
        help: words.help,
        suggestion: removal(repeat).and_then(|(document, mending)| places.mended(document, mending)),
    })
}

/// The block that should go, if `repeat` is one within a document.
fn removal(repeat: &Repeat) -> Option<(DocumentId, Mending)> {
    let Spot { document, start } = repeat.again;
    let range = TextRange::new(start, start);
    let repeats = repeat.telling == fold::Telling::RepeatedParagraph;
    repeats.then_some((document, Mending { range, mend: Mend::Block }))
}

/// One flag as a finding.
fn flagged(spot: Spot, flag: Flag, severity: Severity, places: &places::Read) -> Option<Finding> {
    let seen = match flag.about {
        None => places.range(spot.document, flag.range)?,
        Some(about) => places.field(spot.document, about.field)?,
    };
    let first = flag.about.and_then(|about| {
        let (document, words) = about.first?;
        Some((places.field(document, about.field)?, words))
    });
    let related = flag.related.and_then(|(range, words)| Some((places.range(spot.document, range)?, words)));
    let likeness = related.map(|(first, _)| Likeness {
        similarity: Similarity { overlap: seen.shingles, union: seen.shingles },
        same: Some(seen.same_as(first)),
        inside: None,
    });
    let mended = flag.mend.and_then(|mend| {
        let mending = Mending { range: flag.range, mend };
        places.mended(spot.document, mending)
    });
    let suggestion = flag.replacement.map(|text| {
        let (title, end) = match text.is_empty() {
            true => ("cut it", seen.with_space),
            false => ("replace it", seen.place.location.end),
        };
        let start = seen.place.location.start;
        let replacements = vec![Replacement { start, end, text, stored: Vec::new() }];
        Suggestion { title: title.to_owned(), replacements, basis: None }
    });
    Some(Finding {
        rule: flag.rule,
        severity,
        message: flag.message,
        likeness,
        related: related
            .iter()
            .chain(&first)
            .map(|(first, words)| Label { message: (*words).to_owned(), place: first.place.clone() })
            .collect(),
        primary: seen.place.clone(),
        group_size: 1,
        fingerprint: FindingKey::from(flag.key),
        help: flag.help,
        suggestion: mended.or(suggestion),
    })
}

impl Seen {
    /// Says in what two passages of one normal form still differ.
    fn same_as(&self, other: &Self) -> Sameness {
        let [exact, spaced, cased] = [0, 1, 2].map(|form| self.forms[form] == other.forms[form]);
        match (exact, spaced, cased) {
            (true, ..) => Sameness::Identical,
            (_, true, _) => Sameness::Wrapping,
            (.., true) => Sameness::Case,
            _ => Sameness::Typography,
        }
    }
}
