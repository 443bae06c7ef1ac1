//! What a reader sees of a text: its words without the markup, and with what some markup stands for.

use std::borrow::Cow;

use super::{Document, TextRange};

/// A piece of the text that its reader sees as other text: a character reference (`&amp;`), a line break (`<br>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// The piece, in bytes of [`Document::text`]; not empty.
    pub range: TextRange,
    /// What it stands for.
    pub text: Box<str>,
}

impl Document {
    /// Returns the text of `range` as its reader sees it: without the markup inside it, and with what its
    /// [`StandIn`]s stand for.
    ///
    /// Borrows from the document when the range holds neither. A stand-in is read by the range that holds
    /// its first byte.
    #[must_use]
    pub fn reading(&self, range: TextRange) -> Cow<'_, str> {
        let (marks, stand_ins) = self.not_as_they_stand(range);
        if marks.is_empty() && stand_ins.is_empty() {
            return Cow::Borrowed(&self.text[range.as_usize()]);
        }
        let mut out = String::with_capacity(range.len() as usize);
        self.pieces(range, |_, read, _| out.push_str(read));
        Cow::Owned(out)
    }

    /// Returns where bytes `part` of the reading of `range` stand in the text; the whole of every stand-in
    /// that `part` holds a byte of. Nothing where `part` is empty.
    #[must_use]
    pub fn read_from(&self, range: TextRange, part: TextRange) -> TextRange {
        let (mut at, mut found) = (0, None);
        self.pieces(range, |place, read, as_it_stands| {
            let (from, to) = (part.start.max(at), part.end.min(at + read.len() as u32));
            if from < to {
                let inside = |byte: u32| place.start + (byte - at);
                let place = if as_it_stands { TextRange::new(inside(from), inside(to)) } else { place };
                let start = found.map_or(place.start, |before: TextRange| before.start);
                found = Some(TextRange::new(start, place.end));
            }
            at += read.len() as u32;
        });
        found.unwrap_or(TextRange::new(range.start, range.start))
    }

    /// The markup and the stand-ins that have a part in `range`.
    fn not_as_they_stand(&self, range: TextRange) -> (&[TextRange], &[StandIn]) {
        let marks = &self.markup[self.markup.partition_point(|mark| mark.end <= range.start)..];
        let marks = &marks[..marks.partition_point(|mark| mark.start < range.end)];
        let stand_ins = &self.stand_ins[self.stand_ins.partition_point(|s| s.range.end <= range.start)..];
        (marks, &stand_ins[..stand_ins.partition_point(|s| s.range.start < range.end)])
    }

    /// Hands over the pieces of `range` that are read, in order: where each stands, what is read, and
    /// whether that is the text itself.
    fn pieces<'d>(&'d self, range: TextRange, mut take: impl FnMut(TextRange, &'d str, bool)) {
        let (marks, stand_ins) = self.not_as_they_stand(range);
        let mut marks = marks.iter().map(|&mark| (mark, None)).peekable();
        let mut stand_ins = stand_ins.iter().map(|s| (s.range, Some(&*s.text))).peekable();
        let mut at = range.start;
        loop {
            let marks_first = match (marks.peek(), stand_ins.peek()) {
                (Some((mark, _)), Some((stand_in, _))) => mark.start <= stand_in.start,
                (mark, _) => mark.is_some(),
            };
            let next = if marks_first { marks.next() } else { stand_ins.next() };
            let Some((place, read)) = next else { break };
            if place.start > at {
                let before = TextRange::new(at, place.start);
                take(before, &self.text[before.as_usize()], true);
            }
            if let Some(read) = read.filter(|_| place.start >= at) {
                take(place, read, false);
            }
            at = at.max(place.end);
        }
        if at < range.end {
            let rest = TextRange::new(at, range.end);
            take(rest, &self.text[rest.as_usize()], true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document {
            text: "> one **two**\n> three &amp; f&eacute;<br>".to_owned(),
            markup: vec![
                TextRange::new(0, 2),
                TextRange::new(6, 8),
                TextRange::new(11, 13),
                TextRange::new(14, 16),
            ],
            stand_ins: vec![
                StandIn { range: TextRange::new(22, 27), text: "&".into() },
                StandIn { range: TextRange::new(29, 37), text: "\u{e9}".into() },
                StandIn { range: TextRange::new(37, 41), text: "\n".into() },
            ],
            ..Document::default()
        }
    }

    #[test]
    fn reading_leaves_markup_out() {
        let document = document();
        assert_eq!(document.reading(TextRange::new(0, 21)), "one two\nthree");
        assert_eq!(document.reading(TextRange::new(2, 5)), "one");
        assert!(matches!(document.reading(TextRange::new(2, 5)), Cow::Borrowed(_)));
        assert_eq!(document.reading(TextRange::new(7, 12)), "two");
    }

    #[test]
    fn reading_puts_in_what_stands_for_other_text() {
        let document = document();
        assert_eq!(document.reading(TextRange::new(0, 41)), "one two\nthree & f\u{e9}\n");
        assert_eq!(document.reading(TextRange::new(16, 22)), "three ");
        // Cut in two, it is read once.
        assert_eq!(document.reading(TextRange::new(16, 24)), "three &");
        assert_eq!(document.reading(TextRange::new(24, 29)), " f");
    }

    #[test]
    fn every_byte_of_a_reading_is_found_again() {
        let document = document();
        let whole = TextRange::new(0, 41);
        let reading = document.reading(whole);
        let place = |words: &str| {
            let start = reading.find(words).unwrap_or_default() as u32;
            let range = document.read_from(whole, TextRange::new(start, start + words.len() as u32));
            &document.text[range.as_usize()]
        };
        assert_eq!(place("two"), "two");
        assert_eq!(place("one two"), "one **two");
        assert_eq!(place("three & f"), "three &amp; f");
        assert_eq!(place("f\u{e9}"), "f&eacute;");
        assert_eq!(place("&"), "&amp;");
        assert_eq!(place("\u{e9}\n"), "&eacute;<br>");
        assert!(document.read_from(whole, TextRange::new(3, 3)).is_empty());
    }
}
