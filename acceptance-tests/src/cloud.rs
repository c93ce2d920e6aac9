//! A mock cloud in a process of its own, and what a test wants to know of it.

use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_kit::admin::Admin;

use crate::artifacts;

/// The region in which tests work unless they say otherwise.
pub const REGION: &str = "cn-hangzhou";

/// One request in the mock's log.
#[derive(Debug, Clone)]
pub struct Request {
    /// The API action.
    pub action: String,
    /// Whether it changes something.
    pub write: bool,
    /// Whether the service did what was asked, as far as the answer says.
    pub accepted: bool,
    /// Whether it was carried out without an answer.
    pub lost: bool,
}

/// A running mock; stopped when dropped. Dereferences to its admin interface.
#[derive(Debug)]
pub struct Cloud {
    child: Child,
    admin: Admin,
    /// Where every API is served.
    pub endpoint_url: String,
    /// An access key of the account itself.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
    /// The account.
    pub account_id: String,
    /// The address of the admin interface.
    pub admin_url: String,
    /// The certificate of its authority, of a mock with TLS.
    pub ca_certificate: Option<String>,
    /// The same with those of the system.
    pub ca_bundle: Option<String>,
}

impl Cloud {
    /// Starts a mock on a free port, with the switches of `ALITRAIL_TEST_SWITCHES`.
    pub fn start() -> Self {
        let chosen = std::env::var("ALITRAIL_TEST_SWITCHES").unwrap_or_default();
        let chosen = chosen.split(',').filter_map(|switch| switch.split_once('='));
        Self::with_switches(&chosen.collect::<Vec<_>>())
    }

    /// Starts a mock with switches at other values than their defaults.
    pub fn with_switches(switches: &[(&str, &str)]) -> Self {
        let settings: Vec<String> = switches.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Self::with(&settings.iter().flat_map(|setting| ["--switch", setting]).collect::<Vec<_>>())
    }

    /// Starts a mock with further arguments of `alitrail mock`.
    pub fn with(arguments: &[&str]) -> Self {
        let mut command = Command::new(&artifacts().alitrail);
        command.args(["mock", "--listen", "127.0.0.1:0"]).args(arguments);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ALITRAIL_MOCK_") {
                command.env_remove(&name);
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("alitrail mock starts");
        let stdout = child.stdout.take().expect("its standard output");
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines();
            let _ = sender.send(lines.next());
            // Keeps the pipe open for as long as the process lives.
            lines.for_each(drop);
        });
        let line = receiver.recv_timeout(Duration::from_secs(30)).expect("ready line within 30 s");
        let line = line.expect("a ready line").expect("readable output");
        let ready: Value = serde_json::from_str(&line).expect("the ready line is JSON");
        let file = |name: &str| ready[name].as_str().map(str::to_owned);
        let text = |name: &str| ready[name].as_str().unwrap_or_else(|| panic!("{name} in {line}")).to_owned();
        Cloud {
            child,
            admin: Admin::new(&text("admin_url")),
            endpoint_url: text("endpoint_url"),
            access_key: text("access_key"),
            secret_key: text("secret_key"),
            account_id: text("account_id"),
            admin_url: text("admin_url"),
            ca_certificate: file("ca_certificate_file"),
            ca_bundle: file("ca_bundle_file"),
        }
    }

    /// The path of a trail's document.
    pub fn trail(&self, name: &str) -> String {
        format!("{}/actiontrail/trails/{name}", self.region(REGION))
    }

    /// The path of a log project's document.
    pub fn project(&self, name: &str) -> String {
        format!("{}/sls/projects/{name}", self.region(REGION))
    }

    /// The path of a bucket's document.
    pub fn bucket(&self, name: &str) -> String {
        format!("oss/buckets/{name}")
    }

    /// The path of what the account has in a region.
    pub fn region(&self, region: &str) -> String {
        format!("accounts/{}/regions/{region}", self.account_id)
    }

    /// A point in the request log.
    pub fn mark(&self) -> u64 {
        self.get("requests?since=9223372036854775807").expect("request log")["last"]
            .as_u64()
            .expect("a number")
    }

    /// Requests after a point.
    pub fn requests_since(&self, mark: u64) -> Vec<Request> {
        let log = self.get(&format!("requests?since={mark}")).expect("request log");
        let requests = log["requests"].as_array().expect("a list").iter();
        requests
            .map(|entry| Request {
                action: entry["action"].as_str().unwrap_or_default().to_owned(),
                write: entry["write"] == true,
                accepted: entry["status"].as_u64().is_none_or(|status| status < 400),
                lost: entry["faults"].as_array().is_some_and(|faults| faults.contains(&json!("lost_answer"))),
            })
            .collect()
    }

    /// Waits until each of these actions was asked for after a point. They are in the log before they are answered.
    ///
    /// # Panics
    /// When one of them has not come after a minute.
    pub fn wait_for_requests(&self, mark: u64, actions: &[&str]) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let seen = self.requests_since(mark);
            let is_seen = |action: &&&str| seen.iter().any(|request| request.action == **action);
            let missing: Vec<&&str> = actions.iter().filter(|action| !is_seen(action)).collect();
            if missing.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "{missing:?} not asked for within 60 s");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Requests after a point that change something.
    pub fn writes_since(&self, mark: u64) -> Vec<Request> {
        self.requests_since(mark).into_iter().filter(|request| request.write).collect()
    }

    /// The calls since a mark that took something away, as far as they were carried out.
    pub fn removals_since(&self, mark: u64) -> Vec<String> {
        let taking = ["Delete", "Abort", "Detach", "Stop", "Disable", "Untag"];
        let writes = self.writes_since(mark).into_iter().filter(|request| request.accepted);
        writes
            .map(|request| request.action)
            .filter(|action| taking.iter().any(|verb| action.starts_with(verb)))
            .collect()
    }

    /// Replaces the fault rules.
    pub fn set_faults(&self, rules: &Value) {
        self.put("faults", rules).expect("fault rules");
    }

    /// Moves the service clock on; signatures are not affected.
    pub fn advance_clock(&self, seconds: u64) {
        self.post("clock", &json!({ "advance_seconds": seconds })).expect("clock");
    }

    /// Every bucket, trail, project and record that exists, but for the projects that ActionTrail makes for data events and
    /// keeps.
    pub fn remains(&self) -> Vec<String> {
        let keys = |kind: &str, map: &Value| {
            let keys = map.as_object().into_iter().flat_map(|map| map.keys().cloned());
            keys.map(|key| format!("{kind} {key}")).collect::<Vec<_>>()
        };
        let mut left = keys("bucket", &self.get("oss/buckets").expect("buckets"));
        let regions = self.get(&format!("accounts/{}/regions", self.account_id)).expect("regions");
        for region in regions.as_object().into_iter().flat_map(|regions| regions.values()) {
            left.extend(keys("trail", &region["actiontrail"]["trails"]));
            let projects = keys("project", &region["sls"]["projects"]);
            left.extend(
                projects.into_iter().filter(|project| !project.starts_with("project actiontrail-log-")),
            );
            let tables = region["sls"]["resources"].as_object();
            left.extend(tables.into_iter().flatten().flat_map(|(name, table)| keys(name, &table["records"])));
        }
        left
    }
}

impl Deref for Cloud {
    type Target = Admin;

    fn deref(&self) -> &Admin {
        &self.admin
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
