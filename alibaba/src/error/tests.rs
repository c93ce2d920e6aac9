use super::*;
use crate::credentials::CredentialsFault;

fn refusal(service: Service, action: &'static str, status: u16, code: &str) -> ServiceError {
    ServiceError {
        service,
        action,
        status,
        code: code.to_owned(),
        message: "the words".to_owned(),
        request_id: Some("R-1".to_owned()),
        detail_code: None,
        access_denied: None,
        endpoint: None,
        clock: None,
        after_unsure_attempt: false,
    }
}

#[test]
fn a_refusal_names_action_code_request_and_what_to_do() {
    let error = Error::from(refusal(Service::ActionTrail, "CreateTrail", 400, "RepeatOssBucket"));
    let text = error.to_string();
    assert_eq!(
        text,
        "ActionTrail CreateTrail: RepeatOssBucket (HTTP 400, request id R-1): the words\n\
         The bucket already receives another trail. Give each trail a bucket of its own."
    );
}

#[test]
fn the_codes_that_matter_have_advice() {
    for (service, status, code, expected) in [
        (Service::ActionTrail, 404, "TrailNotFoundException", "home region"),
        (Service::ActionTrail, 400, "TrailAlreadyExistsException", "across all regions"),
        (Service::ActionTrail, 403, "MaximumNumberOfTrailsExceededException", "at most five"),
        (Service::ActionTrail, 400, "NotAllowCreateOrganizationTrail", "management account"),
        (Service::ActionTrail, 403, "InsufficientBucketPolicyException", "oss:PutObject"),
        (Service::ActionTrail, 403, "NeedServiceLinkedRole", "ram:CreateServiceLinkedRole"),
        (Service::ActionTrail, 403, "NoPermission", "actiontrail:X"),
        (Service::ActionTrail, 400, "InvalidTimeStamp.Expired", "NTP"),
        (Service::ActionTrail, 400, "Throttling.User", "fewer requests"),
        (Service::ActionTrail, 500, "InternalError", "vendor's support"),
        (Service::Sts, 404, "InvalidAccessKeyId.NotFound", "access key id"),
        (Service::Sts, 400, "InvalidSecurityToken.Expired", "new temporary credentials"),
        (Service::Oss, 403, "SignatureDoesNotMatch", "Check the secret"),
        (Service::Oss, 409, "BucketAlreadyExists", "If it is yours"),
        (Service::Oss, 409, "BucketNotEmpty", "old versions"),
        (Service::Oss, 403, "AccessDenied", "oss:X"),
        (Service::Oss, 403, "RequestTimeTooSkewed", "NTP"),
        (Service::Sls, 400, "ProjectAlreadyExist", "shared by all customers"),
        (Service::Sls, 404, "LogStoreNotExist", "create the logstore first"),
        (Service::Sls, 401, "Unauthorized", "log:X"),
        (Service::Sls, 400, "SignatureVersionNotSupported", "version 4"),
    ] {
        let advice = refusal(service, "X", status, code).advice().unwrap_or_default();
        assert!(advice.contains(expected), "{code}: {advice}");
    }
    assert_eq!(refusal(Service::Oss, "X", 400, "SomethingNew").advice(), None);
}

#[test]
fn a_bucket_name_tells_whose_it_is_by_the_error_number() {
    let with = |number: &str| {
        let mut error = refusal(Service::Oss, "PutBucket", 409, "BucketAlreadyExists");
        error.detail_code = Some(number.to_owned());
        error.advice().unwrap()
    };
    assert!(with("0015-00000104").contains("somebody else"));
    assert!(with("0015-00000103").contains("4 to 8 hours"));
}

#[test]
fn kinds_of_errors() {
    let of = |service, status, code| Error::from(refusal(service, "X", status, code));
    assert!(of(Service::Oss, 404, "NoSuchBucket").is_not_found());
    assert!(of(Service::Oss, 404, "NoSuchHTTPSConfig").is_not_found(), "letter case does not count");
    // The project of a trail being missing does not mean that the trail is.
    assert!(!of(Service::ActionTrail, 400, "SlsProjectDoesNotExistException").is_not_found());
    assert!(!of(Service::Oss, 404, "NoSuchKeyOfSomeKind").is_not_found());
    assert!(of(Service::Sls, 400, "ProjectAlreadyExist").is_already_exists());
    assert!(of(Service::Sls, 403, "ProjectForbidden").is_not_yet_visible());
    assert!(of(Service::Oss, 429, "Whatever").is_throttling());
    assert!(of(Service::Sls, 401, "Unauthorized").is_denied());
    assert!(of(Service::Oss, 500, "InternalError").may_have_been_applied());
    assert!(!of(Service::Oss, 503, "MetaOperationQpsLimitExceeded").may_have_been_applied());
    let lost = Error::LostAnswer { service: Service::Oss, action: "PutBucket", detail: "reset".into() };
    assert!(lost.may_have_been_applied() && lost.code().is_none());
}

#[test]
fn a_refusal_of_sls_names_the_action_and_the_resource() {
    let mut refused = refusal(Service::Sls, "GetDashboard", 401, "Unauthorized");
    refused.message = "denied by sts or ram, action: log:GetDashboard, resource: \
                       acs:log:cn-hangzhou:1234567890123456:project/audit/dashboard/events"
        .to_owned();
    let advice = refused.advice().unwrap();
    let named =
        "log:GetDashboard on acs:log:cn-hangzhou:1234567890123456:project/audit/dashboard/events. Grant";
    assert!(advice.contains(named), "{advice}");
    for (message, told) in [
        ("Access denied by project policy.", "policy of the project refuses log:GetDashboard"),
        ("Your SLS service has been forbidden.", "not activated"),
        ("something else", "lacks the permission log:GetDashboard here"),
    ] {
        refused.message = message.to_owned();
        let advice = refused.advice().unwrap();
        assert!(advice.contains(told), "{message}: {advice}");
    }
}

#[test]
fn every_fault_has_a_remedy_of_its_own() {
    let cases = [
        (Service::Sts, "InvalidAccessKeyId.NotFound", CredentialsFault::UnknownKey),
        (Service::Oss, "InvalidAccessKeyId", CredentialsFault::UnknownKey),
        (Service::Sts, "InvalidAccessKeyId.Inactive", CredentialsFault::DisabledKey),
        (Service::ActionTrail, "Forbidden.AccessKeyDisabled", CredentialsFault::DisabledKey),
        (Service::Sts, "SignatureDoesNotMatch", CredentialsFault::WrongSecret),
        (Service::Sts, "IncompleteSignature", CredentialsFault::WrongSecret),
        (Service::Sts, "InvalidSecurityToken.Expired", CredentialsFault::ExpiredToken),
        (Service::Sts, "InvalidSecurityToken.MismatchWithAccessKey", CredentialsFault::InvalidToken),
        (Service::Sts, "InvalidSecurityToken.Malformed", CredentialsFault::InvalidToken),
        (Service::Sts, "MissingSecurityToken", CredentialsFault::MissingToken),
    ];
    let mut told = std::collections::BTreeMap::new();
    for (service, code, expected) in cases {
        let error = refusal(service, "X", 403, code);
        assert_eq!(error.credentials_fault(), Some(expected), "{code}");
        assert_eq!(error.advice().as_deref(), Some(expected.advice()), "{code}");
        told.insert(expected.advice(), expected);
    }
    assert_eq!(told.len(), 6, "no two faults have the same advice");
    assert_eq!(refusal(Service::Sts, "X", 400, "Throttling.User").credentials_fault(), None);
}
