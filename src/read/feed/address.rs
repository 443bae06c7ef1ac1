//! Addresses that stand relative to another: `xml:base`, and RFC 3986, section 5.

/// Returns `reference` as seen from `base`; as it stands where one of them is no address to resolve by.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let reference = reference.trim();
    if scheme(reference).is_some() || reference.is_empty() {
        return reference.to_owned();
    }
    let Some(scheme_end) = scheme(base) else { return reference.to_owned() };
    let (scheme, rest) = base.split_at(scheme_end);
    if let Some(network) = reference.strip_prefix("//") {
        return format!("{scheme}//{network}");
    }
    let Some(rest) = rest.strip_prefix("//") else { return reference.to_owned() };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let path_end = path.find(['?', '#']).unwrap_or(path.len());
    if reference.starts_with('#') {
        let kept = path.find('#').unwrap_or(path.len());
        return format!("{scheme}//{host}{}{reference}", &path[..kept]);
    }
    if reference.starts_with('?') {
        return format!("{scheme}//{host}{}{reference}", &path[..path_end]);
    }
    let own = reference.find(['?', '#']).unwrap_or(reference.len());
    let (own, tail) = reference.split_at(own);
    let whole = if own.starts_with('/') {
        own.to_owned()
    } else {
        let folder = path[..path_end].rfind('/').map_or("/", |at| &path[..=at]);
        format!("{folder}{own}")
    };
    format!("{scheme}//{host}{}{tail}", without_dots(&whole))
}

/// Where the scheme of an address ends, behind its colon.
fn scheme(address: &str) -> Option<usize> {
    let end = address.find(':')?;
    let name = &address[..end];
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    sound.then_some(end + 1)
}

/// The path without `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let last = path.rsplit('/').next().unwrap_or("");
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let folder = if matches!(last, "." | "..") && !parts.is_empty() { "/" } else { "" };
    format!("/{}{folder}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_the_standard_says() {
        // RFC 3986, 5.4.
        let base = "http://a/b/c/d;p?q";
        for (reference, expected) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("", ""),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../../../g", "http://a/g"),
            ("urn:x:1", "urn:x:1"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
        assert_eq!(resolve("http://a", "g"), "http://a/g");
        assert_eq!(resolve("", "/g"), "/g");
        assert_eq!(resolve("feeds/", "g"), "g");
    }
}
