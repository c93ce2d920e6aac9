//! The provider's binary: what Terraform starts.

use std::process::ExitCode;

use plugin::{Server, serve};
use provider::Alitrail;

fn main() -> ExitCode {
    serve::run(&provider::PLUGIN, Server::<Alitrail>::new)
}
