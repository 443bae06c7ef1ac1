//! What is left of what each version and each author wrote?

use std::collections::BTreeMap;

use super::life::TokenLife;
use super::version::{AuthorShare, Version};

/// Counts the words of the text that is told for the versions that were the first to have them.
pub(super) fn survival(tokens: &[TokenLife], versions: &mut [Version]) {
    for token in tokens.iter().filter(|token| token.word) {
        if let Some(version) = token.origin.checked_sub(1).and_then(|at| versions.get_mut(at as usize)) {
            version.surviving += 1;
        }
    }
}

/// Returns how much of the text that is told each author wrote, most words first; then by number of versions,
/// then by name.
pub(super) fn authors(versions: &[Version]) -> Vec<AuthorShare> {
    let mut shares: BTreeMap<Option<&str>, (u64, u64)> = BTreeMap::new();
    for version in versions {
        let share = shares.entry(version.author.as_deref()).or_default();
        share.0 += version.surviving;
        share.1 += 1;
    }
    let mut out: Vec<AuthorShare> = shares
        .into_iter()
        .map(|(author, (words, versions))| AuthorShare { author: author.map(str::to_owned), words, versions })
        .collect();
    out.sort_by(|a, b| {
        (b.words, b.versions).cmp(&(a.words, a.versions)).then_with(|| a.author.cmp(&b.author))
    });
    if matches!(out.as_slice(), [AuthorShare { author: None, .. }]) {
        out.clear();
    }
    out
}
