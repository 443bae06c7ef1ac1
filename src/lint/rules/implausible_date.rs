//! `implausible-date`: a date is in the future, before news feeds, before it could be, or on another weekday.

use crate::document::{Document, MetaField, read_date};
use crate::lint::{Flag, Rule, Settings, Severity};

/// The rule.
pub(super) struct ImplausibleDate;

impl Rule for ImplausibleDate {
    fn name(&self) -> &'static str {
        "implausible-date"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a date is in the future, before news feeds, before it could be, or on another weekday"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, settings: &Settings, flags: &mut Vec<Flag>) {
        let meta = &document.meta;
        let mut tell = |field: MetaField, message: String, key: &str| {
            let help = "check the clock and the template that write the dates";
            flags.push(Flag::of_field(self.name(), field, message, help, key));
        };
        // What a record or page calls its date is its own matter.
        let plain = [
            (MetaField::Published, "published", "date of publication", &meta.published),
            (MetaField::Updated, "updated", "date of change", &meta.updated),
        ];
        let plain = plain.into_iter().filter_map(|(field, name, called, value)| {
            Some((field, name, called.to_owned(), value.as_deref()?))
        });
        let stated = (0..).zip(&meta.dates).map(|(index, date)| {
            let whose = if date.of_feed { " of the feed" } else { "" };
            let name = date.element.as_str();
            (MetaField::Date(index), name, format!("`{name}`{whose}"), date.value.as_str())
        });
        let all: Vec<_> = if meta.dates.is_empty() { plain.collect() } else { stated.collect() };
        for (field, name, called, value) in all {
            let Some(date) = read_date(value) else { continue };
            let why = if settings.now.is_some_and(|now| date.seconds > now + DAY) {
                "in the future"
            } else if is_placeholder(date.seconds) {
                "what clocks say that were never set"
            } else if date.seconds < FIRST_FEEDS && document.origin.format == "feed" {
                "before there were news feeds"
            } else if date.wrong_weekday {
                "another day of the week"
            } else {
                continue;
            };
            tell(field, format!("{called} is \"{value}\", {why}"), &format!("{name} {value}"));
        }
        let (Some(published), Some(updated)) = (&meta.published, &meta.updated) else { return };
        let (Some(first), Some(last)) = (read_date(published), read_date(updated)) else { return };
        // A date without time or zone can be off by a day.
        let slack = if first.exact && last.exact { 0 } else { DAY };
        if last.seconds + slack < first.seconds {
            let message = format!("updated \"{updated}\", before it was published \"{published}\"");
            tell(MetaField::Updated, message, &format!("{published} {updated}"));
        }
    }
}

const DAY: i64 = 86_400;

/// 1990-01-01: no news feed is older.
const FIRST_FEEDS: i64 = 631_152_000;

/// Whether the date is within a day of 1970-01-01, or of 0001-01-01 or 1900-01-01: zero, to a computer.
fn is_placeholder(seconds: i64) -> bool {
    [0, -62_135_596_800, -2_208_988_800].iter().any(|zero| (seconds - zero).abs() <= DAY)
}

const EXPLANATION: &str = "\
A date can be read but cannot be true: more than a day in the future (by the clock, or by `--now`),
before 1990 in a feed, the zero of a computer's clock (1970, 1900, the year 1), on another day of the week
than the one that is written with it, or an update before the publication.

    <pubDate>Thu, 18 Nov 2026 12:00:00 GMT</pubDate>      <- a Wednesday
    <published>2103-12-13T18:30:02Z</published>
";
