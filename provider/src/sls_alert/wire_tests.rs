use super::*;

fn place() -> Place {
    let keys = alibaba::credentials::Chain::new(alibaba::credentials::Sources::default());
    Place {
        client: alibaba::Client::new(alibaba::Config::new(keys)).unwrap(),
        account: "1000000000000001".to_owned(),
        region: "cn-hangzhou".to_owned(),
    }
}

/// A rule as a plan has it, with every default.
fn rule() -> AlertModel {
    let query = QueryModel {
        store_type: "log".into(),
        store: "events".into(),
        query: "* | select count(1) as cnt".into(),
        time_span_type: "Relative".into(),
        start: "-15m".into(),
        end: "now".into(),
        power_sql_mode: "auto".into(),
        ..QueryModel::default()
    };
    let condition = ConditionModel { condition: "cnt > 0".into(), count_condition: Attr::Null };
    let configuration = ConfigurationModel {
        query_list: vec![query].into(),
        severity_configurations: vec![SeverityModel { severity: 8.into(), eval_condition: condition.into() }]
            .into(),
        group_configuration: GroupModel { r#type: "no_group".into(), fields: Attr::Null }.into(),
        policy_configuration: PolicyModel {
            alert_policy_id: "sls.builtin.dynamic".into(),
            action_policy_id: "audit".into(),
            repeat_interval: "4h".into(),
        }
        .into(),
        auto_annotation: true.into(),
        send_resolved: false.into(),
        threshold: 1.into(),
        no_data_fire: false.into(),
        no_data_severity: 6.into(),
        mute_until: 0.into(),
        dashboard: "internal-alert-analysis".into(),
        sink_alerthub_enabled: true.into(),
        sink_cms_enabled: false.into(),
        ..ConfigurationModel::default()
    };
    AlertModel {
        project_name: "audit".into(),
        alert_name: "root-login".into(),
        display_name: "Root login".into(),
        status: "ENABLED".into(),
        schedule: ScheduleModel {
            r#type: "FixedRate".into(),
            interval: "15m".into(),
            delay: 0.into(),
            run_immediately: true.into(),
            ..ScheduleModel::default()
        }
        .into(),
        configuration: configuration.into(),
        ..AlertModel::default()
    }
}

fn with(change: impl FnOnce(&mut ConfigurationModel)) -> AlertModel {
    let mut rule = rule();
    let mut configuration = rule.configuration.get().cloned().unwrap();
    change(&mut configuration);
    rule.configuration = configuration.into();
    rule
}

#[test]
fn what_is_written_is_read_back() {
    let texts = |key: &str| Attr::Known(BTreeMap::from([(key.to_owned(), "x".to_owned())]));
    let template = TemplateModel {
        template_id: "sls.one".into(),
        r#type: "sys".into(),
        annotations: texts("title"),
        tokens: texts("minutes"),
        ..TemplateModel::default()
    };
    let store =
        EventStoreModel { enabled: true.into(), event_store: "events".into(), ..EventStoreModel::default() };
    let whole = with(|configuration| {
        configuration.labels = texts("env");
        configuration.annotations = texts("title");
        configuration.tags = vec!["cis".to_owned()].into();
        configuration.template_configuration = template.into();
        configuration.sink_event_store = store.into();
    });
    for model in [rule(), whole] {
        let document = document(&model, &place(), None);
        let seen = read(&model, &document, &place());
        assert!(seen.is_as(&model), "{seen:#?}\n{model:#?}");
    }
}

#[test]
fn answers_may_leave_out_what_is_empty_and_add_what_is_their_own() {
    let mut document = document(&rule(), &place(), None);
    let configuration = document["configuration"].as_object_mut().unwrap();
    configuration.retain(|_, value| !value.as_array().is_some_and(Vec::is_empty));
    configuration["groupConfiguration"].as_object_mut().unwrap().remove("fields");
    configuration["queryList"][0].as_object_mut().unwrap().remove("roleArn");
    configuration.insert("internalVersion".to_owned(), json!(1));
    for member in ["interval", "timeZone", "cronExpression"] {
        if document["schedule"][member] == "" {
            document["schedule"].as_object_mut().unwrap().remove(member);
        }
    }
    assert!(read(&rule(), &document, &place()).is_as(&rule()));
}

#[test]
fn both_spellings_of_the_templates_annotations_are_read() {
    for name in ["annotations", "aonotations"] {
        let template = json!({ "id": "sls.one", name: { "title": "x" }, "tokens": {} });
        assert_eq!(read_template(&template).annotations.get().unwrap()["title"], "x", "{name}");
    }
}

#[test]
fn an_update_keeps_what_is_not_managed_and_takes_away_what_is_unset() {
    let templated = with(|configuration| {
        configuration.template_configuration =
            TemplateModel { template_id: "sls.one".into(), ..TemplateModel::default() }.into();
    });
    let mut existing = document(&templated, &place(), None);
    existing["configuration"]["queryList"][0]["chartTitle"] = json!("chart");
    existing["status"] = json!("ENABLED");
    existing["createTime"] = json!(1);
    let update = document(&rule(), &place(), Some(&existing));
    assert_eq!(update["configuration"]["queryList"][0]["chartTitle"], "chart");
    assert!(update["configuration"].get("templateConfiguration").is_none());
    assert_eq!(update["configuration"]["type"], "default");
    for own in ["name", "status", "createTime"] {
        assert!(update.get(own).is_none(), "{own} is not for an update");
    }
}

#[test]
fn the_project_of_a_query_is_named_only_if_it_is_another() {
    let document = document(&rule(), &place(), None);
    assert_eq!(document["configuration"]["queryList"][0]["project"], "audit");
    let mut elsewhere = document.clone();
    elsewhere["configuration"]["queryList"][0]["project"] = json!("other");
    let query = |document: &Value| {
        let seen = read(&rule(), document, &place());
        seen.configuration.get().unwrap().query_list.get().unwrap()[0].project.clone()
    };
    assert_eq!((query(&document), query(&elsewhere)), (Attr::Null, "other".into()));
}
