//! What the executable says to a person who starts it by hand.
//!
//! Three flags, parsed by hand: a command-line library would cost more at every start than the rest of the start.

use std::{
    env::consts,
    ffi::{OsStr, OsString},
    io::Write as _,
};

use super::{PROTOCOL_VERSION, Plugin, StartError};

/// What the command line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invocation {
    /// Be a plugin.
    Serve,
    /// Be a plugin for whoever attaches to it.
    Debug,
    /// Print the version.
    Version,
    /// Print how to use it.
    Help,
}

/// Reads the arguments behind the program's name; the error is the first one that means nothing.
pub(super) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Invocation, OsString> {
    let mut invocation = Invocation::Serve;
    for argument in arguments {
        invocation = match argument.to_str() {
            // Go plugins take these with one dash; people who know those type it that way.
            Some("--version" | "-version" | "-V") => Invocation::Version,
            Some("--help" | "-help" | "-h") => Invocation::Help,
            Some("--debug" | "-debug") => Invocation::Debug,
            _ => return Err(argument),
        };
    }
    Ok(invocation)
}

/// Writes to standard output.
pub(super) fn print(text: &str) -> Result<(), StartError> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(StartError::Output)
}

pub(super) fn version(plugin: &Plugin) -> String {
    format!("{} {} (plugin protocol {PROTOCOL_VERSION})\n", plugin.name, plugin.version)
}

/// Two lines for somebody who expected a program.
pub(super) fn notice(plugin: &Plugin) -> String {
    format!(
        "{} {} is a plugin, the Terraform provider for {}: Terraform and OpenTofu start it themselves.\n\
         To install it, copy it to {} and name the source \"{}\" under required_providers (see --help).\n",
        plugin.name,
        plugin.version,
        plugin.purpose,
        install_path(plugin),
        short_address(plugin),
    )
}

pub(super) fn unknown(plugin: &Plugin, argument: &OsStr) -> String {
    format!("{}: unknown argument {:?}; see --help\n", plugin.name, argument.to_string_lossy())
}

pub(super) fn help(plugin: &Plugin) -> String {
    let Plugin { name, purpose, .. } = plugin;
    let (source, path) = (short_address(plugin), install_path(plugin));
    let local = source.rsplit('/').next().unwrap_or(source);
    format!(
        "{name}: the Terraform provider for {purpose}\n\
         \n\
         Terraform and OpenTofu start this plugin themselves. To install it, copy it to\n\
         \n  {path}\n\
         \n\
         and name it in the configuration:\n\
         \n  terraform {{\n    required_providers {{\n      {local} = {{\n        source = \"{source}\"\n      }}\n    }}\n  }}\n\
         \n\
         Options:\n  \
           --debug    wait for Terraform to attach: prints a line to put into Terraform's environment\n  \
           --version  print the version\n  \
           --help     print this\n"
    )
}

/// `namespace/type`: how configurations name a provider of the public registry.
fn short_address(plugin: &Plugin) -> &'static str {
    plugin.address.split_once('/').map_or(plugin.address, |(_, rest)| rest)
}

/// Where Terraform looks for providers without being told.
fn install_path(plugin: &Plugin) -> String {
    let Plugin { name, address, version, .. } = plugin;
    // The names that Terraform, being written in Go, has for platforms.
    let os = if consts::OS == "macos" { "darwin" } else { consts::OS };
    let arch = match consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    let root = if cfg!(windows) { "%APPDATA%\\terraform.d\\plugins" } else { "~/.terraform.d/plugins" };
    let path = format!("{root}/{address}/{version}/{os}_{arch}/{name}_v{version}{}", consts::EXE_SUFFIX);
    if cfg!(windows) { path.replace('/', "\\") } else { path }
}
