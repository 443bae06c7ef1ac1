//! Which blocks of a page are its article?
//!
//! The author's own marks decide where there are any: `itemprop="articleBody"`, then the `<article>` that
//! holds most of the text, then `<main>`. Inside of it, or on a page without marks, navigation, asides,
//! footers, forms, blocks that are mostly links, and what is called `sidebar` or `share` are left out; a
//! page without marks is also cut to what lies between its first and its last long paragraph.
//!
//! Nothing is moved or rewritten: what stays keeps its exact place, which no readability crate can say of
//! the tree that it hands out.

use std::ops::Range;

use super::marks::{Mark, MarkKind, Span, spans};
use crate::document::{BlockKind, Document, SourceMap, TextRange};

/// A block of so many characters is running text, and not a label.
const LONG: usize = 80;

/// A container is taken for the article if it holds at least this share (in per cent) of the running text
/// of the page.
const SHARE: usize = 40;

/// How many elements of a kind are weighed; a page of more is a list.
const CANDIDATES: usize = 100;

/// Cuts `document`, rendered from a page with `marks`, to the main content; `map` leads to the page, which
/// ends at byte `end`. Returns the new map. A page in which nothing is found stays as it is.
pub fn cut(document: &mut Document, map: SourceMap, marks: &[Mark], end: usize) -> SourceMap {
    let spans = spans(marks, end);
    let page = Page::new(document, &map, &spans, end);
    let kept = page.chosen();
    if kept.is_empty() || kept.len() == document.blocks.len() {
        return map;
    }
    let mut text = String::new();
    let mut parts = Vec::with_capacity(kept.len());
    let mut blocks = Vec::with_capacity(kept.len());
    for index in kept {
        let mut block = document.blocks[index];
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len() as u32;
        parts.push((block.range, start));
        text.push_str(&document.text[block.range.as_usize()]);
        block.range = TextRange::new(start, text.len() as u32);
        blocks.push(block);
    }
    let mut code = Vec::new();
    for &(range, start) in &parts {
        let after = document.code.partition_point(|code| code.end <= range.start);
        for inside in document.code[after..].iter().take_while(|code| code.start < range.end) {
            let at = |byte: u32| start + (byte.clamp(range.start, range.end) - range.start);
            code.push(TextRange::new(at(inside.start), at(inside.end)));
        }
    }
    document.code = code;
    document.text = text;
    document.blocks = blocks;
    let map = map.of_parts(&parts);
    for directive in &mut document.directives {
        let at = directive.source.map_or(0, |source| map.text_offset(source.start.into())) as u32;
        directive.range = TextRange::new(at, at);
    }
    map
}

/// A block, as far as the choice needs it.
struct Seen {
    kind: BlockKind,
    /// Where it begins in the page.
    at: usize,
    /// Characters.
    length: usize,
    /// Per cent of it that is links.
    linked: usize,
}

impl Seen {
    fn is_text(&self) -> bool {
        self.length >= LONG && self.linked < 34 && self.kind != BlockKind::Heading
    }
}

struct Page<'s> {
    blocks: Vec<Seen>,
    spans: &'s [Span],
    end: usize,
}

impl<'s> Page<'s> {
    fn new(document: &Document, map: &SourceMap, spans: &'s [Span], end: usize) -> Self {
        let links: Vec<&Range<usize>> =
            spans.iter().filter(|span| span.kind == MarkKind::Link).map(|span| &span.range).collect();
        let mut next = 0;
        let blocks = document.blocks.iter().map(|block| {
            let source = map.source_range(block.range);
            let (start, end) = (source.start as usize, source.end as usize);
            while links.get(next).is_some_and(|link| link.end <= start) {
                next += 1;
            }
            let inside = links[next..].iter().take_while(|link| link.start < end);
            let linked: usize = inside
                .map(|link| {
                    let (from, to) = (link.start.max(start), link.end.min(end));
                    let from = map.text_offset(from as u64).max(block.range.start as usize);
                    let to = map.text_offset(to as u64).min(block.range.end as usize);
                    to.saturating_sub(from)
                })
                .sum();
            let bytes = block.range.len() as usize;
            let length = document.text[block.range.as_usize()].chars().count();
            Seen { kind: block.kind, at: start, length, linked: linked.min(bytes) * 100 / bytes.max(1) }
        });
        Self { blocks: blocks.collect(), spans, end }
    }

    /// The indexes of the blocks that stay.
    fn chosen(&self) -> Vec<usize> {
        let whole = 0..self.end;
        let all = self.weight(&whole);
        let heaviest = |kind: MarkKind| {
            let of_kind = self.spans.iter().filter(|span| span.kind == kind).take(CANDIDATES);
            of_kind.map(|span| (self.weight(&span.range), &span.range)).max_by_key(|(weight, range)| {
                // Of two that hold the same the inner one.
                (*weight, usize::MAX - range.len())
            })
        };
        let enough = |&(weight, _): &(usize, _)| weight > 0 && weight * 100 >= all * SHARE;
        let marked = [MarkKind::Body, MarkKind::Article, MarkKind::Main]
            .into_iter()
            .find_map(|kind| heaviest(kind).filter(enough));
        let (range, is_marked) = marked.map_or((&whole, false), |(_, range)| (range, true));
        let around = self.around(range);
        let kept: Vec<usize> = (0..self.blocks.len())
            .filter(|&index| {
                let block = &self.blocks[index];
                range.contains(&block.at) && !is_around(block, &around) && !is_links(block)
            })
            .collect();
        if is_marked {
            return kept;
        }
        let text = |index: &usize| self.blocks[*index].is_text();
        let (Some(first), Some(last)) = (kept.iter().position(text), kept.iter().rposition(text)) else {
            return Vec::new();
        };
        // The headings right before the first paragraph belong to it.
        let headings = kept[..first].iter().rev();
        let headings = headings.take_while(|&&index| self.blocks[index].kind == BlockKind::Heading).count();
        kept[first - headings..=last].to_vec()
    }

    /// How much running text of the article there may be in `range`, in characters.
    fn weight(&self, range: &Range<usize>) -> usize {
        let around = self.around(range);
        let inside = self.blocks.iter().filter(|block| range.contains(&block.at));
        inside.filter(|block| block.is_text() && !is_around(block, &around)).map(|block| block.length).sum()
    }

    /// What in `range` is none of the article, disjoint and in order. What holds all of the range is not
    /// in it.
    fn around(&self, range: &Range<usize>) -> Vec<(Range<usize>, MarkKind)> {
        let mut out: Vec<(Range<usize>, MarkKind)> = Vec::new();
        for span in self.spans {
            let counts = matches!(span.kind, MarkKind::Around | MarkKind::Header);
            let inside = range.contains(&span.range.start) && span.range != *range;
            // A wrapper around most of the page is called what it likes.
            if counts && inside && out.last().is_none_or(|(last, _)| last.end <= span.range.start) {
                out.push((span.range.clone(), span.kind));
            }
        }
        out
    }
}

fn is_around(block: &Seen, around: &[(Range<usize>, MarkKind)]) -> bool {
    let after = around.partition_point(|(range, _)| range.start <= block.at);
    let Some((range, kind)) = after.checked_sub(1).map(|index| &around[index]) else { return false };
    // The standfirst of an article stands in its header.
    range.contains(&block.at) && !(*kind == MarkKind::Header && block.is_text())
}

/// Whether it is links and nothing but: a list of other articles, a menu, tags.
fn is_links(block: &Seen) -> bool {
    block.linked > 60 && block.length < 3 * LONG || block.linked > 90
}

#[cfg(test)]
mod tests {
    use super::super::page;
    use super::*;

    fn main_content(html: &str) -> String {
        let mut document = Document::default();
        let map = page(html, &mut document, true, true);
        for block in &document.blocks {
            let words = &document.text[block.range.as_usize()];
            let stored = map.source_range(block.range);
            let source = &html[stored.start as usize..stored.end as usize];
            assert!(source.starts_with(&words[..3]), "{words} {source}");
        }
        document.text
    }

    const STORY: &str = "<p>The bridge over the Orrin is closed until Friday, the county said on Tuesday, and the buses turn round at the mill.</p><p>Short one.</p><p>Engineers found two broken bearings under the eastern span when the tide was low, and a third that is worn.</p>";
    const PLAIN: &str = "The bridge over the Orrin is closed until Friday, the county said on Tuesday, and the buses turn round at the mill.\n\nShort one.\n\nEngineers found two broken bearings under the eastern span when the tide was low, and a third that is worn.";

    #[test]
    fn marks_tell_the_article() {
        for (before, after) in [
            ("<article>", "</article>"),
            ("<main>", "</main>"),
            ("<div role='main'><div>", "</div></div>"),
            (
                "<article><header><h1>Bridge</h1><p>By Lotte Brand</p></header><div itemprop='articleBody'>",
                "</div><aside>More</aside></article>",
            ),
            (
                "<article><div class='share-bar'>Share</div>",
                "<ul class='related'><li>Other story</li></ul></article>",
            ),
            ("<main><article>", "</article><article><p>A teaser of another story.</p></article></main>"),
        ] {
            let page = format!(
                "<body><header><p>The Averil Courier</p></header><nav><ul><li><a href='/'>Home</a></li></ul></nav>{before}{STORY}{after}<footer><p>All rights reserved by the publishers of this newspaper, who are the Averil Courier Company Limited.</p></footer></body>"
            );
            assert_eq!(main_content(&page), PLAIN, "{before}");
        }
    }

    #[test]
    fn a_page_without_marks_is_cut_by_its_text() {
        let page = format!(
            "<table><tr><td><a href='/'>Home</a> <a href='/n'>News</a></td></tr></table><div>Averil Courier</div><h1>Bridge closed</h1>{STORY}<div><a href='1'>Ferry runs again</a></div><div>Contact us</div>"
        );
        assert_eq!(main_content(&page), format!("Bridge closed\n\n{PLAIN}"));
    }

    #[test]
    fn a_page_of_nothing_but_labels_stays() {
        assert_eq!(main_content("<p>One.</p><p>Two.</p>"), "One.\n\nTwo.");
    }
}
