use std::sync::Arc;

use super::*;
use crate::document::{Document, TextRange};
use crate::error::ReadError;

#[derive(Default)]
struct Got {
    documents: Vec<Document>,
    faults: Vec<String>,
    refused: Option<&'static str>,
}

impl Sink for Got {
    fn document(&mut self, document: &mut Document) {
        self.documents.push(document.clone());
    }
    fn fault(&mut self, fault: ReadError) {
        self.faults.push(fault.to_string());
    }
    fn not_a_document(&mut self, why: &'static str) {
        self.refused = Some(why);
    }
}

fn read(text: &str) -> Got {
    let mut got = Got::default();
    let path: Arc<str> = Arc::from("f.xml");
    let piece = Piece { path: &path, bytes: text.as_bytes(), offset: 0, first_line: 1, named: true };
    Feed.read(&piece, &ReadOptions { places: true, ..ReadOptions::default() }, &mut got);
    // Without places the same is read.
    let mut again = Got::default();
    Feed.read(&piece, &ReadOptions::default(), &mut again);
    let texts = |got: &Got| got.documents.iter().map(|d| d.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&got), texts(&again));
    got
}

/// The stored bytes that stand for `part` of the text.
fn stored<'a>(feed: &'a str, document: &Document, part: &str) -> &'a str {
    let at = document.text.find(part).unwrap() as u32;
    let places = document.places.as_ref().unwrap();
    let range = places.map.source_range(TextRange::new(at, at + part.len() as u32));
    &feed[range.start as usize..range.end as usize]
}

fn item(body: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>Hask</title><item>{body}</item></channel></rss>")
}

#[test]
fn every_character_leads_to_its_stored_bytes() {
    let feed = item(
        "<description>&lt;p&gt;Nets &amp;amp; boats&amp;#8230; caf&#233;&lt;/p&gt;<![CDATA[<p>a &lt; b</p>]]></description>",
    );
    let got = read(&feed);
    let document = &got.documents[0];
    assert_eq!(document.text.trim(), "Nets & boats\u{2026} caf\u{e9}\n\na < b");
    for (part, expected) in [
        ("Nets", "Nets"),
        ("&", "&amp;amp;"),
        ("\u{2026}", "&amp;#8230;"),
        ("\u{e9}", "&#233;"),
        ("a", "a"),
        ("<", "&lt;"),
    ] {
        let found = if part == "a" { "a <" } else { part };
        let expected = if part == "a" { "a &lt;" } else { expected };
        assert_eq!(stored(&feed, document, found), expected, "{part}");
    }
    assert_eq!(got.faults, Vec::<String>::new());
}

#[test]
fn fields_of_rss_are_found() {
    let got = read(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:c=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><language>en-GB</language><image><title>no</title></image><item><title>Seals &amp; nets</title><guid>https://a.example/1</guid><pubDate>Tue, 17 Nov 2026 15:20:00 +0000</pubDate><dc:creator>Lotte Brand</dc:creator><description>short</description><c:encoded><![CDATA[<p>long</p>]]></c:encoded><source url=\"x\">other</source></item></channel></rss>",
    );
    let meta = &got.documents[0].meta;
    assert_eq!(meta.title.as_deref(), Some("Seals & nets"));
    assert_eq!(meta.id.as_deref(), Some("https://a.example/1"));
    assert_eq!(meta.url.as_deref(), Some("https://a.example/1"));
    assert_eq!(meta.author.as_deref(), Some("Lotte Brand"));
    assert_eq!(meta.published.as_deref(), Some("Tue, 17 Nov 2026 15:20:00 +0000"));
    assert_eq!(meta.language.as_deref(), Some("en-GB"));
    assert_eq!(got.documents[0].text.trim(), "long");
    assert_eq!(got.documents[0].origin.field.as_deref(), Some("c:encoded"));
    assert_eq!(got.documents[0].origin.record, Some(1));
}

#[test]
fn fields_of_atom_are_found() {
    let feed = "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\"><a:author><a:name>Press office</a:name><a:uri>u</a:uri></a:author><a:entry xml:lang=\"de\"><a:id>urn:1</a:id><a:title type=\"html\">A &amp;lt; B</a:title><a:link rel=\"enclosure\" href=\"no\"/><a:link href=\"https://a.example/?a=1&amp;b=2\"/><a:updated>2026-11-20T17:30:00Z</a:updated><a:source><a:id>no</a:id><a:title>no</a:title></a:source><a:content type=\"xhtml\"><x:div xmlns:x=\"http://www.w3.org/1999/xhtml\"><x:p>One</x:p><x:p>Two &lt;b&gt;</x:p></x:div></a:content></a:entry><a:entry><a:author><a:name>Lena Hoss</a:name></a:author><a:content>a &lt;p&gt; b</a:content></a:entry></a:feed>";
    let got = read(feed);
    let [one, two] = &got.documents[..] else { panic!("{:?}", got.documents) };
    assert_eq!(one.text.trim(), "One\n\nTwo <b>");
    assert_eq!(stored(feed, one, "Two <b>"), "Two &lt;b&gt;");
    assert_eq!(one.meta.title.as_deref(), Some("A < B"));
    assert_eq!(one.meta.url.as_deref(), Some("https://a.example/?a=1&b=2"));
    assert_eq!(one.meta.author.as_deref(), Some("Press office"));
    assert_eq!(one.meta.language.as_deref(), Some("de"));
    assert_eq!((two.text.as_str(), two.meta.author.as_deref()), ("a <p> b", Some("Lena Hoss")));
    assert_eq!(two.meta.language.as_deref(), Some("en"));
    assert_eq!(got.faults, Vec::<String>::new());
}

#[test]
fn an_item_without_text_has_a_language_too() {
    let got = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry xml:lang='de'><id>1</id></entry></feed>",
    );
    assert_eq!(got.documents[0].meta.language.as_deref(), Some("de"));
}

#[test]
fn base64_is_read_and_stands_as_a_whole() {
    let feed = "<feed xmlns=\"http://purl.org/atom/ns#\"><entry><content type=\"text/plain\" mode=\"base64\">VGhlIHBpZXIu</content></entry></feed>";
    let got = read(feed);
    assert_eq!(got.documents[0].text, "The pier.");
    assert_eq!(stored(feed, &got.documents[0], "pier"), "VGhlIHBpZXIu");
    let feed = "<feed xmlns=\"http://purl.org/atom/ns#\"><entry><content type=\"text/html\" mode=\"base64\">PHA+VGhlIHBpZXI8L3A+</content></entry></feed>";
    let got = read(feed);
    assert_eq!(got.documents[0].text.trim(), "The pier");
    assert_eq!(stored(feed, &got.documents[0], "pier"), "PHA+VGhlIHBpZXI8L3A+");
}

#[test]
fn broken_xml_is_read_on_with_one_fault() {
    let feed = "<rss><channel><item><title>5 < 6 & 7</title><description><p>Nets<br>torn &eacute; &hask;</description></item><item><title>Next<title></item><item><title>Last</title><description><![CDATA[<p>cut o";
    let got = read(feed);
    let titles: Vec<_> = got.documents.iter().map(|d| d.meta.title.as_deref()).collect();
    assert_eq!(titles, [Some("5 < 6 & 7"), Some("Next"), Some("Last")]);
    assert_eq!(got.documents[0].text.trim(), "Nets\ntorn \u{e9} &hask;");
    assert_eq!(got.documents[2].text.trim(), "cut o");
    assert_eq!(got.faults.len(), 1, "{:?}", got.faults);
    assert!(got.faults[0].starts_with("f.xml:1:"), "{:?}", got.faults);
}

#[test]
fn a_lone_sign_in_a_description_swallows_nothing() {
    let got = read(&item("<description>Nets at a price &lt; 5 pounds</description>"));
    assert_eq!(got.documents[0].text, "Nets at a price < 5 pounds");
}

#[test]
fn what_is_no_feed_is_no_document() {
    for xml in
        ["<project><item><title>a</title></item></project>", "<?xml version=\"1.0\"?><note/>", "plain", ""]
    {
        let got = read(xml);
        assert!(got.refused.is_some() && got.documents.is_empty(), "{xml}");
    }
}

#[test]
fn a_feed_without_items_is_one_document() {
    let got = read("<rss><channel><title>Hask</title><pubDate>x</pubDate></channel></rss>");
    assert_eq!(got.documents.len(), 1);
    assert_eq!(got.documents[0].meta.title.as_deref(), Some("Hask"));
    assert_eq!(got.documents[0].origin.record, None);
    assert!(got.documents[0].meta.dates[0].of_feed);
}

#[test]
fn nothing_is_fetched_and_nothing_grows() {
    let feed = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY f SYSTEM \"file:///etc/hostname\">]><rss><channel><item><description>x &c; &f; &a;</description></item></channel></rss>";
    let got = read(feed);
    assert_eq!(got.documents[0].text, "x &c; &f; aaaaaaaaaa");
    assert_eq!(got.faults.len(), 1);
}

#[test]
fn feeds_are_recognised_by_their_root() {
    assert!(Feed.recognises("\u{feff}<?xml version=\"1.0\"?>\n<!-- a --> <rss version=\"2.0\">"));
    assert!(Feed.recognises("<feed xmlns=\"http://www.w3.org/2005/Atom\">"));
    assert!(!Feed.recognises("<html><rss></html>"));
    assert!(!Feed.recognises("<!-- a -- <rss>"));
}

#[test]
fn a_feed_is_known_behind_an_internal_subset() {
    for subset in
        ["", " [<!ENTITY co \"x>]\">]", " PUBLIC \"a\" \"b\" [\n<!-- ]> it's -->\n<!ENTITY b 'c'>\n] "]
    {
        let head = format!("<?xml version=\"1.0\"?><!-- a --><!DOCTYPE rss{subset}>\n<rss version=\"2.0\">");
        assert!(Feed.recognises(&head), "{head}");
    }
    assert!(!Feed.recognises("<!DOCTYPE html><html>"));
    assert!(Feed.recognises("<feed>") && Feed.recognises("<rdf:RDF\n") && !Feed.recognises("<feeds>"));
}
