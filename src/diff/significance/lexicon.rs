//! The words that carry facts, in English; other languages are judged by numbers, dates in digits,
//! names, quotation marks and links.

use super::facts::Fact;
use crate::diff::revision::Reason;

/// Appends the facts that `word`, lower case and without a possessive, carries by itself.
pub(super) fn facts_of(word: &str, out: &mut Vec<Fact>) {
    let mut push = |reason, value: &'static str| out.push(Fact { reason, value: value.into() });
    if let Some(value) = number(word) {
        push(Reason::Number, value);
    } else if let Some(value) = currency(word) {
        push(Reason::Money, value);
    } else if let Some(value) = date(word) {
        push(Reason::Date, value);
    } else if let Some(value) = attribution(word) {
        push(Reason::Attribution, value);
    } else {
        let (negated, base) = contraction(word);
        if negated {
            push(Reason::Negation, "not");
        }
        if let Some(value) = modality(base) {
            push(Reason::Negation, value);
        }
    }
}

/// The value of a number word.
fn number(word: &str) -> Option<&'static str> {
    Some(match word {
        "zero" => "0",
        "two" => "2",
        "three" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "ten" => "10",
        "eleven" => "11",
        "twelve" => "12",
        "thirteen" => "13",
        "fourteen" => "14",
        "fifteen" => "15",
        "sixteen" => "16",
        "seventeen" => "17",
        "eighteen" => "18",
        "nineteen" => "19",
        "twenty" => "20",
        "thirty" => "30",
        "forty" => "40",
        "fifty" => "50",
        "sixty" => "60",
        "seventy" => "70",
        "eighty" => "80",
        "ninety" => "90",
        "hundred" | "hundreds" => "hundred",
        "thousand" | "thousands" => "thousand",
        "million" | "millions" => "million",
        "billion" | "billions" => "billion",
        "trillion" | "trillions" => "trillion",
        "dozen" | "dozens" => "dozen",
        "third" => "3",
        "fourth" => "4",
        "fifth" => "5",
        "sixth" => "6",
        "seventh" => "7",
        "eighth" => "8",
        "ninth" => "9",
        "tenth" => "10",
        "ninetieth" => "90",
        "quarter" | "quarters" => "quarter",
        "zwei" | "deux" => "2",
        "drei" | "trois" | "tres" => "3",
        "vier" | "quatre" | "cuatro" => "4",
        "fünf" | "cinq" | "cinco" => "5",
        "sechs" | "seis" => "6",
        "sieben" | "siete" => "7",
        "acht" | "huit" | "ocho" => "8",
        "neun" | "neuf" | "nueve" => "9",
        "zehn" | "dix" | "diez" => "10",
        "half" | "halved" => "half",
        "twice" | "double" | "doubled" => "double",
        "triple" | "tripled" => "triple",
        _ => return None,
    })
}

/// The currency that a word names.
fn currency(word: &str) -> Option<&'static str> {
    Some(match word {
        "dollar" | "dollars" | "usd" => "$",
        "euro" | "euros" | "eur" => "€",
        "pound" | "pounds" | "gbp" | "sterling" => "£",
        "yen" | "yuan" | "jpy" | "cny" => "¥",
        "rupee" | "rupees" | "inr" => "₹",
        "rouble" | "roubles" | "ruble" | "rubles" => "₽",
        "cent" | "cents" => "cent",
        "pence" | "penny" => "penny",
        _ => return None,
    })
}

/// The day, month or time that a word names.
fn date(word: &str) -> Option<&'static str> {
    Some(match word {
        "january" | "jan" => "january",
        "february" | "feb" => "february",
        "april" | "apr" => "april",
        "june" => "june",
        "july" => "july",
        "august" | "aug" => "august",
        "september" | "sept" => "september",
        "october" | "oct" => "october",
        "november" | "nov" => "november",
        "december" | "dec" => "december",
        "monday" | "mon" | "mondays" => "monday",
        "tuesday" | "tue" | "tues" | "tuesdays" => "tuesday",
        "wednesday" | "wednesdays" => "wednesday",
        "thursday" | "thu" | "thurs" | "thursdays" => "thursday",
        "friday" | "fri" | "fridays" => "friday",
        "saturday" | "saturdays" => "saturday",
        "sunday" | "sundays" => "sunday",
        "today" => "today",
        "tomorrow" => "tomorrow",
        "yesterday" => "yesterday",
        "tonight" => "tonight",
        "morning" | "mornings" => "morning",
        "afternoon" | "afternoons" => "afternoon",
        "evening" | "evenings" => "evening",
        "midnight" => "midnight",
        "noon" | "midday" => "noon",
        "spring" => "spring",
        "summer" => "summer",
        "autumn" => "autumn",
        "winter" => "winter",
        "overnight" => "overnight",
        "montag" | "lundi" | "lunes" => "monday",
        "dienstag" | "mardi" | "martes" => "tuesday",
        "mittwoch" | "mercredi" | "miércoles" => "wednesday",
        "donnerstag" | "jeudi" | "jueves" => "thursday",
        "freitag" | "vendredi" | "viernes" => "friday",
        "samstag" | "samedi" | "sábado" => "saturday",
        "sonntag" | "dimanche" | "domingo" => "sunday",
        "week" | "weeks" => "week",
        "month" | "months" => "month",
        "year" | "years" => "year",
        "decade" | "decades" => "decade",
        "century" | "centuries" => "century",
        "hour" | "hours" => "hour",
        "minute" | "minutes" => "minute",
        _ => return None,
    })
}

/// Whether a word is a month only with its capital: "March", "May".
pub(super) fn is_month_by_case(word: &str) -> Option<&'static str> {
    match word {
        "March" | "Mar" => Some("march"),
        "May" => Some("may"),
        _ => None,
    }
}

/// How a word says who says so and how sure they are; words of one value say the same.
pub(super) fn attribution(word: &str) -> Option<&'static str> {
    Some(match word {
        "said" | "say" | "says" | "saying" | "told" | "tells" | "added" | "adds" | "stated" | "states"
        | "noted" | "notes" | "according" | "announced" | "announces" | "wrote" | "writes" | "explained"
        | "explains" => "said",
        "claim" | "claims" | "claimed" | "claiming" | "insist" | "insists" | "insisted" | "contend"
        | "contends" | "contended" => "claimed",
        "alleged" | "allegedly" | "alleges" | "allege" | "alleging" | "purported" | "purportedly"
        | "reportedly" | "apparently" | "suspected" | "supposedly" | "rumoured" | "rumored"
        | "unconfirmed" | "accused" | "presumed" | "believed" | "aurait" | "auraient" | "presunto"
        | "presunta" | "presuntos" | "mutmaßlich" | "mutmaßliche" | "mutmaßlicher" | "mutmaßlichen" => {
            "alleged"
        }
        "admit" | "admits" | "admitted" | "concede" | "concedes" | "conceded" | "acknowledged"
        | "acknowledges" | "confessed" => "admitted",
        "confirm" | "confirms" | "confirmed" => "confirmed",
        "deny" | "denies" | "denied" | "denying" | "disputed" | "disputes" => "denied",
        "sources" => "sources",
        "spokesman" | "spokeswoman" | "spokesperson" => "spokesperson",
        "witnesses" => "witnesses",
        _ => return None,
    })
}

/// Whether a word is a contraction with "not", and what is left without it.
fn contraction(word: &str) -> (bool, &str) {
    match word {
        "cannot" | "can't" | "can’t" => (true, "can"),
        "won't" | "won’t" => (true, "will"),
        "shan't" | "shan’t" => (true, "shall"),
        _ => match word.strip_suffix("n't").or_else(|| word.strip_suffix("n’t")) {
            Some(base) => (true, base),
            None => (false, word),
        },
    }
}

/// The negation, likelihood or obligation that a word carries; words of one value say the same.
fn modality(word: &str) -> Option<&'static str> {
    Some(match word {
        "not" | "no" | "never" | "none" | "neither" | "nor" | "nobody" | "nothing" | "nowhere"
        | "without" | "nicht" | "kein" | "keine" | "keinen" | "nie" | "niemand" | "pas" | "jamais"
        | "nadie" | "nunca" => "not",
        "pourrait" | "pourraient" | "könnte" | "könnten" | "podría" | "podrían" | "may" | "might"
        | "possibly" | "perhaps" | "maybe" | "possible" => "may",
        "could" => "could",
        "can" => "can",
        "will" | "shall" | "i'll" | "we'll" | "he'll" | "she'll" | "it'll" | "they'll" | "you'll" => "will",
        "would" => "would",
        "should" | "ought" => "should",
        "must" | "doit" | "muss" | "debe" => "must",
        "only" => "only",
        "likely" | "probably" | "probable" => "likely",
        "unlikely" | "improbable" => "unlikely",
        "impossible" => "impossible",
        "certainly" | "definitely" | "undoubtedly" | "certain" => "certain",
        "hardly" | "barely" | "scarcely" => "hardly",
        _ => return None,
    })
}

/// The pairs of opposites that a word is in, with its side of each: one that takes the other's place
/// turns the claim round.
pub(super) fn opposites(word: &str) -> Vec<(u8, bool)> {
    const PAIRS: &[(&[&str], &[&str])] = &[
        (
            &["rise", "rises", "rose", "risen", "rising", "increase", "increases", "increased", "grew", "up"],
            &[
                "fall",
                "falls",
                "fell",
                "fallen",
                "falling",
                "decrease",
                "decreases",
                "decreased",
                "down",
                "dropped",
                "drop",
                "declined",
                "decline",
                "shrank",
            ],
        ),
        (&["won", "win", "wins", "winning", "victory"], &["lost", "lose", "loses", "losing", "defeat"]),
        (
            &["approved", "approve", "approves", "accepted", "accept", "accepts", "passed"],
            &["rejected", "reject", "rejects", "refused", "refuse", "declined", "blocked"],
        ),
        (&["before"], &["after"]),
        (&["more", "above", "over", "exceeded"], &["less", "fewer", "below", "under"]),
        (
            &["support", "supports", "supported", "backed", "backs", "for"],
            &["oppose", "opposes", "opposed", "against"],
        ),
        (&["guilty", "convicted"], &["innocent", "acquitted"]),
        (&["alive", "survived"], &["dead", "died", "killed"]),
        (&["opened", "open", "opens"], &["closed", "close", "closes", "shut"]),
        (&["legal", "lawful"], &["illegal", "unlawful"]),
        (&["allowed", "permitted", "allow"], &["banned", "prohibited", "barred", "ban"]),
        (&["success", "succeeded"], &["failure", "failed"]),
        (&["safe"], &["unsafe", "dangerous"]),
        (&["first"], &["last"]),
        (&["highest", "largest", "most"], &["lowest", "smallest", "least"]),
        (&["all", "every"], &["some", "many", "most", "few"]),
        (&["resigned", "quit"], &["dismissed", "sacked", "fired"]),
        (&["arrested", "detained", "jailed"], &["released", "freed"]),
        (&["injured", "hurt", "wounded"], &["killed", "died", "dead"]),
        (&["positive"], &["negative"]),
        (&["north", "northern"], &["south", "southern"]),
        (&["east", "eastern"], &["west", "western"]),
        (
            &["son", "brother", "father", "husband", "man", "men", "boy"],
            &["daughter", "sister", "mother", "wife", "woman", "women", "girl"],
        ),
        (&["agreed", "agree", "agrees"], &["refused", "refuse", "refuses", "declined"]),
        (&["driver"], &["passenger", "cyclist", "pedestrian"]),
        (&["arrived"], &["left", "departed"]),
        (&["bought"], &["sold"]),
        (
            &["include", "includes", "including", "included"],
            &["exclude", "excludes", "excluding", "excluded"],
        ),
    ];
    let pairs = PAIRS.iter().enumerate().filter_map(|(at, (one, other))| {
        let side = one.contains(&word);
        (side || other.contains(&word)).then_some((at as u8, side))
    });
    pairs.collect()
}

/// Whether a fact counts only where another one of its kind stands on the other side: a tense or a
/// span of time comes and goes with the grammar.
pub(super) fn counts_in_pairs(value: &str) -> bool {
    matches!(
        value,
        "will"
            | "would"
            | "should"
            | "can"
            | "could"
            | "week"
            | "month"
            | "year"
            | "decade"
            | "century"
            | "hour"
            | "minute"
            | "spring"
            | "said"
            | "spokesperson"
            | "certain"
    )
}

/// How exactly a word says that the number behind it is meant; words of one value say the same.
pub(super) fn hedge(word: &str) -> Option<&'static str> {
    Some(match word {
        "about" | "around" | "roughly" | "approximately" | "some" | "circa" => "about",
        "nearly" | "almost" => "nearly",
        "over" | "more" | "above" => "over",
        "under" | "fewer" | "less" | "below" => "under",
        "exactly" | "precisely" => "exactly",
        "least" => "least",
        "most" | "up" => "most",
        "at" | "than" | "to" => "",
        _ => return None,
    })
}

/// Whether a word changes which office is meant.
pub(super) fn is_rank(word: &str) -> bool {
    matches!(word, "deputy" | "vice" | "former" | "acting" | "interim" | "ex")
}

/// Whether a word names an office or a body that the word before it tells from others.
pub(super) fn is_office(word: &str) -> bool {
    matches!(
        word,
        "minister"
            | "ministry"
            | "secretary"
            | "department"
            | "committee"
            | "mayor"
            | "director"
            | "chief"
            | "judge"
            | "court"
            | "officer"
            | "commissioner"
    )
}

/// Whether Chinese text denies, confirms or doubts.
pub(super) fn han_stance(text: &str) -> Vec<&'static str> {
    ["可能", "否认", "证实", "不", "没", "未", "涉嫌", "据称"]
        .into_iter()
        .filter(|word| text.contains(word))
        .collect()
}

/// Whether a word stands for a name said before.
pub(super) fn is_pronoun(word: &str) -> bool {
    matches!(
        word,
        "he" | "she"
            | "they"
            | "it"
            | "him"
            | "her"
            | "them"
            | "his"
            | "hers"
            | "their"
            | "its"
            | "who"
            | "we"
            | "our"
            | "us"
            | "i"
    )
}

/// Whether a capitalised word is a form of address and no name.
pub(super) fn is_honorific(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs" | "ms" | "miss" | "dr" | "prof" | "professor" | "sir" | "lady" | "lord" | "i" | "i'm"
    )
}

/// Whether a word measures: the number before it means something else with another one.
pub(super) fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "km" | "kilometres"
            | "kilometers"
            | "miles"
            | "mile"
            | "metres"
            | "meters"
            | "feet"
            | "ft"
            | "kg"
            | "kilograms"
            | "kilos"
            | "tonnes"
            | "tons"
            | "litres"
            | "liters"
            | "gallons"
            | "acres"
            | "hectares"
            | "mph"
            | "kph"
            | "celsius"
            | "fahrenheit"
            | "degrees"
            | "seconds"
            | "days"
            | "day"
            | "people"
            | "men"
            | "women"
            | "children"
            | "points"
            | "inches"
            | "cm"
            | "mm"
    )
}
