//! The state file, which holds the mock's keys. Nobody else may read it, it is replaced as a whole, and neither reading
//! nor writing follows a symbolic link; a file that is no state is never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use mock_cloud::cloud::CloudState;
use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;

/// The version of the format that is written, and the only one that is read.
const FORMAT_VERSION: u64 = 1;
/// The member that says it, beside those of the state.
const VERSION: &str = "format_version";

/// Why a file is no state.
#[derive(Debug, thiserror::Error)]
enum StateError {
    #[error("it is a symbolic link, which is not followed")]
    Link,
    #[error("it is not a regular file")]
    Kind,
    #[error("it is not JSON: {0}")]
    Json(serde_json::Error),
    #[error("it does not say \"{VERSION}\": {FORMAT_VERSION}, as a saved state does")]
    NoVersion,
    #[error("its {VERSION} is {0}, and this version of alitrail knows {FORMAT_VERSION} only")]
    Version(Value),
    #[error("it does not fit: {0}")]
    CloudState(serde_json::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads a state; nothing when there is no such file yet.
pub(super) fn load(path: &Path) -> Result<Option<CloudState>, Failure> {
    read(path).map_err(|error| {
        Failure::new(format!("cannot use {} as the state file: {error}", path.display())).with_hint(
            "The file stays as it is. Name the file of a saved state, or one that does not exist yet.",
        )
    })
}

fn read(path: &Path) -> Result<Option<CloudState>, StateError> {
    let Some(mut file) = open(path)? else { return Ok(None) };
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    let mut document: Value = serde_json::from_slice(&text).map_err(StateError::Json)?;
    let version = document.as_object_mut().and_then(|members| members.remove(VERSION));
    match version {
        Some(version) if version == FORMAT_VERSION => {}
        Some(version) => return Err(StateError::Version(version)),
        None => return Err(StateError::NoVersion),
    }
    serde_json::from_value(document).map(Some).map_err(StateError::CloudState)
}

/// Opens a regular file, and nothing when there is none in the directory, which has to exist.
fn open(path: &Path) -> Result<Option<File>, StateError> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => return Err(StateError::Link),
        Ok(about) if !about.is_file() => return Err(StateError::Kind),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return fs::metadata(directory(path)).map(|_| None).map_err(StateError::from);
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
        return Err(StateError::Kind);
    }
    Ok(Some(file))
}

/// Saves a state. What is at the path by then has to be a state too.
pub(super) fn save(path: &Path, world: &CloudState) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Saved<'w> {
        format_version: u64,
        #[serde(flatten)]
        world: &'w CloudState,
    }
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot save the state to {}: {error}", path.display()))
    };
    read(path).map_err(|error| failed(&error))?;
    replace(path, |file| {
        serde_json::to_writer_pretty(file, &Saved { format_version: FORMAT_VERSION, world })?;
        Ok(())
    })
    .map_err(|error| failed(&error))
}

/// Writes a file in one step, so that nobody ever reads half of it, and for the user alone: as a new file with a random
/// name in the same directory, which then takes the place of what was there.
pub(super) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut part = tempfile::Builder::new().prefix(".alitrail-").tempfile_in(directory(path))?;
    let mut buffer = BufWriter::new(part.as_file_mut());
    write(&mut buffer)?;
    buffer.write_all(b"\n")?;
    buffer.flush()?;
    drop(buffer);
    part.as_file().sync_all()?;
    part.persist(path).map(drop).map_err(|error| error.error)
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contents that are no state.
    const OTHERS: [&str; 10] = [
        "",
        "[]",
        "{}",
        "null",
        "no JSON",
        r#"{"version": 4, "terraform_version": "1.11.4"}"#,
        r#"{"accounts": {}}"#,
        r#"{"format_version": 2, "accounts": {}}"#,
        r#"{"format_version": "1"}"#,
        r#"{"format_version": 1, "colour": "red"}"#,
    ];

    #[test]
    fn what_is_saved_is_loaded_and_says_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        assert!(load(&path).unwrap().is_none());
        let mut world = CloudState::default();
        world.clock.offset_seconds = 7;
        for _ in 0..2 {
            save(&path, &world).unwrap();
            assert_eq!(load(&path).unwrap().unwrap().clock.offset_seconds, 7);
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("{\n  \"format_version\": 1,\n"), "{text:.60}");
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["cloud.json"], "nothing is left beside it");
    }

    #[test]
    fn a_file_that_is_no_state_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        for text in OTHERS {
            fs::write(&path, text).unwrap();
            for refused in [load(&path).map(drop), save(&path, &CloudState::default())] {
                let refused = refused.unwrap_err().to_string();
                assert!(refused.contains("cloud.json"), "{text}: {refused}");
            }
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert!(load(folder.path()).unwrap_err().to_string().contains("not a regular file"));
        assert!(save(folder.path(), &CloudState::default()).is_err());
        let nowhere = folder.path().join("missing/cloud.json");
        assert!(load(&nowhere).is_err(), "told before the mock starts");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link.json"), folder.path().join("target.json"));
        symlink(&target, &link).unwrap();
        for state in [false, true] {
            if state {
                save(&target, &CloudState::default()).unwrap();
            }
            let before = fs::read(&target).ok();
            for refused in [load(&link).map(drop), save(&link, &CloudState::default())] {
                let refused = refused.unwrap_err().to_string();
                assert!(refused.contains("symbolic link"), "{refused}");
            }
            assert_eq!(fs::read(&target).ok(), before);
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_part_is_no_way_out() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (path, victim) = (folder.path().join("cloud.json"), folder.path().join("victim"));
        fs::write(&victim, "mine").unwrap();
        symlink(&victim, path.with_extension(format!("part-{}", std::process::id()))).unwrap();
        save(&path, &CloudState::default()).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn pipes_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR).unwrap();
        assert!(load(&path).unwrap_err().to_string().contains("not a regular file"));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        save(&path, &CloudState::default()).unwrap();
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        save(&path, &CloudState::default()).unwrap();
        assert_eq!(mode(), 0o600, "whatever it was before");
    }
}
