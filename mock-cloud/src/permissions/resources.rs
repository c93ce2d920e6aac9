//! What a bucket or a project says itself about who may use it: its policy, and a bucket's ACL. It can let in callers of
//! other accounts, or anybody, and it can refuse those of its own account.

use serde_json::Value;

use crate::cloud::{AccessKey, CloudState, Principal};
use crate::gateway::route::Service;
use crate::http::Call;
use crate::oss::Bucket;
use crate::ram;
use crate::ram::evaluate::{AccessRequest, Verdict, judge, matches};
use crate::switches::Switch;

/// Whether a denial binds the owner's own identities.
pub(crate) const DENY_BINDS_OWN: Switch = Switch {
    name: "oss_policy_denies_own",
    values: &["true", "false"],
    doc: "A Deny of a bucket policy holds for RAM users and roles of the bucket's own account as well.",
    source: "Documented without exception; one report says that users of the same account were not held back.",
};

/// The names by which a policy can mean a caller: account id, user id, and the ARN of a session.
pub(crate) struct CallerNames {
    names: Vec<String>,
}

impl CallerNames {
    /// Whoever signed with a key.
    pub(super) fn of(cloud: &CloudState, key: &AccessKey) -> Self {
        let account = key.account.clone();
        let state = cloud.accounts.get(&account).map(|account| &account.ram);
        let own = match &key.principal {
            Principal::Root => None,
            Principal::User { name } => {
                let user = state.and_then(|state| state.users.get(name));
                Some(user.map_or_else(|| ram::numeric_id(&account, name), |user| user.user_id.clone()))
            }
            Principal::Role { role, session } => {
                Some(format!("arn:sts::{account}:assumed-role/{role}/{session}"))
            }
        };
        Self { names: own.into_iter().chain([account]).collect() }
    }

    /// A service that has assumed a role.
    pub(crate) fn session(account: &str, role: &str, session: &str) -> Self {
        let session = format!("arn:sts::{account}:assumed-role/{role}/{session}");
        Self { names: vec![session, account.to_owned()] }
    }

    /// Somebody who did not say who it is.
    pub(super) const fn anybody() -> Self {
        Self { names: Vec::new() }
    }

    /// Whether a statement is for this caller. Services spell the names of roles in lower case, policies need not.
    fn is_meant(&self, principal: &Value) -> bool {
        let meant = |pattern: &str| {
            let fits = |name: &String| matches(&pattern.to_lowercase(), &name.to_lowercase());
            pattern == "*" || self.names.iter().any(fits)
        };
        match principal {
            Value::Array(patterns) => patterns.iter().filter_map(Value::as_str).any(meant),
            one => one.as_str().is_some_and(meant),
        }
    }
}

/// What a policy says to an operation of this caller; with `closed`, permissions for everybody are ignored.
pub(crate) fn judge_for(policy: &str, who: &CallerNames, ask: &AccessRequest, closed: bool) -> Verdict {
    let Ok(mut document) = serde_json::from_str::<Value>(policy) else { return Verdict::Silent };
    if let Some(statements) = document["Statement"].as_array_mut() {
        statements.retain(|statement| {
            let open = statement["Effect"] == "Allow" && names_everybody(&statement["Principal"]);
            who.is_meant(&statement["Principal"]) && !(open && closed)
        });
    }
    judge([document.to_string().as_str()], ask)
}

fn names_everybody(principal: &Value) -> bool {
    match principal {
        Value::Array(names) => names.iter().any(|name| name == "*"),
        one => one == "*",
    }
}

/// The bucket or project that a call is for.
pub(super) struct Place<'w> {
    /// Whose it is.
    pub(super) owner: &'w str,
    policy: Option<&'w str>,
    bucket: Option<&'w Bucket>,
    /// The bucket's name, and the ACL of the object that the call is for, if it has one of its own.
    name: &'w str,
    object_acl: Option<&'w str>,
    /// Whether public access is blocked.
    closed: bool,
    own_are_bound: bool,
}

/// The bucket or project that a call names, if there is one. Creating it is no call to it.
pub(super) fn place<'w>(cloud: &'w CloudState, service: Service, call: &Call) -> Option<Place<'w>> {
    let name = call.container.as_deref()?;
    match service {
        Service::Oss if call.action != "PutBucket" => {
            let (name, bucket) = cloud.oss.buckets.get_key_value(name)?;
            let key = call.path.strip_prefix('/').unwrap_or(&call.path);
            let versions = cloud.oss.objects.get(name).and_then(|objects| objects.get(key));
            Some(Place {
                owner: &bucket.owner,
                policy: bucket.policy.as_deref(),
                bucket: Some(bucket),
                name,
                object_acl: versions.and_then(|versions| versions.first()?.acl.as_deref()),
                closed: cloud.oss.public_access_blocked(bucket),
                own_are_bound: cloud.switches.on(&DENY_BINDS_OWN),
            })
        }
        Service::Sls if call.action != "CreateProject" => {
            // The caller's own comes first, should a state edited by hand have two of the name.
            let own = cloud.accounts.get_key_value(&call.caller.account);
            let (owner, project) = own.into_iter().chain(&cloud.accounts).find_map(|(id, account)| {
                let region = account.regions.get(&call.region)?;
                Some((id, region.sls.projects.get(name)?))
            })?;
            Some(Place {
                owner,
                policy: project.policy.as_deref(),
                bucket: None,
                name: "",
                object_acl: None,
                closed: false,
                own_are_bound: true,
            })
        }
        _ => None,
    }
}

impl Place<'_> {
    /// What it says to an operation of a caller in the given account.
    pub(super) fn says(&self, who: &CallerNames, account: &str, ask: &AccessRequest) -> Verdict {
        let verdict = self.policy.map_or(Verdict::Silent, |policy| judge_for(policy, who, ask, self.closed));
        match verdict {
            Verdict::Denied if account == self.owner && !self.own_are_bound => Verdict::Silent,
            Verdict::Silent if self.acl_allows(ask) => Verdict::Allowed,
            other => other,
        }
    }

    /// Whether the ACL of the object, else of the bucket, lets everybody do this (OSS developer guide, "ACL of a bucket",
    /// "ACL of an object"). It says nothing of other buckets, such as the source of a copy.
    fn acl_allows(&self, ask: &AccessRequest) -> bool {
        let place = ask.resource.splitn(5, ':').nth(4).unwrap_or("");
        let own = place.split('/').next() == Some(self.name);
        let acl = self.bucket.filter(|_| !self.closed && own);
        let acl = acl.map_or("private", |bucket| self.object_acl.unwrap_or(&bucket.acl));
        let reads = ["oss:GetObject", "oss:ListObjects"].contains(&ask.action.as_str());
        let writes = ["oss:PutObject", "oss:DeleteObject"].contains(&ask.action.as_str());
        (acl != "private" && reads) || (acl == "public-read-write" && writes)
    }
}
