//! Selectors: what is refused, what is lost, and how the service's form reads.

use std::collections::BTreeSet;

use alibaba::actiontrail::{DataEventDelivery, DataEventSelector};
use plugin::Attr;

use super::*;
use crate::scope::Regional;

fn set(values: &[&str]) -> Attr<BTreeSet<String>> {
    values.iter().map(|value| (*value).to_owned()).collect::<BTreeSet<_>>().into()
}

fn selector(service: &str, names: &[&str]) -> SelectorModel {
    let filter = FilterModel { equals: set(names), not_equals: Attr::Null };
    SelectorModel {
        service_name: service.into(),
        read_write_type: "All".into(),
        event_name: if names.is_empty() { Attr::Null } else { filter.into() },
        resource_arn: Attr::Null,
    }
}

fn model(selectors: Vec<SelectorModel>) -> DataEventSelectorModel {
    DataEventSelectorModel {
        trail_name: "audit-trail".into(),
        scope: Regional { region: "cn-hangzhou".into(), ..Regional::default() },
        selectors: selectors.into(),
        all_regions: false.into(),
        ..DataEventSelectorModel::default()
    }
}

fn refusals(config: &DataEventSelectorModel) -> Vec<String> {
    let mut found = Diagnostics::new();
    check::check(config, &mut found);
    found.0.into_iter().map(|one| one.detail).collect()
}

#[test]
fn any_service_is_taken_and_a_misspelt_one_corrected() {
    for taken in ["Oss", "Ots", "Cms", "PDS", "Pds", "Push", "SomethingNew"] {
        assert_eq!(check::service_name(taken), Ok(()), "{taken}");
    }
    for (misspelt, right) in
        [("oss", "Oss"), ("OSS", "Oss"), ("cms ", "Cms"), (" OTS", "Ots"), ("PDS ", "PDS")]
    {
        let why = check::service_name(misspelt).unwrap_err();
        assert!(why.contains(&format!("Write {right:?}.")), "{why}");
    }
    assert!(check::service_name(" ").is_err());
}

#[test]
fn arns_that_would_match_nothing_are_corrected() {
    let on = |arn: &str| {
        let filter = FilterModel { equals: set(&[arn]), not_equals: Attr::Null };
        let selector = SelectorModel { resource_arn: filter.into(), ..selector("Oss", &[]) };
        refusals(&model(vec![selector]))
    };
    for fine in ["acs:oss:*:1:archive/*", "acs:oss:cn-hangzhou:1:archive/Logs/", "*"] {
        assert_eq!(on(fine), [""; 0], "{fine}");
    }
    let right = "Write \"acs:oss:*:1:archive/Logs/*\".";
    for wrong in ["acs:oss:*:1:archive/Logs/* ", "ACS:OSS:*:1:archive/Logs/*", "\nacs:oss:*:1:archive/Logs/*"]
    {
        let said = on(wrong);
        assert!(said.len() == 1 && said[0].contains(right), "{wrong}: {said:?}");
    }
}

#[test]
fn wrong_selectors_are_refused_with_the_reason() {
    let many: Vec<String> = (0..11).map(|number| format!("Event{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut torn = selector("Oss", &["GetObject"]);
    torn.event_name = FilterModel { equals: set(&["GetObject"]), not_equals: set(&["GetObject"]) }.into();
    let twice = vec![selector("Oss", &[]), selector("Oss", &[])];
    let cases: [(Vec<SelectorModel>, &str); 5] = [
        (vec![], "1 to 20 selectors, and there are 0"),
        ((0..21).map(|at| selector(&format!("S{at}"), &[])).collect(), "and there are 21"),
        (vec![selector("Oss", &many)], "event_name of selector 0 has 11 values"),
        (vec![torn], "in equals and in not_equals"),
        (twice, "Selector 1 is there twice"),
    ];
    for (selectors, why) in cases {
        let said = refusals(&model(selectors));
        assert!(said.len() == 1 && said[0].contains(why), "{why}: {said:?}");
    }
    let both = DataEventSelectorModel {
        all_regions: true.into(),
        region_ids: set(&["cn-beijing"]),
        ..model(vec![selector("Oss", &[])])
    };
    assert!(refusals(&both)[0].contains("all_regions covers every region"));
    assert!(refusals(&model(vec![selector("Oss", &["GetObject"])])).is_empty());
}

#[test]
fn what_is_unknown_is_not_judged() {
    let mut open = selector("Oss", &[]);
    open.resource_arn = FilterModel { equals: Attr::UNKNOWN, not_equals: Attr::Null }.into();
    let mut whole = selector("Oss", &[]);
    whole.event_name = Attr::UNKNOWN;
    for unknown in [open, whole, SelectorModel { service_name: Attr::UNKNOWN, ..selector("Oss", &[]) }] {
        assert!(refusals(&model(vec![unknown.clone(), unknown])).is_empty());
    }
    let everywhere = DataEventSelectorModel {
        all_regions: true.into(),
        region_ids: Attr::UNKNOWN,
        ..model(vec![selector("Oss", &[])])
    };
    assert!(refusals(&everywhere).is_empty(), "it may become null");
    let planned =
        DataEventSelectorModel { all_regions: Attr::UNKNOWN, region_ids: Attr::Null, ..everywhere.clone() };
    assert!(
        destructive_changes::destructive_changes(
            &DataEventSelectorModel { region_ids: Attr::Null, ..everywhere },
            Some(&planned)
        )
        .is_empty()
    );
}

#[test]
fn only_what_is_no_longer_covered_is_lost() {
    let prior = model(vec![selector("Oss", &["GetObject", "PutObject"])]);
    let lost = |planned: Option<&DataEventSelectorModel>| {
        destructive_changes::destructive_changes(&prior, planned)
            .into_iter()
            .map(|destructive_change| destructive_change.detail)
            .collect::<Vec<_>>()
    };
    assert!(lost(None)[0].contains("no data events are recorded"));
    for wider in [selector("Oss", &[]), selector("Oss", &["GetObject", "PutObject", "CopyObject"])] {
        assert!(lost(Some(&model(vec![selector("Cms", &[]), wider]))).is_empty());
    }
    let reads = SelectorModel { read_write_type: "Read".into(), ..selector("Oss", &[]) };
    for narrower in [selector("Oss", &["GetObject"]), selector("Ots", &[]), reads] {
        assert_eq!(lost(Some(&model(vec![narrower]))).len(), 1);
    }
    let at = |regions: Attr<BTreeSet<String>>, all: bool| DataEventSelectorModel {
        region_ids: regions,
        all_regions: all.into(),
        ..prior.clone()
    };
    assert!(lost(Some(&at(set(&["cn-hangzhou", "cn-beijing"]), false))).is_empty());
    assert!(lost(Some(&at(set(&["cn-beijing"]), false)))[0].contains("data events of cn-hangzhou"));
    let narrowed = destructive_changes::destructive_changes(&at(Attr::Null, true), Some(&prior));
    assert!(narrowed[0].detail.contains("all regions but cn-hangzhou"), "{narrowed:?}");
}

#[test]
fn the_order_of_selectors_and_an_unstated_home_region_say_nothing() {
    let config =
        alibaba::Config::new(alibaba::credentials::Chain::new(alibaba::credentials::Sources::default()));
    let scope = Scope {
        client: alibaba::Client::new(config).unwrap(),
        account: "1234567890123456".into(),
        region: "cn-hangzhou".into(),
    };
    let stated = model(vec![selector("Oss", &["GetObject"]), selector("Cms", &[])]);
    let wire =
        |service: &str| DataEventSelector { service_name: service.into(), ..DataEventSelector::default() };
    let mut oss = wire("Oss");
    oss.event_name =
        Some(alibaba::actiontrail::ValueFilter { equals: vec!["GetObject".into()], not_equals: vec![] });
    let delivery = |region: &str| DataEventDelivery {
        region: region.into(),
        project_arn: Some(format!("acs:log:{region}:1234567890123456:project/p")),
        ..DataEventDelivery::default()
    };
    let mut found = DescribedDataEvents {
        selectors: vec![wire("Cms"), oss],
        all_regions: false,
        deliveries: vec![delivery("cn-hangzhou")],
    };
    let read = stated.read_from(&found.clone().into(), &scope);
    assert_eq!((&read.selectors, &read.region_ids), (&stated.selectors, &Attr::Null));
    found.deliveries.push(delivery("cn-beijing"));
    assert_eq!(
        stated.read_from(&found.clone().into(), &scope).region_ids,
        set(&["cn-beijing", "cn-hangzhou"])
    );
    found.selectors.pop();
    assert_ne!(stated.read_from(&found.clone().into(), &scope).selectors, stated.selectors);
    found.deliveries[1].status = Some("failure".into());
    found.deliveries[1].error_code = Some("LogServiceException".into());
    let warned = warnings(&stated, &found);
    assert!(warned.len() == 1 && warned[0].detail.contains("LogServiceException"), "{warned:?}");
}
