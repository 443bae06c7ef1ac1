//! What do the references of a dump stand for? Five names and numbers: a dump declares no entities.

use crate::document::SourceMapBuilder;

/// The longest reference that is looked for, `&#x10FFFF;`, in bytes.
const LONGEST: usize = 10;

/// Appends to `out` what `stored` stands for; returns how many references and bytes in it are none.
///
/// What is no reference stays as it is, and what is no UTF-8 becomes U+FFFD.
pub fn unescape(stored: &[u8], out: &mut String) -> u64 {
    let Ok(text) = std::str::from_utf8(stored) else {
        let mut damage = 0;
        for chunk in stored.utf8_chunks() {
            damage += unescape(chunk.valid().as_bytes(), out);
            if !chunk.invalid().is_empty() {
                damage += 1;
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
        return damage;
    };
    let mut damage = 0;
    out.reserve(text.len());
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'&', &text.as_bytes()[from..]) {
        let start = from + at;
        out.push_str(&text[from..start]);
        let length = match reference(&text.as_bytes()[start..]) {
            Some((c, length)) => {
                out.push(c);
                length
            }
            None => {
                damage += 1;
                out.push('&');
                1
            }
        };
        from = start + length;
    }
    out.push_str(&text[from..]);
    damage
}

/// Appends to `out` what `stored` stands for, and to `map` where it stands: `stored` begins at byte
/// `offset` of the dump.
pub fn unescape_with_map(stored: &[u8], offset: u64, out: &mut String, map: &mut SourceMapBuilder) {
    let mut at = offset;
    for chunk in stored.utf8_chunks() {
        let text = chunk.valid();
        let mut from = 0;
        while from < text.len() {
            let next = memchr::memchr(b'&', &text.as_bytes()[from..]).map_or(text.len(), |at| from + at);
            map.copied(out.len() as u32, at + from as u64, (next - from) as u32);
            out.push_str(&text[from..next]);
            if next == text.len() {
                break;
            }
            let (c, length) = reference(&text.as_bytes()[next..]).unwrap_or(('&', 1));
            map.unit(out.len() as u32, c.len_utf8() as u32, at + next as u64, length as u32);
            out.push(c);
            from = next + length;
        }
        at += text.len() as u64;
        let invalid = chunk.invalid().len();
        if invalid > 0 {
            let c = char::REPLACEMENT_CHARACTER;
            map.unit(out.len() as u32, c.len_utf8() as u32, at, invalid as u32);
            out.push(c);
            at += invalid as u64;
        }
    }
}

/// The character that the reference at the beginning of `bytes` stands for, and its length.
fn reference(bytes: &[u8]) -> Option<(char, usize)> {
    let (c, length) = match bytes {
        [b'&', b'l', b't', b';', ..] => ('<', 4),
        [b'&', b'g', b't', b';', ..] => ('>', 4),
        [b'&', b'q', b'u', b'o', b't', b';', ..] => ('"', 6),
        [b'&', b'a', b'm', b'p', b';', ..] => ('&', 5),
        [b'&', b'a', b'p', b'o', b's', b';', ..] => ('\'', 6),
        [b'&', b'#', rest @ ..] => {
            let end = rest.iter().take(LONGEST).position(|&byte| byte == b';')?;
            let digits = std::str::from_utf8(&rest[..end]).ok()?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            (char::from_u32(number)?, end + 3)
        }
        _ => return None,
    };
    Some((c, length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::TextRange;

    #[test]
    fn references_are_resolved_and_others_stay() {
        let mut out = String::new();
        let damage =
            unescape(b"a &lt;b&gt; &amp;amp; &quot;&#039;&#x2019;&apos; & &nbsp; &#xD800; \xff", &mut out);
        assert_eq!((out.as_str(), damage), ("a <b> &amp; \"'\u{2019}' & &nbsp; &#xD800; \u{fffd}", 4));
    }

    proptest! {
        #[test]
        fn the_map_leads_back(stored in "[a&;#x0-9\u{e9}lgt<]{0,40}", offset in 0_u64..1000) {
            let (mut plain, mut mapped) = (String::new(), String::new());
            unescape(stored.as_bytes(), &mut plain);
            let mut map = SourceMapBuilder::new();
            unescape_with_map(stored.as_bytes(), offset, &mut mapped, &mut map);
            prop_assert_eq!(&plain, &mapped);
            let map = map.finish();
            for (at, c) in mapped.char_indices() {
                let range = map.source_range(TextRange::new(at as u32, (at + c.len_utf8()) as u32));
                let bytes = &stored.as_bytes()[(range.start - offset) as usize..(range.end - offset) as usize];
                let mut again = String::new();
                unescape(bytes, &mut again);
                prop_assert_eq!(again, c.to_string());
            }
        }
    }
}
