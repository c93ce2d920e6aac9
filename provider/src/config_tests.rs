use super::*;

#[test]
fn unknown_regions_are_accepted_where_that_is_asked_for() {
    let found = |skip: Attr<bool>, environment: &[(&str, &str)]| {
        let environment = Environment::of(environment.iter().copied());
        let config = ProviderConfig {
            region: "cn-atlantis".into(),
            skip_region_validation: skip,
            ..ProviderConfig::default()
        };
        let mut found = Diagnostics::new();
        config.validate_in(&environment, &mut found);
        found.0.len()
    };
    let variable = [("ALICLOUD_SKIP_REGION_VALIDATION", "true")];
    assert_eq!(found(Attr::Null, &[]), 1);
    assert_eq!(found(Attr::Null, &variable), 0);
    assert_eq!(found(true.into(), &[]), 0);
    assert_eq!(found(false.into(), &variable), 1, "the provider block comes first");
    assert_eq!(found(Attr::UNKNOWN, &[]), 0);
}
