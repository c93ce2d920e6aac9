//! The error codes of RAM, beside those of the gateway.

use crate::kind::{ALREADY_EXISTS, CONFLICT, INVALID, NOT_FOUND, QUOTA, Table};

pub(crate) const TABLE: Table = &[
    (NOT_FOUND, &["EntityNotExist.*"]),
    (ALREADY_EXISTS, &["EntityAlreadyExists.*"]),
    // Something is attached to it still.
    (CONFLICT, &["DeleteConflict.*"]),
    (QUOTA, &["LimitExceeded.*"]),
    (INVALID, &["MalformedPolicyDocument"]),
];
