//! Which characters write a number, and where a white space is a part of one.

use icu_properties::props::GeneralCategory;
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed};

use super::atoms::is_currency;

static CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();

/// Returns what the digit `c` of any script counts: Unicode keeps the ten of a script in a row, from zero on.
pub(in crate::diff) fn decimal(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let is_digit =
        |code: u32| char::from_u32(code).is_some_and(|c| CATEGORY.get(c) == GeneralCategory::DecimalNumber);
    let code = u32::from(c);
    // No row of rows is longer than the mathematical digits, of five styles.
    is_digit(code).then(|| (1..50).take_while(|before| is_digit(code - before)).count() as u32 % 10)
}

/// Returns whether `c` counts in Chinese or Japanese writing, at least beside another that does.
pub(in crate::diff) const fn is_han_number(c: char) -> bool {
    is_han_figure(c) || matches!(c, '一' | '零' | '〇')
}

/// Returns whether `c` counts by itself, too; 一 is left out, it is in too many words.
pub(in crate::diff) const fn is_han_figure(c: char) -> bool {
    matches!(c, '二' | '两' | '兩' | '三' | '四' | '五' | '六' | '七' | '八' | '九') || is_han_scale(c)
}

/// Returns whether `c` multiplies what stands before it.
pub(in crate::diff) const fn is_han_scale(c: char) -> bool {
    matches!(c, '十' | '百' | '千' | '万' | '萬' | '亿' | '億')
}

/// Returns whether `c` is a digit of a script that is written without spaces: Thai, Lao, Khmer.
pub(super) const fn is_spaceless_digit(c: char) -> bool {
    matches!(c, '\u{E50}'..='\u{E59}' | '\u{ED0}'..='\u{ED9}' | '\u{17E0}'..='\u{17E9}')
}

/// The longest number that another group may belong to, in bytes: a row of a table is not one number.
const LONGEST: usize = 32;

/// Returns whether the white space that `behind` begins with keeps thousands apart, `so_far` being the number up
/// to there: "2 500", "€1 234", "10 000–12 000".
pub(super) fn groups(so_far: &str, behind: &str) -> bool {
    let mut behind = behind.chars();
    if !behind.next().is_some_and(is_group_space) {
        return false;
    }
    let three = behind.by_ref().take(3).filter(char::is_ascii_digit).count() == 3;
    three
        && so_far.len() <= LONGEST
        && !behind.next().is_some_and(char::is_numeric)
        && amount(so_far).split(['–', '-']).all(|number| {
            let mut groups = number.split(is_group_space);
            let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
            groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && digits(first))
                && groups.all(|group| group.len() == 3 && digits(group))
        })
}

/// `number` without its sign and currency: "US$".
fn amount(number: &str) -> &str {
    let unsigned = number.trim_start_matches(['-', '+', '\u{2212}']);
    let bare = unsigned.trim_start_matches(char::is_alphabetic);
    let amount = bare.trim_start_matches(is_currency);
    // Letters alone name something: "A4".
    if amount.len() == bare.len() { unsigned } else { amount }
}

/// Returns whether `c` may stand between the thousands of a number: any blank of one line but a tab.
pub(in crate::diff) const fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_count_alike() {
        for (digits, value) in
            [("09", [0, 9]), ("２٣", [2, 3]), ("३๔", [3, 4]), ("𝟏𝟿", [1, 9]), ("᪅᪑", [5, 1])]
        {
            let read: Vec<_> = digits.chars().map(decimal).collect();
            assert_eq!(read, value.map(Some), "{digits}");
        }
        assert_eq!("½²三x".chars().find_map(decimal), None);
    }

    #[test]
    fn only_groups_of_three_are_of_one_number() {
        for (so_far, behind) in [
            ("2", " 500 Euro"),
            ("€1", "\u{202f}234"),
            ("10", "\u{a0}000."),
            ("1 234", " 567"),
            ("-5–6", "\u{2009}000"),
        ] {
            assert!(groups(so_far, behind), "{so_far}{behind}");
        }
        for (so_far, behind) in [
            ("2019", " 300"),
            ("2", " 50"),
            ("2", " 5000"),
            ("2", "  500"),
            ("2", "\t500"),
            ("10:30", " 200"),
            ("2019-05-12", " 300"),
            ("A4", " 500"),
            ("3.2", " 100"),
            ("1 234,5", " 100"),
        ] {
            assert!(!groups(so_far, behind), "{so_far}{behind}");
        }
    }
}
