//! Child processes with captured output, a time limit and a clean way to be interrupted.
//!
//! A child leads a process group of its own. A Ctrl-C on the terminal therefore reaches only us, and we pass it on
//! once: Terraform saves its state and stops its providers, instead of being interrupted twice. That works where we
//! ourselves run with SIGINT ignored, too, as background jobs of shells and CI do: see [`signals`].

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Error, signals};
use crate::cloud_variables::is_of_the_cloud;

/// How long a child may take to end after it was interrupted.
const GRACE: Duration = Duration::from_secs(30);

/// Set when the person running us pressed Ctrl-C; shared by everything that waits.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks everything that waits to come to an end.
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether [`Interrupt::set`] was called.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// What a process left behind.
#[derive(Debug, Clone)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Output {
    /// Whether the exit code was zero.
    pub fn success(&self) -> bool {
        self.status.success()
    }

    /// The exit code; `None` when a signal ended the process.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Standard output followed by standard error.
    pub fn combined(&self) -> String {
        match (self.stdout.trim().is_empty(), self.stderr.trim().is_empty()) {
            (_, true) => self.stdout.clone(),
            (true, false) => self.stderr.clone(),
            (false, false) => format!("{}\n{}", self.stdout.trim_end(), self.stderr),
        }
    }
}

/// A process that is running; killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    label: String,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

impl Running {
    /// Starts a command in a process group of its own, without standard input.
    pub fn start(mut command: Command, label: &str) -> Result<Self, Error> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let program = command.get_program().to_string_lossy().into_owned();
        signals::default_for_children();
        let mut child = command.spawn().map_err(|source| Error::Start { program, source })?;
        let stdout = child.stdout.take().map(read_in_background);
        let stderr = child.stderr.take().map(read_in_background);
        Ok(Running { child, label: label.to_owned(), stdout, stderr })
    }

    /// The process id, which is also the id of its group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the whole group the signal of a Ctrl-C.
    pub fn interrupt(&self) {
        self.signal(Signal::Interrupt);
    }

    /// Kills the whole group, providers included, without a chance to clean up.
    pub fn kill(&self) {
        self.signal(Signal::Kill);
    }

    /// Kills the process itself and nothing that it started.
    pub fn kill_alone(&mut self) {
        // It may have ended meanwhile, which is what is wanted.
        let _ = self.child.kill();
    }

    /// Whether the process has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for the end, at most `limit`; an interrupt is passed on to the group.
    pub fn wait(mut self, limit: Duration, interrupt: Option<&Interrupt>) -> Result<Output, Error> {
        let started = Instant::now();
        let mut stop_by: Option<Instant> = None;
        let mut timed_out = false;
        let status = loop {
            let label = self.label.clone();
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => {}
                Err(source) => return Err(Error::Start { program: label, source }),
            }
            match stop_by {
                None if interrupt.is_some_and(Interrupt::is_set) || started.elapsed() > limit => {
                    timed_out = started.elapsed() > limit;
                    self.interrupt();
                    stop_by = Some(Instant::now() + GRACE);
                }
                Some(deadline) if Instant::now() > deadline => self.kill(),
                _ => {}
            }
            thread::sleep(Duration::from_millis(10));
        };
        let output = Output { status, stdout: join(self.stdout.take()), stderr: join(self.stderr.take()) };
        if timed_out {
            return Err(Error::Timeout { command: self.label.clone(), limit, output: output.combined() });
        }
        if stop_by.is_some() {
            return Err(Error::Interrupted);
        }
        Ok(output)
    }

    #[cfg(unix)]
    fn signal(&self, signal: Signal) {
        use rustix::process::{Pid, Signal as Native, kill_process_group};
        let native = match signal {
            Signal::Interrupt => Native::INT,
            Signal::Kill => Native::KILL,
        };
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = id {
            // The group may be gone already, which is what is wanted.
            let _ = kill_process_group(group, native);
        }
    }

    #[cfg(not(unix))]
    fn signal(&self, _signal: Signal) {
        // Without process groups the time limit and the end of our own process have to do.
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended() {
            self.kill();
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Signal {
    Interrupt,
    Kill,
}

/// Runs a command to its end.
pub(crate) fn run(
    command: Command,
    label: &str,
    limit: Duration,
    interrupt: Option<&Interrupt>,
) -> Result<Output, Error> {
    Running::start(command, label)?.wait(limit, interrupt)
}

/// Takes everything out of a command's environment that would let it reach a real cloud or behave differently from one
/// machine to the next.
pub(super) fn quiet_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if is_foreign(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
    command.env("CHECKPOINT_DISABLE", "1").env("TF_IN_AUTOMATION", "1").env("TF_INPUT", "0");
}

fn is_foreign(name: &str) -> bool {
    const FOREIGN: [&str; 5] = ["TF_", "TOFU_", "ALITRAIL_", "ALICLOUD_", "ALIBABA"];
    FOREIGN.iter().any(|prefix| name.starts_with(prefix)) || is_of_the_cloud(name)
}

fn read_in_background(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A broken pipe ends the text where it broke.
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn join(reader: Option<JoinHandle<String>>) -> String {
    reader.and_then(|reader| reader.join().ok()).unwrap_or_default()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn settings_of_the_cloud_s_tools_are_foreign() {
        for name in ["ALICLOUD_REGION", "ACTIONTRAIL_ENDPOINT", "OSS_ACCESS_KEY_ID", "TF_ENDPOINT_PATH"] {
            assert!(is_foreign(name), "{name}");
        }
        for name in ["HOME", "PATH", "HTTPS_PROXY", "VAULT_ENDPOINT"] {
            assert!(!is_foreign(name), "{name}");
        }
    }

    #[test]
    fn output_and_exit_code_are_kept() {
        let output =
            run(shell("echo out; echo err >&2; exit 3"), "sh", Duration::from_secs(10), None).unwrap();
        assert_eq!(
            (output.code(), output.stdout.as_str(), output.stderr.as_str()),
            (Some(3), "out\n", "err\n")
        );
        assert_eq!(output.combined(), "out\nerr\n");
    }

    #[test]
    fn a_process_that_takes_too_long_is_interrupted() {
        let error = run(shell("echo begun; sleep 30"), "sh", Duration::from_millis(200), None).unwrap_err();
        assert!(matches!(&error, Error::Timeout { output, .. } if output.contains("begun")), "{error}");
    }

    #[test]
    fn an_interrupt_reaches_the_whole_group_once() {
        let folder = tempfile::tempdir().unwrap();
        let interrupt = Interrupt::default();
        // The inner one runs in the foreground: shells let their background jobs ignore SIGINT.
        let inner = "trap 'echo inner >>caught; exit 0' INT; echo >ready; while :; do sleep 0.05; done";
        let outer = "trap 'echo outer >>caught; exit 0' INT; sh -c \"$1\"; exit 1";
        let mut command = shell(outer);
        command.args(["sh", inner]).current_dir(folder.path());
        let running = Running::start(command, "sh").unwrap();
        let ended = thread::spawn({
            let interrupt = interrupt.clone();
            move || running.wait(Duration::from_secs(60), Some(&interrupt))
        });
        while !folder.path().join("ready").exists() && !ended.is_finished() {
            thread::sleep(Duration::from_millis(10));
        }
        interrupt.set();
        let error = ended.join().unwrap().unwrap_err();
        assert!(matches!(error, Error::Interrupted), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join("caught")).unwrap(), "inner\nouter\n");
    }

    /// Runs a test of this program again, by a shell that ignores these signals.
    fn again_with_ignored(signals: &str, test: &str) -> std::io::Result<std::process::Output> {
        let script = format!("trap '' {signals}; exec \"$@\"");
        let program = std::env::current_exe()?;
        let mut command = shell(&script);
        command.arg("sh").arg(program).args([test, "--exact", "--test-threads=1"]);
        command.output()
    }

    #[test]
    fn an_interrupt_reaches_the_group_of_a_process_that_ignores_interrupts() {
        let test = "terraform::process::tests::an_interrupt_reaches_the_whole_group_once";
        let output = again_with_ignored("INT QUIT TERM", test).unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }
}
