//! How values are written: sizes, decimals, and the JSON of what a file says.

use serde_json::{Map, Value};
use toml::de::DeValue;

/// Returns the number of bytes that `text` says: `512M`, `2G`, `100k`, `4096`; powers of 1024.
///
/// # Errors
///
/// A line that says how sizes are written.
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

/// Returns a number of bytes as [`size`] reads it, in the largest unit that it is a multiple of.
#[must_use]
pub fn size_written(bytes: u64) -> String {
    let units = [(30, "G"), (20, "M"), (10, "K")];
    let whole = |shift: u32| bytes > 0 && bytes.trailing_zeros() >= shift;
    match units.into_iter().find(|&(shift, _)| whole(shift)) {
        Some((shift, unit)) => format!("{}{unit}", bytes >> shift),
        None => bytes.to_string(),
    }
}

/// The value as JSON; a date as the string it is written as.
pub(super) fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(number.as_str(), number.radix());
            read.map_or_else(|_| Value::String(number.to_string()), Value::from)
        }
        DeValue::Float(number) => {
            number.as_str().parse::<f64>().map_or_else(|_| Value::String(number.to_string()), Value::from)
        }
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(
            table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
                .collect::<Map<_, _>>(),
        ),
    }
}

/// Returns the JSON of a value written as TOML, such as the default or the example of a key; null where
/// there is none.
pub(super) fn json_of_toml(written: &str) -> Value {
    let line = format!("value = {written}");
    let parsed = toml::de::DeTable::parse(&line).ok();
    let value = parsed.as_ref().and_then(|table| table.get_ref().get("value"));
    value.map_or(Value::Null, |value| json(value.get_ref()))
}

/// Returns what kind of value it is, for a message.
pub(super) const fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
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
        for bytes in [1, 4097, 1 << 10, 3 << 20, 8 << 30] {
            assert_eq!(size(&size_written(bytes)), Ok(bytes));
        }
    }
}
