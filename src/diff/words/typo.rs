//! Where inside a word a typo was mended; the one case in which a word is marked in part.

use std::ops::Range;

/// The shortest word whose parts are marked.
const LEAST: usize = 4;

/// Returns the bytes that differ in `old` and in `new`, two words that differ by a typo: at most two
/// characters next to each other, in words of four letters or more without a digit. `None` for any
/// other two words: those are marked whole.
#[must_use]
pub fn typo_marks(old: &str, new: &str) -> Option<(Range<usize>, Range<usize>)> {
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let plain = |word: &[char]| word.len() >= LEAST && word.iter().all(|c| c.is_alphabetic());
    if old == new || !plain(&a) || !plain(&b) {
        return None;
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let room = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(room).take_while(|(x, y)| x == y).count();
    let (gone, came) = (a.len() - head - tail, b.len() - head - tail);
    // One letter wrong, missing, too many, or two turned round.
    let turned = gone == 2 && came == 2 && a[head] == b[head + 1] && a[head + 1] == b[head];
    if !(gone <= 1 && came <= 1 || turned) {
        return None;
    }
    let bytes = |word: &[char], range: Range<usize>| {
        let length = |part: &[char]| part.iter().map(|c| c.len_utf8()).sum::<usize>();
        let start = length(&word[..range.start]);
        start..start + length(&word[range])
    };
    Some((bytes(&a, head..head + gone), bytes(&b, head..head + came)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_typo_is_marked_inside() {
        assert_eq!(typo_marks("recieve", "receive"), Some((3..5, 3..5)));
        assert_eq!(typo_marks("harbor", "harbour"), Some((5..5, 5..6)));
        assert_eq!(typo_marks("1944", "1945"), None);
        assert_eq!(typo_marks("may", "man"), None);
        assert_eq!(typo_marks("harbour", "marina"), None);
    }
}
