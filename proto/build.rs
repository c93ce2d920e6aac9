//! Compiles the `.proto` files with protox, so that no `protoc` has to be installed.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = protox::compile(["tfplugin6/provider.proto", "go_plugin.proto", "health.proto"], ["proto"])?;
    // The tests compare what was compiled with a list of their own.
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), files.encode_to_vec())?;
    tonic_prost_build::configure()
        .build_client(env::var_os("CARGO_FEATURE_CLIENT").is_some())
        .build_transport(false)
        // A method without an implementation answers Unimplemented, which every client understands.
        .generate_default_stubs(true)
        // Requests are decoded without copying the values they carry.
        .bytes(".")
        .compile_fds(files)?;
    Ok(())
}
