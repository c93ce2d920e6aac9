//! AssumeRoleWithOIDC: temporary keys for whoever holds a token of a trusted identity provider. The call is not signed.
//! The token's claims are read and compared with provider and role; its signature is taken for granted, since the mock
//! knows no provider's keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{Session, check_parameters, duration, grant};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::ram::{self, trust};
use crate::rpc::{self, Error, Outcome};

pub(super) fn assume(cloud: &mut CloudState, call: &Call, wall: OffsetDateTime) -> Outcome {
    let provider = rpc::required(call, "OIDCProviderArn")?;
    let arn = rpc::required(call, "RoleArn")?;
    let token = rpc::required(call, "OIDCToken")?;
    let session = rpc::required(call, "RoleSessionName")?;
    check_parameters(call, arn, session)?;
    if !provider.strip_prefix("acs:ram::").is_some_and(|rest| rest.contains(":oidc-provider/")) {
        let message = "The parameter OIDCProviderArn is wrongly formed.";
        return Err(Error::new(400, "InvalidParameter.OIDCProviderArn", message));
    }
    let claims = claims(token)?;
    if claims["exp"].as_i64().is_some_and(|end| end <= wall.unix_timestamp()) {
        let message = "The OIDC token has expired.";
        return Err(Error::new(400, "AuthenticationFail.OIDCToken.Expired", message));
    }
    let ram::Named { account, name, role } = ram::role_by_arn(cloud, arn).ok_or_else(|| {
        Error::new(404, "EntityNotExist.Role", format!("The specified role not exists: {arn}."))
    })?;
    if !trust::allows_federated(&role.assume_role_policy_document, provider, &claims) {
        let message =
            "The trust policy of the role does not allow the identity provider or the token's claims.";
        return Err(Error::new(403, "AuthenticationFail.NoPermission", message));
    }
    let seconds = duration(call, role.max_session_duration)?;
    let session = Session {
        account: account.to_owned(),
        role: name.to_owned(),
        role_id: role.role_id.clone(),
        arn: arn.to_owned(),
        name: session.to_owned(),
        seconds,
    };
    let mut answer = grant(cloud, call, session, wall);
    answer["OIDCTokenInfo"] = json!({
        "Issuer": claims["iss"],
        "Subject": claims["sub"],
        "ClientIds": audiences(&claims).join(","),
        "ExpirationTime": timestamp(&claims["exp"]),
        "IssuanceTime": timestamp(&claims["iat"]),
        "VerificationInfo": "Success",
    });
    Ok(answer)
}

/// The claims of a JSON web token.
fn claims(token: &str) -> Result<Value, Error> {
    let bad = || Error::new(400, "InvalidParameter.OIDCToken", "The parameter OIDCToken is wrongly formed.");
    if !(4..=20_000).contains(&token.len()) {
        return Err(bad());
    }
    let [_, payload, _] = token.split('.').collect::<Vec<_>>()[..] else { return Err(bad()) };
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).map_err(|_| bad())?;
    let claims: Value = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    if claims["iss"].is_string() && claims["sub"].is_string() { Ok(claims) } else { Err(bad()) }
}

/// The audiences of a token: one, or a list of them.
fn audiences(claims: &Value) -> Vec<&str> {
    match &claims["aud"] {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn timestamp(seconds: &Value) -> Value {
    let time = seconds.as_i64().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    time.map_or(Value::Null, |time| json!(rpc::timestamp(time)))
}
