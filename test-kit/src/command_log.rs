//! The commands that a program ran for a person, to be shown as that person would type them.

use std::sync::{Arc, Mutex};

/// The commands that ran, as a person would type them, in their order. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct CommandLog(Arc<Mutex<Vec<String>>>);

impl CommandLog {
    /// Adds a command.
    pub fn push(&self, command: String) {
        if let Ok(mut commands) = self.0.lock() {
            commands.push(command);
        }
    }

    /// Takes all that were added since the last time.
    pub fn take(&self) -> Vec<String> {
        self.0.lock().map(|mut commands| std::mem::take(&mut *commands)).unwrap_or_default()
    }
}
