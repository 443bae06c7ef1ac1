//! Which edits matter, and why?
//!
//! An edit is *cosmetic* where no word changed (white space, punctuation, typography, case),
//! *substantive* where a fact changed, and *wording* otherwise. `facts` says what each atom carries;
//! what one side of a hunk carries and the other does not is a change, unless it only moved to another
//! hunk of the same edit. `lexicon` is English.

mod facts;
mod lexicon;
mod quotes;

use std::collections::BTreeMap;

use super::revision::{Edit, EditKind, MetadataEdit, Reason, Significance};
use super::stopwords;
use super::words::atoms::{Atom, AtomKind, atoms};
use super::words::{Hunk, WordDiff};
use crate::document::{BlockKind, Document, Metadata, TextRange};
use crate::fingerprint::{Normalizer, Profile};
use facts::{Fact, Facts};

/// From so many words on, what came or went by itself is a statement.
const STATEMENT: usize = 5;

/// How much an edit matters, and why.
pub(super) struct Verdict {
    pub significance: Significance,
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// A fact may have changed for none of the reasons that have a name: then `least` says so.
    fn new(least: Significance, mut reasons: Vec<Reason>) -> Self {
        reasons.sort_unstable();
        reasons.dedup();
        let significance = if reasons.is_empty() { least } else { Significance::Substantive };
        Self { significance, reasons }
    }
}

/// Returns how much it matters that `edit`'s old passage became the new one.
pub(super) fn changed(diff: &WordDiff, edit: &Edit, old: &Document, new: &Document) -> Verdict {
    let sides = Sides {
        old: Facts::new(&old.text, &diff.old, diff.hunks.iter().map(|hunk| hunk.old.clone())),
        new: Facts::new(&new.text, &diff.new, diff.hunks.iter().map(|hunk| hunk.new.clone())),
    };
    let mut statement = false;
    let mut shortened = (false, false);
    let quoted_alike = sides.old.quoted_words() == sides.new.quoted_words();
    let mut reasons = Vec::new();
    let mut cosmetic = true;
    let (mut gone, mut came): (Vec<Fact>, Vec<Fact>) = (Vec::new(), Vec::new());
    for (equal_old, equal_new, hunk) in diff.steps() {
        let regarded = |(i, j): (usize, usize)| sides.old.quoted[i] != sides.new.quoted[j];
        if !quoted_alike && equal_old.zip(equal_new).any(regarded) {
            reasons.push(Reason::Quotation);
        }
        if hunk.old.is_empty() && hunk.new.is_empty() || sides.is_cosmetic(&hunk) {
            continue;
        }
        cosmetic = false;
        if sides.is_link_target(&hunk, old, new) {
            // A link that came or went leaves the words as they were.
            let leads = |atoms: &[Atom]| atoms.iter().any(|atom| atom.is_word());
            if leads(&diff.old[hunk.old.clone()]) && leads(&diff.new[hunk.new.clone()]) {
                reasons.push(Reason::Link);
            }
            continue;
        }
        sides.judge(&hunk, &mut reasons, &mut gone, &mut came, &mut shortened);
        statement |= sides.is_statement(&hunk);
    }
    if quoted_alike {
        reasons.retain(|&reason| reason != Reason::Quotation);
    }
    if shortened == (true, true) {
        reasons.push(Reason::Name);
    }
    cancel(&mut gone, &mut came);
    let alone = |fact: &&Fact| fact.reason != Reason::Link && !lexicon::counts_in_pairs(&fact.value);
    reasons.extend(gone.iter().chain(&came).filter(alone).map(|fact| fact.reason));
    if cosmetic {
        let least = if edit.moved { Significance::Wording } else { Significance::Cosmetic };
        return Verdict::new(least, reasons);
    }
    let heading = |document: &Document, numbers: &[u32]| {
        numbers.iter().any(|&number| {
            document.blocks.get(number as usize - 1).is_some_and(|block| block.kind == BlockKind::Heading)
        })
    };
    if heading(old, &edit.old) || heading(new, &edit.new) {
        reasons.push(Reason::Headline);
    }
    let least = if statement { Significance::Substantive } else { Significance::Wording };
    Verdict::new(least, reasons)
}

/// Returns how much it matters that `edit`'s passage, `range` of `document`, came or went.
pub(super) fn passage(edit: &Edit, document: &Document, range: TextRange) -> Verdict {
    let atoms = atoms(&document.text, range);
    if !atoms.iter().any(|atom| atom.is_word()) {
        return Verdict::new(Significance::Cosmetic, Vec::new());
    }
    let facts = Facts::new(&document.text, &atoms, std::iter::once(0..atoms.len()));
    let mut reasons: Vec<Reason> = facts.of.iter().flatten().map(|fact| fact.reason).collect();
    if facts.quoted.contains(&true) {
        reasons.push(Reason::Quotation);
    }
    let numbers = if edit.kind == EditKind::Insert { &edit.new } else { &edit.old };
    let headed = |&number: &u32| document.blocks.get(number as usize - 1).map(|block| block.kind);
    if numbers.first().and_then(headed) == Some(BlockKind::Heading) {
        reasons.push(Reason::Headline);
    }
    // A statement more or less is a fact, also where it has no figure and no name.
    let words = atoms.iter().filter(|atom| atom.is_word()).count();
    let least = if words >= STATEMENT { Significance::Substantive } else { Significance::Wording };
    Verdict::new(least, reasons)
}

/// Returns the fields of the metadata that differ and matter to a reader: title, author, dates, address.
pub(super) fn metadata(old: &Metadata, new: &Metadata) -> Vec<MetadataEdit> {
    let fields = [
        ("title", &old.title, &new.title, Some(Reason::Headline)),
        ("author", &old.author, &new.author, Some(Reason::Name)),
        ("published", &old.published, &new.published, Some(Reason::Date)),
        ("updated", &old.updated, &new.updated, None),
        ("url", &old.url, &new.url, Some(Reason::Link)),
    ];
    let differ = fields.into_iter().filter(|(_, old, new, _)| old != new);
    differ
        .map(|(field, old, new, reason)| {
            let words = |value: &Option<String>| letters(value.as_deref().unwrap_or_default());
            let verdict = if words(old) == words(new) && reason != Some(Reason::Link) {
                Verdict::new(Significance::Cosmetic, Vec::new())
            } else {
                Verdict::new(Significance::Wording, reason.into_iter().collect())
            };
            MetadataEdit {
                field,
                old: old.clone(),
                new: new.clone(),
                significance: verdict.significance,
                reasons: verdict.reasons,
            }
        })
        .collect()
}

/// The letters and digits of `text`, folded, without anything between.
fn letters(text: &str) -> String {
    let mut form = String::new();
    Normalizer::new(Profile::Loose).normalize(text, &mut form);
    form.retain(|c| c != ' ');
    form
}

/// Both sides of a changed passage.
struct Sides<'a> {
    old: Facts<'a>,
    new: Facts<'a>,
}

impl Sides<'_> {
    /// Whether the hunk changes no word.
    fn is_cosmetic(&self, hunk: &Hunk) -> bool {
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
        letters(&text(&self.old, &hunk.old)) == letters(&text(&self.new, &hunk.new))
            && numbers(&self.old, &hunk.old) == numbers(&self.new, &hunk.new)
    }

    /// Whether all that changed is where a link of the markup leads.
    fn is_link_target(&self, hunk: &Hunk, old: &Document, new: &Document) -> bool {
        let within = |document: &Document, atom: Atom| {
            let at = document.markup.partition_point(|mark| mark.end <= atom.core.start);
            document.markup.get(at).is_some_and(|mark| {
                mark.contains(atom.core) && document.text[mark.as_usize()].contains(['/', '#'])
            })
        };
        let side = |document: &Document, atoms: &[Atom]| {
            atoms.iter().filter(|atom| atom.is_word()).all(|&atom| within(document, atom))
        };
        side(old, &self.old.atoms[hunk.old.clone()]) && side(new, &self.new.atoms[hunk.new.clone()])
    }

    /// Judges one hunk: what changed for certain goes to `reasons`, what only came or went to the pools.
    fn judge(
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
        let poles = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> Vec<(u8, bool)> {
            range.clone().flat_map(|at| lexicon::opposites(&facts.plain(at))).collect()
        };
        let (old, new) = (poles(&self.old, &hunk.old), poles(&self.new, &hunk.new));
        let text = |facts: &Facts<'_>, range: &std::ops::Range<usize>| -> String {
            range.clone().map(|at| facts.core(at)).collect()
        };
        let han = lexicon::han_stance(&text(&self.old, &hunk.old))
            != lexicon::han_stance(&text(&self.new, &hunk.new));
        han || old.iter().any(|&(pair, side)| new.contains(&(pair, !side)) && !new.contains(&(pair, side)))
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

    /// Whether what came or went stands alone and says something that the other side nowhere says.
    fn is_statement(&self, hunk: &Hunk) -> bool {
        let (side, range, other) = match (hunk.old.is_empty(), hunk.new.is_empty()) {
            (true, false) => (&self.new, &hunk.new, &self.old),
            (false, true) => (&self.old, &hunk.old, &self.new),
            _ => return false,
        };
        let words: Vec<String> =
            range.clone().filter(|&at| side.atoms[at].is_word()).map(|at| side.plain(at)).collect();
        if words.len() < STATEMENT {
            return false;
        }
        let unsaid = words.iter().filter(|word| !stopwords::contains(word));
        let unsaid = unsaid.filter(|word| !other.says(word));
        unsaid.count() >= 2
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
            let values = range.clone().map(|at| lexicon::hedge(&facts.plain(at)));
            values.filter(|value| *value != Some("")).collect()
        };
        let (old, new) = (hedges(&self.old, &hunk.old), hedges(&self.new, &hunk.new));
        figure(&self.old, hunk.old.end)
            && figure(&self.new, hunk.new.end)
            && old.is_some()
            && new.is_some()
            && old != new
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

const fn is_figure(reason: Reason) -> bool {
    matches!(reason, Reason::Number | Reason::Money | Reason::Percent | Reason::Date)
}

/// Drops from both lists what stands in both, as often as it does. What a figure is (a year, a number)
/// may be told differently by what stands beside it, so figures of one value cancel.
fn cancel(old: &mut Vec<Fact>, new: &mut Vec<Fact>) {
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

#[cfg(test)]
mod tests {
    use crate::diff::{DiffOptions, Reason, Significance, diff};
    use crate::document::{Block, BlockKind, Document, TextRange};

    fn document(text: &str) -> Document {
        let range = TextRange::new(0, text.len() as u32);
        let blocks = vec![Block { kind: BlockKind::Paragraph, range }];
        Document { text: text.to_owned(), blocks, ..Document::default() }
    }

    fn verdict(old: &str, new: &str) -> (Significance, Vec<Reason>) {
        let revision = diff(&document(old), &document(new), &DiffOptions::default());
        (revision.significance(), revision.edits.iter().flat_map(|edit| edit.reasons.clone()).collect())
    }

    #[test]
    fn facts_are_substantive() {
        use Reason::{Attribution, Date, Link, Money, Name, Negation, Number, Percent, Quotation};
        for (old, new, reason) in [
            ("The ferry sank with 14 people aboard.", "The ferry sank with 15 people aboard.", Number),
            ("The ferry sank with three people aboard.", "The ferry sank with five people aboard.", Number),
            ("The fire killed 3 and hurt 5 people.", "The fire killed 5 and hurt 3 people.", Number),
            ("The bridge is 12 miles away from here.", "The bridge is 12 km away from here.", Number),
            ("The harbour wall cost $3m to mend.", "The harbour wall cost $4m to mend.", Money),
            ("The harbour wall cost $3m to mend.", "The harbour wall cost £3m to mend.", Money),
            (
                "Rents went up by 4.5% this quarter there.",
                "Rents went up by 5.4% this quarter there.",
                Percent,
            ),
            ("The vote was held on Monday in the hall.", "The vote was held on Tuesday in the hall.", Date),
            (
                "It opened in 1987 as a bakery on the quay.",
                "It opened in 1989 as a bakery on the quay.",
                Date,
            ),
            ("The court sat at 10:30 and rose early.", "The court sat at 11:30 and rose early.", Date),
            ("The mayor met Anna Berg at the pier.", "The mayor met Anna Holm at the pier.", Name),
            ("The plant in Leeds makes small pumps.", "The plant in Hull makes small pumps.", Name),
            ("She called it \"a good deal\" for all.", "She called it \"a great deal\" for all.", Quotation),
            (
                "She called it a bad deal for all of us.",
                "She called it \"a bad deal\" for all of us.",
                Quotation,
            ),
            ("The mine may close within the decade.", "The mine will close within the decade.", Negation),
            ("The council did approve the new plan.", "The council did not approve the new plan.", Negation),
            ("The shares rose sharply after the news.", "The shares fell sharply after the news.", Negation),
            ("The driver allegedly ran a red light.", "The driver ran a red light.", Attribution),
            ("The road is closed, police said.", "The road is closed, officials said.", Attribution),
            ("She denied taking the papers home.", "She admitted taking the papers home.", Attribution),
            ("Read https://a.example/one for the rest.", "Read https://a.example/two for the rest.", Link),
        ] {
            let (significance, reasons) = verdict(old, new);
            assert_eq!(significance, Significance::Substantive, "{old} → {new}");
            assert!(reasons.contains(&reason), "{old} → {new}: {reasons:?}");
        }
    }

    #[test]
    fn other_words_for_the_same_facts_are_wording() {
        for (old, new) in [
            ("The big ferry left the old harbour.", "The large ferry left the old harbour."),
            ("There were five boats in the bay then.", "There were 5 boats in the bay then."),
            ("The mayor did not approve of the plan.", "The mayor didn't approve of the plan."),
            ("Anna Berg opened the pier with a song.", "Berg opened the pier with a song."),
            ("Berg said the pier was safe to use.", "She said the pier was safe to use."),
            ("The United Nations sent a small team.", "The UN sent a small team."),
            ("On Monday 12 boats left for the north.", "For the north, 12 boats left on Monday."),
            ("The plan is good, the mayor said.", "The plan is good, the mayor told reporters."),
        ] {
            assert_eq!(verdict(old, new), (Significance::Wording, vec![]), "{old} → {new}");
        }
    }

    #[test]
    fn typography_is_cosmetic() {
        for (old, new) in [
            ("\"It's over,\" she said - twice.", "“It’s over,” she said – twice."),
            ("The U.S. team left, early.", "The US team left early."),
            ("It cost 1,200 in all.", "It cost 1200 in all."),
            ("The board met.  It agreed.", "The board met. It agreed."),
            ("The Board met today at last.", "The board met today at last."),
        ] {
            assert_eq!(verdict(old, new), (Significance::Cosmetic, vec![]), "{old} → {new}");
        }
    }
}
