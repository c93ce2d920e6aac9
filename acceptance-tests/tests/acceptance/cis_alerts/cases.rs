//! What each alert has to find, what it must not, and what scanners look for in its query.

use serde_json::{Value, json};

use super::{ARCHIVE, PROJECT};

/// What an alert has to find, and what it must not.
pub(crate) struct Case {
    pub(crate) alert: &'static str,
    /// Members of events, or of an access log.
    pub(crate) matching: Vec<Value>,
    pub(crate) other: Vec<Value>,
    /// What the texts of a query must hold for scanners to recognise the control: of each line, one.
    pub(crate) recognised: &'static [&'static [&'static str]],
}

/// A call of an operation.
fn call(service: &str, operation: &str) -> Value {
    json!({ "serviceName": service, "eventName": operation })
}

/// A sign-in to the console, with some more members.
fn sign_in(more: Value) -> Value {
    let mut event =
        json!({ "serviceName": "AasCustomer", "eventName": "ConsoleSignin", "eventType": "ConsoleSignin" });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

/// A call that was refused.
fn refused(kind: &str, code: &str) -> Value {
    json!({ "serviceName": "Ecs", "eventName": "RunInstances", "eventType": kind, "errorCode": code })
}

/// A call on a bucket or project.
fn about(service: &str, operation: &str, rw: &str, name: &str) -> Value {
    json!({ "serviceName": service, "eventName": operation, "eventRW": rw, "resourceName": name })
}

pub(crate) fn cases() -> Vec<Case> {
    let user = |kind: &str| json!({ "userIdentity": { "type": kind } });
    let checked = |answer: &str| json!({ "additionalEventData": { "isMFAChecked": answer } });
    vec![
        Case {
            alert: "cis-2-10-ram-policy-change",
            matching: vec![call("Ram", "CreatePolicy"), call("ResourceManager", "DeletePolicyVersion")],
            other: vec![call("Ram", "ListPolicies"), call("Kms", "CreatePolicy")],
            recognised: &[
                &["\"event.serviceName\": \"Ram\""],
                &["\"event.eventName\": \"CreatePolicy\""],
                &["\"event.eventName\": \"DeletePolicy\""],
            ],
        },
        Case {
            alert: "cis-2-11-cloud-firewall-change",
            matching: vec![call("Cloudfw", "ModifyVpcFirewallControlPolicy")],
            other: vec![call("Cloudfw", "DescribeVpcFirewallControlPolicy")],
            recognised: &[
                &["\"event.serviceName\": \"Cloudfw\""],
                &["\"event.eventName\": \"CreateVpcFirewallControlPolicy\""],
            ],
        },
        Case {
            alert: "cis-2-12-vpc-route-change",
            matching: vec![call("Vpc", "CreateRouteEntry"), call("Ecs", "DeleteRouteEntry")],
            other: vec![call("Vpc", "DescribeRouteTables"), call("Cen", "CreateRouteEntry")],
            recognised: &[
                &["\"event.serviceName\": \"Vpc\"", "\"event.serviceName\": \"Ecs\""],
                &["\"event.eventName\": \"CreateRouteEntry\""],
            ],
        },
        Case {
            alert: "cis-2-13-vpc-change",
            matching: vec![call("Vpc", "DeleteVpc"), call("Vpc", "CreateVSwitch")],
            other: vec![call("Vpc", "DescribeVpcs"), call("Vpc", "CreateRouteEntry")],
            recognised: &[
                &["\"event.serviceName\": \"Vpc\"", "\"event.serviceName\": \"Ecs\""],
                &["\"event.eventName\": \"CreateVpc\""],
            ],
        },
        Case {
            alert: "cis-2-14-oss-permission-change",
            matching: vec![
                json!({ "operation": "PutBucket", "request_uri": "/photos?acl", "bucket": "photos" }),
                json!({ "operation": "PutObjectAcl", "request_uri": "/photos/a.jpg?acl", "bucket": "photos" }),
            ],
            other: vec![
                json!({ "operation": "PutBucket", "request_uri": "/photos", "bucket": "photos" }),
                json!({ "operation": "GetObjectAcl", "request_uri": "/photos/a.jpg?acl", "bucket": "photos" }),
            ],
            recognised: &[&["operation: PutBucket"], &["request_uri: acl"], &["operation: PutObjectAcl"]],
        },
        Case {
            alert: "cis-2-15-rds-configuration-change",
            matching: vec![call("Rds", "ModifySecurityIps"), call("rds", "DeleteBackup")],
            other: vec![call("rds", "DescribeDBInstances")],
            recognised: &[
                &["\"event.serviceName\": \"rds\""],
                &["\"event.eventName\": \"ModifyHASwitchConfig\""],
            ],
        },
        Case {
            alert: "cis-2-16-unauthorized-call",
            matching: [
                "NoPermission",
                "Forbidden.RAM",
                "InvalidAccessKeyId.NotFound",
                "AccessDenied",
                "Unauthorized",
            ]
            .map(|code| refused("ApiCall", code))
            .into(),
            other: vec![
                refused("ApiCall", "Throttling.User"),
                refused("ConsoleOperation", "NoPermission"),
                call("Ecs", "RunInstances"),
            ],
            recognised: &[&["event.eventType\": \"ApiCall"], &["event.errorCode\": NoPermission"]],
        },
        Case {
            alert: "cis-2-17-login-without-mfa",
            matching: vec![sign_in(checked("false"))],
            other: vec![sign_in(checked("true")), sign_in(json!({}))],
            recognised: &[
                &["\"event.eventName\": \"ConsoleSignin\""],
                &["addionalEventData.loginAccount\": \"false\""],
                &["MFAChecked\": \"false\""],
            ],
        },
        Case {
            alert: "cis-2-18-root-login",
            matching: vec![sign_in(user("root-account"))],
            other: vec![sign_in(user("ram-user")), {
                let mut event = call("Ecs", "RunInstances");
                event["userIdentity"] = json!({ "type": "root-account" });
                event
            }],
            recognised: &[
                &["\"event.eventName\": \"ConsoleSignin\""],
                &["\"event.userIdentity.type\": \"root-account\""],
            ],
        },
        Case {
            alert: "cis-2-19-login-failure",
            matching: vec![sign_in(json!({ "errorCode": "AuthenticationFailed" }))],
            other: vec![
                sign_in(json!({})),
                sign_in(json!({ "errorCode": "" })),
                refused("ApiCall", "NoPermission"),
            ],
            recognised: &[&["\"event.eventName\": \"ConsoleSignin\""], &["errorCode\": *"]],
        },
        Case {
            alert: "cis-2-20-customer-key-disabled",
            matching: vec![call("Kms", "DisableKey"), call("Kms", "ScheduleKeyDeletion")],
            other: vec![call("Kms", "DescribeKey")],
            recognised: &[&["\"event.serviceName\": \"Kms\""], &["\"event.eventName\": \"DisableKey\""]],
        },
        Case {
            alert: "cis-2-21-bucket-policy-change",
            matching: vec![call("Oss", "PutBucketPolicy"), call("Oss", "DeleteBucketEncryption")],
            other: vec![call("Oss", "GetBucketPolicy")],
            recognised: &[&["\"event.eventName\": \"PutBucketPolicy\""]],
        },
        Case {
            alert: "cis-2-22-security-group-change",
            matching: vec![call("Ecs", "AuthorizeSecurityGroup"), call("Ecs", "LeaveSecurityGroup")],
            other: vec![call("Ecs", "DescribeSecurityGroups")],
            recognised: &[&["\"event.eventName\": \"CreateSecurityGroup\""]],
        },
        Case {
            alert: "trail-change",
            matching: ["StopLogging", "DeleteTrail", "UpdateTrail"]
                .map(|operation| call("Actiontrail", operation))
                .into(),
            other: vec![call("Actiontrail", "DescribeTrails"), call("Actiontrail", "StartLogging")],
            recognised: &[],
        },
        Case {
            alert: "archive-bucket-change",
            matching: vec![
                about("Oss", "DeleteBucket", "Write", ARCHIVE),
                about("Oss", "AbortBucketWorm", "Write", ARCHIVE),
            ],
            other: vec![
                about("Oss", "DeleteBucket", "Write", "another-bucket"),
                about("Oss", "GetBucketInfo", "Read", ARCHIVE),
            ],
            recognised: &[],
        },
        Case {
            alert: "audit-project-change",
            matching: vec![
                about("Sls", "DeleteLogStore", "Write", PROJECT),
                about("Sls", "DisableAlert", "Write", PROJECT),
            ],
            other: vec![
                about("Sls", "DeleteLogStore", "Write", "another-project"),
                about("Sls", "ListLogStores", "Read", PROJECT),
            ],
            recognised: &[],
        },
    ]
}
