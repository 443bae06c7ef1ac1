//! The value that a number stands for, however it is written: two notations of one value are equal.

use crate::diff::words::digits::{decimal, is_han_number};

/// Returns the value of `number` in digits, a full stop before its decimals: "12.345,5" and "12 345,5" are
/// "12345.5". Parts of a range, a date or a fraction keep what stands between them.
pub(super) fn value(number: &str) -> String {
    let written: String = number
        .chars()
        .filter_map(|c| match c {
            '–' | '-' | '−' => Some('-'),
            ':' | '.' | '٫' => Some('.'),
            ',' | '/' => Some(c),
            c => match decimal(c) {
                Some(digit) => char::from_digit(digit, 10),
                None => c.is_numeric().then_some(c),
            },
        })
        .collect();
    let mut out = String::new();
    for part in written.trim_matches(['.', '-', ',', '/']).split_inclusive(['-', '/']) {
        let bare = part.trim_end_matches(['-', '/']);
        out.push_str(&ungrouped(bare));
        out.push_str(&part[bare.len()..]);
    }
    out
}

/// `digits` without the marks that group thousands, and with a full stop before its decimals.
fn ungrouped(digits: &str) -> String {
    let Some(last) = digits.rfind(['.', ',']) else { return digits.to_owned() };
    let mark = &digits[last..=last];
    let (whole, decimals) = (&digits[..last], &digits[last + 1..]);
    let other = if mark == "." { ',' } else { '.' };
    if is_grouped(digits, mark) {
        digits.replace(mark, "")
    } else if !whole.contains(['.', ',']) {
        format!("{whole}.{decimals}")
    } else if !whole.contains(mark) && is_grouped(whole, &other.to_string()) {
        format!("{}.{decimals}", whole.replace(other, ""))
    } else {
        digits.to_owned()
    }
}

/// Whether `mark` keeps thousands apart, or hundreds before the last thousand, as in India.
fn is_grouped(digits: &str, mark: &str) -> bool {
    let groups: Vec<&str> = digits.split(mark).collect();
    let [first, between @ .., last] = groups.as_slice() else { return false };
    let all = |length: usize| between.iter().all(|group| group.len() == length);
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    last.len() == 3
        && *first != "0"
        && groups.iter().all(digits)
        && ((1..=3).contains(&first.len()) && all(3) || (1..=2).contains(&first.len()) && all(2))
}

/// Returns the value of a number in Chinese or Japanese writing: of 三百万 3000000, of 二〇二六 2026.
pub(super) fn han(number: &str) -> Option<u64> {
    let mut total: u64 = 0;
    // What stands before the next ten thousand or hundred million, and before the next scale below them.
    let (mut section, mut figure): (u64, Option<u64>) = (0, None);
    for c in number.chars() {
        match han_part(c)? {
            Part::Figure(digit) => figure = Some(figure.unwrap_or(0).checked_mul(10)?.checked_add(digit)?),
            Part::Scale(scale) if scale < 10_000 => {
                let counted = figure.take().unwrap_or(1);
                section = section.checked_add(counted.checked_mul(scale)?)?;
            }
            Part::Scale(scale) => {
                let counted = section.checked_add(figure.take().unwrap_or(0))?;
                let counted = if counted == 0 && total == 0 { 1 } else { counted };
                total = if total > 0 && total < scale {
                    total.checked_add(counted)?.checked_mul(scale)?
                } else {
                    total.checked_add(counted.checked_mul(scale)?)?
                };
                section = 0;
            }
        }
    }
    total.checked_add(section)?.checked_add(figure.unwrap_or(0))
}

enum Part {
    Figure(u64),
    Scale(u64),
}

fn han_part(c: char) -> Option<Part> {
    if !is_han_number(c) {
        return None;
    }
    Some(match c {
        '零' | '〇' => Part::Figure(0),
        '一' => Part::Figure(1),
        '二' | '两' | '兩' => Part::Figure(2),
        '三' => Part::Figure(3),
        '四' => Part::Figure(4),
        '五' => Part::Figure(5),
        '六' => Part::Figure(6),
        '七' => Part::Figure(7),
        '八' => Part::Figure(8),
        '九' => Part::Figure(9),
        '十' => Part::Scale(10),
        '百' => Part::Scale(100),
        '千' => Part::Scale(1_000),
        '万' | '萬' => Part::Scale(10_000),
        _ => Part::Scale(100_000_000),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_form() {
        for (number, form) in [
            ("12.345,5", "12345.5"),
            ("12 345,5", "12345.5"),
            ("12345,5", "12345.5"),
            ("$1,234.50", "1234.50"),
            ("1.234.567", "1234567"),
            ("1,00,000", "100000"),
            ("12.345", "12345"),
            ("3,5", "3.5"),
            ("0.500", "0.500"),
            ("10:30", "10.30"),
            ("1.2.3", "1.2.3"),
            ("1,200–1,500", "1200-1500"),
            ("１２", "12"),
            ("٣٫٥", "3.5"),
        ] {
            assert_eq!(value(number), form, "{number}");
        }
    }

    #[test]
    fn han_numbers_have_values() {
        for (number, form) in [
            ("三", 3),
            ("十二", 12),
            ("五十六", 56),
            ("一百零五", 105),
            ("三百万", 3_000_000),
            ("二〇二六", 2026),
            ("一万二千", 12_000),
            ("两亿三千万", 230_000_000),
            ("一万亿", 1_000_000_000_000),
        ] {
            assert_eq!(han(number), Some(form), "{number}");
        }
        assert_eq!(han(&"九".repeat(40)), None);
        assert_eq!(han("三人"), None);
    }
}
