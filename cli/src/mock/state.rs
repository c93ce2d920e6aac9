//! The state file, which holds the mock's keys. Nobody else may read it, it is replaced as a whole, and neither reading
//! nor writing follows a symbolic link; a file that is no state is never overwritten. States of older versions are read.

use std::io::{self, Read};
use std::path::Path;

use mock_cloud::cloud::CloudState;
use serde::Serialize;
use serde_json::{Map, Value};

use super::files::{FileError, open, replace};
use crate::failure::Failure;

/// The version of the format that is written.
const FORMAT_VERSION: u64 = UPGRADES.len() as u64;
/// The member that says it, beside those of the state.
const VERSION: &str = "format_version";

/// What makes a state of a version one of the next, by the version that it is of. States of version 0 did not say so.
const UPGRADES: [fn(&mut Map<String, Value>); 1] = [|_| {}];
/// The members that every state of version 0 has.
const UNNUMBERED: [&str; 6] = ["accounts", "access_keys", "clock", "directories", "oss", "switches"];

/// Why a file is no state.
#[derive(Debug, thiserror::Error)]
enum StateError {
    #[error("it is not JSON: {0}")]
    Json(serde_json::Error),
    #[error("it does not say \"{VERSION}\": {FORMAT_VERSION}, as a saved state does")]
    NoVersion,
    #[error("its {VERSION} is {0}, and this version of alitrail knows those up to {FORMAT_VERSION}")]
    Version(Value),
    #[error("it does not fit: {0}")]
    CloudState(serde_json::Error),
    #[error(transparent)]
    File(#[from] FileError),
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
    let document: Value = serde_json::from_slice(&text).map_err(StateError::Json)?;
    let Value::Object(mut members) = document else { return Err(StateError::NoVersion) };
    upgrade(&mut members)?;
    serde_json::from_value(Value::Object(members)).map(Some).map_err(StateError::CloudState)
}

/// Makes a state of any known version one of this version, without its number.
fn upgrade(members: &mut Map<String, Value>) -> Result<(), StateError> {
    let version = match members.remove(VERSION) {
        None if UNNUMBERED.iter().all(|name| members.contains_key(*name)) => 0,
        None => return Err(StateError::NoVersion),
        Some(version) => match version.as_u64() {
            Some(number @ 1..=FORMAT_VERSION) => number,
            _ => return Err(StateError::Version(version)),
        },
    };
    for step in UPGRADES.iter().skip(usize::try_from(version).unwrap_or(usize::MAX)) {
        step(members);
    }
    Ok(())
}

/// Saves a state. What is at the path by then has to be a state too.
#[cfg(test)]
pub(super) fn save(path: &Path, world: &CloudState) -> Result<(), Failure> {
    check(path)?;
    write(path, &text(world)?)
}

/// That there is a state at the path, or nothing yet.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    read(path).map(drop).map_err(|error| not_saved(path, &error))
}

/// A state as it is saved.
pub(super) fn text(world: &CloudState) -> Result<Vec<u8>, Failure> {
    #[derive(Serialize)]
    struct Saved<'w> {
        format_version: u64,
        #[serde(flatten)]
        world: &'w CloudState,
    }
    serde_json::to_vec_pretty(&Saved { format_version: FORMAT_VERSION, world })
        .map_err(|error| Failure::new(format!("the state has no JSON form: {error}")))
}

/// Replaces what is at the path.
pub(super) fn write(path: &Path, text: &[u8]) -> Result<(), Failure> {
    replace(path, |file| file.write_all(text)).map_err(|error| not_saved(path, &error))
}

fn not_saved(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("cannot save the state to {}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

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
        let mut cloud = CloudState::default();
        cloud.clock.offset_seconds = 7;
        for _ in 0..2 {
            save(&path, &cloud).unwrap();
            assert_eq!(load(&path).unwrap().unwrap().clock.offset_seconds, 7);
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("{\n  \"format_version\": 1,\n"), "{text:.60}");
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["cloud.json"], "nothing is left beside it");
    }

    #[test]
    fn states_of_older_versions_are_read_and_of_newer_ones_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        let mut cloud = CloudState::default();
        cloud.clock.offset_seconds = 7;
        let mut document: Value = serde_json::from_slice(&text(&cloud).unwrap()).unwrap();
        assert_eq!(document[VERSION], FORMAT_VERSION);
        for newer in [FORMAT_VERSION + 1, 1000] {
            document[VERSION] = newer.into();
            fs::write(&path, document.to_string()).unwrap();
            let refused = load(&path).unwrap_err().to_string();
            assert!(refused.contains(&format!("format_version is {newer}")), "{refused}");
        }
        // Before there were versions.
        document.as_object_mut().unwrap().remove(VERSION);
        fs::write(&path, document.to_string()).unwrap();
        let cloud = load(&path).unwrap().unwrap();
        assert_eq!(cloud.clock.offset_seconds, 7);
        save(&path, &cloud).unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("\"format_version\": 1"));
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
