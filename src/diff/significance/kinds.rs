//! Words of one kind that name different things, and words that are each other's opposite: where one takes the
//! other's place, a fact changed that has no figure and no capital.
//!
//! A kind is what an editor would ask for ("which animal?", "charged with what?"), and groups within it are
//! words for one answer. What stands in no list is judged as other words for the same.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Kinds, each of groups of words: an empty line parts kinds, a line is a group, `#` begins a remark.
const KINDS: &str = include_str!("kinds.txt");

/// Opposites, the two sides of each.
const OPPOSITES: &str = include_str!("opposites.txt");

/// What a word says of the thing it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sense {
    /// Number of the kind.
    pub kind: usize,
    /// Number of the group within it.
    pub group: usize,
}

type Senses = HashMap<&'static str, Vec<Sense>>;

fn table(blocks: &'static str) -> Senses {
    let mut senses = Senses::new();
    for (kind, block) in blocks.split("\n\n").enumerate() {
        for (group, words) in block.lines().filter(|line| !line.starts_with('#')).enumerate() {
            for word in words.split_ascii_whitespace() {
                senses.entry(word).or_default().push(Sense { kind, group });
            }
        }
    }
    senses
}

/// Returns the kinds that `word`, lower case, is of.
pub(super) fn senses(word: &str) -> &'static [Sense] {
    static SENSES: LazyLock<Senses> = LazyLock::new(|| table(KINDS));
    SENSES.get(word).map_or(&[], Vec::as_slice)
}

/// Returns the pairs of opposites that `word`, lower case, is in, with its side of each.
pub(super) fn opposites(word: &str) -> &'static [Sense] {
    static SENSES: LazyLock<Senses> = LazyLock::new(|| table(OPPOSITES));
    SENSES.get(word).map_or(&[], Vec::as_slice)
}

/// Returns whether something of `old` gave way to another thing of its kind in `new`: some kind is named on both
/// sides, and by different groups only.
pub(super) fn differ(old: &[Sense], new: &[Sense]) -> bool {
    old.iter().any(|sense| {
        let other = |other: &&Sense| other.kind == sense.kind;
        let mut others = new.iter().filter(other).peekable();
        others.peek().is_some()
            && !new.contains(sense)
            && !old.iter().filter(other).any(|same| new.contains(same))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_twice_in_one_kind() {
        for groups in KINDS.trim_end().split("\n\n").chain(OPPOSITES.trim_end().split("\n\n")) {
            let lines = groups.lines().filter(|line| !line.starts_with('#'));
            let mut words: Vec<&str> = lines.flat_map(|group| group.split(' ')).collect();
            let all = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), all, "{groups:?}");
            assert!(words.iter().all(|word| !word.is_empty() && *word == word.to_lowercase()), "{groups:?}");
        }
    }

    #[test]
    fn another_thing_of_the_kind_differs_and_another_word_for_it_does_not() {
        let one = |old: &str, new: &str| differ(senses(old), senses(new));
        assert!(one("grain", "weapons") && one("charged", "convicted") && one("sons", "daughters"));
        assert!(!one("fire", "blaze") && !one("fire", "grain") && !one("house", "cottage"));
    }
}
