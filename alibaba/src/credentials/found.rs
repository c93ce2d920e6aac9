//! Where credentials come from, as far as settings and files say: nothing was called yet.

use url::Url;

use super::cloud_sso::SignIn;
use super::oidc::Token;
use super::types::Credentials;
use crate::sts::{AssumeRole, AssumeRoleWithOidc};

/// Where the first credentials are from, as far as settings and files tell: nothing was asked yet.
#[derive(Debug, Clone)]
pub(super) enum Base {
    Keys(Credentials),
    Oidc {
        role: AssumeRoleWithOidc,
        token: Token,
        sts_region: Option<String>,
    },
    /// The role of the instance.
    Instance(Option<String>),
    /// The role of the instance if it has one, else the address.
    Discover {
        uri: Option<Url>,
        looked_at: String,
    },
    Uri(Url),
    /// A command, with how messages name its profile.
    Command {
        profile: String,
        command: String,
    },
    SignIn(Box<SignIn>),
}

/// A role on the way to the credentials.
#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) role: AssumeRole,
    /// The region whose STS is asked, if not that of the client.
    pub(super) sts_region: Option<String>,
}

/// What the settings and files say.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) base: Base,
    /// Taken on one after the other.
    pub(super) roles: Vec<Role>,
    /// The region that came with the credentials.
    pub(super) region: Option<ProfileRegion>,
}

impl From<Base> for Found {
    fn from(base: Base) -> Self {
        Self { base, roles: Vec::new(), region: None }
    }
}

/// The region of the profile that the credentials are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRegion {
    /// The region id, as it is written there.
    pub id: String,
    /// The profile's name.
    pub profile: String,
    /// The file it is in.
    pub path: String,
}
