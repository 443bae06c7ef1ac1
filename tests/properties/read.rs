//! Properties of `read`: whatever the bytes, a document's blocks are sound, and every text leads back
//! to the stored bytes that it was decoded from.

use std::sync::Arc;

use copydesk::document::{Document, SourceMap, SourceRange, TextRange};
use copydesk::error::ReadError;
use copydesk::read::encoding::{Hints, declared, decode};
use copydesk::read::{Piece, ReadOptions, Sink, html, reader_named};
use encoding_rs::Encoding;
use proptest::prelude::*;

#[derive(Default)]
struct Kept {
    documents: Vec<Document>,
    faults: Vec<ReadError>,
}

impl Sink for Kept {
    fn document(&mut self, document: &mut Document) {
        self.documents.push(std::mem::take(document));
    }

    fn fault(&mut self, fault: ReadError) {
        self.faults.push(fault);
    }

    fn not_a_document(&mut self, _: &'static str) {}
}

/// Reads `bytes`, stored from `offset` on, with the reader called `format`.
fn read(format: &str, path: &str, bytes: &[u8], offset: u64, places: bool) -> Kept {
    let path = Arc::from(path);
    let piece = Piece { path: &path, bytes, offset, first_line: 1, named: true };
    let mut kept = Kept::default();
    let reader = reader_named(format).expect("the format has a reader");
    reader.read(&piece, &ReadOptions { places, ..ReadOptions::default() }, &mut kept);
    kept
}

/// Checks what holds for every document.
fn check_sound(document: &Document) {
    let text = document.text.as_str();
    let mut end = 0;
    for block in &document.blocks {
        assert!(block.range.start >= end && !block.range.is_empty(), "blocks are sorted and not empty");
        end = block.range.end;
        let words = text.get(block.range.as_usize()).expect("blocks are on char boundaries");
        assert_eq!(words, words.trim(), "blocks have no white space at their ends");
    }
    let mut end = 0;
    for mark in &document.markup {
        assert!(mark.start >= end && !mark.is_empty(), "markup is sorted and not empty");
        end = mark.end;
        assert!(text.get(mark.as_usize()).is_some(), "markup is on char boundaries");
        assert!(document.blocks.iter().any(|b| b.range.contains(*mark)), "markup is inside of a block");
    }
    let mut end = 0;
    for stand_in in &document.stand_ins {
        let range = stand_in.range;
        assert!(range.start >= end && !range.is_empty(), "stand-ins are sorted and not empty");
        end = range.end;
        assert!(text.get(range.as_usize()).is_some(), "stand-ins are on char boundaries");
        let crosses = |mark: &TextRange| mark.start < range.end && range.start < mark.end;
        assert!(!document.markup.iter().any(crosses), "stand-ins are apart from the markup");
    }
}

/// The ranges of single characters, of all blocks, and of the whole text.
fn ranges(document: &Document) -> Vec<TextRange> {
    let text = &document.text;
    let whole = (!text.is_empty()).then(|| TextRange::new(0, text.len() as u32));
    let characters = text.char_indices().map(|(at, c)| (at, at + c.len_utf8()));
    let characters = characters.map(|(start, end)| TextRange::new(start as u32, end as u32));
    let blocks = document.blocks.iter().map(|block| block.range);
    characters.chain(blocks).chain(whole).collect()
}

fn stored(bytes: &[u8], range: SourceRange, offset: u64) -> &[u8] {
    &bytes[(range.start - offset) as usize..(range.end - offset) as usize]
}

/// Checks that what is stored of every range decodes to its text.
fn check_decodes(bytes: &[u8], offset: u64, document: &Document, encoding: &'static Encoding) {
    let places = document.places.as_ref().expect("places were asked for");
    for range in ranges(document) {
        let slice = stored(bytes, places.map.source_range(range), offset);
        let text = encoding.decode_without_bom_handling(slice).0;
        assert_eq!(text, &document.text[range.as_usize()], "{}", encoding.name());
    }
}

/// The text that a slice of HTML stands for, in which white space is kept.
fn rendered(slice: &str) -> String {
    let mut document = Document::default();
    // Between two signs, so that white space at the ends stays, and two spaces, which end a reference.
    html::render(&format!("<pre>! {slice} !"), &mut document, false);
    document.text[2..document.text.len() - 2].to_owned()
}

/// Checks that the stored slice of every character renders to that character: white space to white
/// space, a line end to `<br>` or a line end, and everything else to itself. (Slices of several
/// characters may have tags in them; they are from the first character's start to the last one's end.)
fn check_renders(source: &str, text: &str, map: &SourceMap) {
    for (at, c) in text.char_indices() {
        let range = TextRange::new(at as u32, (at + c.len_utf8()) as u32);
        let SourceRange { start, end } = map.source_range(range);
        if start == end {
            assert!(matches!(c, '\n' | '\t' | ' '), "only separators stand for nothing: {c:?}");
            continue;
        }
        let slice = &source[start as usize..end as usize];
        if slice.starts_with("<br") {
            assert!(matches!(c, '\n' | ' '), "a line end, or a space in a cell");
        } else if matches!(c, ' ' | '\t' | '\n' | '\x0C') {
            assert!(rendered(slice).trim_matches([' ', '\t', '\n', '\x0C']).is_empty(), "{slice:?}");
        } else if slice == "\0" {
            assert!(matches!(c, '\0' | char::REPLACEMENT_CHARACTER), "raw text has no NULs");
        } else {
            // A reference may stand for two characters: both are in its unit.
            let unit = rendered(slice);
            let begins = map.text_offset(start);
            assert!(unit.chars().count() <= 2 && unit.contains(c), "{slice:?}");
            assert!(text[begins..].starts_with(&unit) && begins + unit.len() >= at + c.len_utf8());
        }
        assert!(map.text_offset(start) <= at, "the way back");
    }
}

/// Sources made of what matters to a format, and of anything.
fn pieces(parts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => proptest::sample::select(parts).prop_map(str::to_owned),
        2 => "[a-zA-Z é橋\u{1F600}]{1,6}",
        1 => "\\PC{0,3}",
    ];
    proptest::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

const MARKDOWN: &[&str] = &[
    "\n",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "  ",
    "    ",
    "# ",
    "#",
    "*",
    "**",
    "_",
    "`",
    "```\n",
    "[",
    "](x)",
    "![",
    "]",
    "|",
    "\n|-|-|\n",
    "\\",
    "<!--",
    "-->",
    "<div>",
    "</div>",
    "<br>",
    "<b>",
    "&amp;",
    "[^a]",
    "[^a]: ",
    "~~",
    "---\n",
    "===\n",
    "\r\n",
    "\t",
    "<p>",
    "\n<p>",
    "title: x\n",
    "import 'x'\n",
    "<X />",
    "{",
    "}",
    "http://a.b/c",
    "[x]: y\n",
    "[ ] ",
    "> [!NOTE]\n",
    "\0",
    "$",
    "\u{A0}",
];

const HTML: &[&str] = &[
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<br>",
    "<b>",
    "</b>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<li>",
    "<ul>",
    "</ul>",
    "<h1>",
    "</h1>",
    "<pre>",
    "</pre>",
    "<blockquote>",
    "</blockquote>",
    " ",
    "\n",
    "\r\n",
    "\t",
    "&amp;",
    "&amp",
    "&lt;",
    "&",
    "&#x41;",
    "&#0;",
    "&bne;",
    "&semi;",
    "&#32;",
    "&nbsp;",
    "&notit;",
    "<",
    ">",
    "\"",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<script>",
    "</script>",
    "<svg>",
    "</svg>",
    "<title>",
    "</title>",
    "<span hidden>",
    "</span>",
    "<div hidden>",
    "<caption>",
    "</caption>",
    "<template>",
    "</template>",
    "<?x",
    "\0",
    "<textarea>",
    "</textarea>",
    "<select>",
    "<a href='&amp;'",
    "=",
    "</",
    "<p hidden>",
    "<figcaption>",
    "<xmp>",
    "<meta charset=",
    "<svg/>",
    "<dd>",
    "<hr>",
];

const ENCODINGS: &[&Encoding] = &[
    encoding_rs::UTF_8,
    encoding_rs::UTF_16LE,
    encoding_rs::UTF_16BE,
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1251,
    encoding_rs::ISO_8859_2,
    encoding_rs::KOI8_R,
    encoding_rs::MACINTOSH,
    encoding_rs::SHIFT_JIS,
    encoding_rs::EUC_JP,
    encoding_rs::ISO_2022_JP,
    encoding_rs::EUC_KR,
    encoding_rs::BIG5,
    encoding_rs::GBK,
    encoding_rs::GB18030,
];

/// `text` in `encoding`, without the characters it has not.
fn encode(text: &str, encoding: &'static Encoding) -> (String, Vec<u8>) {
    if encoding == encoding_rs::UTF_16LE {
        return (text.to_owned(), text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == encoding_rs::UTF_16BE {
        return (text.to_owned(), text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let represents = |c: &char| {
        let text = c.to_string();
        let (bytes, _, unmappable) = encoding.encode(&text);
        !unmappable && encoding.decode_without_bom_handling(&bytes).0 == text
    };
    let text: String = text.chars().filter(represents).collect();
    let bytes = encoding.encode(&text).0.into_owned();
    (text, bytes)
}

/// What JSON of articles, whole and broken, is made of.
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "\r\n",
    " ",
    "{\"text\":\"",
    "\"}",
    "\"text\"",
    "\"content_html\":\"",
    "\"id\"",
    "\"title\":\"T\"",
    "null",
    "7",
    "-1.5e3",
    "true",
    "\"",
    "\\n",
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "\\\"",
    "\\",
    "\\x",
    "A paragraph of some words. ",
    "<p>One &amp; two</p>",
    "\t",
    "é橋",
    "\"items\":[",
    "{\"text\":\"Words here.\"}\n",
];

/// An article record with `text` in it, some of its characters written as `\u` escapes.
fn record(text: &str, escaped: &[bool]) -> String {
    let mut out = String::from("{\"id\": \"a\", \"text\": \"");
    for (c, &escape) in text.chars().zip(escaped.iter().cycle()) {
        if escape {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            let string = serde_json::to_string(&c).unwrap();
            out.push_str(&string[1..string.len() - 1]);
        }
    }
    out + "\", \"title\": null}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_character_leads_back_to_its_bytes(
        text in "[a-z éßдл橋は가한\u{3000}ｱ€\n\u{1F600}]{0,40}", which in 0..ENCODINGS.len(), offset in 0u64..9,
    ) {
        let encoding = ENCODINGS[which];
        let (text, bytes) = encode(&text, encoding);
        let hints = Hints { forced: Some(encoding), declared: None };
        let decoded = decode(&bytes, offset, hints, true);
        prop_assert_eq!(decoded.text.as_ref(), text.as_str());
        prop_assert_eq!(decoded.damage, None);
        for (at, c) in text.char_indices() {
            let range = TextRange::new(at as u32, (at + c.len_utf8()) as u32);
            let source = decoded.map.source_range(range);
            let slice = stored(&bytes, source, offset);
            prop_assert_eq!(decoded.map.text_offset(source.start), at);
            if encoding == encoding_rs::ISO_2022_JP {
                // What the bytes mean is said by an escape sequence before them.
                prop_assert!(slice.len() <= 2);
                prop_assert!(!slice.contains(&0x1B));
            } else {
                let back = encoding.decode_without_bom_handling(slice).0;
                prop_assert_eq!(back, c.to_string());
            }
        }
    }

    #[test]
    fn decoding_agrees_with_encoding_rs(
        bytes in proptest::collection::vec(prop_oneof![
            any::<u8>(), 0x80u8.., Just(0x1B), Just(b'$'), Just(b'('), Just(b'B'), Just(b'J'), Just(b'a'), Just(b'0'),
        ], 0..50),
        which in 0..ENCODINGS.len(),
    ) {
        let encoding = ENCODINGS[which];
        let (whole, damaged) = encoding.decode_without_bom_handling(&bytes);
        let hints = Hints { forced: Some(encoding), declared: None };
        for want_map in [false, true] {
            let decoded = decode(&bytes, 0, hints, want_map);
            // A mark of the encoding itself is no text.
            let expected = whole.strip_prefix('\u{FEFF}').filter(|_| Encoding::for_bom(&bytes).is_some());
            prop_assert_eq!(decoded.text.as_ref(), expected.unwrap_or(&whole));
            prop_assert_eq!(decoded.damage.is_some(), damaged);
            if let Some(damage) = decoded.damage {
                prop_assert!(decoded.text[damage.text..].starts_with(char::REPLACEMENT_CHARACTER));
                prop_assert!(damage.byte < bytes.len() as u64);
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_without_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200), offset in 0u64..3,
    ) {
        let _ = declared(&bytes);
        for format in ["plaintext", "markdown", "html", "json", "jsonl"] {
            for document in read(format, "a.rst", &bytes, offset, true).documents {
                check_sound(&document);
                for range in ranges(&document) {
                    prop_assert!(document.locate(range).is_some());
                }
            }
        }
    }

    #[test]
    fn soup_of_json_is_read_the_same_with_places_and_without(soup in pieces(JSON), mark in any::<bool>()) {
        let soup = if mark { format!("\u{feff}{soup}") } else { soup };
        for format in ["json", "jsonl"] {
            let exact = read(format, "a", soup.as_bytes(), 0, true);
            let plain = read(format, "a", soup.as_bytes(), 0, false);
            prop_assert_eq!(exact.faults, plain.faults);
            prop_assert_eq!(exact.documents.len(), plain.documents.len());
            for (a, b) in exact.documents.iter().zip(&plain.documents) {
                check_sound(a);
                prop_assert_eq!((&a.text, &a.meta, &a.blocks), (&b.text, &b.meta, &b.blocks));
                prop_assert_eq!(a.origin.record, b.origin.record);
            }
        }
    }

    #[test]
    fn record_text_leads_back_to_its_escapes(
        texts in prop::collection::vec("[a-z \n\"\\\\é橋\u{1F600}\u{7}]{0,40}", 1..4),
        escaped in prop::collection::vec(any::<bool>(), 64),
        array in any::<bool>(),
        mark in any::<bool>(),
    ) {
        let records: Vec<String> = texts.iter().map(|text| record(text, &escaped)).collect();
        let (format, body) = if array {
            ("json", format!("[{}]", records.join(", ")))
        } else {
            ("jsonl", records.join("\n"))
        };
        let body = if mark { format!("\u{feff}{body}") } else { body };
        let kept = read(format, "a", body.as_bytes(), 0, true);
        prop_assert!(kept.faults.is_empty(), "{:?}", kept.faults);
        prop_assert_eq!(kept.documents.len(), texts.len());
        for (document, text) in kept.documents.iter().zip(&texts) {
            prop_assert_eq!(&document.text, text);
            check_sound(document);
            let places = document.places.as_ref().unwrap();
            for range in ranges(document) {
                let slice = stored(body.as_bytes(), places.map.source_range(range), 0);
                let string = format!("\"{}\"", std::str::from_utf8(slice).unwrap());
                let unescaped: String = serde_json::from_str(&string).unwrap();
                prop_assert_eq!(&unescaped, &document.text[range.as_usize()]);
            }
        }
    }

    #[test]
    fn plain_text_is_verbatim(text in "[a-z =\\-~\n\ré橋\u{1F600}]{0,80}", path in "a\\.(txt|rst|adoc)", offset in 0u64..9) {
        let kept = read("plaintext", &path, text.as_bytes(), offset, true);
        prop_assert_eq!(&kept.documents[0].text, &text);
        prop_assert!(kept.faults.is_empty());
        check_sound(&kept.documents[0]);
        check_decodes(text.as_bytes(), offset, &kept.documents[0], encoding_rs::UTF_8);
    }

    #[test]
    fn markdown_is_verbatim(text in pieces(MARKDOWN), path in "a\\.mdx?", offset in 0u64..9) {
        // NULs make a binary file of it, as they should.
        let text = text.replace('\0', "");
        let kept = read("markdown", &path, text.as_bytes(), offset, true);
        let document = &kept.documents[0];
        prop_assert_eq!(document.text.as_str(), text.strip_prefix('\u{FEFF}').unwrap_or(&text));
        check_sound(document);
        check_decodes(text.as_bytes(), offset, document, encoding_rs::UTF_8);
        for block in &document.blocks {
            prop_assert!(!document.reading(block.range).trim().is_empty());
        }
    }

    #[test]
    fn html_text_leads_back_to_what_renders_to_it(source in pieces(HTML)) {
        let mut document = Document::default();
        let map = html::render(&source, &mut document, true);
        check_sound(&document);
        check_renders(&source, &document.text, &map);
        let mut again = Document::default();
        html::render(&source, &mut again, false);
        prop_assert_eq!(again.text, document.text);
        prop_assert_eq!(again.blocks, document.blocks);
    }

    #[test]
    fn html_in_any_encoding_reads_the_same(source in pieces(HTML), which in 3..ENCODINGS.len()) {
        let encoding = ENCODINGS[which];
        let (source, bytes) = encode(&source.replace('\0', ""), encoding);
        let path = Arc::from("a.html");
        let piece = Piece { path: &path, bytes: &bytes, offset: 0, first_line: 1, named: true };
        let options = ReadOptions { places: true, encoding: Some(encoding), ..ReadOptions::default() };
        let mut kept = Kept::default();
        reader_named("html").expect("the format has a reader").read(&piece, &options, &mut kept);
        let mut document = Document::default();
        let map = html::render(&source, &mut document, true);
        prop_assert_eq!(&kept.documents[0].text, &document.text);
        let places = kept.documents[0].places.as_ref().expect("places were asked for");
        if encoding != encoding_rs::ISO_2022_JP {
            for range in ranges(&document) {
                let slice = stored(&bytes, places.map.source_range(range), 0);
                let SourceRange { start, end } = map.source_range(range);
                let decoded = encoding.decode_without_bom_handling(slice).0;
                prop_assert_eq!(decoded, &source[start as usize..end as usize]);
            }
        }
    }
}
