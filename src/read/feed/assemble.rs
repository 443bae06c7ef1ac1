//! From items to documents: metadata, text, and the way back to the stored bytes.

use std::sync::Arc;

use super::item::{Item, Value};
use crate::document::{
    DateForm, Document, FieldPlace, LineIndex, MetaField, Metadata, Origin, Places, SourceMap, SourceRange,
    StatedDate, TextRange,
};
use crate::read::encoding::Decoded;
use crate::read::xml::content;
use crate::read::{Piece, ReadOptions, Reader, Sink};

/// The feed that is being read.
pub(super) struct File<'a> {
    pub piece: &'a Piece<'a>,
    pub options: &'a ReadOptions,
    pub decoded: &'a Decoded<'a>,
    pub lines: Option<Arc<LineIndex>>,
    pub document: Document,
    pub items: u32,
}

impl File<'_> {
    fn begin(&mut self) {
        let Piece { path, offset, bytes, .. } = self.piece;
        self.document.clear();
        self.document.origin = Origin {
            path: Arc::clone(path),
            format: super::Feed.name(),
            stored: SourceRange { start: *offset, end: offset + bytes.len() as u64 },
            damaged: self.decoded.damage.is_some(),
            ..Origin::default()
        };
    }

    /// One item; `feed` is what is known of the feed.
    pub fn item(&mut self, item: Item, feed: &Item, sink: &mut dyn Sink) {
        self.begin();
        self.items += 1;
        self.document.origin.record = Some(self.items);
        self.document.origin.cut_off = item.cut_off;
        metadata(&item, &mut self.document.meta);
        let meta = &mut self.document.meta;
        if meta.author.is_none() {
            meta.author = feed.author();
        }
        if meta.language.is_none() {
            meta.language.clone_from(&feed.language);
        }
        if self.items == 1 {
            // The feed's own dates are told with its first item.
            meta.dates.extend(stated(feed, true));
        }
        let map = match &item.body {
            Some(body) => {
                self.document.origin.field = Some(Arc::from(&*body.element));
                let places = self.options.places;
                content::fill(&mut self.document, body, self.options.body_html, places)
            }
            None => SourceMap::default(),
        };
        let at = item.body.as_ref().map_or(item.start, |body| body.start);
        let dates = if self.items == 1 { &feed.dates[..] } else { &[] };
        self.place(map, at, &item, dates);
        sink.document(&mut self.document);
    }

    /// A feed without items.
    pub fn empty(&mut self, feed: &Item, sink: &mut dyn Sink) {
        self.begin();
        metadata(feed, &mut self.document.meta);
        self.document.meta.dates = stated(feed, true).collect();
        self.place(SourceMap::default(), feed.start, feed, &[]);
        sink.document(&mut self.document);
    }

    /// Gives the document its places; one without text stands at byte `at` of the decoded file.
    /// The dates of `item` are followed by `dates`, those of the feed.
    fn place(&mut self, map: SourceMap, at: usize, item: &Item, dates: &[Value]) {
        let Some(lines) = &self.lines else { return };
        let below = &self.decoded.map;
        let map = if self.document.text.is_empty() {
            let at = TextRange::new(at as u32, at as u32);
            // A run that stands for one unit of nothing is none, so the place is given by a unit of one.
            let stored = below.source_range(at).start;
            SourceMap::identity(stored, 1)
        } else {
            map.over(below)
        };
        let named = [
            (MetaField::Id, &item.id),
            (MetaField::Title, &item.title),
            (MetaField::Published, &item.published),
            (MetaField::Updated, &item.updated),
        ];
        let named = named.into_iter().filter_map(|(field, value)| Some((field, value.as_ref()?)));
        let dates = (0..).map(MetaField::Date).zip(item.dates.iter().chain(dates));
        let fields = named.chain(dates).map(|(field, value)| {
            let at = TextRange::new(value.at.start as u32, value.at.end as u32);
            FieldPlace { field, name: Arc::from(&*value.element), range: below.source_range(at) }
        });
        let places = Places { map, lines: Arc::clone(lines), fields: fields.collect() };
        self.document.places = Some(Arc::new(places));
    }
}

fn metadata(item: &Item, meta: &mut Metadata) {
    let text = |value: &Option<Value>| value.as_ref().map(|value| value.text.clone());
    meta.id = text(&item.id);
    meta.title = text(&item.title);
    meta.url = text(&item.link);
    meta.author = item.author();
    meta.published = text(&item.published);
    meta.updated = text(&item.updated);
    meta.language.clone_from(&item.language);
    meta.dates = stated(item, false).collect();
}

/// The dates of an item or feed, and in which form each should be.
fn stated(item: &Item, of_feed: bool) -> impl Iterator<Item = StatedDate> + '_ {
    item.dates.iter().map(move |Value { element, text, .. }| {
        let local = element.rsplit(':').next().unwrap_or(element).to_ascii_lowercase();
        let form = match local.as_str() {
            "pubdate" | "lastbuilddate" => DateForm::Rfc2822,
            "published" | "updated" => DateForm::Rfc3339Capital,
            _ => DateForm::W3c,
        };
        StatedDate { element: element.clone(), value: text.clone(), form, of_feed }
    })
}
