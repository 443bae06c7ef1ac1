//! `truncated-text`: a text is cut off before its end.

use crate::document::{BlockKind, Document, TextRange};
use crate::lint::{Flag, Rule, Settings, Severity};
use crate::segment::words;

/// The rule.
pub(super) struct TruncatedText;

impl Rule for TruncatedText {
    fn name(&self) -> &'static str {
        "truncated-text"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a text is cut off before its end"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        let Some(block) = document.blocks.last() else { return };
        let text = document.reading(block.range);
        let text = text.trim_end();
        // "READ MORE" in a line of its own looks like a heading.
        let is_mark = || block.kind == BlockKind::Heading && mark_at(text) == Some(0);
        if !(block.kind.counts() || is_mark()) {
            return;
        }
        let Some(cut) = cut(text, &document.text[..block.range.start as usize]) else { return };
        let place = document.read_from(block.range, TextRange::new(cut.start as u32, text.len() as u32));
        let range = TextRange::new(place.start, block.range.end);
        let tail = &text[cut.start..];
        let message = match cut.why {
            Why::Marked => format!("text is cut off: it ends in \"{tail}\""),
            Why::Sentence => format!("text is cut off in the middle of a sentence: \"{tail}\""),
        };
        let help = "fetch the whole article, or mark the item as a summary";
        flags.push(Flag::new(self.name(), range, message, help, text));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Marked,
    Sentence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cut {
    /// Where in the last block the mark, or the last words, begin.
    start: usize,
    why: Why,
}

/// What stands at the end of texts that were cut, lower case.
const MARKS: &[&str] = &[
    "read more",
    "continue reading",
    "read the full story",
    "read the full article",
    "click here to read more",
    "[...]",
    "[\u{2026}]",
    "(more)",
    "weiterlesen",
    "lire la suite",
    "leer m\u{e1}s",
];

/// Where the mark begins that `text` ends in, with the dots and arrows behind it.
///
/// Behind a full stop a mark counts only where it opens a sentence: "… than read more." is prose.
fn mark_at(text: &str) -> Option<usize> {
    let body = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | '!' | '\u{2026}' | '\u{bb}' | '\u{203a}' | '>' | '\u{2192}')
    });
    let ends = [text, body].into_iter();
    ends.flat_map(|end| MARKS.iter().map(move |mark| (end, mark))).find_map(|(end, mark)| {
        let start = end.len().checked_sub(mark.len()).filter(|&at| end.is_char_boundary(at))?;
        let before = text[..start].trim_end();
        let own = text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let opens = before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric() && c != ',');
        let stopped = text.len() == end.len() + 1 && text.ends_with(['.', '!']);
        (own && (opens || !stopped) && end[start..].to_lowercase() == **mark).then_some(start)
    })
}

/// How many words the last block needs before dots at its end, or a missing full stop, say something.
const WORDS: usize = 8;

/// Names of agencies that a whole story may end with, dots behind them or not.
const SIGN_OFFS: &[&str] = &["AFP", "REUTER", "REUTERS", "UPI"];

/// Whether the block `text` at the end of a document, behind `before`, is cut off.
fn cut(text: &str, before: &str) -> Option<Cut> {
    let marked = |start| Some(Cut { start, why: Why::Marked });
    if let Some(start) = counted(text) {
        return marked(start);
    }
    if let Some(start) = mark_at(text) {
        return marked(start);
    }
    let count = words(text).take(WORDS).count();
    for dots in ["\u{2026}\u{2026}", "\u{2026}", "..."] {
        if let Some(rest) = text.strip_suffix(dots) {
            // More dots than three fill a line; a sentence that ends before them is whole.
            let open = rest.ends_with(|c: char| c.is_alphanumeric() || is_comma(c) || c == ' ');
            let ended = rest.trim_end().ends_with(['.', '!', '?', '\u{3002}', '\u{ff01}', '\u{ff1f}']);
            let signed = rest.split_whitespace().next_back().is_some_and(|last| SIGN_OFFS.contains(&last));
            return (open && !ended && !signed && count >= WORDS)
                .then_some(Cut { start: rest.len(), why: Why::Marked });
        }
    }
    in_a_sentence(text, before, count)
}

/// `[+1234 chars]`, as news interfaces write it.
fn counted(text: &str) -> Option<usize> {
    let inside = text.strip_suffix(']')?;
    let start = inside.rfind('[')?;
    let rest = inside[start + 1..].strip_prefix('+')?;
    let rest = rest.strip_suffix(" chars").or_else(|| rest.strip_suffix(" characters"))?;
    (!rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())).then_some(start)
}

/// Words that no sentence ends with, where it is not a heading or a quotation.
const OPEN: &[&str] = &[
    "the", "a", "an", "and", "or", "but", "of", "to", "for", "with", "from", "by", "at", "as", "that",
    "which", "who", "whose", "because", "its", "their", "his", "her", "is", "was", "were", "are", "has",
    "have", "had", "will", "would", "than", "into", "between", "der", "die", "das", "und", "oder", "mit",
    "von", "le", "la", "les", "des", "et", "que", "los", "las", "del",
];

/// The last words of a paragraph that breaks off: behind a comma, or at a word that no sentence ends with,
/// in a text whose sentences end in full stops.
fn in_a_sentence(text: &str, before: &str, count: usize) -> Option<Cut> {
    let stops = |text: &str| {
        text.contains(". ") || text.contains(".\n") || text.ends_with('.') || text.contains('\u{3002}')
    };
    if count < WORDS || !(stops(text) || stops(before.trim_end())) {
        return None;
    }
    let last = text.split_whitespace().next_back()?;
    let open = last.ends_with(is_comma) || OPEN.contains(&last);
    if !open {
        return None;
    }
    // The last three words show where.
    let start = text
        .char_indices()
        .rev()
        .filter(|(_, c)| c.is_whitespace())
        .nth(2)
        .map_or(0, |(at, c)| at + c.len_utf8());
    Some(Cut { start, why: Why::Sentence })
}

/// The comma of any script.
const fn is_comma(c: char) -> bool {
    matches!(c, ',' | '\u{ff0c}' | '\u{3001}' | '\u{60c}')
}

const EXPLANATION: &str = "\
The text ends before the article does: in an ellipsis, in \"Read more\" or \"[…]\", in the count that
news interfaces append, or in the middle of a sentence.

    The harbour board met on Tuesday and agreed to close the pier for… [+1834 chars]
    The board agreed to close the pier because of the

A sentence counts as cut when it ends in a comma or in a word that ends none (`the`, `of`, `because`), in
a text whose sentences end in full stops. An ellipsis and a sentence are judged in a last paragraph of 8 words
or more. Quoted speech that trails off (`I thought …\"`) is left alone.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_texts_are_told_from_whole_ones() {
        let before = "The board met on Tuesday. It was late.\n\n";
        for text in [
            "The harbour board agreed to close the pier for the rest of the\u{2026}",
            "The harbour board agreed to close the pier for the rest...",
            "The harbour board agreed to close the pier for\u{2026} [+1834 chars]",
            "The harbour board agreed. Read more",
            "The harbour board agreed. Read more.",
            "The harbour board agreed. Continue reading \u{2192}",
            "READ MORE",
            "Read more.",
            "The board agreed to close the pier because of the",
            "\u{6e2f}\u{53e3}\u{59d4}\u{5458}\u{4f1a}\u{5468}\u{4e8c}\u{51b3}\u{5b9a}\u{5173}\u{95ed}\u{2026}\u{2026}",
            "The harbour board agreed to close [...]",
            "The harbour board agreed on Tuesday to close the pier and the slipway because of the",
            "The harbour board agreed on Tuesday to close the pier and the slipway, the church,",
        ] {
            assert!(cut(text, before).is_some(), "{text}");
        }
        for text in [
            "The harbour board agreed to close the pier.",
            "\"I do not know what to say about the pier...\"",
            "And so on...",
            "The harbour board agreed on Tuesday to close the pier for good, it said. REUTER...",
            "There was nothing on that long evening that she would rather do than read more.",
            "The harbour board agreed to close the pier, said Marta Quill of the county press office",
            "1 2 3 4 5 6 7 8 9 10 11 12 .......",
            "",
        ] {
            assert!(cut(text, before).is_none(), "{text}");
        }
    }
}
