//! Cutting a document's text into units: one for each block. With the front matter, if there is one, they
//! tile the text.

use crate::document::{Document, TextRange};

/// One block with what belongs to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// The block with its marker before it (`- `, `## `), without the separator behind.
    pub body: TextRange,
    /// The block's own range.
    pub block: TextRange,
    /// The body with the separator behind it; the first unit starts where the front matter ends. Units tile
    /// the text from there.
    pub whole: TextRange,
}

/// Returns the units of `document`; none where it has no block.
pub(super) fn units(document: &Document) -> Vec<Unit> {
    let text = document.text.as_str();
    let end = text.len() as u32;
    let mut units: Vec<Unit> = Vec::with_capacity(document.blocks.len());
    for block in &document.blocks {
        let before = units.last().map_or(0, |unit: &Unit| unit.block.end);
        if block.range.start < before || block.range.end > end || block.range.is_empty() {
            // Not what readers promise; the text then belongs to the unit before.
            continue;
        }
        let lead = before + marker_start(&text[before as usize..block.range.start as usize]) as u32;
        let start = if let Some(last) = units.last_mut() {
            last.whole.end = lead;
            lead
        } else {
            front_matter(&text[..lead as usize]) as u32
        };
        units.push(Unit {
            body: TextRange::new(lead, block.range.end),
            block: block.range,
            whole: TextRange::new(start, end),
        });
    }
    units
}

/// Where the front matter ends that `text`, all before the first block, opens with: behind the fence that
/// closes it and the blank lines there; 0 where there is none.
fn front_matter(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next().unwrap_or_default();
    let fence = opening.trim_end();
    if fence != "---" && fence != "+++" {
        return 0;
    }
    let closes = |line: &str| line.trim_end() == fence || fence == "---" && line.trim_end() == "...";
    let mut end = opening.len();
    let closed = lines.by_ref().any(|line| {
        end += line.len();
        closes(line)
    });
    if !closed {
        return 0;
    }
    end + lines.take_while(|line| line.trim().is_empty()).map(str::len).sum::<usize>()
}

/// Where in `gap`, the text between two blocks, the marker of the second one begins; its end where
/// there is none.
fn marker_start(gap: &str) -> usize {
    if gap.chars().all(char::is_whitespace) {
        return gap.len();
    }
    // Behind the last blank line, or else behind the last line break.
    let mut line = 0;
    let mut blank = None;
    for (at, _) in gap.match_indices('\n') {
        if line > 0 && gap[line..at].trim().is_empty() {
            blank = Some(at + 1);
        }
        line = at + 1;
    }
    let start = blank.unwrap_or(line);
    if start == 0 || gap[start..].trim().is_empty() { gap.len() } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, BlockKind};

    #[test]
    fn a_marker_belongs_to_its_block() {
        assert_eq!(marker_start("\n\n"), 2);
        assert_eq!(marker_start("\n- "), 1);
        assert_eq!(marker_start("\n```\n\n```rust\n"), 6);
        assert_eq!(marker_start(" | "), 3);
        assert_eq!(marker_start("\n```\n"), 5);
    }

    #[test]
    fn front_matter_ends_behind_its_fence() {
        assert_eq!(front_matter("---\ntitle: A\n\ntags: b\n---\n\n# "), 27);
        assert_eq!(front_matter("---\ndate: 1\n...\n"), 16);
        assert_eq!(front_matter("+++\ndate = 1\n---\n+++\n"), 21);
        assert_eq!(front_matter("---\nno end\n"), 0);
        assert_eq!(front_matter("<!-- a -->\n---\n---\n"), 0);
    }

    #[test]
    fn units_tile_the_text() {
        let block = |start, end| Block { kind: BlockKind::Paragraph, range: TextRange::new(start, end) };
        let document = Document {
            text: "\n a\n\n b \n".to_owned(),
            blocks: vec![block(2, 3), block(6, 7)],
            ..Document::default()
        };
        let wholes: Vec<_> = units(&document).iter().map(|unit| unit.whole.as_usize()).collect();
        assert_eq!(wholes, [0..6, 6..9]);
    }
}
