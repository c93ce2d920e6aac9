//! Python with the official SDKs, installed with pip into a directory of the build directory: nothing of the system
//! changes, and it works where the system's Python is externally managed.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use test_kit::terraform::{Output, Running};

use crate::artifacts;

/// A Python that can import a set of packages.
#[derive(Debug)]
pub struct Python {
    packages: PathBuf,
}

impl Python {
    /// Installs the packages of a requirements text unless exactly these are there already.
    pub fn with(requirements: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        requirements.hash(&mut hasher);
        let home = artifacts().target.join("python");
        fs::create_dir_all(&home).expect("directory for Python packages");
        let packages = home.join(format!("{:016x}", hasher.finish()));
        let lock = File::create(home.join("lock")).expect("lock file");
        lock.lock().expect("lock");
        if !packages.is_dir() {
            let staging = home.join("part");
            let _ = fs::remove_dir_all(&staging);
            let list = home.join("requirements.txt");
            fs::write(&list, requirements).expect("requirements");
            let mut command = Command::new("python3");
            command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
            command.arg("--target").arg(&staging).arg("--requirement").arg(&list);
            let output = run(command, "pip install", Duration::from_secs(600));
            assert!(output.success(), "pip install failed:\n{}", output.combined());
            fs::rename(&staging, &packages).expect("packages in place");
        }
        Python { packages }
    }

    /// Runs a script of `acceptance-tests/sdk`.
    pub fn run(&self, script: &str, environment: &[(&str, &str)]) -> Output {
        self.run_by(Command::new("python3"), script, environment)
    }

    /// The same as the command of a mock of its own, with these options of `alitrail mock`. The script finds the mock's
    /// admin interface in `MOCK_ADMIN_URL`, as all do.
    pub fn run_on_mock(&self, options: &[&str], script: &str, environment: &[(&str, &str)]) -> Output {
        let mut command = Command::new(&artifacts().alitrail);
        command.arg("mock").args(options);
        let start = "MOCK_ADMIN_URL=$ALITRAIL_MOCK_ADMIN_URL exec python3 \"$@\"";
        command.args(["--", "sh", "-c", start, "sh"]);
        self.run_by(command, script, environment)
    }

    fn run_by(&self, mut command: Command, script: &str, environment: &[(&str, &str)]) -> Output {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sdk").join(script);
        command.arg("-B").arg(path).env("PYTHONPATH", &self.packages);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(name);
        }
        command.envs(environment.iter().copied());
        run(command, script, Duration::from_secs(180))
    }
}

fn run(command: Command, label: &str, limit: Duration) -> Output {
    let running = Running::start(command, label).unwrap_or_else(|error| panic!("{error}"));
    running.wait(limit, None).unwrap_or_else(|error| panic!("{error}"))
}
