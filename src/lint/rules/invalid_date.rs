//! `invalid-date`: a date is not written as its format has it.

use crate::document::{DateForm, Document, MetaField, StatedDate, is_written_as, read_date};
use crate::lint::{Flag, Rule, Settings, Severity};

/// The rule.
pub(super) struct InvalidDate;

impl Rule for InvalidDate {
    fn name(&self) -> &'static str {
        "invalid-date"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a date is not written as its format has it"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        for (index, date) in (0..).zip(&document.meta.dates) {
            if is_written_as(&date.value, date.form) {
                continue;
            }
            let form = match date.form {
                DateForm::Rfc2822 => "RFC 2822 (`Wed, 18 Nov 2026 12:00:00 +0000`)",
                DateForm::Rfc3339Capital if is_written_as(&date.value, DateForm::Rfc3339) => {
                    "RFC 3339 with a capital `T` and `Z` (`2026-11-18T12:00:00Z`)"
                }
                DateForm::Rfc3339 | DateForm::Rfc3339Capital => "RFC 3339 (`2026-11-18T12:00:00Z`)",
                DateForm::W3c => "W3C-DTF (`2026-11-18` or `2026-11-18T12:00:00Z`)",
            };
            let StatedDate { element, value, .. } = date;
            let whose = if date.of_feed { " of the feed" } else { "" };
            let read = if read_date(value).is_some() { "" } else { ", and cannot be read at all" };
            let message = format!("`{element}`{whose} is \"{value}\", not a date of {form}{read}");
            let help = "write the date as the format has it; readers drop or misread others";
            let key = format!("{element} {value}");
            flags.push(Flag::of_field(self.name(), MetaField::Date(index), message, help, &key));
        }
    }
}

const EXPLANATION: &str = "\
A date is not written in the form that its format asks for: RFC 822/2822 in RSS (`pubDate`,
`lastBuildDate`), RFC 3339 in Atom (`published`, `updated`; with a capital `T` and `Z`) and JSON Feed, W3C-DTF in Dublin Core and
Atom 0.3. Days that there are not, such as 31 November, count too.

    <pubDate>2026-11-18 12:00</pubDate>
    <updated>2026-11-18T12:00:00+0100</updated>      <- no colon in the zone

What was meant is read all the same, where it can be told. Dates of the whole feed are told with its
first item. Records of JSON and JSONL files have no form of their own and are left alone.
";
