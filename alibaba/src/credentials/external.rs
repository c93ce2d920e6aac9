//! A command that prints credentials.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::refresh::{Source, Temporary};
use super::{CredentialsError, document};

/// How long the command may take: as long as the vendor's own tools give it.
const LIMIT: Duration = Duration::from_secs(60);
/// How much it may print, in bytes.
const LONGEST: u64 = 64 * 1024;

/// The command.
#[derive(Debug)]
pub(super) struct External {
    /// The profile that has it, for messages: the command's own text may hold what nobody should read.
    profile: String,
    program: String,
    arguments: Vec<String>,
}

impl External {
    /// A command line, split as a shell does. No shell runs it.
    ///
    /// # Errors
    /// When it is empty or a quotation mark is missing.
    pub(super) fn new(profile: String, command: &str) -> Result<Self, &'static str> {
        let mut words =
            shlex::split(command).ok_or("a quotation mark or what follows a backslash is missing")?;
        if words.is_empty() {
            return Err("it is empty");
        }
        let program = words.remove(0);
        Ok(Self { profile, program, arguments: words })
    }

    async fn output(&self) -> Result<Vec<u8>, String> {
        let spawned = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Terraform shows nothing of it, and it may hold a secret.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut child = spawned.map_err(|error| format!("it cannot be started: {error}"))?;
        let mut output = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            let read = stdout.take(LONGEST).read_to_end(&mut output).await;
            read.map_err(|error| format!("its output cannot be read: {error}"))?;
        }
        let status = child.wait().await.map_err(|error| format!("its end cannot be learned: {error}"))?;
        if status.success() { Ok(output) } else { Err(format!("it ended with {status}")) }
    }
}

#[async_trait::async_trait]
impl Source for External {
    fn name(&self) -> String {
        format!("the command of the {}", self.profile)
    }

    async fn fetch(&self) -> Result<Temporary, CredentialsError> {
        const REMEDY: &str = "Run the profile's process_command in a terminal: it has to print the credentials as JSON and to \
                              end without asking anything.";
        let failed = |detail: String| CredentialsError::told(self.name(), "running it", detail, REMEDY);
        match tokio::time::timeout(LIMIT, self.output()).await {
            Ok(Ok(output)) => document::read(&self.name(), "reading its output", &output),
            Ok(Err(detail)) => Err(failed(detail)),
            Err(_) => {
                Err(failed(format!("it did not end within {} seconds and was stopped", LIMIT.as_secs())))
            }
        }
    }
}
