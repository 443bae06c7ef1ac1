//! From the outline of a news item to a document.

use std::sync::Arc;

use super::inline::taken;
use super::outline::Outline;
use crate::document::{
    DateForm, Document, FieldPlace, LineIndex, MetaField, Origin, Places, SourceMap, StatedDate, TextRange,
};
use crate::read::encoding::Decoded;
use crate::read::xml::{Body, Damage, Entities, Mode, content};
use crate::read::{ReadOptions, Sink};

/// The file that is being read.
pub(super) struct File<'a> {
    pub options: &'a ReadOptions,
    pub decoded: &'a Decoded<'a>,
    pub lines: Option<Arc<LineIndex>>,
    pub origin: Origin,
    pub document: Document,
    pub entities: Entities,
    pub items: u32,
}

/// A value, and where it stands in the decoded file.
struct Value<'a> {
    text: String,
    name: &'a str,
    at: std::ops::Range<usize>,
}

/// The content of an item.
struct Content {
    node: usize,
    mode: Mode,
}

impl File<'_> {
    /// Reads one item.
    pub fn item(&mut self, item: &Outline<'_, '_>, damage: &mut Damage, sink: &mut dyn Sink) {
        if self.items == 0 {
            item.doctypes.iter().for_each(|doctype| self.entities.declare(doctype));
        }
        self.items += 1;
        self.document.clear();
        self.document.origin = self.origin.clone();
        self.document.origin.record = item.of_message.then_some(self.items);
        self.document.origin.cut_off = item.cut_off;
        let mut reading = Reading { item, entities: &mut self.entities, damage };
        let found = match item.node(item.root()).name {
            "NewsItem" => reading.news_ml(),
            "nitf" => reading.nitf(item.root()),
            _ => reading.news_item(),
        };
        let body = found.content.as_ref().map(|content| reading.body(content, self.options.places));
        let text = |value: &Option<Value<'_>>| value.as_ref().map(|value| value.text.clone());
        let document = &mut self.document;
        document.meta.id = text(&found.id);
        document.meta.title = text(&found.title);
        document.meta.version = found.version;
        document.meta.author = found.author;
        document.meta.published = text(&found.published);
        document.meta.updated = text(&found.updated);
        document.meta.language = found.language;
        document.meta.dates = found
            .dates
            .iter()
            .map(|(value, form)| StatedDate {
                element: value.name.to_owned(),
                value: value.text.clone(),
                form: *form,
                of_feed: false,
            })
            .collect();
        let map = body.as_ref().map_or_else(SourceMap::default, |body| {
            document.origin.field = Some(Arc::from(&*body.element));
            content::fill(document, body, self.options.body_html, self.options.places)
        });
        if let Some(lines) = &self.lines {
            let below = &self.decoded.map;
            let stored = |range: std::ops::Range<usize>| {
                below.source_range(TextRange::new(range.start as u32, range.end as u32))
            };
            let at = body.as_ref().map_or(item.node(item.root()).inner.start, |body| body.start);
            let map = if document.text.is_empty() {
                SourceMap::identity(stored(at..at).start, 1)
            } else {
                map.over(below)
            };
            let named = [
                (MetaField::Id, &found.id),
                (MetaField::Title, &found.title),
                (MetaField::Published, &found.published),
                (MetaField::Updated, &found.updated),
            ];
            let named = named.into_iter().filter_map(|(field, value)| Some((field, value.as_ref()?)));
            let dates = (0..).map(MetaField::Date).zip(found.dates.iter().map(|(value, _)| value));
            let fields = named.chain(dates).map(|(field, value)| FieldPlace {
                field,
                name: Arc::from(value.name),
                range: stored(value.at.clone()),
            });
            let places = Places { map, lines: Arc::clone(lines), fields: fields.collect() };
            document.places = Some(Arc::new(places));
        }
        sink.document(document);
    }
}

/// What an item says.
#[derive(Default)]
struct Found<'a> {
    id: Option<Value<'a>>,
    title: Option<Value<'a>>,
    version: Option<String>,
    author: Option<String>,
    published: Option<Value<'a>>,
    updated: Option<Value<'a>>,
    language: Option<String>,
    dates: Vec<(Value<'a>, DateForm)>,
    content: Option<Content>,
}

/// Reads the elements of one item.
struct Reading<'r, 'o, 'a> {
    item: &'r Outline<'o, 'a>,
    entities: &'r mut Entities,
    damage: &'r mut Damage,
}

impl<'a> Reading<'_, '_, 'a> {
    /// The text of an element on one line; `None` where that is blank.
    fn text(&mut self, index: Option<usize>) -> Option<Value<'a>> {
        let node = self.item.node(index?);
        let (source, _) = taken(self.item.text, node.inner.clone(), false, false, self.entities, self.damage);
        let text = content::line(&source, Mode::Text);
        let inner = &self.item.text[node.inner.clone()];
        let start = node.inner.start + (inner.len() - inner.trim_start().len());
        let at = start..start + inner.trim().len();
        (!text.is_empty()).then_some(Value { text, name: node.name, at })
    }

    /// The value of an attribute; `None` where that is blank.
    fn attribute(&mut self, index: Option<usize>, name: &'a str) -> Option<Value<'a>> {
        let raw = self.item.attribute(index?, name)?;
        let start = raw.as_ptr() as usize - self.item.text.as_ptr() as usize;
        let at = start..start + raw.len();
        let (text, _) = taken(self.item.text, at.clone(), false, false, self.entities, self.damage);
        Some(Value { text: text.trim().to_owned(), name, at })
    }

    /// A date of `form`; also among the dates that are stated.
    fn date(&mut self, index: Option<usize>, form: DateForm, dates: &mut Vec<(Value<'a>, DateForm)>) {
        let value = self.text(index);
        dates.extend(value.map(|value| (value, form)));
    }

    /// NewsML-G2.
    fn news_item(&mut self) -> Found<'a> {
        let item = self.item;
        let root = item.root();
        let path = |names: &[&str]| item.path(root, names);
        let mut found = Found {
            id: self.attribute(Some(root), "guid"),
            version: self.attribute(Some(root), "version").map(|value| value.text),
            title: self.text(path(&["contentMeta", "headline"])),
            ..Found::default()
        };
        let language = path(&["contentMeta", "language"]);
        found.language = self.attribute(language, "tag").map(|value| value.text);
        if found.language.is_none() {
            found.language = self.attribute(Some(root), "xml:lang").map(|value| value.text);
        }
        let creators = path(&["contentMeta", "creator"]);
        let name = creators.and_then(|at| item.children(at, "name").next()).or(creators);
        let by = path(&["contentMeta", "by"]).or(name);
        found.author = self.text(by).map(|value| value.text);
        let form = DateForm::Rfc3339Capital;
        for (names, form) in [
            (["itemMeta", "firstCreated"], form),
            (["contentMeta", "contentCreated"], DateForm::W3c),
            (["itemMeta", "versionCreated"], form),
            (["contentMeta", "contentModified"], DateForm::W3c),
        ] {
            self.date(path(&names), form, &mut found.dates);
        }
        found.published = self
            .text(path(&["itemMeta", "firstCreated"]))
            .or_else(|| self.text(path(&["contentMeta", "contentCreated"])));
        found.updated = self
            .text(path(&["itemMeta", "versionCreated"]))
            .or_else(|| self.text(path(&["contentMeta", "contentModified"])));
        let set = if item.node(root).name == "contentSet" { Some(root) } else { path(&["contentSet"]) };
        if let Some(set) = set {
            let parts: Vec<usize> = item.children(set, "inlineXML").collect();
            let data: Vec<usize> = item.children(set, "inlineData").collect();
            for part in parts {
                if found.content.is_some() {
                    break;
                }
                if let Some(nitf) = item.find(part, "nitf") {
                    let inner = self.nitf(nitf);
                    found.title = found.title.or(inner.title);
                    found.author = found.author.or(inner.author);
                    found.id = found.id.or(inner.id);
                    found.published = found.published.or(inner.published);
                    found.content = inner.content;
                } else {
                    let node = item.find(part, "body").unwrap_or(part);
                    found.content = self.filled(node).then_some(Content { node, mode: Mode::Xhtml });
                }
            }
            for part in data {
                if found.content.is_some() {
                    break;
                }
                let kind = item.attribute(part, "contenttype").unwrap_or("").to_ascii_lowercase();
                let html = kind.contains("html");
                let base64 =
                    item.attribute(part, "encoding").is_some_and(|encoding| encoding.contains("base64"));
                let mode = match (base64, html) {
                    (true, html) => Mode::Base64 { html },
                    (false, true) => Mode::Html,
                    (false, false) => Mode::Text,
                };
                found.content = self.filled(part).then_some(Content { node: part, mode });
            }
        }
        found.title = found.title.or_else(|| self.text(path(&["itemMeta", "title"])));
        found
    }

    /// NITF, by itself or in an item of another vocabulary.
    fn nitf(&mut self, nitf: usize) -> Found<'a> {
        let item = self.item;
        let head = item.path(nitf, &["body", "body.head"]);
        let docdata = item.path(nitf, &["head", "docdata"]);
        let within = |at: Option<usize>, name: &str| at.and_then(|at| item.find(at, name));
        let title = within(head, "hl1").or_else(|| within(head, "hedline"));
        let byline = self.text(within(head, "byline")).map(|value| value.text);
        let mut found = Found {
            id: self.attribute(within(docdata, "doc-id"), "id-string"),
            title: self.text(title).or_else(|| self.text(item.path(nitf, &["head", "title"]))),
            author: byline,
            published: self.attribute(within(docdata, "date.issue"), "norm"),
            updated: self.attribute(within(docdata, "date.release"), "norm"),
            language: self.attribute(Some(nitf), "xml:lang").map(|value| value.text),
            ..Found::default()
        };
        if found.published.is_none() {
            let publication = item.path(nitf, &["head", "pubdata"]);
            found.published = self.attribute(publication, "date.publication");
        }
        let bodies = [item.path(nitf, &["body", "body.content"]), within(head, "abstract")];
        let node = bodies.into_iter().flatten().find(|&node| self.filled(node));
        found.content = node.map(|node| Content { node, mode: Mode::Xhtml });
        found
    }

    /// NewsML 1.x.
    fn news_ml(&mut self) -> Found<'a> {
        let item = self.item;
        let root = item.root();
        let find = |name: &str| item.find(root, name);
        let language = self.attribute(find("Language"), "FormalName");
        let mut found = Found {
            id: self.text(find("PublicIdentifier")),
            version: self.text(find("RevisionId")).map(|value| value.text),
            title: self.text(find("HeadLine")),
            author: self.text(find("ByLine")).map(|value| value.text),
            published: self.text(find("FirstCreated")),
            updated: self.text(find("ThisRevisionCreated")),
            language: language.map(|value| value.text),
            ..Found::default()
        };
        let contents = item.inside(root).filter(|&at| item.node(at).name == "DataContent");
        let best = contents.filter(|&at| self.filled(at)).filter_map(|at| Some((at, rank(item, at)?)));
        let best = best.max_by_key(|&(at, rank)| (rank, item.node(at).inner.len(), usize::MAX - at));
        let Some((node, _)) = best else { return found };
        if let Some(nitf) = item.find(node, "nitf") {
            let inner = self.nitf(nitf);
            found.title = found.title.or(inner.title);
            found.author = found.author.or(inner.author);
            found.content = inner.content;
        } else {
            let marked = item.inside(node).next().is_some();
            let html = kind(item, node).contains("html");
            let mode = if marked {
                Mode::Xhtml
            } else if html {
                Mode::Html
            } else {
                Mode::Text
            };
            let node = item.find(node, "body").unwrap_or(node);
            found.content = Some(Content { node, mode });
        }
        found
    }

    /// Whether there is anything but white space in an element.
    fn filled(&self, index: usize) -> bool {
        !self.item.text[self.item.node(index).inner.clone()].trim().is_empty()
    }

    /// The content, taken out of the XML.
    fn body(&mut self, content: &Content, want_map: bool) -> Body {
        let node = self.item.node(content.node);
        let markup = content.mode == Mode::Xhtml;
        let (source, map) =
            taken(self.item.text, node.inner.clone(), markup, want_map, self.entities, self.damage);
        Body {
            rank: 0,
            mode: content.mode,
            element: node.name.to_owned(),
            source,
            map,
            start: node.inner.start,
            end: node.inner.end,
        }
    }
}

/// How good a `DataContent` of NewsML 1.x is as the text; `None` for what is no text at all.
fn rank(item: &Outline<'_, '_>, content: usize) -> Option<u8> {
    let kind = kind(item, content);
    if ["css", "image", "audio", "video", "jpeg", "stylesheet"].iter().any(|other| kind.contains(other)) {
        return None;
    }
    let component = item.around(content, "NewsComponent");
    let role = component.and_then(|at| item.children(at, "Role").next());
    let role = role.and_then(|at| item.attribute(at, "FormalName")).unwrap_or("").to_ascii_lowercase();
    Some(match role.as_str() {
        "main" | "main text" | "body" | "bodytext" | "body text" => 2,
        "stylesheet" | "script" | "headline" | "subheadline" | "contact" | "caption" | "logo" | "photo" => 0,
        _ => 1,
    })
}

/// What kind of content it says it is, in lower case.
fn kind(item: &Outline<'_, '_>, content: usize) -> String {
    let Some(part) = item.around(content, "ContentItem") else { return String::new() };
    let names = ["MimeType", "Format", "MediaType"].into_iter();
    let said = names.filter_map(|name| item.attribute(item.children(part, name).next()?, "FormalName"));
    said.collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}
