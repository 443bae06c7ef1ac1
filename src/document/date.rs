//! Dates as sources write them: what was meant, and whether it is written as the format has it.

use std::borrow::Cow;

use super::DateForm;

/// What a date says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Seconds since 1970; a date without a zone counts as UTC, one without a time as midnight.
    pub seconds: i64,
    /// The day that is written, whatever its zone, in days since 1970.
    pub day: i64,
    /// Whether time and zone are given.
    pub exact: bool,
    /// Whether the day of the week that is written is another than the date's.
    pub wrong_weekday: bool,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Names of zones and their hours from UTC; the American ones are those of RFC 822.
const ZONES: [(&str, i64); 18] = [
    ("ut", 0),
    ("gmt", 0),
    ("z", 0),
    ("utc", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("bst", 1),
    ("cet", 1),
    ("cest", 2),
    ("eet", 2),
    ("eest", 3),
    ("jst", 9),
];
/// How many of [`ZONES`] RFC 822 knows, without `Z`, which is one of its letters.
const ZONES_822: [&str; 10] = ["ut", "gmt", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt"];

/// Returns what `date` means, `None` where nobody can tell: ISO 8601, RFC 2822, and what feeds make of
/// them, month names in English, `18.11.2026`, `2026/11/18`, `11/18/2026`, `2026年11月18日`.
#[must_use]
pub fn read_date(date: &str) -> Option<Dated> {
    let date = date.trim();
    if date.len() > 100 {
        return None;
    }
    let tokens = tokens(date);
    let weekday = tokens.iter().find_map(|token| match token {
        Token::Word(word) => name_of(word, &DAYS),
        _ => None,
    });
    let (day, rest) = calendar_day(&tokens)?;
    let (clock, exact) = clock(rest)?;
    let midnight = days_from_civil(day)?;
    let wrong_weekday = weekday.is_some_and(|weekday| weekday != (midnight + 3).rem_euclid(7) as usize);
    Some(Dated { seconds: midnight * 86_400 + clock, day: midnight, exact, wrong_weekday })
}

/// Returns whether `date` is written as `form` has it, white space around it aside.
#[must_use]
pub fn is_written_as(date: &str, form: DateForm) -> bool {
    let date = date.trim();
    match form {
        // RFC 3339, 5.6: both letters may be small.
        DateForm::Rfc3339 => is_rfc3339(&date.to_ascii_uppercase()),
        DateForm::Rfc3339Capital => is_rfc3339(date),
        DateForm::W3c => is_w3c(date),
        DateForm::Rfc2822 => without_comments(date).is_some_and(|date| is_rfc2822(date.trim())),
    }
}

/// The date without its comments, which RFC 2822 allows between any two parts (`+0100 (CET)`); `None` where a
/// parenthesis has no other.
fn without_comments(date: &str) -> Option<Cow<'_, str>> {
    if !date.contains(['(', ')']) {
        return Some(Cow::Borrowed(date));
    }
    let (mut out, mut open, mut escaped) = (String::with_capacity(date.len()), 0_usize, false);
    for c in date.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if open > 0 => escaped = true,
            '(' => open += 1,
            ')' => {
                open = open.checked_sub(1)?;
                out.push(' ');
            }
            c if open == 0 => out.push(c),
            _ => {}
        }
    }
    (open == 0).then_some(Cow::Owned(out))
}

fn is_rfc3339(date: &str) -> bool {
    let Some((day, time)) = date.split_once('T') else { return false };
    is_day(day) && zoned(time).is_some_and(|clock| is_clock(clock, true))
}

fn is_w3c(date: &str) -> bool {
    match date.split_once('T') {
        Some((day, time)) => {
            is_day(day) && zoned(time).is_some_and(|clock| is_clock(clock, true) || is_clock(clock, false))
        }
        None => match date.len() {
            4 => digits(date),
            7 => is_day(&format!("{date}-01")),
            _ => is_day(date),
        },
    }
}

/// `2026-11-24`, a day that there is.
fn is_day(day: &str) -> bool {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let widths = year.len() == 4 && month.len() == 2 && day.len() == 2;
    let number = |part: &str| if digits(part) { part.parse().ok() } else { None };
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
        return false;
    };
    widths && days_from_civil((year, month, day)).is_some()
}

/// What stands before `Z` or `+01:00`.
fn zoned(time: &str) -> Option<&str> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some(clock);
    }
    let at = time.rfind(['+', '-'])?;
    let zone = &time[at + 1..];
    (zone.len() == 5 && is_clock(zone, false)).then(|| &time[..at])
}

/// `10:20`, or with seconds `10:20:30` and `10:20:30.25`.
fn is_clock(clock: &str, seconds: bool) -> bool {
    let parts: Vec<&str> = clock.split(':').collect();
    if parts.len() != if seconds { 3 } else { 2 } {
        return false;
    }
    parts.iter().zip([23, 59, 60]).enumerate().all(|(i, (part, most))| {
        let (whole, fraction) = part.split_once('.').unwrap_or((part, "0"));
        (i == 2 || !part.contains('.'))
            && whole.len() == 2
            && digits(whole)
            && digits(fraction)
            && whole.parse::<u32>().is_ok_and(|n| n <= most)
    })
}

/// `Tue, 24 Nov 2026 10:00:00 +0000`; day of the week and seconds may be missing, the year may have two
/// digits.
fn is_rfc2822(date: &str) -> bool {
    let rest = match date.split_once(',') {
        Some((weekday, rest)) => {
            if !DAYS.iter().any(|day| weekday.trim().eq_ignore_ascii_case(day)) {
                return false;
            }
            rest
        }
        None => date,
    };
    let parts: Vec<&str> = rest.split_whitespace().collect();
    let [day, month, year, clock, zone] = parts[..] else { return false };
    let month = MONTHS.iter().position(|name| month.eq_ignore_ascii_case(name));
    let Some(month) = month else { return false };
    if !digits(day) || !digits(year) || !matches!(day.len(), 1 | 2) || !matches!(year.len(), 2 | 4) {
        return false;
    }
    let (Ok(day), Ok(year)) = (day.parse(), year.parse()) else { return false };
    let clock = if clock.len() == 4 || clock.len() == 7 { format!("0{clock}") } else { clock.to_owned() };
    let offset = zone.strip_prefix(['+', '-']).is_some_and(|zone| zone.len() == 4 && digits(zone));
    let letter =
        zone.len() == 1 && zone.chars().all(|c| c.is_ascii_alphabetic() && !c.eq_ignore_ascii_case(&'j'));
    days_from_civil((full_year(year), month as i64 + 1, day)).is_some()
        && !clock.contains('.')
        && (is_clock(&clock, true) || is_clock(&clock, false))
        && (offset || letter || ZONES_822.iter().any(|name| zone.eq_ignore_ascii_case(name)))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
    Sign(char),
}

/// Numbers, words and signs; white space parts them and is left out but for one blank.
fn tokens(date: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = date;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_alphanumeric() {
            let digit = c.is_ascii_digit();
            let of_kind = |c: char| c.is_ascii_alphanumeric() && c.is_ascii_digit() == digit;
            let (run, after) = rest.split_at(rest.find(|c| !of_kind(c)).unwrap_or(rest.len()));
            out.push(if digit { Token::Number(run) } else { Token::Word(run) });
            rest = after;
        } else {
            out.push(Token::Sign(if c.is_whitespace() { ' ' } else { c }));
            rest = rest[c.len_utf8()..].trim_start();
        }
    }
    out
}

/// The index of the name that `word` is, short or long.
fn name_of(word: &str, names: &[&str]) -> Option<usize> {
    let start = word.get(..3)?;
    let known = word.len() <= 9;
    names.iter().position(|name| known && start.eq_ignore_ascii_case(name))
}

type Day = (i64, i64, i64);

/// Year, month and day, and the tokens behind them.
fn calendar_day<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(Day, &'t [Token<'a>])> {
    let number = |at: usize| match tokens.get(at) {
        Some(Token::Number(text)) if text.len() <= 4 => Some((text.parse::<i64>().ok()?, text.len())),
        _ => None,
    };
    let sign = |at: usize, c: char| tokens.get(at) == Some(&Token::Sign(c));
    // A month by its name: the day stands on one side, the year behind both.
    let named = tokens.iter().enumerate().find_map(|(at, token)| match token {
        Token::Word(word) => Some((at, name_of(word, &MONTHS)? as i64 + 1)),
        _ => None,
    });
    if let Some((at, month)) = named {
        let before = tokens[..at].iter().rposition(|token| matches!(token, Token::Number(_)));
        let next = |from: usize| {
            // A number beside a colon is one of the time.
            let timed = |at: usize| sign(at + 1, ':') || at > 0 && sign(at - 1, ':');
            (from..tokens.len()).find(|&at| matches!(tokens[at], Token::Number(_)) && !timed(at))
        };
        let (day, year_at) = match before {
            Some(before) => (number(before)?.0, next(at + 1)?),
            None => {
                let day_at = next(at + 1)?;
                (number(day_at)?.0, next(day_at + 1)?)
            }
        };
        let (year, width) = number(year_at)?;
        let year = if width == 2 { full_year(year) } else { year };
        return Some(((year, month, day), &tokens[at + 1..]));
    }
    let first = tokens.iter().position(|token| matches!(token, Token::Number(_)))?;
    if let Some(Token::Number(text)) = tokens.get(first).filter(|_| number(first).is_none()) {
        // `20261118`.
        let part = |range| text.get(range).and_then(|part: &str| part.parse().ok());
        let day = (part(0..4)?, part(4..6)?, part(6..8)?);
        return (text.len() == 8).then_some((day, &tokens[first + 1..]));
    }
    let (a, width) = number(first)?;
    let separator = match tokens.get(first + 1)? {
        Token::Sign('\u{5e74}') => '\u{6708}',
        Token::Sign(c @ ('-' | '/' | '.')) => *c,
        _ => return None,
    };
    let (b, _) = number(first + 2)?;
    if !sign(first + 3, separator) {
        return None;
    }
    let (c, last) = number(first + 4)?;
    let rest = &tokens[first + 5..];
    let rest = rest.strip_prefix(&[Token::Sign('\u{65e5}')]).unwrap_or(rest);
    match (width, separator) {
        (4, _) => Some(((a, b, c), rest)),
        (1 | 2, '.' | '-') if last == 4 => Some(((c, b, a), rest)),
        (1 | 2, '/') if last == 4 && b > 12 => Some(((c, a, b), rest)),
        (1 | 2, '/') if last == 4 && (a > 12 || a == b) => Some(((c, b, a), rest)),
        _ => None,
    }
}

/// Seconds since midnight in UTC, and whether time and zone are given; `None` for no time of day.
fn clock(tokens: &[Token<'_>]) -> Option<(i64, bool)> {
    let number = |at: usize| match tokens.get(at) {
        Some(Token::Number(text)) => text.parse::<i64>().ok(),
        _ => None,
    };
    let colon = tokens.windows(3).position(
        |w| matches!(w, [Token::Number(hour), Token::Sign(':'), Token::Number(_)] if hour.len() <= 2),
    );
    let (mut hour, minute, mut second, mut next);
    if let Some(at) = colon {
        (hour, minute, second, next) = (number(at)?, number(at + 2)?, 0, at + 3);
        if let (Some(Token::Sign(':')), Some(given)) = (tokens.get(next), number(next + 1)) {
            second = given;
            next += 2;
        }
    } else if let [Token::Word("T" | "t"), Token::Number(text), ..] = tokens {
        // `T120000`, as ISO 8601 has it without colons.
        let part = |range| text.get(range).and_then(|part: &str| part.parse().ok());
        (hour, minute, second, next) = (part(0..2)?, part(2..4)?, part(4..6).unwrap_or(0), 2);
    } else {
        return Some((0, false));
    }
    if let (Some(Token::Sign('.' | ',')), Some(Token::Number(_))) = (tokens.get(next), tokens.get(next + 1)) {
        next += 2;
    }
    // `p.m.` is `pm`.
    let stop = |token: &&Token<'_>| !matches!(token, Token::Sign(' ' | '.'));
    let mut rest = tokens[next..].iter().filter(stop).peekable();
    if let Some(Token::Word(word)) = rest.peek() {
        let split = ["a", "p"].iter().position(|half| word.eq_ignore_ascii_case(half));
        let half = ["am", "pm"].iter().position(|half| word.eq_ignore_ascii_case(half));
        if let Some(half) = half.or(split).filter(|_| (1..=12).contains(&hour)) {
            hour = hour % 12 + 12 * half as i64;
            rest.next();
            if split.is_some() {
                rest.next_if(|token| matches!(token, Token::Word("m" | "M")));
            }
        }
    }
    if !(0..=24).contains(&hour) || minute > 59 || second > 61 {
        return None;
    }
    let mut zone = None;
    if let Some(Token::Word(word)) = rest.peek() {
        zone = ZONES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, hours)| hours * 3600);
        rest.next();
    }
    if let Some(Token::Sign(sign @ ('+' | '-'))) = rest.peek() {
        rest.next();
        if let Some(Token::Number(text)) = rest.next() {
            let hours: i64 = text.get(..2).unwrap_or(text).parse().ok()?;
            let minutes = match (text.get(2..4), rest.next(), rest.next()) {
                (Some(minutes), ..) => minutes.parse().ok()?,
                (None, Some(Token::Sign(':')), Some(Token::Number(minutes))) => minutes.parse().ok()?,
                _ => 0,
            };
            let offset = hours.min(24) * 3600 + i64::min(minutes, 59) * 60;
            zone = Some(if *sign == '-' { -offset } else { offset });
        }
    }
    Some((hour * 3600 + minute * 60 + second - zone.unwrap_or(0), zone.is_some()))
}

/// A year of two digits, as RFC 2822 reads it.
const fn full_year(year: i64) -> i64 {
    match year {
        0..=49 => 2000 + year,
        50..=99 => 1900 + year,
        _ => year,
    }
}

/// Days since 1970 of a day of the Gregorian calendar (after Hinnant, "chrono-compatible low-level date
/// algorithms"); `None` for a day that there is not.
fn days_from_civil((year, month, day): Day) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_003_200; // 2026-11-18T12:00:00Z, a Wednesday.

    #[test]
    fn what_was_meant_is_read() {
        // What is written, and how many hours it lies from noon.
        let table = [
            ("2026-11-18T12:00:00Z", 0),
            ("2026-11-18t12:00:00z", 0),
            ("2026-11-18T13:00:00.25+01:00", 0),
            ("2026-11-18T13:00:00,25+01:00", 0),
            ("2026-11-18T07:00:00-05:00", 0),
            ("2026-11-18T07:00:00-0500", 0),
            ("2026-11-18T12:00Z", 0),
            ("2026-11-18T12:00:00", 0),
            ("2026-11-18 12:00:00", 0),
            ("2026-11-18 12:00:00 UTC", 0),
            ("2026-11-18 T 12:00:00 +00:00", 0),
            ("2026-11-18", -12),
            ("20261118T12:00:00Z", 0),
            ("20261118T120000Z", 0),
            ("20261118T130000+0100", 0),
            ("20261118T1200Z", 0),
            ("20261118", -12),
            ("2026/11/18 12:00", 0),
            ("2026.11.18 12:00", 0),
            ("Wed, 18 Nov 2026 12:00:00 GMT", 0),
            ("Wed, 18 Nov 2026 12:00:00 +0000", 0),
            ("Wed, 18 Nov 2026 12:00:00 Z", 0),
            ("Wed, 18 Nov 2026 13:00:00 CET", 0),
            ("Wed, 18 Nov 2026 04:00:00 PST", 0),
            ("Wed, 18 Nov 2026 13:00:00 +0100 (CET)", 0),
            ("Wed, 18 Nov 26 07:00 EST", 0),
            ("18 Nov 2026 12:00", 0),
            ("Wednesday, 18-Nov-26 12:00:00 UTC", 0),
            ("Wed Nov 18 12:00:00 2026", 0),
            ("Wed Nov 18 12:00:00 GMT 2026", 0),
            ("November 18, 2026, 12:00 pm", 0),
            ("November 18, 2026 at 7:00 p.m.", 7),
            ("Nov. 18, 2026 7:00 AM EST", 0),
            ("Nov 18 2026 12:00AM", -12),
            ("18 November 2026 13:00 +01:00", 0),
            ("18th November 2026", -12),
            ("Wednesday 18 November 2026 12.00", -12),
            ("18.11.2026 12:00", 0),
            ("18.11.2026", -12),
            ("18-11-2026 12:00", 0),
            ("18/11/2026", -12),
            ("11/18/2026 12:00 PM", 0),
            ("2026\u{5e74}11\u{6708}18\u{65e5} 12:00", 0),
            ("  Wed,\u{a0}18 Nov 2026 12:00:00 GMT\n", 0),
        ];
        for (date, hours) in table {
            let read = read_date(date);
            assert_eq!(read.map(|d| (d.seconds - NOON) / 3600), Some(hours), "{date}");
            assert!(read.is_some_and(|d| !d.wrong_weekday), "{date}");
        }
        assert!(read_date("Thu, 18 Nov 2026 12:00:00 GMT").unwrap().wrong_weekday);
        for date in ["", "yesterday", "2026-13-01", "2026-02-30", "05/06/2026", "12:00", "1", "Nov", "\u{e9}"]
        {
            assert_eq!(read_date(date), None, "{date}");
        }
    }

    #[test]
    fn each_form_is_known_by_its_own() {
        let check = |form, yes: &[&str], no: &[&str]| {
            yes.iter().for_each(|date| assert!(is_written_as(date, form), "{date}"));
            no.iter().for_each(|date| assert!(!is_written_as(date, form), "{date}"));
        };
        check(
            DateForm::Rfc3339,
            &["2026-11-18T12:00:00Z", " 2026-11-18T12:00:00.25+01:00 ", "2026-11-18t12:00:00z"],
            &[
                "2026-11-18",
                "2026-11-18T12:00Z",
                "2026-11-18T12:00:00",
                "2026-11-31T12:00:00Z",
                "2026-11-18T12:00:00+0100",
                "2026-11-18 12:00:00Z",
                "2026-11-18T24:00:00Z",
                "\u{e9}TZ",
            ],
        );
        check(
            DateForm::Rfc3339Capital,
            &["2026-11-18T12:00:00Z"],
            &["2026-11-18t12:00:00Z", "2026-11-18T12:00:00z"],
        );
        check(
            DateForm::W3c,
            &["2026", "2026-11", "2026-11-18", "2026-11-18T12:00Z"],
            &["26", "2026-13", "x"],
        );
        check(
            DateForm::Rfc2822,
            &[
                "Wed, 18 Nov 2026 12:00:00 GMT",
                "8 Nov 26 12:00 EST",
                "Wed, 18 Nov 2026 12:00:00 -0500",
                "Fri, 20 Nov 2026 10:00:00 +0100 (CET)",
                "Fri (noon (about\\))), 20 Nov(ember) 2026 10:00:00 +0100",
            ],
            &[
                "Fri, 20 Nov 2026 10:00:00 +0100 (CET",
                "Fri, 20 Nov 2026 10:00:00 +0100 CET)",
                "Fri, 20 Nov 2026 10:00:00 (+0100)",
                "Wed, 18 Nov 2026 12:00:00 -05:00",
                "Wednesday, 18 Nov 2026 12:00:00 GMT",
                "2026-11-18",
                "Wed, 18 Nov 2026",
                "Wed, 31 Nov 2026 12:00:00 GMT",
                "",
            ],
        );
    }
}
