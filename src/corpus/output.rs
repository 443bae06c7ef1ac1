//! Outputs that appear whole or not at all.
//!
//! A file is written beside its place under another name, flushed to the disk, and renamed; a folder too.
//! Whatever goes wrong before the rename leaves what stood there as it was.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::error::ReadError;
use crate::read::input::Input;

/// Why an output was not written. What stood in its place stands there still.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutputError {
    /// Something stands there, and nobody said that it may go.
    #[error("{0} exists (--force replaces it)")]
    Exists(String),
    /// It is an input, or holds one.
    #[error("{0} is an input or holds one, and no input is written over: name an output elsewhere")]
    IsInput(String),
    /// It is inside a folder that is read.
    #[error("{0} lies in {1}, which is read: name an output outside of it")]
    InInput(String, String),
    /// The folder that it should stand in is not there.
    #[error("{0}: there is no folder {1}")]
    NoFolder(String, String),
    /// An input was not the same at the end as at the beginning.
    #[error("{0}: the input changed while it was read")]
    Changed(String),
    /// An input could not be read again.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file system refused.
    #[error("{0}: cannot be written: {1}")]
    Io(String, String),
}

impl OutputError {
    /// Returns the error that the file system gave for `path`.
    #[must_use]
    pub fn io(path: &Path, error: &io::Error) -> Self {
        Self::Io(path.display().to_string(), error.to_string())
    }
}

/// What the input files were like before they were read.
#[derive(Debug)]
pub struct Snapshot(Vec<(PathBuf, Option<State>)>);

/// Length, and time of the last change.
type State = (u64, Option<std::time::SystemTime>);

impl Snapshot {
    /// Looks at the files of `inputs`.
    #[must_use]
    pub fn of(inputs: &[Input]) -> Self {
        let files = inputs.iter().filter_map(Input::location);
        Self(files.map(|file| (file.to_owned(), state(file))).collect())
    }

    /// Checks that the files are still the same.
    ///
    /// # Errors
    ///
    /// [`OutputError::Changed`] for the first that is not.
    pub fn check(&self) -> Result<(), OutputError> {
        match self.0.iter().find(|(file, before)| state(file) != *before) {
            Some((file, _)) => Err(OutputError::Changed(file.display().to_string())),
            None => Ok(()),
        }
    }
}

fn state(file: &Path) -> Option<State> {
    fs::metadata(file).ok().map(|metadata: Metadata| (metadata.len(), metadata.modified().ok()))
}

/// Checks that `target` may be written: it does not stand there, or `force` says that it may go; and it
/// is no input, holds none, is in no folder of `named` (the paths as the user named them), and in one that is there.
///
/// # Errors
///
/// [`OutputError::Exists`], [`OutputError::IsInput`], [`OutputError::InInput`] or [`OutputError::NoFolder`].
pub fn may_write(target: &Path, force: bool, inputs: &[Input], named: &[PathBuf]) -> Result<(), OutputError> {
    let shown = || target.display().to_string();
    let real = real_path(target);
    let same = |file: &Path| {
        let file = real_path(file);
        file.starts_with(&real)
    };
    let inside = |folder: &&PathBuf| folder.is_dir() && real.starts_with(real_path(folder));
    if inputs.iter().filter_map(Input::location).any(same) {
        return Err(OutputError::IsInput(shown()));
    }
    if let Some(folder) = named.iter().find(inside) {
        return Err(OutputError::InInput(shown(), folder.display().to_string()));
    }
    if !folder_of(target).is_dir() {
        return Err(OutputError::NoFolder(shown(), folder_of(target).display().to_string()));
    }
    if !force && fs::symlink_metadata(target).is_ok() {
        return Err(OutputError::Exists(shown()));
    }
    Ok(())
}

/// Returns the path without links and dots, also where its last part does not exist yet.
#[must_use]
pub fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = fs::canonicalize(folder_of(path)).unwrap_or_else(|_| folder_of(path).to_owned());
        path.file_name().map_or(folder.clone(), |name| folder.join(name))
    })
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes the file `target` with what `write` writes, packed as its extension asks (`.gz`, `.zst`, `.bz2`,
/// `.xz`), when all of it is on the disk and `confirm` agrees.
///
/// # Errors
///
/// Those of `write` and `confirm`, and those of the file system; then `target` is as it was.
pub fn write_file(
    target: &Path,
    force: bool,
    write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
    confirm: impl FnOnce() -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let wrong = |error: io::Error| OutputError::io(target, &error);
    let mut builder = Builder::new();
    builder.prefix(".copydesk-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any program's new file: the umask takes away from it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder_of(target)).map_err(wrong)?;
    fill(target, file.as_file(), write)?;
    confirm()?;
    if force {
        file.persist(target).map_err(|error| wrong(error.error))?;
    } else {
        file.persist_noclobber(target).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => OutputError::Exists(target.display().to_string()),
            _ => wrong(error.error),
        })?;
    }
    sync_folder(folder_of(target));
    Ok(())
}

/// Writes and flushes one open file, packed as the extension of `name` asks.
fn fill(
    name: &Path,
    file: &File,
    write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let wrong = |error: io::Error| OutputError::io(name, &error);
    let mut packer = Packer::new(name, BufWriter::with_capacity(1 << 16, file)).map_err(wrong)?;
    write(&mut packer)?;
    packer.finish().and_then(|()| file.sync_all()).map_err(wrong)
}

/// Creates the new file `path`, and the folders above it, with what `write` writes; for the inside of a
/// folder that [`write_folder`] fills.
///
/// # Errors
///
/// Those of `write`, and those of the file system.
pub fn create_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let wrong = |error: io::Error| OutputError::io(path, &error);
    fs::create_dir_all(folder_of(path)).map_err(wrong)?;
    let file = File::create_new(path).map_err(wrong)?;
    fill(path, &file, write)
}

/// Makes the folder `target` of what `fill` puts into the folder it is given, when `confirm` agrees.
///
/// # Errors
///
/// Those of `fill` and `confirm`, and those of the file system; then `target` is as it was.
pub fn write_folder(
    target: &Path,
    force: bool,
    fill: impl FnOnce(&Path) -> Result<(), OutputError>,
    confirm: impl FnOnce() -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let wrong = |error: io::Error| OutputError::io(target, &error);
    // Both on the file system of the target, and both gone whatever happens.
    let beside = Builder::new().prefix(".copydesk-").tempdir_in(folder_of(target)).map_err(wrong)?;
    let (new, old) = (beside.path().join("new"), beside.path().join("old"));
    fs::create_dir(&new).map_err(wrong)?;
    fill(&new)?;
    confirm()?;
    sync_folder(&new);
    let replaces = fs::symlink_metadata(target).is_ok();
    if replaces {
        if !force {
            return Err(OutputError::Exists(target.display().to_string()));
        }
        fs::rename(target, &old).map_err(wrong)?;
    }
    if let Err(error) = fs::rename(&new, target) {
        if replaces {
            fs::rename(&old, target).map_err(wrong)?;
        }
        return Err(wrong(error));
    }
    sync_folder(folder_of(target));
    Ok(())
}

/// A rename is on the disk when its folder is; where folders cannot be flushed, that is as good as it gets.
fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Packs what is written, as a file's name asks.
enum Packer<W: Write> {
    Plain(W),
    Gzip(flate2::write::GzEncoder<W>),
    Zstd(zstd::stream::write::Encoder<'static, W>),
    Bzip2(bzip2::write::BzEncoder<W>),
    Xz(liblzma::write::XzEncoder<W>),
}

impl<W: Write> Packer<W> {
    fn new(name: &Path, out: W) -> io::Result<Self> {
        let ending = name.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        Ok(match ending.to_ascii_lowercase().as_str() {
            "gz" => Self::Gzip(flate2::write::GzEncoder::new(out, flate2::Compression::default())),
            "zst" => Self::Zstd(zstd::stream::write::Encoder::new(out, 0)?),
            "bz2" => Self::Bzip2(bzip2::write::BzEncoder::new(out, bzip2::Compression::default())),
            "xz" => Self::Xz(liblzma::write::XzEncoder::new(out, 6)),
            "lzma" => {
                return Err(io::Error::new(io::ErrorKind::Unsupported, ".lzma is read only; use .xz"));
            }
            _ => Self::Plain(out),
        })
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Gzip(packer) => packer.finish(),
            Self::Zstd(packer) => packer.finish(),
            Self::Bzip2(packer) => packer.finish(),
            Self::Xz(packer) => packer.finish(),
        }?
        .flush()
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Gzip(packer) => packer.write(bytes),
            Self::Zstd(packer) => packer.write(bytes),
            Self::Bzip2(packer) => packer.write(bytes),
            Self::Xz(packer) => packer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Gzip(packer) => packer.flush(),
            Self::Zstd(packer) => packer.flush(),
            Self::Bzip2(packer) => packer.flush(),
            Self::Xz(packer) => packer.flush(),
        }
    }
}
