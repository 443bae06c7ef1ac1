use std::io::Write as _;
use std::sync::Arc;

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
    let path: Arc<str> = Arc::from("a.warc");
    let piece = Piece { path: &path, bytes, offset: 0, first_line: 1, named: true };
    Warc.read(&piece, &ReadOptions { places: true, ..ReadOptions::default() }, &mut got);
    got
}

fn record(kind: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/{kind}\r\nWARC-Date: 2026-11-20T09:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    out.extend_from_slice(block);
    out.extend_from_slice(b"\r\n\r\n");
    out
}

fn response(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut block = format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes();
    block.extend_from_slice(body);
    record("response", "application/http; msgtype=response", &block)
}

const PAGE: &str = "<html><head><title>Seals</title></head><body><p>Caf&eacute;s on the quay talk of little else.</p></body></html>";

/// The stored bytes that stand for `part` of the text.
fn stored<'a>(file: &'a [u8], document: &Document, part: &str) -> &'a [u8] {
    let at = document.text.find(part).unwrap() as u32;
    let places = document.places.as_ref().unwrap();
    let range = places.map.source_range(TextRange::new(at, at + part.len() as u32));
    &file[range.start as usize..range.end as usize]
}

#[test]
fn a_page_is_read_with_its_places() {
    let mut file = record("warcinfo", "application/warc-fields", b"software: x\r\n");
    file.extend(response("Content-Type: text/html; charset=utf-8\r\n", PAGE.as_bytes()));
    let got = read(&file);
    let [document] = &got.documents[..] else { panic!("{:?}", got.documents) };
    assert_eq!(document.text.trim(), "Caf\u{e9}s on the quay talk of little else.");
    assert_eq!(document.meta.title.as_deref(), Some("Seals"));
    assert_eq!(document.meta.id.as_deref(), Some("https://a.example/response"));
    assert_eq!(document.meta.version.as_deref(), Some("2026-11-20T09:00:00Z"));
    assert_eq!(stored(&file, document, "\u{e9}"), b"&eacute;");
    // The record is known by the line that it begins with.
    let line = 1 + file[..document.origin.stored.start as usize].iter().filter(|&&b| b == b'\n').count();
    assert_eq!(document.origin.record, Some(line as u32));
    let at = document.text.find('q').unwrap() as u32;
    let place = document.locate(TextRange::new(at, at + 1)).unwrap();
    assert_eq!(file[place.start.byte as usize], b'q');
    assert_eq!(place.start.line, line as u64 + 10, "{place:?}");
    assert_eq!(got.faults, Vec::<String>::new());
}

#[test]
fn chunks_keep_their_places() {
    let (first, second) = PAGE.split_at(PAGE.find("eacute").unwrap());
    let body = format!("{:x}\r\n{first}\r\n{:X};x=y\r\n{second}\r\n0\r\n\r\n", first.len(), second.len());
    let headers = "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n";
    let file = response(headers, body.as_bytes());
    let got = read(&file);
    assert_eq!(got.documents[0].text.trim(), "Caf\u{e9}s on the quay talk of little else.");
    assert_eq!(stored(&file, &got.documents[0], "quay"), b"quay");
    // The same header, and no chunks: as many crawlers store it.
    let file = response(headers, PAGE.as_bytes());
    assert_eq!(stored(&file, &read(&file).documents[0], "quay"), b"quay");
}

#[test]
fn packed_pages_stand_as_a_whole() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(PAGE.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let file = response("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &gzip);
    let got = read(&file);
    assert_eq!(got.documents[0].text.trim(), "Caf\u{e9}s on the quay talk of little else.");
    assert_eq!(stored(&file, &got.documents[0], "quay"), gzip);
    // Unpacked before it was stored.
    let file = response("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", PAGE.as_bytes());
    assert_eq!(stored(&file, &read(&file).documents[0], "quay"), b"quay");
    let file = response("Content-Type: text/html\r\nContent-Encoding: br\r\n", b"\x1b\xff\xfe\x00");
    let got = read(&file);
    assert!(got.documents.is_empty() && got.faults[0].contains("brotli"), "{:?}", got.faults);
}

#[test]
fn what_is_no_page_is_passed_over() {
    let mut file = response("Content-Type: image/png\r\n", b"\x89PNG\0\0");
    let block = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Gone.</p>";
    file.extend(record("response", "application/http", block));
    file.extend(record("request", "application/http", b"GET / HTTP/1.1\r\n\r\n"));
    file.extend(record("conversion", "text/plain", "Caf\u{e9}s.\n\nQuays.".as_bytes()));
    let got = read(&file);
    let texts: Vec<_> = got.documents.iter().map(|d| d.text.as_str()).collect();
    assert_eq!(texts, ["Caf\u{e9}s.\n\nQuays."]);
    assert_eq!(got.faults, Vec::<String>::new());
}

#[test]
fn damage_is_told_and_what_follows_is_read() {
    let mut file = b"rubbish\r\nmore\r\n".to_vec();
    file.extend(response("Content-Type: text/html\r\n", PAGE.as_bytes()));
    file.extend(b"WARC/1.0\r\nContent-Length: many\r\n\r\nx\r\n");
    let page = response("Content-Type: text/html\r\n", PAGE.as_bytes());
    file.extend(&page[..page.len() - 20]);
    let got = read(&file);
    let cut_off: Vec<bool> = got.documents.iter().map(|document| document.origin.cut_off).collect();
    assert_eq!(cut_off, [false, true]);
    assert_eq!(got.faults.len(), 3, "{:?}", got.faults);
    assert!(got.faults[2].ends_with("the file ends inside of a record"), "{:?}", got.faults);
}

#[test]
fn a_file_that_ends_in_a_head_has_one_fault() {
    let mut file = response("Content-Type: text/html\r\n", PAGE.as_bytes());
    file.extend(b"WARC/1.0\r\nWARC-Ty");
    let got = read(&file);
    assert_eq!(got.documents.len(), 1);
    assert_eq!(got.faults.len(), 1, "{:?}", got.faults);
    assert!(got.faults[0].ends_with("the file ends inside of a record"), "{:?}", got.faults);
}

#[test]
fn extents_are_known_from_the_header_on() {
    let page = response("Content-Type: text/html\r\n", PAGE.as_bytes());
    let length = page.len() as u64 - 4;
    assert_eq!(extent_of(&page), Extent::Known { length, wanted: true });
    assert_eq!(
        extent_of(&[b"\r\n\r\n", &page[..]].concat()),
        Extent::Known { length: length + 4, wanted: true }
    );
    assert_eq!(extent_of(&page[..40]), Extent::Unknown);
    assert_eq!(extent_of(b"\r\n"), Extent::Unknown);
    let image = response("Content-Type: image/png\r\n", b"x");
    assert!(matches!(extent_of(&image), Extent::Known { wanted: false, .. }));
}

fn extent_of(bytes: &[u8]) -> Extent {
    Warc.extent(bytes)
}
