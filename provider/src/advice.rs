//! What a user of Terraform can do about an error of the cloud, beside what the error says itself: which argument or
//! attribute it is about, and what to run. `alibaba`, whose errors these are, knows no Terraform.

use alibaba::credentials::CredentialsError;
use alibaba::endpoint::EndpointError;
use alibaba::{Error, ErrorKind, ServiceError};

/// The error with the advice for it.
pub fn notified(error: &Error) -> String {
    match advice(error) {
        Some(advice) => format!("{error}\n{advice}"),
        None => error.to_string(),
    }
}

/// The advice, where there is some.
pub fn advice(error: &Error) -> Option<&'static str> {
    match error {
        Error::Service(refused) => service(refused),
        Error::Credentials(missing) => credentials(missing),
        Error::Endpoint(unusable) => endpoint(unusable),
        Error::Unreachable { .. } | Error::UnexpectedAnswer { .. } | Error::AnswerTooLarge { .. } => Some(
            "Endpoints are set by endpoint_url and endpoints in the provider block, or by their environment variables.",
        ),
        Error::NotTls { .. } => Some(
            "Endpoints are set by endpoint_url and endpoints in the provider block, or by their environment variables. Plain \
             HTTP to another machine also needs allow_insecure_http = true in the provider block.",
        ),
        Error::DeadlineExceeded { last: Some(last), .. } => advice(last),
        _ => None,
    }
}

/// What to do without credentials.
pub fn credentials(error: &CredentialsError) -> Option<&'static str> {
    match error {
        CredentialsError::NotFound { .. } => {
            Some("In the provider block, set access_key and secret_key, or name a profile.")
        }
        CredentialsError::Refused(refusal) => match refusal.cause.as_ref()? {
            Error::Service(refused) if refused.credentials_fault().is_none() => Some(
                "Roles are those of assume_role and assume_role_with_oidc in the provider block, or else of the environment or a \
                 profile.",
            ),
            cause => advice(cause),
        },
        _ => None,
    }
}

/// What to do about an endpoint or region that cannot be used.
pub fn endpoint(error: &EndpointError) -> Option<&'static str> {
    match error {
        EndpointError::PlainHttp { .. } => Some(INSECURE),
        EndpointError::NoScheme { suggestion, .. } if suggestion.contains("allow_insecure_http") => {
            Some(INSECURE)
        }
        EndpointError::UnknownRegion(_) => Some(
            "If the region is newer than this provider, set skip_region_validation = true in the provider block.",
        ),
        _ => None,
    }
}

const INSECURE: &str = "To allow it, set allow_insecure_http = true in the provider block.";

fn service(error: &ServiceError) -> Option<&'static str> {
    by_code(&error.code, error.detail_code.as_deref()).unwrap_or_else(|| by_kind(error.class().kind))
}

/// The advice for a code that needs another than its kind; none for one that must have none.
fn by_code(code: &str, detail_code: Option<&str>) -> Option<Option<&'static str>> {
    Some(Some(match code {
        "BucketAlreadyExists" if detail_code.is_some_and(is_nobodys) => return Some(None),
        "DashboardNotExist" | "ResourceRecordNotExist" => "Plan again: what is gone is made anew.",
        "InvalidDashboardName" => "Check dashboard_name.",
        "InvalidTargetBucketForLogging" => "Check target_bucket.",
        "MaximumNumberOfOrganizationTrailExceeded" => "To manage that trail here, import it.",
        "ResourceGroupIdPreCheckError" => "Check resource_group_id.",
        "SignatureVersionNotSupported" => {
            "In the sign_version block of the provider block, leave sls out or set it to \"v4\"."
        }
        _ => return None,
    }))
}

/// A bucket name that is somebody else's, or blocked for some hours.
fn is_nobodys(detail_code: &str) -> bool {
    matches!(detail_code, "0015-00000103" | "0015-00000104")
}

fn by_kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::AlreadyExists => "If the object is yours, import it to manage it here.",
        ErrorKind::Credentials => {
            "The keys are access_key, secret_key and security_token of the provider block, or what stands in for them in the \
             environment or a profile."
        }
        ErrorKind::Throttled => "Run Terraform with a lower -parallelism.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alibaba::endpoint;

    use super::*;
    use crate::test_service::{Reply, Service};

    #[tokio::test]
    async fn the_advice_follows_what_the_service_says() {
        for (status, code, expected) in [
            (400, "TrailAlreadyExistsException", "If the object is yours, import it to manage it here."),
            (400, "MaximumNumberOfOrganizationTrailExceeded", "To manage that trail here, import it."),
            (400, "Throttling.User", "Run Terraform with a lower -parallelism."),
            (404, "TrailNotFoundException", ""),
        ] {
            let refusal = move || {
                Reply::Answer(status, format!(r#"{{"Code":"{code}","Message":"m","RequestId":"R"}}"#))
            };
            let service = Service::start(move |_, _| refusal()).await;
            let error =
                service.scope.client.actiontrail("cn-hangzhou").start_logging("audit").await.unwrap_err();
            assert_eq!(advice(&error).unwrap_or_default(), expected, "{code}");
            let detail = &crate::failed_call::failed_call("start logging", &error).0[0].detail;
            assert!(detail.starts_with(&error.to_string()) && detail.ends_with(expected), "{detail}");
        }
    }

    #[test]
    fn a_code_goes_before_its_kind() {
        assert!(by_code("DashboardNotExist", None).flatten().unwrap().contains("Plan again"));
        assert_eq!(by_code("BucketAlreadyExists", Some("0015-00000104")), Some(None), "somebody else's");
        assert_eq!(by_code("BucketAlreadyExists", None), None);
        assert!(by_kind(ErrorKind::Credentials).unwrap().contains("secret_key"));
        assert_eq!(by_kind(ErrorKind::Invalid), None);
    }

    #[test]
    fn arguments_of_the_provider_block_are_named() {
        let missing = Error::from(CredentialsError::NotFound { looked_at: "no file".to_owned() });
        assert!(notified(&missing).ends_with("set access_key and secret_key, or name a profile."));
        let plain = endpoint::check_url("endpoint_url", "http://192.0.2.1", false).unwrap_err();
        assert!(super::endpoint(&plain).unwrap().contains("allow_insecure_http = true"));
    }
}
