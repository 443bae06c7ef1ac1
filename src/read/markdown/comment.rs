//! Comments of Markdown and MDX, as far as they speak to copydesk.

use std::ops::Range;

use super::leaf::text_range;
use crate::document::Directive;

/// Returns the directive that the comment at `range` of `text` is, with its marks; `None` for any other.
pub fn directive(text: &str, range: &Range<usize>) -> Option<Directive> {
    let comment = &text[range.clone()];
    let inside = match comment.strip_prefix("<!--") {
        Some(inside) => inside.strip_suffix("-->")?,
        None => comment.trim_matches(|c: char| matches!(c, '{' | '}' | '*' | '/') || c.is_whitespace()),
    };
    Directive::of_comment(inside, text_range(range))
}
