//! What an index was made for: the settings that its fingerprints depend on.

use rusqlite::Connection;

use crate::document::BlockKind;
use crate::duplicates::Threshold;
use crate::duplicates::near::{SHINGLE_WORDS, THRESHOLD};
use crate::fingerprint::Profile;

/// The settings that fingerprints depend on. They are fixed when an index is made: a run with others would
/// compare what cannot be compared, and is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The profile under which paragraphs are the same.
    pub profile: Profile,
    /// Blocks of fewer words do not count.
    pub min_words: u32,
    /// Which kinds of block count.
    pub counted: [bool; BlockKind::ALL.len()],
    /// How alike two items must be to be near: the least that the index can be asked for.
    pub threshold: Threshold,
    /// Whether the text of each item's last version is kept. Without, a revision is known and not told.
    pub texts: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            profile: Profile::Standard,
            min_words: 5,
            counted: BlockKind::ALL.map(BlockKind::counts),
            threshold: THRESHOLD,
            texts: true,
        }
    }
}

impl Terms {
    fn blocks(&self) -> String {
        let counted = BlockKind::ALL.into_iter().filter(|&kind| self.counted[kind as usize]);
        counted.map(BlockKind::name).collect::<Vec<_>>().join(",")
    }

    /// Returns the terms as the table `meta` holds them.
    #[must_use]
    pub fn written(&self) -> Vec<(&'static str, String)> {
        vec![
            ("blocks", self.blocks()),
            ("min-words", self.min_words.to_string()),
            ("profile", self.profile.name().to_owned()),
            ("profile-version", self.profile.version().to_string()),
            ("shingle-words", SHINGLE_WORDS.to_string()),
            ("texts", if self.texts { "last version" } else { "none" }.to_owned()),
            ("threshold", self.threshold.to_string()),
        ]
    }

    /// Returns the terms of an index; the error says what this copydesk cannot work with.
    pub(super) fn read(db: &Connection) -> rusqlite::Result<Result<Self, String>> {
        let value = |key: &str| {
            db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get::<_, String>(0))
        };
        let name = value("profile")?;
        let Some(profile) = Profile::ALL.into_iter().find(|profile| profile.name() == name) else {
            return Ok(Err(format!(
                "it was made with the profile `{name}`, which this copydesk does not have"
            )));
        };
        let version = value("profile-version")?;
        if version != profile.version().to_string() {
            return Ok(Err(format!(
                "it was made with version {version} of the profile {name}, and this copydesk has version {}: \
                 make a new index from its texts (`copydesk index export`, then `copydesk index import`)",
                profile.version()
            )));
        }
        let words = value("shingle-words")?;
        if words != SHINGLE_WORDS.to_string() {
            return Ok(Err(format!(
                "it was made with shingles of {words} words, this copydesk has {SHINGLE_WORDS}"
            )));
        }
        let blocks = value("blocks")?;
        let names: Vec<&str> = blocks.split(',').collect();
        let (Ok(threshold), Ok(min_words)) = (value("threshold")?.parse(), value("min-words")?.parse())
        else {
            return Ok(Err("its settings are damaged".to_owned()));
        };
        Ok(Ok(Self {
            profile,
            min_words,
            counted: BlockKind::ALL.map(|kind| names.contains(&kind.name())),
            threshold,
            texts: value("texts")? != "none",
        }))
    }

    /// Returns why a run with the terms `asked` cannot be answered; `None` where it can. Whether texts are
    /// kept is the index's affair, and a run may ask for more likeness than the index knows.
    #[must_use]
    pub fn differ(&self, asked: &Self) -> Option<String> {
        let (numerator, denominator) = asked.threshold.fraction();
        let least = self.threshold.fraction();
        let below =
            u128::from(numerator) * u128::from(least.1) < u128::from(least.0) * u128::from(denominator);
        let told = |what: &str, here: String, there: String| {
            Some(format!(
                "it was made with {what} {here}, and this run has {there}: set {what} {here} for this run, or \
                 make another index"
            ))
        };
        if self.profile != asked.profile {
            told("--profile", self.profile.name().to_owned(), asked.profile.name().to_owned())
        } else if self.min_words != asked.min_words {
            told("--min-words", self.min_words.to_string(), asked.min_words.to_string())
        } else if self.counted != asked.counted {
            told("--blocks", self.blocks(), asked.blocks())
        } else if below {
            Some(format!(
                "it was made for --threshold {} and above, and this run has {}: make another index for that",
                self.threshold, asked.threshold
            ))
        } else {
            None
        }
    }
}
