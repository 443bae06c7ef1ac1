//! How alike two paragraphs are: the words they share, rare words weighing more.

use hashbrown::HashMap;

use super::stopwords;
use crate::segment::words;

/// Paragraphs of more words than this on both sides are compared by runs of three words: any
/// two long texts of one language share most of their common words.
const LONG: usize = 400;

/// The words of the passages compared, numbered, with how many passages hold each.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<Box<str>, u32>,
    /// For each word, in how many passages it stands.
    passages: Vec<u32>,
    /// Which words are stop words.
    common: Vec<bool>,
    total: u32,
    /// For each word, how much one occurrence counts.
    weights: Vec<f64>,
}

/// A passage as a bag of words.
#[derive(Clone, Debug, Default)]
pub(super) struct Bag {
    /// Sorted word numbers with counts.
    pub words: Vec<(u32, u32)>,
    /// Sorted hashes of runs of three words; only where the passage is long.
    runs: Vec<u64>,
    /// How many words there are.
    pub length: u32,
    /// Whether most of them are runs of characters, of a script that does not part its words.
    pub unparted: bool,
    /// The sum of all words' weights.
    weight: f64,
}

/// How alike two bags are, all between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Resemblance {
    /// Twice the shared weight over the weight of both.
    pub dice: f64,
    /// How much of the old passage's weight stands in the new one.
    pub old_kept: f64,
    /// How much of the new passage's weight stood in the old one.
    pub new_known: f64,
}

impl Resemblance {
    const fn of(shared: f64, old: f64, new: f64) -> Self {
        if old <= 0.0 || new <= 0.0 {
            return Self { dice: 0.0, old_kept: 0.0, new_known: 0.0 };
        }
        Self { dice: 2.0 * shared / (old + new), old_kept: shared / old, new_known: shared / new }
    }
}

impl Vocabulary {
    /// Returns the words of `form`, a passage's normal form, and counts the passage.
    pub fn bag(&mut self, form: &str) -> Bag {
        // An English word and its space take about six bytes.
        let mut sequence: Vec<u32> = Vec::with_capacity(form.len() / 5);
        let mut unparted = 0;
        terms(form, |term, is_run| {
            unparted += usize::from(is_run);
            sequence.push(self.number(term));
        });
        let unparted = unparted * 2 > sequence.len();
        let mut bag = Bag { length: sequence.len() as u32, unparted, ..Bag::default() };
        if sequence.len() > LONG {
            bag.runs = sequence.windows(3).map(|w| triple(w[0], w[1], w[2])).collect();
            bag.runs.sort_unstable();
        }
        sequence.sort_unstable();
        for word in sequence {
            match bag.words.last_mut() {
                Some((last, count)) if *last == word => *count += 1,
                _ => {
                    bag.words.push((word, 1));
                    self.passages[word as usize] += 1;
                }
            }
        }
        self.total += 1;
        bag
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = self.passages.len() as u32;
        self.numbers.insert(word.into(), number);
        self.passages.push(0);
        self.common.push(stopwords::contains(word));
        number
    }

    /// Returns in how many passages `word` stands.
    pub fn passages(&self, word: u32) -> u32 {
        self.passages[word as usize]
    }

    /// Fixes how much one occurrence of each word counts; to be called when all bags are made.
    pub fn settle(&mut self) {
        let total = f64::from(self.total + 2);
        let weigh = |(&passages, &common): (&u32, &bool)| {
            let rarity = (total / (f64::from(passages) + 0.5)).ln().max(0.2);
            if common { rarity * 0.3 } else { rarity }
        };
        self.weights = self.passages.iter().zip(&self.common).map(weigh).collect();
    }

    fn weight(&self, word: u32) -> f64 {
        self.weights.get(word as usize).copied().unwrap_or_default()
    }

    /// Sets the weight of `bag`.
    pub fn weigh(&self, bag: &mut Bag) {
        bag.weight = bag.words.iter().map(|&(word, count)| self.weight(word) * f64::from(count)).sum();
    }

    /// Returns how alike `old` and `new` are.
    pub fn resemblance(&self, old: &Bag, new: &Bag) -> Resemblance {
        if !old.runs.is_empty() && !new.runs.is_empty() {
            let shared = shared_count(&old.runs, &new.runs) as f64;
            let alike = Resemblance::of(shared, old.runs.len() as f64, new.runs.len() as f64);
            return Resemblance {
                dice: as_of_words(alike.dice),
                old_kept: as_of_words(alike.old_kept),
                new_known: as_of_words(alike.new_known),
            };
        }
        let (mut i, mut j, mut shared) = (0, 0, 0.0);
        while let (Some(&(a, n)), Some(&(b, m))) = (old.words.get(i), new.words.get(j)) {
            match a.cmp(&b) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    shared += self.weight(a) * f64::from(n.min(m));
                    i += 1;
                    j += 1;
                }
            }
        }
        Resemblance::of(shared, old.weight, new.weight)
    }

    /// Returns the bag of `parts` written one after the other.
    pub fn joined<'a>(&self, parts: impl Iterator<Item = &'a Bag>) -> Bag {
        let mut bag = Bag::default();
        let mut long = true;
        let mut unparted = 0;
        for part in parts {
            // Without the runs of all parts there are none of the whole: then words are compared.
            long &= !part.runs.is_empty();
            bag.words.extend_from_slice(&part.words);
            bag.runs.extend_from_slice(&part.runs);
            bag.length += part.length;
            unparted += if part.unparted { part.length } else { 0 };
            bag.weight += part.weight;
        }
        bag.words.sort_unstable();
        bag.words.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        bag.unparted = u64::from(unparted) * 2 > u64::from(bag.length);
        if !long {
            bag.runs.clear();
        }
        bag.runs.sort_unstable();
        bag
    }
}

/// Gives `found` the terms by which `form` is known again, in order: words without their endings, and, where a
/// script does not part its words, runs of as many characters as a word has, with whether it is such a run. A
/// character by itself says little there: most Thai paragraphs hold most letters of the alphabet.
fn terms<'a>(form: &'a str, mut found: impl FnMut(&'a str, bool)) {
    // The run of such characters that goes on: where each of its last three begins, and how many it has.
    let (mut starts, mut length) = ([0; 3], 0);
    let mut end = 0;
    let mut size = 0;
    for word in words(form) {
        let text = &form[word.clone()];
        let next = run_size(text);
        if length > 0 && (next == 0 || word.start != end) {
            if length < size {
                found(&form[starts[3 - length]..end], true);
            }
            length = 0;
        }
        end = word.end;
        size = next;
        if size == 0 {
            found(stem(text), false);
            continue;
        }
        starts = [starts[1], starts[2], word.start];
        length += 1;
        if length >= size {
            found(&form[starts[3 - size]..end], true);
        }
    }
    if length > 0 && length < size {
        found(&form[starts[3 - length]..end], true);
    }
}

/// How many characters a word has in the script of `text`, about, where that is one character and the script
/// does not part words; else 0.
fn run_size(text: &str) -> usize {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}'), None) => 3,
        (Some('\u{2e80}'..), None) => 2,
        _ => 0,
    }
}

/// A share of runs as a share of words: one changed word breaks three runs, so the root brings it back.
/// A tenth and less are the phrases that any two long texts of one language share ("one of the"), so
/// what is below a quarter counts for less.
fn as_of_words(share: f64) -> f64 {
    share.sqrt() * (share * 4.0).min(1.0)
}

/// One number for a run of three words; two runs share one so rarely that it does not matter.
const fn triple(a: u32, b: u32, c: u32) -> u64 {
    let hash = (a as u64 ^ ((b as u64) << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    (hash ^ c as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// How many elements two sorted lists share, repeats counted.
fn shared_count(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    shared
}

/// `word` without an English plural or verb ending, so that "car" meets "cars".
fn stem(word: &str) -> &str {
    if word.len() < 4 || !word.is_ascii() {
        return word;
    }
    let shorter = word
        .strip_suffix("ing")
        .or_else(|| word.strip_suffix("ed"))
        .or_else(|| word.strip_suffix("es"))
        .or_else(|| word.strip_suffix('s').filter(|rest| !rest.ends_with('s')))
        .unwrap_or(word);
    let shorter = shorter.strip_suffix('e').unwrap_or(shorter);
    if shorter.len() < 3 { word } else { shorter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_without_spaces_are_known_by_runs_of_characters() {
        for (form, expected) in [
            ("ferries sailed", &["ferri", "sail"][..]),
            ("北京市 a港", &["北京", "京市", "a", "港"]),
            ("ที่นี่ ไท", &["ที่", "ี่น", "่นี", "นี่", "ไท"]),
            ("北", &["北"]),
            ("x北京", &["x", "北京"]),
            ("é व", &["é", "व"]),
            ("", &[]),
        ] {
            let mut found = Vec::new();
            terms(form, |term, _| found.push(term));
            assert_eq!(found, expected, "{form}");
        }
    }

    #[test]
    fn two_thai_passages_of_the_same_letters_are_not_alike() {
        let mut vocabulary = Vocabulary::default();
        let mut bags: Vec<Bag> = ["ท่าเรือปิดวันจันทร์เพราะพายุ", "รถไฟเปิดทางใหม่ในวันเสาร์นี้"]
            .into_iter()
            .map(|form| vocabulary.bag(form))
            .collect();
        vocabulary.settle();
        bags.iter_mut().for_each(|bag| vocabulary.weigh(bag));
        assert!(vocabulary.resemblance(&bags[0], &bags[1]).dice < 0.3);
    }
}
