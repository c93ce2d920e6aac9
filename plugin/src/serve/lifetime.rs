//! When the process goes: the host's wish, a lost host, a signal.

use std::{io, time::Duration};

use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long a host may take from reading the handshake line to being connected.
const FIRST_CONNECTION: Duration = Duration::from_secs(60);

/// How long a host that lost its connection may take to come back.
const RECONNECT: Duration = Duration::from_secs(1);

/// Why the process stops serving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The host called Shutdown; it kills the process two seconds later.
    Shutdown,
    /// The host is gone, most likely killed, or never came.
    Abandoned,
    /// Asked from outside. Running calls are finished first.
    Terminated,
}

/// Counts connections whose peer has proved to be the host.
#[derive(Debug, Clone)]
pub(super) struct Connections(watch::Sender<Count>);

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    open: usize,
    ever: usize,
}

/// Held by a connection; dropping it says that the connection is closed.
#[derive(Debug)]
pub(super) struct Open(watch::Sender<Count>);

impl Connections {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Count::default()))
    }

    pub(super) fn open(&self) -> Open {
        self.0.send_modify(|count| {
            count.open += 1;
            count.ever += 1;
        });
        Open(self.0.clone())
    }

    /// Resolves when nobody is there any more, or nobody ever came.
    pub(super) async fn abandoned(&self) {
        let mut count = self.0.subscribe();
        if timeout(FIRST_CONNECTION, count.wait_for(|c| c.ever > 0)).await.is_err() {
            return;
        }
        // The sender lives in `self`, so waiting cannot fail.
        while count.wait_for(|c| c.open == 0).await.is_ok() {
            if timeout(RECONNECT, count.wait_for(|c| c.open > 0)).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|count| count.open -= 1);
    }
}

/// Turns signals into wishes to go. The first asks for it, the second insists.
#[derive(Debug, Clone)]
pub(super) struct Signals {
    pub(super) terminate: CancellationToken,
    pub(super) insist: CancellationToken,
}

impl Signals {
    /// Takes over the signals of the process. An interrupt counts only when `interruptible`: a plugin that a host
    /// started gets it together with the host, which wants the running calls to come to their end.
    pub(super) fn listen(interruptible: bool) -> io::Result<Self> {
        let signals = Self { terminate: CancellationToken::new(), insist: CancellationToken::new() };
        let mut sources = sources()?;
        let found = signals.clone();
        tokio::spawn(async move {
            while let Some(interrupt) = sources.next().await {
                if interrupt && !interruptible {
                    continue;
                }
                if found.terminate.is_cancelled() {
                    found.insist.cancel();
                }
                found.terminate.cancel();
            }
        });
        Ok(signals)
    }
}

#[cfg(unix)]
struct Sources {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
fn sources() -> io::Result<Sources> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Sources {
        interrupt: signal(SignalKind::interrupt())?,
        terminate: signal(SignalKind::terminate())?,
        // A closed terminal reaches the whole process group, like an interrupt, but Terraform does not survive it.
        hangup: signal(SignalKind::hangup())?,
    })
}

#[cfg(unix)]
impl Sources {
    /// The next signal; true for an interrupt.
    async fn next(&mut self) -> Option<bool> {
        tokio::select! {
            got = self.interrupt.recv() => got.map(|()| true),
            got = self.terminate.recv() => got.map(|()| false),
            got = self.hangup.recv() => got.map(|()| false),
        }
    }
}

#[cfg(windows)]
struct Sources {
    interrupt: tokio::signal::windows::CtrlC,
    closed: tokio::signal::windows::CtrlClose,
}

#[cfg(windows)]
fn sources() -> io::Result<Sources> {
    Ok(Sources {
        interrupt: tokio::signal::windows::ctrl_c()?,
        closed: tokio::signal::windows::ctrl_close()?,
    })
}

#[cfg(windows)]
impl Sources {
    /// The next signal; true for an interrupt.
    async fn next(&mut self) -> Option<bool> {
        tokio::select! {
            got = self.interrupt.recv() => got.map(|()| true),
            got = self.closed.recv() => got.map(|()| false),
        }
    }
}
