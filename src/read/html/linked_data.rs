//! What a page says of its article in JSON-LD, in the words of schema.org.

use serde_json::Value;

use crate::read::xml::{Mode, content};

/// How deep JSON-LD is searched for articles: lists in `@graph` in lists.
const DEPTH: u32 = 4;

/// An article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Its `@id`, if that is an address or a URN: many say `#article` on every page.
    pub id: Option<String>,
    pub headline: Option<String>,
    pub author: Option<String>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    pub body: Option<String>,
}

/// Returns the articles that `json` describes by themselves, not as parts of other things; none where it
/// is no JSON.
pub fn articles(json: &str) -> Vec<Article> {
    // XHTML hides it from XML; a line end inside of a string is what templates make of it.
    let json = json.trim().trim_start_matches("//").trim();
    let json = json.strip_prefix("<![CDATA[").unwrap_or(json);
    let json = json.trim_end_matches("//").trim_end().strip_suffix("]]>").unwrap_or(json);
    let value =
        serde_json::from_str(json).or_else(|_| serde_json::from_str(&json.replace(['\n', '\r'], " ")));
    let mut articles = Vec::new();
    gather(&value.unwrap_or(Value::Null), DEPTH, &mut articles);
    articles
}

fn gather(value: &Value, depth: u32, articles: &mut Vec<Article>) {
    match value {
        Value::Array(list) if depth > 0 => {
            list.iter().for_each(|value| gather(value, depth - 1, articles));
        }
        Value::Object(object) => {
            if let Some(graph) = object.get("@graph").filter(|_| depth > 0) {
                gather(graph, depth - 1, articles);
            }
            if is_article(object.get("@type")) {
                articles.push(article(value));
            } else if let Some(main) = object.get("mainEntity").filter(|_| depth > 0) {
                gather(main, depth - 1, articles);
            }
        }
        _ => {}
    }
}

/// `NewsArticle`, `Article`, `BlogPosting` and their kin.
fn is_article(kind: Option<&Value>) -> bool {
    match kind {
        Some(Value::String(kind)) => kind.ends_with("Article") || kind.ends_with("BlogPosting"),
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| is_article(Some(kind))),
        _ => false,
    }
}

fn article(value: &Value) -> Article {
    let text = |name: &str| first(value.get(name)?, &["@value"]);
    let line = |text: String| content::line(&text, Mode::Loose);
    let absolute = |id: &String| id.contains("://") || id.starts_with("urn:") || id.starts_with("tag:");
    Article {
        id: text("@id").filter(absolute),
        headline: text("headline").or_else(|| text("name")).map(line).filter(|line| !line.is_empty()),
        author: value.get("author").and_then(names).map(line),
        published: text("datePublished").or_else(|| text("dateCreated")),
        updated: text("dateModified"),
        url: text("url").or_else(|| first(value.get("mainEntityOfPage")?, &["@id", "url"])).filter(absolute),
        language: value.get("inLanguage").and_then(|language| first(language, &["alternateName", "name"])),
        body: text("articleBody"),
    }
}

/// The text of a value, or of the first of a list; of an object that of one of `names`.
fn first(value: &Value, names: &[&str]) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => return list.iter().find_map(|value| first(value, names)),
        Value::Object(object) => {
            return names.iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned));
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// `{"name": …}` or a list of such or of strings, joined by `, `.
fn names(value: &Value) -> Option<String> {
    match value {
        Value::Array(list) => {
            let names: Vec<String> = list.iter().filter_map(names).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        other => first(other, &["name"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_found_in_graphs_and_lists() {
        for json in [
            r##"{"@type": "NewsArticle", "headline": "Nets &amp; seals", "author": [{"@type": "Person", "name": "Lotte Brand"}, "Lena Hoss"], "datePublished": "2026-11-20", "mainEntityOfPage": {"@id": "https://a.example/1"}, "@id": "#article"}"##,
            r#"{"@graph": [{"@type": "WebSite", "name": "no"}, {"@type": ["Thing", "ReportageNewsArticle"], "headline": ["Nets & seals"], "author": "Lotte Brand, Lena Hoss", "datePublished": "2026-11-20", "url": "https://a.example/1"}]}"#,
            r#"[[{"@type": "WebPage", "mainEntity": {"@type": "Article", "name": "Nets & seals", "author": {"name": "Lotte Brand, Lena Hoss"}, "datePublished": {"@value": "2026-11-20"}, "url": "https://a.example/1"}}]]"#,
        ] {
            let found = articles(json);
            let [article] = &found[..] else { panic!("{found:?}") };
            assert_eq!(article.headline.as_deref(), Some("Nets & seals"));
            assert_eq!(article.author.as_deref(), Some("Lotte Brand, Lena Hoss"));
            assert_eq!(article.published.as_deref(), Some("2026-11-20"));
            assert_eq!(article.url.as_deref(), Some("https://a.example/1"));
            assert_eq!(article.id, None);
        }
    }

    #[test]
    fn what_is_broken_or_something_else_says_nothing() {
        for json in ["", "{", "null", r#"{"@type": "ItemList", "itemListElement": [{"@type": "Article"}]}"#] {
            assert_eq!(articles(json), [], "{json}");
        }
        let broken = "{\"@type\": \"NewsArticle\", \"headline\": \"Nets\n torn\"}";
        assert_eq!(articles(broken)[0].headline.as_deref(), Some("Nets torn"));
    }
}
