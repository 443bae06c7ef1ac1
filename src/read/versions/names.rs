//! What do the names of files say about versions: which document, which date, which order?

use std::cmp::Ordering;

use crate::document::read_date;

/// Words before a number that say what is counted.
const MARKERS: [&str; 9] = ["version", "revision", "edition", "draft", "issue", "ver", "rev", "v", "r"];

/// What parts the parts of a name.
const SEPARATORS: [char; 9] = ['-', '_', '.', ' ', '(', ')', '@', '#', '/'];

/// The years that a number of four digits is taken for.
const YEARS: std::ops::RangeInclusive<u32> = 1500..=2099;

/// What the name of a file says of the version in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// The name without what tells versions apart: the document's; may be empty.
    pub document: String,
    /// Whether there is anything that tells versions apart.
    pub numbered: bool,
    /// The date in it: `1859`, `2022-08-01`, `2022-08-01T10:20:30Z`.
    pub date: Option<String>,
}

/// A run of characters of one kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digits,
    Separators,
    Letters,
}

fn kind(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if SEPARATORS.contains(&c) {
        Kind::Separators
    } else {
        Kind::Letters
    }
}

fn runs(stem: &str) -> Vec<(Kind, &str)> {
    let mut runs: Vec<(Kind, &str)> = Vec::new();
    let mut start = 0;
    for (at, c) in stem.char_indices() {
        let next = at + c.len_utf8();
        match runs.last_mut() {
            Some((last, text)) if *last == kind(c) => *text = &stem[start..next],
            _ => {
                start = at;
                runs.push((kind(c), &stem[at..next]));
            }
        }
    }
    runs
}

/// Returns what `stem` says, a file's name without its extension, and with the folders that it is in where
/// these too may tell versions apart: `v1/article`.
pub(super) fn named(stem: &str) -> Named {
    let runs = runs(stem);
    let (taken, date) = match dated(&runs) {
        Some((range, date)) => (with_counters(&runs, range), Some(date)),
        None => match runs.iter().rposition(|(kind, _)| *kind == Kind::Digits) {
            Some(last) => (dotted(&runs, last), None),
            None => return Named { document: stem.to_owned(), ..Named::default() },
        },
    };
    let (before, after) = (&runs[..taken.0], &runs[taken.1..]);
    let mut before: String = before.iter().map(|(_, text)| *text).collect();
    let after: String = after.iter().map(|(_, text)| *text).collect();
    let lower = before.to_ascii_lowercase();
    let marked = lower.trim_end_matches(SEPARATORS);
    let marker = MARKERS.iter().find(|marker| {
        marked.strip_suffix(**marker).is_some_and(|rest| rest.is_empty() || rest.ends_with(SEPARATORS))
    });
    if let Some(marker) = marker {
        before.truncate(marked.len() - marker.len());
    }
    let folders = before.ends_with('/') || after.starts_with('/');
    let before = before.trim_end_matches(SEPARATORS);
    let after = after.trim_start_matches(SEPARATORS);
    let both = if before.is_empty() || after.is_empty() {
        ""
    } else if folders {
        "/"
    } else {
        "-"
    };
    Named { document: format!("{before}{both}{after}"), numbered: true, date }
}

/// The runs that are a date, and the date.
fn dated(runs: &[(Kind, &str)]) -> Option<((usize, usize), String)> {
    let digits = |at: usize, length: usize| {
        runs.get(at).filter(|(kind, text)| *kind == Kind::Digits && text.len() == length).map(|run| run.1)
    };
    let parted =
        |at: usize| runs.get(at).is_some_and(|(kind, text)| *kind == Kind::Separators && text.len() == 1);
    let valid = |date: &str| read_date(date).is_some();
    for at in 0..runs.len() {
        // 2022-08-01, and the time behind it.
        if let (Some(year), Some(month), Some(day)) = (digits(at, 4), digits(at + 2, 2), digits(at + 4, 2))
            && parted(at + 1)
            && parted(at + 3)
        {
            let date = format!("{year}-{month}-{day}");
            if valid(&date) {
                return Some(timed(runs, at, at + 5, date));
            }
        }
        // 20220801 and 20220801T102030.
        if let Some(run) = digits(at, 8) {
            let date = format!("{}-{}-{}", &run[..4], &run[4..6], &run[6..]);
            if valid(&date) {
                return Some(timed(runs, at, at + 1, date));
            }
        }
        if let Some(run) = digits(at, 14) {
            let date = format!(
                "{}-{}-{}T{}:{}:{}Z",
                &run[..4],
                &run[4..6],
                &run[6..8],
                &run[8..10],
                &run[10..12],
                &run[12..]
            );
            if valid(&date) {
                return Some(((at, at + 1), date));
            }
        }
    }
    let year = |at: usize| {
        let run = digits(at, 4)?;
        let alone = at == 0 || runs[at - 1].0 == Kind::Separators;
        run.parse().is_ok_and(|year| YEARS.contains(&year)).then_some(run).filter(|_| alone)
    };
    // 2022-08, 2022.
    for at in (0..runs.len()).rev() {
        if let Some(year) = year(at) {
            let month = digits(at + 2, 2).filter(|month| parted(at + 1) && ("01"..="12").contains(month));
            return Some(match month {
                Some(month) => ((at, at + 3), format!("{year}-{month}")),
                None => ((at, at + 1), year.to_owned()),
            });
        }
    }
    None
}

/// The date in `runs[from..to]` with the time that may stand behind it.
fn timed(runs: &[(Kind, &str)], from: usize, to: usize, date: String) -> ((usize, usize), String) {
    let letters = runs.get(to).is_some_and(|(_, text)| matches!(*text, "T" | "t" | "_" | " " | "-"));
    let rest: Vec<&str> = runs.iter().skip(to + 1).map(|run| run.1).collect();
    let pair = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (clock, used) = match rest[..] {
        [h, _, m, _, s, ..] if letters && pair(h) && pair(m) && pair(s) => (format!("{h}:{m}:{s}"), 6),
        [hms, ..] if letters && hms.len() == 6 && hms.bytes().all(|byte| byte.is_ascii_digit()) => {
            (format!("{}:{}:{}", &hms[..2], &hms[2..4], &hms[4..]), 2)
        }
        _ => return ((from, to), date),
    };
    let full = format!("{date}T{clock}Z");
    if read_date(&full).is_none() {
        return ((from, to), date);
    }
    let zone = runs.get(to + used).is_some_and(|(_, text)| matches!(*text, "Z" | "z"));
    ((from, to + used + usize::from(zone)), full)
}

/// The runs of a date with the numbers beside it that only count: `0087-2022-08-01`, `2022-08-01 (2)`.
fn with_counters(runs: &[(Kind, &str)], (mut from, mut to): (usize, usize)) -> (usize, usize) {
    if from == 2 && runs[0].0 == Kind::Digits && runs[1].0 == Kind::Separators {
        from = 0;
    }
    let end = runs.len();
    let counted = |at: usize| {
        runs.get(at).is_some_and(|run| run.0 == Kind::Separators)
            && runs.get(at + 1).is_some_and(|run| run.0 == Kind::Digits)
    };
    if counted(to) && (to + 2 == end || (to + 3 == end && runs[to + 2].0 == Kind::Separators)) {
        to = end;
    }
    (from, to)
}

/// The number that ends at run `last`, with what stands before its points: `1.2.3`.
fn dotted(runs: &[(Kind, &str)], last: usize) -> (usize, usize) {
    let mut from = last;
    while from >= 2 && runs[from - 1].1 == "." && runs[from - 2].0 == Kind::Digits {
        from -= 2;
    }
    (from, last + 1)
}

/// Compares two names as people count: `v9` before `v10`, whatever the case.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let stems = |name: &str| {
        let at = name.rfind('.').filter(|&at| at > 0 && name[at + 1..].len() <= 8).unwrap_or(name.len());
        (name[..at].to_owned(), name[at..].to_owned())
    };
    let ((a_stem, a_end), (b_stem, b_end)) = (stems(a), stems(b));
    by_runs(&a_stem, &b_stem).then_with(|| by_runs(&a_end, &b_end)).then_with(|| a.cmp(b))
}

fn by_runs(a: &str, b: &str) -> Ordering {
    let (a, b) = (runs(a), runs(b));
    for ((a_kind, a), (b_kind, b)) in a.iter().zip(&b) {
        let order = if *a_kind == Kind::Digits && *b_kind == Kind::Digits {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        } else {
            a.to_lowercase().cmp(&b.to_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_document_and_date() {
        for (stem, document, numbered, date) in [
            ("sec01-1859", "sec01", true, Some("1859")),
            ("0087-2022-08-01", "", true, Some("2022-08-01")),
            ("2022-08-01-privacy-policy", "privacy-policy", true, Some("2022-08-01")),
            ("policy_20220801", "policy", true, Some("2022-08-01")),
            ("policy 2022-08", "policy", true, Some("2022-08")),
            ("2020-01-02T03-04-05Z", "", true, Some("2020-01-02T03:04:05Z")),
            ("page.20200102030405", "page", true, Some("2020-01-02T03:04:05Z")),
            ("20200102T030405Z-page", "page", true, Some("2020-01-02T03:04:05Z")),
            ("2022-08-01 (2)", "", true, Some("2022-08-01")),
            ("v10", "", true, None),
            ("article-v2", "article", true, None),
            ("article.draft 3", "article", true, None),
            ("report 1.2.3", "report", true, None),
            ("v2-en", "en", true, None),
            ("chapter12", "chapter", true, None),
            ("v1/article", "article", true, None),
            ("docs/v2/article", "docs/article", true, None),
            ("BeReal/Terms/2020-01-02T03-04-05Z", "BeReal/Terms", true, Some("2020-01-02T03:04:05Z")),
            ("2020/01/02", "", true, Some("2020-01-02")),
            ("final", "final", false, None),
            ("draft2", "", true, None),
            ("2022-13-45", "13-45", true, Some("2022")),
            ("", "", false, None),
        ] {
            let expected = Named { document: document.to_owned(), numbered, date: date.map(str::to_owned) };
            assert_eq!(named(stem), expected, "{stem}");
        }
    }

    #[test]
    fn numbers_are_counted_and_not_spelled() {
        let mut names = vec![
            "v10.txt",
            "V9.txt",
            "v1.1.txt",
            "v1.txt",
            "final.txt",
            "a2b.txt",
            "a10b.txt",
            "final-2.txt",
            "v009a.txt",
        ];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            [
                "a2b.txt",
                "a10b.txt",
                "final.txt",
                "final-2.txt",
                "v1.txt",
                "v1.1.txt",
                "V9.txt",
                "v009a.txt",
                "v10.txt"
            ]
        );
    }
}
