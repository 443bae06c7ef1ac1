//! What a number counts, by what stands around it: money, or parts of a hundred.

use super::facts::Facts;
use super::lexicon;
use super::numbers;
use crate::diff::revision::Reason;
use crate::diff::words::atoms::{AtomKind, is_currency};
use crate::diff::words::digits::is_han_scale;

/// So many words may stand between a number and what it counts: "five hundred million dollars".
const BETWEEN: usize = 3;
/// Currencies, as they are written behind a number in scripts without spaces.
const SPACELESS_MONEY: [&str; 22] = [
    "元",
    "円",
    "圆",
    "圓",
    "美元",
    "美金",
    "欧元",
    "歐元",
    "英镑",
    "英鎊",
    "日元",
    "韩元",
    "港元",
    "港币",
    "卢布",
    "人民币",
    "ドル",
    "ユーロ",
    "ポンド",
    "บาท",
    "ดอลลาร์",
    "ยูโร",
];
/// Parts of a hundred, the same way.
const SPACELESS_SHARES: [&str; 4] = ["パーセント", "ポイント", "个百分点", "เปอร์เซ็นต์"];

impl Facts<'_> {
    /// Returns what the number or word of scale `at` counts, if that is money or a percentage.
    pub fn measured(&self, at: usize) -> Option<Reason> {
        self.by_itself(at).or_else(|| self.by_what_follows(at)).or_else(|| self.by_what_precedes(at))
    }

    /// Whether `at` is the second word of "per cent".
    pub fn ends_share(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.is_share_of_two(before))
    }

    /// Whether `at` is the hundred of 百分之, which is what "per cent" is in Chinese.
    pub fn begins_share(&self, at: usize) -> bool {
        self.text[self.atoms[at].core.start as usize..].starts_with("百分之")
    }

    /// "$5", "5%", "500원", "300kr".
    fn by_itself(&self, at: usize) -> Option<Reason> {
        let plain = self.plain(at);
        if plain.ends_with(lexicon::SHARE_SIGNS) {
            return Some(Reason::Percent);
        }
        let unit = || plain.trim_start_matches(|c: char| !c.is_alphabetic());
        let paid = plain.contains(is_currency)
            || self.atoms[at].kind == AtomKind::Number && lexicon::is_currency(unit());
        paid.then_some(Reason::Money)
    }

    /// "5 Millionen Euro", "five per cent", "235,50 €", "300万元".
    fn by_what_follows(&self, at: usize) -> Option<Reason> {
        let behind = self.text[self.atoms[at].end as usize..].trim_start_matches(is_han_scale);
        let spaceless = |words: &[&str]| words.iter().any(|word| behind.starts_with(word));
        if spaceless(&SPACELESS_SHARES) {
            return Some(Reason::Percent);
        }
        if spaceless(&SPACELESS_MONEY) {
            return Some(Reason::Money);
        }
        let unit = (at + 1..self.atoms.len()).take(BETWEEN + 1).find(|&at| !self.is_between(at))?;
        self.unit(unit)
    }

    /// "EUR 5 million", "€ 5", 百分之三.
    fn by_what_precedes(&self, at: usize) -> Option<Reason> {
        if self.text[..self.atoms[at].core.start as usize].ends_with("百分之") {
            return Some(Reason::Percent);
        }
        let before = (0..at).rev().take(BETWEEN);
        let mut scaled = numbers::scale_of(&self.plain(at)).is_some();
        for before in before {
            let is_number = self.atoms[before].kind == AtomKind::Number;
            if scaled && is_number {
                // "$5 million": the million of it.
                return self.by_itself(before).or_else(|| self.currency_before(before));
            }
            if !scaled || !self.is_between(before) {
                break;
            }
            scaled = true;
        }
        self.currency_before(at)
    }

    /// "€ 5", "EUR 5"; not the sign behind the number before: "5 €, 6 people".
    fn currency_before(&self, at: usize) -> Option<Reason> {
        let before = at.checked_sub(1)?;
        let sign = self.core(before).contains(is_currency);
        let code = self.core(before).bytes().all(|byte| byte.is_ascii_uppercase())
            && lexicon::is_currency(&self.plain(before));
        let counted = before.checked_sub(1).is_some_and(|first| self.atoms[first].kind == AtomKind::Number);
        ((sign || code) && !counted && self.atoms[at].kind == AtomKind::Number).then_some(Reason::Money)
    }

    /// Whether `at` may stand between a number and its unit: "million", "hundred", the full stop of "Mio."
    fn is_between(&self, at: usize) -> bool {
        let plain = self.plain(at);
        numbers::scale_of(&plain).is_some()
            || matches!(self.atoms[at].kind, AtomKind::Character) && plain.starts_with(is_han_scale)
            || plain == "."
                && at.checked_sub(1).is_some_and(|before| matches!(&*self.plain(before), "mio" | "mrd"))
    }

    /// What a number before `at` counts.
    fn unit(&self, at: usize) -> Option<Reason> {
        let plain = self.plain(at);
        if lexicon::share(&plain).is_some() || self.is_share_of_two(at) {
            return Some(Reason::Percent);
        }
        let paid = plain.starts_with(is_currency) && self.atoms[at].kind == AtomKind::Mark
            || lexicon::is_currency(&plain);
        paid.then_some(Reason::Money)
    }

    /// Whether "per cent" begins at `at`, in the languages that write it as two words.
    fn is_share_of_two(&self, at: usize) -> bool {
        let hundred = || self.atoms.get(at + 1).map(|_| self.plain(at + 1));
        matches!(&*self.plain(at), "per" | "por" | "pour")
            && hundred().is_some_and(|word| matches!(&*word, "cent" | "ciento" | "cento"))
    }
}
