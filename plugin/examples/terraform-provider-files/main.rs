//! `terraform-provider-files`: files below one directory, as a Terraform provider. The example of the crate's guide.
//!
//! | module | what it is |
//! |---|---|
//! | this one | the provider: its block, its client, its list of resources and data sources |
//! | [`root`] | the client: reads and writes files, and knows nothing of Terraform |
//! | [`file`](mod@file) | the resource `files_file` |
//! | [`directory`] | the data source `files_directory` |

mod directory;
mod file;
mod root;

use std::process::ExitCode;

use plugin::serve::{self, Plugin};
use plugin::{
    Attr, Diagnostic, Diagnostics, Managed, Model, Path, Provider, Readable, Registered, RegisteredData,
    Server,
};

use root::Root;

/// What the executable says about itself.
const PLUGIN: Plugin = Plugin {
    name: "terraform-provider-files",
    address: "registry.terraform.io/examples/files",
    version: "0.1.0",
    purpose: "files below one directory",
    crates: &["plugin", "terraform_provider_files"],
};

/// The provider block.
#[derive(Debug, Clone, Default, Model)]
struct Config {
    /// Directory that all paths are relative to. It has to exist.
    #[attr(required)]
    directory: Attr<String>,
}

struct Files;

impl Provider for Files {
    type Config = Config;
    type Client = Root;
    const DESCRIPTION: &'static str = "Manages text files below one directory.";

    async fn configure(config: Config, _terraform_version: &str) -> Result<Root, Diagnostics> {
        let directory = config.directory.as_str().unwrap_or_default();
        Root::open(directory).map_err(|error| {
            Diagnostic::error("Directory cannot be used", format!("{error} Create it, or correct directory."))
                .at(Path::attribute("directory"))
                .into()
        })
    }

    fn resources() -> Vec<Box<dyn Managed<Root>>> {
        vec![Registered::<file::FileResource>::new()]
    }

    fn data_sources() -> Vec<Box<dyn Readable<Root>>> {
        vec![RegisteredData::<directory::DirectorySource>::new()]
    }
}

fn main() -> ExitCode {
    serve::run(&PLUGIN, Server::<Files>::new)
}
