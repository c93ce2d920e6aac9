//! What a refused or failed call says about the fact that was asked for.

use alibaba::Error;

use crate::facts::Fact;

/// A fact that is there if the call was answered.
pub(super) fn fact<T>(result: Result<T, Error>, action: &str) -> Fact<T> {
    match result {
        Ok(value) => Fact::Known(value),
        Err(error) => not_looked(&error, action),
    }
}

/// The same for something that may not be there.
pub(super) fn fact_if_there<T>(result: Result<Option<T>, Error>, action: &str) -> Fact<T> {
    fact(result, action).and_then(Fact::from)
}

/// A fact that could not be read.
pub(super) fn not_looked<T>(error: &Error, action: &str) -> Fact<T> {
    let (action, reason) = why(error, action);
    Fact::CouldNotLook { action, reason }
}

/// The RAM action that is missing, if the caller lacks a permission, and what was said, in one line.
pub(super) fn why(error: &Error, action: &str) -> (Option<String>, String) {
    let refused = || {
        let detail = error.service_error().and_then(|error| error.access_denied.as_ref());
        let named = detail.and_then(|detail| detail.auth_action.clone());
        named.unwrap_or_else(|| action.to_owned())
    };
    let text = error.to_string();
    let reason = text.lines().next().unwrap_or_default().to_owned();
    (error.is_denied().then(refused), reason)
}

#[cfg(test)]
mod tests {
    use alibaba::ServiceError;
    use alibaba::endpoint::Service;

    use super::*;

    #[test]
    fn a_refusal_names_the_action_and_another_failure_none() {
        let error = |status, code: &str| {
            Error::from(ServiceError::new(Service::ActionTrail, "DescribeTrails", status, code))
        };
        let denied = fact::<()>(Err(error(403, "NoPermission")), "actiontrail:DescribeTrails");
        let Fact::CouldNotLook { action, reason } = denied else { panic!("{denied:?}") };
        assert_eq!(action.as_deref(), Some("actiontrail:DescribeTrails"));
        assert!(reason.contains("NoPermission") && !reason.contains('\n'), "{reason}");
        let failed = fact::<()>(Err(error(503, "ServiceUnavailable")), "actiontrail:DescribeTrails");
        assert!(matches!(failed, Fact::CouldNotLook { action: None, .. }), "{failed:?}");
        assert_eq!(fact_if_there::<()>(Ok(None), "x"), Fact::Absent);
    }
}
