//! Every published signature that the mock can be held against, and the checks that are common to all schemes.

use time::macros::datetime;

use super::*;
use crate::cloud::{Principal, Secret};
use crate::gateway::request::tests::request;
use crate::gateway::route;

mod oss;
mod rpc;
mod sls;

fn key(secret: &str) -> AccessKey {
    AccessKey {
        account: "1000000000000001".into(),
        secret: Secret::new(secret),
        principal: Principal::Root,
        active: true,
        token: None,
        policy: None,
        created: None,
        expires: None,
    }
}

/// Runs a request through routing and authentication with one known key.
fn enter(request: &Request, id: &str, key: &AccessKey, now: OffsetDateTime) -> Result<Signer, AuthError> {
    let scheme = Scheme::of(request);
    let route = route::route(request, scheme).unwrap();
    let keys = |given: &str| (given == id).then(|| key.clone());
    authenticate(request, &route, scheme, &keys, &Nonces::default(), now)
}

const OSS_NOW: OffsetDateTime = datetime!(2026-01-15 08:30:00 UTC);

/// A correctly signed OSS V4 request for checks that have nothing to do with its details.
fn signed() -> Request {
    request(
        "GET /?max-keys=1000&prefix=audit-",
        &[
            ("host", "oss-cn-hangzhou.aliyuncs.com"),
            ("x-oss-date", "20260115T083000Z"),
            ("x-oss-content-sha256", "UNSIGNED-PAYLOAD"),
            (
                "authorization",
                "OSS4-HMAC-SHA256 Credential=example-ak-id/20260115/cn-hangzhou/oss/aliyun_v4_request,\
                 Signature=7138f2ca3036840ccaf59fda46edf85c740215c0552588e2e1d5cede6126f974",
            ),
        ],
        "",
    )
}

#[test]
fn lets_the_right_key_in_and_tells_the_others_why_not() {
    let right = key("example-ak-secret");
    let signer = enter(&signed(), "example-ak-id", &right, OSS_NOW).unwrap();
    assert_eq!((signer.key_id.as_str(), signer.region.as_deref()), ("example-ak-id", Some("cn-hangzhou")));
    let refused = |id: &str, key: &AccessKey, now| enter(&signed(), id, key, now).unwrap_err();
    assert_eq!(refused("other", &right, OSS_NOW), AuthError::UnknownKey("example-ak-id".into()));
    let wrong = refused("example-ak-id", &key("another"), OSS_NOW);
    assert!(matches!(wrong, AuthError::Mismatch { .. }), "{wrong:?}");
    let inactive = AccessKey { active: false, ..right.clone() };
    assert!(matches!(refused("example-ak-id", &inactive, OSS_NOW), AuthError::InactiveKey(_)));
    let temporary = AccessKey { token: Some(Secret::new("t")), ..right.clone() };
    assert!(matches!(refused("example-ak-id", &temporary, OSS_NOW), AuthError::TokenMissing(_)));
    for minutes in [-16, 16] {
        let skewed = refused("example-ak-id", &right, OSS_NOW + Duration::minutes(minutes));
        assert!(matches!(skewed, AuthError::Skewed { .. }), "{skewed:?}");
    }
    assert!(enter(&signed(), "example-ak-id", &right, OSS_NOW + Duration::minutes(14)).is_ok());
}

#[test]
fn checks_the_scope() {
    let right = key("example-ak-secret");
    for (from, to, error) in [
        ("/cn-hangzhou/", "/cn-beijing/", AuthError::ScopeRegion),
        ("/oss/", "/sls/", AuthError::ScopeProduct),
        (",Signature", ",AdditionalHeaders=,Signature", AuthError::NoAdditionalHeaders),
        ("/aliyun_v4_request", "", AuthError::Unreadable),
    ] {
        let mut request = signed();
        let changed = request.header("authorization").unwrap().replace(from, to);
        request.headers.insert("authorization", changed.parse().unwrap());
        assert_eq!(enter(&request, "example-ak-id", &right, OSS_NOW).unwrap_err(), error);
    }
}

#[test]
fn refuses_what_is_unsigned_or_signed_for_another_service() {
    let right = key("example-ak-secret");
    let mut request = signed();
    request.headers.insert("authorization", "LOG example-ak-id:x".parse().unwrap());
    assert_eq!(enter(&request, "example-ak-id", &right, OSS_NOW).unwrap_err(), AuthError::Unreadable);
    request.headers.insert("authorization", "Bearer x".parse().unwrap());
    assert_eq!(enter(&request, "example-ak-id", &right, OSS_NOW).unwrap_err(), AuthError::Unreadable);
    request.headers.remove("authorization");
    assert_eq!(enter(&request, "example-ak-id", &right, OSS_NOW).unwrap_err(), AuthError::Anonymous);
}

#[test]
fn every_service_words_a_refusal() {
    let request = signed();
    let errors = [
        AuthError::Anonymous,
        AuthError::UnknownKey("k".into()),
        AuthError::Mismatch { key_id: "k".into(), provided: "s".into(), text: "a\nb".into() },
        AuthError::Skewed { request: OSS_NOW, server: OSS_NOW },
        AuthError::TokenExpired,
    ];
    let expected: [(&str, [(u16, &str); 5]); 3] = [
        (
            "oss-cn-hangzhou.aliyuncs.com",
            [
                (403, "AccessDenied"),
                (403, "InvalidAccessKeyId"),
                (403, "SignatureDoesNotMatch"),
                (403, "RequestTimeTooSkewed"),
                (403, "SecurityTokenExpired"),
            ],
        ),
        (
            "p.cn-hangzhou.log.aliyuncs.com",
            [
                (400, "MissAccessKeyId"),
                (401, "Unauthorized"),
                (401, "SignatureNotMatch"),
                (400, "RequestTimeExpired"),
                (401, "Unauthorized"),
            ],
        ),
        (
            "actiontrail.cn-hangzhou.aliyuncs.com",
            [
                (400, "MissingAccessKeyId"),
                (404, "InvalidAccessKeyId.NotFound"),
                (400, "SignatureDoesNotMatch"),
                (400, "InvalidTimeStamp.Expired"),
                (400, "InvalidSecurityToken.Expired"),
            ],
        ),
    ];
    for (host, answers) in expected {
        let route = route::route(&Request { host: host.into(), ..request.clone() }, Scheme::None).unwrap();
        for (error, (status, code)) in errors.iter().zip(answers) {
            let reply = refuse(error, &request, &route, "5C3D9175B6FC201293AD4890");
            assert_eq!(
                (reply.status.as_u16(), reply.error.as_deref()),
                (status, Some(code)),
                "{host} {error:?}"
            );
            assert!(String::from_utf8_lossy(&reply.body).contains(code), "{host} {error:?}");
        }
    }
}
