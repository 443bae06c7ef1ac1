//! Takes a sentence out of its paragraph.

use crate::document::{Document, TextRange};

/// Returns whether the block at `block` reads as nothing but the sentence at `sentence`.
pub(super) fn is_all(document: &Document, block: TextRange, sentence: TextRange) -> bool {
    let words = |range: TextRange| document.reading(range).split_whitespace().map(str::to_owned).collect();
    let (all, own): (Vec<String>, Vec<String>) = (words(block), words(sentence));
    all == own
}

/// Returns what has to be cut so that `sentence` is gone from `block`: it, and white space on one side.
///
/// `None` where one half of a pair of quotation marks or brackets would go.
pub(super) fn cut(document: &Document, block: TextRange, sentence: TextRange) -> Option<TextRange> {
    let text = &document.text;
    // The marks of a quotation that it opens a line of are none of its own.
    let sentence = TextRange::new(behind_prefix(document, sentence.start), sentence.end);
    let sentence = with_marks(document, sentence)?;
    if !is_paired(text.get(sentence.as_usize())?) {
        return None;
    }
    let before = text.get(block.start as usize..sentence.start as usize)?;
    let behind = text.get(sentence.end as usize..block.end as usize)?;
    let space_before = before.len() - before.trim_end().len();
    let space_behind = behind.len() - behind.trim_start().len();
    let start = sentence.start - space_before as u32;
    let end = sentence.end + space_behind as u32;
    let breaks = |text: &str| text.contains(['\n', '\r']);
    let ends_line = behind.is_empty() || breaks(&behind[..space_behind]);
    // White space at the beginning of a line, and the marks of the quotation that the line stands in.
    let opening = &before[before.trim_end_matches(|c: char| c.is_whitespace() || c == '>').len()..];
    let opens_line = before.is_empty() || breaks(opening);
    if behind.is_empty() && breaks(opening) {
        return Some(TextRange::new(sentence.start - opening.len() as u32, sentence.end));
    }
    if behind.is_empty() || (ends_line && !opens_line && space_before > 0) {
        return (space_before > 0).then(|| TextRange::new(start, sentence.end));
    }
    if space_behind == 0 && space_before > 0 {
        return None;
    }
    let end = if ends_line && opens_line { behind_prefix(document, end) } else { end };
    Some(TextRange::new(sentence.start, end))
}

/// The sentence with the emphasis or the link that is all its own; `None` where other markup touches its end,
/// as a footnote mark does.
fn with_marks(document: &Document, sentence: TextRange) -> Option<TextRange> {
    let (marks, text) = (&document.markup, &document.text);
    let before = marks.partition_point(|mark| mark.end <= sentence.start).checked_sub(1);
    let before = before.and_then(|at| marks.get(at)).filter(|mark| mark.end == sentence.start);
    let behind = marks.get(marks.partition_point(|mark| mark.start < sentence.end));
    let Some(behind) = behind.filter(|mark| mark.start == sentence.end) else { return Some(sentence) };
    let closing = text.get(behind.as_usize())?;
    if closing.starts_with(['\n', '\r', ' ']) {
        return Some(sentence);
    }
    let before = before?;
    let opening = text.get(before.as_usize())?;
    let emphasis = opening == closing && opening.chars().all(|c| matches!(c, '*' | '_' | '~'));
    let is_pair = emphasis || opening == "[" && closing.starts_with(']');
    is_pair.then(|| TextRange::new(before.start, behind.end))
}

/// Where the words go on behind a line's `> ` and indentation at `at`.
fn behind_prefix(document: &Document, at: u32) -> u32 {
    let next = document.markup.partition_point(|mark| mark.end <= at);
    match document.markup.get(next) {
        Some(mark) if mark.start <= at => {
            let prefix = &document.text[at as usize..mark.end as usize];
            let is_prefix = prefix.bytes().all(|byte| matches!(byte, b'>' | b' ' | b'\t'));
            if is_prefix { mark.end } else { at }
        }
        _ => at,
    }
}

/// Returns whether every quotation mark and bracket of `text` has its other half there.
fn is_paired(text: &str) -> bool {
    const PAIRS: [(char, char); 4] = [('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}'), ('(', ')'), ('[', ']')];
    let count = |wanted: char| text.chars().filter(|&c| c == wanted).count();
    let pairs = PAIRS.iter().all(|&(open, close)| count(open) == count(close));
    let low = count('\u{201e}') == 0 && count('*') % 2 == 0 && count('_') % 2 == 0;
    pairs && low && count('"').is_multiple_of(2) && count('`').is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, sentence: &str) -> Option<String> {
        // What the reader of Markdown leaves out: the marks of quotations.
        let marks = text.match_indices("> ").map(|(at, mark)| (at as u32, (at + mark.len()) as u32));
        let mut markup: Vec<TextRange> = Vec::new();
        for (start, end) in marks {
            match markup.last_mut().filter(|last| last.end == start) {
                Some(last) => last.end = end,
                None => markup.push(TextRange::new(start, end)),
            }
        }
        let document = Document { text: text.to_owned(), markup, ..Document::default() };
        let start = text.find(sentence).unwrap_or(0) as u32;
        let range = TextRange::new(start, start + sentence.len() as u32);
        let range = cut(&document, TextRange::new(0, text.len() as u32), range)?;
        Some(format!("{}{}", &text[..range.start as usize], &text[range.end as usize..]))
    }

    #[test]
    fn the_sentence_goes_with_the_space_on_one_side() {
        for (text, expected) in [
            ("X y. A b.", "A b."),
            ("A b. X y.", "A b."),
            ("A b. X y. C d.", "A b. C d."),
            ("A b. X y.\nC d.", "A b.\nC d."),
            ("A b.\nX y. C d.", "A b.\nC d."),
            ("A b.\r\nX y.\r\nC d.", "A b.\r\nC d."),
            ("> A b.\n> X y.\n> C d.", "> A b.\n> C d."),
            ("> A b.\n> X y. C d.", "> A b.\n> C d."),
            ("> A b. X y.\n> C d.", "> A b.\n> C d."),
            ("> A b.\n> X y.", "> A b."),
            ("> > A b.\r\n> > X y.\r\n> > C d.", "> > A b.\r\n> > C d."),
        ] {
            assert_eq!(without(text, "X y.").as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn the_marks_of_its_line_are_not_its_own() {
        assert_eq!(without("> A b.\n> X y.\n> C d.", "> X y.").as_deref(), Some("> A b.\n> C d."));
    }

    #[test]
    fn half_a_quotation_stays() {
        assert_eq!(without("\"X y. A b,\" she said.", "\"X y."), None);
        assert_eq!(
            without("A b. \u{201c}X y.\u{201d} C.", "\u{201c}X y.\u{201d}").as_deref(),
            Some("A b. C.")
        );
    }
}
