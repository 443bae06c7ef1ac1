//! How does a document wait in a temporary file?

use crate::document::{Block, BlockKind, Document, Metadata, StandIn, TextRange};

/// Appends to `out` what a history needs of `document`: metadata, text, blocks, markup, stand-ins.
pub(super) fn pack(document: &Document, out: &mut Vec<u8>) {
    let meta = &document.meta;
    let record = document.origin.record.map(|record| record.to_string());
    for field in [
        &meta.id,
        &meta.title,
        &meta.url,
        &meta.version,
        &meta.author,
        &meta.published,
        &meta.updated,
        &meta.language,
        &record,
    ] {
        out.push(u8::from(field.is_some()));
        text(field.as_deref().unwrap_or_default(), out);
    }
    text(&document.text, out);
    number(document.blocks.len(), out);
    for block in &document.blocks {
        let kind = BlockKind::ALL.iter().position(|kind| *kind == block.kind).unwrap_or(0);
        out.push(u8::try_from(kind).unwrap_or(0));
        range(block.range, out);
    }
    number(document.markup.len(), out);
    document.markup.iter().for_each(|mark| range(*mark, out));
    number(document.stand_ins.len(), out);
    for stand_in in &document.stand_ins {
        range(stand_in.range, out);
        text(&stand_in.text, out);
    }
}

fn number(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&(count as u64).to_le_bytes());
}

fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn range(range: TextRange, out: &mut Vec<u8>) {
    out.extend_from_slice(&range.start.to_le_bytes());
    out.extend_from_slice(&range.end.to_le_bytes());
}

/// Returns the document that was packed into `bytes`; `None` where it was not packed.
pub(super) fn unpack(bytes: &[u8]) -> Option<Document> {
    let mut rest = Rest(bytes);
    let mut field = || -> Option<Option<String>> {
        let there = rest.take(1)?.first() == Some(&1);
        let text = rest.text()?;
        Some(there.then_some(text))
    };
    let meta = Metadata {
        id: field()?,
        title: field()?,
        url: field()?,
        version: field()?,
        author: field()?,
        published: field()?,
        updated: field()?,
        language: field()?,
        dates: Vec::new(),
    };
    let record = field()?.and_then(|record| record.parse().ok());
    let mut document = Document { meta, text: rest.text()?, ..Document::default() };
    document.origin.record = record;
    for _ in 0..rest.number()? {
        let kind = *BlockKind::ALL.get(usize::from(*rest.take(1)?.first()?))?;
        document.blocks.push(Block { kind, range: rest.range()? });
    }
    for _ in 0..rest.number()? {
        document.markup.push(rest.range()?);
    }
    for _ in 0..rest.number()? {
        document.stand_ins.push(StandIn { range: rest.range()?, text: rest.text()?.into() });
    }
    Some(document)
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok()?;
        Some(std::str::from_utf8(self.take(length)?).ok()?.to_owned())
    }

    fn range(&mut self) -> Option<TextRange> {
        let mut half = || Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?));
        Some(TextRange { start: half()?, end: half()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out_again() {
        let mut document = Document { text: "Tide\u{201D}\n\n* pier".to_owned(), ..Document::default() };
        document.meta.id = Some("a".to_owned());
        document.meta.author = Some(String::new());
        document.origin.record = Some(7);
        crate::segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
        document.stand_ins.push(StandIn { range: TextRange::new(0, 4), text: "Ebb".into() });
        let mut bytes = Vec::new();
        pack(&document, &mut bytes);
        let again = unpack(&bytes);
        let again = again.as_ref();
        assert_eq!(
            again.map(|d| (&d.meta, &d.text, &d.markup, &d.stand_ins)),
            Some((&document.meta, &document.text, &document.markup, &document.stand_ins))
        );
        assert_eq!(again.map(|d| &d.blocks), Some(&document.blocks));
        assert_eq!(again.and_then(|d| d.origin.record), Some(7));
        for length in 0..bytes.len() {
            assert!(unpack(&bytes[..length]).is_none());
        }
    }
}
