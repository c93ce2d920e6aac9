//! Reading error answers of every kind into one shape, and leaving out what must not be shown.

use ::http::HeaderMap;
use serde::Deserialize;
use time::OffsetDateTime;

use super::authorize;
use super::redact::Redactor;
use crate::core::codes::classify;
use crate::core::request::{Request, Scheme};
use crate::core::text::{LONG, SHORT};
use crate::endpoint::Service;
use crate::error::{AccessDenied, ServiceError};
use crate::kind::ErrorKind;
use crate::xml::Element;

/// An error document, whichever service wrote it. Letter case differs between gateways.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Document {
    #[serde(alias = "Code", alias = "errorCode", alias = "ErrorCode")]
    code: Option<String>,
    #[serde(alias = "Message", alias = "errorMessage", alias = "ErrorMessage")]
    message: Option<String>,
    #[serde(rename = "requestId", alias = "RequestId", alias = "requestID")]
    request_id: Option<String>,
    #[serde(rename = "accessDeniedDetail", alias = "AccessDeniedDetail")]
    access_denied: Option<serde_json::Value>,
    #[serde(skip)]
    detail_code: Option<String>,
    #[serde(skip)]
    endpoint: Option<String>,
}

impl Document {
    fn read(body: &[u8]) -> Option<Self> {
        if body.trim_ascii_start().first() == Some(&b'{') {
            return serde_json::from_slice(body).ok();
        }
        let root = Element::parse(body).ok().filter(|root| root.name == "Error")?;
        Some(Self {
            code: root.text("Code"),
            message: message(&root),
            request_id: root.text("RequestId"),
            access_denied: None,
            detail_code: root.text("EC"),
            endpoint: root.text("Endpoint"),
        })
    }
}

/// The message with what it is about: OSS says in elements of their own which argument or rule it means.
fn message(root: &Element) -> Option<String> {
    let argument = root.text("ArgumentName").map(|name| match root.text("ArgumentValue") {
        Some(value) => format!("{name}: {value}"),
        None => name,
    });
    let parts: Vec<String> = [root.text("ErrorDetail"), argument].into_iter().flatten().collect();
    let message = root.text("Message")?;
    Some(if parts.is_empty() { message } else { format!("{message} ({})", parts.join("; ")) })
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The request id as the service's kind of answer carries it in a header.
pub(crate) fn request_id(service: Service, headers: &HeaderMap) -> Option<String> {
    let name = match service {
        Service::Oss => "x-oss-request-id",
        Service::Sls => "x-log-requestid",
        Service::ActionTrail
        | Service::Sts
        | Service::Ram
        | Service::ResourceManager
        | Service::ResourceDirectory => "x-acs-request-id",
    };
    header(headers, name)
}

/// Makes a typed error of an error answer.
pub(crate) fn parse(
    request: &Request,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    redactor: &Redactor,
    sent_at: OffsetDateTime,
) -> ServiceError {
    let foreign = || Document {
        code: Some(format!("Http{status}")),
        message: Some(format!(
            "the answer is not in the format of {}, so something in between (a proxy, a gateway, a wrong endpoint) may \
             have given it",
            request.service
        )),
        ..Document::default()
    };
    let document = Document::read(body).filter(|document| document.code.is_some()).unwrap_or_else(foreign);
    let short = |text: String| redactor.text(&text, SHORT);
    let code = document.code.map(short).unwrap_or_default();
    let message = document.message.unwrap_or_default();
    let kind = classify(request.service, &code, status).kind;
    let message = if kind == ErrorKind::Credentials || echoes_secrets(&code, &message) {
        String::new()
    } else {
        redactor.text(&message, LONG)
    };
    let clock = (kind == ErrorKind::Clock).then(|| explain_clock(headers, sent_at)).flatten();
    ServiceError {
        service: request.service,
        action: request.action,
        status,
        message,
        request_id: request_id(request.service, headers).or(document.request_id).map(short),
        detail_code: document.detail_code.or_else(|| header(headers, "x-oss-ec")).map(short),
        access_denied: document.access_denied.and_then(denied).map(|denied| redacted(denied, redactor)),
        endpoint: document.endpoint.filter(|_| request.scheme == Scheme::OssV4).map(short),
        clock,
        code,
        after_unsure_attempt: false,
    }
}

/// Whether the service's words repeat what was signed, a key id or a token. The kind of the code tells as much; this is for
/// codes that no table has.
fn echoes_secrets(code: &str, message: &str) -> bool {
    let (code, message) = (code.to_ascii_lowercase(), message.to_ascii_lowercase());
    ["accesskeyid", "securitytoken"].iter().any(|telltale| code.contains(telltale))
        || ["accesskeyid", "access key id", "string to sign", "security token", "securitytoken"]
            .iter()
            .any(|telltale| message.contains(telltale))
}

/// Every field is named, so that none can be forgotten.
fn redacted(denied: AccessDenied, redactor: &Redactor) -> AccessDenied {
    let AccessDenied {
        auth_action,
        auth_principal_type,
        auth_principal_owner_id,
        auth_principal_display_name,
        no_permission_type,
        policy_type,
        encoded_diagnostic_message,
    } = denied;
    let text = |text: Option<String>, most| text.map(|text| redactor.text(&text, most));
    AccessDenied {
        auth_action: text(auth_action, SHORT),
        auth_principal_type: text(auth_principal_type, SHORT),
        auth_principal_owner_id: text(auth_principal_owner_id, SHORT),
        auth_principal_display_name: text(auth_principal_display_name, SHORT),
        no_permission_type: text(no_permission_type, SHORT),
        policy_type: text(policy_type, SHORT),
        encoded_diagnostic_message: text(encoded_diagnostic_message, LONG),
    }
}

/// The detail is free-form in places, so what does not fit is left out rather than made an error.
fn denied(value: serde_json::Value) -> Option<AccessDenied> {
    serde_json::from_value(value).ok().filter(|denied| *denied != AccessDenied::default())
}

fn explain_clock(headers: &HeaderMap, sent_at: OffsetDateTime) -> Option<String> {
    let server = authorize::parse_http_date(&header(headers, "date")?)?;
    let minutes = (sent_at - server).whole_seconds().abs() as f64 / 60.0;
    let direction = if sent_at > server { "ahead of" } else { "behind" };
    Some(format!(
        "The clock of this machine is {minutes:.1} minutes {direction} the service's (here {}, there {}).",
        plain(sent_at),
        plain(server)
    ))
}

fn plain(at: OffsetDateTime) -> String {
    at.replace_nanosecond(0)
        .unwrap_or(at)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::transport::redact::Redactors;
    use crate::core::transport::tests::request;
    use crate::credentials::Credentials;

    const SENT: OffsetDateTime = time::macros::datetime!(2026-01-15 08:30:00 UTC);

    fn parse_for(
        service: Service,
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &str,
    ) -> ServiceError {
        let mut request = request("CreateTrail");
        request.service = service;
        if service == Service::Oss {
            request.scheme = Scheme::OssV4;
        }
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (::http::HeaderName::from_static(name), ::http::HeaderValue::from_static(value))
            })
            .collect();
        let keys = Credentials::new("LTAI-the-key-id", "the-secret-value").with_token("the-token-value");
        let redactor = Redactors::default().of(&keys, &HeaderMap::new());
        parse(&request, status, &headers, body.as_bytes(), &redactor, SENT)
    }

    #[test]
    fn rpc_errors_with_their_denial() {
        let error = parse_for(
            Service::ActionTrail,
            403,
            &[],
            r#"{"RequestId":"9F5B","Code":"NoPermission","Message":"You are not authorized.","HostId":"h",
               "AccessDeniedDetail":{"AuthAction":"actiontrail:CreateTrail","AuthPrincipalType":"SubUser",
               "AuthPrincipalDisplayName":"2000","NoPermissionType":"ImplicitDeny","PolicyType":"AccountLevelIdentityBasedPolicy","New":1}}"#,
        );
        let text = error.to_string();
        for part in [
            "ActionTrail CreateTrail: NoPermission (HTTP 403, request id 9F5B): You are not authorized.",
            "Refused permission: actiontrail:CreateTrail for SubUser 2000 (ImplicitDeny, AccountLevelIdentityBasedPolicy)",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(error.class().kind, ErrorKind::Denied);
        for body in [
            r#"{"code":"X","message":"m","requestId":"R"}"#,
            "<Error><Code>X</Code><Message>m</Message><RequestId>R</RequestId></Error>",
        ] {
            let error = parse_for(Service::Sts, 400, &[], body);
            assert_eq!(
                (error.code.as_str(), error.message.as_str(), error.request_id.as_deref()),
                ("X", "m", Some("R"))
            );
        }
    }

    #[test]
    fn oss_errors_with_their_number_and_endpoint() {
        let error = parse_for(
            Service::Oss,
            403,
            &[("x-oss-request-id", "5C3D9175B6FC201293AD4890"), ("x-oss-ec", "0003-00001403")],
            "<?xml version=\"1.0\"?>\n<Error xmlns=\"x\"><Code>AccessDenied</Code><Message>m &amp; n</Message><Endpoint>oss-cn-beijing.aliyuncs.com</Endpoint></Error>",
        );
        assert_eq!(error.message, "m & n");
        assert_eq!(error.endpoint.as_deref(), Some("oss-cn-beijing.aliyuncs.com"));
        assert!(
            error.to_string().contains("EC 0003-00001403, request id 5C3D9175B6FC201293AD4890"),
            "{error}"
        );
        assert!(error.to_string().contains("oss-cn-beijing.aliyuncs.com"), "{error}");
    }

    #[test]
    fn oss_errors_say_what_they_are_about() {
        let message = |parts: &str| {
            let body = format!("<Error><Code>InvalidArgument</Code><Message>Wrong.</Message>{parts}</Error>");
            parse_for(Service::Oss, 400, &[], &body).message
        };
        assert_eq!(message("<ErrorDetail>Action is missing</ErrorDetail>"), "Wrong. (Action is missing)");
        let argument = "<ArgumentName>Days</ArgumentName><ArgumentValue>0</ArgumentValue>";
        assert_eq!(message(argument), "Wrong. (Days: 0)");
        // A secret is none of it.
        let argument = "<ArgumentName>token</ArgumentName><ArgumentValue>the-token-value</ArgumentValue>";
        assert!(!message(argument).contains("the-token-value"));
    }

    #[test]
    fn sls_errors() {
        let error = parse_for(
            Service::Sls,
            404,
            &[("x-log-requestid", "5B0A")],
            r#"{"errorCode":"ProjectNotExist","errorMessage":"The Project does not exist : p"}"#,
        );
        assert_eq!(error.code, "ProjectNotExist");
        assert_eq!(error.request_id.as_deref(), Some("5B0A"));
    }

    #[test]
    fn signature_errors_and_echoed_secrets_are_not_shown() {
        for (service, body) in [
            (
                Service::ActionTrail,
                r#"{"Code":"SignatureDoesNotMatch","Message":"server string to sign is: POST the-token-value","RequestId":"R"}"#,
            ),
            (
                Service::Oss,
                "<Error><Code>SignatureDoesNotMatch</Code><Message>m the-token-value</Message><StringToSign>x-oss-security-token:the-token-value</StringToSign><OSSAccessKeyId>LTAI-the-key-id</OSSAccessKeyId></Error>",
            ),
            (Service::Sls, r#"{"errorCode":"SignatureNotMatch","errorMessage":"signature abc= not match"}"#),
            (
                Service::Sls,
                r#"{"errorCode":"Unauthorized","errorMessage":"AccessKeyId not found: LTAI-the-key-id"}"#,
            ),
            (Service::Sts, r#"{"Code":"Other","Message":"it is the-secret-value of LTAI-the-key-id"}"#),
        ] {
            let error = parse_for(service, 403, &[], body);
            let shown = format!("{error} {error:?}");
            for secret in
                ["the-token-value", "the-secret-value", "LTAI-the-key-id", "string to sign is", "abc="]
            {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }

    #[test]
    fn a_wrong_clock_is_explained() {
        let date = [("date", "Thu, 15 Jan 2026 08:00:00 GMT")];
        let error = parse_for(
            Service::ActionTrail,
            400,
            &date,
            r#"{"Code":"InvalidTimeStamp.Expired","Message":"m"}"#,
        );
        let text = error.to_string();
        assert!(
            text.contains(
                "30.0 minutes ahead of the service's (here 2026-01-15T08:30:00Z, there 2026-01-15T08:00:00Z)"
            ),
            "{text}"
        );
    }

    #[test]
    fn answers_of_something_in_between() {
        for body in ["<html>502</html>", "", "{\"a\":", "\u{0}\u{1}", "[]"] {
            let error = parse_for(Service::Oss, 502, &[], body);
            assert_eq!(error.code, "Http502");
            assert!(error.message.contains("not in the format of OSS"), "{error}");
        }
    }
}
