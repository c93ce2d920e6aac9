use super::*;

fn resolver(endpoints: Endpoints) -> Resolver {
    Resolver::new(&endpoints).unwrap()
}

fn region(id: &str) -> Region {
    id.parse().unwrap()
}

fn host(service: Service, id: &str, label: Option<&str>) -> String {
    resolver(Endpoints { skip_region_validation: true, ..Endpoints::default() })
        .target(service, Some(&region(id)), label)
        .unwrap()
        .host
}

#[test]
fn regular_and_irregular_hosts() {
    for (service, region, label, expected) in [
        (Service::ActionTrail, "cn-hangzhou", None, "actiontrail.cn-hangzhou.aliyuncs.com"),
        (Service::ActionTrail, "cn-shenzhen-finance-1", None, "actiontrail.aliyuncs.com"),
        (Service::ActionTrail, "eu-west-1-oxs", None, "actiontrail.ap-northeast-1.aliyuncs.com"),
        (
            Service::ActionTrail,
            "cn-shanghai-finance-1",
            None,
            "actiontrail.cn-shanghai-finance-1.aliyuncs.com",
        ),
        (Service::Oss, "eu-central-1", None, "oss-eu-central-1.aliyuncs.com"),
        (Service::Oss, "eu-central-1", Some("audit"), "audit.oss-eu-central-1.aliyuncs.com"),
        (Service::Oss, "cn-hangzhou-finance", Some("audit"), "audit.oss-cn-hzfinance.aliyuncs.com"),
        (Service::Sls, "us-west-1", Some("prj"), "prj.us-west-1.log.aliyuncs.com"),
        (Service::Sts, "cn-hangzhou", None, "sts.cn-hangzhou.aliyuncs.com"),
        (Service::Sts, "cn-hangzhou-finance", None, "sts.aliyuncs.com"),
    ] {
        assert_eq!(host(service, region, label), expected, "{service} {region}");
    }
    let no_region = resolver(Endpoints::default()).target(Service::Sts, None, None).unwrap();
    assert_eq!(no_region.host, "sts.aliyuncs.com");
    // No other region stands in for one that is missing.
    for service in [Service::Oss, Service::Sls] {
        let resolver = resolver(Endpoints::default());
        assert_eq!(resolver.target(service, None, Some("audit")), Err(EndpointError::NoRegion(service)));
        assert_eq!(resolver.signing_region(service, None), Err(EndpointError::NoRegion(service)));
    }
}

#[test]
fn endpoint_url_changes_the_address_and_nothing_else() {
    let endpoints = Endpoints { endpoint_url: Some("http://127.0.0.1:8000/".into()), ..Endpoints::default() };
    let target =
        resolver(endpoints).target(Service::Oss, Some(&region("cn-hangzhou")), Some("audit")).unwrap();
    assert_eq!(target.origin, "http://127.0.0.1:8000");
    assert_eq!(target.host, "audit.oss-cn-hangzhou.aliyuncs.com");
    assert!(target.loopback);
}

#[test]
fn an_override_changes_the_host() {
    let overrides = BTreeMap::from([(Service::Oss, "oss-cn-hangzhou-internal.aliyuncs.com:8443".to_owned())]);
    let target = resolver(Endpoints { overrides, ..Endpoints::default() })
        .target(Service::Oss, Some(&region("cn-hangzhou")), Some("audit"))
        .unwrap();
    assert_eq!(target.host, "audit.oss-cn-hangzhou-internal.aliyuncs.com:8443");
    assert_eq!(target.origin, format!("https://{}", target.host));
    assert!(!target.loopback);
}

#[test]
fn plain_http_needs_loopback_or_consent() {
    let with = |url: &str, allow| {
        Resolver::new(&Endpoints {
            endpoint_url: Some(url.into()),
            allow_insecure_http: allow,
            ..Endpoints::default()
        })
    };
    for loopback in [
        "http://127.0.0.1:1",
        "http://127.1.2.3",
        "http://[::1]:1",
        "http://localhost:1",
        "http://a.localhost",
    ] {
        assert!(with(loopback, false).is_ok(), "{loopback}");
    }
    let refused = with("http://10.0.0.1:8000", false).unwrap_err().to_string();
    assert!(refused.contains("endpoint_url") && refused.contains("allow_insecure_http"), "{refused}");
    assert!(with("http://localhost.evil.example", false).is_err());
    assert!(with("http://10.0.0.1:8000", true).is_ok());
    assert!(with("https://gateway.example", false).is_ok());
}

#[test]
fn unusable_addresses_say_why() {
    for (url, expected) in [
        ("https://gw.example/path", "only scheme, host and port"),
        ("ftp://gw.example", "only http and https"),
        ("https://", "expected e.g. https://host:port"),
        ("https://me:pa55@gw.example", "user name and password"),
    ] {
        let endpoints = Endpoints { endpoint_url: Some(url.into()), ..Endpoints::default() };
        let error = Resolver::new(&endpoints).unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("pa55"), "{error}");
    }
    let overrides = BTreeMap::from([(Service::Sls, "10.1.2.3:80".to_owned())]);
    let error = Resolver::new(&Endpoints { overrides, ..Endpoints::default() }).unwrap_err().to_string();
    assert!(error.contains("endpoints.log") && error.contains("endpoint_url"), "{error}");
}

#[test]
fn an_address_without_a_scheme_is_never_guessed() {
    for (value, meant) in [
        ("127.0.0.1:8089", "http://127.0.0.1:8089"),
        ("localhost", "http://localhost"),
        ("localhost:8089/", "http://localhost:8089"),
        ("mock.localhost:1", "http://mock.localhost:1"),
        ("[::1]:8089", "http://[::1]:8089"),
        ("::1", "http://[::1]"),
        ("127.1", "http://127.0.0.1"),
        ("10.1.2.3", "https://10.1.2.3"),
        ("[fd00::1]:80", "https://[fd00::1]:80"),
    ] {
        let expected = format!(
            "has no scheme, so that it is not clear whether the address speaks HTTP or HTTPS. Write {meant:?}"
        );
        let url = check_url("ALITRAIL_ENDPOINT_URL", value, true).unwrap_err().to_string();
        assert!(url.starts_with(&format!("ALITRAIL_ENDPOINT_URL = {value:?} {expected}")), "{url}");
        let host = check_override("endpoints.sts", Service::Sts, value, true).unwrap_err().to_string();
        assert!(host.starts_with(&format!("endpoints.sts = {value:?} {expected}")), "{host}");
        // What the message shows works.
        assert_eq!(check_url("endpoint_url", meant, true), Ok(()), "{meant}");
        assert_eq!(check_override("endpoints.sts", Service::Sts, meant, true), Ok(()), "{meant}");
    }
    let gateway = check_url("endpoint_url", "gateway.example", false).unwrap_err().to_string();
    assert!(gateway.contains("Write \"https://gateway.example\""), "{gateway}");
}

#[test]
fn a_bare_host_of_a_service_speaks_https() {
    for (value, origin) in [
        ("sts-vpc.cn-hangzhou.aliyuncs.com", "https://sts-vpc.cn-hangzhou.aliyuncs.com"),
        ("sts.example:8443", "https://sts.example:8443"),
    ] {
        let overrides = BTreeMap::from([(Service::Sts, value.to_owned())]);
        let resolver = resolver(Endpoints { overrides, ..Endpoints::default() });
        assert_eq!(resolver.target(Service::Sts, None, None).unwrap().origin, origin);
    }
}

#[test]
fn a_password_in_an_address_is_never_shown() {
    for value in
        ["https://me:pa55@gw.example", "me:pa55@127.0.0.1:8089", "https://me:pa55@no address", "me:pa55@h"]
    {
        let url = check_url("endpoint_url", value, true).unwrap_err().to_string();
        let host = check_override("endpoints.oss", Service::Oss, value, true).unwrap_err().to_string();
        assert!(!url.contains("pa55") && !host.contains("pa55"), "{url} {host}");
    }
}

#[test]
fn regions_and_names_are_checked_before_a_host_is_made_of_them() {
    let resolver = resolver(Endpoints::default());
    let error = resolver.region("cn-hangzou").unwrap_err().to_string();
    assert!(error.contains("did you mean \"cn-hangzhou\""), "{error}");
    for id in ["evil.example/", ""] {
        assert_eq!(
            resolver.region(id),
            Err(EndpointError::MalformedRegion(region::MalformedRegion(id.to_owned())))
        );
    }
    assert_eq!(resolver.region("cn-hangzhou"), Ok(region("cn-hangzhou")));
    for name in ["evil.example", "UPPER", "-a-", "ab", "a_b_c", ""] {
        assert!(resolver.target(Service::Oss, Some(&region("cn-hangzhou")), Some(name)).is_err(), "{name}");
    }
}

#[test]
fn the_sls_signing_region_follows_a_dedicated_endpoint() {
    let at = |host: &str| {
        let overrides = BTreeMap::from([(Service::Sls, host.to_owned())]);
        resolver(Endpoints { overrides, ..Endpoints::default() })
    };
    let with = |host: &str| at(host).signing_region(Service::Sls, Some(&region("cn-hangzhou"))).unwrap();
    assert!(at("cn-hangzhou-acdr-ut-3.log.aliyuncs.com").sls_is_dedicated());
    assert!(!at("cn-hangzhou-intranet.log.aliyuncs.com").sls_is_dedicated());
    assert!(!resolver(Endpoints::default()).sls_is_dedicated());
    for service in [Service::Sls, Service::Oss] {
        let plain = resolver(Endpoints::default()).signing_region(service, Some(&region("cn-hangzhou")));
        assert_eq!(plain.as_deref(), Ok("cn-hangzhou"));
    }
    assert_eq!(with("cn-hangzhou-acdr-ut-3.log.aliyuncs.com"), "cn-hangzhou-acdr-ut-3");
    assert_eq!(with("cn-shanghai-intranet.log.aliyuncs.com"), "cn-shanghai");
    assert_eq!(with("logs.example.com"), "cn-hangzhou");
}
