//! Comments and allowances that allow nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::places::Read;
use super::quiet::Quiet;
use super::told::Drawn;
use super::variants::Variants;
use crate::document::Location;
use crate::duplicates::exact::{Catalogue, Spot};
use crate::lint::allow::{Allowance, Allowed};
use crate::lint::standing::Cause;
use crate::lint::suppress::{Misuse, RuleSet};
use crate::lint::{Finding, FindingKey, Flag, Place, RULES, Severity, Telling, baseline};
use crate::read::input::Input;

/// The rule that tells them.
const RULE: &str = "unused-suppression";

const HELP: &str = "take it out, or write where the repeat or fault is that it should allow";

/// What the run has asked of its inputs: of what it has not looked for, nothing can be said.
pub(super) struct Asked<'a> {
    pub variants: &'a Variants,
    pub catalogue: &'a Catalogue,
    /// Whether near repeats were looked for.
    pub has_near: bool,
    /// Whether all that is compared was read by this run: with an index what is known was compared before.
    pub sees_all: bool,
}

impl Asked<'_> {
    /// The comments that allow nothing, and those that are wrong, each with its level.
    pub fn comments(&self, quiet: &Quiet, used: &BTreeSet<Cause>) -> Vec<(Spot, Misuse, Severity)> {
        let unused = (0..).zip(&quiet.comments).filter(|&(number, comment)| {
            let input = self.catalogue.entry(comment.document).input;
            let on = |name: &str| self.variants.of(input).selection.is_on(name);
            self.sees_all
                && !used.contains(&Cause::Comment(number))
                && comment.rules != RuleSet::NONE
                && self.can_say(comment.rules == RuleSet::ALL, |name| comment.rules.holds(name), on)
        });
        let unused = unused.map(|(_, comment)| {
            let message = match comment.is_whole {
                true => "this comment allows nothing in the file",
                false => "this comment allows nothing",
            };
            let (directive, start) = (comment.directive, comment.start);
            let misuse = Misuse { directive, start, message: message.to_owned(), help: HELP };
            (comment.document, misuse)
        });
        let mut seen = BTreeSet::new();
        let all = unused.chain(quiet.misuses.iter().cloned());
        let told = all.filter_map(|(document, misuse)| {
            let spot = Spot { document, start: misuse.start };
            let level = self.variants.of(self.catalogue.entry(document).input).selection.level(RULE)?;
            // A comment that an `-enable` has cut in two is one.
            seen.insert((document, misuse.directive, misuse.message.clone())).then_some((spot, misuse, level))
        });
        told.collect()
    }

    /// Whether the run has looked for what rules so named could tell. A comment for `all` is of no use where
    /// the rules are off that it was written for.
    fn can_say(&self, all: bool, named: impl Fn(&str) -> bool, on: impl Fn(&str) -> bool) -> bool {
        RULES.iter().filter(|rule| named(rule.name())).all(|rule| {
            let is_on = on(rule.name());
            // Words that have left are not looked at, so whether they stand elsewhere is not known.
            let runs = rule.tells() == Some(Telling::CopiedPassage);
            let missed = runs || rule.tells().is_some_and(Telling::is_near) && !self.has_near;
            if is_on { !missed } else { all }
        })
    }

    /// Whether the run has looked for all that an entry of a baseline counts.
    pub fn can_tell(&self, kind: &str, near: bool) -> bool {
        if kind == baseline::PARAGRAPH || kind == baseline::DOCUMENT {
            return !near || self.has_near;
        }
        let runs = kind == super::passages::RULE;
        self.variants.any_rule(|rule| rule.name() == kind) && (self.has_near || !runs)
    }

    /// The allowances that allow nothing, of those that speak of a file that was checked.
    pub fn allowances(&self, all: &[Allowance], used: &BTreeSet<Cause>, inputs: &[Input]) -> Vec<Finding> {
        let on = |name: &str| self.variants.any_rule(|rule| rule.name() == name);
        let Some(severity) = self.variants.run().selection.level(RULE) else { return Vec::new() };
        let unused = (0..).zip(all).filter(|(number, allowance)| {
            self.sees_all
                && allowance.tell_unused
                && !used.contains(&Cause::Allowance(*number))
                && self.can_say(allowance.rules.is_empty(), |name| allowance.covers_rule(name), on)
                && inputs.iter().any(|input| allowance.covers_path(&input.path))
        });
        unused.map(|(_, allowance)| of_setting(allowance, severity)).collect()
    }
}

/// What is said of a comment that is wrong.
pub(super) fn told(spot: Spot, misuse: &Misuse, severity: Severity, places: &Read) -> Option<Drawn> {
    let seen = places.directive(spot.document, misuse.directive)?;
    let key = format!("{} {}", misuse.message, seen.place.text);
    let key = Flag::new(RULE, Default::default(), String::new(), "", &key).key;
    let finding =
        finding(misuse.message.clone(), seen.place.clone(), misuse.help, FindingKey::from(key), severity);
    Some(Drawn::fault(spot, finding))
}

fn finding(
    message: String,
    primary: Place,
    help: &'static str,
    fingerprint: FindingKey,
    severity: Severity,
) -> Finding {
    Finding {
        rule: RULE,
        severity,
        message,
        primary,
        related: Vec::new(),
        likeness: None,
        group_size: 1,
        fingerprint,
        help,
        suggestion: None,
    }
}

/// What is said of an allowance of the settings.
fn of_setting(allowance: &Allowance, severity: Severity) -> Finding {
    let what = match &allowance.what {
        Allowed::Fingerprint(key) => format!("fingerprint = \"{key}\""),
        Allowed::Pattern(pattern) => format!("pattern = \"{}\"", pattern.written()),
    };
    let place = &allowance.place;
    let primary = Place {
        location: Location {
            path: Arc::clone(&place.file),
            record: None,
            field: None,
            document: place.file.to_string(),
            paragraph: None,
            start: place.start,
            end: place.end,
        },
        text: what.clone(),
        title: None,
        published: None,
        remembered: None,
    };
    let key = Flag::new(RULE, Default::default(), String::new(), "", &what).key;
    let message = "this allowance allows nothing in what was checked".to_owned();
    finding(message, primary, HELP, FindingKey::from(key), severity)
}
