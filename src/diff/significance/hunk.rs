//! Judging one hunk: what its two sides say and do not say alike.

use std::collections::BTreeMap;

use icu_properties::CodePointSetData;
use icu_properties::props::ExtendedPictographic;

use super::address::same_page;
use super::facts::Facts;
use super::kinds::{self, Sense};
use super::lexicon::{Fact, Share};
use super::synonyms::are_same;
use super::{SENTENCE, STATEMENT};
use super::{lexicon, nouns, numbers};
use crate::diff::revision::Reason;
use crate::diff::stopwords;
use crate::diff::words::atoms::{Atom, AtomKind};
use crate::diff::words::{Hunk, typo_marks};
use crate::document::{Document, TextRange};
use crate::fingerprint::{Normalizer, Profile};

/// A name whose spelling was mended differs in so many letters next to each other, and no more; twice as many are
/// as they were.
const RESPELT: usize = 2;

/// The letters and digits of `text`, folded, without anything between.
pub(super) fn letters(text: &str) -> String {
    let mut form = String::new();
    Normalizer::new(Profile::Loose).normalize(text, &mut form);
    form.retain(|c| c != ' ');
    form
}

/// What pictures show, which has no letters: emoji with their skin tones, flags.
fn pictures(text: &str) -> impl Iterator<Item = char> + '_ {
    let pictographic = CodePointSetData::new::<ExtendedPictographic>();
    text.chars().filter(move |&c| {
        pictographic.contains(c) || matches!(c, '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}')
    })
}

/// Both sides of a changed passage.
pub(super) struct Sides<'a> {
    pub old: Facts<'a>,
    pub new: Facts<'a>,
}

impl Sides<'_> {
    /// Whether the hunk changes no word.
    pub fn is_cosmetic(&self, hunk: &Hunk) -> bool {
        let text = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> String {
            facts.atoms[range.clone()].iter().map(|atom| &facts.text[atom.whole().as_usize()]).collect()
        };
        let numbers = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Vec<Box<str>> {
            let figures = facts.of[range.clone()].iter().flatten().filter(|fact| is_figure(fact.reason));
            let mut values: Vec<Box<str>> = figures.map(|fact| fact.value.clone()).collect();
            values.sort_unstable();
            values
        };
        let links = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Option<Vec<Fact>> {
            let words = range.clone().filter(|&at| facts.atoms[at].is_word());
            words.map(|at| facts.of[at].first().filter(|fact| fact.reason == Reason::Link).cloned()).collect()
        };
        let (a, b) = (links(&self.old, &hunk.old), links(&self.new, &hunk.new));
        if a.as_ref().is_some_and(|links| !links.is_empty()) && a == b {
            return true;
        }
        let (old, new) = (text(&self.old, &hunk.old), text(&self.new, &hunk.new));
        letters(&old) == letters(&new)
            && pictures(&old).eq(pictures(&new))
            && numbers(&self.old, &hunk.old) == numbers(&self.new, &hunk.new)
    }

    /// Whether all that changed is where a link of the markup leads.
    pub fn is_link_target(&self, hunk: &Hunk, old: &Document, new: &Document) -> bool {
        let side = |document: &Document, atoms: &[Atom]| {
            atoms.iter().filter(|atom| atom.is_word()).all(|&atom| target(document, atom).is_some())
        };
        side(old, &self.old.atoms[hunk.old.clone()]) && side(new, &self.new.atoms[hunk.new.clone()])
    }

    /// Whether all that changed is how the address of one link is written, and it still leads to the same page.
    pub fn is_same_page(&self, hunk: &Hunk, old: &Document, new: &Document) -> bool {
        // The target that all of a side's words are in; of a side without words, the one before.
        let side = |document: &Document, facts: &Facts<'_>, range: &std::ops::Range<usize>| {
            let words = range.clone().filter(|&at| facts.atoms[at].is_word());
            let start = if words.clone().next().is_some() { None } else { range.start.checked_sub(1) };
            let mut targets = words.chain(start).map(|at| target(document, facts.atoms[at]));
            let first = targets.next()??;
            targets.all(|other| other == Some(first)).then(|| document.text[first.as_usize()].to_owned())
        };
        let (old, new) = (side(old, &self.old, &hunk.old), side(new, &self.new, &hunk.new));
        old.zip(new).is_some_and(|(old, new)| same_page(&old, &new))
    }

    /// Judges one hunk: what changed for certain goes to `reasons`, what only came or went to the pools.
    pub fn judge(
        &self,
        hunk: &Hunk,
        reasons: &mut Vec<Reason>,
        gone: &mut Vec<Fact>,
        came: &mut Vec<Fact>,
        shortened: &mut (bool, bool),
    ) {
        if self.is_conversion(hunk) {
            return;
        }
        let quoted = self.old.quoted[hunk.old.clone()].contains(&true)
            || self.new.quoted[hunk.new.clone()].contains(&true);
        if quoted {
            reasons.push(Reason::Quotation);
        }
        let collect = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Vec<Fact> {
            facts.of[range.clone()].iter().flatten().cloned().collect()
        };
        let (mut old, mut new) = (collect(&self.old, &hunk.old), collect(&self.new, &hunk.new));
        join_scales(&mut old);
        join_scales(&mut new);
        if !quoted && !old.iter().chain(&new).any(|fact| is_figure(fact.reason)) && self.is_same_phrase(hunk)
        {
            return;
        }
        cancel(&mut old, &mut new);
        self.forgive_names(hunk, &mut old, &mut new, shortened);
        for reason in Reason::ALL {
            let has = |facts: &[Fact]| facts.iter().any(|fact| fact.reason == reason);
            if has(&old) && has(&new) {
                reasons.push(reason);
                old.retain(|fact| fact.reason != reason);
                new.retain(|fact| fact.reason != reason);
            }
        }
        gone.append(&mut old);
        came.append(&mut new);
        if self.turns_round(hunk) {
            reasons.push(Reason::Negation);
        }
        if self.changes_source(hunk) {
            reasons.push(Reason::Attribution);
        }
        if self.changes_unit(hunk) || self.changes_hedge(hunk) {
            reasons.push(Reason::Number);
        }
        if self.changes_share(hunk) {
            reasons.push(Reason::Percent);
        }
    }

    /// Drops names that are still the same name: shortened, lengthened, spelt out, or a pronoun.
    fn forgive_names(
        &self,
        hunk: &Hunk,
        old: &mut Vec<Fact>,
        new: &mut Vec<Fact>,
        shortened: &mut (bool, bool),
    ) {
        let is_name = |fact: &Fact| fact.reason == Reason::Name;
        let names = |facts: &[Fact]| -> Vec<String> {
            facts.iter().filter(|fact| is_name(fact)).map(|fact| fact.value.to_string()).collect()
        };
        let (old_names, new_names) = (names(old), names(new));
        let pronoun = |facts: &Facts<'_>, range: &std::ops::Range<usize>| {
            let mut words = range.clone().filter(|&at| facts.atoms[at].is_word()).peekable();
            words.peek().is_some() && words.all(|at| lexicon::is_pronoun(&facts.plain(at)))
        };
        let spelt = |short: &[String], long: &[String]| {
            let initials: String = long.iter().filter_map(|word| word.chars().next()).collect();
            short.len() == 1 && long.len() > 1 && short[0].replace('.', "") == initials
        };
        let beside = |facts: &Facts<'_>, range: &std::ops::Range<usize>| {
            let name = |at: usize| facts.of.get(at).is_some_and(|facts| facts.iter().any(is_name));
            let joins = |at: usize| facts.atoms[at].kind != AtomKind::Mark;
            !range.is_empty()
                && range.clone().all(joins)
                && (range.start > 0 && name(range.start - 1) && name(range.start)
                    || name(range.end) && name(range.end - 1))
        };
        let same = match (old_names.is_empty(), new_names.is_empty()) {
            (false, false) => spelt(&old_names, &new_names) || spelt(&new_names, &old_names),
            (false, true) => {
                pronoun(&self.new, &hunk.new) || hunk.new.is_empty() && beside(&self.old, &hunk.old)
            }
            (true, false) => {
                pronoun(&self.old, &hunk.old) || hunk.old.is_empty() && beside(&self.new, &hunk.new)
            }
            (true, true) => false,
        };
        if same {
            shortened.0 |= hunk.new.is_empty();
            shortened.1 |= hunk.old.is_empty();
            old.retain(|fact| !is_name(fact));
            new.retain(|fact| !is_name(fact));
        }
    }

    /// Whether a word gave way to its opposite.
    fn turns_round(&self, hunk: &Hunk) -> bool {
        let poles = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Vec<Sense> {
            range.clone().flat_map(|at| kinds::opposites(&facts.plain(at))).copied().collect()
        };
        let (old, new) = (poles(&self.old, &hunk.old), poles(&self.new, &hunk.new));
        let text = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> String {
            range.clone().map(|at| facts.core(at)).collect()
        };
        lexicon::stance(&text(&self.old, &hunk.old)) != lexicon::stance(&text(&self.new, &hunk.new))
            || kinds::differ(&old, &new)
            || self.limits_all(hunk)
    }

    /// Whether "all" became "nearly all", or the other way.
    fn limits_all(&self, hunk: &Hunk) -> bool {
        let all = |facts: &Facts<'_>, at: usize| at < facts.atoms.len() && nouns::is_all(&facts.plain(at));
        let limits = |facts: &Facts<'_>, range: &std::ops::Range<usize>| {
            range.len() == 1
                && lexicon::hedge(&facts.plain(range.start)).is_some_and(|hedge| hedge == "nearly")
        };
        all(&self.old, hunk.old.end)
            && all(&self.new, hunk.new.end)
            && (hunk.old.is_empty() && limits(&self.new, &hunk.new)
                || hunk.new.is_empty() && limits(&self.old, &hunk.old))
    }

    /// Whether a word gave way to another of its kind: grain to weapons, a student to a soldier.
    pub fn names_another_thing(&self, hunk: &Hunk) -> bool {
        let named = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Vec<Sense> {
            range.clone().flat_map(|at| kinds::senses(&facts.plain(at))).copied().collect()
        };
        kinds::differ(&named(&self.old, &hunk.old), &named(&self.new, &hunk.new))
    }

    /// Whether a noun gave way to another that is no other word for it: funded by the state, by donations. A noun
    /// is known by its place: behind an article or a preposition, before what is none of its phrase.
    pub fn names_another_noun(&self, hunk: &Hunk) -> bool {
        let noun = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Option<String> {
            let word = |at: usize| facts.atoms[at].kind == AtomKind::Word;
            let last = range.end.checked_sub(1).filter(|&at| at >= range.start && word(at))?;
            let behind = range.end;
            let stops = behind >= facts.atoms.len() || facts.atoms[behind].kind == AtomKind::Mark;
            let mut before = (0..last).rev().take(3).take_while(|&at| word(at)).map(|at| facts.plain(at));
            let mut between = 0;
            let opens = before.by_ref().find(|word| {
                between += 1;
                stopwords::contains(word) || lexicon::attribution(word).is_some()
            });
            // Behind another word it may be a verb, unless what follows only stands behind nouns.
            let ends = stops
                || if between == 1 {
                    stopwords::contains(&facts.plain(behind))
                } else {
                    nouns::follows_noun(&facts.plain(behind))
                };
            let plain = facts.plain(last);
            let lower = facts.core(last).bytes().all(|byte| byte.is_ascii_lowercase());
            let is_noun =
                lower && plain.len() > 2 && !stopwords::contains(&plain) && !lexicon::is_no_noun(&plain);
            let short = range.len() <= 3 && range.clone().all(word);
            (ends && is_noun && short && opens.is_some_and(|word| nouns::opens_noun(&word))).then_some(plain)
        };
        let (Some(old), Some(new)) = (noun(&self.old, &hunk.old), noun(&self.new, &hunk.new)) else {
            return false;
        };
        let alike = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
        alike < 4
            && !are_same(&old, &new)
            && !self.new.says(&old)
            && !self.old.says(&new)
            && typo_marks(&old, &new).is_none()
    }

    /// Whether two passages changed places around what stayed, other than in a list: "police threw stones at
    /// protesters", "protesters threw stones at police".
    pub fn changes_parts(&self, hunks: &[Hunk]) -> bool {
        let said = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Vec<String> {
            let words = range.clone().filter(|&at| facts.atoms[at].kind == AtomKind::Word);
            words.map(|at| facts.plain(at)).filter(|word| !matches!(&**word, "the" | "a" | "an")).collect()
        };
        // A phrase with its preposition may stand anywhere: "on Monday".
        let bare = |words: &[String]| {
            (1..=4).contains(&words.len()) && !words.iter().any(|word| stopwords::contains(word))
        };
        hunks.windows(2).any(|pair| {
            let [first, second] = pair else { return false };
            let (gone, came) = (said(&self.old, &first.old), said(&self.new, &first.new));
            let joined = (first.old.end..second.old.start).any(|at| {
                self.old.atoms[at].kind == AtomKind::Word && !nouns::joins_a_list(&self.old.plain(at))
            });
            bare(&gone)
                && bare(&came)
                && gone != came
                && joined
                && gone == said(&self.new, &second.new)
                && came == said(&self.old, &second.old)
        })
    }

    /// Whether a claim lost the one who claims it, or gained one: "the reactor was safe, officials said".
    pub fn drops_source(&self, hunks: &[Hunk]) -> bool {
        let claims = |facts: &Facts<'_>, range: &std::ops::Range<usize>| {
            range.clone().any(|at| lexicon::is_claiming(&facts.plain(at)))
        };
        // Nothing said by other words in its place.
        let says_nothing = |facts: &Facts<'_>, range: &std::ops::Range<usize>| {
            let mut words = range.clone().filter(|&at| facts.atoms[at].is_word());
            words.all(|at| stopwords::contains(&facts.plain(at)))
        };
        let unclaimed = |facts: &Facts<'_>| {
            (0..facts.atoms.len())
                .map(|at| facts.plain(at))
                .all(|word| lexicon::attribution(&word).is_none() && !lexicon::is_claiming(&word))
        };
        let dropped = |hunk: &Hunk| claims(&self.old, &hunk.old) && says_nothing(&self.new, &hunk.new);
        let added = |hunk: &Hunk| claims(&self.new, &hunk.new) && says_nothing(&self.old, &hunk.old);
        hunks.iter().any(dropped) && unclaimed(&self.new) || hunks.iter().any(added) && unclaimed(&self.old)
    }

    /// Whether somebody else says so: "police said" → "officials said".
    fn changes_source(&self, hunk: &Hunk) -> bool {
        let nouns = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Option<usize> {
            let mut count = 0;
            for at in range.clone().filter(|&at| facts.atoms[at].is_word()) {
                let plain = facts.plain(at);
                if lexicon::is_pronoun(&plain) || lexicon::attribution(&plain).is_some() {
                    return None;
                }
                count += usize::from(!stopwords::contains(&plain) && facts.atoms[at].kind == AtomKind::Word);
            }
            (1..=4).contains(&count).then_some(count)
        };
        let known = |facts: &Facts<'_>, range: &std::ops::Range<usize>, other: &Facts<'_>| {
            range
                .clone()
                .filter(|&at| facts.atoms[at].kind == AtomKind::Word)
                .all(|at| other.says(&facts.plain(at)))
        };
        if known(&self.old, &hunk.old, &self.new) && known(&self.new, &hunk.new, &self.old) {
            return false;
        }
        if nouns(&self.old, &hunk.old).is_none() || nouns(&self.new, &hunk.new).is_none() {
            return false;
        }
        if self.respells(hunk) {
            return false;
        }
        let says = |at: Option<usize>| {
            at.filter(|&at| at < self.old.atoms.len())
                .is_some_and(|at| lexicon::attribution(&self.old.plain(at)) == Some("said"))
        };
        let before = hunk.old.start.checked_sub(1);
        let to = before.filter(|&at| matches!(&*self.old.plain(at), "to" | "the"));
        says(Some(hunk.old.end))
            || says(before)
            || to.is_some() && says(before.and_then(|at| at.checked_sub(1)))
    }

    /// Whether a name only got another spelling: "Brocklesbee" → "Brocklesby". Who is named is still the same.
    fn respells(&self, hunk: &Hunk) -> bool {
        let name = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Option<Vec<char>> {
            let named = range.len() == 1 && facts.atoms[range.start].kind == AtomKind::Word;
            let name =
                named.then(|| facts.core(range.start)).filter(|name| name.starts_with(char::is_uppercase));
            name.map(|name| name.chars().collect())
        };
        let (Some(old), Some(new)) = (name(&self.old, &hunk.old), name(&self.new, &hunk.new)) else {
            return false;
        };
        let shorter = old.len().min(new.len());
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let tail = old.iter().rev().zip(new.iter().rev()).take(shorter - head);
        let alike = head + tail.take_while(|(a, b)| a == b).count();
        head > 0 && old.len().max(new.len()) - alike <= RESPELT && alike >= 2 * RESPELT
    }

    /// Whether what came or went stands alone and says something that the other side nowhere says.
    pub fn is_statement(&self, hunk: &Hunk) -> bool {
        let (side, range, other) = match (hunk.old.is_empty(), hunk.new.is_empty()) {
            (true, false) => (&self.new, &hunk.new, &self.old),
            (false, true) => (&self.old, &hunk.old, &self.new),
            _ => return false,
        };
        let words: Vec<String> =
            range.clone().filter(|&at| side.atoms[at].is_word()).map(|at| side.plain(at)).collect();
        // A short sentence says something, too; a short phrase may not.
        let opens = side.opens_sentence(range.start);
        let ends = range.end.checked_sub(1).is_some_and(|at| matches!(side.core(at), "." | "!" | "?" | "。"));
        let unsaid = words.iter().filter(|word| !stopwords::contains(word) && !other.says(word)).count();
        let least = if opens && ends { SENTENCE } else { STATEMENT };
        words.len() >= least && unsaid >= 2 || words.len() + 1 == least && unsaid >= 3
    }

    /// Whether a figure in another unit was added or taken away in brackets: "(16 km)".
    fn is_conversion(&self, hunk: &Hunk) -> bool {
        let (side, range) = match (hunk.old.is_empty(), hunk.new.is_empty()) {
            (true, false) => (&self.new, &hunk.new),
            (false, true) => (&self.old, &hunk.old),
            _ => return false,
        };
        let mut words = range.clone().filter(|&at| side.atoms[at].is_word());
        let figure = words.next().is_some_and(|at| side.atoms[at].kind == AtomKind::Number);
        let unit = words.next().is_some_and(|at| lexicon::is_unit(&side.plain(at)));
        figure && unit && words.next().is_none() && range.clone().any(|at| side.core(at) == "(")
    }

    /// Whether a number is the same and how exactly it is meant is not.
    fn changes_hedge(&self, hunk: &Hunk) -> bool {
        let figure = |facts: &Facts<'_>, at: usize| {
            facts.of.get(at).is_some_and(|of| of.iter().any(|fact| is_figure(fact.reason)))
                && facts.atoms[at].kind == AtomKind::Number
        };
        let hedges = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Option<Vec<&str>> {
            // The full stop of "ca." says nothing.
            let said = range.clone().filter(|&at| facts.core(at) != ".");
            let values = said.map(|at| lexicon::hedge(&facts.plain(at)));
            values.filter(|value| *value != Some("")).collect()
        };
        let (old, new) = (hedges(&self.old, &hunk.old), hedges(&self.new, &hunk.new));
        figure(&self.old, hunk.old.end)
            && figure(&self.new, hunk.new.end)
            && old.is_some()
            && new.is_some()
            && old != new
    }

    /// Whether percentage points became per cent, or the other way. The sign may be of one atom with its number.
    fn changes_share(&self, hunk: &Hunk) -> bool {
        let of = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> (bool, bool) {
            let words: Vec<String> = range.clone().map(|at| facts.plain(at)).collect();
            let points = |word: &str| {
                matches!(word, "point" | "points") || lexicon::share(word) == Some(Share::Points)
            };
            let share = |word: &str| {
                word == "cent" || word.ends_with(lexicon::SHARE_SIGNS) || lexicon::share(word).is_some()
            };
            (words.iter().any(|word| share(word)), words.iter().any(|word| points(word)))
        };
        let (old, new) = (of(&self.old, &hunk.old), of(&self.new, &hunk.new));
        let says = |(share, points): (bool, bool)| share || points;
        (old.0 || new.0) && says(old) && says(new) && old.1 != new.1
    }

    /// Whether a number is the same and what it measures is not.
    fn changes_unit(&self, hunk: &Hunk) -> bool {
        let measured = |facts: &Facts<'_>, range: &std::ops::Range<usize>| {
            let number = range
                .start
                .checked_sub(1)
                .is_some_and(|at| facts.of[at].iter().any(|fact| is_figure(fact.reason)));
            number && range.len() == 1 && lexicon::is_unit(&facts.plain(range.start))
        };
        measured(&self.old, &hunk.old) && measured(&self.new, &hunk.new)
    }
}

/// The markup around `atom` that says where a link leads.
fn target(document: &Document, atom: Atom) -> Option<TextRange> {
    let at = document.markup.partition_point(|mark| mark.end <= atom.core.start);
    let mark = document.markup.get(at).filter(|mark| mark.contains(atom.core))?;
    document.text[mark.as_usize()].contains(['/', '#']).then_some(*mark)
}

const fn is_figure(reason: Reason) -> bool {
    matches!(reason, Reason::Number | Reason::Money | Reason::Percent | Reason::Date)
}

/// Makes one number of a figure and the word of scale behind it, and of a word of scale alone: "nine thousand",
/// "a hundred".
fn join_scales(facts: &mut Vec<Fact>) {
    let mut joined: Vec<Fact> = Vec::with_capacity(facts.len());
    for fact in facts.drain(..) {
        let scale = numbers::scale(&fact.value).filter(|_| is_figure(fact.reason));
        let before = joined.last_mut().filter(|before| scale.is_some() && is_figure(before.reason));
        let factor = before.as_ref().and_then(|before| before.value.parse::<f64>().ok());
        match (scale, before, factor) {
            (Some(scale), Some(before), Some(factor)) => {
                before.value = format!("{}", factor * scale as f64).into()
            }
            (Some(scale), ..) => joined.push(Fact { value: scale.to_string().into(), ..fact }),
            (None, ..) => joined.push(fact),
        }
    }
    *facts = joined;
}

/// Drops from both lists what stands in both, as often as it does. What a figure is (a year, a number)
/// may be told differently by what stands beside it, so figures of one value cancel.
pub(super) fn cancel(old: &mut Vec<Fact>, new: &mut Vec<Fact>) {
    if old.is_empty() || new.is_empty() {
        return;
    }
    let key = |fact: &Fact| {
        let reason = if is_figure(fact.reason) { Reason::Number } else { fact.reason };
        (reason, fact.value.clone())
    };
    let mut more: BTreeMap<(Reason, Box<str>), usize> = BTreeMap::new();
    for fact in &*new {
        *more.entry(key(fact)).or_default() += 1;
    }
    let mut shared: BTreeMap<(Reason, Box<str>), usize> = BTreeMap::new();
    old.retain(|fact| {
        let Some(left) = more.get_mut(&key(fact)).filter(|left| **left > 0) else { return true };
        *left -= 1;
        *shared.entry(key(fact)).or_default() += 1;
        false
    });
    new.retain(|fact| {
        let Some(left) = shared.get_mut(&key(fact)).filter(|left| **left > 0) else { return true };
        *left -= 1;
        false
    });
}
