use super::*;
use crate::document::{BlockKind, SourceRange, TextRange};
use crate::error::ReadError;

fn rendered(html: &str) -> (Document, SourceMap) {
    let mut document = Document::default();
    let map = render(html, &mut document, true);
    (document, map)
}

fn blocks(html: &str) -> Vec<(BlockKind, String)> {
    let (document, _) = rendered(html);
    document.blocks.iter().map(|b| (b.kind, document.text[b.range.as_usize()].to_owned())).collect()
}

fn texts(html: &str) -> Vec<String> {
    blocks(html).into_iter().map(|(_, text)| text).collect()
}

/// The stored slice of the block that holds `needle`.
fn stored<'a>(html: &'a str, needle: &str) -> &'a str {
    let (document, map) = rendered(html);
    let at = document.text.find(needle).expect("the text holds the needle") as u32;
    let SourceRange { start, end } = map.source_range(TextRange::new(at, at + needle.len() as u32));
    &html[start as usize..end as usize]
}

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

fn read(bytes: &[u8]) -> Kept {
    let path = Arc::from("a.html");
    let piece = Piece { path: &path, bytes, offset: 0, first_line: 1, named: true };
    let options = ReadOptions { places: true, ..ReadOptions::default() };
    let mut kept = Kept::default();
    Html.read(&piece, &options, &mut kept);
    kept
}

#[test]
fn blocks_are_what_a_reader_sees() {
    use BlockKind::{Caption, Code, Heading, ListItem, Paragraph, Quotation};
    let html = "<h1>Pier</h1><p>Closed  <b>to</b>day.\n<p>So <a href=x>what</a>?<blockquote><p>Safe</p>\
                first</blockquote><ul><li>one<li>two<ul><li>inner</ul></ul><pre>\n  a\n   b</pre>\
                <figure><img><figcaption>View</figcaption></figure>Rest";
    let (document, _) = rendered(html);
    assert_eq!(
        blocks(html),
        [
            (Heading, "Pier".to_owned()),
            (Paragraph, "Closed today.".to_owned()),
            (Paragraph, "So what?".to_owned()),
            (Quotation, "Safe".to_owned()),
            (Quotation, "first".to_owned()),
            (ListItem, "one".to_owned()),
            (ListItem, "two".to_owned()),
            (ListItem, "inner".to_owned()),
            (Code, "a\n   b".to_owned()),
            (Caption, "View".to_owned()),
            (Paragraph, "Rest".to_owned()),
        ]
    );
    assert!(document.text.starts_with("Pier\n\nClosed today.\n\nSo"));
}

#[test]
fn white_space_is_collapsed_as_in_a_browser() {
    assert_eq!(texts("<p>  a <i> b</i>\n\t c<b> </b>d&#32; e </p>"), ["a b c d e"]);
    assert_eq!(texts("in<b>side</b> w<wbr>ord"), ["inside word"]);
    assert_eq!(texts("a&nbsp; b&nbsp;"), ["a\u{A0} b"]);
    assert_eq!(texts("a<br>\n b"), ["a\nb"]);
    assert_eq!(texts("a<br><br/>b<br>"), ["a", "b"]);
    assert_eq!(texts("one<div>two</div>three"), ["one", "two", "three"]);
}

#[test]
fn references_are_decoded_and_are_one_unit_each() {
    let html = "<p>a &amp; b &ampx &lt;&#60;&#x3c &bne; &noSuch; & &# &#x; &#0; &#128; &#xD800;</p>";
    assert_eq!(texts(html), ["a & b &x <<< =\u{20e5} &noSuch; & &# &#x; \u{FFFD} \u{20AC} \u{FFFD}"]);
    assert_eq!(stored(html, "& b"), "&amp; b");
    assert_eq!(stored(html, "<"), "&lt;");
    assert_eq!(stored(html, "=\u{20e5}"), "&bne;");
    assert_eq!(stored(html, "&x"), "&ampx");
    assert_eq!(stored(html, "b &x"), "b &ampx");
    assert_eq!(stored("a&semi;b", ";"), "&semi;");
    assert_eq!(stored("a&nGg;b", "\u{22d9}\u{338}"), "&nGg;");
    assert_eq!(stored("x&amp;amp;", "&amp;"), "&amp;amp;");
}

#[test]
fn places_leave_tags_out() {
    let html = "<p>One <b>two</b>   three<!-- x --> four.</p>";
    assert_eq!(stored(html, "One two"), "One <b>two");
    assert_eq!(stored(html, "two"), "two");
    assert_eq!(stored(html, " three"), "   three");
    assert_eq!(stored(html, "three four."), "three<!-- x --> four.");
    assert_eq!(stored("a<br>b", "a\nb"), "a<br>b");
    assert_eq!(stored("<pre>x\r\ny</pre>", "x\ny"), "x\r\ny");
    assert_eq!(stored("a < b <3 </ c", "a < b <3"), "a < b <3");
}

#[test]
fn what_is_not_shown_is_no_text() {
    let html = "<head><title>T</title><style>p{}</style><script>if (a<b) '</p>'</script></head>a\
                <!-- c --><template><p>x</p></template><noscript><img></noscript><svg><title>y</title><g/>\
                <text>z</text></svg><select><option>o</select><textarea><p></textarea>\
                <span hidden>h<span>i</span>j</span><p hidden>k<p>b<div hidden><div>l</div>m</div>\
                <dialog>n</dialog><ruby>c<rp>(</rp><rt>d</rt></ruby>";
    assert_eq!(texts(html), ["a", "b", "c"]);
}

#[test]
fn unclosed_and_misnested_tags_are_closed_as_html_does() {
    use BlockKind::{ListItem, Paragraph, Quotation};
    let kinds = |html| blocks(html).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    assert_eq!(kinds("<div><ul><li>a</div>b"), [ListItem, Paragraph]);
    assert_eq!(
        kinds("<blockquote><p>a<blockquote>b</blockquote>c</blockquote>d"),
        [Quotation, Quotation, Quotation, Paragraph]
    );
    assert_eq!(kinds("</p></div></li>a</ul>"), [Paragraph]);
    assert_eq!(kinds("<h1>a<h2>b</h1>c").len(), 3);
    assert_eq!(texts("<svg><path><p>out</p>"), ["out"]);
    assert_eq!(texts("a<div <p>b</p>"), ["a", "b"]);
    assert_eq!(texts("a\0b<![CDATA[c]]>d<?php e ?>f"), ["a\0bdf"]);
    assert_eq!(texts("<?xml version='1.0'?><html><script/><p>a<![CDATA[ <b> ]]>c"), ["a <b> c"]);
    assert_eq!(texts("a<"), ["a<"]);
    assert_eq!(texts("a</"), ["a</"]);
    assert_eq!(texts("a<b"), ["a"]);
    assert_eq!(texts("<title>a</titl </title"), [""; 0]);
}

#[test]
fn a_table_of_data_is_one_block() {
    let html = "<table><caption>Tides</caption><tr><th>Day<th>High<tr><td>Mon<td>\n3 <b>m</b> <tr><td><td>x\
                </table>after";
    assert_eq!(
        blocks(html),
        [
            (BlockKind::Caption, "Tides".to_owned()),
            (BlockKind::Table, "Day\tHigh\nMon\t3 m\n\tx".to_owned()),
            (BlockKind::Paragraph, "after".to_owned()),
        ]
    );
    assert_eq!(texts("<table><td><p>one</p><td><div>two</div></table>"), ["one\ttwo"]);
}

#[test]
fn a_table_that_lays_out_a_page_is_none() {
    use BlockKind::{Heading, Paragraph, Table};
    let html = "<table><tr><td>a<td>b<tr><td>menu<td><h2>News</h2><p>One.<p>Two.\
                <table><tr><td>1<td>2</table></table>end";
    assert_eq!(
        blocks(html),
        [
            (Table, "a\tb".to_owned()),
            (Paragraph, "menu".to_owned()),
            (Heading, "News".to_owned()),
            (Paragraph, "One.".to_owned()),
            (Paragraph, "Two.".to_owned()),
            (Table, "1\t2".to_owned()),
            (Paragraph, "end".to_owned()),
        ]
    );
    assert_eq!(texts("<table><td>a<p>b<p>c</table>d"), ["a", "b", "c", "d"]);
}

/// The cells before the caption were added to the blocks a second time, behind it.
#[test]
fn a_caption_amid_a_row_parts_it() {
    assert_eq!(texts("<table>a<caption><p><td>b<pre>"), ["a", "b"]);
}

#[test]
fn metadata_is_read() {
    let page = "<!doctype html><html lang=en-GB><head><title> Pier &amp; harbour\n</title>\
                <meta name=author content='Ada Reed'><meta property=article:published_time content=2024-05-01>\
                <meta property='article:modified_time' content='2024-05-02'>\
                <link rel='Canonical' href=' https://example.org/pier '></head><h1>Pier</h1>";
    let kept = read(page.as_bytes());
    let meta = &kept.documents[0].meta;
    assert_eq!(meta.title.as_deref(), Some("Pier & harbour"));
    assert_eq!(meta.author.as_deref(), Some("Ada Reed"));
    assert_eq!(meta.published.as_deref(), Some("2024-05-01"));
    assert_eq!(meta.updated.as_deref(), Some("2024-05-02"));
    assert_eq!(meta.language.as_deref(), Some("en-GB"));
    assert_eq!(meta.url.as_deref(), Some("https://example.org/pier"));
    assert_eq!(kept.documents[0].text, "Pier");
    assert_eq!(read(b"<h1>A <b>headline</b></h1>").documents[0].meta.title.as_deref(), Some("A headline"));
}

#[test]
fn a_page_in_another_encoding_keeps_its_places() {
    let kept = read(b"<meta charset=windows-1252>\n<p>Caf\xE9 &eacute;t\xE9</p>");
    let document = &kept.documents[0];
    assert_eq!(document.text, "Café été");
    let place = document.locate(document.blocks[0].range).expect("places were asked for");
    assert_eq!((place.start.byte, place.start.line, place.start.column), (31, 2, 4));
    assert_eq!((place.end.byte, place.end.column), (46, 19));
    assert!(kept.faults.is_empty());
}

#[test]
fn hostile_pages_take_linear_time() {
    for unit in [
        "<div>",
        "<",
        "&",
        "&#",
        "<table><td>",
        "<b hidden>",
        "<svg>",
        "<li>",
        "<ul><li>",
        "<p><b>",
        "<!--",
        "</div>",
        "<td>",
        "<tr><td>",
        "&a",
        "<a b=",
        "<br>",
        "<table><tr><td><h1>",
        "<div><li>x",
        "<blockquote>x</p>",
    ] {
        let html = format!("<div><table><td>{}</table>end", unit.repeat(50_000));
        let (document, _) = rendered(&html);
        assert!(document.text.len() <= html.len() * 2, "{unit}");
    }
}

#[test]
fn pages_are_recognised() {
    assert!(Html.recognises("\n<!-- saved --><!DOCTYPE html>\n<p>"));
    assert!(Html.recognises("<?xml version=\"1.0\"?><html xmlns=\"x\">"));
    assert!(!Html.recognises("<rss version=\"2.0\">"));
    assert!(!Html.recognises("<header>"));
    assert!(!Html.recognises("Text with <html> in it"));
}

#[test]
fn what_a_style_hides_is_no_text() {
    let html = "<body style='visibility:hidden'><div style=\"color: red; DISPLAY : none !important\">a<p>b</p></div>\
                <p>c <span style='visibility:hidden'>d</span>e</p><dialog>f</dialog><p style='display:none;display:block'>g</p>\
                <p style=\"background:url('display:none')\">h</p><p data-style='display:none'>i</p>";
    assert_eq!(texts(html), ["c e", "g", "h", "i"]);
}

#[test]
fn code_in_running_text_is_known() {
    let html = "<p>Use <code>&lt;b&gt;</code>, <kbd>a <var>b</var></kbd> or <samp>c</p><p>text</samp> <tt hidden>d</tt><code></code></p>";
    let (document, _) = rendered(html);
    let code: Vec<&str> = document.code.iter().map(|range| &document.text[range.as_usize()]).collect();
    assert_eq!(code.iter().map(|code| code.trim()).collect::<Vec<_>>(), ["<b>", "a b", "c"]);
    let body = "<nav>x</nav><article><p>The pier at the end of the harbour road is shut, the board said, and <code>&lt;p&gt;</code> was shown.</p></article>";
    let mut document = Document::default();
    page(body, &mut document, true, true);
    let code: Vec<&str> = document.code.iter().map(|range| document.text[range.as_usize()].trim()).collect();
    assert_eq!(code, ["<p>"]);
}
