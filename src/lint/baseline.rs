//! What repeated already? A baseline lets through what was there when it was made, up to its count.
//!
//! A group is named by the fingerprint of its normal form, so re-wrapping, moving and renaming change
//! nothing. Near repeats are counted beside the copies of both passages, so that one of the two may change:
//! a near copy that becomes an exact one, or another near one, is no new repeat.

pub mod lines;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::FindingKey;
use crate::fingerprint::Profile;
use crate::read::paths::Base;

/// What kind of thing an entry counts: [`PARAGRAPH`], [`DOCUMENT`], or the name of a rule about faults.
pub type Kind = Cow<'static, str>;

/// Paragraphs, whichever rule tells them.
pub const PARAGRAPH: Kind = Cow::Borrowed("paragraph");
/// Documents as a whole.
pub const DOCUMENT: Kind = Cow::Borrowed("document");

/// How the file is called unless the user says otherwise.
pub const FILE_NAME: &str = "copydesk-baseline.jsonl";

/// What names a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupName {
    /// The fingerprint of its normal form.
    pub key: FindingKey,
    /// What kind of thing it is.
    pub kind: Kind,
    /// The [scope](super::scope::Scopes::name) of its files: a text that stands in two scopes is two groups.
    pub scope: Option<String>,
}

impl GroupName {
    /// Returns the name of a group in files without a scope.
    #[must_use]
    pub const fn new(key: FindingKey, kind: Kind) -> Self {
        Self { key, kind, scope: None }
    }

    /// Returns the name of the group in files of `scope`.
    #[must_use]
    pub fn within(self, scope: Option<String>) -> Self {
        Self { scope, ..self }
    }
}

/// Of groups with more places no paths are kept.
const MOST_PATHS: usize = 16;

/// What a baseline knows of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// How many copies there were.
    pub count: u32,
    /// How many passages nearly the same there were beside.
    pub near: u32,
    /// The first words, for people.
    pub text: String,
    /// The files that held the copies, sorted, one for each; empty where there were many.
    pub paths: Vec<String>,
}

/// What repeated already.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// What its paths hold from: its own folder.
    pub base: Arc<Base>,
    /// What was compared how.
    pub profile: Profile,
    /// What was checked, from its folder.
    pub checked: Vec<String>,
    /// The groups.
    pub entries: BTreeMap<GroupName, Entry>,
}

impl Baseline {
    /// Returns one that knows of nothing; `checked` are the paths that it will speak of.
    #[must_use]
    pub fn empty(base: Arc<Base>, profile: Profile, checked: &[&str]) -> Self {
        let mut empty = Self { base, profile, checked: Vec::new(), entries: BTreeMap::new() };
        empty.checked = empty.checked_places(checked);
        empty
    }

    /// Returns the paths that a run is given, as the baseline writes them: sorted, each once.
    #[must_use]
    pub fn checked_places(&self, paths: &[&str]) -> Vec<String> {
        let place = |path: &&str| Some(self.place(path)).filter(|place| !place.is_empty());
        let mut places: Vec<String> =
            paths.iter().map(|path| place(path).unwrap_or_else(|| ".".to_owned())).collect();
        places.sort();
        places.dedup();
        places
    }

    /// Returns `path`, as given or walked, as the baseline writes it.
    #[must_use]
    pub fn place(&self, path: &str) -> String {
        self.base.place(path).unwrap_or_else(|| path.to_owned())
    }

    /// Returns whether a copy in the file at `path`, known to repeat what was read by an earlier run, was there
    /// when the baseline was made; `copies` is how many there are, `None` for a near one.
    #[must_use]
    pub fn remembers(&self, name: &GroupName, path: &str, copies: Option<u32>) -> bool {
        self.entry(name).is_some_and(|(_, entry)| {
            let counted = copies.is_some_and(|copies| copies <= entry.count);
            entry.near > 0 || counted || copies.is_some() && entry.paths.contains(&self.place(path))
        })
    }

    /// The entry that counts the group of that name: its own, or where a baseline from before there were scopes has
    /// none, that of all files.
    fn entry(&self, name: &GroupName) -> Option<(&GroupName, &Entry)> {
        self.entries.get_key_value(name).or_else(|| {
            let whole = GroupName { scope: None, ..name.clone() };
            self.entries.get_key_value(&whole).filter(|_| name.scope.is_some())
        })
    }

    /// Adds a copy that stands in the file at `path`; `text` is what stands there.
    pub fn add(&mut self, name: GroupName, path: &str, text: &str) {
        let place = self.place(path);
        let entry = self.entries.entry(name).or_default();
        entry.count += 1;
        entry.paths.push(place);
        if entry.text.is_empty() {
            entry.text = first_words(text);
        }
    }

    /// Adds a near copy to the group of that name, which has one copy if nothing else is known of it.
    pub fn add_near(&mut self, name: GroupName, path: &str, text: &str) {
        if !self.entries.contains_key(&name) {
            self.add(name.clone(), path, text);
        }
        self.entries.entry(name).or_default().near += 1;
    }

    /// Brings paths in order, and leaves out those of large groups.
    pub fn finish(&mut self) {
        for entry in self.entries.values_mut() {
            entry.paths.sort();
            if entry.paths.len() > MOST_PATHS {
                entry.paths.clear();
            }
        }
    }

    /// Returns how many groups `self` has that `older` has not, and how many it no longer has.
    #[must_use]
    pub fn change_from(&self, older: &Self) -> (usize, usize) {
        let more = |a: &Self, b: &Self| {
            let counts = |entry: Option<&Entry>| entry.map_or((0, 0), |entry| (entry.count, entry.near));
            let grown = |(name, entry): &(&GroupName, &Entry)| {
                let (count, near) = counts(b.entries.get(*name));
                entry.count > count || entry.near > near
            };
            a.entries.iter().filter(grown).count()
        };
        (more(self, older), more(older, self))
    }

    /// Leaves of each group only as much as `now` has too.
    pub fn shrink_to(&mut self, now: &Self) {
        self.share_out(now);
        self.entries.retain(|name, _| now.entries.contains_key(name));
        for (name, entry) in &mut self.entries {
            if let Some(there) = now.entries.get(name) {
                let text = std::mem::take(&mut entry.text);
                let fewer = Entry {
                    count: entry.count.min(there.count),
                    near: entry.near.min(there.near),
                    text,
                    paths: if there.count <= entry.count { there.paths.clone() } else { entry.paths.clone() },
                };
                *entry = fewer;
            }
        }
        self.entries.retain(|_, entry| entry.count + entry.near > 0);
    }
}

impl Baseline {
    /// Gives what an entry of all files lets through to the scopes in which `now` has the group, as far as it
    /// goes.
    fn share_out(&mut self, now: &Self) {
        for (name, there) in now.entries.iter().filter(|(name, _)| name.scope.is_some()) {
            let whole = GroupName { scope: None, ..name.clone() };
            if self.entries.contains_key(name) {
                continue;
            }
            let Some(entry) = self.entries.get_mut(&whole) else { continue };
            // What files without a scope hold stays theirs.
            let kept = now.entries.get(&whole).map_or((0, 0), |kept| (kept.count, kept.near));
            let count = there.count.min(entry.count.saturating_sub(kept.0));
            let near = there.near.min(entry.near.saturating_sub(kept.1));
            if count + near > 0 {
                entry.count -= count;
                entry.near -= near;
                self.entries.insert(name.clone(), Entry { count, near, ..there.clone() });
            }
        }
    }
}

/// The beginning of a passage on one line, without what a terminal would obey.
fn first_words(text: &str) -> String {
    const MOST: usize = 60;
    let mut out = String::new();
    for word in text.split_whitespace() {
        let acts = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        };
        let word: String = word.chars().filter(|&c| !acts(c)).collect();
        if out.chars().count() + word.chars().count() >= MOST {
            out.extend(word.chars().take(if out.is_empty() { MOST } else { 0 }));
            out.push('…');
            break;
        }
        if !out.is_empty() && !word.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// How much of a baseline one run has used up.
#[derive(Clone, Debug)]
pub struct Ledger<'b> {
    baseline: &'b Baseline,
    /// Copies there are now, and near ones that were let through.
    used: BTreeMap<&'b GroupName, (u32, u32)>,
}

impl<'b> Ledger<'b> {
    /// Returns the ledger of a run that has used nothing yet.
    #[must_use]
    pub const fn new(baseline: &'b Baseline) -> Self {
        Self { baseline, used: BTreeMap::new() }
    }

    /// Returns whether the baseline counts the group by itself. Groups that it does not get what those leave, so
    /// they are [covered](Self::cover) last.
    #[must_use]
    pub fn knows(&self, name: &GroupName) -> bool {
        self.baseline.entries.contains_key(name)
    }

    /// Returns which of `members`, by their numbers, the baseline covers: as many as it counts and no group
    /// before has used. Those in files that it names come first, then the others in order.
    pub fn cover(&mut self, name: &GroupName, members: &[&str]) -> Vec<usize> {
        let Some((name, entry)) = self.baseline.entry(name) else { return Vec::new() };
        let used = &mut self.used.entry(name).or_default().0;
        let most = entry.count.saturating_sub(*used) as usize;
        *used += members.len() as u32;
        if members.len() <= most {
            return (0..members.len()).collect();
        }
        let mut named: BTreeMap<&str, u32> = BTreeMap::new();
        for path in &entry.paths {
            *named.entry(path).or_default() += 1;
        }
        let mut covered = Vec::with_capacity(most);
        let mut others = Vec::new();
        for (number, path) in members.iter().enumerate() {
            let place = self.baseline.place(path);
            match named.get_mut(&*place).filter(|left| **left > 0) {
                Some(left) if covered.len() < most => {
                    *left -= 1;
                    covered.push(number);
                }
                _ => others.push(number),
            }
        }
        let missing = most - covered.len();
        covered.extend(others.into_iter().take(missing));
        covered
    }

    /// How much of a group is left.
    fn left(&self, name: &GroupName) -> Option<(&'b GroupName, u32)> {
        let (name, entry) = self.baseline.entry(name)?;
        let (copies, near) = self.used.get(name).copied().unwrap_or_default();
        // Of a group that is none there is the one copy that is spoken of.
        let left = (entry.near + entry.count.saturating_sub(copies.max(1))).saturating_sub(near);
        (left > 0).then_some((name, left))
    }

    /// Returns whether a passage that nearly repeats another is let through. First to be asked, with `unchanged`,
    /// are pairs of which both texts had a near copy: nothing new is between them, and a further copy of
    /// either is told by itself. The others need what is left of one of the two.
    pub fn near(&mut self, own: &GroupName, other: &GroupName, unchanged: bool) -> bool {
        let known = |name| self.baseline.entry(name).is_some_and(|(_, entry)| entry.near > 0);
        let through = match unchanged {
            true => known(own) && known(other),
            false => self.left(own).or(self.left(other)).is_some(),
        };
        if !through {
            return false;
        }
        for name in [own, other] {
            if let Some((name, _)) = self.left(name) {
                self.used.entry(name).or_default().1 += 1;
            }
        }
        true
    }

    /// Returns whether a copy beyond the count is let through because it was a near one before.
    pub fn excess(&mut self, name: &GroupName) -> bool {
        let Some((name, entry)) = self.baseline.entry(name) else { return false };
        let used = self.used.entry(name).or_default();
        let free = used.1 < entry.near;
        used.1 += u32::from(free);
        free
    }

    /// Returns how many groups are smaller than the baseline lets them be, of those that the run can speak
    /// of: `asked` tells by kind, and whether near copies are among them.
    #[must_use]
    pub fn stale(&self, asked: impl Fn(&str, bool) -> bool) -> usize {
        let is_stale = |(name, entry): &(&GroupName, &Entry)| {
            let (copies, near) = self.used.get(name).copied().unwrap_or_default();
            let there = if copies == 0 && near > 0 { 1 } else { copies } + near;
            asked(&name.kind, entry.near > 0) && there < entry.count + entry.near
        };
        self.baseline.entries.iter().filter(is_stale).count()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn name(number: u8) -> GroupName {
        GroupName::new(FindingKey([number; 16]), PARAGRAPH)
    }

    fn baseline(entries: &[(u8, u32, u32, &[&str])]) -> Baseline {
        let entry = |&(number, count, near, paths): &(u8, u32, u32, &[&str])| {
            let paths = paths.iter().map(|&path| path.to_owned()).collect();
            (name(number), Entry { count, near, text: String::new(), paths })
        };
        Baseline {
            base: Arc::new(Base::new(Path::new("/site"), Path::new("/site"))),
            profile: Profile::Standard,
            checked: Vec::new(),
            entries: entries.iter().map(entry).collect(),
        }
    }

    #[test]
    fn one_more_copy_is_the_one_in_another_file() {
        let baseline = baseline(&[(1, 2, 0, &["a.md", "c.md"])]);
        let cover = |number, members: &[&str]| Ledger::new(&baseline).cover(&name(number), members);
        assert_eq!(cover(1, &["a.md", "b.md", "./c.md"]), [0, 2]);
        assert_eq!(cover(1, &["a.md", "a.md", "c.md"]), [0, 2]);
        // After a renaming the last is the new one.
        assert_eq!(cover(1, &["x.md", "y.md", "z.md"]), [0, 1]);
        assert_eq!(cover(1, &["x.md", "y.md"]), [0, 1]);
        assert!(cover(2, &["a.md", "b.md"]).is_empty());
    }

    fn scoped(number: u8, scope: &str) -> GroupName {
        name(number).within(Some(scope.to_owned()))
    }

    #[test]
    fn a_group_of_all_files_is_shared_out_to_scopes_as_far_as_it_goes() {
        let older = baseline(&[(1, 4, 0, &[])]);
        let mut ledger = Ledger::new(&older);
        assert!(!ledger.knows(&scoped(1, "v=1")));
        assert_eq!(ledger.cover(&scoped(1, "v=1"), &["v1/a", "v1/b", "v1/c"]), [0, 1, 2]);
        assert_eq!(ledger.cover(&scoped(1, "v=2"), &["v2/a", "v2/b"]), [0]);
        let mut now = baseline(&[]);
        for (scope, path) in
            [("v=1", "v1/a"), ("v=1", "v1/b"), ("v=1", "v1/c"), ("v=2", "v2/a"), ("v=2", "v2/b")]
        {
            now.add(scoped(1, scope), path, "");
        }
        let mut pruned = older.clone();
        pruned.shrink_to(&now);
        let counts: Vec<_> =
            pruned.entries.iter().map(|(name, entry)| (name.scope.as_deref(), entry.count)).collect();
        assert_eq!(counts, [(Some("v=1"), 3), (Some("v=2"), 1)]);
    }

    #[test]
    fn a_near_copy_may_change_and_become_exact() {
        // 2 was near to 1.
        let baseline = baseline(&[(1, 1, 1, &[]), (2, 1, 1, &[])]);
        let unchanged = &mut Ledger::new(&baseline);
        assert!(unchanged.near(&name(2), &name(1), true));
        assert!(!unchanged.near(&name(3), &name(1), false), "another one is new");
        assert_eq!(unchanged.stale(|_, _| true), 0);
        let edited = &mut Ledger::new(&baseline);
        assert!(!edited.near(&name(3), &name(1), true));
        assert!(edited.near(&name(3), &name(1), false));
        let exact = &mut Ledger::new(&baseline);
        assert_eq!(exact.cover(&name(1), &["a", "b"]), [0]);
        assert!(exact.excess(&name(1)));
        assert!(!exact.excess(&name(1)));
        // An exact copy beside the near one is new.
        let both = &mut Ledger::new(&baseline);
        both.cover(&name(1), &["a", "b"]);
        assert!(both.near(&name(2), &name(1), true));
        assert!(!both.excess(&name(1)));
    }

    #[test]
    fn a_copy_with_a_typo_is_not_new() {
        let baseline = baseline(&[(1, 2, 0, &[])]);
        let ledger = &mut Ledger::new(&baseline);
        assert!(ledger.near(&name(3), &name(1), false));
        assert!(!ledger.near(&name(4), &name(1), false));
    }
}
