//! Paragraphs of plain text, as its reader sees them.

use crate::document::{Block, BlockKind, TextRange};

/// Appends the blocks of `text`, plain text, to `out`: sorted, disjoint, none empty, without white
/// space at either end.
pub fn blocks(text: &str, out: &mut Vec<Block>) {
    let mut at = 0;
    for part in text.split_inclusive("\n\n") {
        let body = part.trim();
        if !body.is_empty() {
            let start = (at + (part.len() - part.trim_start().len())) as u32;
            out.push(Block {
                kind: BlockKind::Paragraph,
                range: TextRange::new(start, start + body.len() as u32),
            });
        }
        at += part.len();
    }
}
