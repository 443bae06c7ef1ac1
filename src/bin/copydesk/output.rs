//! Where reports go: standard output, and files that are whole or not there at all.

use std::fs;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use copydesk::document::Document;
use copydesk::error::ReadError;
use copydesk::read::input::{Input, Limits, Refusal, open};
use copydesk::read::{ReadOptions, Sink};
use copydesk::report::{Layout, Repository};
use tempfile::Builder;

use crate::stderr;

/// Returns how to lay out what goes to standard output.
pub fn stdout_layout(quiet: bool) -> Layout {
    let stdout = io::stdout();
    // Also tells of NO_COLOR, CLICOLOR_FORCE and --color.
    let color = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let width = if stdout.is_terminal() {
        terminal_size::terminal_size_of(&stdout)
            .map_or(Layout::WIDTH, |(width, _)| usize::from(width.0).clamp(Layout::NARROWEST, WIDEST))
    } else {
        Layout::WIDTH
    };
    Layout { color, width, summary: !quiet, repository: repository() }
}

/// Returns how to lay out what goes to a file.
pub fn file_layout() -> Layout {
    Layout { repository: repository(), ..Layout::default() }
}

/// The repository that the current folder is in: the nearest folder from there up that holds `.git` (a
/// folder, or in a worktree or submodule a file).
fn repository() -> Option<Repository> {
    let current = std::env::current_dir().ok()?;
    let top = current.ancestors().find(|folder| folder.join(".git").exists())?;
    Repository::new(top, &current)
}

/// Prose is hard to read in longer lines.
const WIDEST: usize = 120;

/// What became of what went to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// All of it was written.
    Whole,
    /// The reader of the pipe went away before all was written (`| head`).
    Closed,
    /// It could not be written, and that was said.
    Failed,
}

/// Writes to standard output what `write` writes, and returns whether that went well.
///
/// A pipe that the reader closed (`| head`) is no trouble and says nothing.
pub fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> bool {
    to_reader(write) != Written::Failed
}

/// Writes to standard output what `write` writes, and returns whether its reader got all of it.
pub fn to_reader(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Written {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let done = write(&mut out).and_then(|()| out.flush());
    // What is left in the buffer of a pipe that is gone is not tried again.
    let _ = out.into_parts();
    match done {
        Ok(()) => Written::Whole,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Written::Closed,
        Err(error) => {
            stderr::error(&format!("cannot write to standard output: {error}"));
            Written::Failed
        }
    }
}

/// Writes to `path` what `write` writes. A plain file appears there only when it is whole.
///
/// # Errors
///
/// Those of the file system; the file that stood there before is then left as it was.
pub fn to_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A report through a link goes to what the link means.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => return Err(io::Error::other("is a folder")),
        // A device or a named pipe cannot be replaced.
        Ok(metadata) if !metadata.is_file() => {
            let mut out = BufWriter::new(fs::OpenOptions::new().write(true).open(&target)?);
            return write(&mut out).and_then(|()| out.flush());
        }
        _ => {}
    }
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(io::Error::other(format!("there is no folder {}", folder.display())));
    }
    let mut builder = Builder::new();
    builder.prefix(".copydesk-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any program's new file: the umask takes away from it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Returns the files that a run writes: `targets`, and the one that standard output goes to, where the system
/// tells which that is. A walk passes over them.
pub fn written<'a>(targets: impl Iterator<Item = &'a Path>) -> Vec<PathBuf> {
    let stdout = ["/proc/self/fd/1", "/dev/fd/1"].into_iter().find_map(|link| fs::read_link(link).ok());
    targets.map(Path::to_owned).chain(stdout.filter(|path| path.is_file())).collect()
}

/// Checks that no report goes to one of `targets` that is read as a document, by whatever name.
///
/// A file that a walk met is left alone only where it holds a document: a report of an earlier run is replaced.
///
/// # Errors
///
/// A line that names the first that is.
pub fn spare_inputs<'a>(
    targets: impl Iterator<Item = &'a Path>,
    inputs: &[Input],
    limits: Limits,
    read: &ReadOptions,
) -> Result<(), String> {
    for target in targets {
        let Ok(real) = fs::canonicalize(target) else { continue };
        // A walk follows no links.
        let may_be = |input: &Input, file: &Path| input.named || file.file_name() == real.file_name();
        let is_target = |input: &&Input| {
            input.location().is_some_and(|file| {
                may_be(input, file) && fs::canonicalize(file).is_ok_and(|file| file == real)
            })
        };
        let input = inputs.iter().find(is_target);
        if input.is_some_and(|input| input.named || holds_document(input, limits, read)) {
            return Err(format!(
                "--output: {} is an input, and no input is written over: name a file elsewhere, or leave it out of \
                 the inputs",
                target.display()
            ));
        }
    }
    Ok(())
}

/// Whether there is a document in `input`, or may be one.
fn holds_document(input: &Input, limits: Limits, read: &ReadOptions) -> bool {
    let mut buffer = Vec::new();
    let mut any = Any(false);
    match open(input, limits, &mut buffer) {
        Ok(opened) => opened.reader.read(&input.whole(&buffer), read, &mut any),
        Err(Refusal::Skip(_)) => return false,
        Err(Refusal::Fault(_)) => return true,
    }
    any.0
}

/// Whether there was a document.
struct Any(bool);

impl Sink for Any {
    fn document(&mut self, _: &mut Document) {
        self.0 = true;
    }

    fn fault(&mut self, _: ReadError) {}

    fn not_a_document(&mut self, _: &'static str) {}
}

/// Replaces the file at `path`, or what a link there means, by one that holds `new`, with the same
/// permissions; only if it still holds `old`. Returns whether it did. The file is whole at any moment.
///
/// # Errors
///
/// Those of the file system; the file is then as it was.
pub fn replace(path: &Path, old: &[u8], new: &[u8]) -> io::Result<bool> {
    let target = fs::canonicalize(path)?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = Builder::new().prefix(".copydesk-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(new)?;
    let permissions = fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "is read-only"));
    }
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    if fs::read(&target)? != old {
        return Ok(false);
    }
    file.persist(&target).map_err(|error| error.error)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(true)
}
