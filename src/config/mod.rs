//! What does the settings file say, and where?
//!
//! A [`Config`] is one `copydesk.toml`: [found](find::find) above what is checked, [read](Config::parse) against the one
//! table of [`KEYS`], every wrong line told at once with its place. [`merge`](merge::merge) lays it under what
//! the command line says and over the defaults. [`edit`] writes into it, [`template`] writes the first one.
//!
//! It stands above `check` and `report`, not inside `lint`: its keys name input formats, report formats and
//! rules alike, and what they mean is the business of those stages, which know nothing of a file.

mod allowance;
pub mod edit;
mod fault;
pub mod find;
pub mod keys;
mod load;
pub mod merge;
pub mod origin;
pub mod schema;
pub mod template;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use allowance::{Allow, AllowWhat};
pub use fault::{Fault, FaultPlace};
pub use keys::{KEYS, Key, key_named};
pub use values::{size, size_written};

use crate::document::BlockKind;
use crate::duplicates::Threshold;
use crate::fingerprint::Profile;
use crate::lint::Severity;
use crate::lint::allow::SettingPlace;
use crate::lint::scope::ScopePattern;
use crate::read::Reader;
use crate::read::paths::{Base, PathGlobs};
use crate::report::findings::FindingsReporter;

/// Values of keys; what is not set is left open.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// `select`; names of rules, or `ALL`.
    pub select: Option<Vec<String>>,
    /// `ignore`; names of rules, or `ALL`.
    pub ignore: Vec<String>,
    /// `severity`; `None` is off.
    pub severity: BTreeMap<&'static str, Option<Severity>>,
    /// `fail-on`; `None` inside is never.
    pub fail_on: Option<Option<Severity>>,
    /// `profile`.
    pub profile: Option<Profile>,
    /// `min-words`.
    pub min_words: Option<u32>,
    /// `blocks`.
    pub blocks: Vec<BlockKind>,
    /// `threshold`.
    pub threshold: Option<Threshold>,
    /// `min-passage`.
    pub min_passage: Option<u32>,
    /// `threads`.
    pub threads: Option<u32>,
    /// `memory-limit`, in bytes.
    pub memory_limit: Option<u64>,
    /// `exclude`; from the current folder on the command line, from the file's own in a file.
    pub exclude: Vec<String>,
    /// `hidden`.
    pub hidden: Option<bool>,
    /// `no-ignore`.
    pub no_ignore: Option<bool>,
    /// `input-format`.
    pub input_format: Option<&'static dyn Reader>,
    /// `fields`; pairs of meaning and name.
    pub fields: Vec<(String, String)>,
    /// `body-format`; true is HTML.
    pub body_html: Option<bool>,
    /// `main-content`; `None` inside leaves it to the format.
    pub main_content: Option<Option<bool>>,
    /// `encoding`.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// `max-size`, in bytes.
    pub max_size: Option<u64>,
    /// `allow-empty`.
    pub allow_empty: Option<bool>,
    /// `format`.
    pub format: Option<&'static dyn FindingsReporter>,
    /// `output`.
    pub output: Vec<(&'static dyn FindingsReporter, PathBuf)>,
    /// `index`.
    pub index: Option<PathBuf>,
    /// `no-texts`.
    pub no_texts: Option<bool>,
    /// `scope.compare-within`.
    pub compare_within: Vec<ScopePattern>,
    /// `rules.boilerplate.documents`.
    pub boilerplate_documents: Option<u32>,
    /// `rules.boilerplate.share`.
    pub boilerplate_share: Option<Threshold>,
    /// `rules.boilerplate.allow`: passages, and where each stands.
    pub boilerplate: Vec<(String, SettingPlace)>,
    /// `rules.repeated-sentence.min-words`.
    pub sentence_words: Option<u32>,
    /// `rules.same-title.min-words`.
    pub title_words: Option<u32>,
    /// The keys that are set, by name: on which line, and the value as JSON.
    pub given: BTreeMap<&'static str, Given>,
}

/// That a key is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// 1-based line of the file; 0 on the command line.
    pub line: u64,
    /// The value.
    pub value: serde_json::Value,
}

/// One settings file.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file's path, as printed.
    pub file: Arc<str>,
    /// Its folder as seen from the current one; empty where it is that.
    pub folder: PathBuf,
    /// What the file's paths hold from.
    pub base: Arc<Base>,
    /// What holds everywhere.
    pub values: Values,
    /// What holds for some paths, in order: later ones win.
    pub overrides: Vec<Override>,
    /// What may repeat, in order.
    pub allow: Vec<Allow>,
}

/// One `[[overrides]]` table.
#[derive(Clone, Debug)]
pub struct Override {
    /// Which files.
    pub paths: PathGlobs,
    /// The same as written.
    pub written: Vec<String>,
    /// What holds for them.
    pub values: Values,
    /// 1-based line of the table.
    pub line: u64,
}
