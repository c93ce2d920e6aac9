//! Signals that children find as they are by default, whatever the parent of this process did to them.
//!
//! Shells without job control, and CI systems that run their steps by them, start background jobs with SIGINT and SIGQUIT
//! ignored. An ignored signal stays ignored over `exec`, so a child would never notice that it is interrupted; a signal
//! that is caught is reset (POSIX, `execve`). Therefore what this process ignores is caught here by a handler that does
//! nothing: for this process all stays the same, and its children begin with the default.

/// Makes sure that children of this process neither ignore SIGINT nor SIGTERM nor SIGQUIT when they begin. SIGHUP stays as it
/// is, for the sake of `nohup`.
#[cfg(unix)]
pub(super) fn default_for_children() {
    use std::sync::Once;
    use tokio::signal::unix::SignalKind;

    static CAUGHT: Once = Once::new();
    CAUGHT.call_once(|| {
        let kinds = [
            (SignalKind::interrupt(), "INT"),
            (SignalKind::terminate(), "TERM"),
            (SignalKind::quit(), "QUIT"),
        ];
        for (kind, _) in kinds.into_iter().filter(|(_, name)| is_ignored(name)) {
            // Where it does not work, the children are as they would have been.
            let _ = catch(kind);
        }
    });
}

#[cfg(not(unix))]
pub(super) fn default_for_children() {}

/// Whether a signal is ignored here. What a shell without terminal was started with ignored it cannot trap (POSIX), and it
/// was started with what is ignored here.
#[cfg(unix)]
fn is_ignored(signal: &str) -> bool {
    use std::process::{Command, Stdio};
    let script = format!("trap 'exit 3' {signal}; kill -{signal} $$; exit 0");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().is_ok_and(|status| status.success())
}

/// Catches a signal, from now until this process ends, and does nothing about it.
#[cfg(unix)]
fn catch(kind: tokio::signal::unix::SignalKind) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _guard = runtime.enter();
    // The handler of the process outlives both this and its runtime.
    tokio::signal::unix::signal(kind).map(drop)
}
