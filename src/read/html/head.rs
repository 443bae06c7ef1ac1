//! What a page says about itself.

use super::tokens::Attributes;
use crate::document::Metadata;

/// The metadata of a page, by where it stands.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The `<title>`.
    pub title: Option<String>,
    /// The text of the first `<h1>`.
    pub headline: Option<String>,
    /// `og:title`.
    shared_title: Option<String>,
    authors: Vec<String>,
    published: Option<String>,
    updated: Option<String>,
    language: Option<String>,
    canonical: Option<String>,
}

impl Head {
    /// Takes the attributes of the root element.
    pub fn root(&mut self, attributes: &Attributes) {
        let language = attributes.value("lang").or_else(|| attributes.value("xml:lang"));
        keep(&mut self.language, language);
    }

    /// Takes the attributes of a `<meta>`.
    pub fn meta(&mut self, attributes: &Attributes) {
        let names = ["property", "name", "itemprop"];
        let name = names.into_iter().find_map(|name| attributes.value(name));
        let (Some(name), Some(content)) = (name, attributes.value("content")) else { return };
        let content = Some(content);
        match name.to_ascii_lowercase().as_str() {
            "og:title" => keep(&mut self.shared_title, content),
            "author" | "dc.creator" => self.authors.extend(content.map(str::to_owned)),
            "article:published_time" | "datepublished" | "dc.date.issued" => {
                keep(&mut self.published, content);
            }
            "article:modified_time" | "og:updated_time" | "datemodified" | "dc.date.modified" => {
                keep(&mut self.updated, content);
            }
            _ => {}
        }
    }

    /// Takes the attributes of a `<link>`.
    pub fn link(&mut self, attributes: &Attributes) {
        let is_canonical = |rel: &str| rel.split_whitespace().any(|r| r.eq_ignore_ascii_case("canonical"));
        if attributes.value("rel").is_some_and(is_canonical) {
            keep(&mut self.canonical, attributes.value("href"));
        }
    }

    /// Fills `meta`: the title is the `<title>`, or else what the page is shared as, or else its first
    /// headline.
    pub fn fill(self, meta: &mut Metadata) {
        meta.title = self.title.or(self.shared_title).or(self.headline);
        meta.author = (!self.authors.is_empty()).then(|| self.authors.join(", "));
        meta.published = self.published;
        meta.updated = self.updated;
        meta.language = self.language;
        meta.url = self.canonical;
    }
}

/// Keeps the first value.
fn keep(field: &mut Option<String>, value: Option<&str>) {
    if field.is_none() {
        *field = value.map(str::to_owned);
    }
}
