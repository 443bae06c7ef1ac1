use super::*;
use crate::document::{MetaField, TextRange};
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
    let path: Arc<str> = Arc::from("n.xml");
    let piece = Piece { path: &path, bytes: text.as_bytes(), offset: 0, first_line: 1, named: true };
    NewsMl.read(&piece, &ReadOptions { places: true, ..ReadOptions::default() }, &mut got);
    got
}

/// The stored bytes that stand for `part` of the text.
fn stored<'a>(xml: &'a str, document: &Document, part: &str) -> &'a str {
    let at = document.text.find(part).unwrap() as u32;
    let places = document.places.as_ref().unwrap();
    let range = places.map.source_range(TextRange::new(at, at + part.len() as u32));
    &xml[range.start as usize..range.end as usize]
}

fn field<'a>(xml: &'a str, document: &Document, field: MetaField) -> &'a str {
    let places = document.places.as_ref().unwrap();
    let place = places.fields.iter().find(|place| place.field == field).unwrap();
    &xml[place.range.start as usize..place.range.end as usize]
}

const NITF: &str = "<nitf><head><title>Short</title><docdata><doc-id id-string='w-1'/><date.issue norm='20261120T090500Z'/></docdata></head><body><body.head><hedline><hl1>Seals &amp; nets</hl1></hedline><byline>By Lotte Brand, <byttl>Averil</byttl></byline><abstract><p>Short.</p></abstract></body.head><body.content><p>Caf&#233;s &amp; quays.</p><hl2>Nets</hl2><media><media-reference source='a'>no</media-reference><media-caption>A seal.</media-caption></media><bq><block><p>Torn.</p></block></bq></body.content><body.end><tagline>no</tagline></body.end></body></nitf>";

#[test]
fn nitf_is_read_with_its_places() {
    let got = read(NITF);
    let [document] = &got.documents[..] else { panic!("{:?}", got.documents) };
    assert_eq!(document.text.trim(), "Caf\u{e9}s & quays.\n\nNets\n\nA seal.\n\nTorn.");
    assert_eq!(stored(NITF, document, "\u{e9}"), "&#233;");
    assert_eq!(stored(NITF, document, "A seal."), "A seal.");
    assert_eq!(document.meta.title.as_deref(), Some("Seals & nets"));
    assert_eq!(document.meta.author.as_deref(), Some("By Lotte Brand, Averil"));
    assert_eq!(document.meta.id.as_deref(), Some("w-1"));
    assert_eq!(document.meta.published.as_deref(), Some("20261120T090500Z"));
    assert_eq!(field(NITF, document, MetaField::Title), "Seals &amp; nets");
    assert_eq!(field(NITF, document, MetaField::Published), "20261120T090500Z");
    assert_eq!(document.origin.record, None);
    assert_eq!(got.faults, Vec::<String>::new());
}

#[test]
fn items_of_a_message_are_documents() {
    let xml = format!(
        "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet>\
         <newsItem guid='urn:a' version='3' xml:lang='en'><itemMeta><versionCreated>2026-11-20T11:30:00Z</versionCreated><firstCreated>2026-11-20</firstCreated><title>t</title></itemMeta><contentMeta><creator qcode='x'><name>Lotte Brand</name></creator><headline> Pool turns\n the water down </headline></contentMeta><contentSet><remoteContent/><inlineXML contenttype='application/nitf+xml'>{NITF}</inlineXML></contentSet></newsItem>\
         <packageItem guid='urn:p'><groupSet/></packageItem>\
         <newsItem guid='urn:b' version='1'><contentSet><inlineXML contenttype='application/xhtml+xml'><h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head><h:title/></h:head><h:body><h:p>One.</h:p><h:div/><h:p>Two.</h:p></h:body></h:html></inlineXML></contentSet></newsItem>\
         <newsItem guid='urn:c' version='1'><contentSet><inlineData contenttype='text/html'>&lt;p&gt;A &amp;amp; B&lt;/p&gt;</inlineData></contentSet></newsItem>\
         </itemSet></newsMessage>"
    );
    let got = read(&xml);
    let [one, two, three] = &got.documents[..] else { panic!("{:?}", got.documents) };
    assert_eq!(one.meta.id.as_deref(), Some("urn:a"));
    assert_eq!(one.meta.version.as_deref(), Some("3"));
    assert_eq!(one.meta.title.as_deref(), Some("Pool turns the water down"));
    assert_eq!(one.meta.author.as_deref(), Some("Lotte Brand"));
    assert_eq!(one.meta.language.as_deref(), Some("en"));
    assert_eq!(one.meta.updated.as_deref(), Some("2026-11-20T11:30:00Z"));
    assert_eq!(one.meta.dates.len(), 2);
    assert!(one.text.starts_with("Caf\u{e9}s"));
    assert_eq!(field(&xml, one, MetaField::Id), "urn:a");
    assert_eq!(two.text.trim(), "One.\n\nTwo.");
    assert_eq!(stored(&xml, two, "Two."), "Two.");
    assert_eq!((three.text.trim(), three.origin.record), ("A & B", Some(3)));
    assert_eq!(stored(&xml, three, "&"), "&amp;amp;");
    assert_eq!(got.faults, Vec::<String>::new());
}

#[test]
fn the_body_of_old_newsml_is_chosen_by_its_role() {
    let got = read(
        "<NewsML><NewsItem><Identification><NewsIdentifier><RevisionId>2</RevisionId><PublicIdentifier>urn:n:1</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><FirstCreated>20261120T090500+0000</FirstCreated></NewsManagement><NewsComponent><NewsLines><HeadLine>Pool</HeadLine></NewsLines>\
         <NewsComponent><Role FormalName='StyleSheet'/><ContentItem><MimeType FormalName='text/css'/><DataContent>a { b: c } and so on, long as it is, and longer</DataContent></ContentItem></NewsComponent>\
         <NewsComponent><Role FormalName='Contact'/><ContentItem><DataContent>Ring Lotte Brand at any time of the day.</DataContent></ContentItem></NewsComponent>\
         <NewsComponent><Role FormalName='Body'/><ContentItem><MimeType FormalName='text/xhtml'/><DataContent><html><body><p>The basin.</p></body></html></DataContent></ContentItem></NewsComponent>\
         </NewsComponent></NewsItem></NewsML>",
    );
    let [document] = &got.documents[..] else { panic!("{:?}", got.documents) };
    assert_eq!(document.text.trim(), "The basin.");
    assert_eq!(document.meta.id.as_deref(), Some("urn:n:1"));
    assert_eq!(document.meta.title.as_deref(), Some("Pool"));
}

#[test]
fn what_is_cut_off_or_broken_is_read_as_far_as_it_goes() {
    let cut = &NITF[..NITF.find("Torn").unwrap()];
    let got = read(cut);
    assert!(got.documents[0].text.trim().ends_with("A seal."), "{:?}", got.documents);
    assert_eq!(got.faults.len(), 1, "{:?}", got.faults);
    let got = read("<nitf><body><body.content><p>5 < 6 & 7 &hask;</p><p>Nets</body.content></body></nitf>");
    assert_eq!(got.documents[0].text.trim(), "5 < 6 & 7 &hask;\n\nNets");
    assert_eq!(got.faults.len(), 1, "{:?}", got.faults);
}

#[test]
fn nothing_is_fetched_and_nothing_grows() {
    let got = read(
        "<!DOCTYPE nitf SYSTEM 'http://a.example/nitf.dtd' [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY f SYSTEM \"file:///etc/hostname\">]><nitf><body><body.content><p>x &c; &f; &a;</p></body.content></body></nitf>",
    );
    assert_eq!(got.documents[0].text.trim(), "x &c; &f; aaaaaaaaaa");
    assert_eq!(got.faults.len(), 1, "{:?}", got.faults);
}

#[test]
fn items_without_text_are_no_documents() {
    for xml in ["<conceptItem guid='a'/>", "<packageItem/>", "<newsMessage/>", "", "plain"] {
        let got = read(xml);
        assert!(got.refused.is_some() && got.documents.is_empty(), "{xml}");
    }
    assert!(NewsMl.recognises("<?xml version='1.0'?><!DOCTYPE nitf [<!ENTITY a '>'>]>\n<nitf>"));
    assert!(NewsMl.recognises("<g2:newsItem guid=''>") && !NewsMl.recognises("<rss>"));
}
