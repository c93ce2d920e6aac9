//! How descriptions of trails become state.

use alibaba::actiontrail::Trail;

use super::*;

fn scope() -> Scope {
    let config =
        alibaba::Config::new(alibaba::credentials::Chain::new(alibaba::credentials::Sources::default()));
    Scope {
        client: alibaba::Client::new(config).unwrap(),
        account: "1234567890123456".into(),
        region: "cn-hangzhou".into(),
    }
}

const LINKED: &str = "acs:ram::1234567890123456:role/aliyunserviceroleforactiontrail";

#[test]
fn an_unset_role_stays_unset_whether_or_not_the_service_echoes_it() {
    for echoed in [None, Some(LINKED.to_owned())] {
        let trail = Trail { oss_write_role_arn: echoed, ..Trail::default() };
        let read = TrailModel::default().read_from(&(&trail).into(), &scope());
        assert_eq!(read.oss_write_role_arn, Attr::Null);
        let stated = "acs:ram::1234567890123456:role/AliyunServiceRoleForActionTrail";
        let prior = TrailModel { oss_write_role_arn: stated.into(), ..TrailModel::default() };
        assert_eq!(prior.read_from(&(&trail).into(), &scope()).oss_write_role_arn.as_str(), Some(stated));
    }
    let foreign = Trail { oss_write_role_arn: Some("acs:ram::2:role/x".into()), ..Trail::default() };
    assert_eq!(
        TrailModel::default().read_from(&(&foreign).into(), &scope()).oss_write_role_arn.as_str(),
        Some("acs:ram::2:role/x")
    );
}

#[test]
fn fresh_is_not_logging_and_no_region_means_all() {
    let trail = Trail { status: Some("Fresh".into()), trail_region: None, ..Trail::default() };
    let read = TrailModel::default().read_from(&(&trail).into(), &scope());
    assert_eq!(read.status.as_str(), Some("Disable"));
    assert_eq!(read.trail_region.as_str(), Some("All"));
}

#[test]
fn a_trail_is_as_it_should_be_however_the_service_spells_its_arns() {
    let wanted = TrailModel {
        max_compute_project_arn: "acs:odps:cn-hangzhou:1:project/actiontrail_Events".into(),
        event_rw: "All".into(),
        ..TrailModel::default()
    };
    let echoed = Some("acs:odps:cn-hangzhou:1:project/actiontrail_events".to_owned());
    let trail = Trail { max_compute_project_arn: echoed, event_rw: Some("All".into()), ..Trail::default() };
    let seen = wanted.read_from(&(&trail).into(), &scope());
    let seen = TrailModel { trail_name: Attr::Null, trail_region: Attr::Null, ..seen };
    assert!(seen.is_set_as(&wanted));
    assert!(!TrailModel { event_rw: "Write".into(), ..seen.clone() }.is_set_as(&wanted));
    assert!(!TrailModel { max_compute_project_arn: Attr::Null, ..seen }.is_set_as(&wanted));
}
