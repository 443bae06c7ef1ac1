//! The one place that wires read, duplicates and lint: the main job, from inputs to a [`Report`].
//!
//! Two passes. The [first](pass) reads everything once, in parallel, and keeps of each paragraph a digest
//! and a position. Then the facts are folded: which rule tells which repeat. The [second](places) reads
//! again the few records that a finding names, this time with the way back to the stored bytes.

mod gathering;
mod harvest;
mod in_order;
mod indexed;
mod ledger;
mod near;
mod pass;
mod pass_on;
mod passages;
mod places;
mod quiet;
mod remembered;
mod told;
mod unused;
mod variants;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::document::{DocumentId, Location};
use crate::duplicates::Threshold;
use crate::duplicates::exact::{Catalogue, DocumentEntry, Spot};
use crate::duplicates::near::{NearFacts, THRESHOLD};
use crate::duplicates::passage::LEAST_WORDS;
use crate::error::ReadError;
use crate::fix::Mending;
use crate::lint::added::Added;
use crate::lint::allow::Allowance;
use crate::lint::baseline::Baseline;
use crate::lint::fold::{self, Repeat};
use crate::lint::scope::Scopes;
use crate::lint::standing::Cause;
use crate::lint::{self, Finding, Flag, RULES, Rule, Selection, Settings, Severity, ToldPassage};
use crate::progress::{Phase, Progress};
use crate::read::ReadOptions;
use crate::read::input::Limits;
use crate::read::walk::Found;
use indexed::Taking;
pub use indexed::{Against, Filling, ItemStatus};
use ledger::Groups;
pub use pass_on::{PassOn, Record, pass_on};
use places::Places;
use quiet::Allowances;
use remembered::{Remembered, Stands};
use told::Drawn;
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
    /// What repeated already and is not told.
    pub baseline: Option<Arc<Baseline>>,
    /// Whether to collect what a new baseline would hold: an empty one, whose profile and folder are those of
    /// the new one. What `baseline` covers is then collected too.
    pub collect: Option<Arc<Baseline>>,
    /// What was added to the inputs: nothing else is told.
    pub since: Option<Arc<Added>>,
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
            baseline: None,
            collect: None,
            since: None,
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
    /// What comments and allowances keep quiet, in the order of the findings.
    pub suppressed: Vec<Suppressed>,
    /// How many groups of the baseline are smaller than it lets them be.
    pub stale: usize,
    /// What a new baseline would hold, where that was asked for.
    pub collected: Option<Baseline>,
    /// What the index says of each document, in input order; `None` for a run without one.
    pub items: Option<Vec<ItemStatus>>,
    /// Every document with its place, where the options ask for that.
    pub records: Vec<Record>,
}

/// A finding that the user allowed.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// What would have been told.
    pub finding: Finding,
    /// Why it is not, if the user said.
    pub reason: Option<String>,
    /// The comment that allows it; `None` where the settings do.
    pub comment: Option<Location>,
    /// The place in the settings that allows it.
    pub setting: Option<lint::allow::SettingPlace>,
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
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let variants = Variants::new(&found.inputs, options);
    let near_paragraphs = variants.any_rule(|rule| rule.tells() == Some(lint::Telling::NearSharedParagraph));
    let taking = against
        .map(|against| Taking::new(against, options.threshold, near_paragraphs, options.scopes.as_ref()));
    let allowances = Allowances::new(options);
    let mut passed = pass::run(found, options, &variants, &allowances, threads, progress, taking);
    let mut report = Report { summary: passed.summary, errors: passed.errors, ..Report::default() };
    let mut taken = passed.taken.take().unwrap_or_default();
    let (exact, (near, words)) = (passed.exact, passed.kept.into_parts());
    let mut quiet = passed.quiet;
    let mut standing = std::mem::take(&mut quiet.standing);
    let paths = |catalogue: &Catalogue, spot: Spot| {
        &*found.inputs[catalogue.entry(spot.document).input as usize].path
    };
    let scope = |path: &str| options.scopes.as_ref().and_then(|scopes| scopes.name(path));
    let has_near = near.is_some();
    let (folded, copied, catalogue, groups, mut ledger) = on_threads(threads, || {
        let (mut facts, catalogue) = exact.finish();
        taken.leave_out(&mut facts);
        let compared = |units| progress.advance(units, 0);
        if near.is_some() {
            progress.begin(Phase::Joining);
        }
        let near = near
            .map(|gathered| gathered.finish(options.threshold).without(taken.left_out()).watched(&compared));
        progress.expect(near.as_ref().map_or(0, NearFacts::units));
        let wants_groups = options.baseline.is_some() || options.collect.is_some();
        let groups = wants_groups
            .then(|| Groups::of(&facts, &catalogue, &standing, &|spot| scope(paths(&catalogue, spot))));
        let ledger =
            options.baseline.as_deref().zip(groups.as_ref()).map(|(baseline, groups)| {
                groups.cover(baseline, &|spot| paths(&catalogue, spot), &mut standing)
            });
        let limits = options.settings.boilerplate;
        let mut folded = fold::fold(&facts, near.as_ref(), &catalogue, limits, &standing);
        drop(near);
        let told = taken.telling(options.settings.boilerplate);
        folded.repeats.retain(|repeat| !told.covers(repeat));
        let copied = words.map(|words| lint::passages(&words, &folded, &catalogue, options.min_passage));
        (folded, copied.unwrap_or_default(), catalogue, groups, ledger)
    });

    // The path of the finding's place decides.
    let level =
        |rule: &str, spot: Spot| variants.of(catalogue.entry(spot.document).input).selection.level(rule);
    let with_rule = |repeat| -> Option<(&Repeat, &dyn Rule, Severity)> {
        let repeat: &Repeat = repeat;
        let rule = RULES.iter().copied().find(|rule| rule.tells() == Some(repeat.telling))?;
        Some((repeat, rule, level(rule.name(), repeat.again)?))
    };
    let repeats: Vec<_> = folded.repeats.iter().filter_map(with_rule).collect();
    let allowed: Vec<_> = folded
        .allowed
        .iter()
        .filter_map(|(repeat, cause)| Some((with_rule(repeat)?, *cause)))
        .filter(|((repeat, ..), _)| standing.is_added(repeat.again))
        .collect();
    report.summary.baselined = folded.baselined.iter().filter_map(with_rule).count() as u64;
    let told_again = |spot: Spot, flag: &Flag| {
        flag.repeat_in.is_some_and(|start| folded.tells(Spot { document: spot.document, start }))
    };
    let remembered = taken.remembered(options.settings.boilerplate);
    let remembered = remembered
        .into_iter()
        // What is the same somewhere in this run is told as that.
        .filter(|told| !told.is_nearly_shared() || !(folded.tells(told.spot) || folded.covers(told.spot)))
        .filter_map(|told| Some((told.rule()?, level(told.rule()?.name(), told.spot)?, told)));
    let (mut quiet_remembered, mut through) = (Vec::new(), 0);
    let said_quiet: BTreeSet<Spot> = folded.allowed.iter().map(|(repeat, _)| repeat.again).collect();
    let remembered: Vec<_> = remembered
        .filter_map(|one| {
            let (.., told) = &one;
            let path = paths(&catalogue, told.spot);
            match told.stands(&standing, options.baseline.as_deref(), path, scope) {
                Stands::Told => return Some(one),
                Stands::Quiet(cause) if !said_quiet.contains(&told.spot) && standing.is_added(told.spot) => {
                    quiet_remembered.push((one, cause));
                }
                Stands::Baselined => through += 1,
                Stands::Quiet(_) | Stands::Canonical => {}
            }
            None
        })
        .collect();
    report.summary.baselined += through;
    let in_added =
        |spot: Spot| options.since.as_ref().is_none_or(|added| added.of(paths(&catalogue, spot)).is_some());
    let leveled = |document, flag: Flag| {
        let spot = Spot { document, start: flag.range.start };
        let level = level(flag.rule, spot).filter(|_| !told_again(spot, &flag) && in_added(spot))?;
        Some((spot, flag, level))
    };
    let mut flags: Vec<(Spot, Flag, Severity)> = Vec::new();
    let mut quiet_flags: Vec<(Spot, Flag, Severity, Cause)> = Vec::new();
    let found_flags = passed.flags.into_iter().chain(taken.silent_edits());
    let told_at = |document: DocumentId, flag: &Flag| {
        let first = flag.about.and_then(|about| about.first);
        taken.tells_at(document, first.map(|(first, _)| first))
    };
    for (document, flag) in found_flags {
        let Some(at) = told_at(document, &flag) else { continue };
        let whole = quiet
            .whole(at)
            .find(|&number| flag.about.is_some() && quiet.comments[number].rules.holds(flag.rule));
        match (leveled(document, flag), whole) {
            (Some((spot, flag, level)), Some(number)) => {
                quiet_flags.push((spot, flag, level, Cause::Comment(number as u32)));
            }
            (Some(flag), None) => flags.push(flag),
            (None, _) => {}
        }
    }
    let mut used = folded.used.clone();
    for (document, flag, cause) in std::mem::take(&mut quiet.flags) {
        // Of use is also what keeps quiet what was there before.
        let spot = Spot { document, start: flag.range.start };
        used.extend(level(flag.rule, spot).filter(|_| options.since.is_some()).map(|_| cause));
        quiet_flags.extend(leveled(document, flag).map(|(spot, flag, level)| (spot, flag, level, cause)));
    }
    used.extend(quiet_flags.iter().map(|(.., cause)| *cause));
    used.extend(quiet_remembered.iter().map(|(_, cause)| *cause));
    let asked =
        unused::Asked { variants: &variants, catalogue: &catalogue, has_near, sees_all: !taken.is_on() };
    let mut misused = asked.comments(&quiet, &used);
    misused.retain(|(spot, ..)| in_added(*spot) && !taken.is_known(spot.document));

    let mut wanted = Places::default();
    for (repeat, ..) in repeats.iter().chain(allowed.iter().map(|(repeat, _)| repeat)) {
        told::removal(repeat).into_iter().for_each(|(document, mending)| wanted.mend(document, mending));
        for &spot in repeat.related.iter().chain([&repeat.again]) {
            if repeat.telling.is_near() { wanted.near(spot) } else { wanted.spot(spot) }
        }
    }
    let all_remembered = || remembered.iter().chain(quiet_remembered.iter().map(|(told, _)| told));
    all_remembered().for_each(|(.., told)| wanted.spot(told.spot));
    for (spot, flag) in
        flags.iter().map(|(spot, flag, _)| (spot, flag)).chain(quiet_flags.iter().map(|(s, f, ..)| (s, f)))
    {
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
    misused.iter().for_each(|(spot, misuse, _)| wanted.directive(spot.document, misuse.directive));
    let causes = allowed.iter().map(|(_, cause)| cause).chain(quiet_flags.iter().map(|(.., cause)| cause));
    let causes = causes.chain(quiet_remembered.iter().map(|(_, cause)| cause));
    for comment in causes.filter_map(|&cause| quiet.comment(cause)) {
        wanted.directive(comment.document, comment.directive);
    }
    if let (Some(groups), true) = (&groups, options.collect.is_some()) {
        groups.firsts().for_each(|spot| wanted.spot(spot));
    }
    let again = places::Again { catalogue: &catalogue, variants: &variants, standing: &standing };
    let (places, errors) = wanted.read(&found.inputs, &passed.readers, &again, threads, progress);
    report.errors.extend(errors);

    let draw = |&(repeat, rule, severity): &(&Repeat, &dyn Rule, Severity)| {
        told::told(repeat, rule, severity, &places, &folded, options.threshold)
    };
    let copied = copied.iter().filter_map(|(passage, severity)| {
        Some(Drawn::fault(passage.spot, passages::told(passage, *severity, &places)?))
    });
    let draw_flag = |spot: Spot, flag: &Flag, severity| {
        let drawn = told::flagged(spot, flag, severity, &places)?;
        let document = told_at(spot.document, flag)?;
        if document == spot.document {
            return Some(drawn);
        }
        Some(Drawn { spot: Spot { document, ..spot }, ..drawn.turned()? })
    };
    let flagged = flags.iter().filter_map(|(spot, flag, severity)| draw_flag(*spot, flag, *severity));
    let misused =
        misused.iter().filter_map(|(spot, misuse, severity)| unused::told(*spot, misuse, *severity, &places));
    let draw_remembered = |(rule, severity, told): &(&dyn Rule, Severity, Remembered<'_>)| {
        let finding = told.finding(*rule, *severity, places.spot(told.spot)?);
        Some(Drawn::fault(told.spot, finding))
    };
    let remembered = remembered.iter().filter_map(draw_remembered);
    let mut drawn: Vec<Drawn> = repeats
        .iter()
        .filter_map(draw)
        .chain(remembered)
        .chain(copied)
        .chain(flagged)
        .chain(misused)
        .collect();
    let order: BTreeMap<&str, usize> = RULES.iter().map(|rule| rule.name()).zip(0..).collect();
    // At one place a document as a whole comes before its paragraphs.
    let place = |drawn: &Drawn| {
        let (spot, at) = (drawn.spot, drawn.finding.primary.location.start.byte);
        (spot.document, at, spot.start.wrapping_add(1), order.get(drawn.finding.rule).copied())
    };
    drawn.sort_by_key(place);

    let mut kept_quiet: Vec<(Drawn, Cause)> =
        allowed.iter().filter_map(|(repeat, cause)| Some((draw(repeat)?, *cause))).collect();
    kept_quiet.extend(
        quiet_flags
            .iter()
            .filter_map(|(spot, flag, severity, cause)| Some((draw_flag(*spot, flag, *severity)?, *cause))),
    );
    kept_quiet
        .extend(quiet_remembered.iter().filter_map(|(told, cause)| Some((draw_remembered(told)?, *cause))));
    if !allowances.is_empty() {
        let (told, allowed): (Vec<_>, Vec<_>) = drawn
            .into_iter()
            .map(|drawn| (allowances.of_drawn(&drawn), drawn))
            .partition(|(number, _)| number.is_none());
        drawn = told.into_iter().map(|(_, drawn)| drawn).collect();
        let allowed =
            allowed.into_iter().filter_map(|(number, drawn)| Some((drawn, Cause::Allowance(number?))));
        kept_quiet.extend(allowed);
        used.extend(kept_quiet.iter().map(|(_, cause)| *cause));
    }
    if let (Some(empty), Some(groups)) = (&options.collect, &groups) {
        let path = |spot| paths(&catalogue, spot);
        report.collected = Some(groups.collect(Baseline::clone(empty), &path, &places, &drawn, &scope));
    }
    if let Some(ledger) = &mut ledger {
        let before = drawn.len();
        ledger::settle(ledger, &mut drawn, &scope);
        report.summary.baselined += (before - drawn.len()) as u64;
        report.stale = if taken.is_on() { 0 } else { ledger.stale(|kind, near| asked.can_tell(kind, near)) };
    }
    if let Some(added) = &options.since {
        let holds = |location: &Location| added.adds(&location.path, location.start.byte, location.end.byte);
        drawn = drawn.into_iter().filter_map(|drawn| ledger::of_added(drawn, &holds)).collect();
        kept_quiet.retain(|(drawn, _)| holds(&drawn.finding.primary.location));
        drawn.sort_by_key(place);
    }
    kept_quiet.sort_by_key(|(drawn, _)| place(drawn));
    report.suppressed = kept_quiet
        .into_iter()
        .map(|(drawn, cause)| quiet.suppressed(drawn.finding, cause, options, &places))
        .collect();
    report.summary.suppressed = report.suppressed.len() as u64;
    if options.keep_records {
        let mut found: BTreeSet<DocumentId> = drawn.iter().map(|drawn| drawn.spot.document).collect();
        // Half an item is not clean.
        found.append(&mut passed.cut_off);
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
    report.findings = drawn.into_iter().map(|drawn| drawn.finding).collect();
    taken.agree(&folded);
    report.items = taken.into_items();
    let unused = asked.allowances(&options.allow, &used, &found.inputs).into_iter();
    report.findings.extend(unused.filter(|finding| {
        let Location { path, start, end, .. } = &finding.primary.location;
        options.since.as_ref().is_none_or(|since| since.adds(path, start.byte, end.byte))
    }));
    report.findings.iter().for_each(|finding| report.summary.count(finding.severity));
    report.summary.unreadable = report.errors.len() as u64 - passed.left_out;
    report
}

/// Runs `work`, and what it shares out, on `threads` threads.
fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}
