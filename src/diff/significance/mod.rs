//! Which edits matter, and why?
//!
//! An edit is *cosmetic* where no word changed (white space, punctuation, typography, case, an address that
//! leads where it led), *substantive* where a fact changed, and *wording* otherwise. `facts` says what each
//! atom carries; what one side of a hunk carries and the other does not is a change, unless it only moved to
//! another hunk of the same edit. A content word that gave way to another is a change too, unless `synonyms`
//! knows them for the same. `lexicon`, `nouns`, `kinds` and `synonyms` know words, mostly English ones;
//! `address` knows how links are written.

mod address;
mod facts;
mod figures;
mod hunk;
mod kinds;
mod lexicon;
mod measured;
mod metadata;
mod nouns;
mod numbers;
mod quotes;
mod swaps;
mod synonyms;

use super::revision::{Edit, EditKind, Reason, Significance};
use super::words::WordDiff;
use super::words::atoms::{Atom, atoms};
use crate::document::{BlockKind, Document, TextRange};
use facts::Facts;
use hunk::{Sides, cancel};
use lexicon::Fact;
pub(super) use metadata::metadata;

/// From so many words on, what came or went by itself is a statement.
const STATEMENT: usize = 5;
/// The same for a whole sentence.
const SENTENCE: usize = 3;

/// How much an edit matters, and why.
pub(super) struct Verdict {
    pub significance: Significance,
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// Returns the verdict for front matter: the facts in it are told as metadata.
    pub fn outside(self) -> Self {
        Self { significance: self.significance.min(Significance::Wording), reasons: Vec::new() }
    }

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
        if hunk.old.is_empty() && hunk.new.is_empty()
            || sides.is_cosmetic(&hunk)
            || sides.is_same_page(&hunk, old, new)
        {
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
        statement |= sides.is_statement(&hunk)
            || sides.names_another_thing(&hunk)
            || sides.names_another_noun(&hunk)
            || sides.swaps_words(&hunk, &diff.hunks);
    }
    statement |= sides.changes_parts(&diff.hunks);
    if !cosmetic && sides.drops_source(&diff.hunks) {
        reasons.push(Reason::Attribution);
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

#[cfg(test)]
mod tests {
    use Significance::{Cosmetic, Substantive, Wording};

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
            ("Zum Fest kamen 70.000 Gäste her.", "Zum Fest kamen rund 70.000 Gäste her.", Number),
            ("Knapp 300 Menschen kamen her.", "Mehr als 300 Menschen kamen her.", Number),
            ("La ville compte 300 agents ici.", "La ville compte environ 300 agents ici.", Number),
            ("El puerto tiene 300 amarres hoy.", "El puerto tiene unos 300 amarres hoy.", Number),
            ("Es kamen 300 Menschen in die Halle.", "Es kamen ca. 300 Menschen in die Halle.", Number),
            ("Die Stadt gibt 3 Mio. Euro dazu.", "Die Stadt gibt drei Milliarden Euro dazu.", Money),
            ("The state pays 3 lakh a year.", "The state pays 3 million a year.", Number),
            ("Die Preise stiegen um 7 Prozent.", "Die Preise stiegen um 7 Prozentpunkte.", Percent),
            ("Das Fest beginnt am 12. März hier.", "Das Fest beginnt am 13. März hier.", Date),
        ] {
            let (significance, reasons) = verdict(old, new);
            assert_eq!(significance, Significance::Substantive, "{old} → {new}");
            assert!(reasons.contains(&reason), "{old} → {new}: {reasons:?}");
        }
    }

    #[test]
    fn a_number_is_told_as_what_it_counts() {
        use Reason::{Money, Number, Percent};
        for (old, new, reason) in [
            ("Das kostet 2 500 Euro im Jahr.", "Das kostet 2 800 Euro im Jahr.", Money),
            ("The stall took 1\u{a0}234 € that day.", "The stall took 1\u{a0}235 € that day.", Money),
            ("The stall took €1\u{202f}234 that day.", "The stall took €1\u{202f}235 that day.", Money),
            ("About 10\u{2009}000 people came there.", "About 10\u{2009}500 people came there.", Number),
            ("The fund gave $5 million to the zoo.", "The fund gave $5 billion to the zoo.", Money),
            ("The fund gave five dollars to the zoo.", "The fund gave six dollars to the zoo.", Money),
            ("She gave five million dollars to it.", "She gave six million dollars to it.", Money),
            ("Der Zoo bekam 5 Millionen Euro dazu.", "Der Zoo bekam 6 Millionen Euro dazu.", Money),
            ("Der Zoo bekam 5 Mio. Euro dazu.", "Der Zoo bekam 6 Mio. Euro dazu.", Money),
            ("Der Zoo bekam 300 000 Euro dazu.", "Der Zoo bekam 400 000 Euro dazu.", Money),
            ("Der Zoo bekam 234,50 € dazu.", "Der Zoo bekam 235,50 € dazu.", Money),
            ("Билет в зоопарк стоит 300 рублей.", "Билет в зоопарк стоит 500 рублей.", Money),
            ("动物园门票是300元一张。", "动物园门票是500元一张。", Money),
            ("动物园今年花了三百万美元。", "动物园今年花了五百万美元。", Money),
            ("The vote was up five percent there.", "The vote was up six percent there.", Percent),
            ("Die Mieten stiegen um fünf Prozent.", "Die Mieten stiegen um sechs Prozent.", Percent),
            ("El alquiler subió un 3 por ciento hoy.", "El alquiler subió un 5 por ciento hoy.", Percent),
            ("Les loyers ont pris 3 pour cent hier.", "Les loyers ont pris 5 pour cent hier.", Percent),
            ("今年的房租上涨了百分之三。", "今年的房租上涨了百分之五。", Percent),
            ("今年一共来了三十个人参观。", "今年一共来了三百个人参观。", Number),
            (
                "Les loyers ont pris 5 €, 3 voisins en ont parlé.",
                "Les loyers ont pris 5 €, 4 voisins en ont parlé.",
                Number,
            ),
        ] {
            assert_eq!(verdict(old, new), (Substantive, vec![reason]), "{old} → {new}");
        }
    }

    #[test]
    fn another_notation_of_a_number_is_no_other_number() {
        for (old, new, significance) in [
            ("Er lief 12.345,5 Meter am Tag.", "Er lief 12345,5 Meter am Tag.", Cosmetic),
            ("Es waren 1.234,50 Euro im Topf.", "Es waren 1234,50 Euro im Topf.", Cosmetic),
            ("Es waren 1.234,50 Euro im Topf.", "Es waren 1\u{202f}234,50 Euro im Topf.", Cosmetic),
            ("Es waren 2 500 Euro im Topf hier.", "Es waren 2\u{a0}500 Euro im Topf hier.", Cosmetic),
            ("It took $1,234.50 in that one year.", "It took $1234.50 in that one year.", Cosmetic),
            ("今年来了１２人参观。", "今年来了12人参观。", Cosmetic),
            ("جاء ٣ أشخاص إلى هنا اليوم", "جاء 3 أشخاص إلى هنا اليوم", Wording),
            ("आज यहाँ ३ लोग आए थे।", "आज यहाँ 3 लोग आए थे।", Wording),
            ("วันนี้มีคนมา ๓ คน", "วันนี้มีคนมา 3 คน", Wording),
            ("今年来了三人参观。", "今年来了3人参观。", Wording),
            ("今年来了三百五十人参观。", "今年来了350人参观。", Wording),
            ("今年来了３万人参观。", "今年来了三万人参观。", Wording),
            ("今年的房租上涨了百分之三。", "今年的房租上涨了3%。", Wording),
            ("El alquiler subió un 3 por ciento hoy.", "El alquiler subió un 3% hoy.", Wording),
        ] {
            assert_eq!(verdict(old, new), (significance, vec![]), "{old} → {new}");
        }
        for (old, new) in [
            ("Er lief 12.345,5 Meter am Tag.", "Er lief 123455 Meter am Tag."),
            ("Er lief 1,5 Meter an dem Tag.", "Er lief 15 Meter an dem Tag."),
            ("جاء ٣ أشخاص إلى هنا اليوم", "جاء ٤ أشخاص إلى هنا اليوم"),
            ("今年来了三百五十人参观。", "今年来了360人参观。"),
        ] {
            assert_eq!(verdict(old, new), (Substantive, vec![Reason::Number]), "{old} → {new}");
        }
    }

    #[test]
    fn a_mended_name_before_what_it_said_is_no_other_source() {
        for (old, new, reasons) in [
            ("Paul Brocklesbee said the crews had been slowed down.", "Paul Brocklesby", vec![Reason::Name]),
            (
                "Paul Berg said the crews had been slowed down.",
                "Paul Holm",
                vec![Reason::Name, Reason::Attribution],
            ),
        ] {
            let new = format!("{new}{}", &old[old.find(" said").unwrap()..]);
            let (significance, mut found) = verdict(old, &new);
            found.sort_unstable();
            assert_eq!((significance, found), (Substantive, reasons), "{old} → {new}");
        }
    }

    #[test]
    fn other_words_for_the_same_facts_are_wording() {
        for (old, new) in [
            ("The big ferry left the old harbour.", "The large ferry left the old harbour."),
            ("She ended her note with a 👍🏽 for all.", "She ended her note with a 👍🏿 for all."),
            ("The team flew home 🇮🇸 last night.", "The team flew home 🇮🇪 last night."),
            ("There were five boats in the bay then.", "There were 5 boats in the bay then."),
            ("The mayor did not approve of the plan.", "The mayor didn't approve of the plan."),
            ("Anna Berg opened the pier with a song.", "Berg opened the pier with a song."),
            ("Berg said the pier was safe to use.", "She said the pier was safe to use."),
            ("The United Nations sent a small team.", "The UN sent a small team."),
            ("Die Stadt gibt 3 Mio. Euro dazu.", "Die Stadt gibt drei Millionen Euro dazu."),
            ("The state pays 3 lakh a year.", "The state pays three lakhs a year."),
            ("On Monday 12 boats left for the north.", "For the north, 12 boats left on Monday."),
            ("The plan is good, the mayor said.", "The plan is good, the mayor told reporters."),
        ] {
            assert_eq!(verdict(old, new), (Significance::Wording, vec![]), "{old} → {new}");
        }
    }

    #[test]
    fn a_link_to_the_same_page_is_cosmetic_however_its_address_is_written() {
        let with_link = |address: &str| {
            let mut document = document(&format!("See the [rules of the pier](https://{address}) for fees."));
            let (start, end) = (document.text.find("](").unwrap(), document.text.find(')').unwrap());
            document.markup.push(TextRange::new(start as u32, end as u32 + 1));
            document
        };
        for (old, new, significance) in [
            (
                "out.example/?u=a&e=AT13qATIIkMtgC72IIYq7gQy",
                "out.example/?u=a&e=AT1_vJjxebCUfFsYofaN5lyY",
                Cosmetic,
            ),
            ("a.example/rules?utm_source=mail", "a.example/rules", Cosmetic),
            (
                "out.example/?u=a&e=AT13qATIIkMtgC72IIYq7gQy",
                "out.example/?u=b&e=AT1_vJjxebCUfFsYofaN5lyY",
                Substantive,
            ),
            ("a.example/rules", "a.example/fees", Substantive),
        ] {
            let revision = diff(&with_link(old), &with_link(new), &DiffOptions::default());
            assert_eq!(revision.significance(), significance, "{old} {new}");
            // Also where the words of the link are its address.
            let bare = |address: &str| document(&format!("The rules: https://{address} (with all fees)."));
            let revision = diff(&bare(old), &bare(new), &DiffOptions::default());
            assert_eq!(revision.significance(), significance, "{old} {new}, bare");
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

    #[test]
    fn a_share_and_its_points_are_no_notations_of_one_value() {
        let text = |amount: &str| format!("Prices rose by {amount} last year, the board said.");
        for (old, new) in [
            ("5%", "5 percentage points"),
            ("5 %", "5 percentage points"),
            ("5%", "5 points"),
            ("5 percentage points", "5٪"),
            ("5 percent", "5 percentage points"),
        ] {
            assert_eq!(verdict(&text(old), &text(new)), (Substantive, vec![Reason::Percent]), "{old} {new}");
        }
        for (old, new) in [("5%", "5 percent"), ("5%", "5 per cent"), ("5 %", "5%")] {
            assert!(verdict(&text(old), &text(new)).0 < Substantive, "{old} {new}");
        }
    }

    #[test]
    fn a_unit_in_another_spelling_is_the_same_unit() {
        let text = |unit: &str| format!("They walked 5 {unit} home on that day.");
        for (old, new) in [("km", "kilometers"), ("metres", "meters"), ("kg", "kilos"), ("liters", "litres")]
        {
            assert_eq!(verdict(&text(old), &text(new)).0, Wording, "{old} {new}");
            assert_eq!(verdict(&text(new), &text(old)).0, Wording, "{new} {old}");
        }
        assert_eq!(verdict(&text("kilometers"), &text("meters")).0, Substantive);
    }
}
