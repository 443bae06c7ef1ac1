//! The tags that tell what is the article of a page and what stands around it.

use std::ops::Range;

use super::tokens::Attributes;

/// What an element is to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// `itemprop="articleBody"`.
    Body,
    /// `<article>`.
    Article,
    /// `<main>`.
    Main,
    /// What heads a page or an article; a standfirst may be in it.
    Header,
    /// What is none of the article: navigation, asides, footers, forms.
    Around,
    /// A link.
    Link,
    /// Any other element that nests.
    Other,
}

/// A tag that tells something, at a byte of the page.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Index of the element's name in [`NAMES`].
    pub name: u8,
    /// What its element is; of an end tag nothing.
    pub kind: MarkKind,
    /// Where the tag begins; of an end tag where it ends.
    pub at: usize,
    pub is_end: bool,
}

/// An element of a kind that tells something, from its start tag to its end.
#[derive(Clone, Debug)]
pub struct Span {
    pub kind: MarkKind,
    pub range: Range<usize>,
}

/// The elements that tell something.
const NAMES: [&[u8]; 12] = [
    b"a", b"article", b"aside", b"div", b"footer", b"form", b"header", b"main", b"nav", b"ol", b"section",
    b"ul",
];

/// How many open elements are searched for the one that an end tag closes.
const SEARCHED: usize = 1000;

/// Words in classes and ids of what stands around articles.
const AROUND: [&str; 22] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "cookie",
    "cookies",
    "footer",
    "nav",
    "navbar",
    "newsletter",
    "pagination",
    "promo",
    "related",
    "share",
    "sharing",
    "sidebar",
    "social",
    "sponsored",
];

impl Mark {
    /// Returns whether attributes may tell what the element called `name` is.
    pub fn may_be(name: &[u8]) -> bool {
        name != b"a" && NAMES.contains(&name)
    }

    /// Returns the mark of the tag of the element called `name`, at byte `at`; `None` for one that tells
    /// nothing.
    pub fn of(name: &[u8], attributes: &Attributes, at: usize, is_end: bool) -> Option<Self> {
        let index = NAMES.iter().position(|known| *known == name)?;
        let kind = if is_end { MarkKind::Other } else { MarkKind::of(name, attributes)? };
        Some(Self { name: index as u8, kind, at, is_end })
    }
}

impl MarkKind {
    /// Returns what the element called `name` is; `None` for one that tells nothing.
    fn of(name: &[u8], attributes: &Attributes) -> Option<Self> {
        let plain = match name {
            b"article" => Self::Article,
            b"main" => Self::Main,
            b"header" => Self::Header,
            b"nav" | b"aside" | b"footer" | b"form" => Self::Around,
            b"a" => return Some(Self::Link),
            b"div" | b"section" | b"ul" | b"ol" => Self::Other,
            _ => return None,
        };
        if attributes.value("itemprop").is_some_and(|it| it.split_whitespace().any(|it| it == "articleBody"))
        {
            return Some(Self::Body);
        }
        match attributes.value("role").unwrap_or("") {
            "main" => return Some(Self::Main),
            "article" => return Some(Self::Article),
            "navigation" | "banner" | "contentinfo" | "complementary" | "search" | "dialog"
            | "alertdialog" => {
                return Some(Self::Around);
            }
            _ => {}
        }
        let named = ["class", "id"].into_iter().filter_map(|name| attributes.value(name));
        let mut words = named.flat_map(|value| value.split(|c: char| !c.is_ascii_alphanumeric()));
        let around = plain == Self::Other
            && words.any(|word| AROUND.iter().any(|known| word.eq_ignore_ascii_case(known)));
        Some(if around { Self::Around } else { plain })
    }
}

/// Returns the elements that `marks` open and close, by where they begin; `end` is the end of the page.
pub fn spans(marks: &[Mark], end: usize) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open: Vec<(usize, u8)> = Vec::new();
    for mark in marks {
        if !mark.is_end {
            open.push((spans.len(), mark.name));
            spans.push(Span { kind: mark.kind, range: mark.at..end });
            continue;
        }
        let mut searched = open.iter().rev().take(SEARCHED);
        let Some(above) = searched.position(|&(_, name)| name == mark.name) else { continue };
        for (span, _) in open.drain(open.len() - above - 1..) {
            spans[span].range.end = mark.at;
        }
    }
    spans
}
