//! Takes a block out of a text that is written in tags: HTML, in a file or in a string of JSON, and XML.

use crate::document::{Document, Places, SourceRange, TextRange};
use crate::read::html::ends_paragraph;

/// Elements that go when nothing is left in them.
const EMPTIED: &[&str] = &[
    "p",
    "li",
    "blockquote",
    "figcaption",
    "figure",
    "ul",
    "ol",
    "div",
    "center",
    "caption",
    "block",
    "hl2",
];

/// Elements inside a paragraph that go with all their text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "cite", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup",
    "tt", "u", "code", "ins",
];

/// Elements without an end tag.
const VOID: &[&str] = &["br", "hr", "img", "input", "wbr", "source", "col", "embed"];

/// Elements whose end tag may be left out.
const OPEN_ENDED: &[&str] = &["p", "li"];

/// Returns the stored bytes that have to be cut so that the block at `block` is gone, with the element it
/// stands in and every one that would be empty then; `None` where it does not fill an element.
pub(super) fn cut(document: &Document, block: TextRange) -> Option<SourceRange> {
    let places = document.places.as_ref()?;
    let source = Source::of(document)?;
    let stored = places.map.source_range(block);
    let offset = |byte| places.lines.offset(byte);
    let (start, end) = source.element(offset(stored.start), offset(stored.end))?;
    Some(places.lines.stored(start, end))
}

/// Returns whether every tag in the stored bytes `stored` has its other half there.
pub(super) fn are_paired(places: &Places, stored: SourceRange) -> bool {
    let text = places.lines.text();
    let inside = text.get(places.lines.offset(stored.start)..places.lines.offset(stored.end));
    inside.and_then(unpaired).is_some_and(|(closing, opening)| closing == 0 && opening == 0)
}

/// A text with tags.
struct Source<'a> {
    text: &'a str,
    /// Whether it stands in a JSON string: white space may be an escape.
    escaped: bool,
}

/// A tag and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    closes: bool,
}

impl Tag<'_> {
    fn is_one_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| name.eq_ignore_ascii_case(self.name))
    }

    /// Whether `next`, behind the text of this element without an end tag, ends it.
    fn ends_before(&self, next: Tag<'_>) -> bool {
        let same = next.name.eq_ignore_ascii_case(self.name);
        next.closes || same || self.is_one_of(&["p"]) && ends_paragraph(next.name)
    }
}

impl<'a> Source<'a> {
    fn of(document: &'a Document) -> Option<Self> {
        let text = document.places.as_ref()?.lines.text();
        let escaped = matches!(document.origin.format, "jsonl" | "json" | "ninjs")
            || (document.origin.format == "feed" && text.trim_start().starts_with('{'));
        Some(Self { text, escaped })
    }

    /// The element that `start..end` fills, and all that would be empty without it.
    fn element(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let (mut start, mut end) = (start, end);
        let mut is_element = false;
        loop {
            let (closing, opening) = unpaired(self.text.get(start..end)?)?;
            let left = self.tag_before(start);
            let right = self.tag_behind(end);
            match (left, right) {
                (Some(left), _) if closing > 0 && !left.closes && left.is_one_of(INLINE) => {
                    start = left.start
                }
                (_, Some(right)) if opening > 0 && right.closes && right.is_one_of(INLINE) => end = right.end,
                _ if closing > 0 || opening > 0 => return None,
                (Some(left), Some(right))
                    if !left.closes
                        && right.closes
                        && left.name.eq_ignore_ascii_case(right.name)
                        && (left.is_one_of(EMPTIED) || left.is_one_of(INLINE)) =>
                {
                    is_element |= left.is_one_of(EMPTIED);
                    (start, end) = (left.start, right.end);
                }
                (Some(left), right) if !is_element && !left.closes && left.is_one_of(OPEN_ENDED) => {
                    // A comment, or the like, may stand in the element or behind it.
                    let markup = right.is_none() && self.text[self.trimmed_start(end)..].starts_with('<');
                    if markup || !right.is_none_or(|right| left.ends_before(right)) {
                        return None;
                    }
                    is_element = true;
                    start = left.start;
                    break;
                }
                _ => break,
            }
        }
        if !is_element {
            return None;
        }
        // The line that it stood on goes as well.
        let space = self.trimmed_end(start);
        let behind = self.text.get(end..)?;
        let breaks =
            self.text.get(space..start)?.contains('\n') || self.text.get(space..start)?.contains("\\n");
        let ends_line = behind.is_empty() || self.trimmed_start(end) > end;
        Some(if breaks && ends_line { (space, end) } else { (start, end) })
    }

    /// Where the white space begins that ends at `at`.
    fn trimmed_end(&self, at: usize) -> usize {
        let mut rest = &self.text[..at];
        loop {
            let trimmed = rest.trim_end();
            let trimmed = if self.escaped {
                ["\\n", "\\r", "\\t"]
                    .iter()
                    .find_map(|escape| trimmed.strip_suffix(escape))
                    .unwrap_or(trimmed)
            } else {
                trimmed
            };
            if trimmed.len() == rest.len() {
                return rest.len();
            }
            rest = trimmed;
        }
    }

    /// Where the white space ends that begins at `at`.
    fn trimmed_start(&self, at: usize) -> usize {
        let mut rest = &self.text[at..];
        loop {
            let trimmed = rest.trim_start();
            let trimmed = if self.escaped {
                ["\\n", "\\r", "\\t"]
                    .iter()
                    .find_map(|escape| trimmed.strip_prefix(escape))
                    .unwrap_or(trimmed)
            } else {
                trimmed
            };
            if trimmed.len() == rest.len() {
                return self.text.len() - rest.len();
            }
            rest = trimmed;
        }
    }

    /// The tag that ends before `at`, white space left aside.
    fn tag_before(&self, at: usize) -> Option<Tag<'a>> {
        let end = self.trimmed_end(at);
        let inside = self.text[..end].strip_suffix('>')?;
        let start = inside.rfind(['<', '>']).filter(|&at| inside[at..].starts_with('<'))?;
        tag(self.text, start, end)
    }

    /// The tag that begins behind `at`, white space left aside.
    fn tag_behind(&self, at: usize) -> Option<Tag<'a>> {
        let start = self.trimmed_start(at);
        let inside = self.text[start..].strip_prefix('<')?;
        let end = inside.find(['<', '>']).filter(|&at| inside[at..].starts_with('>'))?;
        tag(self.text, start, start + 1 + end + 1)
    }
}

/// The tag that is `text[start..end]`, with its `<` and `>`.
fn tag(text: &str, start: usize, end: usize) -> Option<Tag<'_>> {
    let inside = text.get(start + 1..end - 1)?;
    let name = inside.strip_prefix("\\/").or_else(|| inside.strip_prefix('/'));
    let closes = name.is_some();
    let name = name.unwrap_or(inside);
    let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = &name[..length];
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(Tag { start, end, name, closes })
}

/// How many end tags of `text` have no start tag there, and how many start tags no end tag; `None` where
/// the tags are not nested, or are none.
fn unpaired(text: &str) -> Option<(usize, usize)> {
    let mut open: Vec<Tag<'_>> = Vec::new();
    let mut closing = 0;
    let mut at = 0;
    while let Some(start) = text[at..].find('<') {
        let start = at + start;
        let end = start + text[start..].find('>')? + 1;
        at = end;
        let tag = tag(text, start, end)?;
        if tag.is_one_of(VOID) || text[..end].ends_with("/>") {
            continue;
        }
        if !tag.closes {
            open.push(tag);
        } else if let Some(opened) = open.pop() {
            if !opened.name.eq_ignore_ascii_case(tag.name) {
                return None;
            }
        } else {
            closing += 1;
        }
    }
    Some((closing, open.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` without the element that the last `copy` is all of.
    fn without(text: &str) -> Option<String> {
        let start = text.rfind("copy").unwrap_or(0);
        let end = start + if text[start..].starts_with("copy</b> x") { 10 } else { 4 };
        let (start, end) = Source { text, escaped: text.contains('\\') }.element(start, end)?;
        Some(format!("{}{}", &text[..start], &text[end..]))
    }

    #[test]
    fn the_element_goes_and_what_it_leaves_empty() {
        for (text, expected) in [
            ("<p>a</p><p>copy</p><p>c</p>", "<p>a</p><p>c</p>"),
            ("<p>a</p>\n  <p class=\"x\">copy</p>\n  <p>c</p>", "<p>a</p>\n  <p>c</p>"),
            ("<div><ul><li>copy</li></ul><p>b</p></div>", "<div><p>b</p></div>"),
            ("<p>a<p>copy<p>c", "<p>a<p>c"),
            ("<p>a</p><p><b>copy</b> x</p>", "<p>a</p>"),
            ("<p>a</p><p><em><b>copy</b></em></p>z", "<p>a</p>z"),
            (r#"<p>a<\/p>\n<p class=\"x\">copy<\/p>\n<p>c<\/p>"#, r"<p>a<\/p>\n<p>c<\/p>"),
            ("<section><p>copy</p></section>", "<section></section>"),
        ] {
            assert_eq!(without(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_does_not_fill_an_element_stays() {
        for text in [
            "<p>a copy</p>",
            "<td>copy</td>",
            "&lt;p&gt;copy&lt;/p&gt;",
            "<p>copy<br>b</p>",
            "<p>copy <a>b</a></p>",
            "<ul><li>copy<ul><li>b</li></ul></li></ul>",
            "<ul><li>copy<p>b</p></li></ul>",
            "<p>a</p><p>copy<!-- note --></p>",
            "<p>a</p><p>copy <!-- a <b> > c --> </p><p>c</p>",
            "<p>a</p><p><!-- note -->copy</p>",
            "<ul><li>copy<!-- note -->\n<li>b</ul>",
            "<p>a<p>copy<?note?><p>c",
        ] {
            assert_eq!(without(text), None, "{text}");
        }
    }
}
