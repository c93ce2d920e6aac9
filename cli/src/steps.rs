//! A run of steps as a person sees it: a spinner while a step works, then its outcome and seconds, and the commands that it
//! ran. Without a terminal there are only the lines. No line is wider than 80 columns.

use std::time::{Duration, Instant};

use console::style;
use indicatif::{ProgressBar, ProgressStyle};
use test_kit::command_log::CommandLog;

use crate::failure::Failure;

/// The columns of the narrowest terminal.
pub(crate) const WIDTH: usize = 80;
/// Where what belongs to a step begins.
pub(crate) const INDENT: &str = "      ";

/// Runs steps and counts those that held.
#[derive(Debug)]
pub struct Steps {
    began: Instant,
    held: usize,
    commands: CommandLog,
}

impl Default for Steps {
    fn default() -> Self {
        Steps { began: Instant::now(), held: 0, commands: CommandLog::default() }
    }
}

impl Steps {
    /// Where steps note the commands that they run.
    pub fn commands(&self) -> &CommandLog {
        &self.commands
    }

    /// Runs one step. What it returns is shown with its title, and below it the commands that were noted meanwhile.
    pub fn step<T>(
        &mut self,
        title: &str,
        work: impl FnOnce() -> Result<(T, String), Failure>,
    ) -> Result<T, Failure> {
        let began = Instant::now();
        let spinner = spinner(title);
        let outcome = work();
        spinner.finish_and_clear();
        let commands = self.commands.take();
        let show = |held, detail: &str| {
            println!("{}", lines(held, title, detail, began.elapsed()).join("\n"));
            commands.iter().for_each(|command| println!("{}", style(typed(command)).dim()));
        };
        match outcome {
            Ok((value, detail)) => {
                self.held += 1;
                show(true, &detail);
                Ok(value)
            }
            Err(failure) => {
                show(false, "");
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

/// The outcome of a step: its title with the detail behind it, or below where there is no room.
fn lines(held: bool, title: &str, detail: &str, took: Duration) -> Vec<String> {
    let mark = if held { style("✓").green() } else { style("✗").red().bold() };
    let seconds = format!("{:>6.1} s", took.as_secs_f64());
    let room = WIDTH - 4 - seconds.len();
    let text = if detail.is_empty() { title.to_owned() } else { format!("{title}: {detail}") };
    let fits = console::measure_text_width(&text) < room;
    let first = console::pad_str(if fits { &text } else { title }, room, console::Alignment::Left, None);
    let mut lines = vec![format!("  {mark} {first}{seconds}")];
    if !fits {
        lines.push(format!("{INDENT}{detail}"));
    }
    lines
}

/// A command behind a prompt, wrapped as a shell takes it.
fn typed(command: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut line = format!("{INDENT}$");
    for word in command.split(' ') {
        // A blank before the word, and one with a backslash after it.
        if console::measure_text_width(&line) + 1 + console::measure_text_width(word) + 2 > WIDTH {
            lines.push(format!("{line} \\"));
            line = format!("{INDENT}   ");
        }
        line.push(' ');
        line.push_str(word);
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_fits_into_eighty_columns() {
        console::set_colors_enabled(false);
        let took = Duration::from_millis(1234);
        let short = lines(true, "the mock cloud listens", "http://127.0.0.1:8089", took);
        let text = "  ✓ the mock cloud listens: http://127.0.0.1:8089";
        assert_eq!(short, [format!("{text}{}   1.2 s", " ".repeat(WIDTH - 8 - text.chars().count()))]);
        let detail = "5 resources: bucket, lifecycle, logstore, project, trail";
        let long = lines(false, "apply makes the baseline of the account", detail, took);
        assert_eq!(long[1], format!("      {detail}"));
        assert!(long.iter().all(|line| line.chars().count() <= WIDTH), "{long:?}");
    }

    #[test]
    fn a_long_command_is_wrapped_as_a_shell_takes_it() {
        let command =
            "terraform destroy -auto-approve -var=deletion_protection=false -var=force_destroy=true";
        let typed = typed(command);
        assert!(typed.lines().all(|line| line.len() <= WIDTH), "{typed}");
        let joined = typed.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(joined, format!("$ {command}"));
        assert_eq!(super::typed("terraform init"), "      $ terraform init");
    }
}
