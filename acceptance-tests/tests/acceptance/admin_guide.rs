//! The guide to the mock cloud speaks of its admin interface in commands that can be copied. They are run here as they stand
//! there, in their order, by a shell; only the addresses and the account are those of the mock that runs.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use acceptance_tests::{Cloud, REGION};
use alibaba::actiontrail::{DescribeTrails, TrailSettings};
use alibaba::credentials::{Chain, Sources};
use alibaba::oss::NewBucket;
use alibaba::sls::NewProject;
use serde_json::{Value, json};

const GUIDE: &str = include_str!("../../../docs/guides/mock-cloud.md");

/// How far the clock has moved before the first example, in seconds: the trail has delivered.
const DELIVERED: u64 = 60;

/// A mock, and the places of its things that the examples are about.
struct Fixture {
    cloud: Cloud,
    trail: String,
    runtime: tokio::runtime::Runtime,
}

/// What is to be seen after an example: a part of its command, and a look at the mock and at what curl printed.
type Example = (&'static str, fn(&Fixture, &Value));

/// The examples in the order of the guide.
const EXAMPLES: &[Example] = &[
    ("v1/$TRAIL", |_, answer| assert_eq!(answer["OssBucketName"], "my-bucket")),
    ("-X PATCH", |fixture, answer| {
        let trail = fixture.cloud.get(&fixture.trail).unwrap();
        assert_eq!((&trail["TrailRegion"], &trail["Status"]), (&json!("cn-hangzhou"), &json!("Disable")));
        assert_eq!(answer, &trail);
        assert!(!fixture.is_logging());
    }),
    ("-X DELETE", |fixture, _| assert_eq!(keys(&fixture.cloud.get("oss/buckets").unwrap()), ["my-bucket"])),
    ("sls/projects", |_, answer| assert_eq!(keys(answer), ["my-project"])),
    ("ram/roles", |_, answer| assert_eq!(keys(answer), ["AliyunServiceRoleForActionTrail"])),
    ("oss/buckets/my-bucket", |_, answer| assert_eq!(answer["ACL"], "private")),
    ("oss/objects/my-bucket", |_, answer| {
        assert!(keys(answer).iter().any(|key| key.starts_with("AliyunLogs/")), "{answer}");
    }),
    ("v1/directories", |_, answer| {
        let directory = answer.as_object().unwrap().values().next().unwrap();
        assert_eq!(keys(&directory["members"]).len(), 2);
    }),
    ("requests?service=actiontrail&write=true", |_, answer| {
        let actions: Vec<&str> = answer["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|request| request["action"].as_str().unwrap())
            .collect();
        assert_eq!(actions, ["CreateTrail", "StartLogging"]);
    }),
    ("-X DELETE", |fixture, _| assert_eq!(fixture.cloud.get("requests").unwrap()["requests"], json!([]))),
    ("ram/users/auditor", |fixture, _| {
        let users = fixture.cloud.get(&format!("accounts/{}/ram/users", fixture.cloud.account_id)).unwrap();
        assert_eq!(users["auditor"]["policies"], json!(["AliyunActionTrailReadOnlyAccess"]));
    }),
    ("access_keys/auditor-key", |fixture, _| {
        let trails = fixture.client("auditor-key", "auditor-secret").actiontrail(REGION);
        let seen = fixture.runtime.block_on(trails.describe_trails(DescribeTrails::default())).unwrap();
        assert_eq!(seen[0].name, "audit-trail");
        let refused = fixture.runtime.block_on(trails.start_logging("audit-trail")).unwrap_err();
        assert!(refused.is_code("NoPermission"), "{refused}");
    }),
    ("advance_seconds", |_, answer| assert_eq!(answer["offset_seconds"], DELIVERED + 600)),
    ("v1/clock", |_, answer| assert_eq!(answer["offset_seconds"], DELIVERED + 600)),
    ("-d @faults.json", |fixture, answer| {
        assert_eq!(kinds(answer), ["throttle", "lost_answer", "server_error"]);
        assert_eq!(fixture.throttled(), 2);
    }),
    ("v1/faults", |_, answer| {
        assert_eq!((&answer[0]["matched"], &answer[0]["injected"]), (&json!(3), &json!(2)));
    }),
    ("-d '[]'", |fixture, _| {
        assert_eq!(fixture.cloud.get("faults").unwrap(), json!([]));
        assert_eq!(fixture.throttled(), 0);
    }),
    ("update_trail", |_, answer| assert_eq!(answer["update_trail"]["value"], "replace")),
    ("v1/switches", |_, answer| {
        assert_eq!(answer["update_trail"]["value"], "replace");
        assert!(answer["quotas"]["source"].is_string());
    }),
    ("v1/stop", |fixture, _| {
        let until = Instant::now() + Duration::from_secs(10);
        while fixture.cloud.get("clock").is_ok() {
            assert!(Instant::now() < until, "it still runs");
            std::thread::sleep(Duration::from_millis(20));
        }
    }),
];

impl Fixture {
    /// A mock with what the guide takes for granted: a trail that logs into a bucket and has delivered,
    /// another bucket, a log project and a directory.
    fn new() -> Self {
        let cloud = Cloud::with(&["--accounts", "2"]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let fixture = Fixture { trail: cloud.trail("audit-trail"), cloud, runtime };
        fixture.runtime.block_on(async {
            let client = fixture.own();
            for name in ["my-bucket", "old-bucket"] {
                let bucket = NewBucket { bucket: name.to_owned(), ..NewBucket::default() };
                client.oss(REGION).put_bucket(&bucket).await.unwrap();
            }
            let project = NewProject { project_name: "my-project".to_owned(), ..NewProject::default() };
            client.sls(REGION).create_project(&project).await.unwrap();
            let settings = TrailSettings {
                name: "audit-trail".to_owned(),
                oss_bucket_name: Some("my-bucket".to_owned()),
                event_rw: "All".to_owned(),
                trail_region: "All".to_owned(),
                ..TrailSettings::default()
            };
            let trails = client.actiontrail(REGION);
            trails.create_trail(&settings, false).await.unwrap();
            trails.start_logging("audit-trail").await.unwrap();
        });
        fixture.cloud.advance_clock(DELIVERED);
        fixture
    }

    fn client(&self, key: &str, secret: &str) -> alibaba::Client {
        let sources = Sources {
            access_key_id: Some(key.to_owned()),
            secret: Some(alibaba::Secret::from(secret)),
            ..Sources::default()
        };
        let mut config = alibaba::Config::new(Chain::new(sources));
        config.endpoints.endpoint_url = Some(self.cloud.endpoint_url.clone());
        alibaba::Client::new(config).unwrap()
    }

    fn own(&self) -> alibaba::Client {
        self.client(&self.cloud.access_key, &self.cloud.secret_key)
    }

    fn is_logging(&self) -> bool {
        let trails = self.own().actiontrail(REGION);
        self.runtime.block_on(trails.get_trail_status("audit-trail", false)).unwrap().is_logging
    }

    /// How often a client has to be told to come again before it sees the trails.
    fn throttled(&self) -> usize {
        let mark = self.cloud.mark();
        let trails = self.own().actiontrail(REGION);
        self.runtime.block_on(trails.describe_trails(DescribeTrails::default())).unwrap();
        self.cloud.requests_since(mark).iter().filter(|request| !request.accepted).count()
    }

    /// Runs an example as the shell would and gives what curl printed.
    fn run(&self, folder: &Path, variables: &[String], command: &str) -> Value {
        let address = |text: &str| {
            text.replace("http://127.0.0.1:8090", &self.cloud.admin_url)
                .replace("http://127.0.0.1:8089", &self.cloud.endpoint_url)
                .replace("1000000000000001", &self.cloud.account_id)
        };
        // Not every machine has curl, but what the tests need has Python.
        let curl = concat!("curl() { python3 -B '", env!("CARGO_MANIFEST_DIR"), "/sdk/curl.py' \"$@\"; }");
        let script = format!("{curl}\n{}\n{}", address(&variables.join("\n")), address(command));
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(folder);
        let output = shell.output().expect("a shell");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{script}\n{out}{err}");
        if out.is_empty() { Value::Null } else { serde_json::from_str(&out).expect("JSON") }
    }
}

fn keys(map: &Value) -> Vec<&str> {
    map.as_object().expect("a map").keys().map(String::as_str).collect()
}

fn kinds(rules: &Value) -> Vec<&str> {
    rules.as_array().expect("a list").iter().map(|rule| rule["kind"].as_str().unwrap()).collect()
}

/// The commands of the guide's console blocks, without what they print.
fn commands() -> Vec<String> {
    let blocks = GUIDE.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    let joined: Vec<String> = blocks.map(|block| block.replace("\\\n", " ")).collect();
    let lines = joined.iter().flat_map(|block| block.lines());
    lines.filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect()
}

/// The guide's list of fault rules.
fn faults() -> &'static str {
    let (_, faults) = GUIDE.split_once("\n## Faults\n").expect("a section about faults");
    let (_, list) = faults.split_once("```json\n").expect("an example");
    list.split("```").next().unwrap_or_default()
}

#[test]
fn the_examples_of_the_admin_interface_do_what_the_guide_says() {
    let fixture = Fixture::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("faults.json"), faults()).unwrap();
    let commands = commands();
    let variables: Vec<String> =
        commands.iter().filter(|command| command.starts_with("TRAIL=")).cloned().collect();
    let curls: Vec<&String> = commands.iter().filter(|command| command.starts_with("curl ")).collect();
    assert_eq!(curls.len(), EXAMPLES.len(), "{curls:#?}");
    for (command, (part, look)) in curls.into_iter().zip(EXAMPLES) {
        assert!(command.contains(part), "{part} is not in {command}");
        println!("{command}");
        look(&fixture, &fixture.run(folder.path(), &variables, command));
    }
}

#[test]
fn every_path_of_the_admin_interface_has_an_example() {
    let (_, table) = GUIDE.split_once("| Path below `/v1` | What is there |").expect("the table of paths");
    let rows = table.lines().take_while(|line| line.is_empty() || line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let paths = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let curls: Vec<String> = commands().into_iter().filter(|command| command.starts_with("curl ")).collect();
    let mut count = 0;
    for path in paths {
        // The last part that is no placeholder: `accounts/ID/ram/roles/NAME` is about roles.
        let mut parts = path.rsplit('/').filter(|part| part.chars().any(char::is_lowercase));
        let thing = parts.next().expect("a word");
        let shown = if thing == "trails" { "$TRAIL" } else { thing };
        assert!(curls.iter().any(|command| command.contains(shown)), "{path} has no example");
        count += 1;
    }
    assert!(count >= 13, "{count} paths");
}

#[test]
fn the_fault_rules_of_the_guide_hold_from_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.json");
    std::fs::write(&file, faults()).unwrap();
    let cloud = Cloud::with(&["--faults", file.to_str().unwrap()]);
    let given: Value = serde_json::from_str(faults()).unwrap();
    let rules = cloud.get("faults").unwrap();
    assert_eq!(kinds(&rules), kinds(&given));
    for (rule, given) in rules.as_array().unwrap().iter().zip(given.as_array().unwrap()) {
        for (name, value) in given.as_object().unwrap() {
            assert_eq!(&rule[name], value, "{name}");
        }
        assert_eq!(rule["injected"], 0);
    }
}

#[test]
fn the_guide_shows_the_line_that_programs_read() {
    let line = GUIDE.lines().find(|line| line.starts_with("{\"endpoint_url\"")).expect("the ready line");
    let shown: Value = serde_json::from_str(line).unwrap();
    let cloud = Cloud::start();
    for (name, value) in [
        ("access_key", &cloud.access_key),
        ("secret_key", &cloud.secret_key),
        ("account_id", &cloud.account_id),
    ] {
        assert_eq!(&shown[name], value, "{name}");
    }
}
