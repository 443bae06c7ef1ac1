//! What do the comments in a document keep quiet? `<!-- copydesk-disable-next RULE: reason -->` and the like.
//!
//! A comment speaks of blocks: `-disable-next` of the one that follows it (or of the table that it stands
//! in), `-disable` of all up to `-enable`, `-disable-file` of the document. `copydesk-canonical` names a copy
//! that is never the one to blame.

use super::selection::nearest_rule;
use super::{RULES, rule_named};
use crate::document::{BlockKind, DIRECTIVE, Document, TextRange};

/// A set of rules, by their numbers in [`RULES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleSet(u128);

impl RuleSet {
    /// Every rule.
    pub const ALL: Self = Self(u128::MAX);
    /// No rule.
    pub const NONE: Self = Self(0);

    /// Returns the set of the rules of these names; all where there is none.
    #[must_use]
    pub fn of(names: &[&str]) -> Self {
        if names.is_empty() {
            return Self::ALL;
        }
        names.iter().fold(Self::NONE, |set, name| Self(set.0 | Self::one(name).0))
    }

    fn one(name: &str) -> Self {
        RULES.iter().position(|rule| rule.name() == name).map_or(Self::NONE, |number| Self(1 << number))
    }

    /// Returns whether the rule called `name` is in it.
    #[must_use]
    pub fn holds(self, name: &str) -> bool {
        self.0 & Self::one(name).0 != 0
    }
}

/// From which comparisons a passage is kept out. A bit each.
///
/// Which rule tells a repeat depends on what else is there, so a rule that is named stands for the milder
/// ones of its kind too: who allows that a paragraph is shared allows that it nearly is. Not the other way
/// round: a copy is worse than what resembles it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leave(pub u8);

impl Leave {
    /// The same, within the document.
    pub const WITHIN: Self = Self(1);
    /// Nearly the same, within the document.
    pub const NEAR_WITHIN: Self = Self(2);
    /// Sentences, within the document.
    pub const SENTENCES: Self = Self(4);
    /// The same, in other documents; and what documents are as a whole.
    pub const ACROSS: Self = Self(8);
    /// Nearly the same, in other documents.
    pub const NEAR_ACROSS: Self = Self(16);
    /// Runs of words, in other documents.
    pub const RUNS: Self = Self(32);

    /// Returns what a passage leaves that the rules in `rules` may not tell.
    #[must_use]
    pub fn of(rules: RuleSet) -> Self {
        let within = Self::WITHIN.0 | Self::NEAR_WITHIN.0 | Self::SENTENCES.0;
        let across = Self::ACROSS.0 | Self::NEAR_ACROSS.0 | Self::RUNS.0;
        let says = [
            ("repeated-paragraph", within),
            ("near-repeated-paragraph", Self::NEAR_WITHIN.0),
            ("repeated-sentence", Self::SENTENCES.0),
            ("duplicate-document", across),
            ("near-duplicate-document", across),
            ("boilerplate", across),
            ("shared-paragraph", across),
            ("near-shared-paragraph", Self::NEAR_ACROSS.0),
            ("copied-passage", Self::RUNS.0),
        ];
        Self(says.iter().filter(|(name, _)| rules.holds(name)).fold(0, |all, (_, bits)| all | bits))
    }

    /// Returns what is in either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns what of it is in `other`.
    #[must_use]
    pub const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns whether anything of `other` is in it.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// One comment that keeps rules quiet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The number of the directive in its document.
    pub directive: usize,
    /// Where it begins in the text.
    pub start: u32,
    /// The text it holds for; `None` for the document as a whole.
    pub extent: Option<TextRange>,
    /// The rules that it keeps quiet.
    pub rules: RuleSet,
    /// Why, if it says.
    pub reason: Option<String>,
}

impl Suppression {
    /// Returns whether it holds for the one block behind it in `document`.
    #[must_use]
    pub fn is_next(&self, document: &Document) -> bool {
        let directive = document.directives.get(self.directive);
        directive.is_some_and(|directive| Words::of(&directive.words).verb == "disable-next")
    }

    /// Returns whether it holds for what begins at `start` of the text.
    #[must_use]
    pub fn covers(&self, start: u32) -> bool {
        self.extent.is_none_or(|extent| (extent.start..extent.end).contains(&start))
    }
}

/// What is wrong with a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// The number of the directive in its document.
    pub directive: usize,
    /// Where it begins in the text.
    pub start: u32,
    /// What is wrong: a fact.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// What the comments of one document say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// Those that keep rules quiet, in order.
    pub suppressions: Vec<Suppression>,
    /// Where the blocks start that are canonical.
    pub canonical: Vec<u32>,
    /// Whether the document as a whole is canonical.
    pub is_canonical: bool,
    /// What is wrong with them.
    pub misuses: Vec<Misuse>,
}

const HELP_WORDS: &str = "there are copydesk-disable-next, copydesk-disable, copydesk-enable, \
                          copydesk-disable-file and copydesk-canonical";
const HELP_RULE: &str = "write the rules, then a colon, then the reason; `copydesk rules` lists them";
const HELP_ENABLE: &str = "take it out, or write the copydesk-disable that it ends";

impl Comments {
    /// Returns what the comments of `document` say.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut comments = Self::default();
        // The numbers of the suppressions that no `-enable` has ended.
        let mut open: Vec<usize> = Vec::new();
        for (number, directive) in document.directives.iter().enumerate() {
            let place = directive.range;
            let words = Words::of(&directive.words);
            let (names, unknown): (Vec<&str>, Vec<&str>) =
                words.rules.iter().partition(|name| rule_named(name).is_some());
            for name in &unknown {
                let hint =
                    nearest_rule(name).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                comments.wrong(number, place, format!("no rule is called `{name}`{hint}"), HELP_RULE);
            }
            // With none but unknown names it would mean all rules.
            let rules =
                if names.is_empty() && !unknown.is_empty() { RuleSet::NONE } else { RuleSet::of(&names) };
            let mut add = |extent: Option<TextRange>| {
                let reason = words.reason.map(str::to_owned);
                let (directive, start) = (number, place.start);
                comments.suppressions.push(Suppression { directive, start, extent, rules, reason });
            };
            let to_the_end = TextRange::new(place.start, u32::MAX);
            match words.verb {
                "disable-next" => add(Some(next_block(document, place).unwrap_or_default())),
                "disable-file" => add(None),
                "disable" => {
                    add(Some(to_the_end));
                    open.push(comments.suppressions.len() - 1);
                }
                "enable" => {
                    let mut ended = false;
                    open.retain(|&index| {
                        let suppression = &mut comments.suppressions[index];
                        let both = suppression.rules.0 & rules.0;
                        if both == 0 {
                            return true;
                        }
                        ended = true;
                        if both != suppression.rules.0 {
                            // Rules that are not named stay off: the rest is ended by cutting the set.
                            return true;
                        }
                        suppression.extent = suppression.extent.map(|extent| TextRange {
                            start: extent.start,
                            end: place.start.max(extent.start),
                        });
                        false
                    });
                    if ended {
                        comments.split(&mut open, rules, place.start);
                    } else if unknown.is_empty() {
                        let message = "nothing is disabled here that it could enable".to_owned();
                        comments.wrong(number, place, message, HELP_ENABLE);
                    }
                }
                "canonical" => comments.canonical_at(document, place),
                verb => {
                    let message = format!("copydesk has no comment called `{DIRECTIVE}{verb}`");
                    comments.wrong(number, place, message, HELP_WORDS);
                }
            }
        }
        comments
    }

    /// Ends, at byte `at`, the rules in `ended` of what is open and holds others beside them.
    fn split(&mut self, open: &mut [usize], ended: RuleSet, at: u32) {
        for index in open.iter_mut() {
            let suppression = &mut self.suppressions[*index];
            let both = suppression.rules.0 & ended.0;
            if both == 0 {
                continue;
            }
            let mut rest = suppression.clone();
            rest.rules = RuleSet(suppression.rules.0 & !both);
            rest.extent = Some(TextRange { start: at, end: u32::MAX });
            if let Some(extent) = &mut suppression.extent {
                extent.end = at.max(extent.start);
            }
            self.suppressions.push(rest);
            *index = self.suppressions.len() - 1;
        }
    }

    fn wrong(&mut self, directive: usize, place: TextRange, message: String, help: &'static str) {
        self.misuses.push(Misuse { directive, start: place.start, message, help });
    }

    /// A mark before the first block, or behind the last, speaks of the document; any of the block it marks.
    fn canonical_at(&mut self, document: &Document, place: TextRange) {
        let next = next_block(document, place);
        let first = document.blocks.first().is_none_or(|block| place.start < block.range.start);
        self.is_canonical |= first || next.is_none();
        self.canonical.extend(next.map(|block| block.start));
    }

    /// Returns what the block that begins at `start` leaves; not what the document leaves as a whole.
    #[must_use]
    pub fn leave(&self, start: u32) -> Leave {
        let covering = self.suppressions.iter().filter(|one| one.extent.is_some() && one.covers(start));
        covering.fold(Leave::default(), |all, one| all.and(Leave::of(one.rules)))
    }

    /// Returns what the document leaves as a whole.
    #[must_use]
    pub fn leave_whole(&self) -> Leave {
        let whole = self.suppressions.iter().filter(|one| one.extent.is_none());
        whole.fold(Leave::default(), |all, one| all.and(Leave::of(one.rules)))
    }
}

/// The block that a comment at `place` speaks of: the table it stands in, or the next.
fn next_block(document: &Document, place: TextRange) -> Option<TextRange> {
    let after = document.blocks.partition_point(|block| block.range.end <= place.start);
    let block = document.blocks.get(after)?;
    let inside = block.range.start < place.start;
    if inside && block.kind != BlockKind::Table {
        return document.blocks.get(after + 1).map(|block| block.range);
    }
    Some(block.range)
}

/// The words of a comment, taken apart.
struct Words<'a> {
    /// What follows `copydesk-`.
    verb: &'a str,
    rules: Vec<&'a str>,
    reason: Option<&'a str>,
}

impl<'a> Words<'a> {
    fn of(words: &'a str) -> Self {
        let (head, reason) =
            words.split_once(':').map_or((words, ""), |(head, reason)| (head, reason.trim()));
        let mut parts = head.split([' ', ',']).filter(|part| !part.is_empty());
        let verb = parts.next().unwrap_or_default();
        let verb = verb.strip_prefix(DIRECTIVE).unwrap_or(verb);
        Self { verb, rules: parts.collect(), reason: (!reason.is_empty()).then_some(reason) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::markdown;

    fn document(text: &str) -> Document {
        let mut document = Document { text: text.to_owned(), ..Document::default() };
        markdown::mark(&mut document, false);
        document
    }

    fn quiet(text: &str, rule: &str) -> Vec<String> {
        let document = document(text);
        let comments = Comments::of(&document);
        let covered =
            |start: u32| comments.suppressions.iter().any(|one| one.rules.holds(rule) && one.covers(start));
        let blocks = document.blocks.iter().filter(|block| covered(block.range.start));
        blocks.map(|block| document.reading(block.range).into_owned()).collect()
    }

    #[test]
    fn the_next_block_is_meant_in_any_container() {
        for (text, expected) in [
            ("<!-- copydesk-disable-next -->\nOne\n\nTwo", "One"),
            ("Zero\n\n<!-- copydesk-disable-next -->\n**One** x\n\nTwo", "One x"),
            ("- Zero\n- <!-- copydesk-disable-next -->\n  One\n- Two", "One"),
            ("> Zero\n>\n> <!-- copydesk-disable-next -->\n> One\n>\n> Two", "One"),
            ("Zero <!-- copydesk-disable-next --> zero\n\n- One\n- Two", "One"),
        ] {
            assert_eq!(quiet(text, "shared-paragraph"), [expected], "{text}");
        }
        let table = quiet("| a |\n|---|\n| b <!-- copydesk-disable-next --> |\n\nTwo", "shared-paragraph");
        assert!(table.len() == 1 && table[0].contains('b') && !table[0].contains("Two"), "{table:?}");
        assert!(quiet("One\n\n<!-- copydesk-disable-next -->", "shared-paragraph").is_empty());
    }

    #[test]
    fn rules_and_reasons_are_taken_apart() {
        let text = "<!-- copydesk-disable-next shared-paragraph, mojibake: a: b -->\nOne";
        assert_eq!(quiet(text, "shared-paragraph"), ["One"]);
        assert_eq!(quiet(text, "mojibake"), ["One"]);
        assert!(quiet(text, "boilerplate").is_empty());
        assert_eq!(Comments::of(&document(text)).suppressions[0].reason.as_deref(), Some("a: b"));
    }

    #[test]
    fn disable_holds_up_to_enable() {
        let text = "A\n\n<!-- copydesk-disable -->\n\nB\n\nC\n\n<!-- copydesk-enable -->\n\nD";
        assert_eq!(quiet(text, "mojibake"), ["B", "C"]);
        let text = "<!-- copydesk-disable -->\n\nB\n\n<!-- copydesk-enable mojibake -->\n\nC\n";
        assert_eq!(quiet(text, "mojibake"), ["B"]);
        assert_eq!(quiet(text, "boilerplate"), ["B", "C"]);
        let text = "<!-- copydesk-disable mojibake -->\n\nB\n\n<!-- copydesk-enable boilerplate -->\n\nC\n";
        assert_eq!(quiet(text, "mojibake"), ["B", "C"]);
        assert_eq!(Comments::of(&document(text)).misuses.len(), 1);
        assert_eq!(quiet("A\n\n<!-- copydesk-disable-file -->\n", "mojibake"), ["A"]);
    }

    #[test]
    fn what_is_wrong_is_told_and_keeps_nothing_quiet() {
        let wrong = |text| Comments::of(&document(text)).misuses.into_iter().map(|one| one.message);
        let text = "<!-- copydesk-disable-next repeated-paragraf: x -->\nA";
        assert_eq!(
            wrong(text).collect::<Vec<_>>(),
            ["no rule is called `repeated-paragraf`; did you mean `repeated-paragraph`?"]
        );
        assert!(quiet(text, "repeated-paragraph").is_empty());
        assert_eq!(
            wrong("<!-- copydesk-ignore -->\nA").collect::<Vec<_>>(),
            ["copydesk has no comment called `copydesk-ignore`"]
        );
        assert_eq!(wrong("<!-- copydesk-enable -->\nA").count(), 1);
    }

    #[test]
    fn a_mark_at_the_top_speaks_of_the_document() {
        let comments = |text| Comments::of(&document(text));
        let top = comments("<!-- copydesk-canonical -->\n\n# A\n\nB");
        assert!(top.is_canonical && top.canonical == [29]);
        let middle = comments("A\n\n<!-- copydesk-canonical -->\nB");
        assert!(!middle.is_canonical && middle.canonical == [31]);
        assert!(comments("A\n\n<!-- copydesk-canonical -->").is_canonical);
    }

    #[test]
    fn a_rule_stands_for_the_milder_ones() {
        let leave = |rules: &[&str]| Leave::of(RuleSet::of(rules));
        assert!(leave(&["shared-paragraph"]).any(Leave::NEAR_ACROSS));
        assert!(!leave(&["shared-paragraph"]).any(Leave::WITHIN));
        assert!(!leave(&["near-shared-paragraph"]).any(Leave::ACROSS));
        assert_eq!(leave(&["mojibake"]), Leave::default());
        assert_eq!(leave(&[]), Leave(63));
    }
}
