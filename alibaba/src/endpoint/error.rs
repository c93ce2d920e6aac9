//! Settings with which no request can be sent.

use super::service::Service;
use crate::region;

/// An endpoint setting that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Not a usable address.
    #[error("{setting} = {value:?} is not a usable address: {detail}")]
    Address {
        /// The argument or variable.
        setting: String,
        /// What was given.
        value: String,
        /// What is wrong and what to do.
        detail: String,
    },
    /// An address that may speak HTTP or HTTPS, and does not say which.
    #[error(
        "{setting} = {value:?} has no scheme, so that it is not clear whether the address speaks HTTP or HTTPS. Write \
         {suggestion}."
    )]
    NoScheme {
        /// The argument or variable.
        setting: String,
        /// What was given.
        value: String,
        /// What was meant, quoted.
        suggestion: String,
    },
    /// Unencrypted and not on this machine.
    #[error(
        "{setting} = {value:?} would send signed requests unencrypted to another machine. Use https://, or allow \
         plain HTTP (allow_insecure_http) if that is what you want."
    )]
    PlainHttp {
        /// The argument or variable.
        setting: String,
        /// What was given.
        value: String,
    },
    /// A region id with a typing error.
    #[error("{0}")]
    UnknownRegion(region::UnknownRegion),
    /// A region id that no host name can contain.
    #[error("{0}")]
    MalformedRegion(region::MalformedRegion),
    /// A call of a service that has no endpoint for all regions.
    #[error("{0} is called in a region, and none was given")]
    NoRegion(Service),
    /// A bucket or project name that no host name can contain.
    #[error("{0:?} is not a valid {kind} name: 3 to 63 lower-case letters, digits and hyphens, starting and ending with a letter or digit", kind = .1)]
    MalformedName(String, &'static str),
    /// A logstore name that no path can contain.
    #[error(
        "{0:?} is not a valid logstore name: 2 to 63 lower-case letters, digits, hyphens and underscores"
    )]
    MalformedLogstore(String),
    /// An id that no path can contain.
    #[error("{0:?} is not a valid {kind}: letters, digits, hyphens, underscores and dots", kind = .1)]
    MalformedId(String, &'static str),
    /// The certificates named by `custom_ca_bundle` cannot be used.
    #[error("custom_ca_bundle {path}: {detail}. Give a file with one or more PEM certificates.")]
    CaBundle {
        /// The file.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// The HTTP client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}
