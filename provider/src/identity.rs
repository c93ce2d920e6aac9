//! Whose credentials the provider has. Every plan and apply asks for that first, so what is wrong with the credentials, the
//! clock, the endpoints or the network shows here: each as an error of its own, with its own remedy.

use alibaba::credentials::CredentialsFault;
use alibaba::{Error, ErrorKind};
use plugin::{Diagnostic, Diagnostics};

use crate::advice::notified;

/// Why the caller's identity could not be read.
#[must_use]
pub fn failed_call(error: &Error) -> Diagnostics {
    let summary = summary(error);
    let mut detail = notified(error);
    if error.is_cancelled() {
        detail.push_str("\nTerraform was interrupted.");
    }
    Diagnostic::error(summary, detail).into()
}

/// What is behind an error: the last refusal before a deadline, or the call that was to give credentials.
fn cause(error: &Error) -> &Error {
    match error {
        Error::DeadlineExceeded { last: Some(last), .. } => cause(last),
        Error::Credentials(missing) => missing.cause().map_or(error, cause),
        other => other,
    }
}

fn summary(error: &Error) -> &'static str {
    match cause(error) {
        Error::Unreachable { .. } => "STS cannot be reached",
        Error::NotTls { .. } => "The endpoint speaks plain HTTP",
        Error::Service(refused) => match refused.credentials_fault() {
            Some(CredentialsFault::UnknownKey) => "Unknown access key",
            Some(CredentialsFault::DisabledKey) => "Disabled access key",
            Some(CredentialsFault::WrongSecret) => "Wrong access key secret",
            Some(CredentialsFault::ExpiredToken) => "Expired security token",
            Some(CredentialsFault::MissingToken) => "Missing security token",
            Some(CredentialsFault::InvalidToken) => "Invalid security token",
            Some(CredentialsFault::ExpiredIdentityToken) => "Expired OIDC token",
            Some(CredentialsFault::InvalidIdentityToken) => "Invalid OIDC token",
            Some(_) => "The credentials were refused",
            None if refused.class().kind == ErrorKind::Clock => "The clock of this machine is wrong",
            None if matches!(error, Error::Credentials(_)) => "A role could not be assumed",
            None => UNKNOWN,
        },
        Error::Credentials(_) => "No usable credentials",
        _ => UNKNOWN,
    }
}

/// For what is wrong with neither credentials nor clock nor network.
const UNKNOWN: &str = "Could not read the identity of the caller";

/// Whether no call can succeed until somebody changes the credentials or an endpoint. Throttling, faults of the service and
/// a network that is down pass.
#[must_use]
pub fn is_lasting(error: &Error) -> bool {
    let error = cause(error);
    // Settings and files, and sources that are asked without a call of the cloud.
    if matches!(error, Error::Credentials(_)) {
        return true;
    }
    let refused = error.service_error().is_some_and(|said| said.status < 500);
    refused && !error.is_throttling() || matches!(error, Error::NotTls { .. })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::test_service::{Reply, Service};

    /// The error of a caller whose request for its identity is answered like this.
    async fn refused(status: u16, code: &'static str) -> Error {
        let answer =
            move || Reply::Answer(status, format!(r#"{{"Code":"{code}","Message":"m","RequestId":"R"}}"#));
        let service = Service::start(move |_, _| answer()).await;
        service.scope.client.caller_identity().await.unwrap_err()
    }

    #[tokio::test]
    async fn each_fault_has_a_message_and_a_remedy_of_its_own() {
        let mut notified = BTreeMap::new();
        for (status, code, expected, remedy) in [
            (404, "InvalidAccessKeyId.NotFound", "Unknown access key", "Check the access key id"),
            (403, "InvalidAccessKeyId.Inactive", "Disabled access key", "Enable it in the RAM console"),
            (400, "SignatureDoesNotMatch", "Wrong access key secret", "Check the secret"),
            (400, "InvalidSecurityToken.Expired", "Expired security token", "Get new temporary credentials"),
            (400, "InvalidSecurityToken.Malformed", "Invalid security token", "from the same set"),
            (400, "MissingSecurityToken", "Missing security token", "Give the token"),
            (400, "InvalidTimeStamp.Expired", "The clock of this machine is wrong", "Set the clock"),
        ] {
            let error = refused(status, code).await;
            let said = failed_call(&error).0.remove(0);
            assert_eq!(said.summary, expected, "{code}");
            assert!(said.detail.contains(remedy), "{code}: {}", said.detail);
            assert!(is_lasting(&error), "{code}");
            notified.insert(said.summary, code);
        }
        assert_eq!(notified.len(), 7, "{notified:?}");
        let error = refused(400, "Throttling.User").await;
        assert!(!is_lasting(&error) && failed_call(&error).0[0].summary == UNKNOWN);
    }

    /// Credentials that a role is to be taken on with fail with the same messages, and the role with its own.
    #[tokio::test]
    async fn each_fault_of_a_role_has_the_message_of_its_cause() {
        for (status, code, expected, remedy) in [
            (404, "InvalidAccessKeyId.NotFound", "Unknown access key", "access_key, secret_key"),
            (400, "SignatureDoesNotMatch", "Wrong access key secret", "access_key, secret_key"),
            (400, "InvalidSecurityToken.Expired", "Expired security token", "Get new temporary credentials"),
            (404, "EntityNotExist.Role", "A role could not be assumed", "There is no such role"),
            (403, "NoPermission", "A role could not be assumed", "Roles are those of assume_role"),
            (400, "InvalidParameter.DurationSeconds", "A role could not be assumed", "Shorten it"),
        ] {
            let body = format!(r#"{{"Code":"{code}","Message":"m","RequestId":"R"}}"#);
            let service = Service::start(move |_, _| Reply::Answer(status, body.clone())).await;
            let role = alibaba::sts::AssumeRole {
                role_arn: "acs:ram::2:role/audit".to_owned(),
                role_session_name: "test".to_owned(),
                ..Default::default()
            };
            let member = service.scope.client.assuming(role).unwrap();
            let error = member.caller_identity().await.unwrap_err();
            let said = failed_call(&error).0.remove(0);
            assert_eq!(said.summary, expected, "{code}");
            assert!(
                said.detail.contains("no credentials from the role acs:ram::2:role/audit"),
                "{}",
                said.detail
            );
            assert!(said.detail.contains(remedy), "{code}: {}", said.detail);
            assert!(is_lasting(&error), "{code}");
            assert!(service.asked("GetCallerIdentity").is_empty(), "nothing is called without credentials");
        }
        let passing = service_that_throttles().await;
        assert!(!is_lasting(&passing), "{passing}");
    }

    async fn service_that_throttles() -> Error {
        let body = r#"{"Code":"Throttling.User","Message":"m","RequestId":"R"}"#;
        let service = Service::start(move |_, _| Reply::Answer(400, body.to_owned())).await;
        let role =
            alibaba::sts::AssumeRole { role_arn: "acs:ram::2:role/audit".to_owned(), ..Default::default() };
        service.scope.client.assuming(role).unwrap().caller_identity().await.unwrap_err()
    }

    /// A client for another account is made of the caller's and a role, and keeps its settings.
    #[tokio::test]
    async fn a_client_for_another_account_is_made_of_a_client_and_a_role() {
        let service = Service::start(|action, _| {
            let answer = match action {
                "AssumeRole" => {
                    r#"{"Credentials":{"AccessKeyId":"STS.m","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2100-01-01T00:00:00Z"}}"#
                }
                _ => r#"{"AccountId":"2","Arn":"acs:ram::2:assumed-role/audit/test"}"#,
            };
            Reply::Answer(200, answer.to_owned())
        })
        .await;
        let role =
            alibaba::sts::AssumeRole { role_arn: "acs:ram::2:role/audit".to_owned(), ..Default::default() };
        let member = service.scope.client.assuming(role).unwrap();
        assert_eq!(member.caller_identity().await.unwrap().account_id, "2");
        let regions = member.sts(None);
        regions.get_caller_identity().await.unwrap();
        assert_eq!(service.asked("AssumeRole").len(), 1, "once for all calls");
        assert_eq!(member.config().region, service.scope.client.config().region);
    }

    #[tokio::test]
    async fn a_dead_network_is_no_fault_of_the_credentials() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let client = |url: String| {
            let keys = alibaba::credentials::Credentials::new("id", "secret");
            let mut config = alibaba::Config::new(keys);
            config.endpoints.endpoint_url = Some(url);
            config.max_retries = 0;
            alibaba::Client::new(config).unwrap()
        };
        // Whoever speaks plain HTTP answers a TLS handshake with an error of HTTP.
        let answer = std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            write!(stream, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").unwrap();
        });
        let plain = client(format!("https://{address}")).caller_identity().await.unwrap_err();
        answer.join().unwrap();
        let said = failed_call(&plain).0.remove(0);
        assert_eq!(said.summary, "The endpoint speaks plain HTTP");
        assert!(said.detail.contains(&format!("Write http://{address}")), "{}", said.detail);
        assert!(is_lasting(&plain));

        let nobody = client(format!("http://{address}")).caller_identity().await.unwrap_err();
        let said = failed_call(&nobody).0.remove(0);
        assert_eq!(said.summary, "STS cannot be reached");
        assert!(said.detail.contains("Check the network") && !is_lasting(&nobody), "{}", said.detail);
    }
}
