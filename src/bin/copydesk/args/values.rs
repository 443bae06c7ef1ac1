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

/// Reads `90d`, `12w`, `36h`, `30m`, `10s`: seconds.
pub fn duration(text: &str) -> Result<i64, String> {
    let wrong = || "write a number and d, w, h, m or s, such as 90d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return Err(wrong()),
    };
    let number = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok()).ok_or_else(wrong)?;
    Ok(i64::from(number) * seconds)
}

/// Reads `512M`, `2G`, `100k`, `4096`: bytes, in powers of 1024.
pub fn size(text: &str) -> Result<u64, String> {
    copydesk::config::size(text)
}

/// Notes that the command line gives the key called `key` this value.
pub fn give(line: &mut Values, key: &'static str, value: Value) {
    line.given.insert(key, Given { line: 0, value });
}
