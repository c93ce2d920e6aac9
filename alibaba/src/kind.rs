//! What kind of refusal an error code is, whether the call may be sent again, and whether it may have taken effect.
//!
//! Each service has one table of its codes beside its calls (`errors.rs`), and no other place decides these things.

/// What a service's refusal means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The object asked for does not exist. The container of an object counts: a logstore of a project that is gone is
    /// gone too. What an object refers to does not count: that is [`ErrorKind::Invalid`].
    NotFound,
    /// There is one of that name already.
    AlreadyExists,
    /// The caller lacks the permission, or the account may not use the service.
    Denied,
    /// The access key, its signature or its token was refused. The service's words may repeat them.
    Credentials,
    /// The clock of this machine differs too much from the service's.
    Clock,
    /// The service asked to be called less often, and did nothing.
    Throttled,
    /// A permission or an object that was just made has not spread through the service yet: the same call may succeed
    /// within a minute. How long to wait is the caller's to decide, so that the transport does not send it again.
    NotYetVisible,
    /// The state of the object, or another change of it, stands in the way.
    Conflict,
    /// A quota is used up.
    Quota,
    /// The request itself is wrong: a value, or something that it refers to and that is not there.
    Invalid,
    /// The endpoint, region or account does not have the action.
    Unsupported,
    /// A fault of the service, or of something before it.
    Unavailable,
    /// The request had arrived before: a lower layer repeated it and lost the first answer.
    Repeated,
    /// A refusal that callers treat like no other: a plain error.
    Other,
}

/// How a code is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorClass {
    /// What it means.
    pub kind: ErrorKind,
    /// Another attempt soon may help. One that may have been applied is only sent again if the call may be repeated.
    pub retryable: bool,
    /// A call that changes something may have taken effect although it failed.
    pub may_have_been_applied: bool,
}

impl ErrorClass {
    /// Refused for good, and nothing was done.
    const fn refused(kind: ErrorKind) -> Self {
        Self { kind, retryable: false, may_have_been_applied: false }
    }

    /// Failed, or was lost, on the way: another attempt may help, and this one may have taken effect.
    pub(crate) const fn unsure(kind: ErrorKind) -> Self {
        Self { kind, retryable: true, may_have_been_applied: true }
    }
}

pub(crate) const NOT_FOUND: ErrorClass = ErrorClass::refused(ErrorKind::NotFound);
pub(crate) const ALREADY_EXISTS: ErrorClass = ErrorClass::refused(ErrorKind::AlreadyExists);
pub(crate) const DENIED: ErrorClass = ErrorClass::refused(ErrorKind::Denied);
pub(crate) const CREDENTIALS: ErrorClass = ErrorClass::refused(ErrorKind::Credentials);
pub(crate) const CLOCK: ErrorClass = ErrorClass::refused(ErrorKind::Clock);
/// Turned away at the door, so that even a call that must not happen twice may come again.
pub(crate) const THROTTLED: ErrorClass =
    ErrorClass { kind: ErrorKind::Throttled, retryable: true, may_have_been_applied: false };
pub(crate) const NOT_YET_VISIBLE: ErrorClass = ErrorClass::refused(ErrorKind::NotYetVisible);
pub(crate) const CONFLICT: ErrorClass = ErrorClass::refused(ErrorKind::Conflict);
pub(crate) const QUOTA: ErrorClass = ErrorClass::refused(ErrorKind::Quota);
pub(crate) const INVALID: ErrorClass = ErrorClass::refused(ErrorKind::Invalid);
pub(crate) const UNSUPPORTED: ErrorClass = ErrorClass::refused(ErrorKind::Unsupported);
pub(crate) const UNAVAILABLE: ErrorClass = ErrorClass::unsure(ErrorKind::Unavailable);
/// The nonce is fresh in every attempt, so that the first of the two may have taken effect.
pub(crate) const REPEATED: ErrorClass = ErrorClass::unsure(ErrorKind::Repeated);
pub(crate) const OTHER: ErrorClass = ErrorClass::refused(ErrorKind::Other);

/// The codes of a service by class. A code that ends in `*` stands for all that begin so.
pub(crate) type Table = &'static [(ErrorClass, &'static [&'static str])];

/// The class of a code in a table: of the code itself, or else of the longest beginning of it.
pub(crate) fn find(table: Table, code: &str) -> Option<ErrorClass> {
    let known = || table.iter().flat_map(|(class, codes)| codes.iter().map(move |known| (*class, *known)));
    let begins_with = |beginning: &str| {
        code.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
    };
    let beginnings = || {
        let beginnings = known().filter_map(|(class, known)| Some((class, known.strip_suffix('*')?)));
        beginnings
            .filter(|(_, beginning)| begins_with(beginning))
            .max_by_key(|(_, beginning)| beginning.len())
    };
    let exact = known().find(|(_, known)| known.eq_ignore_ascii_case(code));
    exact.or_else(beginnings).map(|(class, _)| class)
}
