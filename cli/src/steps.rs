//! A run of steps as a person sees it: a spinner while a step works, then one line with its outcome and seconds.
//! Without a terminal there are only the lines.

use std::time::{Duration, Instant};

use console::style;
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Failure;

const TITLE_WIDTH: usize = 34;
const DETAIL_WIDTH: usize = 58;

/// Runs steps and counts those that held.
#[derive(Debug)]
pub struct Steps {
    began: Instant,
    held: usize,
}

impl Default for Steps {
    fn default() -> Self {
        Steps { began: Instant::now(), held: 0 }
    }
}

impl Steps {
    /// Runs one step. What it returns is shown behind its title.
    pub fn step<T>(
        &mut self,
        title: &str,
        work: impl FnOnce() -> Result<(T, String), Failure>,
    ) -> Result<T, Failure> {
        let began = Instant::now();
        let spinner = spinner(title);
        let outcome = work();
        spinner.finish_and_clear();
        match outcome {
            Ok((value, detail)) => {
                self.held += 1;
                println!("{}", line(true, title, &detail, began.elapsed()));
                Ok(value)
            }
            Err(failure) => {
                println!("{}", line(false, title, "", began.elapsed()));
                Err(failure)
            }
        }
    }

    /// How many steps held.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Time since the first step.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

fn spinner(title: &str) -> ProgressBar {
    // Draws on standard error, and only when that is a terminal.
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.set_message(title.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

fn line(held: bool, title: &str, detail: &str, took: Duration) -> String {
    let mark = if held { style("✓").green() } else { style("✗").red().bold() };
    let title = console::pad_str(title, TITLE_WIDTH, console::Alignment::Left, None);
    let detail = console::pad_str(detail, DETAIL_WIDTH, console::Alignment::Left, None);
    format!("  {mark} {title} {} {:>6.1} s", style(detail).dim(), took.as_secs_f64())
}
