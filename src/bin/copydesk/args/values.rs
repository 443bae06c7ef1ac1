//! How the values of flags are written: sizes, times, and names from closed lists.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use copydesk::config::{Given, Values};
use copydesk::document::{BlockKind, read_date};
use copydesk::fingerprint::Profile;
use serde_json::Value;

pub fn profiles() -> impl clap::builder::TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name))
        .map(|name| Profile::named(&name).unwrap_or_default())
}

pub fn kinds() -> impl clap::builder::TypedValueParser<Value = BlockKind> {
    PossibleValuesParser::new(BlockKind::ALL.map(BlockKind::name))
        .try_map(|name| BlockKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or("no kind of block"))
}

/// Reads a date as feeds write it: seconds since 1970.
pub fn time(text: &str) -> Result<i64, String> {
    read_date(text)
        .map(|date| date.seconds)
        .ok_or_else(|| "write a date and time such as 2026-11-18T12:00:00Z".to_owned())
}

/// Reads `512M`, `2G`, `100k`, `4096`: bytes, in powers of 1024.
pub fn size(text: &str) -> Result<u64, String> {
    copydesk::config::size(text)
}

/// Notes that the command line gives the key called `key` this value.
pub fn give(line: &mut Values, key: &'static str, value: Value) {
    line.given.insert(key, Given { line: 0, value });
}
