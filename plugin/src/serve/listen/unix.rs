//! A unix socket in the directory for temporary files.

use std::{
    env, fs,
    hash::{BuildHasher as _, RandomState},
    io,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{FileTypeExt as _, PermissionsExt as _, chown},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    time::Duration,
};

use nix::unistd::Group;
use socket2::{Domain, SockAddr, Socket, Type};
use tokio::net::UnixListener;

use super::{Address, Environment, StartError, Stream};

/// Longest path that fits into a socket address together with its final zero.
const PATH_LIMIT: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A socket is looked at as a left-over only when it is older than this: every process gets its first connection
/// within a minute or ends.
const STALE: Duration = Duration::from_secs(600);

/// Most directory entries looked at in one sweep.
const SWEEP: usize = 4096;

pub(super) struct Listener {
    socket: UnixListener,
    path: PathBuf,
}

impl Listener {
    pub(super) fn bind(name: &str, environment: &Environment) -> Result<(Self, Address), StartError> {
        let path = choose_path(name, environment.socket_dir.as_deref(), &env::temp_dir())?;
        let group = environment.socket_group.as_deref().map(group_id).transpose()?;
        let socket =
            bind(&path, group).map_err(|source| StartError::Socket { path: path.clone(), source })?;
        Ok((Self { socket, path: path.clone() }, Address::Unix(path)))
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        Ok(Box::new(self.socket.accept().await?.0))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = fs::remove_file(&self.path);
    }
}

/// Binds, sets who may connect, and only then listens: nobody can connect in between.
fn bind(path: &Path, group: Option<u32>) -> io::Result<UnixListener> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.bind(&SockAddr::unix(path)?)?;
    let restrict = || -> io::Result<UnixListener> {
        if group.is_some() {
            chown(path, None, group)?;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(if group.is_some() { 0o660 } else { 0o600 }))?;
        socket.listen(16)?;
        socket.set_nonblocking(true)?;
        UnixListener::from_std(socket.into())
    };
    restrict().inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

/// A name that tells whose socket it is and that no other process has; shorter ones when the directory's own path is
/// long, and as a last resort `/tmp`, unless the host insists on a directory.
pub(super) fn choose_path(
    name: &str,
    wanted: Option<&Path>,
    temporary: &Path,
) -> Result<PathBuf, StartError> {
    let (process, random) = (std::process::id(), RandomState::new().hash_one(0));
    let long = format!("{name}-{process}-{random:016x}.sock");
    let short = format!("tfp-{process}-{:08x}.sock", random as u32);
    let mut candidates =
        vec![wanted.unwrap_or(temporary).join(&long), wanted.unwrap_or(temporary).join(short)];
    if wanted.is_none() {
        candidates.push(Path::new("/tmp").join(long));
    }
    let fits = candidates.iter().find(|path| path.as_os_str().as_bytes().len() <= PATH_LIMIT);
    fits.cloned().ok_or_else(|| StartError::SocketPath { path: candidates.swap_remove(1), limit: PATH_LIMIT })
}

/// A group by name, or by number where no group has such a name.
fn group_id(group: &str) -> Result<u32, StartError> {
    let by_name = Group::from_name(group).ok().flatten().map(|found| found.gid.as_raw());
    by_name.or_else(|| group.parse().ok()).ok_or_else(|| StartError::Group { group: group.to_owned() })
}

/// Removes old sockets of this plugin, beside `own`, that nobody listens on any more.
///
/// Asking the socket is better than asking for the process in its name: processes of other containers may share the
/// directory, and numbers are used again.
pub(super) fn sweep(name: &str, own: &Path) {
    let Some(entries) = own.parent().and_then(|dir| fs::read_dir(dir).ok()) else { return };
    for entry in entries.flatten().take(SWEEP) {
        let file = entry.file_name();
        let ours = file.to_str().and_then(|f| f.strip_prefix(name)).is_some_and(|f| f.ends_with(".sock"));
        if !ours || entry.path() == own {
            continue;
        }
        let Ok(facts) = entry.metadata() else { continue };
        let old = facts.modified().ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age > STALE);
        if !old || !facts.file_type().is_socket() {
            continue;
        }
        if let Err(refused) = UnixStream::connect(entry.path())
            && refused.kind() == io::ErrorKind::ConnectionRefused
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}
