//! Files that the mock reads and writes: regular files only, whatever lies at their path, and replaced as a whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// It is a symbolic link.
    #[error("it is a symbolic link, which is not followed")]
    Link,
    /// It is a directory, a pipe, or the like.
    #[error("it is not a regular file")]
    Kind,
    /// The system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Opens a regular file, and nothing when there is none in the directory, which has to exist.
pub(super) fn open(path: &Path) -> Result<Option<File>, FileError> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => return Err(FileError::Link),
        Ok(about) if !about.is_file() => return Err(FileError::Kind),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return fs::metadata(directory(path)).map(|_| None).map_err(FileError::from);
        }
        Err(error) => return Err(error.into()),
    }
    let mut options = OpenOptions::new();
    options.read(true);
    // The file may be another one by now.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(FileError::Kind);
    }
    Ok(Some(file))
}

/// Writes a file in one step, so that nobody ever reads half of it, and for the user alone: as a new file with a random
/// name in the same directory, which then takes the place of what was there.
pub(super) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    replace_with(path, 0o600, write)
}

/// The same with a file that everybody may read.
pub(super) fn replace_public(path: &Path, text: &str) -> io::Result<()> {
    replace_with(path, 0o644, |file| file.write_all(text.trim_end().as_bytes()))
}

fn replace_with(
    path: &Path,
    mode: u32,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".alitrail-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    let mut part = builder.tempfile_in(directory(path))?;
    let mut buffer = BufWriter::new(part.as_file_mut());
    write(&mut buffer)?;
    buffer.write_all(b"\n")?;
    buffer.flush()?;
    drop(buffer);
    part.as_file().sync_all()?;
    part.persist(path).map_err(|error| error.error)?;
    // The new name is to last as well as the contents.
    #[cfg(unix)]
    File::open(directory(path))?.sync_all()?;
    Ok(())
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
