//! The process: from being started by Terraform to being no longer needed.
//!
//! Terraform starts a plugin once for every pass over the configuration, several times per command, so nothing is
//! done before the handshake line that a call could do later. In order: flags, cookie, signals, socket, certificate,
//! the line, and only then the provider itself.
//!
//! The process ends when the host says so, when the host's connection is gone and no remote work is left, or on a
//! signal to terminate. An interrupt (Ctrl-C) is not such a signal: the terminal sends it to the plugin as well as to
//! Terraform, and Terraform then wants the running calls finished so that their outcome gets into the state.
//!
//! This module knows processes, sockets and gRPC; it does not know what a provider does.

use std::process::ExitCode;

use proto::tfplugin6::provider_server::Provider;
use tokio_util::task::TaskTracker;

mod crash;
mod environment;
mod error;
mod handshake;
#[cfg(feature = "host")]
pub mod host;
mod lifetime;
mod listen;
mod server;
mod services;
mod tls;
mod usage;

pub use error::StartError;

use environment::Environment;
use usage::Invocation;

/// The plugin protocol this process speaks.
pub const PROTOCOL_VERSION: u32 = 6;

/// What a plugin says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Plugin {
    /// Name of the executable, `terraform-provider-…`.
    pub name: &'static str,
    /// Full source address, `registry.terraform.io/namespace/type`.
    pub address: &'static str,
    /// Release, without a leading `v`.
    pub version: &'static str,
    /// What it is for, as the rest of a sentence beginning "Terraform provider for".
    pub purpose: &'static str,
    /// Crates whose log records are wanted at the chosen level; of others only warnings and errors are passed on,
    /// because network libraries log whole requests when asked for everything.
    pub crates: &'static [&'static str],
}

/// Runs the plugin until Terraform is done with it, and returns what the process should exit with.
///
/// `make` builds the provider once the handshake is out. Work that must not be lost when a request is dropped (a
/// vanished client drops all of its requests) is spawned on the tracker it is given: the process stays until the
/// tracker is empty.
pub fn run<P: Provider>(plugin: &Plugin, make: impl FnOnce(TaskTracker) -> P) -> ExitCode {
    let invocation = match usage::parse(std::env::args_os().skip(1)) {
        Ok(invocation) => invocation,
        Err(unknown) => {
            crate::log::to_stderr(&usage::unknown(plugin, &unknown));
            return ExitCode::from(2);
        }
    };
    let environment = Environment::read(|name| std::env::var_os(name));
    let outcome = match invocation {
        Invocation::Version => usage::print(&usage::version(plugin)),
        Invocation::Help => usage::print(&usage::help(plugin)),
        Invocation::Debug => start(plugin, &environment.for_debugging(), true, make),
        Invocation::Serve if environment.is_host() => start(plugin, &environment, false, make),
        Invocation::Serve => {
            crate::log::to_stderr(&usage::notice(plugin));
            return ExitCode::FAILURE;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::log::complain(plugin.name, &error);
            ExitCode::FAILURE
        }
    }
}

fn start<P: Provider>(
    plugin: &Plugin,
    environment: &Environment,
    debug: bool,
    make: impl FnOnce(TaskTracker) -> P,
) -> Result<(), StartError> {
    environment.check_protocol()?;
    crash::install_hook();
    crate::log::init(plugin);
    // Two threads keep the connection alive while a handler computes; remote calls only wait.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(StartError::Runtime)?;
    let outcome = runtime.block_on(server::serve(plugin, environment, debug, make));
    // Whatever is still running has been waited for or is meant to be abandoned.
    runtime.shutdown_background();
    outcome
}

#[cfg(test)]
mod tests;
