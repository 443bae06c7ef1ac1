//! What stands within quotation marks.

use crate::diff::words::atoms::{Atom, AtomKind};

/// Returns, for each of `atoms` of `text`, whether it stands within quotation marks. A paragraph that
/// opens a quotation and does not close it is quoted to its end, as printers do.
pub(super) fn quoted(text: &str, atoms: &[Atom]) -> Vec<bool> {
    let mut out = Vec::with_capacity(atoms.len());
    let mut open: Option<char> = None;
    for (at, atom) in atoms.iter().enumerate() {
        let core = &text[atom.core.as_usize()];
        let mut chars = core.chars();
        let mark = chars.next().filter(|_| atom.kind == AtomKind::Mark && chars.next().is_none());
        let space_before = at.checked_sub(1).is_none_or(|before| {
            let before = atoms[before];
            before.end > before.core.end
                || before.kind == AtomKind::Head
                || matches!(&text[before.core.as_usize()], "(" | "[" | "—" | "–" | "-")
        });
        let space_behind = atom.end > atom.core.end || at + 1 == atoms.len();
        match (mark, open) {
            (Some('"' | '“' | '„' | '«' | '»' | '「' | '『' | '”' | '〝' | '＂'), None) => {
                open = mark
            }
            (Some('‘'), None) => open = mark,
            (Some('\''), None) if space_before && !space_behind => open = mark,
            (Some('\''), Some('\'')) | (Some('’'), Some('‘')) => open = None,
            (Some('"' | '”' | '“' | '«' | '»' | '」' | '』' | '〞' | '＂'), Some(by))
                if by != '\'' && by != '‘' =>
            {
                open = None;
            }
            _ => {}
        }
        out.push(open.is_some() && atom.is_word());
        if atom.tail().len() > 1 && text[atom.tail().as_usize()].contains("\n\n") {
            open = None;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::words::atoms::atoms;
    use crate::document::TextRange;

    #[test]
    fn styles_of_quotation_marks() {
        for text in [
            "he said \"it is bad\" now",
            "he said “it is bad” now",
            "he said ‘it is bad’ now",
            "he said 'it is bad' now",
            "he said «it is bad» now",
            "he said „it is bad“ now",
        ] {
            let atoms = atoms(text, TextRange::new(0, text.len() as u32));
            let words: Vec<&str> = atoms
                .iter()
                .zip(quoted(text, &atoms))
                .filter(|(_, quoted)| *quoted)
                .map(|(atom, _)| &text[atom.core.as_usize()])
                .collect();
            assert_eq!(words, ["it", "is", "bad"], "{text}");
        }
    }
}
