//! Comments of Markdown and MDX, as far as they speak to copydesk.

use std::ops::Range;

use memchr::memmem;

use super::leaf::text_range;
use crate::document::Directive;

/// Returns where the comments of MDX, `{/* … */}`, stand in `text` from byte `from` on; not those in `code`,
/// which is in order.
pub fn in_braces(text: &str, from: usize, code: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut comments, mut at) = (Vec::new(), from);
    while let Some(found) = memmem::find(&text.as_bytes()[at..], b"/*") {
        let slash = at + found;
        at = slash + 2;
        let before = text[from..slash].trim_end_matches([' ', '\t', '\n', '\r']);
        let Some(start) = before.strip_suffix('{').map(|before| from + before.len()) else { continue };
        let later = code.partition_point(|code| code.end <= start);
        if code.get(later).is_some_and(|code| code.start <= start) {
            continue;
        }
        let Some(closing) = memmem::find(&text.as_bytes()[at..], b"*/") else { break };
        let behind = &text[at + closing + 2..];
        let rest = behind.trim_start_matches([' ', '\t', '\n', '\r']);
        if rest.starts_with('}') {
            let end = text.len() - rest.len() + 1;
            comments.push(start..end);
            at = end;
        }
    }
    comments
}

/// Returns the directive that the comment at `range` of `text` is, with its marks; `None` for any other.
pub fn directive(text: &str, range: &Range<usize>) -> Option<Directive> {
    let comment = &text[range.clone()];
    let inside = match comment.strip_prefix("<!--") {
        Some(inside) => inside.strip_suffix("-->")?,
        None => comment.trim_matches(|c: char| matches!(c, '{' | '}' | '*' | '/') || c.is_whitespace()),
    };
    Directive::of_comment(inside, text_range(range))
}
