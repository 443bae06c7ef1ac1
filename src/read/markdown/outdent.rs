//! What MDX has indented, without its indentation.

use std::ops::Range;

use crate::document::{SourceMap, SourceMapBuilder};

/// Returns the text of `lines`, which are ranges of `source` in order, without the indentation that the
/// first line with words has, and the map from it to `source`.
pub(super) fn outdent(source: &str, lines: &[Range<usize>]) -> (String, SourceMap) {
    let mut out = String::new();
    let mut map = SourceMapBuilder::new();
    let mut indentation = None;
    for range in lines {
        let mut at = range.start;
        for line in source[range.clone()].split_inclusive('\n') {
            let own = line.len() - line.trim_start_matches([' ', '\t']).len();
            let opens = out.is_empty() || out.ends_with('\n');
            let is_blank = line.trim().is_empty();
            let most = if is_blank { own } else { *indentation.get_or_insert(own) };
            let cut = if opens { own.min(most) } else { 0 };
            map.copied(out.len() as u32, (at + cut) as u64, (line.len() - cut) as u32);
            out.push_str(&line[cut..]);
            at += line.len();
        }
    }
    (out, map.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextRange;

    #[test]
    fn the_indentation_of_the_first_line_goes() {
        let source = "  \n  a\n    b\n c\n";
        let (text, map) = outdent(source, &[0..7, 7..13, 13..16]);
        assert_eq!(text, "\na\n  b\nc\n");
        let b = text.find('b').unwrap_or(0) as u32;
        assert_eq!(map.source_range(TextRange::new(b, b + 1)).start as usize, source.find('b').unwrap_or(0));
    }
}
