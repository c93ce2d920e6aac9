use std::path::Path;

use super::{super::StartError, *};

#[cfg(unix)]
mod sockets {
    use std::{
        fs::{self, FileTimes},
        os::unix::{
            fs::{MetadataExt as _, PermissionsExt as _},
            net::UnixListener,
        },
        time::{Duration, SystemTime},
    };

    use super::*;

    const LONG: &str = "/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789";

    #[test]
    fn path_is_recognisable_and_never_the_same() {
        let one = unix::choose_path("terraform-provider-thing", None, Path::new("/tmp")).unwrap();
        let name = one.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with(&format!("terraform-provider-thing-{}-", std::process::id())), "{name}");
        assert_ne!(one, unix::choose_path("terraform-provider-thing", None, Path::new("/tmp")).unwrap());
    }

    #[test]
    fn path_gets_shorter_where_it_would_not_fit() {
        let short = unix::choose_path("terraform-provider-thing", None, Path::new(LONG)).unwrap();
        assert!(short.starts_with(LONG) && short.as_os_str().len() <= 103, "{short:?}");
        let deep = format!("{LONG}{LONG}");
        let elsewhere = unix::choose_path("terraform-provider-thing", None, Path::new(&deep)).unwrap();
        assert!(elsewhere.starts_with("/tmp"));
        let wanted = unix::choose_path("terraform-provider-thing", Some(Path::new(&deep)), Path::new("/tmp"));
        assert!(
            matches!(wanted, Err(StartError::SocketPath { .. })),
            "a directory the host wants is not left"
        );
    }

    #[tokio::test]
    async fn socket_belongs_to_its_user_or_group_and_goes_with_the_listener() {
        let dir = tempfile::tempdir().unwrap();
        let mut environment = Environment::default();
        environment.socket_dir = Some(dir.path().to_owned());
        let (listener, address) = unix::Listener::bind("thing", &environment).unwrap();
        let Address::Unix(path) = &address else { panic!("{address:?}") };
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(listener);
        assert!(!path.exists());

        let own_group = fs::metadata(dir.path()).unwrap().gid();
        environment.socket_group = Some(own_group.to_string());
        let (_listener, address) = unix::Listener::bind("thing", &environment).unwrap();
        let shared = fs::metadata(address.text()).unwrap();
        assert_eq!((shared.permissions().mode() & 0o777, shared.gid()), (0o660, own_group));

        environment.socket_group = Some("no such group".to_owned());
        assert!(matches!(unix::Listener::bind("thing", &environment), Err(StartError::Group { .. })));
    }

    #[test]
    fn sweep_takes_only_old_sockets_that_nobody_listens_on() {
        let dir = tempfile::tempdir().unwrap();
        let bind = |name: &str| UnixListener::bind(dir.path().join(name)).unwrap();
        let age = |name: &str| {
            let long_ago = SystemTime::now() - Duration::from_secs(3600);
            let path = dir.path().join(name);
            // A socket cannot be opened, so its times are set by name.
            let time = nix::sys::time::TimeSpec::from_duration(
                long_ago.duration_since(SystemTime::UNIX_EPOCH).unwrap(),
            );
            nix::sys::stat::utimensat(
                nix::fcntl::AT_FDCWD,
                &path,
                &time,
                &time,
                nix::sys::stat::UtimensatFlags::NoFollowSymlink,
            )
            .unwrap();
        };
        let _alive = bind("thing-1-a.sock");
        drop((
            bind("thing-2-b.sock"),
            bind("thing-3-c.sock"),
            bind("other-4-d.sock"),
            bind("thing-5-e.sock"),
        ));
        fs::write(dir.path().join("thing-6-f.sock"), "a file").unwrap();
        let file = fs::File::options().write(true).open(dir.path().join("thing-6-f.sock")).unwrap();
        file.set_times(FileTimes::new().set_modified(SystemTime::UNIX_EPOCH)).unwrap();
        ["thing-1-a.sock", "thing-2-b.sock", "other-4-d.sock", "thing-5-e.sock"].into_iter().for_each(age);
        unix::sweep("thing", &dir.path().join("thing-5-e.sock"));
        let mut left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(
            left,
            ["other-4-d.sock", "thing-1-a.sock", "thing-3-c.sock", "thing-5-e.sock", "thing-6-f.sock"]
        );
    }
}

#[tokio::test]
async fn tcp_takes_the_first_free_port_of_the_range() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let first = taken.local_addr().unwrap().port();
    let environment = |ports| {
        let mut environment = Environment::default();
        environment.ports = ports;
        environment
    };
    let none = tcp::Listener::bind("thing", &environment((first, first)));
    assert!(matches!(none, Err(StartError::Ports { .. })));
    let (listener, address) =
        tcp::Listener::bind("thing", &environment((first, first.saturating_add(50)))).unwrap();
    let Address::Tcp(bound) = address else { panic!("{address:?}") };
    assert!(bound.ip().is_loopback() && bound.port() > first && address.network() == "tcp");
    let (accepted, dialled) = tokio::join!(listener.accept(), tokio::net::TcpStream::connect(bound));
    assert!(accepted.is_ok() && dialled.is_ok());
}
