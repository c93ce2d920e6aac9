//! The services of the cloud.

use std::fmt;

/// A service of the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Service {
    /// The audit trail service.
    ActionTrail,
    /// Object storage.
    Oss,
    /// Simple Log Service.
    Sls,
    /// Security tokens and the caller's identity.
    Sts,
    /// Roles and policies of an account.
    Ram,
    /// Service-linked roles, and the accounts of an organization.
    ResourceManager,
    /// The accounts of an organization by the newer API, which has a host of its own for the international site.
    ResourceDirectory,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 7] = [
        Self::ActionTrail,
        Self::Oss,
        Self::Sls,
        Self::Sts,
        Self::Ram,
        Self::ResourceManager,
        Self::ResourceDirectory,
    ];

    /// The key under which users override the service's endpoint.
    pub fn key(self) -> &'static str {
        match self {
            Self::ActionTrail => "actiontrail",
            Self::Oss => "oss",
            Self::Sls => "log",
            Self::Sts => "sts",
            Self::Ram => "ram",
            Self::ResourceManager => "resourcemanager",
            Self::ResourceDirectory => "resourcedirectorymaster",
        }
    }

    /// Whether a bucket or project is part of the host.
    pub(super) fn has_virtual_hosts(self) -> bool {
        matches!(self, Self::Oss | Self::Sls)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ActionTrail => "ActionTrail",
            Self::Oss => "OSS",
            Self::Sls => "SLS",
            Self::Sts => "STS",
            Self::Ram => "RAM",
            Self::ResourceManager => "Resource Management",
            Self::ResourceDirectory => "Resource Directory",
        })
    }
}
