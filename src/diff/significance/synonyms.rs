//! Words that an editor puts for each other without a claim changing, whatever their inflection.

use std::sync::LazyLock;

use hashbrown::HashMap;

/// Groups of words and phrases, one a line; `#` begins a remark.
const SAME: &str = include_str!("same.txt");

/// Words with the forms that no rule makes, one a line.
const IRREGULAR: &str = include_str!("irregular.txt");

/// The lines that a word stands in, by the word.
struct Lines {
    heads: HashMap<&'static str, u32>,
    /// Number of a line, and where in this list the next line of the same word is; 0 for nowhere.
    links: Vec<(u32, u32)>,
}

impl Lines {
    fn of(text: &'static str) -> Self {
        let mut lines = Self { heads: HashMap::with_capacity(text.len() / 8), links: vec![(0, 0)] };
        for (number, line) in (0..).zip(text.lines().filter(|line| !line.starts_with('#'))) {
            for word in line.split_ascii_whitespace() {
                let head = lines.heads.entry(word).or_insert(0);
                lines.links.push((number, *head));
                *head = lines.links.len() as u32 - 1;
            }
        }
        lines
    }

    fn with(&self, word: &str) -> impl Iterator<Item = u32> {
        let mut at = self.heads.get(word).copied().unwrap_or(0);
        std::iter::from_fn(move || {
            let (line, next) = *self.links.get(at as usize).filter(|_| at != 0)?;
            at = next;
            Some(line)
        })
    }
}

/// Returns the words that `word`, lower case, may be a form of, itself first.
pub(super) fn bases(word: &str) -> Vec<String> {
    static FORMS: LazyLock<(Lines, Vec<&str>)> = LazyLock::new(|| {
        let bases = IRREGULAR.lines().map(|line| line.split(' ').next().unwrap_or(line));
        (Lines::of(IRREGULAR), bases.collect())
    });
    let mut bases = vec![word.to_owned()];
    let mut add = |base: String| {
        if base.len() > 1 && !bases.contains(&base) {
            bases.push(base);
        }
    };
    let (forms, irregular) = &*FORMS;
    forms.with(word).filter_map(|line| irregular.get(line as usize)).for_each(|base| add((*base).to_owned()));
    let mut cut = |ending: &str| {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) else { return };
        add(stem.to_owned());
        add(format!("{stem}e"));
        if let Some(y) = stem.strip_suffix('i') {
            add(format!("{y}y"));
        }
        let mut last = stem.chars().rev();
        let doubled = last.next();
        if doubled == last.next() && doubled.is_some_and(|letter| letter.is_ascii_alphabetic()) {
            add(stem[..stem.len() - 1].to_owned());
        }
    };
    ["s", "es", "ed", "d", "ing", "er", "est"].into_iter().for_each(&mut cut);
    bases
}

/// Returns whether two words or phrases may stand for each other: `ones` and `others` are what either is a form of.
pub(super) fn share_a_line(ones: &[String], others: &[String]) -> bool {
    static LINES: LazyLock<Lines> = LazyLock::new(|| Lines::of(SAME));
    let lines: Vec<u32> = ones.iter().flat_map(|word| LINES.with(word)).collect();
    !lines.is_empty() && others.iter().any(|word| LINES.with(word).any(|line| lines.contains(&line)))
}

/// Returns whether two words, lower case, are other words for the same or forms of one.
pub(super) fn are_same(one: &str, other: &str) -> bool {
    let (ones, others) = (bases(one), bases(other));
    ones.iter().any(|base| others.contains(base)) || share_a_line(&ones, &others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_their_word() {
        for (form, word) in [
            ("stopped", "stop"),
            ("carries", "carry"),
            ("carried", "carry"),
            ("closing", "close"),
            ("went", "go"),
            ("is", "be"),
            ("boxes", "box"),
            ("larger", "large"),
        ] {
            assert!(bases(form).iter().any(|base| base == word), "{form}: {:?}", bases(form));
        }
    }

    #[test]
    fn other_words_for_the_same_are_known_in_all_their_forms() {
        assert!(are_same("began", "started") && are_same("post", "job") && are_same("purchases", "buys"));
        assert!(!are_same("approved", "deferred") && !are_same("post", "valve"));
    }

    #[test]
    fn every_line_names_two_words_and_none_twice() {
        for line in SAME.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut words: Vec<&str> = line.split(' ').collect();
            let all = words.len();
            words.sort_unstable();
            words.dedup();
            assert!(all > 1 && words.len() == all && line == line.to_lowercase(), "{line:?}");
        }
    }
}
