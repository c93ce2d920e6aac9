//! The programs under test, built once per test process. Cargo decides what is stale, so that a test never runs an
//! old plugin; a lock keeps parallel test processes from building at once.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where the programs are.
#[derive(Debug, Clone)]
pub struct Artifacts {
    /// The plugin.
    pub plugin: PathBuf,
    /// A directory that holds the plugin and nothing else, for dev overrides.
    pub plugin_directory: PathBuf,
    /// The command line.
    pub alitrail: PathBuf,
    /// The build directory, for everything that is downloaded.
    pub target: PathBuf,
}

/// Builds the programs unless that is done, and says where they are.
pub fn artifacts() -> &'static Artifacts {
    static ARTIFACTS: OnceLock<Artifacts> = OnceLock::new();
    ARTIFACTS.get_or_init(build)
}

/// A directory that holds an example provider of the crate plugin and nothing else, for dev overrides.
pub fn example_provider(name: &str) -> PathBuf {
    let target = &artifacts().target;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let built = target.join(BUILT).join("examples").join(&name);
    if !built.is_file() {
        build_programs(target);
    }
    let directory = target.join(BUILT).join("acceptance-examples");
    fs::create_dir_all(&directory).expect("plugin directory");
    replace_link(&built, &directory.join(&name));
    directory
}

/// Where Cargo puts programs, below the build directory.
const BUILT: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

fn build() -> Artifacts {
    let executable = std::env::current_exe().expect("path of the test");
    let target = executable.ancestors().find(|directory| directory.join("CACHEDIR.TAG").is_file());
    let target = target.expect("the test runs from a build directory of Cargo").to_owned();

    // Who has just built the programs says so, which saves a look at what is stale.
    if std::env::var_os("ALITRAIL_TEST_BUILT").is_none() {
        build_programs(&target);
    }

    let built = target.join(BUILT);
    let name = |name: &str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let plugin = built.join(name("terraform-provider-alitrail"));
    let plugin_directory = built.join("acceptance-plugin");
    fs::create_dir_all(&plugin_directory).expect("plugin directory");
    let link = plugin_directory.join(name("terraform-provider-alitrail"));
    replace_link(&plugin, &link);
    Artifacts { plugin, plugin_directory, alitrail: built.join(name("alitrail")), target }
}

/// Builds the programs, one test process after the other.
fn build_programs(target: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let lock = File::create(target.join("acceptance-tests.lock")).expect("lock file");
    lock.lock().expect("lock");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What `cargo test --workspace` has built, and its programs: without the tests, or with a selection of the packages,
    // Cargo selects other features of the dependencies and compiles all of them a second time.
    command.args([
        "build",
        "--quiet",
        "--workspace",
        "--bins",
        "--tests",
        "--examples",
        "--profile",
        profile,
    ]);
    command.current_dir(root).env("CARGO_TARGET_DIR", target);
    let output = command.output().expect("cargo");
    assert!(output.status.success(), "cargo build failed:\n{}", String::from_utf8_lossy(&output.stderr));
}

/// A hard link in place of an older one, without a moment in which there is none: other tests may be starting it.
fn replace_link(plugin: &Path, link: &Path) {
    let fresh = link.with_extension(format!("new-{}", std::process::id()));
    let _ = fs::remove_file(&fresh);
    if fs::hard_link(plugin, &fresh).is_err() {
        fs::copy(plugin, &fresh).expect("copy of the plugin");
    }
    fs::rename(&fresh, link).expect("plugin in its directory");
    // A rename onto another link of the same file does nothing, by POSIX, and leaves both.
    let _ = fs::remove_file(&fresh);
}
