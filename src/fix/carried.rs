//! What does a passage carry beside its words, that would be lost with it?
//!
//! Where a link leads, what a picture shows, the name that links elsewhere lead to. A repeat may go only when
//! all that it carries stands before it, too.

/// Tags that show something, whatever their attributes.
const SHOWN: &[&str] =
    &["audio", "canvas", "embed", "iframe", "img", "input", "object", "picture", "svg", "video"];

/// Attributes whose value is more than looks. What only ends like one counts, too: better a repeat that stays
/// than a link that goes.
const TELLING: &[&str] =
    &["action=", "cite=", "data=", "href=", "id=", "name=", "poster=", "src=", "srcset=", "title="];

/// What begins and ends a comment, and an expression of MDX.
const COMMENTS: &[(&str, &str)] = &[("<!--", "-->"), ("{/*", "*/}")];

/// Returns whether all that `passage` carries, written in Markdown or in tags, stands in `before` as it is.
pub(super) fn stands_in(passage: &str, before: &str) -> bool {
    let targets = ["](", "][", "[^"].iter().flat_map(|opening| targets(passage, opening));
    let comments = COMMENTS.iter().flat_map(|&(open, close)| {
        passage.match_indices(open).map(move |(at, _)| {
            let end = passage[at..].find(close).map_or(passage.len(), |end| at + end + close.len());
            &passage[at..end]
        })
    });
    targets.chain(tags(passage)).chain(comments).all(|carried| before.contains(carried))
}

/// What stands between each `opening`, whose last sign is a bracket or `^`, and the bracket that closes it.
fn targets<'a>(passage: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    let (open, close) = if opening.ends_with('(') { ('(', ')') } else { ('[', ']') };
    passage.match_indices(opening).map(move |(at, _)| {
        let mut depth = 1;
        let start = at + opening.len();
        let end = passage[start..].find(|c: char| {
            depth += i32::from(c == open) - i32::from(c == close);
            depth == 0
        });
        &passage[at..end.map_or(passage.len(), |end| start + end + 1)]
    })
}

/// The tags that show something or name a place.
fn tags(passage: &str) -> impl Iterator<Item = &str> {
    passage.match_indices('<').filter_map(|(at, _)| {
        let end = passage[at..].find('>').map_or(passage.len(), |end| at + end + 1);
        let tag = &passage[at..end];
        let inside = tag[1..].to_ascii_lowercase();
        let name = inside.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_component = is_component(&tag[1..]);
        let telling = is_component || TELLING.iter().any(|attribute| inside.contains(attribute));
        (SHOWN.contains(&name) || telling).then_some(tag)
    })
}

/// Whether the start tag with `inside` behind its `<` is a component of MDX, or an element of a page's own,
/// with properties.
fn is_component(inside: &str) -> bool {
    let end = inside.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    let own = name.starts_with(|c: char| c.is_uppercase()) && name.contains(|c: char| c.is_lowercase())
        || name.starts_with(char::is_alphabetic) && name.contains(['-', '.']);
    own && rest.contains(|c: char| !c.is_whitespace() && !matches!(c, '/' | '>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_lost_is_seen() {
        let before = "<Card title=\"One\">a</Card> <!-- seen --> [rules](a.html \"Rules\") <a href=\"b.html\">fees</a> ![boat](boat.png)[^1]\n";
        for (passage, expected) in [
            ("only words, and *some* [brackets]", true),
            ("[the rules](a.html \"Rules\")", true),
            ("[the rules](c.html)", false),
            ("[the rules][r]", false),
            ("words[^1] and more", true),
            ("words[^2] and more", false),
            ("![a boat](boat.png)", true),
            ("![a boat](pier (new).png)", false),
            ("<p class=\"x\"><b>words</b></p>", true),
            ("<p id=\"k\">words</p>", false),
            ("<a class=\"y\" href=\"b.html\">fees</a>", false),
            ("<a href=\"b.html\">fees</a>", true),
            ("<img alt=\"\">", false),
            ("<Card title=\"One\">words</Card>", true),
            ("<Card title=\"Two\">words</Card>", false),
            ("<Card kind={two}>words</Card>", false),
            ("<Card>words</Card> <P>words</P> <P CLASS='x'>words</P>", true),
            ("<x-card kind='two'>words</x-card>", false),
            ("<p title=\"why\">words</p>", false),
            ("words <!-- seen -->", true),
            ("words <!-- TODO: keep -->", false),
            ("words {/* keep */}", false),
        ] {
            assert_eq!(stands_in(passage, before), expected, "{passage}");
        }
    }
}
