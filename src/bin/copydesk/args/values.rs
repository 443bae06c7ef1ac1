//! How the values of flags are written: sizes, times, and names from closed lists.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use copydesk::document::{BlockKind, read_date};
use copydesk::fingerprint::Profile;

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
    let wrong = || "write a number of bytes, with K, M or G behind it for more, such as 512M".to_owned();
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.trim_end_matches("ib").trim_end_matches('b');
    let (digits, shift) = match number.as_bytes().last() {
        Some(b'k') => (&number[..number.len() - 1], 10),
        Some(b'm') => (&number[..number.len() - 1], 20),
        Some(b'g') => (&number[..number.len() - 1], 30),
        _ => (number, 0),
    };
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    count.checked_mul(1 << shift).filter(|&bytes| bytes > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(size("512M"), Ok(512 << 20));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("100kb"), Ok(100 << 10));
        assert_eq!(size("4096"), Ok(4096));
        for wrong in ["", "0", "-1", "1.5G", "M", "12X", "99999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
