//! Comments in which the author speaks to copydesk: `<!-- copydesk-disable-next: reason -->`.

use super::{Document, Location, SourceMap, SourceRange, TextRange};

/// What every such comment begins with.
pub const DIRECTIVE: &str = "copydesk-";

/// One comment to copydesk. What its words mean is not the reader's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Where it stands in the document's text: the whole comment in Markdown; an empty range in HTML, whose
    /// rendered text has no comments.
    pub range: TextRange,
    /// What stands in the comment, on one line, from [`DIRECTIVE`] on.
    pub words: String,
    /// Where the comment stands in the source that was rendered, if one was.
    pub source: Option<TextRange>,
    /// Where it is stored, if its reader knows better than by `range`.
    pub stored: Option<SourceRange>,
}

impl Directive {
    /// Returns the directive that a comment is: `inside` is what stands between its marks. `None` for any
    /// other comment.
    #[must_use]
    pub fn of_comment(inside: &str, range: TextRange) -> Option<Self> {
        // `<!---` opens a comment too.
        let inside = inside.trim_matches(|c: char| c.is_whitespace() || c == '-');
        inside.starts_with(DIRECTIVE).then(|| Self {
            range,
            words: inside.split_whitespace().collect::<Vec<_>>().join(" "),
            source: None,
            stored: None,
        })
    }
}

impl Document {
    /// Notes where the directives are stored whose places in the rendered source are known; `maps` lead from
    /// there down to the file.
    pub fn place_directives(&mut self, maps: &[&SourceMap]) {
        for directive in &mut self.directives {
            let Some(source) = directive.source else { continue };
            let mut range = SourceRange { start: source.start.into(), end: source.end.into() };
            for map in maps {
                let (Ok(start), Ok(end)) = (u32::try_from(range.start), u32::try_from(range.end)) else {
                    return;
                };
                range = map.source_range(TextRange::new(start, end));
            }
            directive.stored = Some(range);
        }
    }

    /// Returns where directive number `index` stands; `None` where the read kept no places.
    #[must_use]
    pub fn locate_directive(&self, index: usize) -> Option<Location> {
        let directive = self.directives.get(index)?;
        let mut location = self.locate(directive.range)?;
        if let (Some(stored), Some(places)) = (directive.stored, &self.places) {
            location.start = places.lines.position(stored.start);
            location.end = places.lines.position(stored.end);
        }
        location.paragraph = None;
        Some(location)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_to_copydesk_are_directives() {
        let range = TextRange::new(3, 9);
        let words = |inside| Directive::of_comment(inside, range).map(|directive| directive.words);
        assert_eq!(words("  copydesk-disable:\n  why \n").as_deref(), Some("copydesk-disable: why"));
        assert_eq!(words("- copydesk-enable -").as_deref(), Some("copydesk-enable"));
        assert_eq!(words("see copydesk-disable"), None);
        assert_eq!(words(""), None);
    }
}
