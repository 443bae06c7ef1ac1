//! Scratch.
use copydesk::document::{Metadata, Snapshot};
use copydesk::error::ReadError;
use copydesk::history::{Chain, HistoryOptions};
use copydesk::read::versions::{SnapshotSink, VersionOptions, read_versions};
use copydesk::report::history::{HistorySettings, history_format};

struct All {
    chain: Option<Chain>,
    options: HistoryOptions,
    done: Vec<copydesk::history::History>,
}
impl SnapshotSink for All {
    fn begin(&mut self, id: &str, _: &Metadata) {
        self.chain = Some(Chain::new(id, &self.options));
    }
    fn snapshot(&mut self, s: &mut Snapshot) {
        if let Some(c) = &mut self.chain {
            c.push(s);
        }
    }
    fn end(&mut self) {
        if let Some(c) = self.chain.take() {
            self.done.push(c.finish());
        }
    }
    fn fault(&mut self, f: ReadError) {
        eprintln!("{f}");
    }
    fn warning(&mut self, f: ReadError) {
        eprintln!("{f}");
    }
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let settings = HistorySettings::default();
    let formats = [history_format("html").unwrap(), history_format("markdown").unwrap()];
    let mut options = HistoryOptions::default();
    formats.iter().for_each(|f| f.needs(&settings, &mut options));
    let mut all = All { chain: None, options, done: Vec::new() };
    let paths: Vec<_> = args[1..].iter().map(Into::into).collect();
    read_versions(&paths, &VersionOptions::default(), &mut all);
    for (f, end) in formats.iter().zip(["html", "md"]) {
        let mut out = Vec::new();
        f.begin(&settings, &mut out).unwrap();
        for (i, h) in all.done.iter().enumerate() {
            f.document(h, i, &settings, &mut out).unwrap();
        }
        f.end(all.done.len(), &settings, &mut out).unwrap();
        std::fs::write(format!("{}.{end}", args[0]), out).unwrap();
    }
}
