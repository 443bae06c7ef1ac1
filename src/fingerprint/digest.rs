//! Digests: BLAKE3 of a normal form.

use std::fmt;

use super::lanes::Lanes;
use super::normalize::{Normalizer, Profile};
use crate::segment::word::{begins_with_words, has_words};

/// BLAKE3 of a normal form, keyed with the profile's name and version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Returns what names a sequence of digests: equal for equal sequences, and as unlikely to be equal
    /// for others as the digests' first halves are, because those are random already.
    #[must_use]
    pub fn in_order<'a>(digests: impl Iterator<Item = &'a Self>) -> Self {
        // Odd, and without pattern: the fractional part of the golden ratio.
        const MULTIPLIER: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        let half = |digest: &Self| digest.0.first_chunk().map_or(0, |half| u128::from_le_bytes(*half));
        let mixed = digests.fold(MULTIPLIER, |mixed: u128, digest| {
            (mixed.rotate_left(59) ^ half(digest)).wrapping_mul(MULTIPLIER)
        });
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&mixed.to_le_bytes());
        Self(bytes)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes digests under one profile; keeps its buffer, so that a digest allocates nothing.
#[derive(Clone, Debug)]
pub struct Fingerprinter {
    normalizer: Normalizer,
    key: [u8; 32],
    form: String,
    /// The form of an ASCII text that nobody asked to see.
    unseen: Vec<u8>,
    /// The forms of the texts that were noted.
    noted: Lanes,
}

impl Fingerprinter {
    /// Returns a fingerprinter for `profile`.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        let context = format!("copydesk 2026 normal form {} {}", profile.name(), profile.version());
        Self {
            normalizer: Normalizer::new(profile),
            key: blake3::derive_key(&context, b""),
            form: String::new(),
            unseen: Vec::new(),
            noted: Lanes::default(),
        }
    }

    /// Returns the digest of `text`'s normal form.
    pub fn digest(&mut self, text: &str) -> Digest {
        self.normalizer.normalize(text, &mut self.form);
        self.digest_of_form()
    }

    /// Returns the digest of `text`'s normal form if that has at least `least` words.
    pub fn digest_of_words(&mut self, text: &str, least: usize) -> Option<Digest> {
        let Self { normalizer, key, form, unseen, .. } = self;
        let form = form_of_words(*normalizer, text, least, form, unseen)?;
        Some(Digest(*blake3::keyed_hash(key, form).as_bytes()))
    }

    /// Notes `text` if its normal form has at least `least` words, and returns whether it has. Its digest comes
    /// from [`Self::digests_of_noted`]: many are made in less time than one by one.
    pub(crate) fn note_words(&mut self, text: &str, least: usize) -> bool {
        let Self { normalizer, form, unseen, noted, .. } = self;
        let form = form_of_words(*normalizer, text, least, form, unseen);
        form.inspect(|form| noted.push(form)).is_some()
    }

    /// Returns how many texts are noted.
    pub(crate) const fn noted(&self) -> usize {
        self.noted.count()
    }

    /// Returns how many bytes the forms of the noted texts take.
    pub(crate) const fn noted_bytes(&self) -> usize {
        self.noted.bytes()
    }

    /// Gives `take` the digest of each noted text with its number, in any order; none is noted then.
    pub(crate) fn digests_of_noted(&mut self, take: impl FnMut(usize, Digest)) {
        self.noted.digests(&self.key, take);
    }

    /// Returns the normal form of `text`, in the fingerprinter's own buffer.
    pub fn normalize(&mut self, text: &str) -> &str {
        self.normalizer.normalize(text, &mut self.form);
        &self.form
    }

    /// Returns the normal form made last.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.form
    }

    /// Returns the digest of the normal form made last.
    #[must_use]
    pub fn digest_of_form(&self) -> Digest {
        Digest(*blake3::keyed_hash(&self.key, self.form.as_bytes()).as_bytes())
    }
}

/// Returns the normal form of `text` if that has at least `least` words; `form` and `unseen` are room for it.
#[inline]
fn form_of_words<'a>(
    normalizer: Normalizer,
    text: &str,
    least: usize,
    form: &'a mut String,
    unseen: &'a mut Vec<u8>,
) -> Option<&'a [u8]> {
    // Most paragraphs are ASCII, and their first words are enough.
    if normalizer.ascii(text, unseen) {
        let counts = begins_with_words(unseen, least)
            || std::str::from_utf8(unseen).is_ok_and(|form| has_words(form, least));
        return counts.then_some(unseen);
    }
    normalizer.normalize(text, form);
    has_words(form, least).then_some(form.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::words;

    #[test]
    fn a_digest_of_words_is_the_digest() {
        let long = "The Board -- met  on\tTuesday, and heard why its new pier had cost so much.";
        for profile in Profile::ALL {
            for text in ["", "one", "--", "One, two", long, &long.repeat(4), &format!("{long}\u{201D}")] {
                let mut printer = Fingerprinter::new(profile);
                let count = words(printer.normalize(text)).count();
                let digest = printer.digest(text);
                for least in 0..20 {
                    let found = printer.digest_of_words(text, least);
                    assert_eq!(found, (count >= least).then_some(digest), "{text:?} {least}");
                    assert_eq!(printer.note_words(text, least), found.is_some());
                    printer.digests_of_noted(|number, noted| assert_eq!((number, Some(noted)), (0, found)));
                }
            }
        }
    }
}
