//! Which parts of wikitext are paragraphs, and which are headings, lists, tables and templates?
//!
//! Blank lines part paragraphs, and what a line begins with says what it is. Templates and tables are told as
//! tables, which do not count for repeats. Emphasis (`''`) is markup inside a block.

use crate::document::{Block, BlockKind, TextRange};

/// Fills `out` with the blocks of `text`, and `markup` with what is markup in them.
pub fn blocks(text: &str, out: &mut Vec<Block>, markup: &mut Vec<TextRange>) {
    out.clear();
    markup.clear();
    let mut run = 0..0;
    let mut at = 0;
    let mut depth = 0_usize;
    let mut table = 0..0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        let opened = count(bare, "{{") + count(bare, "{|");
        let closed = count(bare, "}}") + count(bare, "|}");
        let inside = depth > 0;
        let opens = !inside && (bare.starts_with("{{") || bare.starts_with("{|")) && opened > closed;
        let whole = !inside && bare.starts_with("{{") && bare.ends_with("}}") && opened == closed;
        if inside || opens || whole {
            prose(text, &mut run, out);
            if !inside {
                table = start..start;
            }
            table.end = start + bare.len();
            depth = (depth + opened).saturating_sub(closed);
            if depth == 0 {
                push(text, table.clone(), BlockKind::Table, out);
            }
            continue;
        }
        let trimmed = bare.trim_start_matches(['*', '#', ':', ';']);
        let own = if bare.len() > 4 && bare.starts_with("==") && bare.ends_with("==") {
            let inner = bare.trim_matches('=');
            let from = start + bare.len() - bare.trim_start_matches('=').len();
            Some((BlockKind::Heading, from..from + inner.len()))
        } else if trimmed.len() < bare.len() {
            Some((BlockKind::ListItem, start + bare.len() - trimmed.len()..start + bare.len()))
        } else {
            None
        };
        match own {
            Some((kind, range)) => {
                prose(text, &mut run, out);
                push(text, range, kind, out);
            }
            None if bare.trim().is_empty() => prose(text, &mut run, out),
            None => {
                if run.is_empty() {
                    run = start..start;
                }
                run.end = at;
            }
        }
    }
    if depth > 0 {
        push(text, table, BlockKind::Table, out);
    }
    prose(text, &mut run, out);
    for block in out.iter() {
        let range = block.range.as_usize();
        let mut from = range.start;
        while let Some(found) = text[from..range.end].find("''") {
            let start = from + found;
            let length = text[start..range.end].bytes().take_while(|&byte| byte == b'\'').count();
            markup.push(TextRange::new(start as u32, (start + length) as u32));
            from = start + length;
        }
    }
}

fn count(line: &str, what: &str) -> usize {
    memchr::memmem::find_iter(line.as_bytes(), what.as_bytes()).count()
}

/// Makes a paragraph of a run of lines, and empties it: a line break alone is a space in wikitext.
fn prose(text: &str, run: &mut std::ops::Range<usize>, out: &mut Vec<Block>) {
    push(text, std::mem::take(run), BlockKind::Paragraph, out);
}

fn push(text: &str, range: std::ops::Range<usize>, kind: BlockKind, out: &mut Vec<Block>) {
    let inner = &text[range.clone()];
    let start = range.start + inner.len() - inner.trim_start().len();
    let end = start + inner.trim().len();
    if start < end {
        out.push(Block { kind, range: TextRange::new(start as u32, end as u32) });
    }
}
