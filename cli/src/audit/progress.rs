//! How far an audit is: a bar on a terminal, else a line now and then, on standard error.

use std::io::IsTerminal as _;

use baseline::Verdict;
use baseline::audit::Progress as Event;
use indicatif::{ProgressBar, ProgressStyle};

/// Lines of an audit that is shown on no terminal, besides those for accounts that could not be looked at.
const LINES: usize = 10;

/// Shows how far an audit is.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    total: usize,
    done: usize,
    failures: usize,
}

impl Progress {
    pub(crate) fn new(total: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) =
                ProgressStyle::with_template("  {spinner} {bar:30} {pos}/{len} accounts, {msg} {elapsed}")
            {
                bar.set_style(style);
            }
            bar.set_message("no failure");
            bar.enable_steady_tick(std::time::Duration::from_millis(100));
            bar
        });
        Self { bar, total, done: 0, failures: 0 }
    }

    pub(crate) fn show(&mut self, event: Event<'_>) {
        self.done += 1;
        match event {
            Event::LookedAt(_, _, findings) => {
                self.failures += findings.iter().filter(|finding| finding.verdict == Verdict::Fail).count();
            }
            Event::NotLookedAt(target, reason) => {
                let line = format!("Account {} could not be looked at: {reason}", target.account);
                match &self.bar {
                    Some(bar) => bar.suspend(|| eprintln!("{line}")),
                    None => eprintln!("{line}"),
                }
            }
        }
        match &self.bar {
            Some(bar) => {
                bar.set_position(self.done as u64);
                bar.set_message(format!("{} failures", self.failures));
            }
            None if self.done == self.total || self.done.is_multiple_of(self.total.div_ceil(LINES)) => {
                eprintln!("{}/{} accounts, {} failures", self.done, self.total, self.failures);
            }
            None => {}
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
