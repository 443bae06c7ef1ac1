//! What a page says about itself.

use std::ops::Range;

use super::linked_data::{self, Article};
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
    /// The articles that JSON-LD describes, and where each stands in the page.
    articles: Vec<(Article, Range<usize>)>,
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

    /// Takes JSON-LD, which begins at byte `start` of the page.
    pub fn linked_data(&mut self, json: &str, start: usize) {
        let articles = linked_data::articles(json);
        self.articles.extend(articles.into_iter().map(|article| (article, start..start + json.len())));
    }

    /// Fills `meta`, and returns the text that JSON-LD has of the article, with the place of the JSON-LD.
    ///
    /// What JSON-LD says of an article comes first: it is written for that. The title is its headline, or
    /// else the `<title>`, what the page is shared as, its first headline.
    pub fn fill(mut self, meta: &mut Metadata) -> Option<(String, Range<usize>)> {
        // Of several articles the page's own.
        let own = self.articles.iter().position(|(article, _)| {
            self.canonical.is_some() && (article.url == self.canonical || article.id == self.canonical)
        });
        let (article, place) = if self.articles.is_empty() {
            (Article::default(), 0..0)
        } else {
            self.articles.swap_remove(own.unwrap_or(0))
        };
        meta.id = article.id;
        meta.title = article.headline.or(self.title).or(self.shared_title).or(self.headline);
        meta.author = article.author.or_else(|| (!self.authors.is_empty()).then(|| self.authors.join(", ")));
        meta.published = article.published.or(self.published);
        meta.updated = article.updated.or(self.updated);
        meta.language = self.language.or(article.language);
        meta.url = self.canonical.or(article.url);
        Some((article.body?, place))
    }
}

/// Keeps the first value.
fn keep(field: &mut Option<String>, value: Option<&str>) {
    if field.is_none() {
        *field = value.map(str::to_owned);
    }
}
