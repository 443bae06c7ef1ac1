//! What the user keeps quiet, as far as one document shows it: comments in it, and allowances that match its
//! passages.

use std::collections::BTreeMap;

use super::places::Read;
use super::told::Drawn;
use super::{CheckOptions, Suppressed};
use crate::document::{Document, DocumentId, TextRange};
use crate::duplicates::exact::Spot;
use crate::fingerprint::Digest;
use crate::lint::allow::{Allowance, Allowed};
use crate::lint::standing::{Cause, Standing};
use crate::lint::suppress::{Comments, Leave, Misuse, RuleSet};
use crate::lint::{Finding, FindingKey, Flag};

/// The allowances of a run, ready to be asked.
pub(super) struct Allowances<'o> {
    all: &'o [Allowance],
    leaves: Vec<Leave>,
    keys: BTreeMap<FindingKey, Vec<u32>>,
    patterns: Vec<u32>,
}

impl<'o> Allowances<'o> {
    pub fn new(options: &'o CheckOptions) -> Self {
        let all = &options.allow;
        let mut keys: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        let mut patterns = Vec::new();
        for (number, allowance) in (0..).zip(all) {
            match &allowance.what {
                Allowed::Fingerprint(key) => keys.entry(*key).or_default().push(number),
                Allowed::Pattern(_) => patterns.push(number),
            }
        }
        let leaves = all.iter().map(|allowance| Leave::of(RuleSet::of(&allowance.rules))).collect();
        Self { all, leaves, keys, patterns }
    }

    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether the words of passages have to be looked at.
    pub const fn has_patterns(&self) -> bool {
        !self.patterns.is_empty()
    }

    pub fn one(&self, number: u32) -> &'o Allowance {
        &self.all[number as usize]
    }

    /// The allowances for a passage with this digest, and this normal form where there are patterns.
    fn of_passage(&self, path: &str, digest: &Digest, form: Option<&str>) -> impl Iterator<Item = u32> {
        let named = self.keys.get(&FindingKey::from(*digest)).map_or(&[][..], Vec::as_slice);
        let matches = |number: &&u32| match (&self.one(**number).what, form) {
            (Allowed::Pattern(pattern), Some(form)) => pattern.matches(form),
            _ => false,
        };
        let found = named.iter().chain(self.patterns.iter().filter(matches)).copied();
        found.filter(|&number| self.one(number).covers_path(path)).collect::<Vec<_>>().into_iter()
    }

    /// The first allowance for a finding by its fingerprint.
    pub fn of_drawn(&self, drawn: &Drawn) -> Option<u32> {
        let finding = &drawn.finding;
        let path = &finding.primary.location.path;
        let named = |key| self.of_finding(path, finding.rule, key);
        named(finding.fingerprint).or_else(|| drawn.other.and_then(named))
    }

    /// The first allowance for the finding of `rule` in the file at `path` with this fingerprint.
    pub fn of_finding(&self, path: &str, rule: &str, key: FindingKey) -> Option<u32> {
        let covers = |&&number: &&u32| {
            let allowance = self.one(number);
            allowance.covers_rule(rule) && allowance.covers_path(path)
        };
        self.keys.get(&key)?.iter().find(covers).copied()
    }
}

/// A comment of a document.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub document: DocumentId,
    /// The number of its directive there.
    pub directive: usize,
    /// Where it begins in the text.
    pub start: u32,
    pub rules: RuleSet,
    /// Whether it holds for the document as a whole.
    pub is_whole: bool,
    pub reason: Option<String>,
}

/// What the documents of a run keep quiet. Document ids are numbers within a batch, until batches are put
/// together.
#[derive(Debug, Default)]
pub(super) struct Quiet {
    pub comments: Vec<Comment>,
    pub misuses: Vec<(DocumentId, Misuse)>,
    /// Flags that are not told.
    pub flags: Vec<(DocumentId, Flag, Cause)>,
    pub standing: Standing,
    /// Allowances of passages of the document that is being read.
    passages: Vec<(TextRange, u32)>,
}

impl Quiet {
    /// Takes note of what the comments of `document` say; `counted` are the starts of its blocks that count.
    pub fn document(
        &mut self,
        id: DocumentId,
        comments: &Comments,
        counted: impl Iterator<Item = u32> + Clone,
    ) {
        self.misuses.extend(comments.misuses.iter().map(|misuse| (id, misuse.clone())));
        for suppression in &comments.suppressions {
            let cause = Cause::Comment(self.comments.len() as u32);
            self.comments.push(Comment {
                document: id,
                directive: suppression.directive,
                start: suppression.start,
                rules: suppression.rules,
                is_whole: suppression.extent.is_none(),
                reason: suppression.reason.clone(),
            });
            let leave = Leave::of(suppression.rules);
            if leave == Leave::default() {
                continue;
            }
            let spots = match suppression.extent {
                None => vec![Spot::WHOLE],
                Some(_) => counted.clone().filter(|&start| suppression.covers(start)).collect(),
            };
            for start in spots {
                self.standing.left.entry(Spot { document: id, start }).or_default().push((leave, cause));
            }
        }
        let canonical = comments.canonical.iter().map(|&start| Spot { document: id, start });
        self.standing.canonical.extend(canonical);
        if comments.is_canonical {
            self.standing.canonical_documents.insert(id);
        }
    }

    /// Takes note of the allowances of a passage, and returns what it leaves for them.
    pub fn passage(
        &mut self,
        id: DocumentId,
        range: TextRange,
        allowances: &Allowances<'_>,
        path: &str,
        digest: &Digest,
        form: Option<&str>,
    ) -> Leave {
        let mut all = Leave::default();
        for number in allowances.of_passage(path, digest, form) {
            let leave = allowances.leaves[number as usize];
            self.passages.push((range, number));
            if leave != Leave::default() {
                let spot = Spot { document: id, start: range.start };
                self.standing.left.entry(spot).or_default().push((leave, Cause::Allowance(number)));
                all = all.and(leave);
            }
        }
        all
    }

    /// Returns the flags of one document that are told, and keeps the others: those that a comment or an
    /// allowance covers, and those in `before`, found without regard to comments, that `after` does not hold.
    pub fn sort_flags(
        &mut self,
        id: DocumentId,
        after: &mut Vec<Flag>,
        before: Vec<Flag>,
        document: &Document,
        comments: Option<&Comments>,
        allowances: &Allowances<'_>,
    ) {
        // Comments were numbered in their order, the last document's last.
        let of_document = comments.map_or(0, |comments| comments.suppressions.len());
        let first = self.comments.len() - of_document;
        let by_comment = |flag: &Flag, start: u32| {
            let covers = |one: &crate::lint::suppress::Suppression| {
                one.rules.holds(flag.rule)
                    && if flag.about.is_some() { one.extent.is_none() } else { one.covers(start) }
            };
            let number = comments?.suppressions.iter().position(covers)?;
            Some(Cause::Comment((first + number) as u32))
        };
        let path = &document.origin.path;
        let by_allowance = |quiet: &Self, flag: &Flag| {
            let named = allowances.of_finding(path, flag.rule, FindingKey::from(flag.key));
            let inside = |(range, number): &&(TextRange, u32)| {
                flag.about.is_none()
                    && (range.start..range.end).contains(&flag.range.start)
                    && allowances.one(*number).covers_rule(flag.rule)
            };
            let matched = || quiet.passages.iter().find(inside).map(|&(_, number)| number);
            named.or_else(matched).map(Cause::Allowance)
        };
        let same = |a: &Flag, b: &Flag| a.rule == b.rule && a.range == b.range && a.key == b.key;
        let gone = before.into_iter().filter(|flag| !after.iter().any(|other| same(flag, other)));
        for flag in gone.collect::<Vec<_>>() {
            let related = flag.related.map_or(flag.range.start, |(range, _)| range.start);
            let cause = by_comment(&flag, flag.range.start).or_else(|| by_comment(&flag, related));
            self.flags.extend(cause.map(|cause| (id, flag, cause)));
        }
        let mut told = Vec::with_capacity(after.len());
        for flag in after.drain(..) {
            match by_comment(&flag, flag.range.start).or_else(|| by_allowance(self, &flag)) {
                Some(cause) => self.flags.push((id, flag, cause)),
                None => told.push(flag),
            }
        }
        self.passages.clear();
        *after = told;
    }

    /// The comment that `cause` is.
    pub fn comment(&self, cause: Cause) -> Option<&Comment> {
        match cause {
            Cause::Comment(number) => self.comments.get(number as usize),
            Cause::Allowance(_) => None,
        }
    }

    /// The numbers of the comments that hold for `document` as a whole.
    pub fn whole(&self, document: DocumentId) -> impl Iterator<Item = usize> {
        let first = self.comments.partition_point(|one| one.document < document);
        let own = (first..).zip(&self.comments[first..]).take_while(move |(_, one)| one.document == document);
        own.filter(|(_, one)| one.is_whole).map(|(number, _)| number)
    }

    /// The finding that `cause` keeps quiet, with what the user said of it.
    pub fn suppressed(
        &self,
        finding: Finding,
        cause: Cause,
        options: &CheckOptions,
        places: &Read,
    ) -> Suppressed {
        let (mut reason, mut comment, mut setting) = (None, None, None);
        if let Some(one) = self.comment(cause) {
            reason.clone_from(&one.reason);
            comment = places.directive(one.document, one.directive).map(|seen| seen.place.location.clone());
        }
        if let Cause::Allowance(number) = cause {
            let allowance = options.allow.get(number as usize);
            reason = allowance.map(|allowance| allowance.reason.clone());
            setting = allowance.map(|allowance| allowance.place.clone());
        }
        Suppressed { finding, reason, comment, setting }
    }

    /// Adds what `batch` holds, which is empty then; its documents are numbered from `first` on.
    pub fn append(&mut self, batch: &mut Self, first: DocumentId) {
        let Self { comments, misuses, flags, standing, passages } = std::mem::take(batch);
        batch.passages = passages;
        let numbered = self.comments.len() as u32;
        let document = |id: DocumentId| DocumentId(first.0 + id.0);
        let spot = |spot: Spot| Spot { document: document(spot.document), ..spot };
        let cause = |cause: Cause| match cause {
            Cause::Comment(number) => Cause::Comment(numbered + number),
            Cause::Allowance(number) => Cause::Allowance(number),
        };
        self.comments
            .extend(comments.into_iter().map(|one| Comment { document: document(one.document), ..one }));
        self.misuses.extend(misuses.into_iter().map(|(id, misuse)| (document(id), misuse)));
        self.flags.extend(flags.into_iter().map(|(id, flag, why)| (document(id), flag, cause(why))));
        let left = standing
            .left
            .into_iter()
            .map(|(at, why)| (spot(at), why.into_iter().map(|(leave, why)| (leave, cause(why))).collect()));
        self.standing.left.extend(left);
        self.standing.canonical.extend(standing.canonical.into_iter().map(spot));
        self.standing.canonical_documents.extend(standing.canonical_documents.into_iter().map(document));
        if let Some(added) = standing.added {
            let ours = self.standing.added.get_or_insert_default();
            ours.whole.extend(added.whole.into_iter().map(document));
            ours.touched.extend(added.touched.into_iter().map(document));
            ours.spots.extend(added.spots.into_iter().map(spot));
        }
    }
}
