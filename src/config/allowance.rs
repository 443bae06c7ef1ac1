//! The passages that a settings file lets repeat.

use super::Config;
use crate::fingerprint::Profile;
use crate::lint::FindingKey;
use crate::lint::allow::{Allowance, Allowed, PassagePattern, SettingPlace};
use crate::read::paths::PathGlobs;

/// The rules that a list of known boilerplate keeps quiet: those that tell that a passage stands in several
/// documents. Twice in one document is a fault of that document whatever the passage.
const ABOUT_MANY: [&str; 3] = ["boilerplate", "shared-paragraph", "near-shared-paragraph"];

/// One `[[allow]]` table.
#[derive(Clone, Debug)]
pub struct Allow {
    /// What may repeat.
    pub what: AllowWhat,
    /// Rules that may not tell it; empty for all.
    pub rules: Vec<&'static str>,
    /// Files it holds in.
    pub paths: Option<PathGlobs>,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub place: SettingPlace,
}

/// What may repeat, as written: a pattern's normal form depends on the profile of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowWhat {
    /// `fingerprint`.
    Fingerprint(FindingKey),
    /// `pattern`.
    Pattern(String),
}

/// What may repeat, in the order of the file; then the known boilerplate.
pub(super) fn allowances(config: &Config, profile: Profile) -> Vec<Allowance> {
    let allowed = |what: &AllowWhat| match what {
        AllowWhat::Fingerprint(key) => Some(Allowed::Fingerprint(*key)),
        AllowWhat::Pattern(written) => PassagePattern::new(written, profile).map(Allowed::Pattern),
    };
    let one = |allow: &Allow| {
        Some(Allowance {
            what: allowed(&allow.what)?,
            rules: allow.rules.clone(),
            paths: allow.paths.clone(),
            reason: allow.reason.clone(),
            place: allow.place.clone(),
            tell_unused: true,
        })
    };
    let known = config.values.boilerplate.iter().filter_map(|(written, place)| {
        Some(Allowance {
            what: Allowed::Pattern(PassagePattern::new(written, profile)?),
            rules: ABOUT_MANY.to_vec(),
            paths: None,
            reason: "known boilerplate".to_owned(),
            place: place.clone(),
            tell_unused: false,
        })
    });
    config.allow.iter().filter_map(one).chain(known).collect()
}
