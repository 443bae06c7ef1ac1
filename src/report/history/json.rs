//! `json`: one object, schema version 1 (docs/json-schema/history.schema.json).

use std::io;

use serde::Serialize;

use super::{HistoryReporter, HistorySettings};
use crate::history::{
    AuthorShare, Flap, History, HistoryOptions, Life, ParagraphLife, Revert, TokenLife, Version,
};
use crate::report::json::write_compact;
use crate::report::revision::json::{MetadataView, names, pair};

/// The format.
pub(super) struct Json;

impl HistoryReporter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "one JSON object (docs/json-schema/history.schema.json)"
    }

    fn needs(&self, settings: &HistorySettings, options: &mut HistoryOptions) {
        options.lives |= settings.tokens;
    }

    fn begin(&self, _: &HistorySettings, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(b"{\"schema\":1,\"documents\":[")
    }

    fn document(
        &self,
        history: &History,
        index: usize,
        settings: &HistorySettings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        out.write_all(if index == 0 { b"\n{\"id\":" } else { b",\n{\"id\":" })?;
        write_compact(&history.id, out)?;
        list("versions", history.versions.iter().map(VersionView::new), out)?;
        write!(out, ",\"at\":{}", history.at)?;
        list("paragraphs", history.paragraphs.iter().map(ParagraphView::new), out)?;
        if settings.tokens {
            let tokens = history.tokens.iter().map(|token| TokenView::new(token, history));
            list("tokens", tokens, out)?;
        }
        list("reverts", history.reverts.iter().map(RevertView::new), out)?;
        list("flaps", history.flaps.iter().map(FlapView::new), out)?;
        list("authors", history.authors.iter().map(AuthorView::new), out)?;
        out.write_all(b"}")
    }

    fn end(&self, _documents: usize, _: &HistorySettings, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(b"\n]}\n")
    }
}

/// Writes `,"name":[…]`, an item a line.
fn list<T: Serialize>(name: &str, items: impl Iterator<Item = T>, out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, ",\"{name}\":[")?;
    for (at, item) in items.enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        write_compact(&item, out)?;
    }
    out.write_all(b"]")
}

#[derive(Serialize)]
struct VersionView<'a> {
    number: u32,
    label: &'a str,
    time: Option<&'a str>,
    author: Option<&'a str>,
    comment: Option<&'a str>,
    title: Option<&'a str>,
    digest: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    missing: &'a str,
    words: u64,
    added: u64,
    restored: u64,
    removed: u64,
    surviving: u64,
    significance: &'a str,
    reasons: Vec<&'static str>,
    novel: &'a str,
    reverts_to: Option<u32>,
    unchanged: bool,
    silent: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    metadata: Vec<MetadataView<'a>>,
}

impl<'a> VersionView<'a> {
    fn new(version: &'a Version) -> Self {
        let hex = |digest: [u8; 32]| digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            number: version.number,
            label: &version.label,
            time: version.time.as_deref(),
            author: version.author.as_deref(),
            comment: version.comment.as_deref(),
            title: version.title.as_deref(),
            digest: version.digest.map(hex),
            missing: &version.missing,
            words: version.words,
            added: version.added,
            restored: version.restored,
            removed: version.removed,
            surviving: version.surviving,
            significance: version.significance.name(),
            reasons: names(&version.reasons),
            novel: version.novel.name(),
            reverts_to: version.reverts_to,
            unchanged: version.unchanged,
            silent: version.silent,
            metadata: version.metadata.iter().map(MetadataView::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct ParagraphView {
    range: [u32; 2],
    introduced: u32,
    last_changed: u32,
}

impl ParagraphView {
    const fn new(paragraph: &ParagraphLife) -> Self {
        Self {
            range: pair(paragraph.range),
            introduced: paragraph.introduced,
            last_changed: paragraph.last_changed,
        }
    }
}

#[derive(Serialize)]
struct TokenView<'a> {
    text: &'a str,
    range: [u32; 2],
    origin: u32,
    removed: &'a [u32],
    restored: &'a [u32],
}

impl<'a> TokenView<'a> {
    fn new(token: &TokenLife, history: &'a History) -> Self {
        static NONE: Life = Life { removed: Vec::new(), restored: Vec::new() };
        let life = history.lives.get(token.life as usize).unwrap_or(&NONE);
        Self {
            text: history.text.get(token.range.as_usize()).unwrap_or_default(),
            range: pair(token.range),
            origin: token.origin,
            removed: &life.removed,
            restored: &life.restored,
        }
    }
}

#[derive(Serialize)]
struct RevertView<'a> {
    version: u32,
    to: Option<u32>,
    undoes: &'a [u32],
    restored: u64,
    removed: u64,
}

impl<'a> RevertView<'a> {
    fn new(revert: &'a Revert) -> Self {
        let Revert { version, to, ref undoes, restored, removed } = *revert;
        Self { version, to, undoes, restored, removed }
    }
}

#[derive(Serialize)]
struct FlapView<'a> {
    first: u32,
    last: u32,
    texts: &'a [u32],
}

impl<'a> FlapView<'a> {
    fn new(flap: &'a Flap) -> Self {
        Self { first: flap.first, last: flap.last, texts: &flap.texts }
    }
}

#[derive(Serialize)]
struct AuthorView<'a> {
    author: Option<&'a str>,
    words: u64,
    versions: u64,
}

impl<'a> AuthorView<'a> {
    fn new(share: &'a AuthorShare) -> Self {
        Self { author: share.author.as_deref(), words: share.words, versions: share.versions }
    }
}
