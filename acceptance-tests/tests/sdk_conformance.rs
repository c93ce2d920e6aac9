//! The mock cloud judged by those who know the real one: official SDKs make the calls that the resources depend on,
//! each successfully and refused with a documented error, signed by their own code.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use acceptance_tests::{Cloud, Python, REGION};

fn conforms(script: &str) {
    let python = Python::with(include_str!("../sdk/requirements.txt"));
    let cloud = Cloud::start();
    let environment = [
        ("http_proxy", cloud.endpoint_url.as_str()),
        ("ACCOUNT_ID", cloud.account_id.as_str()),
        ("ACCESS_KEY", cloud.access_key.as_str()),
        ("SECRET_KEY", cloud.secret_key.as_str()),
        ("REGION", REGION),
    ];
    let output = python.run(script, &environment);
    assert!(output.success(), "{script}:\n{}", output.combined());
}

#[test]
fn sts() {
    conforms("sts.py");
}

#[test]
fn actiontrail() {
    conforms("actiontrail.py");
}

#[test]
fn oss_in_both_signature_versions() {
    conforms("oss.py");
}

#[test]
fn oss_with_the_newer_sdk() {
    conforms("oss_v2.py");
}

#[test]
fn sls_in_both_signature_versions() {
    conforms("sls.py");
}
