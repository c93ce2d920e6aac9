//! `alitrail mock --tls`: ordinary tools reach the mock by the real host names, and nothing else.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;

use super::{alitrail, environment_of, said};

const URL: &str = "https://actiontrail.cn-hangzhou.aliyuncs.com/";

#[test]
fn curl_and_python_reach_the_mock_by_the_real_host_name() {
    let ask = format!(
        "import urllib.error, urllib.request
try:
    urllib.request.urlopen('{URL}', timeout=20)
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())"
    );
    for command in [vec!["curl", "-sS", "-m", "20", "-w", "%{http_code}", URL], vec!["python3", "-c", &ask]] {
        // A proxy of the machine, and an exception for the cloud, would lead elsewhere.
        let mut mock = alitrail();
        mock.args(["--tls", "--"]).args(&command).env("https_proxy", "http://127.0.0.1:1");
        mock.env("ALL_PROXY", "http://127.0.0.1:1").env("NO_PROXY", ".aliyuncs.com");
        let output = mock.output().unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        assert!(answer.contains("MissingAccessKeyId") && answer.contains("400"), "{command:?}: {output:?}");
    }
}

#[test]
fn hosts_that_are_not_of_the_cloud_are_out_of_reach() {
    let output = alitrail()
        .args(["--tls", "--", "curl", "-sSv", "-m", "20", "https://registry.terraform.io/"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(56), "{output:?}");
    let said = said(&output);
    assert!(said.contains("terraform init, has to run outside of the mock's environment"), "{said}");
}

#[test]
fn a_command_finds_the_proxy_and_what_to_trust() {
    let environment = environment_of(&["--tls"], &[("NO_PROXY", "intranet,aliyuncs.com")]);
    let mock = &environment["ALITRAIL_ENDPOINT_URL"];
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
        assert_eq!(&environment[name], mock, "{name}");
    }
    for name in ["NO_PROXY", "no_proxy"] {
        assert_eq!(environment[name], "intranet,127.0.0.1,localhost,::1", "{name}");
    }
    for name in
        ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE", "SSL_CERT_FILE"]
    {
        assert_eq!(environment[name], environment["SSL_CERT_FILE"], "{name}");
    }
    assert_eq!(environment["ALIBABA_CLOUD_ACCESS_KEY_ID"], "mock-access-key-id");
    let without = environment_of(&[], &[]);
    assert_eq!(without.get("SSL_CERT_FILE"), std::env::var("SSL_CERT_FILE").ok().as_ref());
}

#[test]
fn a_kept_authority_is_trusted_by_the_next_mock_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("ca");
    let run = || {
        let mut mock = alitrail();
        mock.args(["--tls", "--ca-dir"]).arg(&directory);
        let script = format!("curl -sS -m 20 -o /dev/null --cacert '{}/ca.pem' {URL}", directory.display());
        mock.args(["--", "sh", "-c", &script]).output().unwrap()
    };
    assert!(run().status.success());
    let certificate = fs::read(directory.join("ca.pem")).unwrap();
    let key = fs::metadata(directory.join("ca-key.pem")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let again = run();
    assert!(again.status.success(), "{again:?}");
    assert_eq!(fs::read(directory.join("ca.pem")).unwrap(), certificate);
    let alone = alitrail().arg("--ca-dir").arg(&directory).args(["--", "true"]).output().unwrap();
    assert_eq!(alone.status.code(), Some(64), "without TLS it means nothing");
}

#[test]
fn it_says_what_to_type_or_what_to_parse() {
    for (format, wanted) in
        [("text", "export HTTPS_PROXY=http://127.0.0.1:"), ("json", "\"ca_bundle_file\":")]
    {
        // What it listens on is said by a variable here.
        let mut mock = alitrail();
        mock.env("ALITRAIL_MOCK_TLS", "1").env("ALITRAIL_MOCK_FORMAT", format);
        let mut mock = mock.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(mock.stdout.take().unwrap());
        let mut text = String::new();
        while !text.contains(wanted) {
            assert_ne!(out.read_line(&mut text).unwrap(), 0, "{format}: {text}");
        }
        if format == "json" {
            let ready: Value = serde_json::from_str(&text).unwrap();
            let (plain, encrypted) = (ready["endpoint_url"].as_str(), ready["https_url"].as_str());
            assert_eq!(plain.unwrap().replace("http:", "https:"), encrypted.unwrap());
            let bundle = fs::read_to_string(ready["ca_bundle_file"].as_str().unwrap()).unwrap();
            let own = fs::read_to_string(ready["ca_certificate_file"].as_str().unwrap()).unwrap();
            assert!(bundle.starts_with(&own));
        }
        let id = rustix::process::Pid::from_child(&mock);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        assert!(mock.wait().unwrap().success());
        out.read_to_string(&mut text).unwrap();
    }
}
