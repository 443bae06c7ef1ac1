//! Which rules are told, and how bad each is: the command line's `--select`, `--ignore`, `--severity`.

use std::collections::BTreeMap;

use super::{RULES, Rule, Severity, rule_named};
use crate::error::Error;

/// The level of every rule in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    levels: BTreeMap<&'static str, Option<Severity>>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { levels: RULES.iter().map(|rule| (rule.name(), rule.default_severity())).collect() }
    }
}

impl Selection {
    /// Returns the defaults with `severity` (`RULE=LEVEL`), `select` and `ignore` (rule names, or `ALL`)
    /// applied, in this order: what is selected is on even if its default is off, what is not selected
    /// is off, what is ignored is off.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the rule or level that is none, and the nearest that is one.
    pub fn new(select: &[String], ignore: &[String], severity: &[String]) -> Result<Self, Error> {
        let mut selection = Self::default();
        let mut set = BTreeMap::new();
        for setting in severity {
            let (name, level) = setting.split_once('=').ok_or_else(|| {
                Error::Config(format!("`{setting}` is not RULE=LEVEL, such as `shared-paragraph=error`"))
            })?;
            let rule = find_rule(name)?;
            let level = match level {
                "off" => None,
                level => Some(Severity::ALL.into_iter().find(|s| s.name() == level).ok_or_else(|| {
                    Error::Config(format!("`{level}` is not a level: write error, warning, info or off"))
                })?),
            };
            set.insert(rule.name(), level);
            selection.levels.insert(rule.name(), level);
        }
        if !select.is_empty() {
            let chosen = expand(select)?;
            for rule in RULES {
                let level = if chosen.contains(&rule.name()) {
                    let level = set.get(rule.name()).copied().unwrap_or(rule.default_severity());
                    // Selecting a rule that is off by default turns it on.
                    level.or_else(|| (!set.contains_key(rule.name())).then_some(Severity::Warning))
                } else {
                    None
                };
                selection.levels.insert(rule.name(), level);
            }
        }
        for name in expand(ignore)? {
            selection.levels.insert(name, None);
        }
        Ok(selection)
    }

    /// Returns the selection of these levels by the rules' names; rules without one are off.
    #[must_use]
    pub const fn of_levels(levels: BTreeMap<&'static str, Option<Severity>>) -> Self {
        Self { levels }
    }

    /// Gives rules these levels, by their names.
    pub fn change(&mut self, levels: &BTreeMap<&'static str, Option<Severity>>) {
        self.levels.extend(levels);
    }

    /// Returns how bad `rule` is in this run; `None` where it is off.
    #[must_use]
    pub fn level(&self, rule: &str) -> Option<Severity> {
        self.levels.get(rule).copied().flatten()
    }

    /// Returns whether `rule` is on.
    #[must_use]
    pub fn is_on(&self, rule: &str) -> bool {
        self.level(rule).is_some()
    }

    /// Returns the rules that are on, in the order of [`RULES`].
    pub fn rules(&self) -> impl Iterator<Item = &'static dyn Rule> + '_ {
        RULES.iter().copied().filter(|rule| self.is_on(rule.name()))
    }
}

/// The names in `names`, `ALL` standing for every rule.
fn expand(names: &[String]) -> Result<Vec<&'static str>, Error> {
    let mut out = Vec::new();
    for name in names {
        if name == "ALL" {
            out.extend(RULES.iter().map(|rule| rule.name()));
        } else {
            out.push(find_rule(name)?.name());
        }
    }
    Ok(out)
}

/// Returns the rule called `name`.
///
/// # Errors
///
/// [`Error::Config`] names the nearest that there is.
pub fn find_rule(name: &str) -> Result<&'static dyn Rule, Error> {
    rule_named(name).ok_or_else(|| {
        let hint = nearest_rule(name).map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
        Error::Config(format!("no rule is called `{name}`{hint} (`copydesk rules` lists them)"))
    })
}

/// Returns the name of the rule that is most like `name`; `None` where none is like it.
#[must_use]
pub fn nearest_rule(name: &str) -> Option<&'static str> {
    nearest(name, RULES.iter().map(|rule| rule.name()))
}

/// Two names that have less than this in common (twice the letters that both have, over all of theirs) are not
/// taken for one another.
const LIKE: f32 = 0.6;

/// Returns which of `names` is most like `name`; `None` where none is like it. Of two that are as like, the
/// first in the alphabet.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    let likeness = |other: &str| similar::TextDiff::from_chars(lower.as_str(), other).ratio();
    names
        .into_iter()
        .map(|other| (likeness(other), other))
        .filter(|&(likeness, _)| likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|&s| s.to_owned()).collect()
    }

    #[test]
    fn select_ignore_and_severity_combine() {
        let selection = Selection::new(
            &names(&["repeated-paragraph", "shared-paragraph"]),
            &names(&["shared-paragraph"]),
            &names(&["repeated-paragraph=info"]),
        )
        .unwrap();
        assert_eq!(selection.level("repeated-paragraph"), Some(Severity::Info));
        assert!(!selection.is_on("shared-paragraph"));
        assert!(!selection.is_on("duplicate-document"));
        let off = Selection::new(&names(&["ALL"]), &[], &names(&["empty-text=off"])).unwrap();
        assert!(!off.is_on("empty-text"));
    }

    #[test]
    fn an_unknown_rule_names_the_nearest() {
        let error = Selection::new(&names(&["repeated-paragraf"]), &[], &[]).unwrap_err();
        assert!(error.to_string().contains("`repeated-paragraph`"), "{error}");
    }

    #[test]
    fn the_nearest_name_is_found_or_none() {
        assert_eq!(nearest("treshold", ["threads", "threshold"]), Some("threshold"));
        assert_eq!(nearest("Min-Words", ["min-words"]), Some("min-words"));
        assert_eq!(nearest("zzz", ["threads", "threshold"]), None);
        assert_eq!(nearest_rule("repeated-paragraf"), Some("repeated-paragraph"));
        assert_eq!(nearest_rule("html"), None);
    }
}
