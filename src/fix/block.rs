//! Takes a block out of a text that is made of lines: plain text, Markdown, the body of a record.

use crate::document::TextRange;

/// Returns what has to be cut from `text` so that the block at `block` is gone, and with it its list
/// marker or `> ` and the blank lines that would be one too many.
///
/// Where all that stands before it goes as well (`leads`), it leaves no blank lines behind. `None` where the
/// block shares its lines with something else.
#[must_use]
pub fn cut(text: &str, block: TextRange, leads: bool) -> Option<TextRange> {
    let (start, end) = (block.start as usize, block.end as usize);
    let first = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let rest = &text[end..];
    let last = end + rest.find(['\n', '\r']).unwrap_or(rest.len());
    if !is_container(&text[first..start]) || !text[end..last].trim().is_empty() {
        return None;
    }
    let next = behind_line_end(text, last);
    if item_goes_on(text, &text[first..start], next) {
        return None;
    }
    let (above, bare_above) = blank_above(text, first);
    let (below, bare_below) = blank_below(text, next);
    let is_last = text[below..].is_empty();
    let range = if leads {
        first..below
    } else if is_last || (above < first && below > next) {
        if !is_last && bare_above && !bare_below {
            // The blank line outside of a quotation stays, the one inside goes.
            first..below
        } else {
            // From the end of the line above: what ends the block's last line ends that one then.
            before_line_end(text, above)..last
        }
    } else {
        first..next
    };
    Some(TextRange::new(range.start as u32, range.end as u32))
}

/// Returns whether `prefix`, what stands before a block on its first line, is white space, `> `, list
/// markers and check boxes.
fn is_container(prefix: &str) -> bool {
    prefix.split_whitespace().all(|part| {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_digit());
        matches!(part, "-" | "*" | "+" | "[" | "]" | "[x]" | "[X]" | "\u{2022}" | "\u{2013}" | "\u{2014}")
            || part.bytes().all(|byte| byte == b'>')
            || (digits.len() < part.len() && matches!(digits, "." | ")"))
    })
}

/// Whether what stands from `at` on, behind the block with `prefix` before it, belongs to the list item that
/// the block opens: it stands in the same quotations, and further to the right than the marker.
fn item_goes_on(text: &str, prefix: &str, at: usize) -> bool {
    let Some(marker) = prefix.find(|c: char| !c.is_whitespace() && c != '>') else { return false };
    let (below, _) = blank_below(text, at);
    let line = text[below..].split(['\n', '\r']).next().unwrap_or_default();
    let quotations = prefix[..marker].matches('>').count();
    indentation(line, quotations) > indentation(&prefix[..marker], quotations)
}

/// How many white characters stand behind the `quotations`th `>` of `line`; `None` where it has fewer.
fn indentation(line: &str, quotations: usize) -> Option<usize> {
    let mut rest = line;
    for _ in 0..quotations {
        rest = rest.trim_start().strip_prefix('>')?;
    }
    Some(rest.len() - rest.trim_start().len())
}

/// The start of the first of the blank lines right above the line that starts at `at`, and whether one of
/// them is blank without a `>`.
fn blank_above(text: &str, at: usize) -> (usize, bool) {
    let (mut start, mut bare) = (at, false);
    while start > 0 {
        let end = before_line_end(text, start);
        let line = text[..end].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let Some(is_bare) = blank(&text[line..end]) else { break };
        (start, bare) = (line, bare | is_bare);
    }
    (start, bare)
}

/// The end of the last of the blank lines from `at`, and whether one of them is blank without a `>`.
fn blank_below(text: &str, at: usize) -> (usize, bool) {
    let (mut end, mut bare) = (at, false);
    while end < text.len() {
        let rest = &text[end..];
        let last = end + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let Some(is_bare) = blank(&text[end..last]) else { break };
        (end, bare) = (behind_line_end(text, last), bare | is_bare);
    }
    (end, bare)
}

/// Whether `line` is blank, if it is: `Some(false)` for a blank line of a quotation.
fn blank(line: &str) -> Option<bool> {
    let rest = line.trim_matches(|c: char| c.is_whitespace() || c == '>');
    rest.is_empty().then(|| !line.contains('>'))
}

/// Where the line end stands that ends right before `at`.
fn before_line_end(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let line = before.strip_suffix("\r\n").or_else(|| before.strip_suffix(['\n', '\r']));
    line.unwrap_or(before).len()
}

/// What stands behind the line end at `at`.
fn behind_line_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let behind = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']));
    text.len() - behind.unwrap_or(rest).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` without the last `copy` in it.
    fn without(text: &str) -> Option<String> {
        let start = text.rfind("copy").unwrap_or(0) as u32;
        let range = cut(text, TextRange::new(start, start + 4), false)?;
        Some(format!("{}{}", &text[..range.start as usize], &text[range.end as usize..]))
    }

    #[test]
    fn the_block_goes_with_one_blank_line() {
        for (text, expected) in [
            ("copy\n\nb\n\ncopy\n\nc\n", "copy\n\nb\n\nc\n"),
            ("copy\n\nb\n\ncopy\n", "copy\n\nb\n"),
            ("copy\n\nb\n\ncopy", "copy\n\nb"),
            ("copy\r\n\r\nb\r\n\r\ncopy\r\n\r\nc\r\n", "copy\r\n\r\nb\r\n\r\nc\r\n"),
            ("copy\n\n\ncopy\n\n\nc", "copy\n\n\nc"),
            ("copy\r\rcopy\r\rc", "copy\r\rc"),
            ("  copy\n  b\n  copy\n  c\n", "  copy\n  b\n  c\n"),
        ] {
            assert_eq!(without(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_leads_leaves_no_blank_lines() {
        let range = cut("copy\n\n\nb\n", TextRange::new(0, 4), true);
        assert_eq!(range, Some(TextRange::new(0, 7)));
    }

    #[test]
    fn markers_go_and_what_parts_lists_stays() {
        for (text, expected) in [
            ("- copy\n- b\n- copy\n- c\n", "- copy\n- b\n- c\n"),
            ("copy\n\n- copy\n- c\n", "copy\n\n- c\n"),
            ("- copy\n- copy\n\nc\n", "- copy\n\nc\n"),
            ("1. copy\n2. b\n3) copy\n", "1. copy\n2. b\n"),
            ("- [x] b\n- [ ] copy\n", "- [x] b\n"),
            ("> copy\n>\n> b\n>\n> copy\n\nc\n", "> copy\n>\n> b\n\nc\n"),
            ("copy\n\n> copy\n>\n> c\n", "copy\n\n> c\n"),
        ] {
            assert_eq!(without(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_opens_an_item_that_goes_on_stays() {
        for text in [
            "1. a\n2. copy\n\n   > b\n",
            "- copy\n  - > b\n",
            "1. > copy\n   > - b\n",
            "> - copy\n>\n>   > b\n",
            "- a\n- copy\n\n  <!-- note -->\n",
            "- a\r- copy\r\r\tb\r",
        ] {
            assert_eq!(without(text), None, "{text:?}");
        }
        assert_eq!(without("> - copy\n\n  > b\n").as_deref(), Some("\n  > b\n"));
    }

    #[test]
    fn what_shares_its_line_stays() {
        for text in ["a\n\n<p>copy</p>\n", "a\n\n[^1]: copy\n", "a\n\nb copy\n", "a\n\ncopy <br>\n"] {
            assert_eq!(without(text), None, "{text:?}");
        }
    }
}
