use proptest::prelude::*;

use super::*;
use crate::document::TextRange;

#[derive(Default)]
struct Got {
    documents: Vec<Document>,
    faults: Vec<String>,
}

impl Sink for Got {
    fn document(&mut self, document: &mut Document) {
        self.documents.push(document.clone());
    }
    fn fault(&mut self, fault: ReadError) {
        self.faults.push(fault.to_string());
    }
    fn not_a_document(&mut self, _: &'static str) {}
}

fn read(bytes: &[u8]) -> Got {
    let mut got = Got::default();
    let path: Arc<str> = Arc::from("a.xml");
    let piece = Piece { path: &path, bytes, offset: 0, first_line: 1, named: true };
    MediaWiki.read(&piece, &ReadOptions { places: true, ..ReadOptions::default() }, &mut got);
    got
}

const DUMP: &str = "<mediawiki>\n <page><title>A &amp; b</title><ns>0</ns><id>1</id>
  <revision><id>2</id><timestamp>2026-01-02T00:00:00Z</timestamp><text>Two &lt;b&gt;tides&lt;/b&gt;.</text></revision>
  <revision><id>1</id><timestamp>2026-01-01T00:00:00Z</timestamp><text>One.</text></revision>
 </page>
 <page><title>Talk:A</title><ns>1</ns><revision><id>3</id><text>Hm.</text></revision></page>
 <page><title>Style</title><ns>0</ns><revision><id>4</id><model>css</model><text>a {}</text></revision></page>
 <page><title>C</title><ns>0</ns><revision><id>5</id><text>Caf\u{e9} &amp;c.</text></revision></page>
</mediawiki>\n";

#[test]
fn the_latest_revision_of_each_article_is_read() {
    let got = read(DUMP.as_bytes());
    let told: Vec<_> = got
        .documents
        .iter()
        .map(|d| {
            (d.meta.title.as_deref().unwrap_or(""), d.meta.version.as_deref().unwrap_or(""), d.text.as_str())
        })
        .collect();
    assert_eq!(told, [("A & b", "2", "Two <b>tides</b>."), ("C", "5", "Caf\u{e9} &c.")]);
    assert_eq!(got.faults, Vec::<String>::new());
    let at = got.documents[1].text.find("&c").unwrap() as u32;
    let place = got.documents[1].locate(TextRange::new(at, at + 1)).unwrap();
    assert_eq!(&DUMP[place.start.byte as usize..place.end.byte as usize], "&amp;");
    assert_eq!(place.start.line, 8);
}

#[test]
fn pages_can_be_read_apart() {
    let mut rest = DUMP.as_bytes();
    let mut pages = 0;
    while let Extent::Known { length, .. } = MediaWiki.extent(rest) {
        rest = &rest[length as usize..];
        pages += 1;
    }
    assert_eq!((pages, rest), (4, &b"</mediawiki>\n"[..]));
}

#[test]
fn a_page_that_the_dump_breaks_off_in_says_so() {
    assert!(read(DUMP.as_bytes()).documents.iter().all(|document| !document.origin.cut_off));
    let end = DUMP.find("</page>").unwrap();
    let documents = read(&DUMP.as_bytes()[..end]).documents;
    assert!(documents.len() == 1 && documents[0].origin.cut_off, "{}", documents.len());
}

#[test]
fn wikitext_falls_into_blocks() {
    let text =
        "{{Box\n| a = b\n}}\nA '''pier'''.\nIt is old.\n== Ferries ==\n* One\n{| class\n| x\n|}\n{{unclosed";
    let (mut blocks, mut markup) = (Vec::new(), Vec::new());
    wikitext::blocks(text, &mut blocks, &mut markup);
    let told: Vec<_> = blocks.iter().map(|b| (b.kind.name(), &text[b.range.as_usize()])).collect();
    assert_eq!(
        told,
        [
            ("table", "{{Box\n| a = b\n}}"),
            ("paragraph", "A '''pier'''.\nIt is old."),
            ("heading", "Ferries"),
            ("list-item", "One"),
            ("table", "{| class\n| x\n|}"),
            ("table", "{{unclosed"),
        ]
    );
    assert_eq!(markup.len(), 2);
}

proptest! {
    #[test]
    fn whatever_the_bytes_documents_are_sound(
        cuts in proptest::collection::vec((0_usize..DUMP.len(), 0_usize..40, "[<>/&;a-z'{}|= \n\u{e9}]{0,12}"), 0..4),
    ) {
        let mut bytes = DUMP.as_bytes().to_vec();
        for (at, length, put) in cuts {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, put.into_bytes());
        }
        for document in read(&bytes).documents {
            let mut end = 0;
            for block in &document.blocks {
                prop_assert!(block.range.start >= end && !block.range.is_empty());
                end = block.range.end;
                let words = &document.text[block.range.as_usize()];
                prop_assert_eq!(words, words.trim());
            }
            let places = document.places.as_ref().unwrap();
            let mut last = 0;
            for (at, c) in document.text.char_indices() {
                let range = TextRange::new(at as u32, (at + c.len_utf8()) as u32);
                let source = places.map.source_range(range);
                prop_assert!(last <= source.start && source.start <= source.end && source.end <= bytes.len() as u64);
                last = source.start;
            }
        }
    }
}
