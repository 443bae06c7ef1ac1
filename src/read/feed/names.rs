//! What do the elements of a feed mean? Namespaces first, then names.

use super::item::Field;

/// A vocabulary that feeds use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS and Atom themselves.
    Core,
    Content,
    DublinCore,
    Xhtml,
    Itunes,
    Rdf,
    Other,
}

impl Space {
    /// The vocabulary of a namespace name. Feeds are careless with capitals and trailing signs.
    pub fn of_uri(uri: &str) -> Self {
        let uri = uri.trim().to_ascii_lowercase();
        let starts = |list: &[&str]| list.iter().any(|start| uri.starts_with(start));
        if starts(&["http://purl.org/rss/1.0/modules/content"]) {
            Self::Content
        } else if starts(&["http://purl.org/rss/1.0/modules/"]) {
            Self::Other
        } else if starts(&[
            "http://www.w3.org/2005/atom",
            "http://purl.org/atom/",
            "http://purl.org/rss/",
            "http://purl.org/net/rss",
            "http://my.netscape.com/",
            "http://channel.netscape.com/",
            "http://backend.userland.com/rss",
            "http://blogs.law.harvard.edu/tech/rss",
            "http://cyber.law.harvard.edu/rss",
        ]) {
            Self::Core
        } else if starts(&["http://purl.org/dc/"]) {
            Self::DublinCore
        } else if starts(&["http://www.w3.org/1999/xhtml"]) {
            Self::Xhtml
        } else if starts(&["http://www.itunes.com/", "http://example.com/dtds/podcast"]) {
            Self::Itunes
        } else if starts(&["http://www.w3.org/1999/02/22-rdf"]) {
            Self::Rdf
        } else {
            Self::Other
        }
    }

    /// The vocabulary that a prefix usually stands for, where the feed does not say.
    pub fn of_prefix(prefix: &str) -> Self {
        match prefix {
            "atom" | "a" | "rss" => Self::Core,
            "content" => Self::Content,
            "dc" | "dcterms" => Self::DublinCore,
            "xhtml" | "html" => Self::Xhtml,
            "itunes" => Self::Itunes,
            "rdf" => Self::Rdf,
            _ => Self::Other,
        }
    }
}

/// What a whole feed is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Rss,
    Atom,
}

/// What an element is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The feed itself: `channel`, or the root of Atom.
    Feed,
    /// A root that only wraps the feed: `rss`, `rdf:RDF`.
    Root,
    /// `item` or `entry`.
    Item,
    /// A field of an item or of the feed.
    Field,
    Other,
}

/// What `local` of `space` is as an item's field; with its rank among those of one meaning, from 0.
pub(super) fn field(space: Space, local: &str, family: Family) -> Option<(Field, u8)> {
    let local = local.to_ascii_lowercase();
    Some(match (space, local.as_str()) {
        (Space::Core, "id" | "guid") => (Field::Id, 0),
        (Space::DublinCore, "identifier") => (Field::Id, 2),
        (Space::Core, "title") => (Field::Title, 0),
        (Space::DublinCore, "title") => (Field::Title, 1),
        (Space::Core, "link") => (Field::Link, 0),
        (Space::Core, "author") => (Field::Author, 0),
        (Space::DublinCore, "creator") => (Field::Author, 1),
        (Space::Itunes | Space::DublinCore, "author") => (Field::Author, 2),
        (Space::Core, "pubdate" | "published") => (Field::Published, 0),
        (Space::Core, "issued") => (Field::Published, 1),
        (Space::DublinCore, "date" | "issued") => (Field::Published, 2),
        (Space::Core | Space::DublinCore, "created") => (Field::Published, 3),
        (Space::Core, "updated") => (Field::Updated, 0),
        (Space::Core | Space::DublinCore, "modified") => (Field::Updated, 1),
        (Space::Core, "lastbuilddate") => (Field::Updated, 2),
        (Space::Core | Space::DublinCore, "language") => (Field::Language, 0),
        (Space::Content, "encoded") => (Field::Body, 0),
        (Space::Core, "content") if family == Family::Atom => (Field::Body, 1),
        (Space::Xhtml, "body" | "div") => (Field::Body, 2),
        (Space::Core, "body" | "fullitem") => (Field::Body, 3),
        (Space::Core, "description" | "content") => (Field::Body, 4),
        (Space::Core, "summary") => (Field::Body, 5),
        (Space::DublinCore, "description" | "abstract") => (Field::Body, 6),
        (Space::Itunes, "summary") => (Field::Body, 7),
        _ => return None,
    })
}
