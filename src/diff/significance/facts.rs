//! Which facts the atoms of a passage carry.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use super::address::page;
use super::figures;
use super::lexicon::{self, Fact};
use super::numbers;
use super::quotes;
use crate::diff::revision::Reason;
use crate::diff::stopwords;
use crate::diff::words::atoms::{Atom, AtomKind, is_currency};
use crate::diff::words::digits::is_han_figure;

/// A side of more atoms than this is searched through a set of its words.
const LONG: usize = 2_000;
/// How many words tell a side's language.
const GERMAN_HEAD: usize = 100;

/// One side of a changed passage: what each of its atoms carries.
pub(super) struct Facts<'a> {
    pub text: &'a str,
    pub atoms: &'a [Atom],
    /// For each atom, what it carries.
    pub of: Vec<Vec<Fact>>,
    /// For each atom, whether it stands within quotation marks.
    pub quoted: Vec<bool>,
    /// The words that are capitalised where no sentence starts, sorted; made when first asked for.
    known: OnceCell<Vec<String>>,
    /// Every word of a long side, folded; made when first asked for.
    said: OnceCell<HashSet<String>>,
    /// Whether the side is German, where a capital makes no name; made when first asked for.
    german: OnceCell<bool>,
}

impl<'a> Facts<'a> {
    /// Returns the facts of the atoms in `wanted` and of their neighbours.
    pub fn new(text: &'a str, atoms: &'a [Atom], wanted: impl Iterator<Item = Range<usize>>) -> Self {
        let mut facts = Self {
            text,
            atoms,
            of: vec![Vec::new(); atoms.len()],
            quoted: quotes::quoted(text, atoms),
            known: OnceCell::new(),
            said: OnceCell::new(),
            german: OnceCell::new(),
        };
        let mut done = 0;
        for range in wanted {
            for at in range.start.saturating_sub(1).max(done)..(range.end + 1).min(atoms.len()) {
                facts.of[at] = facts.at(at);
                done = at + 1;
            }
        }
        facts
    }

    pub fn core(&self, at: usize) -> &'a str {
        &self.text[self.atoms[at].core.as_usize()]
    }

    /// The atom in lower case, without a possessive ending.
    pub fn plain(&self, at: usize) -> String {
        let core = self.core(at);
        let lower = if core.is_ascii() { core.to_ascii_lowercase() } else { core.to_lowercase() };
        match lower.strip_suffix("'s").or_else(|| lower.strip_suffix("’s")) {
            Some(base) => base.to_owned(),
            None => lower,
        }
    }

    /// Returns whether the side has `word`, folded, anywhere.
    pub fn says(&self, word: &str) -> bool {
        if self.atoms.len() > LONG {
            let said = || (0..self.atoms.len()).map(|at| self.plain(at)).collect();
            return self.said.get_or_init(said).contains(word);
        }
        (0..self.atoms.len()).any(|at| {
            let core = self.core(at);
            if core.is_ascii() {
                // `plain`, without making it.
                let base = core.len() - if ends_possessive(core) { 2 } else { 0 };
                core[..base].eq_ignore_ascii_case(word)
            } else {
                self.plain(at) == word
            }
        })
    }

    /// The words within quotation marks, folded and sorted.
    pub fn quoted_words(&self) -> Vec<String> {
        let quoted = (0..self.atoms.len()).filter(|&at| self.quoted[at]);
        let mut words: Vec<String> = quoted.map(|at| self.plain(at)).collect();
        words.sort_unstable();
        words
    }

    fn word_at(&self, at: Option<usize>) -> Option<String> {
        at.filter(|&at| at < self.atoms.len()).map(|at| self.plain(at))
    }

    fn at(&self, at: usize) -> Vec<Fact> {
        let mut out = Vec::new();
        match self.atoms[at].kind {
            AtomKind::Head | AtomKind::Mark => {
                let first = self.core(at).chars().next().unwrap_or(' ');
                if is_currency(first) {
                    out.push(Fact { reason: Reason::Money, value: first.to_string().into() });
                }
            }
            AtomKind::Character => self.han(at, &mut out),
            AtomKind::Link => out.push(Fact { reason: Reason::Link, value: page(self.core(at)).into() }),
            AtomKind::Number => self.number(at, &mut out),
            AtomKind::Word => self.word(at, &mut out),
        }
        out
    }

    fn word(&self, at: usize, out: &mut Vec<Fact>) {
        let core = self.core(at);
        let plain = self.plain(at);
        let by_number = |at: Option<usize>| {
            at.and_then(|at| self.atoms.get(at)).is_some_and(|atom| atom.kind == AtomKind::Number)
        };
        if let Some(month) = lexicon::is_month_by_case(core)
            && (!self.opens_sentence(at) || by_number(Some(at + 1)) || by_number(at.checked_sub(1)))
        {
            out.push(Fact { reason: Reason::Date, value: month.into() });
            return;
        }
        if plain == "may" && core.starts_with('M') && !self.opens_sentence(at) {
            return;
        }
        if self.ends_share(at) {
            return;
        }
        if let Some(half) = lexicon::half_of_day(&plain)
            && by_number(at.checked_sub(1))
        {
            out.push(Fact { reason: Reason::Date, value: half.into() });
            return;
        }
        if let Some(which) = lexicon::which(&plain)
            && self.word_at(Some(at + 1)).is_some_and(|next| lexicon::is_date(&next))
        {
            out.push(Fact { reason: Reason::Date, value: which.into() });
            return;
        }

        // "is thought to have", not "he thought to".
        if matches!(&*plain, "thought" | "believed" | "understood" | "reported" | "supposed")
            && matches!(self.word_at(Some(at + 1)).as_deref(), Some("to" | "that"))
            && matches!(
                self.word_at(at.checked_sub(1)).as_deref(),
                Some("is" | "are" | "was" | "were" | "be" | "been")
            )
        {
            out.push(Fact { reason: Reason::Attribution, value: "alleged".into() });
            return;
        }
        if matches!(&*plain, "failed" | "fails" | "fail" | "failing" | "unable")
            && self.word_at(Some(at + 1)).as_deref() == Some("to")
        {
            out.push(Fact { reason: Reason::Negation, value: "not".into() });
            return;
        }
        if matches!(&*plain, "have" | "has" | "had") && self.word_at(Some(at + 1)).as_deref() == Some("to") {
            out.push(Fact { reason: Reason::Negation, value: "must".into() });
            return;
        }
        lexicon::facts_of(&plain, out);
        if let Some(fact) = out.first_mut().filter(|fact| fact.reason == Reason::Number)
            && let Some(measured) = self.measured(at)
        {
            fact.reason = measured;
        }
        let office = || self.word_at(Some(at + 1)).is_some_and(|next| lexicon::is_office(&next));
        if out.is_empty() && (lexicon::is_rank(&plain) || office() && !stopwords::contains(&plain)) {
            out.push(Fact { reason: Reason::Name, value: plain.as_str().into() });
            return;
        }
        if out.is_empty() && self.is_name(at, &plain) {
            out.push(Fact { reason: Reason::Name, value: plain.into() });
        }
    }

    /// The words that are capitalised where no sentence starts.
    fn capitals(&self) -> Vec<String> {
        let mut known: Vec<String> = (0..self.atoms.len())
            .filter(|&at| self.atoms[at].kind == AtomKind::Word && self.is_capital(at))
            .filter(|&at| !self.opens_sentence(at))
            .map(|at| self.plain(at))
            .collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    /// Whether a good part of the first words are the commonest of German.
    fn is_german(&self) -> bool {
        let words =
            (0..self.atoms.len()).filter(|&at| self.atoms[at].kind == AtomKind::Word).take(GERMAN_HEAD);
        let (mut all, mut german) = (0, 0);
        for at in words {
            all += 1;
            german += usize::from(lexicon::is_german(self.core(at)));
        }
        german > 1 && german * 8 >= all
    }

    /// Whether a word beside `at` has a capital, too: "Anna Berg".
    fn stands_by_a_capital(&self, at: usize) -> bool {
        let capital = |at: usize| {
            self.atoms.get(at).is_some_and(|atom| atom.kind == AtomKind::Word) && self.is_capital(at)
        };
        capital(at + 1)
            || at.checked_sub(1).is_some_and(|before| capital(before) && !self.opens_sentence(before))
    }

    fn is_capital(&self, at: usize) -> bool {
        self.core(at).chars().next().is_some_and(char::is_uppercase)
    }

    fn is_name(&self, at: usize, plain: &str) -> bool {
        if !self.is_capital(at) || lexicon::is_honorific(plain) || lexicon::share(plain).is_some() {
            return false;
        }
        if *self.german.get_or_init(|| self.is_german()) && !self.stands_by_a_capital(at) {
            return false;
        }
        if !self.opens_sentence(at) {
            return !stopwords::contains(plain)
                || self.core(at).chars().filter(|c| c.is_uppercase()).count() > 1;
        }
        if stopwords::contains(plain) {
            return false;
        }
        let next = at + 1;
        let next_is_name = next < self.atoms.len()
            && self.atoms[next].kind == AtomKind::Word
            && self.is_capital(next)
            && self.atoms[at].end > self.atoms[at].core.end;
        let shouted = self.core(at).chars().count() > 1 && self.core(at).chars().all(char::is_uppercase);
        next_is_name
            || shouted
            || self
                .known
                .get_or_init(|| self.capitals())
                .binary_search_by(|word| word.as_str().cmp(plain))
                .is_ok()
    }

    /// Whether a sentence may start with the atom, so that its capital says nothing.
    pub fn opens_sentence(&self, at: usize) -> bool {
        let mut before = at;
        while let Some(previous) = before.checked_sub(1) {
            let atom = self.atoms[previous];
            if atom.kind == AtomKind::Head || self.text[atom.tail().as_usize()].contains("\n\n") {
                return true;
            }
            if atom.kind != AtomKind::Mark {
                return false;
            }
            match self.core(previous) {
                "." if self.is_title(previous) => return false,
                "." | "!" | "?" | "…" | ":" | "..." | ";" | "-" | "*" | "#" | "##" | "–" | "—" => {
                    return true;
                }
                "\"" | "“" | "‘" | "'" | "«" | "„" | "(" | "[" | "”" | "’" | "»" | ")" => {
                    before = previous
                }
                _ => return false,
            }
        }
        true
    }

    /// Whether the full stop `at` belongs to a title before a name: "Mr."
    fn is_title(&self, at: usize) -> bool {
        let title = at.checked_sub(1).filter(|&before| self.atoms[before].end == self.atoms[before].core.end);
        title.is_some_and(|before| lexicon::is_honorific(&self.plain(before)) && self.plain(before) != "i")
    }

    /// The number of one Chinese or Japanese character.
    fn han(&self, at: usize, out: &mut Vec<Fact>) {
        let core = self.core(at);
        let figure = core.chars().next().is_some_and(is_han_figure) && !self.begins_share(at);
        if figure && let Some(number) = figures::han(core) {
            // A scale alone may belong to the figure before it.
            let value = if numbers::scale(core).is_some() { core.to_owned() } else { number.to_string() };
            out.push(Fact { reason: self.measured(at).unwrap_or(Reason::Number), value: value.into() });
        }
    }

    fn number(&self, at: usize, out: &mut Vec<Fact>) {
        let core = self.core(at);
        if let Some(number) = figures::han(core) {
            let reason = self.measured(at).unwrap_or(Reason::Number);
            out.push(Fact { reason, value: number.to_string().into() });
            return;
        }
        let lower = core.to_lowercase();
        let (before, behind) = (self.word_at(at.checked_sub(1)), self.word_at(Some(at + 1)));
        let behind_comma = self.word_at(Some(at + 2));
        let digits = figures::value(&lower);
        let plain = lower.chars().all(|c| c.is_ascii_digit());
        let year = plain && lower.len() == 4 && ("1500"..="2199").contains(&lower.as_str());
        let month = |word: &Option<String>| {
            word.as_deref().is_some_and(|word| {
                let mut facts = Vec::new();
                lexicon::facts_of(word, &mut facts);
                let long = !matches!(
                    word,
                    "week"
                        | "month"
                        | "year"
                        | "hour"
                        | "minute"
                        | "weeks"
                        | "months"
                        | "years"
                        | "hours"
                        | "minutes"
                        | "decade"
                        | "decades"
                );
                long && facts.iter().any(|fact| fact.reason == Reason::Date)
                    || matches!(word, "march" | "may")
            })
        };
        // "12. März"
        let day_of_month = behind.as_deref() == Some(".") && month(&behind_comma);
        let clock = lower.contains(':')
            || lower.ends_with("am")
            || lower.ends_with("pm")
            || matches!(behind.as_deref(), Some("am" | "pm" | "a.m" | "p.m" | "gmt" | "o'clock" | "bst"));
        let written = lower.matches(['-', '/']).count() == 2 && digits.len() >= 6;
        let money = lower.chars().find(|&c| is_currency(c));
        let reason = if let Some(measured) = self.measured(at) {
            measured
        } else if clock || written || year || month(&before) || month(&behind) || day_of_month {
            Reason::Date
        } else {
            Reason::Number
        };
        if let Some(sign) = money {
            out.push(Fact { reason: Reason::Money, value: sign.to_string().into() });
        }
        let letters: String =
            lower.chars().skip_while(|c| !c.is_numeric()).filter(|c| c.is_alphabetic()).collect();
        let scale = match letters.as_str() {
            "m" | "mn" | "mln" => Some("million"),
            "bn" | "b" => Some("billion"),
            "tn" => Some("trillion"),
            "k" => Some("thousand"),
            _ => None,
        };
        if let Some(half) = lexicon::half_of_day(&letters) {
            out.push(Fact { reason: Reason::Date, value: half.into() });
        }
        let negative = lower.starts_with(['-', '−']);
        let value = format!("{}{digits}", if negative { "-" } else { "" });
        out.push(Fact { reason, value: value.into() });
        if let Some(scale) = scale {
            out.push(Fact { reason: Reason::Number, value: scale.into() });
        }
    }
}

/// Whether the ASCII word `core` ends in `'s`.
fn ends_possessive(core: &str) -> bool {
    core.len() >= 2 && core.as_bytes()[core.len() - 2..].eq_ignore_ascii_case(b"'s")
}
