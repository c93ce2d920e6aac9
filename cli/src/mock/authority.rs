//! The certificate authority of `alitrail mock --tls`: where it is kept, and the files that tell tools to trust it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mock_cloud::Authority;
use mock_cloud::cloud::Secret;
use serde::Serialize;
use tempfile::TempDir;

use super::files::{self, FileError};
use crate::failure::Failure;

/// The certificate, for tools that add it to what they trust.
const CERTIFICATE: &str = "ca.pem";
/// The key.
const KEY: &str = "ca-key.pem";
/// The certificate with those of the system, for tools that trust one file only.
const BUNDLE: &str = "ca-bundle.pem";
/// What Python imports instead of `certifi`. The vendor's SDKs trust the certificates of that package, whatever the
/// environment says.
const CERTIFI: &str = include_str!("certifi.py");
/// The directory that Python finds it in.
const PYTHON: &str = "python";

/// Where tools find what to trust, as the ready line names it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CaFiles {
    /// The certificate of the authority.
    #[serde(rename = "ca_certificate_file")]
    pub(super) certificate: PathBuf,
    /// The same with those of the system.
    #[serde(rename = "ca_bundle_file")]
    pub(super) bundle: PathBuf,
    /// A directory for `PYTHONPATH`.
    #[serde(rename = "python_path")]
    pub(super) python: PathBuf,
}

/// An authority with its files, which are removed when dropped unless they are kept.
#[derive(Debug)]
pub(super) struct Trust {
    pub(super) authority: Authority,
    pub(super) files: CaFiles,
    _temporary: Option<TempDir>,
}

impl Trust {
    /// The authority of a directory, which is made if there is none, or a new one for this time.
    pub(super) fn prepare(kept: Option<&Path>) -> Result<Self, Failure> {
        let temporary = match kept {
            Some(_) => None,
            None => {
                let made = tempfile::Builder::new().prefix("alitrail-mock-ca-").tempdir();
                Some(made.map_err(|error| {
                    Failure::new(format!("cannot make a directory for certificates: {error}"))
                })?)
            }
        };
        let directory = match (kept, &temporary) {
            (Some(kept), _) => kept,
            (None, Some(temporary)) => temporary.path(),
            (None, None) => Path::new("."),
        };
        let failed = |why: &dyn std::fmt::Display| {
            Failure::new(format!("cannot use {} for the certificate authority: {why}", directory.display()))
        };
        let authority = match kept {
            Some(directory) => {
                make_private(directory).map_err(|error| failed(&error))?;
                keep(directory)?
            }
            None => Authority::generate().map_err(|error| failed(&error))?,
        };
        // Commands of the mock run in other directories than the mock.
        let directory = fs::canonicalize(directory).map_err(|error| failed(&error))?;
        let paths = CaFiles {
            certificate: directory.join(CERTIFICATE),
            bundle: directory.join(BUNDLE),
            python: directory.join(PYTHON),
        };
        let own = authority.certificate_pem();
        files::replace_public(&paths.certificate, own).map_err(|error| failed(&error))?;
        files::replace_public(&paths.bundle, &format!("{own}{}", system_roots()))
            .map_err(|error| failed(&error))?;
        let package = paths.python.join("certifi");
        fs::create_dir_all(&package)
            .and_then(|()| files::replace_public(&package.join("__init__.py"), CERTIFI))
            .map_err(|error| failed(&error))?;
        Ok(Self { authority, files: paths, _temporary: temporary })
    }
}

/// Makes a directory that only its owner can look into, unless there is one.
fn make_private(directory: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Reads the authority that is kept in a directory, or makes one and keeps it there.
fn keep(directory: &Path) -> Result<Authority, Failure> {
    let (certificate, key) = (directory.join(CERTIFICATE), directory.join(KEY));
    match (text(&certificate)?, text(&key)?) {
        (Some(public), Some(private)) => {
            refuse_shared(&key)?;
            Authority::from_pem(&public, &Secret::new(private)).map_err(|error| {
                Failure::new(format!(
                    "cannot use the certificate authority in {}: {error}",
                    directory.display()
                ))
                .with_hint(format!(
                    "Remove {CERTIFICATE} and {KEY} to have a new one made, and let tools trust that."
                ))
            })
        }
        (None, None) => {
            let failed = |why: &dyn std::fmt::Display| {
                Failure::new(format!("cannot keep a certificate authority in {}: {why}", directory.display()))
            };
            let authority = Authority::generate().map_err(|error| failed(&error))?;
            files::replace(&key, |file| file.write_all(authority.key_pem().expose().trim_end().as_bytes()))
                .map_err(|error| failed(&error))?;
            Ok(authority)
        }
        (found, _) => {
            let (there, missing) = if found.is_some() { (CERTIFICATE, KEY) } else { (KEY, CERTIFICATE) };
            Err(Failure::new(format!("{} has {there} but no {missing}", directory.display()))
                .with_hint(format!("Remove {there} to have a new certificate authority made.")))
        }
    }
}

/// The text of a file, and nothing when there is none.
fn text(path: &Path) -> Result<Option<String>, Failure> {
    let read = || -> Result<Option<String>, FileError> {
        let Some(mut file) = files::open(path)? else { return Ok(None) };
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(Some(text))
    };
    read().map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))
}

/// A key that others can read is no longer one that tools may trust.
fn refuse_shared(key: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let shared = fs::metadata(key).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
        if shared {
            return Err(Failure::new(format!("other users may read the key {}", key.display())).with_hint(
                "Remove the files of this certificate authority, so that a new one is made, or, if nobody has read \
                 the key, take the permission away: chmod 600.",
            ));
        }
    }
    Ok(())
}

/// What the system trusts, in PEM, found where `SSL_CERT_FILE` says or at the usual places.
fn system_roots() -> String {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::debug!(%error, "certificates of the system");
    }
    found.certs.iter().map(|certificate| pem(certificate)).collect()
}

/// A certificate in PEM (RFC 7468).
fn pem(certificate: &[u8]) -> String {
    let encoded = STANDARD.encode(certificate);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for (index, letter) in encoded.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_authority_is_the_same_again() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("ca");
        let first = Trust::prepare(Some(&directory)).unwrap();
        let again = Trust::prepare(Some(&directory)).unwrap();
        assert_eq!(first.authority.certificate_pem(), again.authority.certificate_pem());
        let bundle = fs::read_to_string(&again.files.bundle).unwrap();
        assert!(bundle.starts_with(first.authority.certificate_pem()), "{bundle:.100}");
        drop((first, again));
        assert!(directory.join(CERTIFICATE).exists());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&directory), mode(&directory.join(KEY))), (0o700, 0o600));
            fs::set_permissions(directory.join(KEY), fs::Permissions::from_mode(0o644)).unwrap();
            let refused = Trust::prepare(Some(&directory)).unwrap_err();
            assert!(refused.to_string().contains("other users may read the key"), "{refused}");
        }
    }

    #[test]
    fn an_authority_for_this_time_leaves_nothing_behind() {
        let trust = Trust::prepare(None).unwrap();
        let path = trust.files.bundle.clone();
        assert!(path.exists() && !path.with_file_name(KEY).exists(), "its key is nowhere");
        drop(trust);
        assert!(!path.parent().unwrap().exists());
    }

    #[test]
    fn what_is_no_authority_is_refused_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join(CERTIFICATE), folder.path().join(KEY));
        files::replace(&key, |file| file.write_all(b"my key")).unwrap();
        let refused = Trust::prepare(Some(folder.path())).unwrap_err();
        assert!(refused.to_string().contains("ca-key.pem but no ca.pem"), "{refused}");
        fs::write(&certificate, "my certificate").unwrap();
        let refused = Trust::prepare(Some(folder.path())).unwrap_err();
        assert!(!refused.to_string().contains("my key"), "{refused}");
        assert_eq!(fs::read_to_string(&key).unwrap(), "my key\n");
        assert_eq!(fs::read_to_string(&certificate).unwrap(), "my certificate");
        #[cfg(unix)]
        {
            fs::remove_file(&certificate).unwrap();
            std::os::unix::fs::symlink(&key, &certificate).unwrap();
            let refused = Trust::prepare(Some(folder.path())).unwrap_err();
            assert!(refused.to_string().contains("symbolic link"), "{refused}");
        }
    }
}
