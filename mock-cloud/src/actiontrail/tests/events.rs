//! The event history and what is set for it: selectors, history jobs, global events, insights.

use super::*;

impl Cloud {
    fn events(&mut self, parameters: &[(&str, &str)]) -> Vec<String> {
        let found = self.ok("LookupEvents", parameters)["Events"].as_array().unwrap().clone();
        found.iter().map(|event| event["eventName"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn calls_are_events_in_the_documented_schema() {
    let mut cloud = Cloud::new();
    cloud.create();
    cloud.err("StartLogging", &[("Name", "none-such")]);
    assert_eq!(cloud.events(&[]), ["StartLogging", "CreateTrail"]);
    let found = cloud.ok(
        "LookupEvents",
        &[("LookupAttribute.1.Key", "EventName"), ("LookupAttribute.1.Value", "CreateTrail")],
    );
    let event = &found["Events"][0];
    for (field, value) in [
        ("eventType", "ApiCall"),
        ("eventRW", "Write"),
        ("eventCategory", "Management"),
        ("serviceName", "Actiontrail"),
        ("apiVersion", "2020-07-06"),
        ("eventTime", "2026-01-15T08:30:00Z"),
        ("acsRegion", "cn-hangzhou"),
        ("recipientAccountId", ME),
        ("resourceName", "audit-trail"),
    ] {
        assert_eq!(event[field], value, "{field}");
    }
    assert_eq!(event["requestParameters"]["OssBucketName"], "audit-bucket");
    assert_eq!(event["referencedResources"]["ACS::ActionTrail::Trail"][0], "audit-trail");
    assert!(event.get("errorCode").is_none() && event["requestParameters"].get("Format").is_none());
    let refused = cloud.ok(
        "LookupEvents",
        &[("LookupAttribute.1.Key", "ResourceName"), ("LookupAttribute.1.Value", "none-such")],
    );
    assert_eq!(refused["Events"][0]["errorCode"], "TrailNotFoundException");
}

#[test]
fn lookups_are_filtered_and_paged() {
    let mut cloud = Cloud::new();
    for _ in 0..5 {
        cloud.ok("DescribeTrails", &[]);
        cloud.passed += Duration::minutes(1);
    }
    cloud.create();
    let write = [("LookupAttribute.1.Key", "EventRW"), ("LookupAttribute.1.Value", "Write")];
    assert_eq!(cloud.events(&write), ["CreateTrail"]);
    let mut names = Vec::new();
    let mut token = String::new();
    loop {
        let page = cloud.ok(
            "LookupEvents",
            &[
                ("Direction", "FORWARD"),
                ("MaxResults", "2"),
                ("NextToken", &token),
                ("LookupAttribute.1.Key", "EventName"),
                ("LookupAttribute.1.Value", "DescribeTrails"),
            ],
        );
        names.push(page["Events"].as_array().unwrap().len());
        match page["NextToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names, [2, 2, 1]);
    cloud.region = "cn-beijing";
    assert!(cloud.events(&write).is_empty());
}

#[test]
fn lookups_are_validated() {
    let mut cloud = Cloud::new();
    let span = |start, end| [("StartTime", start), ("EndTime", end)];
    for (parameters, code) in [
        (&span("2026-01-15T08:00:00Z", "2026-01-15T07:00:00Z")[..], "InvalidParameterCombination"),
        (&span("2026-01-15", "2026-01-15T07:00:00Z"), "InvalidParameterStartTime"),
        (&span("2026-01-15T07:00:00Z", "soon"), "InvalidParameterEndTime"),
        (&span("2026-01-16T07:00:00Z", "2026-01-17T07:00:00Z"), "InvalidParameterStartTimeExceedsCurrent"),
        (&span("2025-09-01T00:00:00Z", "2025-09-02T00:00:00Z"), "InvalidParameterStartTimeOutOfDate"),
        (&span("2025-12-01T00:00:00Z", "2026-01-10T00:00:00Z"), "InvalidParameterDateOutOfRange"),
        (&[("MaxResults", "51")], "InvalidQueryParameter"),
        (&[("Direction", "SIDEWAYS")], "InvalidQueryParameter"),
        (&[("NextToken", "x")], "InvalidNextToken"),
        (
            &[("LookupAttribute.1.Key", "Colour"), ("LookupAttribute.1.Value", "red")],
            "InvalidLookupAttributesException",
        ),
    ] {
        assert_eq!(cloud.err("LookupEvents", parameters), error(400, code), "{parameters:?}");
    }
}

#[test]
fn data_event_selectors_are_kept_as_text() {
    let mut cloud = Cloud::new();
    cloud.create();
    let name = ("TrailName", "audit-trail");
    let text = r#"[ {"ServiceName":"Oss", "EventName":{"Equals":["GetObject"]}} ]"#;
    let put = cloud.ok(
        "PutDataEventSelector",
        &[name, ("EventSelectors", text), ("TrailRegionIds", "cn-beijing,us-west-1")],
    );
    assert_eq!(put["DataEventSelectors"], text);
    let got = cloud.ok("GetDataEventSelector", &[name]);
    assert_eq!(got["DataEventSelectors"], text);
    assert_eq!(got["SlsDeliveryConfigs"][1]["TrailRegion"], "us-west-1");
    let project = "actiontrail-log-1000000000000001-us-west-1";
    assert!(cloud.cloud.region_mut(ME, "us-west-1").sls.projects.contains_key(project));
    let listed = cloud.ok("ListDataEventSelectors", &[]);
    assert_eq!(listed["Data"]["DataEventSelectorInfos"][0]["EventSelectors"], text);
    for service in ["Cms", "Ots", "PDS", "Pds", "Push"] {
        let one = format!(r#"[{{"ServiceName":"{service}"}}]"#);
        cloud.ok("PutDataEventSelector", &[name, ("EventSelectors", &one)]);
    }
    for bad in [
        "{}",
        "[]",
        r#"[{"ServiceName":"None"}]"#,
        r#"[{"ServiceName":"oss"}]"#,
        r#"[{"ServiceName":"Oss","ReadWriteType":"Both"}]"#,
    ] {
        let refused = cloud.err("PutDataEventSelector", &[name, ("EventSelectors", bad)]);
        assert_eq!(refused, error(400, "InvalidQueryParameter"), "{bad}");
    }
    cloud.cloud.switches.set("data_event_selector_text", "normalised").unwrap();
    let put = cloud.ok("PutDataEventSelector", &[name, ("EventSelectors", text)]);
    assert_eq!(put["DataEventSelectors"], r#"[{"EventName":{"Equals":["GetObject"]},"ServiceName":"Oss"}]"#);
    cloud.ok("DeleteDataEventSelector", &[name]);
    assert_eq!(cloud.ok("GetDataEventSelector", &[name])["DataEventSelectors"], "");
    cloud.cloud.switches.set("missing_data_event_selector", "not_found").unwrap();
    assert_eq!(cloud.err("GetDataEventSelector", &[name]), error(404, "TrailNotFoundException"));
    let services = cloud.ok("ListDataEventServices", &[("MaxResults", "1")]);
    assert_eq!(services["Data"]["NextToken"], "1");
}

#[test]
fn history_jobs_progress_and_deliver() {
    let mut cloud = Cloud::new();
    cloud.create();
    let trail = ("TrailName", "audit-trail");
    cloud.passed += Duration::seconds(1);
    let id = cloud.ok("CreateDeliveryHistoryJob", &[trail, ("ClientToken", "once")])["JobId"].to_string();
    assert_eq!(
        cloud.ok("CreateDeliveryHistoryJob", &[trail, ("ClientToken", "once")])["JobId"].to_string(),
        id
    );
    let second = cloud.err("CreateDeliveryHistoryJob", &[trail]);
    assert_eq!(second, error(400, "MaximumNumberOfDeliveryHistoryJobsExceededException"));
    let job = [("JobId", id.as_str())];
    assert_eq!(cloud.ok("GetDeliveryHistoryJob", &job)["JobStatus"], 0);
    cloud.passed += Duration::seconds(30);
    assert_eq!(cloud.ok("GetDeliveryHistoryJob", &job)["JobStatus"], 1);
    assert_eq!(cloud.err("DeleteDeliveryHistoryJob", &job), error(503, "ServiceUnavailable"));
    assert_eq!(cloud.err("DeleteTrail", &[("Name", "audit-trail")]), error(400, "ForbiddenDeleteTrail"));
    cloud.passed += Duration::minutes(2);
    let done = cloud.ok("GetDeliveryHistoryJob", &job);
    assert_eq!((&done["JobStatus"], &done["Status"][0]["Region"]), (&json!(2), &json!("cn-hangzhou")));
    let logs = &cloud.cloud.region_mut(ME, "cn-hangzhou").sls.logs["audit"]["actiontrail_audit-trail"];
    assert!(logs[0].fields["event"].contains("CreateTrail"), "{logs:?}");
    assert_eq!(cloud.ok("ListDeliveryHistoryJobs", &[])["TotalCount"], 1);
    cloud.ok("DeleteDeliveryHistoryJob", &job);
    assert_eq!(cloud.err("GetDeliveryHistoryJob", &job), error(404, "DeliveryHistoryJobNotFound"));
    cloud.cloud.switches.set("history_jobs", "refused").unwrap();
    assert_eq!(cloud.err("CreateDeliveryHistoryJob", &[trail]), error(400, "NotSupportDeliveryHistoryJob"));
}

#[test]
fn global_events_and_insights() {
    let mut cloud = Cloud::new();
    assert_eq!(cloud.ok("GetGlobalEventsStorageRegion", &[])["StorageRegion"], "ap-southeast-1");
    cloud.ok("UpdateGlobalEventsStorageRegion", &[("StorageRegion", "cn-hangzhou")]);
    assert_eq!(cloud.ok("GetGlobalEventsStorageRegion", &[])["StorageRegion"], "cn-hangzhou");
    let elsewhere = cloud.err("UpdateGlobalEventsStorageRegion", &[("StorageRegion", "us-west-1")]);
    assert_eq!(elsewhere, error(400, "InvalidQueryParameter"));
    assert_eq!(cloud.err("GetGlobalEventsStorageRegion", &[]), error(400, "UnsupportedHTTPMethod"));
    cloud.ok("EnableInsight", &[("InsightType", "IpInsight")]);
    assert_eq!(cloud.ok("GetInsightTypes", &[])["InsightTypes"]["IpInsight"], true);
    cloud.ok("DisableInsight", &[("InsightType", "IpInsight")]);
    assert_eq!(cloud.err("EnableInsight", &[("InsightType", "X")]), error(400, "InsightTypeNotValid"));
    cloud.create();
    let kinds =
        [("TrailName", "audit-trail"), ("InsightSelectors", r#"[{"InsightType":"ApiCallRateInsight"}]"#)];
    assert_eq!(cloud.ok("PutInsightSelectors", &kinds)["InsightSelectors"][0], "ApiCallRateInsight");
    assert_eq!(cloud.ok("GetInsightSelectors", &kinds[..1])["InsightSelectors"][0], "ApiCallRateInsight");
    assert_eq!(cloud.ok("LookupInsightEvents", &[])["Events"], json!([]));
    assert_eq!(cloud.ok("GetInsightsEventsCount", &[("Date", "2026-01-15")])["Data"], json!([]));
}
