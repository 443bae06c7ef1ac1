//! Words that take a full stop of their own.
//!
//! The lists are sorted by byte and searched by halves; a test holds the order.

/// What a full stop behind a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The sentence ends: the word takes no full stop.
    Always,
    /// The word never ends a sentence: a title, `e.g.`.
    Never,
    /// The word takes it before a number only.
    BeforeNumber,
    /// A time of day: what follows may belong to it.
    Time,
    /// The word takes it, and a sentence may end with it: it does when a word follows that opens one.
    BeforeOpener,
}

/// Titles and what else stands before a name or word.
const NEVER: &[&str] = &[
    "Abb",
    "Adm",
    "Assoc",
    "Brig",
    "Capt",
    "Cf",
    "Cie",
    "Cmdr",
    "Col",
    "Comdr",
    "Cpl",
    "Dipl",
    "Dott",
    "Dr",
    "Dra",
    "Fig",
    "Fr",
    "Gebr",
    "Gen",
    "Gov",
    "Hon",
    "Hr",
    "Insp",
    "Lt",
    "MM",
    "Maj",
    "Messrs",
    "Mlle",
    "Mme",
    "Mr",
    "Mrs",
    "Ms",
    "Msgr",
    "Mt",
    "Pfc",
    "Pres",
    "Prof",
    "Rep",
    "Reps",
    "Rev",
    "Sen",
    "Sens",
    "Sgt",
    "Sig",
    "Sra",
    "Srta",
    "St",
    "Ste",
    "Supt",
    "Univ",
    "bl.a",
    "bzw",
    "ca",
    "cf",
    "d.h",
    "dhr",
    "dr",
    "e.g",
    "eg",
    "evtl",
    "f.eks",
    "ggf",
    "i.d.R",
    "i.e",
    "ie",
    "inkl",
    "m.a.W",
    "m.in",
    "mevr",
    "o.g",
    "p.ej",
    "p.ex",
    "prof",
    "sog",
    "t.ex",
    "u.U",
    "u.a",
    "ul",
    "v",
    "vgl",
    "viz",
    "vs",
    "z.B",
    "z.T",
    "д",
    "им",
    "просп",
    "ул",
];

/// Words that are counted with a number behind them.
const BEFORE_NUMBER: &[&str] = &[
    "Abs", "Apr", "Art", "Aug", "Av", "Bd", "Ch", "Dec", "Dez", "Ex", "Feb", "Figs", "Jan", "Jul", "Jun",
    "Kap", "Mar", "No", "Nos", "Nov", "Nr", "Oct", "Okt", "Pt", "Rs", "S", "Sec", "Sect", "Sep", "Sept",
    "Str", "Tel", "Vol", "al", "approx", "art", "c", "ch", "fig", "n", "no", "nos", "nr", "num", "núm", "p",
    "pp", "pt", "pág", "vol", "п", "рис", "ст", "стр", "№",
];

/// Words that a sentence may end with.
const BEFORE_OPENER: &[&str] = &[
    "Ala", "Ariz", "Ark", "Assn", "Ave", "Blvd", "Bros", "Calif", "Co", "Colo", "Conn", "Corp", "Cos", "Ct",
    "Del", "Dept", "Esq", "Fla", "Ft", "Ga", "Ill", "Inc", "Ind", "Jr", "Kan", "Kans", "Ky", "La", "Ltd",
    "Mass", "Md", "Mfg", "Mich", "Minn", "Miss", "Mo", "Mont", "Neb", "Nev", "Okla", "Ore", "Pa", "Ph.D",
    "PhD", "Pty", "Rd", "Sr", "Tenn", "Tex", "Va", "Vt", "W.Va", "Wash", "Wis", "Wyo", "etc", "n.Chr", "usw",
    "v.Chr", "г", "гг", "др", "млн", "млрд", "пр", "руб", "тыс",
];

/// Words that open a sentence far more often than they go on with a name.
const OPENERS: &[&str] = &[
    "A",
    "About",
    "After",
    "All",
    "Also",
    "Although",
    "Among",
    "An",
    "And",
    "Another",
    "Any",
    "Aquí",
    "As",
    "At",
    "Auch",
    "Aucun",
    "Because",
    "Before",
    "Both",
    "But",
    "By",
    "Ce",
    "Cette",
    "Das",
    "Der",
    "Despite",
    "Did",
    "Die",
    "Do",
    "Does",
    "During",
    "Each",
    "Earlier",
    "Ein",
    "Eine",
    "El",
    "Elle",
    "Er",
    "Es",
    "Even",
    "Every",
    "Few",
    "For",
    "From",
    "Given",
    "Had",
    "Has",
    "Have",
    "He",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "I",
    "Ich",
    "If",
    "Il",
    "Ils",
    "Im",
    "In",
    "Instead",
    "Is",
    "It",
    "Its",
    "L",
    "La",
    "Las",
    "Last",
    "Later",
    "Le",
    "Les",
    "Los",
    "Many",
    "Maybe",
    "Meanwhile",
    "Men",
    "More",
    "Moreover",
    "Most",
    "Mr",
    "Mrs",
    "Ms",
    "My",
    "Neither",
    "Next",
    "No",
    "Nobody",
    "None",
    "Nor",
    "Not",
    "Nothing",
    "Now",
    "Of",
    "On",
    "Once",
    "One",
    "Only",
    "Or",
    "Other",
    "Others",
    "Our",
    "People",
    "Perhaps",
    "Rather",
    "Several",
    "She",
    "Shortly",
    "Sie",
    "Since",
    "So",
    "Some",
    "Still",
    "Such",
    "Than",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "These",
    "They",
    "This",
    "Those",
    "Though",
    "Three",
    "Through",
    "Thus",
    "To",
    "Today",
    "Two",
    "Un",
    "Under",
    "Une",
    "Unlike",
    "Until",
    "Was",
    "We",
    "Were",
    "What",
    "When",
    "Where",
    "Whether",
    "Which",
    "While",
    "Who",
    "Why",
    "Will",
    "Wir",
    "With",
    "Within",
    "Without",
    "Would",
    "Yesterday",
    "Yet",
    "You",
    "Your",
    "А",
    "Был",
    "В",
    "Вот",
    "Все",
    "Для",
    "Его",
    "Если",
    "Её",
    "За",
    "И",
    "Из",
    "К",
    "Как",
    "Когда",
    "Мы",
    "На",
    "Но",
    "О",
    "Он",
    "Она",
    "Они",
    "Оно",
    "От",
    "По",
    "При",
    "С",
    "Так",
    "То",
    "У",
    "Что",
    "Эта",
    "Эти",
    "Это",
    "Этот",
    "Я",
];

/// What belongs to a time of day: days, months, zones.
const WITH_TIME: &[&str] = &[
    "AEST",
    "April",
    "August",
    "BST",
    "CDT",
    "CEST",
    "CET",
    "CST",
    "CT",
    "Central",
    "December",
    "EDT",
    "EST",
    "ET",
    "Eastern",
    "February",
    "Friday",
    "GMT",
    "Greenwich",
    "IST",
    "JST",
    "January",
    "July",
    "June",
    "MDT",
    "MST",
    "MT",
    "March",
    "May",
    "Monday",
    "Mountain",
    "November",
    "October",
    "PDT",
    "PST",
    "PT",
    "Pacific",
    "Saturday",
    "September",
    "Sunday",
    "Thursday",
    "Tuesday",
    "UTC",
    "Wednesday",
];

/// What German and its neighbours count with an ordinal.
const ORDINAL_NEXT: &[&str] = &[
    "April",
    "August",
    "Dezember",
    "Februar",
    "Jahrhundert",
    "Januar",
    "Juli",
    "Juni",
    "Jänner",
    "Klasse",
    "Liga",
    "Mai",
    "März",
    "November",
    "Oktober",
    "Platz",
    "Runde",
    "September",
    "Stock",
    "Weltkrieg",
];

/// Words before an ordinal.
const ORDINAL_BEFORE: &[&str] = &[
    "Am", "Das", "Dem", "Den", "Der", "Des", "Die", "Im", "Vom", "Zum", "ab", "am", "beim", "bis", "das",
    "dem", "den", "der", "des", "die", "im", "ins", "seit", "vom", "zum", "zur",
];

const SAYING: &[&str] = &[
    "added",
    "answered",
    "asked",
    "called",
    "cried",
    "demanded",
    "exclaimed",
    "replied",
    "said",
    "says",
    "shouted",
    "tweeted",
    "wondered",
    "wrote",
    "yelled",
];

fn listed(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// Returns what a full stop behind `word` says; `word` holds the full stops inside it (`U.S`).
pub(super) fn stop(word: &str) -> Stop {
    if listed(NEVER, word) {
        return Stop::Never;
    }
    if listed(BEFORE_NUMBER, word) {
        return Stop::BeforeNumber;
    }
    if matches!(word, "a.m" | "p.m" | "A.M" | "P.M") {
        return Stop::Time;
    }
    if listed(BEFORE_OPENER, word) || is_initial(word) || is_dotted(word) {
        return Stop::BeforeOpener;
    }
    Stop::Always
}

/// Returns whether `first` and `second`, each with a full stop behind it and a space between, are of one
/// abbreviation: two single letters, the first a small one (`z. B.`), or what is listed (`v. Chr.`).
pub(super) fn is_spaced(first: &str, second: &str) -> bool {
    let is_letter = |word: &str| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    };
    let is_listed = || {
        let joined = format!("{first}.{second}");
        first.len() + second.len() <= 8 && (listed(NEVER, &joined) || listed(BEFORE_OPENER, &joined))
    };
    first.starts_with(char::is_lowercase) && (is_letter(first) && is_letter(second) || is_listed())
}

/// One capital letter.
fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}

/// Letters between full stops, at most three together: `U.S`, `EE.UU`.
fn is_dotted(word: &str) -> bool {
    let short = |part: &str| (1..=3).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic);
    word.contains('.') && word.split('.').all(short)
}

/// Returns whether `word` opens a sentence far more often than it goes on with a name.
pub(super) fn is_opener(word: &str) -> bool {
    listed(OPENERS, word)
}

/// Returns whether `word` belongs to the time of day before it.
pub(super) fn goes_with_time(word: &str) -> bool {
    listed(WITH_TIME, word)
}

/// Returns whether a number with a full stop between `before` and the word `next` is an ordinal.
pub(super) fn is_ordinal(before: &str, next: &str) -> bool {
    listed(ORDINAL_NEXT, next)
        || before.split_whitespace().next_back().is_some_and(|word| listed(ORDINAL_BEFORE, word))
}

/// Returns whether `word` tells that somebody said something.
pub(super) fn is_saying(word: &str) -> bool {
    listed(SAYING, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        let lists =
            [NEVER, BEFORE_NUMBER, BEFORE_OPENER, OPENERS, WITH_TIME, ORDINAL_NEXT, ORDINAL_BEFORE, SAYING];
        for list in lists {
            for pair in list.windows(2) {
                assert!(pair[0] < pair[1], "{pair:?}");
            }
        }
    }
}
