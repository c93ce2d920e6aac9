//! Reports in every format: each is read back by something that was not written here.

use baseline::{Finding, Resource};

use super::*;

fn finding(rule: &'static str, verdict: Verdict, account: &str, id: &str) -> Finding {
    Finding {
        rule,
        severity: baseline::rule(rule).unwrap().severity,
        verdict,
        account: account.to_owned(),
        account_name: Some("prod | \"main\"".to_owned()),
        region: Some("cn-hangzhou".to_owned()),
        resource: Resource::new("trail", id),
        message: format!("Trail {id} <is> \"stopped\", | it seems."),
        remedy: Some("Call StartLogging.".to_owned()),
        action: (verdict == Verdict::CouldNotLook).then(|| "actiontrail:DescribeTrails".to_owned()),
        exception: (verdict == Verdict::Excepted).then(|| "accepted until 2030-01-01: known".to_owned()),
        location: None,
    }
}

fn document() -> Document {
    let findings = vec![
        finding("AT-01", Verdict::Fail, "1000000000000001", "audit"),
        finding("AT-05", Verdict::Fail, "1000000000000001", "=cmd()"),
        finding("AT-03", Verdict::Pass, "1000000000000001", "audit"),
        finding("AT-07", Verdict::Unknown, "1000000000000002", "audit"),
        finding("AT-02", Verdict::Excepted, "1000000000000002", "narrow"),
        finding("OS-01", Verdict::CouldNotLook, "1000000000000002", "audit"),
    ];
    let report = Report {
        findings,
        accounts_looked_at: 2,
        accounts_not_looked_at: vec![("1000000000000003".to_owned(), "no such role".to_owned())],
        begun: "2026-01-02T03:04:05Z".to_owned(),
        ended: "2026-01-02T03:04:06Z".to_owned(),
        profile: "baseline".to_owned(),
        interrupted: false,
    };
    Document { shard: Some(Shard { index: 1, total: 2 }), ..Document::new("audit", report) }
}

fn written(document: &Document, format: Format) -> String {
    let mut out = Vec::new();
    document.write(format, true, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn text(format: Format) -> String {
    written(&document(), format)
}

#[test]
fn the_json_form_reads_back_as_it_was() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text(Format::Json)).unwrap();
    let saved = json::read(file.path()).unwrap();
    assert_eq!(saved.report, document().report);
    assert_eq!(saved.shard, document().shard);
    for broken in ["", "{}", "[1]", &text(Format::Json).replace("AT-01", "XX-99")] {
        std::fs::write(file.path(), broken).unwrap();
        assert_eq!(json::read(file.path()).unwrap_err().exit_code(), 64, "{broken}");
    }
}

#[test]
fn sarif_is_read_by_the_types_of_the_format() {
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&text(Format::Sarif)).unwrap();
    let [run] = &sarif.runs[..] else { panic!("{sarif:?}") };
    let results = run.results.as_ref().unwrap();
    // Failures, and one that is accepted; nothing that passed, is unknown or could not be looked at.
    assert_eq!(results.len(), 3);
    for result in results {
        let location = &result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
        let uri = location.artifact_location.as_ref().unwrap().uri.as_ref().unwrap();
        assert!(uri.starts_with("audit/100000000000000") && !uri.contains(['=', '(', ' ']), "{uri}");
        assert_eq!(result.partial_fingerprints.as_ref().unwrap()["alitrail/v1"].len(), 64);
    }
    assert_eq!(results.iter().filter(|result| result.suppressions.is_some()).count(), 1);
    let invocation = &run.invocations.as_ref().unwrap()[0];
    assert!(!invocation.execution_successful);
    assert_eq!(invocation.tool_execution_notifications.as_ref().unwrap().len(), 3);
}

#[test]
fn more_results_than_a_host_keeps_are_in_several_runs() {
    let mut document = document();
    document.report.findings = (0..12_001)
        .map(|number| finding("AT-01", Verdict::Fail, "1000000000000001", &format!("trail-{number}")))
        .collect();
    let text = written(&document, Format::Sarif);
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    let sizes: Vec<usize> = sarif.runs.iter().map(|run| run.results.as_ref().unwrap().len()).collect();
    assert_eq!(sizes, [5_000, 5_000, 2_001]);
    let categories: BTreeSet<_> =
        sarif.runs.iter().map(|run| run.automation_details.as_ref().unwrap().id.clone().unwrap()).collect();
    assert_eq!(categories.len(), 3);
}

#[test]
fn junit_is_read_by_a_parser_of_it() {
    let suites = junit_parser::from_reader(text(Format::Junit).as_bytes()).unwrap();
    assert_eq!((suites.tests, suites.failures, suites.errors), (7, 2, 2));
    let names: Vec<&str> = suites.suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(names, ["1000000000000001", "1000000000000002", "1000000000000003"]);
}

#[test]
fn csv_has_a_row_for_each_finding_and_no_formula() {
    let text = text(Format::Csv);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row.len() == 12));
    assert_eq!(&rows[1][8], "'=cmd()");
}

#[test]
fn markdown_keeps_what_is_in_a_cell_there() {
    let text = text(Format::Markdown);
    let row = text.lines().find(|line| line.contains("AT-01")).unwrap();
    assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
    assert!(row.contains("&lt;is>") && !text.contains("<is>"), "{text}");
    assert!(
        text.starts_with("## alitrail audit\n\n2 accounts of 3, part 1/2, profile baseline: 2 failures"),
        "{text}"
    );
}

#[test]
fn ocsf_has_an_event_for_each_finding() {
    let events: Vec<serde_json::Value> = serde_json::from_str(&text(Format::Ocsf)).unwrap();
    assert_eq!(events.len(), 6);
    let statuses: Vec<i64> =
        events.iter().map(|event| event["compliance"]["status_id"].as_i64().unwrap()).collect();
    assert_eq!(statuses, [3, 3, 1, 0, 2, 0]);
    assert!(events.iter().all(|event| event["time"] == 1_767_323_046_000_i64 && event["class_uid"] == 2003));
}

#[test]
fn the_table_names_what_is_wrong_and_what_to_do() {
    let text = text(Format::Table);
    for part in
        ["critical", "AT-01", "What to do", "no such role", "accepted until 2030-01-01", "StartLogging"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours in files");
    assert!(text.lines().last().unwrap().starts_with("2 accounts of 3, part 1/2"), "{text}");
}

fn arguments(more: &[&str]) -> Arguments {
    #[derive(clap::Parser)]
    struct Command {
        #[command(flatten)]
        report: Arguments,
    }
    <Command as clap::Parser>::parse_from([&["test"], more].concat()).report
}

#[test]
fn exit_codes_follow_what_was_found() {
    let code = |more: &[&str], change: fn(&mut Report)| {
        let arguments = arguments(more);
        let mut report = document().report;
        change(&mut report);
        arguments.prepare().unwrap().exit_code(&report)
    };
    let complete = |report: &mut Report| {
        report.accounts_not_looked_at.clear();
        report.findings.retain(|finding| finding.verdict != Verdict::CouldNotLook);
    };
    assert_eq!(code(&[], |_| {}), 2);
    assert_eq!(code(&[], complete), 1);
    assert_eq!(code(&["--fail-on-unknown"], complete), 2);
    assert_eq!(code(&["--fail-on", "critical"], complete), 1);
    assert_eq!(
        code(&["--fail-on", "critical"], |report| {
            report.accounts_not_looked_at.clear();
            report.findings.retain(|finding| finding.rule == "AT-05");
        }),
        u8::from(baseline::rule("AT-05").unwrap().severity == Severity::Critical)
    );
    assert_eq!(code(&[], |report| *report = Report::default()), 0);
    assert_eq!(code(&[], |report| *report = Report { interrupted: true, ..Report::default() }), 2);
}

#[test]
fn what_an_earlier_report_has_is_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let before = directory.path().join("before.json");
    std::fs::write(&before, text(Format::Json)).unwrap();
    let after = directory.path().join("after.json");
    let (before, after_text) = (before.to_str().unwrap(), after.to_str().unwrap());
    let arguments = arguments(&["--baseline", before, "--output", after_text, "--format", "csv"]);
    let mut now = document();
    now.report.findings.push(finding("AT-04", Verdict::Fail, "1000000000000001", "audit"));
    arguments.prepare().unwrap().finish(now).unwrap();
    let saved = json::read(&after).unwrap().report;
    let failures: Vec<&str> = saved
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Fail)
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(failures, ["AT-04"]);
}

#[test]
fn outputs_say_their_format() {
    let format = |text: &str| text.parse::<Output>().map(|output| output.format);
    assert_eq!(format("a.sarif"), Ok(Format::Sarif));
    assert_eq!(format("a.ocsf.json"), Ok(Format::Ocsf));
    assert_eq!(format("a.json"), Ok(Format::Json));
    assert_eq!(format("junit=report"), Ok(Format::Junit));
    assert_eq!(format("strange=a.md"), Ok(Format::Markdown));
    assert!(format("report").is_err() && format("json=").is_err());
}
