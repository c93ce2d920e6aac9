//! How long a large plan takes, and how much memory: `cargo run --release -p alitrail-plan-check --example large_plan [MB [N]]`.
//! Most resources of a large plan have nothing to do with audit trails: every Nth is a bucket, by default every twentieth.

use std::fmt::Write as _;
use std::time::Instant;

use baseline::{Profile, Selection, Verdict};
use plan_check::Options;
use time::OffsetDateTime;

fn resource(plan: &mut String, number: usize, every: usize, is_change: bool) {
    let is_ours = number.is_multiple_of(every);
    let (kind, provider) =
        if is_ours { ("alicloud_oss_bucket", "aliyun/alicloud") } else { ("aws_instance", "hashicorp/aws") };
    let filler = "x".repeat(700);
    let values = format!(
        r#"{{"bucket":"bucket-{number}","acl":"private","force_destroy":false,"versioning":[{{"status":"Enabled"}}],"description":"{filler}"}}"#
    );
    let comma = if number == 0 { "" } else { "," };
    let head = format!(
        r#"{comma}{{"address":"{kind}.r[{number}]","mode":"managed","type":"{kind}","name":"r","index":{number},"provider_name":"registry.terraform.io/{provider}""#
    );
    let body = if is_change {
        format!(
            r#","change":{{"actions":["update"],"before":{values},"after":{values},"after_unknown":{{}},"before_sensitive":{{}},"after_sensitive":{{}}}}}}"#
        )
    } else {
        format!(r#","schema_version":0,"values":{values},"sensitive_values":{{}}}}"#)
    };
    plan.push_str(&head);
    plan.push_str(&body);
}

/// The most memory that this process had, in MiB (Linux only).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let megabytes: usize = std::env::args().nth(1).map_or(Ok(20), |text| text.parse())?;
    let every: usize = std::env::args().nth(2).map_or(Ok(20), |text| text.parse())?;
    let count = megabytes * 1_000_000 / 3_150;
    let mut plan = String::from(
        r#"{"format_version":"1.2","terraform_version":"1.13.0","planned_values":{"root_module":{"resources":["#,
    );
    (0..count).for_each(|number| resource(&mut plan, number, every, false));
    plan.push_str(r#"]}},"resource_changes":["#);
    (0..count).for_each(|number| resource(&mut plan, number, every, true));
    let _ = write!(plan, r#"],"configuration":{{"root_module":{{}}}},"complete":true,"errored":false}}"#);
    let options =
        Options { file: "plan.json".into(), expect_baseline: false, now: OffsetDateTime::now_utc() };
    let begun = Instant::now();
    let checked = plan_check::check(&plan, &Selection::new(Profile::Baseline), &options)?;
    let took = begun.elapsed();
    let failures = checked.report.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).count();
    println!(
        "{:.1} MB, {} resources of which {} were judged, {failures} failures: {took:.2?}, {} MiB at most",
        plan.len() as f64 / 1e6,
        count,
        checked.resources,
        peak().map_or_else(|| "unknown".to_owned(), |peak| peak.to_string())
    );
    Ok(())
}
