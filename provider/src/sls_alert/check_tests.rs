use plugin::Attr;

use super::*;
use crate::sls_alert::configuration::{ConfigurationModel, GroupModel};

#[test]
fn times_and_schedules() {
    for fine in ["60s", "15m", "24h", "1d"] {
        assert_eq!(interval(fine), Ok(()), "{fine}");
    }
    for (bad, why) in [
        ("59s", "one minute"),
        ("25h", "one day"),
        ("15", "a number and"),
        ("m", "a number and"),
        ("é", "a number and"),
    ] {
        assert!(interval(bad).unwrap_err().contains(why), "{bad}");
    }
    for fine in ["-15m", "-1d", "absolute", "1700000000"] {
        assert_eq!(start(fine), Ok(()), "{fine}");
    }
    assert!(
        start("-2d").unwrap_err().contains("more than a day") && start("").is_err() && start("-x").is_err()
    );
    for fine in ["0/15 * * * *", "0 8 * * 1-5", "5,35 0 1 1 ?"] {
        assert_eq!(cron(fine), Ok(()), "{fine}");
    }
    for (bad, why) in [
        ("* * * *", "has 4 fields"),
        ("60 * * * *", "as the minute"),
        ("* * * 13 *", "as the month"),
        ("*/0 * * * *", "as the minute"),
    ] {
        assert!(cron(bad).unwrap_err().contains(why), "{bad}");
    }
    assert!(time_zone("+0800").is_ok() && time_zone("0800").is_err() && time_zone("+0860").is_err());
    assert!(delay(&-1).is_err() && threshold(&0).is_err() && severity(&5).is_err() && severity(&8).is_ok());
}

#[test]
fn conditions() {
    for fine in ["cnt > 0", "$0.user == $1.user", "a >= 3 && (b != 'x' || c =~ \"^x\")", "f(\"(\") > 1"] {
        assert_eq!(condition(fine), Ok(()), "{fine}");
    }
    for (bad, why) in [
        ("", "is empty"),
        ("cnt = 0", "a single ="),
        ("(cnt > 0", "not closed"),
        ("cnt > 0)", "too many"),
        ("name == \"x", "not closed"),
        ("cnt >", "in the middle"),
    ] {
        assert!(condition(bad).unwrap_err().contains(why), "{bad}: {:?}", condition(bad));
    }
    assert!(condition(&"x".repeat(129)).unwrap_err().contains("129 characters"));
    assert!(
        query(" ").is_err()
            && query("* | select count(1").is_err()
            && query("* | select count(1) as c").is_ok()
    );
    assert!(
        alert_name("a").is_err() && alert_name("root login").is_err() && alert_name("root-login").is_ok()
    );
    assert!(display_name("").is_err() && queries(&[]).is_err() && severities(&[]).is_err());
}

#[test]
fn attributes_fit_each_other() {
    let check = |schedule: ScheduleModel, configuration: ConfigurationModel| {
        let config = AlertModel {
            schedule: schedule.into(),
            configuration: configuration.into(),
            ..AlertModel::default()
        };
        let mut found = Diagnostics::new();
        super::configuration(&config, &mut found);
        found.0.iter().map(|one| one.summary.clone()).collect::<Vec<_>>()
    };
    let every = ScheduleModel { interval: "15m".into(), ..ScheduleModel::default() };
    assert!(check(every.clone(), ConfigurationModel::default()).is_empty());
    assert_eq!(check(ScheduleModel::default(), ConfigurationModel::default()), ["Schedule without interval"]);
    let cron = ScheduleModel { r#type: "Cron".into(), ..every.clone() };
    assert_eq!(check(cron, ConfigurationModel::default()), ["Schedule without cron_expression"]);
    let two = ConfigurationModel {
        query_list: vec![QueryModel::default(), QueryModel::default()].into(),
        ..ConfigurationModel::default()
    };
    assert_eq!(check(every.clone(), two.clone()), ["Queries and joins do not fit"]);
    assert!(
        check(every.clone(), ConfigurationModel { join_configurations: Attr::UNKNOWN, ..two }).is_empty()
    );
    let group = GroupModel { r#type: "custom".into(), fields: Attr::Null };
    let grouped = ConfigurationModel { group_configuration: group.into(), ..ConfigurationModel::default() };
    assert_eq!(check(every, grouped), ["Groups of no fields"]);
}
