//! Digests: BLAKE3 of a normal form.

use std::fmt;

use super::normalize::{Normalizer, Profile};

/// BLAKE3 of a normal form, keyed with the profile's name and version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

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
        }
    }

    /// Returns the digest of `text`'s normal form.
    pub fn digest(&mut self, text: &str) -> Digest {
        self.normalizer.normalize(text, &mut self.form);
        self.digest_of_form()
    }

    /// Returns the normal form of `text`, in the fingerprinter's own buffer.
    pub fn normalize(&mut self, text: &str) -> &str {
        self.normalizer.normalize(text, &mut self.form);
        &self.form
    }

    /// Returns the digest of the normal form made last.
    #[must_use]
    pub fn digest_of_form(&self) -> Digest {
        Digest(*blake3::keyed_hash(&self.key, self.form.as_bytes()).as_bytes())
    }
}
