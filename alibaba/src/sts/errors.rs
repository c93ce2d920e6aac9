//! The error codes of STS, beside those of the gateway.

use crate::kind::{CREDENTIALS, DENIED, NOT_FOUND, Table};

pub(crate) const TABLE: Table = &[
    // The role that is to be assumed.
    (NOT_FOUND, &["EntityNotExist.Role"]),
    (DENIED, &["AuthenticationFail.NoPermission"]),
    (CREDENTIALS, &["AuthenticationFail.OIDCToken.*"]),
];
