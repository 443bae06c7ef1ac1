//! The words that carry facts: English at length; of other languages numbers, days, months, negations and what
//! hedges a claim. Beyond that they are judged by figures, names, quotation marks and links.

use super::numbers::{number, tens_and_ones};
use crate::diff::revision::Reason;

/// Something that must not change unseen; two of one value say the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact {
    pub reason: Reason,
    pub value: Box<str>,
}

/// Appends the facts that `word`, lower case and without a possessive, carries by itself.
pub(super) fn facts_of(word: &str, out: &mut Vec<Fact>) {
    let mut push = |reason, value: &'static str| out.push(Fact { reason, value: value.into() });
    // "second-largest", "three-year-old"
    let counted =
        word.split_once('-').and_then(|(first, _)| if first == "second" { Some("2") } else { number(first) });
    if let Some(value) = tens_and_ones(word) {
        out.push(Fact { reason: Reason::Number, value: value.to_string().into() });
    } else if let Some(value) = number(word).or(counted) {
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

/// Returns whether a word, lower case, names a currency.
pub(super) fn is_currency(word: &str) -> bool {
    currency(word).is_some()
}

/// The currency that a word names.
fn currency(word: &str) -> Option<&'static str> {
    Some(match word {
        "dollar" | "dollars" | "usd" | "dólar" | "dólares" | "доллар" | "доллара" | "долларов" | "डॉलर"
        | "دولار" | "달러" => "$",
        "euro" | "euros" | "eur" | "евро" | "यूरो" | "يورو" | "유로" => "€",
        "pound" | "pounds" | "gbp" | "sterling" => "£",
        "yen" | "yuan" | "jpy" | "cny" | "renminbi" | "rmb" | "元" | "円" => "¥",
        "rupee" | "rupees" | "inr" | "रुपये" | "रुपए" | "रुपया" => "₹",
        "rouble" | "roubles" | "ruble" | "rubles" | "rubel" | "rub" | "рубль" | "рубля" | "рублей"
        | "рублях" => "₽",
        "гривна" | "гривны" | "гривен" | "uah" => "₴",
        "franken" | "francs" | "chf" => "franc",
        "krona" | "kronor" | "krone" | "kroner" | "kronen" | "kr" | "sek" | "nok" | "dkk" => "krone",
        "zloty" | "zlotys" | "złoty" | "złotych" | "pln" => "zł",
        "pesos" | "mxn" => "peso",
        "reais" | "brl" => "real",
        "krw" | "원" => "₩",
        "baht" | "thb" => "฿",
        "ريال" => "riyal",
        "جنيه" => "جنيه",
        "درهم" => "dirham",
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
        "overnight" | "night" => "night",
        "montag" | "lundi" | "lunes" | "понедельник" | "सोमवार" | "الاثنين" | "الإثنين" => {
            "monday"
        }
        "dienstag" | "mardi" | "martes" | "вторник" | "मंगलवार" | "الثلاثاء" => {
            "tuesday"
        }
        "mittwoch" | "mercredi" | "miércoles" | "среду" | "среда" | "बुधवार" | "الأربعاء" => {
            "wednesday"
        }
        "donnerstag" | "jeudi" | "jueves" | "четверг" | "गुरुवार" | "الخميس" => {
            "thursday"
        }
        "freitag" | "vendredi" | "viernes" | "пятницу" | "пятница" | "शुक्रवार" | "الجمعة" => {
            "friday"
        }
        "samstag" | "sonnabend" | "samedi" | "sábado" | "субботу" | "суббота" | "शनिवार" | "السبت" => {
            "saturday"
        }
        "sonntag" | "dimanche" | "domingo" | "воскресенье" | "रविवार" | "الأحد" => {
            "sunday"
        }
        "januar" | "janvier" | "enero" | "января" | "январе" | "январь" | "जनवरी" | "يناير" => {
            "january"
        }
        "februar" | "février" | "febrero" | "февраля" | "феврале" | "февраль" | "फरवरी" | "فبراير" => {
            "february"
        }
        "märz" | "marzo" | "марта" | "марте" | "март" | "मार्च" | "مارس" => {
            "march"
        }
        "avril" | "abril" | "апреля" | "апреле" | "апрель" | "अप्रैल" | "أبريل" => {
            "april"
        }
        "mai" | "mayo" | "мая" | "мае" | "май" | "मई" | "مايو" => "may",
        "juni" | "juin" | "junio" | "июня" | "июне" | "июнь" | "जून" | "يونيو" => {
            "june"
        }
        "juli" | "juillet" | "julio" | "июля" | "июле" | "июль" | "जुलाई" | "يوليو" => {
            "july"
        }
        "août" | "agosto" | "августа" | "августе" | "август" | "अगस्त" | "أغسطس" => {
            "august"
        }
        "septembre" | "septiembre" | "сентября" | "сентябре" | "сентябрь" | "सितंबर" | "سبتمبر" => {
            "september"
        }
        "oktober" | "octobre" | "octubre" | "октября" | "октябре" | "октябрь" | "अक्टूबर" | "أكتوبر" => {
            "october"
        }
        "novembre" | "noviembre" | "ноября" | "ноябре" | "ноябрь" | "नवंबर" | "نوفمبر" => {
            "november"
        }
        "dezember" | "décembre" | "diciembre" | "декабря" | "декабре" | "декабрь" | "दिसंबर" | "ديسمبر" => {
            "december"
        }
        "heute" | "hoy" | "сегодня" | "आज" | "اليوم" => "today",
        "gestern" | "ayer" | "вчера" | "أمس" => "yesterday",
        "demain" | "завтра" | "غدا" => "tomorrow",
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

/// Returns whether a word names a day, month, time, or a span of it.
pub(super) fn is_date(word: &str) -> bool {
    date(word).is_some()
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
        "alleged"
        | "allegedly"
        | "alleges"
        | "allege"
        | "alleging"
        | "purported"
        | "purportedly"
        | "reportedly"
        | "apparently"
        | "suspected"
        | "supposedly"
        | "rumoured"
        | "rumored"
        | "unconfirmed"
        | "accused"
        | "presumed"
        | "believed"
        | "aurait"
        | "auraient"
        | "presunto"
        | "presunta"
        | "presuntos"
        | "mutmaßlich"
        | "mutmaßliche"
        | "mutmaßlicher"
        | "mutmaßlichen"
        | "angeblich"
        | "présumé"
        | "présumée"
        | "supuesto"
        | "supuesta"
        | "предполагаемый"
        | "якобы" => "alleged",
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
        | "without" | "nicht" | "kein" | "keine" | "keinen" | "keiner" | "keinem" | "nie" | "niemand"
        | "nichts" | "pas" | "jamais" | "aucun" | "aucune" | "rien" | "nadie" | "nunca" | "jamás"
        | "ningún" | "ninguna" | "не" | "нет" | "ни" | "никогда" | "никто" | "नहीं" | "न" | "لا" | "لم"
        | "لن" | "ليس" | "ليست" => "not",
        "pourrait" | "pourraient" | "könnte" | "könnten" | "podría" | "podrían" | "peut" | "kann"
        | "puede" | "vielleicht" | "quizás" | "может" | "могут" | "возможно" | "ربما" | "may" | "might"
        | "possibly" | "perhaps" | "maybe" | "possible" => "may",
        "could" => "could",
        "can" => "can",
        "will" | "shall" | "i'll" | "we'll" | "he'll" | "she'll" | "it'll" | "they'll" | "you'll" => "will",
        "would" => "would",
        "should" | "ought" | "expected" | "soll" | "sollte" | "devrait" | "debería" => "should",
        "must" | "doit" | "muss" | "debe" => "must",
        "only" => "only",
        "likely" | "probably" | "probable" | "wahrscheinlich" | "probablement" | "probablemente"
        | "вероятно" => "likely",
        "unlikely" | "improbable" => "unlikely",
        "impossible" => "impossible",
        "certainly" | "definitely" | "undoubtedly" | "certain" => "certain",
        "hardly" | "barely" | "scarcely" => "hardly",
        _ => return None,
    })
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
            | "am"
            | "pm"
            | "next"
            | "this"
            | "last"
    )
}

/// Which one a word means of the weeks, months, years or days that the word behind it counts.
pub(super) fn which(word: &str) -> Option<&'static str> {
    Some(match word {
        "next" | "coming" | "following" => "next",
        "this" | "current" => "this",
        "last" | "past" | "previous" => "last",
        _ => return None,
    })
}

/// Which half of the day a word behind an hour means.
pub(super) fn half_of_day(word: &str) -> Option<&'static str> {
    match word {
        "am" | "a.m" | "a.m." => Some("am"),
        "pm" | "p.m" | "p.m." => Some("pm"),
        _ => None,
    }
}

/// Whether a word ends in a way that nouns seldom do.
pub(super) fn is_no_noun(word: &str) -> bool {
    attribution(word).is_some()
        || word.ends_with("ly")
        || word.ends_with("ed")
        || word.ends_with("ing")
        || number(word).is_some()
}

/// Whether a word claims on somebody's word: without it the claim is the writer's own.
pub(super) fn is_claiming(word: &str) -> bool {
    matches!(
        word,
        "said"
            | "say"
            | "says"
            | "told"
            | "according"
            | "announced"
            | "stated"
            | "reported"
            | "selon"
            | "laut"
            | "según"
    )
}

/// What a word says of the number before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// Parts of a hundred.
    Percent,
    /// The difference of two such shares.
    Points,
}

/// Signs of parts of a hundred or thousand.
pub(super) const SHARE_SIGNS: [char; 4] = ['%', '‰', '％', '٪'];

/// Returns what share a word, lower case, makes of the number before it.
pub(super) fn share(word: &str) -> Option<Share> {
    match word {
        "percent"
        | "percentage"
        | "pct"
        | "%"
        | "‰"
        | "％"
        | "٪"
        | "prozent"
        | "procent"
        | "prosent"
        | "процент"
        | "процента"
        | "процентов"
        | "प्रतिशत"
        | "퍼센트" => Some(Share::Percent),
        "prozentpunkt" | "prozentpunkte" | "prozentpunkten" => Some(Share::Points),
        _ => None,
    }
}

/// How exactly a word says that the number behind it is meant; words of one value say the same.
pub(super) fn hedge(word: &str) -> Option<&'static str> {
    Some(match word {
        "about" | "around" | "roughly" | "approximately" | "some" | "circa" | "rund" | "etwa"
        | "ungefähr" | "ca" | "environ" | "quelque" | "unos" | "unas" | "aproximadamente" | "alrededor"
        | "cerca" => "about",
        "nearly" | "almost" | "knapp" | "fast" | "beinahe" | "presque" | "près" | "casi" => "nearly",
        "over" | "more" | "above" | "über" | "mehr" | "plus" | "más" => "over",
        "under" | "fewer" | "less" | "below" | "unter" | "weniger" | "moins" | "menos" => "under",
        "exactly" | "precisely" | "genau" | "exactement" | "exactamente" => "exactly",
        "least" | "mindestens" | "wenigstens" | "mínimo" => "least",
        "most" | "up" | "höchstens" | "maximal" | "bis" | "jusqu'à" | "hasta" => "most",
        "at" | "than" | "to" | "als" | "zu" | "de" | "au" | "al" | "como" => "",
        _ => return None,
    })
}

/// Whether a word, lower case, is one of the commonest of German and hardly ever of another language.
pub(super) fn is_german(word: &str) -> bool {
    matches!(
        word,
        "der"
            | "das"
            | "und"
            | "den"
            | "dem"
            | "ein"
            | "eine"
            | "einen"
            | "einem"
            | "einer"
            | "ist"
            | "nicht"
            | "mit"
            | "auf"
            | "von"
            | "zu"
            | "wird"
            | "wurde"
            | "hat"
            | "bei"
            | "nach"
            | "sich"
            | "auch"
            | "vom"
            | "zum"
            | "zur"
            | "aus"
            | "im"
            | "am"
            | "für"
            | "über"
            | "als"
            | "wie"
            | "oder"
            | "aber"
    )
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

/// What of text in a script without spaces denies, confirms or doubts, or names a day.
pub(super) fn stance(text: &str) -> Vec<&'static str> {
    [
        "可能",
        "否认",
        "证实",
        "不",
        "没",
        "未",
        "涉嫌",
        "据称",
        "อาจ",
        "ไม่",
        "ปฏิเสธ",
        "ยืนยัน",
        "จันทร์",
        "อังคาร",
        "พุธ",
        "พฤหัส",
        "ศุกร์",
        "เสาร์",
        "อาทิตย์",
    ]
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
