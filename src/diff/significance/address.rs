//! Does a link lead to the same page, though its address is written in another way?
//!
//! What an address says beside the page is who sent the reader, which campaign, which session, and a token
//! that signs the rest. All of that changes from one visit to the next, and the page does not.

/// Parameters that only tell where a reader comes from, and for how long the address is good.
const TRACKING: &[&str] = &[
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "campaignid",
    "cmpid",
    "dclid",
    "expires",
    "fbclid",
    "ftag",
    "gbraid",
    "gclid",
    "gclsrc",
    "hash",
    "helpref",
    "hmac",
    "igsh",
    "igshid",
    "jsessionid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ocid",
    "phpsessid",
    "ref_src",
    "ref_url",
    "s_cid",
    "sessionid",
    "sig",
    "signature",
    "smid",
    "spm",
    "token",
    "twclid",
    "wbraid",
    "yclid",
];
/// How the names of more such parameters begin.
const TRACKING_FAMILIES: &[&str] =
    &["utm_", "x-amz-", "x-goog-", "at_medium", "at_campaign", "hsa_", "mtm_", "pk_"];

/// So many letters and digits without a meaning are a token, and no page's number.
const LEAST_TOKEN: usize = 20;

/// An address in its parts.
struct Address<'a> {
    /// Host and path, without scheme and closing slash.
    page: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
    /// The place within the page.
    place: &'a str,
}

impl<'a> Address<'a> {
    fn new(address: &'a str) -> Self {
        let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let bare = bare.unwrap_or(address);
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        let (bare, place) = bare.split_once('#').unwrap_or((bare, ""));
        let (page, query) = bare.split_once('?').unwrap_or((bare, ""));
        let parameters = query
            .split('&')
            .map(|part| part.strip_prefix("amp;").unwrap_or(part))
            .filter(|part| !part.is_empty())
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .filter(|(name, _)| !is_tracking(name))
            .collect();
        // A passage that the browser is to search for is no place of the page's own.
        let place = place.split(":~:").next().unwrap_or_default();
        Self { page: page.trim_end_matches('/'), parameters, place }
    }
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.contains(&name.as_str()) || TRACKING_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Whether `value` is a token: long, of letters in both cases and digits, so neither a word nor a number, nor
/// a digest, which names a thing.
fn is_token(value: &str) -> bool {
    let value = value.trim_end_matches("%3D");
    value.len() >= LEAST_TOKEN
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=.~".contains(&byte))
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_lowercase())
        && value.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether a parameter of this name says which thing is meant, also where that looks like a token.
fn names_a_thing(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("id")
        || matches!(
            name.as_str(),
            "v" | "q" | "p" | "list" | "doc" | "document" | "file" | "key" | "page" | "path" | "name"
        )
}

/// Returns the page that an address leads to: without scheme, closing slash, what only tells who sent it, and
/// the values of tokens.
pub(super) fn page(address: &str) -> String {
    let Address { page, parameters, place } = Address::new(address);
    let mut out = page.to_owned();
    for (at, (name, value)) in parameters.iter().enumerate() {
        out.push(if at == 0 { '?' } else { '&' });
        out.push_str(name);
        if !value.is_empty() {
            out.push('=');
            if names_a_thing(name) || !is_token(value) {
                out.push_str(value);
            }
        }
    }
    if !place.is_empty() {
        out.push('#');
        out.push_str(place);
    }
    out
}

/// Returns whether two targets of links, as markup has them, lead to the same page.
pub(super) fn same_page(old: &str, new: &str) -> bool {
    let (old, old_rest) = target(old);
    let (new, new_rest) = target(new);
    let (old, new) = (page(old), page(new));
    old_rest == new_rest && !old.is_empty() && old == new
}

/// Takes the markup of a link's target apart: its address, and what follows, such as a title.
fn target(markup: &str) -> (&str, &str) {
    let bare = markup.trim_start_matches([']', '(', '[', '<', ':', ' ']);
    let end =
        bare.find(|c: char| c.is_whitespace() || matches!(c, '>' | ')' | ']' | '"')).unwrap_or(bare.len());
    bare.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sent_the_reader_and_what_signs_the_rest_is_not_the_page() {
        for (old, new) in [
            ("](https://a.example/rules?ref_src=home)", "](http://www.a.example/rules/)"),
            ("](/rules?utm_source=mail&page=2)", "](/rules?page=2)"),
            (
                "](https://out.example/?u=https%3A%2F%2Fa.example%2Frules&e=AT13qATIIkMtgC72IIYq7gQy436n)",
                "](https://out.example/?u=https%3A%2F%2Fa.example%2Frules&e=AT1_vJjxebCUfFsYofaN5lyY_iMoT)",
            ),
            ("](https://a.example/r#:~:text=who%20pays)", "](https://a.example/r)"),
            ("](https://a.example/r?token=1 \"Rules\")", "](https://a.example/r?token=2 \"Rules\")"),
        ] {
            assert!(same_page(old, new), "{old} {new}");
        }
    }

    #[test]
    fn another_page_place_number_or_title_is_another_page() {
        for (old, new) in [
            ("](https://a.example/one)", "](https://a.example/two)"),
            ("](https://a.example/rules)", "](https://b.example/rules)"),
            ("](https://a.example/rules#fees)", "](https://a.example/rules#fines)"),
            ("](https://a.example/?page=1)", "](https://a.example/?page=2)"),
            (
                "](https://a.example/watch?v=AT13qATIIkMtgC72IIYq7gQ)",
                "](https://a.example/watch?v=bT13qATIIkMtgC72IIYq7gQ)",
            ),
            (
                "](https://a.example/?doc_id=AT13qATIIkMtgC72IIYq7gQ)",
                "](https://a.example/?doc_id=bT13qATIIkMtgC72IIYq7gQ)",
            ),
            (
                "](https://out.example/?u=https%3A%2F%2Fa.example%2Fone&e=AT13qATIIkMtgC72IIYq7gQy436n)",
                "](https://out.example/?u=https%3A%2F%2Fa.example%2Ftwo&e=AT13qATIIkMtgC72IIYq7gQy436n)",
            ),
            ("](https://a.example/r \"Rules\")", "](https://a.example/r \"Fees\")"),
            (
                "](https://a.example/r?sha=3f2b9c1d8e7a6f5b4c3d2e1f0a9b8c7d6e5f4a3b)",
                "](https://a.example/r?sha=0f2b9c1d8e7a6f5b4c3d2e1f0a9b8c7d6e5f4a3b)",
            ),
            ("]()", "](https://a.example/)"),
        ] {
            assert!(!same_page(old, new), "{old} {new}");
        }
    }

    #[test]
    fn a_page_is_told_without_what_only_tracks() {
        assert_eq!(page("https://www.a.example/r/?utm_source=x&b=1&fbclid=2#fees"), "a.example/r?b=1#fees");
        assert_eq!(page("http://a.example/"), "a.example");
    }
}
