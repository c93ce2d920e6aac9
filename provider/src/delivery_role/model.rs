//! The attributes of `alitrail_delivery_role`, and what the service makes of them.

use alibaba::ram::AttachedPolicy;
use plugin::{Attr, Model};
use reconciler::delivery_role::Settings;
use reconciler::delivery_role::policy::{self, Grants};

use super::check;
use crate::scope::Global;
use crate::{check as checks, json};

/// Attributes of `alitrail_delivery_role`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/ram")]
pub struct DeliveryRoleModel {
    /// Name of the role and of its policy: 1 to 64 letters, digits and hyphens.
    #[attr(required, replace, identity, check = check::role_name)]
    pub role_name: Attr<String>,
    /// `id` and `account_id`.
    #[attr(
        flatten,
        describe(
            account_id = "Account the role is in, which is the one that owns the bucket and the project. Default: the \
                account of the provider's credentials."
        )
    )]
    pub scope: Global,
    /// Account whose trails may use the role. For a trail of an organization, the management account or the delegated
    /// administrator that has the trail.
    #[attr(
        required,
        check = checks::account_id,
        samples("1000000000000001", "1000000000000002"),
        remote = "/roles/{role_name}/assume_role_policy_document",
        wire(policy::trust("1000000000000001"), policy::trust("1000000000000002"))
    )]
    pub trusted_account_id: Attr<String>,
    /// OSS bucket that the role may write to.
    #[attr(
        optional,
        check = checks::bucket_name,
        samples("audit-archive-one", "audit-archive-two"),
        remote = "/policies/{role_name}/document",
        wire(check::sample("audit-archive-one"), check::sample("audit-archive-two"))
    )]
    pub oss_bucket_name: Attr<String>,
    /// ARN of the SLS project in which the role may keep the logstores of trails.
    #[attr(
        optional,
        check = checks::sls_project_arn,
        same = checks::same_arn,
        samples("acs:log:cn-hangzhou:{account_id}:project/one", "acs:log:cn-hangzhou:{account_id}:project/two"),
        remote = "/policies/{role_name}/document",
        wire(
            check::sample("acs:log:cn-hangzhou:{account_id}:project/one"),
            check::sample("acs:log:cn-hangzhou:{account_id}:project/two")
        )
    )]
    pub sls_project_arn: Attr<String>,
    /// ARN of the KMS key that the bucket is encrypted with, such as `acs:kms:cn-hangzhou:1234567890123456:key/key-hzz…`.
    /// Not needed for the key that OSS manages.
    #[attr(
        optional,
        check = checks::kms_key_arn,
        same = checks::same_arn,
        samples("acs:kms:cn-hangzhou:{account_id}:key/one", "acs:kms:cn-hangzhou:{account_id}:key/two"),
        remote = "/policies/{role_name}/document",
        wire(
            check::sample("acs:kms:cn-hangzhou:{account_id}:key/one"),
            check::sample("acs:kms:cn-hangzhou:{account_id}:key/two")
        )
    )]
    pub kms_key_arn: Attr<String>,
    /// What the role is for, in 1 to 1024 characters.
    #[attr(
        default = "Delivers the events of audit trails",
        check = check::description,
        samples("Delivers to the archive", "Something else"),
        remote = "/roles/{role_name}/description"
    )]
    pub description: Attr<String>,
    /// ARN of the role, as trails take it.
    #[attr(computed, same = checks::same_arn)]
    pub arn: Attr<String>,
    /// Who may assume the role, in JSON. A role that lets in anybody else is put right by the next apply.
    #[attr(computed, same = json::same)]
    pub assume_role_policy_document: Attr<String>,
    /// What the role may do, in JSON. A policy that says anything else is put right by the next apply.
    #[attr(computed, same = json::same)]
    pub policy_document: Attr<String>,
    /// The policies the role has, as `<type>/<name>`: its own. Any other is detached by the next apply.
    #[attr(computed)]
    pub attached_policies: Attr<Vec<String>>,
}

impl DeliveryRoleModel {
    /// How messages name the role.
    pub(super) fn label(&self) -> String {
        format!("delivery role {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.role_name.as_str().unwrap_or_default()
    }

    /// What the role is to write to; `None` while that is not known.
    pub(super) fn grants(&self) -> Option<Grants> {
        let known = |value: &Attr<String>| match value {
            Attr::Unknown(_) => None,
            value => Some(value.get().cloned()),
        };
        Some(Grants {
            bucket: known(&self.oss_bucket_name)?,
            project_arn: known(&self.sls_project_arn)?,
            key_arn: known(&self.kms_key_arn)?,
        })
    }

    /// The trust policy it is to have; `None` while the account is not known.
    pub(super) fn trust(&self) -> Option<String> {
        self.trusted_account_id.as_str().map(policy::trust)
    }

    /// What is wanted of the role, once that is known.
    pub(super) fn wanted(&self) -> Settings {
        let account = self.trusted_account_id.as_str().unwrap_or_default();
        let description = self.description.as_str().unwrap_or_default();
        Settings::of(self.name(), account, &self.grants().unwrap_or_default(), description)
    }

    /// What the state says that the role is like.
    pub(super) fn settings(&self) -> Settings {
        let attached = self.attached_policies.get().into_iter().flatten();
        let mut attached: Vec<AttachedPolicy> = attached
            .filter_map(|policy| {
                let (kind, name) = policy.split_once('/')?;
                Some(AttachedPolicy { policy_type: kind.to_owned(), policy_name: name.to_owned() })
            })
            .collect();
        attached.sort();
        Settings {
            trust: self.assume_role_policy_document.get().cloned().unwrap_or_default(),
            description: self.description.get().cloned().unwrap_or_default(),
            policy: self.policy_document.get().cloned(),
            attached,
            role: None,
        }
    }

    /// The model of a role as it is seen. `self` is what the state has: attributes stay as they are there while a document
    /// says something that no attributes can, and the document shows it.
    pub(super) fn read_from(&self, seen: &Settings) -> Self {
        let trusted = policy::trusted(&seen.trust);
        let (bucket, project, key) = match seen.policy.as_deref().and_then(Grants::read) {
            Some(grants) => (grants.bucket.into(), grants.project_arn.into(), grants.key_arn.into()),
            None => (self.oss_bucket_name.clone(), self.sls_project_arn.clone(), self.kms_key_arn.clone()),
        };
        let arn = seen.role.as_ref().map_or_else(|| self.arn.clone(), |role| role.arn.clone().into());
        Self {
            trusted_account_id: trusted.map_or_else(|| self.trusted_account_id.clone(), Attr::Known),
            oss_bucket_name: bucket,
            sls_project_arn: project,
            kms_key_arn: key,
            description: seen.description.clone().into(),
            arn,
            assume_role_policy_document: seen.trust.clone().into(),
            policy_document: seen.policy.clone().into(),
            attached_policies: names(&seen.attached).into(),
            ..self.clone()
        }
    }
}

/// Policies as the attribute names them.
pub(super) fn names(attached: &[AttachedPolicy]) -> Vec<String> {
    let mut names: Vec<String> =
        attached.iter().map(|policy| format!("{}/{}", policy.policy_type, policy.policy_name)).collect();
    names.sort();
    names
}
