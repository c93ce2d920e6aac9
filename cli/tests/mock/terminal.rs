//! What the command prints where a person sits: on a pseudo terminal.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::{Command, ExitStatus};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::alitrail;

/// Runs a command on a terminal of 80 columns; gives all that it printed, on either stream.
fn on_a_terminal(mut command: Command) -> (ExitStatus, String) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    tcsetwinsize(&ours, Winsize { ws_row: 25, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    command.stdin(theirs.try_clone().unwrap()).stdout(theirs.try_clone().unwrap()).stderr(theirs);
    let mut child = command.env("TERM", "xterm").spawn().unwrap();
    // Only the child has its side of the terminal now, which therefore ends with the child.
    drop(command);
    let reader = std::thread::spawn(move || read(ours));
    let status = child.wait().unwrap();
    (status, reader.join().unwrap())
}

/// All that comes, to the end: the other side is closed, which Linux tells as an error.
fn read(terminal: OwnedFd) -> String {
    let (mut file, mut bytes, mut part) = (File::from(terminal), Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = file.read(&mut part) {
        bytes.extend_from_slice(&part[..count]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The mock with a command that makes one request, which is logged.
fn asked() -> Command {
    let request = "import os, urllib.error, urllib.request
try:
    urllib.request.urlopen(os.environ['ALITRAIL_ENDPOINT_URL'] + '/?Action=GetCallerIdentity&Version=2015-04-01')
except urllib.error.HTTPError:
    pass";
    let mut command = alitrail();
    command.args(["--", "python3", "-c", request]).env("RUST_LOG", "info");
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

#[test]
fn requests_are_in_colour_on_a_terminal_only() {
    let (status, said) = on_a_terminal(asked());
    assert!(status.success(), "{said}");
    assert!(said.starts_with('\u{1b}') && said.contains("GetCallerIdentity"), "{said:?}");
    assert!(!said.to_lowercase().contains("ansi"), "a library complains: {said}");

    let mut plain = asked();
    plain.env("NO_COLOR", "1");
    let (status, said) = on_a_terminal(plain);
    assert!(status.success() && !said.contains('\u{1b}') && said.contains("GetCallerIdentity"), "{said:?}");

    let piped = asked().output().unwrap();
    let said = String::from_utf8_lossy(&piped.stderr);
    assert!(!said.contains('\u{1b}') && said.contains("GetCallerIdentity"), "{said:?}");
}

#[test]
fn people_get_text_and_programs_json() {
    let list = || {
        let mut command = alitrail();
        command.arg("--list-switches");
        command
    };
    let (status, said) = on_a_terminal(list());
    assert!(status.success() && said.contains("quotas=on|off\r\n"), "{said}");
    let piped = list().output().unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&piped.stdout).unwrap().is_array());
}
