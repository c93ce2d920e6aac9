use std::{collections::HashMap, ffi::OsString, path::PathBuf};

use super::{
    environment::{COOKIE, Environment},
    handshake,
    listen::Address,
    usage::{self, Invocation},
    *,
};

const PLUGIN: Plugin = Plugin {
    name: "terraform-provider-thing",
    address: "registry.terraform.io/people/thing",
    version: "1.2.3",
    purpose: "things",
    crates: &[],
};

fn environment(variables: &[(&str, &str)]) -> Environment {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    Environment::read(|name| variables.get(name).map(OsString::from))
}

fn parse(arguments: &[&str]) -> Result<Invocation, OsString> {
    usage::parse(arguments.iter().map(OsString::from))
}

#[test]
fn only_the_exact_cookie_means_a_host() {
    assert!(environment(&[COOKIE]).is_host());
    assert!(!environment(&[]).is_host());
    assert!(!environment(&[(COOKIE.0, "d602")]).is_host());
}

#[test]
fn protocol_is_found_in_any_order() {
    for offered in ["6,5", "5,6", "6", " 5, 6 "] {
        assert!(environment(&[("PLUGIN_PROTOCOL_VERSIONS", offered)]).check_protocol().is_ok(), "{offered}");
    }
    assert!(environment(&[]).check_protocol().is_ok(), "a host that does not negotiate judges for itself");
    for offered in ["5", "4,5", "66", "x"] {
        let error = environment(&[("PLUGIN_PROTOCOL_VERSIONS", offered)]).check_protocol().unwrap_err();
        assert!(error.to_string().contains(&format!("offers only {offered};")), "{error}");
    }
}

#[test]
fn ports_have_defaults() {
    assert_eq!(environment(&[]).ports, (10_000, 25_000));
    assert_eq!(environment(&[("PLUGIN_MIN_PORT", "7"), ("PLUGIN_MAX_PORT", "9")]).ports, (7, 9));
}

#[test]
fn debugging_takes_nothing_from_a_host() {
    let host = environment(&[COOKIE, ("PLUGIN_CLIENT_CERT", "x"), ("PLUGIN_UNIX_SOCKET_DIR", "/x")]);
    let debug = host.for_debugging();
    assert!(debug.client_certificate.is_none() && debug.socket_dir.is_none() && !debug.is_host());
}

#[test]
fn flags_are_understood_with_one_dash_or_two() {
    assert_eq!(parse(&[]), Ok(Invocation::Serve));
    assert_eq!(parse(&["--debug"]), Ok(Invocation::Debug));
    assert_eq!(parse(&["-debug"]), Ok(Invocation::Debug));
    assert_eq!(parse(&["--version"]), Ok(Invocation::Version));
    assert_eq!(parse(&["-h"]), Ok(Invocation::Help));
    assert_eq!(parse(&["--debug", "now"]), Err("now".into()));
}

#[test]
fn help_and_notice_say_where_to_install() {
    let (help, notice) = (usage::help(&PLUGIN), usage::notice(&PLUGIN));
    assert_eq!(notice.lines().count(), 2);
    for text in [&help, &notice] {
        assert!(text.contains(
            "registry.terraform.io/people/thing/1.2.3/".replace('/', std::path::MAIN_SEPARATOR_STR).as_str()
        ));
        assert!(text.contains("\"people/thing\""));
    }
    assert!(help.contains("      thing = {\n"), "{help}");
    assert_eq!(usage::version(&PLUGIN), "terraform-provider-thing 1.2.3 (plugin protocol 6)\n");
}

#[test]
fn handshake_line_has_six_fields_and_no_padding() {
    let address = Address::Unix(PathBuf::from("/tmp/x.sock"));
    assert_eq!(handshake::line(&address, None, false), "1|6|unix|/tmp/x.sock|grpc|\n");
    // One, two and three bytes: padding would show on the first two.
    for (der, text) in [(&b"a"[..], "YQ"), (b"ab", "YWI"), (b"abc", "YWJj")] {
        let line = handshake::line(&address, Some(der), false);
        assert_eq!(line, format!("1|6|unix|/tmp/x.sock|grpc|{text}\n"));
    }
}

#[test]
fn seventh_field_is_given_only_when_asked_for() {
    let address = Address::Tcp(([127, 0, 0, 1], 10_001).into());
    assert_eq!(handshake::line(&address, Some(b"abc"), true), "1|6|tcp|127.0.0.1:10001|grpc|YWJj|false\n");
    assert!(environment(&[("PLUGIN_MULTIPLEX_GRPC", "true")]).multiplex);
    assert!(!environment(&[("PLUGIN_MULTIPLEX_GRPC", "")]).multiplex);
}

#[test]
fn reattach_line_is_an_assignment_of_json() {
    let line = handshake::reattach(&PLUGIN, &Address::Unix(PathBuf::from("/tmp/x.sock")));
    let json = line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|l| l.strip_suffix("'\n")).unwrap();
    let attach: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        attach["registry.terraform.io/people/thing"],
        serde_json::json!({
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true,
            "Addr": { "Network": "unix", "String": "/tmp/x.sock" },
        })
    );
}

#[test]
fn host_certificate_must_be_pem() {
    let error = tls::Tls::new("x", "nonsense").err().unwrap();
    assert!(error.to_string().starts_with("PLUGIN_CLIENT_CERT holds no PEM certificate"), "{error}");
}
