//! The error codes of Resource Management, beside those of the gateway: the Resource Directory, and the roles of services,
//! which are made through it.

use crate::kind::{ALREADY_EXISTS, CONFLICT, NOT_FOUND, OTHER, QUOTA, Table, UNSUPPORTED};

pub(crate) const TABLE: Table = &[
    // `Exist` for roles and what belongs to them, `Exists` for the directory.
    (NOT_FOUND, &["EntityNotExist.*", "EntityNotExists.*"]),
    // The account has no directory at all, which says nothing about what was asked for in it.
    (
        UNSUPPORTED,
        &["ResourceDirectoryNotInUse", "EntityNotExists.ResourceDirectory", "EntityNotExist.Service"],
    ),
    (ALREADY_EXISTS, &["EntityAlreadyExists.*", "AccountAlreadyRegistered"]),
    (CONFLICT, &["DeleteConflict.*"]),
    (QUOTA, &["LimitExceeded.*", "QuotaExceeded.*", "DelegatedAccountNumberExceeded"]),
    (
        OTHER,
        &[
            "AccountNotRegistered",
            "AccountTypeOrStatusMismatch",
            "CannotRegisterMasterAsDelegatedAdministrator",
            "NotSupport.DetachLastControlPolicy",
        ],
    ),
];
