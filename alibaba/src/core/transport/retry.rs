//! Which failures are worth another attempt, and when.

use std::time::Duration;

use ::http::HeaderMap;
use rand::Rng;

use crate::core::request::{Idempotency, Request};
use crate::error::{Error, ServiceError};
use crate::kind::ErrorKind;
use crate::retry::Policy;

/// A failed attempt, judged.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// Another attempt is safe and may help.
    pub(crate) again: bool,
    /// The service asked for this pause.
    pub(crate) wait: Option<Duration>,
    /// The service asked to be called less often.
    pub(crate) throttled: bool,
}

impl Failure {
    /// A failure that another attempt cannot mend.
    pub(crate) fn last(error: impl Into<Error>) -> Self {
        Self { error: error.into(), again: false, wait: None, throttled: false }
    }
}

/// The pauses before each further attempt: anything between nothing and an exponentially growing bound (full jitter),
/// so that many clients that failed together do not come back together.
pub(crate) fn delays(max_retries: u32) -> impl Iterator<Item = Duration> {
    Policy::CALL
        .pauses()
        .take(usize::try_from(max_retries).unwrap_or(usize::MAX))
        .map(|bound| bound.mul_f64(rand::rng().random_range(0.0..=1.0)))
}

/// Judges an error answer.
pub(crate) fn judge(request: &Request, error: ServiceError, headers: &HeaderMap) -> Failure {
    let class = error.class();
    let throttled = class.kind == ErrorKind::Throttled;
    if class.kind == ErrorKind::Repeated && request.idempotency == Idempotency::Once {
        return Failure::last(Error::LostAnswer {
            service: request.service,
            action: request.action,
            detail: "the request had arrived before, and its answer was lost".to_owned(),
        });
    }
    let again = class.retryable && (request.idempotency != Idempotency::Once || !class.may_have_been_applied);
    Failure { error: error.into(), again, wait: asked_pause(headers), throttled }
}

/// The pause that the service asks for, in whichever header its kind uses.
fn asked_pause(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let pause = number("x-acs-retry-after")
        .or_else(|| number("x-oss-qos-delay-time"))
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))?;
    Some(pause.min(Policy::CALL.longest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::transport::tests::{refusal, request};
    use crate::endpoint::Service;

    #[test]
    fn pauses_stay_under_a_growing_bound_and_end() {
        for _ in 0..50 {
            let pauses: Vec<Duration> = delays(9).collect();
            assert_eq!(pauses.len(), 9);
            for (at, pause) in pauses.iter().enumerate() {
                assert!(
                    *pause <= Policy::CALL.first.mul_f64(2f64.powi(at as i32)).min(Policy::CALL.longest),
                    "{at}: {pause:?}"
                );
            }
        }
        assert_eq!(delays(0).count(), 0);
        let spread: std::collections::BTreeSet<_> = (0..50).filter_map(|_| delays(1).next()).collect();
        assert!(spread.len() > 10, "there is jitter");
    }

    #[test]
    fn what_is_tried_again() {
        for (service, status, code, read, once) in [
            (Service::ActionTrail, 400, "Throttling.User", true, true),
            (Service::ActionTrail, 503, "ServiceUnavailable", true, false),
            (Service::ActionTrail, 500, "InternalError", true, false),
            (Service::ActionTrail, 400, "InvalidTrailNameException", false, false),
            (Service::ActionTrail, 400, "SignatureNonceUsed", true, false),
            (Service::Oss, 503, "MetaOperationQpsLimitExceeded", true, true),
            (Service::Oss, 429, "QpsLimitExceeded", true, true),
            (Service::Oss, 403, "AccessDenied", false, false),
            (Service::Sls, 403, "WriteQuotaExceed", true, true),
            (Service::Sls, 503, "ServerBusy", true, true),
            (Service::Sls, 404, "ProjectNotExist", false, false),
        ] {
            for (idempotency, expected) in
                [(Idempotency::Read, read), (Idempotency::Repeatable, read), (Idempotency::Once, once)]
            {
                let mut request = request("X");
                request.service = service;
                request.idempotency = idempotency;
                let failure = judge(&request, refusal(service, status, code), &HeaderMap::new());
                assert_eq!(failure.again, expected, "{service} {code} {idempotency:?}");
            }
        }
    }

    #[test]
    fn the_services_own_pause_is_honoured_within_reason() {
        let pause = |name: &'static str, value: &'static str| {
            asked_pause(&HeaderMap::from_iter([(
                ::http::HeaderName::from_static(name),
                ::http::HeaderValue::from_static(value),
            )]))
        };
        assert_eq!(pause("x-acs-retry-after", "1500"), Some(Duration::from_millis(1500)));
        assert_eq!(pause("x-oss-qos-delay-time", "300"), Some(Duration::from_millis(300)));
        assert_eq!(pause("retry-after", "2"), Some(Duration::from_secs(2)));
        assert_eq!(pause("retry-after", "86400"), Some(Policy::CALL.longest));
        assert_eq!(pause("retry-after", "soon"), None);
    }
}
