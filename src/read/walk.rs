//! Which files are to be read, and in which order?
//!
//! [`find`] takes what the user named. Files are taken as they are. Folders are walked: files that some
//! reader knows by their extension, in byte order of their paths, without what `.gitignore` and `.ignore`
//! leave out, hidden files, and files behind symbolic links. `-` is standard input. A path that is not
//! there and has glob characters is a glob that no shell has expanded.
//!
//! The order is that of the arguments, and within a folder that of the paths' bytes. A file is read once:
//! where it is named, else where it is met first.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::Reader;
use super::compress::reason;
use super::input::{Input, reader_by_name};
use super::paths::PathGlobs;
use crate::document::own::is_report;
use crate::error::ReadError;

/// What a path that is not there must hold to be a glob.
const GLOB_CHARACTERS: [char; 4] = ['*', '?', '[', '{'];

/// So many bytes of a file tell whether it is a report.
const HEAD: u64 = 4096;

/// How standard input is called where the user did not say.
const STDIN: &str = "<stdin>";

/// Our own files, which a walk passes over whatever their extension.
const OWN_FILES: [&str; 3] = ["copydesk.toml", ".copydesk.toml", "copydesk-baseline.jsonl"];

/// The extension of our index.
const OWN_EXTENSION: &str = ".copydesk-index";

/// How to look for files.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// Globs of what to leave out, as in `.gitignore`: `drafts/`, `*.de.md`, `/old/**`. Those with a slash
    /// hold from the current folder and from each folder that is walked. They count for named paths too.
    pub exclude: Vec<String>,
    /// Whether hidden files and folders are walked.
    pub hidden: bool,
    /// Whether `.gitignore`, `.ignore` and `.git/info/exclude` are respected, in a repository or not.
    pub respect_ignore: bool,
    /// The format that everything is read as. A walk then takes files of any name.
    pub input_format: Option<&'static dyn Reader>,
    /// How standard input is called; its extension tells the format.
    pub stdin_name: Option<String>,
    /// What a settings file leaves out, from its own folder; counts for named paths too.
    pub excluded: Option<PathGlobs>,
    /// Files that the run writes; a walk passes over them where they hold a report, or nothing.
    pub written: Vec<PathBuf>,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self {
            exclude: Vec::new(),
            hidden: false,
            respect_ignore: true,
            input_format: None,
            stdin_name: None,
            excluded: None,
            written: Vec::new(),
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What to read, in order.
    pub inputs: Vec<Input>,
    /// Number of files that walks passed over because they are no documents.
    pub skipped: u32,
    /// Paths that could not be read, and globs that match nothing.
    pub faults: Vec<ReadError>,
    /// Paths that were named and are excluded.
    pub excluded: Vec<Arc<str>>,
}

/// Returns the files that `paths` name, in order, as told in the [module's documentation](self).
///
/// Nothing is opened but what the run will write. What is excluded or ignored is not counted as skipped.
#[must_use]
pub fn find(paths: &[PathBuf], options: &WalkOptions) -> Found {
    let mut finder = Finder::new(paths, options);
    for (index, path) in paths.iter().enumerate() {
        finder.argument(index, path);
    }
    finder.found
}

struct Finder<'a> {
    options: &'a WalkOptions,
    excluded: Excluded,
    /// Whether a file can be met twice at all: one argument alone needs no identities.
    many: bool,
    /// Files that were named, each with the first argument that names it.
    named: BTreeMap<PathBuf, usize>,
    /// For each argument, whether it names a file that one before it names.
    again: Vec<bool>,
    /// Files that walks have met.
    met: BTreeSet<PathBuf>,
    stdin_taken: bool,
    /// The files that the run writes and that stand there already, behind all links.
    written: BTreeSet<PathBuf>,
    found: Found,
}

impl<'a> Finder<'a> {
    fn new(paths: &[PathBuf], options: &'a WalkOptions) -> Self {
        let mut found = Found::default();
        let excluded = Excluded::new(options, &mut found.faults);
        let many = paths.len() > 1;
        let mut named = BTreeMap::new();
        let mut again = vec![false; paths.len()];
        if many {
            let mut identities = Identities::default();
            for (index, path) in
                paths.iter().enumerate().filter(|(_, path)| path.as_os_str() != "-" && path.is_file())
            {
                again[index] = *named.entry(identities.of(path)).or_insert(index) != index;
            }
        }
        let written = options.written.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        Self {
            options,
            excluded,
            many,
            named,
            again,
            met: BTreeSet::new(),
            stdin_taken: false,
            written,
            found,
        }
    }

    fn argument(&mut self, index: usize, path: &Path) {
        if path.as_os_str() == "-" {
            if !std::mem::replace(&mut self.stdin_taken, true) {
                let name = self.options.stdin_name.as_deref().unwrap_or(STDIN);
                self.take(Input::stdin(Arc::from(name)));
            }
            return;
        }
        match fs::metadata(path) {
            Ok(metadata) if self.excluded.holds_or_parents(path, metadata.is_dir()) => {
                self.found.excluded.push(printed(path));
            }
            Ok(metadata) if metadata.is_dir() => {
                self.walk(path, None);
            }
            Ok(metadata) if metadata.is_file() => {
                if !self.again[index] {
                    self.take(Input::file(printed(path), path.to_owned(), true));
                }
            }
            Ok(_) => self.take(Input::once(printed(path), path.to_owned())),
            Err(error) => match path.to_str() {
                Some(glob) if error.kind() == io::ErrorKind::NotFound && glob.contains(GLOB_CHARACTERS) => {
                    self.glob(path, glob);
                }
                _ => self.fault(path, reason(&error)),
            },
        }
    }

    fn glob(&mut self, path: &Path, glob: &str) {
        let written = glob.strip_prefix("./").unwrap_or(glob);
        let pattern = match GlobBuilder::new(written).literal_separator(true).build() {
            Ok(built) => Pattern::new(written, built.compile_matcher()),
            Err(error) => return self.fault(path, format!("is not a glob: {}", error.kind())),
        };
        let base = pattern.base.clone();
        if !base.is_dir() || !self.walk(&base, Some(&pattern)) {
            self.fault(path, "no file matches".to_owned());
        }
    }

    /// Walks `root` and takes its documents; only what `pattern` matches, if there is one. Returns whether
    /// there was any file, document or not.
    fn walk(&mut self, root: &Path, pattern: Option<&Pattern>) -> bool {
        let options = self.options;
        let mut builder = WalkBuilder::new(root);
        builder
            .hidden(!options.hidden)
            .parents(options.respect_ignore)
            .ignore(options.respect_ignore)
            .git_ignore(options.respect_ignore)
            .git_exclude(options.respect_ignore)
            // The user's own settings are part of the environment, and of no other machine.
            .git_global(false)
            .require_git(false)
            .max_depth(pattern.and_then(|pattern| pattern.depth));
        if !self.excluded.is_empty() {
            let excluded = self.excluded.clone();
            let root = root.to_owned();
            builder.filter_entry(move |entry| {
                let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let inside = entry.path().strip_prefix(&root).unwrap_or(entry.path());
                entry.depth() == 0 || !excluded.leaves_out(entry.path(), inside, folder)
            });
        }
        let mut files = Vec::new();
        let mut faults = Vec::new();
        let mut passed_over = Vec::new();
        for entry in builder.build() {
            match entry {
                Ok(entry) => {
                    let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { continue };
                    let wanted = kind.is_file() && self.is_document(entry.file_name(), pattern);
                    let path = without_dot(root, entry.into_path());
                    if pattern.is_some_and(|pattern| !pattern.matches(&path)) {
                        continue;
                    }
                    if wanted { files.push(path) } else { passed_over.push(path) }
                }
                Err(error) => {
                    let place = path_of(&error).unwrap_or(root);
                    let message = error.io_error().map_or_else(|| error.to_string(), reason);
                    faults.push(ReadError::new(&printed(place), message));
                }
            }
        }
        let any = !files.is_empty() || !passed_over.is_empty() || !faults.is_empty();
        if !self.written.is_empty() {
            let real = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
            let is_written = |path: &mut PathBuf| {
                self.written.contains(&real.join(path.strip_prefix(root).unwrap_or(path)))
                    && holds_report(path)
            };
            passed_over.extend(files.extract_if(.., is_written));
        }
        files.sort_unstable_by(|a, b| bytes(a).cmp(bytes(b)));
        faults.sort_unstable();
        self.found.faults.append(&mut faults);
        if self.many {
            let real = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
            let identity = |path: &Path| real.join(path.strip_prefix(root).unwrap_or(path));
            files.retain(|path| self.meet(identity(path)));
            passed_over.retain(|path| self.meet(identity(path)));
        }
        self.found.skipped += u32::try_from(passed_over.len()).unwrap_or(u32::MAX);
        self.found.inputs.reserve(files.len());
        for path in files {
            self.take(Input::file(printed(&path), path, false));
        }
        any
    }

    /// Returns whether a walk takes a file called `name`.
    fn is_document(&self, name: &OsStr, pattern: Option<&Pattern>) -> bool {
        let name = name.to_string_lossy();
        let own = OWN_FILES.contains(&&*name) || name.ends_with(OWN_EXTENSION);
        let any_name =
            self.options.input_format.is_some() || pattern.is_some_and(|pattern| pattern.extension);
        !own && (any_name || reader_by_name(&name).is_some())
    }

    /// Returns whether a file that a walk meets is met for the first time, and not named besides.
    fn meet(&mut self, identity: PathBuf) -> bool {
        !self.named.contains_key(&identity) && self.met.insert(identity)
    }

    fn take(&mut self, input: Input) {
        self.found.inputs.push(match self.options.input_format {
            Some(reader) => input.read_by(reader),
            None => input,
        });
    }

    fn fault(&mut self, path: &Path, message: String) {
        self.found.faults.push(ReadError::new(&printed(path), message));
    }
}

/// Whether the file at `path`, which the run will write over, holds nothing or an earlier report.
fn holds_report(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && (head.is_empty() || is_report(&head))
}

/// A glob that was given as a path.
struct Pattern {
    matcher: GlobMatcher,
    /// The folder before the first glob character.
    base: PathBuf,
    /// How deep below the base a match can be.
    depth: Option<usize>,
    /// Whether it names an extension: then it takes such files even where no reader knows it.
    extension: bool,
}

impl Pattern {
    fn new(glob: &str, matcher: GlobMatcher) -> Self {
        let special = glob.find(GLOB_CHARACTERS).unwrap_or(0);
        let base_end = glob[..special].rfind('/').map_or(0, |slash| slash + 1);
        let (base, rest) = glob.split_at(base_end);
        let name = rest.rsplit('/').next().unwrap_or(rest);
        let extension =
            name.rsplit_once('.').is_some_and(|(_, end)| !end.is_empty() && !end.contains(['*', '?']));
        // `news/*` may match folders, and these are walked; `*.txt` matches files.
        let depth =
            (extension && !rest.contains("**") && !rest.contains('{')).then(|| rest.split('/').count());
        let base = PathBuf::from(if base.is_empty() { "." } else { base });
        Self { matcher, base, depth, extension }
    }

    /// Returns whether the glob matches `path` or a folder that it is in.
    fn matches(&self, path: &Path) -> bool {
        path.ancestors().any(|part| self.matcher.is_match(part))
    }
}

/// What is left out.
#[derive(Clone)]
struct Excluded {
    globs: Gitignore,
    settings: Option<PathGlobs>,
}

impl Excluded {
    fn new(options: &WalkOptions, faults: &mut Vec<ReadError>) -> Self {
        let mut builder = GitignoreBuilder::new(".");
        builder.allow_unclosed_class(false);
        for glob in &options.exclude {
            // A line of a `.gitignore` that begins so is a comment.
            let line = if glob.starts_with('#') { format!("\\{glob}") } else { glob.clone() };
            if let Err(error) = builder.add_line(None, &line) {
                faults.push(ReadError::new(&Arc::from(glob.as_str()), format!("is not a glob: {error}")));
            }
        }
        let globs = builder.build().unwrap_or_else(|_| Gitignore::empty());
        Self { globs, settings: options.excluded.clone() }
    }

    fn is_empty(&self) -> bool {
        self.globs.is_empty() && self.settings.is_none()
    }

    fn holds(&self, path: &Path, folder: bool) -> bool {
        self.globs.matched(path, folder).is_ignore()
    }

    /// Whether the settings leave out `path`, or a folder that it is in.
    fn settings_hold(&self, path: &Path, folder: bool) -> bool {
        self.settings.as_ref().is_some_and(|globs| globs.hold_entry(path, folder))
    }

    /// Whether the command line takes `path` back in (`!keep.md`): its globs come behind those of the settings.
    fn takes_in(&self, path: &Path, folder: bool) -> bool {
        self.globs.matched(path, folder).is_whitelist()
    }

    /// Whether what a walk meets at `path`, `inside` the folder that is walked, is left out.
    fn leaves_out(&self, path: &Path, inside: &Path, folder: bool) -> bool {
        let taken_in = || self.takes_in(path, folder) || self.takes_in(inside, folder);
        self.holds(path, folder)
            || self.holds(inside, folder)
            || (self.settings_hold(path, folder) && !taken_in())
    }

    fn holds_or_parents(&self, path: &Path, folder: bool) -> bool {
        (self.settings_hold(path, folder) && !self.takes_in(path, folder))
            || !self.globs.is_empty()
                && path.ancestors().enumerate().any(|(up, part)| {
                    !matches!(part.as_os_str().as_encoded_bytes(), b"" | b"." | b"/")
                        && self.holds(part, folder || up > 0)
                })
    }
}

/// Tells whether two paths are one file. Two hard links are two files.
#[derive(Default)]
struct Identities {
    /// Folders as named, and what they are called in truth.
    folders: BTreeMap<PathBuf, PathBuf>,
}

impl Identities {
    fn of(&mut self, path: &Path) -> PathBuf {
        let link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        let (Some(folder), Some(name), false) = (path.parent(), path.file_name(), link) else {
            return fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        };
        // Many files of one folder, as a shell names them, ask for its true name once.
        if let Some(real) = self.folders.get(folder) {
            return real.join(name);
        }
        let named = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let real = fs::canonicalize(named).unwrap_or_else(|_| folder.to_owned());
        let identity = real.join(name);
        self.folders.insert(folder.to_owned(), real);
        identity
    }
}

/// Returns the path as it is printed: bytes that are no text are shown as such.
fn printed(path: &Path) -> Arc<str> {
    Arc::from(path.to_string_lossy())
}

/// Returns `path`, met in a walk of `root`, without the `./` that nobody wrote.
fn without_dot(root: &Path, path: PathBuf) -> PathBuf {
    if root.as_os_str() != "." {
        return path;
    }
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Returns the path that an error of the walk is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::reader_named;

    /// A folder with these files, each empty; a name that ends in `/` is a folder.
    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in names {
            write(&folder, name, "");
        }
        folder
    }

    fn write(folder: &tempfile::TempDir, name: &str, text: &str) {
        let path = folder.path().join(name);
        if name.ends_with('/') {
            return fs::create_dir_all(path).expect("a folder");
        }
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// What is found under `names` of `folder`, without the folder's own path.
    fn find_in(folder: &tempfile::TempDir, names: &[&str], options: &WalkOptions) -> (Vec<String>, Found) {
        let paths: Vec<PathBuf> = names
            .iter()
            .map(|&name| match name {
                "-" => PathBuf::from(name),
                "." => folder.path().to_owned(),
                _ => folder.path().join(name),
            })
            .collect();
        let found = find(&paths, options);
        let root = format!("{}/", folder.path().display());
        let names = found.inputs.iter().map(|input| input.path.replace(&root, "")).collect();
        (names, found)
    }

    fn names_in(folder: &tempfile::TempDir, names: &[&str]) -> Vec<String> {
        find_in(folder, names, &WalkOptions::default()).0
    }

    #[test]
    fn a_walk_is_in_byte_order_of_whole_paths() {
        let folder = folder(&["b.txt", "a/z.txt", "a.txt", "a-b.txt", "a/b/c.txt", "B.txt", "a/é.txt"]);
        assert_eq!(
            names_in(&folder, &["."]),
            ["B.txt", "a-b.txt", "a.txt", "a/b/c.txt", "a/z.txt", "a/é.txt", "b.txt"]
        );
    }

    #[test]
    fn arguments_keep_their_order() {
        let folder = folder(&["b.txt", "a.txt", "c/2.txt", "c/1.txt"]);
        assert_eq!(names_in(&folder, &["c", "b.txt", "a.txt"]), ["c/1.txt", "c/2.txt", "b.txt", "a.txt"]);
    }

    #[test]
    fn a_walk_takes_what_a_reader_knows_and_counts_the_rest() {
        let folder = folder(&[
            "a.md",
            "b.HTML",
            "c.jsonl.gz",
            "d.txt.zst",
            "photo.jpg",
            "Makefile",
            "e.tar.gz",
            "copydesk.toml",
            "copydesk-baseline.jsonl",
            "news.copydesk-index",
        ]);
        let (names, found) = find_in(&folder, &["."], &WalkOptions::default());
        assert_eq!(names, ["a.md", "b.HTML", "c.jsonl.gz", "d.txt.zst"]);
        assert_eq!((found.skipped, found.faults.len()), (6, 0));
        assert!(found.inputs.iter().all(|input| !input.named));
    }

    #[test]
    fn a_named_file_is_taken_whatever_it_is() {
        let folder = folder(&["photo.jpg", ".hidden", "ignored.txt"]);
        write(&folder, ".gitignore", "ignored.txt\n");
        let (names, found) =
            find_in(&folder, &["photo.jpg", ".hidden", "ignored.txt"], &WalkOptions::default());
        assert_eq!(names, ["photo.jpg", ".hidden", "ignored.txt"]);
        assert!(found.inputs.iter().all(|input| input.named));
    }

    #[test]
    fn ignore_files_and_hidden_files_are_respected_outside_a_repository() {
        let folder = folder(&["a.txt", "out/b.txt", "x.txt", ".h.txt", ".d/c.txt"]);
        write(&folder, ".gitignore", "out/\n");
        write(&folder, ".ignore", "x.txt\n");
        assert_eq!(names_in(&folder, &["."]), ["a.txt"]);
        let all = WalkOptions { hidden: true, respect_ignore: false, ..WalkOptions::default() };
        let (names, found) = find_in(&folder, &["."], &all);
        assert_eq!(names, [".d/c.txt", ".h.txt", "a.txt", "out/b.txt", "x.txt"]);
        assert_eq!(found.skipped, 2); // The two ignore files themselves.
    }

    #[test]
    fn exclude_counts_for_walked_and_for_named_paths() {
        let folder = folder(&["a.txt", "drafts/b.txt", "c.de.md", "old/d.txt", "sub/old/e.txt"]);
        let exclude = ["drafts/", "*.de.md", "/old/*.txt"].map(str::to_owned).to_vec();
        let options = WalkOptions { exclude, ..WalkOptions::default() };
        let (names, found) = find_in(&folder, &["."], &options);
        assert_eq!(names, ["a.txt", "sub/old/e.txt"]);
        assert_eq!((found.skipped, found.faults.len()), (0, 0));
        assert!(find_in(&folder, &["drafts/b.txt", "c.de.md"], &options).0.is_empty());
    }

    #[test]
    fn a_wrong_exclude_is_told() {
        let folder = folder(&["a.txt"]);
        let options = WalkOptions { exclude: vec!["a[".to_owned()], ..WalkOptions::default() };
        let (_, found) = find_in(&folder, &["."], &options);
        assert_eq!(found.faults.len(), 1);
        assert!(found.faults[0].to_string().starts_with("a[: is not a glob"), "{:?}", found.faults);
    }

    #[test]
    fn the_command_line_takes_back_what_the_settings_exclude() {
        use crate::read::paths::Base;
        let folder = folder(&["a.de.md", "keep.de.md", "b.md"]);
        let base = Arc::new(Base::new(folder.path(), folder.path()));
        let options = WalkOptions {
            exclude: vec!["!keep.de.md".to_owned()],
            excluded: PathGlobs::new(&base, &["*.de.md"]).ok(),
            ..WalkOptions::default()
        };
        assert_eq!(find_in(&folder, &["."], &options).0, ["b.md", "keep.de.md"]);
        let (names, found) = find_in(&folder, &["keep.de.md", "a.de.md"], &options);
        assert_eq!((names.as_slice(), found.excluded.len()), (&["keep.de.md".to_owned()][..], 1));
    }

    #[test]
    fn what_the_run_writes_is_passed_over() {
        let folder = folder(&["a.txt", "build/report.txt"]);
        let written = vec![folder.path().join("build/report.txt"), folder.path().join("gone.txt")];
        let options = WalkOptions { written, ..WalkOptions::default() };
        for report in ["", "No faults found in 1 file\n", "error[mojibake]: x\n  --> a.txt:1:1\n"] {
            write(&folder, "build/report.txt", report);
            let (names, found) = find_in(&folder, &["."], &options);
            assert_eq!((names.as_slice(), found.skipped), (&["a.txt".to_owned()][..], 1));
        }
        assert_eq!(find_in(&folder, &["build/report.txt"], &options).0, ["build/report.txt"]);
        // A document is an input, and is not written over.
        write(&folder, "build/report.txt", "The tide is out.");
        assert_eq!(find_in(&folder, &["."], &options).0.len(), 2);
    }

    #[test]
    fn a_glob_is_expanded_here() {
        let folder = folder(&["n/a.txt", "n/b.md", "n/s/c.txt", "n/package.lock", "n/d.dat", "m/e.txt"]);
        assert_eq!(names_in(&folder, &["n/*.txt"]), ["n/a.txt"]);
        assert_eq!(names_in(&folder, &["n/**/*.txt"]), ["n/a.txt", "n/s/c.txt"]);
        assert_eq!(names_in(&folder, &["{n,m}/*.txt"]), ["m/e.txt", "n/a.txt"]);
        assert_eq!(names_in(&folder, &["n/?.{md,txt}"]), ["n/a.txt", "n/b.md"]);
        // A folder that matches is walked, as if the shell had named it.
        let (names, found) = find_in(&folder, &["n/*"], &WalkOptions::default());
        assert_eq!((names.len(), found.skipped), (3, 2));
        // Whoever names an extension wants these files.
        assert_eq!(names_in(&folder, &["n/*.dat"]), ["n/d.dat"]);
    }

    #[test]
    fn what_is_not_there_is_a_fault_and_the_rest_is_found() {
        let folder = folder(&["a.txt"]);
        let (names, found) =
            find_in(&folder, &["gone.txt", "a.txt", "*.html", "no/**"], &WalkOptions::default());
        assert_eq!(names, ["a.txt"]);
        let messages: Vec<&str> = found.faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(messages, ["no such file or folder", "no file matches", "no file matches"]);
    }

    #[test]
    fn a_file_with_glob_characters_in_its_name_is_that_file() {
        let folder = folder(&["[a].txt", "a.txt"]);
        assert_eq!(names_in(&folder, &["[a].txt"]), ["[a].txt"]);
    }

    #[test]
    fn a_file_is_read_once_and_where_it_is_named() {
        let folder = folder(&["a.txt", "s/b.txt", "s/c.jpg"]);
        let twice = ["s", "a.txt", ".", "s/../a.txt", "s"];
        let (names, found) = find_in(&folder, &twice, &WalkOptions::default());
        assert_eq!(names, ["s/b.txt", "a.txt"]);
        assert_eq!(found.skipped, 1);
        let (names, found) = find_in(&folder, &["s", "s/c.jpg"], &WalkOptions::default());
        assert_eq!(names, ["s/b.txt", "s/c.jpg"]);
        assert_eq!(found.skipped, 0);
    }

    #[test]
    fn standard_input_comes_once() {
        let folder = folder(&[]);
        let options = WalkOptions { stdin_name: Some("feed.jsonl".to_owned()), ..WalkOptions::default() };
        let (names, found) = find_in(&folder, &["-", "-"], &options);
        assert_eq!(names, ["feed.jsonl"]);
        assert_eq!(found.inputs[0].reader.map(Reader::name), Some("jsonl"));
        assert_eq!(find_in(&folder, &["-"], &WalkOptions::default()).0, ["<stdin>"]);
    }

    #[test]
    fn a_chosen_format_takes_files_of_any_name() {
        let folder = folder(&["part-00000", "part-00001", "copydesk.toml"]);
        let options = WalkOptions { input_format: reader_named("jsonl"), ..WalkOptions::default() };
        let (names, found) = find_in(&folder, &["."], &options);
        assert_eq!(names, ["part-00000", "part-00001"]);
        assert!(found.inputs.iter().all(|input| input.reader.map(Reader::name) == Some("jsonl")));
    }

    #[test]
    #[cfg(unix)]
    fn links_are_followed_when_named_and_not_when_met() {
        let folder = folder(&["real/a.txt"]);
        std::os::unix::fs::symlink(folder.path().join("real"), folder.path().join("link")).expect("a link");
        std::os::unix::fs::symlink(folder.path().join("gone"), folder.path().join("broken.txt"))
            .expect("a link");
        assert_eq!(names_in(&folder, &["."]), ["real/a.txt"]);
        assert_eq!(names_in(&folder, &["link"]), ["link/a.txt"]);
        assert_eq!(names_in(&folder, &["link", "real"]), ["link/a.txt"]);
        let (_, found) = find_in(&folder, &["broken.txt"], &WalkOptions::default());
        assert_eq!(found.faults[0].message, "no such file or folder");
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_no_text_is_shown_and_still_opened() {
        use std::os::unix::ffi::OsStrExt;
        let folder = folder(&[]);
        let path = folder.path().join(OsStr::from_bytes(b"caf\xe9.txt"));
        fs::write(&path, "tide").expect("a file");
        let (names, found) = find_in(&folder, &["."], &WalkOptions::default());
        assert_eq!(names, ["caf\u{fffd}.txt"]);
        assert_eq!(found.inputs[0].location(), Some(path.as_path()));
    }

    #[test]
    fn nobody_wrote_the_dot() {
        assert_eq!(without_dot(Path::new("."), PathBuf::from("./a/b.txt")), Path::new("a/b.txt"));
        assert_eq!(without_dot(Path::new("./a"), PathBuf::from("./a/b.txt")), Path::new("./a/b.txt"));
    }
}
