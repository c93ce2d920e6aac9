//! Every command in the README, in CONTRIBUTING and in the guides and READMEs beside it is run by a test, here or
//! elsewhere, or listed with the reason why it is not. What is run here is run as it is printed: by a shell, in the
//! directory it is printed for, with the provider installed as the README says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use acceptance_tests::{Cloud, REGION, artifacts, full};

/// What becomes of a command.
#[derive(Debug, Clone, Copy)]
enum Handling {
    /// Run by this module.
    Here,
    /// Run by another test: a file of this program or of a crate, and a function in it.
    By(&'static str, &'static str),
    /// Not run, for this reason.
    Not(&'static str),
}

use Handling::{By, Here, Not};

const BASELINE: &str = "examples/modules/secure-trail-baseline/README.md";
const MOCK: &str = "docs/guides/mock-cloud.md";
const AUDIT: &str = "docs/guides/audit.md";
const REMEDIATE: &str = "docs/guides/remediate.md";
const CHECK_PLAN: &str = "docs/guides/check-plan.md";
const FOREIGN: &str = "a program that PyPI does not have, as the guide says beside it";

/// The commands of a document by how they begin, first match wins.
const COMMANDS: &[(&str, &str, Handling)] = &[
    ("README.md", "cargo demo", Not("it builds the programs once more; .ci/nightly runs it")),
    ("README.md", "cargo test --workspace", Not("it runs this test")),
    (
        "README.md",
        "cargo build --release --package alitrail-provider",
        By("acceptance/shipped.rs", "the_release_has_no_values_for_tests_in_it"),
    ),
    ("README.md", "mirror=", Here),
    ("README.md", "mkdir -p", Here),
    ("README.md", "cp target/release", Here),
    (
        "README.md",
        "cargo install --path",
        Not("it builds the release; what lies where it puts the programs is run here"),
    ),
    (
        "plugin/README.md",
        "cargo build --package alitrail-plugin --example",
        By("acceptance/example_provider.rs", "a_file_is_created_repaired_changed_and_deleted"),
    ),
    ("plugin/README.md", "cargo test --package acceptance-tests", Not("it runs tests of this program")),
    (BASELINE, "terraform ", Here),
    (BASELINE, "alitrail mock -- terraform test", Here),
    ("examples/single-account/README.md", "", Here),
    ("examples/alerts/README.md", "", Here),
    ("examples/data-events/README.md", "", Here),
    ("examples/backfill/README.md", "terraform init", Here),
    (
        "examples/backfill/README.md",
        "terraform apply",
        By("acceptance/trail/examples.rs", "the_past_is_delivered_and_looked_up"),
    ),
    ("examples/organization/README.md", "terraform init", Here),
    (
        "examples/organization/README.md",
        "terraform apply",
        By("acceptance/roles.rs", "take_example(\"organization\")"),
    ),
    ("examples/org-rollout/README.md", "terraform init", Here),
    (
        "examples/org-rollout/README.md",
        "terraform apply",
        By("acceptance/members.rs", "the_rollout_reaches_the_accounts_of_its_waves"),
    ),
    (
        MOCK,
        "alitrail mock --listen",
        By("acceptance/admin_guide.rs", "the_guide_shows_the_line_that_programs_read"),
    ),
    (MOCK, "cd examples/modules/secure-trail-baseline", Here),
    (MOCK, "terraform init", Here),
    (MOCK, "alitrail mock -- terraform test -no-color", Here),
    (
        MOCK,
        "alitrail mock -- terraform test",
        By("acceptance/module_tests.rs", "the_tests_of_the_module_pass_on_the_mock"),
    ),
    (
        MOCK,
        "curl ",
        By("acceptance/admin_guide.rs", "the_examples_of_the_admin_interface_do_what_the_guide_says"),
    ),
    (
        MOCK,
        "TRAIL=",
        By("acceptance/admin_guide.rs", "the_examples_of_the_admin_interface_do_what_the_guide_says"),
    ),
    (
        MOCK,
        "alitrail mock --tls -- curl",
        By("../../cli/tests/mock/tls.rs", "curl_and_python_reach_the_mock_by_the_real_host_name"),
    ),
    (
        MOCK,
        "alitrail mock -- sh -c \"terraform plan && alitrail mock assert",
        By("../../cli/tests/mock/assert.rs", "what_was_called_is_counted"),
    ),
    (MOCK, "export http_proxy=", By("../sdk/sls_cli.py", "aliyunlog")),
    (MOCK, "export ALIYUN_LOG_CLI_", By("../sdk/sls_cli.py", "aliyunlog")),
    (MOCK, "aliyunlog ", By("../sdk/sls_cli.py", "aliyunlog")),
    (MOCK, "export ALIBABA_CLOUD_ACCESS_KEY_ID=", Not(FOREIGN)),
    (MOCK, "aliyun ", Not(FOREIGN)),
    (MOCK, "http_proxy=http://127.0.0.1:8089 aliyun ", Not(FOREIGN)),
    (MOCK, "KEYS=", Not(FOREIGN)),
    ("CONTRIBUTING.md", "cargo demo", Not("as in the README")),
    ("CONTRIBUTING.md", ".ci/run", Not("it runs this test")),
    ("CONTRIBUTING.md", "cargo build --workspace", Not("a step of .ci/run")),
    ("CONTRIBUTING.md", "ALITRAIL_TEST_BUILT=1 cargo test", Not("it runs tests of this program")),
    (MOCK, "ossutil ", Not(FOREIGN)),
    (
        "docs/guides/check-plan.md",
        "alitrail lint",
        By("../../cli/src/lint/tests.rs", "the_examples_have_no_unknown_key"),
    ),
    (AUDIT, "alitrail doctor", By("acceptance/audit.rs", "the_doctor_says_what_is_wrong_and_what_to_do")),
    (
        AUDIT,
        "alitrail audit",
        By("acceptance/audit.rs", "an_account_that_nobody_can_enter_is_named_and_the_others_are_judged"),
    ),
    (
        REMEDIATE,
        "alitrail remediate --organization --dry-run",
        By("acceptance/remediate.rs", "what_is_safe_is_made_right_and_nothing_else"),
    ),
    (
        REMEDIATE,
        "alitrail remediate --organization plan.json",
        By("acceptance/remediate.rs", "a_plan_is_carried_out_as_it_was_looked_at"),
    ),
    (
        REMEDIATE,
        "alitrail remediate --organization --plan-out",
        By("acceptance/remediate.rs", "a_plan_is_carried_out_as_it_was_looked_at"),
    ),
    (
        REMEDIATE,
        "alitrail remediate --organization --resume",
        By("acceptance/remediate.rs", "a_run_that_is_killed_goes_on_and_makes_nothing_twice"),
    ),
    (
        REMEDIATE,
        "alitrail remediate --organization --undo",
        By("acceptance/remediate.rs", "a_run_is_undone_but_for_what_is_evidence"),
    ),
    (
        CHECK_PLAN,
        "terraform plan -out",
        By("acceptance/check_plan.rs", "a_plan_of_the_baseline_passes_and_one_that_stops_the_trail_does_not"),
    ),
    (
        CHECK_PLAN,
        "terraform show -json plan.tfplan | alitrail",
        By("acceptance/check_plan.rs", "the_commands_of_the_guide_work"),
    ),
    (
        CHECK_PLAN,
        "alitrail rules --changes",
        By("acceptance/check_plan.rs", "the_commands_of_the_guide_work"),
    ),
    (
        CHECK_PLAN,
        "alitrail check-plan plan.tfplan",
        By("acceptance/check_plan.rs", "a_plan_of_the_baseline_passes_and_one_that_stops_the_trail_does_not"),
    ),
    (
        CHECK_PLAN,
        "alitrail check-plan plan.json",
        By("acceptance/check_plan.rs", "the_commands_of_the_guide_work"),
    ),
];

/// Languages of fences that hold no commands.
const NO_COMMANDS: [&str; 7] = ["terraform", "hcl", "text", "json", "python", "rust", "toml"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The documents by their path: README, guides, READMEs of examples and modules, and those of the framework.
fn documents() -> Vec<String> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let alone = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "plugin/README.md"];
    let mut found: Vec<PathBuf> = alone.iter().map(|name| root().join(name)).collect();
    for directory in ["docs/guides", "examples", "plugin/docs", "acceptance-tests/fixtures"] {
        walk(&root().join(directory), &mut found);
    }
    let name = |path: PathBuf| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    found.into_iter().map(name).collect()
}

/// The fenced blocks of a document, with their languages.
fn blocks(document: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match (line.strip_prefix("```"), open) {
            (Some(language), false) => found.push((language.trim().to_owned(), String::new())),
            (Some(_), true) => {}
            (None, true) => {
                let (_, block) = found.last_mut().unwrap();
                block.push_str(line);
                block.push('\n');
            }
            (None, false) => continue,
        }
        if line.starts_with("```") {
            open = !open;
        }
    }
    found
}

/// The commands of a block: all of a `sh` block, and in a `console` block those behind a prompt.
fn commands(language: &str, block: &str) -> Vec<String> {
    let joined = block.replace("\\\n", "");
    let lines = joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let typed = |line: &str| match language {
        "sh" => Some(line.to_owned()),
        "console" => line.strip_prefix("$ ").map(str::to_owned),
        _ => None,
    };
    lines.filter_map(typed).collect()
}

fn handling(document: &str, command: &str) -> Option<(usize, Handling)> {
    let fits = |(of, begins, _): &(&str, &str, Handling)| *of == document && command.starts_with(begins);
    COMMANDS.iter().position(fits).map(|index| (index, COMMANDS[index].2))
}

#[test]
fn every_command_is_run_or_listed_with_a_reason() {
    let (mut problems, mut used) = (Vec::new(), BTreeSet::new());
    for document in documents() {
        for (language, block) in blocks(&document) {
            let language = language.split(',').next().unwrap_or_default();
            if !["sh", "console"].contains(&language) {
                if !NO_COMMANDS.contains(&language) {
                    problems.push(format!(
                        "{document}: a block in {language:?}, which may hold commands:\n{block}"
                    ));
                }
                continue;
            }
            for command in commands(language, &block) {
                match handling(&document, &command) {
                    Some((index, _)) => drop(used.insert(index)),
                    None => problems.push(format!("{document}: no test runs: {command}")),
                }
            }
        }
    }
    for (index, (document, begins, handling)) in COMMANDS.iter().enumerate() {
        if !used.contains(&index) {
            problems.push(format!("{document} has no command (any more) that begins with {begins:?}"));
        }
        if let Not(reason) = handling {
            assert!(!reason.is_empty());
        }
        if let By(file, part) = handling {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
            let text = fs::read_to_string(&path).unwrap_or_default();
            // A test, unless it is a text that shows the command.
            let is_test = path.extension().is_some_and(|extension| extension == "rs") && !part.contains('(');
            let wanted = if is_test { format!("fn {part}()") } else { (*part).to_owned() };
            if part.is_empty() || !text.contains(&wanted) {
                problems.push(format!("{document}, {begins:?}: {file} has no {part:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A machine with the provider, the command and Terraform installed, and a copy of the examples.
struct Machine {
    cloud: Cloud,
    directory: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Machine { cloud: Cloud::start(), directory: tempfile::tempdir().unwrap() };
        let (bin, home) = (machine.path("bin"), machine.path("home"));
        fs::create_dir_all(&home).unwrap();
        fs::create_dir_all(&bin).unwrap();
        copy_all(&root().join("examples"), &machine.path("checkout/examples"));
        fs::copy(&artifacts().alitrail, bin.join("alitrail")).unwrap();
        let terraform = full();
        match terraform.shim(machine.directory.path()).unwrap() {
            Some(directory) => assert_eq!(directory, bin),
            None => {
                let path = terraform.executable().unwrap();
                let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", path.display());
                fs::write(bin.join("terraform"), script).unwrap();
                Command::new("chmod").args(["+x"]).arg(bin.join("terraform")).status().unwrap();
            }
        }
        // What the README says under "Install", but for the build.
        let built = machine.path("checkout/target/release");
        fs::create_dir_all(&built).unwrap();
        fs::copy(&artifacts().plugin, built.join("terraform-provider-alitrail")).unwrap();
        let install = here("README.md").join("\n").replace("linux_amd64", &platform());
        machine.run("checkout", &install);
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs a script in a directory, to success; gives what it printed.
    fn run(&self, directory: &str, script: &str) -> String {
        const REACHED: &str = "the destroy is reached";
        let last = script.trim_end().lines().last().unwrap_or_default();
        let marked = script.replace(last, &format!("echo {REACHED}\n{last}"));
        let output =
            self.output(directory, if last.starts_with("terraform destroy") { &marked } else { script });
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // The READMEs say that a destroy keeps what holds evidence, which arrives after a while. All before it has worked.
        let kept = out.contains(REACHED) && err.contains("force_destroy");
        assert!(output.status.success() || kept, "{script}\n{out}\n{err}");
        out.into_owned()
    }

    fn output(&self, directory: &str, script: &str) -> Output {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", script]).current_dir(self.path(directory));
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["TF_", "ALITRAIL_", "ALICLOUD_", "ALIBABA"].iter().any(|prefix| text.starts_with(prefix)) {
                shell.env_remove(&name);
            }
        }
        shell
            .env("HOME", self.path("home"))
            .env("XDG_CACHE_HOME", self.path("home/.cache"))
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1")
            // A person answers `yes`.
            .env("TF_CLI_ARGS_apply", "-auto-approve")
            .env("TF_CLI_ARGS_destroy", "-auto-approve")
            .env("TF_INPUT", "0")
            .env("ALITRAIL_ENDPOINT_URL", &self.cloud.endpoint_url)
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", &self.cloud.access_key)
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &self.cloud.secret_key)
            .env("ALIBABA_CLOUD_REGION", REGION)
            .env("TF_VAR_name", "audit-trail");
        shell.output().unwrap()
    }

    /// Runs what a document has for this module to run, block by block, in its own directory.
    fn follow(&self, document: &str) {
        let directory = format!("checkout/{}", Path::new(document).parent().unwrap().display());
        for block in blocks_here(document) {
            println!("{document}:\n{block}");
            // What a person puts in.
            let filled = block
                .replace("ACCESS_KEY_ID=…", &format!("ACCESS_KEY_ID={}", self.cloud.access_key))
                .replace("ACCESS_KEY_SECRET=…", &format!("ACCESS_KEY_SECRET={}", self.cloud.secret_key));
            self.run(&directory, &filled);
        }
    }
}

/// The commands that this module runs, of each block that has some.
fn blocks_here(document: &str) -> Vec<String> {
    let of_block = |(language, block): &(String, String)| {
        let run = |command: &String| matches!(handling(document, command), Some((_, Here)));
        let commands: Vec<String> = commands(language, block).into_iter().filter(run).collect();
        (!commands.is_empty()).then(|| commands.join("\n"))
    };
    blocks(document).iter().filter_map(of_block).collect()
}

fn here(document: &str) -> Vec<String> {
    blocks_here(document)
}

/// The platform as the directory of an installed provider names it.
fn platform() -> String {
    let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{machine}")
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), entry.file_name());
        // What a person's own run left behind is no part of an example.
        if name.to_string_lossy().starts_with(".terraform") || name.to_string_lossy().contains("tfstate") {
            continue;
        }
        if path.is_dir() {
            copy_all(&path, &to.join(name))
        } else {
            fs::copy(&path, to.join(name)).map(drop).unwrap()
        }
    }
}

#[test]
fn the_commands_of_the_single_account_example_work() {
    Machine::new().follow("examples/single-account/README.md");
}

#[test]
fn the_commands_of_the_alerts_example_work() {
    Machine::new().follow("examples/alerts/README.md");
}

#[test]
fn the_commands_of_the_other_examples_work() {
    let machine = Machine::new();
    for example in ["data-events", "backfill", "organization"] {
        machine.follow(&format!("examples/{example}/README.md"));
    }
}

#[test]
fn the_commands_of_the_baseline_module_work() {
    // Each block speaks of a module that is applied.
    for block in blocks_here(BASELINE) {
        let machine = Machine::new();
        let directory = "checkout/examples/modules/secure-trail-baseline";
        machine.run(directory, "terraform init\nterraform apply");
        machine.run(directory, &block);
    }
}

#[test]
fn the_tests_of_the_module_run_as_the_guide_prints_it() {
    let machine = Machine::new();
    let blocks = here(MOCK);
    assert_eq!(blocks.len(), 1, "{blocks:?}");
    let said = machine.run("checkout", &blocks[0]);
    let shown = self::blocks(MOCK).into_iter().find(|(_, block)| block.contains("cd examples/")).unwrap().1;
    for line in shown.lines().filter(|line| !line.starts_with('$') && !line.is_empty()) {
        assert!(said.lines().any(|said| said.trim() == line.trim()), "{line:?} is not in\n{said}");
    }
}

/// A text without what differs from run to run: numbers, and blanks that fill a column.
fn shape(line: &str) -> String {
    let digits = line.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    let mut words: Vec<String> = digits.split_whitespace().map(str::to_owned).collect();
    for word in &mut words {
        while word.contains("00") {
            *word = word.replace("00", "0");
        }
    }
    words.join(" ")
}

/// `cargo install` puts both programs into one directory, and nothing else.
#[test]
fn an_installed_demo_is_as_the_readme_shows_it() {
    let machine = Machine::new();
    fs::copy(&artifacts().plugin, machine.path("bin/terraform-provider-alitrail")).unwrap();
    let said = machine.run("home", "unset TF_CLI_ARGS_apply TF_CLI_ARGS_destroy TF_VAR_name; alitrail demo");
    let wide: Vec<&str> = said.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "wider than 80 columns:\n{}", wide.join("\n"));
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    // In a checkout the provider is built first.
    let from = |text: &str| -> Vec<String> {
        let lines = text.lines().skip_while(|line| !line.contains("Terraform is there"));
        lines.map(shape).collect()
    };
    assert_eq!(
        from(&said).join("\n"),
        from(shown).join("\n"),
        "the README shows another output than:\n{said}"
    );
    // What is printed can be pasted.
    let addresses = said.lines().map(str::trim).filter(|line| line.starts_with('\'') && line.ends_with('\''));
    assert!(addresses.clone().count() >= 3 && said.contains("$ terraform apply plan.tfplan"), "{said}");
}
