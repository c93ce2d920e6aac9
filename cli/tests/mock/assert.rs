//! `alitrail mock assert`: its exit code says whether a mock has seen what it should have seen.

use super::{alitrail, said};

/// A script that asks the mock as nobody, which is refused, and knows the command by `$A`.
fn run(options: &[&str], script: &str) -> std::process::Output {
    let mut mock = alitrail();
    let asks = format!(
        "ask() {{ curl -s -o /dev/null \"$ALITRAIL_ENDPOINT_URL/?Action=$1&Version=2020-07-06\"; }}\n{script}"
    );
    mock.args(options).args(["--", "sh", "-c", &asks]).env("A", env!("CARGO_BIN_EXE_alitrail"));
    mock.output().unwrap()
}

#[test]
fn what_was_called_is_counted() {
    let held = run(
        &[],
        "ask DescribeTrails; ask DescribeTrails
        $A mock assert --no-writes --calls 'DescribeTrails<=3' --calls 'actiontrail:DescribeTrails=2'",
    );
    assert!(held.status.success(), "{held:?}");
    assert_eq!(String::from_utf8_lossy(&held.stdout).lines().count(), 3, "each expectation is named");

    // An admin interface that needs a token is asked with it.
    let failed = run(
        &["--admin-token", "a-token-of-my-own"],
        "ask DescribeTrails; ask CreateTrail
        $A mock assert --no-writes --no-errors --calls 'DescribeTrails>1' --calls CreateTrail=1",
    );
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let said = said(&failed);
    assert!(said.contains("3 of 4 expectations do not hold"), "{said}");
    assert!(said.contains("no writes: actiontrail:CreateTrail (1 call)"), "{said}");
    assert!(said.contains("DescribeTrails>1: 1 call"), "{said}");
}

#[test]
fn what_cannot_be_judged_has_exit_codes_of_its_own() {
    for (arguments, code, wanted) in [
        ("--calls 'DescribeTrail<=3'", 64, "did you mean DescribeTrails?"),
        ("", 64, "--no-writes"),
        ("--no-writes --admin-url http://127.0.0.1:1", 2, "admin interface"),
        ("--no-writes --admin-url $ALITRAIL_ENDPOINT_URL", 2, "admin interface"),
    ] {
        let output = run(&[], &format!("$A mock assert {arguments}"));
        assert_eq!(output.status.code(), Some(code), "{arguments}: {output:?}");
        assert!(said(&output).contains(wanted), "{arguments}: {output:?}");
    }
    let only_later = run(
        &[],
        "ask CreateTrail
        last=$(curl -s \"$ALITRAIL_MOCK_ADMIN_URL/v1/requests\" | sed 's/.*\"last\":\\([0-9]*\\).*/\\1/')
        ask DescribeTrails
        $A mock assert --since $last --no-writes --calls DescribeTrails=1",
    );
    assert!(only_later.status.success(), "{only_later:?}");
}

#[test]
fn switches_are_listed_without_a_mock() {
    for (format, wanted) in [("text", "quotas=on|off\n"), ("json", "\"name\":\"quotas\"")] {
        let output = alitrail().args(["--list-switches", "--format", format]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains(wanted), "{output:?}");
    }
}

#[test]
fn variables_say_what_options_say() {
    let mut mock = alitrail();
    let script = "env | grep -c ^ALITRAIL_MOCK_; curl -s $ALITRAIL_MOCK_ADMIN_URL/v1/switches; \
                  curl -s $ALITRAIL_MOCK_ADMIN_URL/v1/accounts";
    mock.args(["--", "sh", "-c", script]);
    mock.env("ALITRAIL_MOCK_SWITCHES", "oss_name_hold=off,ram_lag=5s").env("ALITRAIL_MOCK_ACCOUNTS", "1");
    mock.env("ALITRAIL_MOCK_QUOTAS", "off").env("ALITRAIL_MOCK_LISTEN", "127.0.0.1:0");
    let output = mock.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    let (count, rest) = out.split_once('\n').unwrap();
    assert_eq!(count, "1", "only where the admin interface is: a mock in the command is one of its own");
    let documents: Vec<serde_json::Value> =
        serde_json::Deserializer::from_str(rest).into_iter().map(Result::unwrap).collect();
    for (name, value) in [("oss_name_hold", "off"), ("ram_lag", "5s"), ("quotas", "off")] {
        assert_eq!(documents[0][name]["value"], value, "{name}");
    }
    assert_eq!(documents[1].as_object().unwrap().len(), 2);
}
