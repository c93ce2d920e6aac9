//! Who may act for an organization, and what nobody in it may: delegated administrators and control policies (Resource
//! Directory API reference; control policies as of ResourceDirectoryMaster 2022-04-19, which is the same directory).

use serde::Deserialize;

use super::call::{ResourceManager, action, pair};
use super::page::page;
use crate::core::answer::{Answer, Unexpected, named, names};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::Action;
use crate::error::Error;

const ADMINISTRATORS: Action = action("ListDelegatedAdministrators", Idempotency::Read);
const STATUS: Action = action("GetControlPolicyEnablementStatus", Idempotency::Read);
const POLICIES: Action = action("ListControlPolicies", Idempotency::Read);
const POLICY: Action = action("GetControlPolicy", Idempotency::Read);
const TARGETS: Action = action("ListTargetAttachmentsForControlPolicy", Idempotency::Read);

/// A member account that administers a service for the organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DelegatedAdministrator {
    /// The account.
    #[serde(deserialize_with = "lenient::text")]
    pub account_id: String,
    /// Name that people see.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub display_name: Option<String>,
    /// The service, such as `actiontrail.aliyuncs.com`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub service_principal: Option<String>,
}

/// A control policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ControlPolicy {
    /// `cp-…`.
    #[serde(deserialize_with = "lenient::text")]
    pub policy_id: String,
    /// Name.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub policy_name: Option<String>,
    /// `System` for the vendor's, `Custom` for those of the organization.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub policy_type: Option<String>,
    /// What it says; not in a list.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub policy_document: Option<String>,
}

/// A folder or account that a control policy is attached to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PolicyTarget {
    /// `r-…` or `fd-…` for a folder, or an account id.
    #[serde(deserialize_with = "lenient::text")]
    pub target_id: String,
    /// `Root`, `Folder` or `Account`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub target_type: Option<String>,
}

page!(
    AdministratorsPage,
    Administrators,
    "Accounts",
    "Account",
    DelegatedAdministrator,
    account_id,
    "AccountId"
);
page!(PoliciesPage, Policies, "ControlPolicies", "ControlPolicy", ControlPolicy, policy_id, "PolicyId");
page!(TargetsPage, Targets, "TargetAttachments", "TargetAttachment", PolicyTarget, target_id, "TargetId");

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatusAnswer {
    enablement_status: String,
}

impl Answer for StatusAnswer {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        named("EnablementStatus", &self.enablement_status)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyAnswer {
    control_policy: ControlPolicy,
}

impl Answer for PolicyAnswer {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("ControlPolicy.PolicyId", &self.control_policy.policy_id, asked)?;
        named(
            "ControlPolicy.PolicyDocument",
            self.control_policy.policy_document.as_deref().unwrap_or_default(),
        )
    }
}

impl ResourceManager {
    /// The accounts that administer a service, such as `actiontrail.aliyuncs.com`, for the organization.
    pub async fn list_delegated_administrators(
        &self,
        service: &str,
    ) -> Result<Vec<DelegatedAdministrator>, Error> {
        self.list::<AdministratorsPage>(ADMINISTRATORS, &pair("ServicePrincipal", service)).await
    }

    /// Whether control policies are in force.
    pub async fn get_control_policy_enablement_status(&self) -> Result<bool, Error> {
        let answer: StatusAnswer = self.ask_directory(STATUS, Vec::new(), "").await?;
        Ok(answer.enablement_status == "Enabled")
    }

    /// The organization's own control policies, without their documents.
    pub async fn list_control_policies(&self) -> Result<Vec<ControlPolicy>, Error> {
        self.list::<PoliciesPage>(POLICIES, &pair("PolicyType", "Custom")).await
    }

    /// A control policy with its document.
    pub async fn get_control_policy(&self, id: &str) -> Result<ControlPolicy, Error> {
        let answer: PolicyAnswer = self.ask_directory(POLICY, pair("PolicyId", id), id).await?;
        Ok(answer.control_policy)
    }

    /// The folders and accounts that a control policy is attached to.
    pub async fn list_target_attachments_for_control_policy(
        &self,
        id: &str,
    ) -> Result<Vec<PolicyTarget>, Error> {
        self.list::<TargetsPage>(TARGETS, &pair("PolicyId", id)).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::Page;
    use super::*;

    #[test]
    fn policies_and_their_targets_are_read() {
        let page: PoliciesPage = serde_json::from_str(
            r#"{"TotalCount":1,"ControlPolicies":{"ControlPolicy":[{"PolicyId":"cp-1","PolicyName":"guard","PolicyType":"Custom",
                "AttachmentCount":"1"}]}}"#,
        )
        .unwrap();
        page.check("").unwrap();
        let (total, policies) = page.elements();
        assert_eq!(
            (total, policies[0].policy_id.as_str(), &policies[0].policy_document),
            (Some(1), "cp-1", &None)
        );
        let targets: TargetsPage = serde_json::from_str(
            r#"{"TotalCount":1,"TargetAttachments":{"TargetAttachment":[{"TargetId":"r-1","TargetType":"Root"}]}}"#,
        )
        .unwrap();
        assert_eq!(targets.elements().1[0].target_id, "r-1");
        let none: TargetsPage = serde_json::from_str(r#"{"TargetAttachments":{}}"#).unwrap();
        assert_eq!(none.check(""), Err(Unexpected::Missing("TargetAttachments.TargetAttachment")));
    }

    #[test]
    fn a_policy_without_a_document_is_no_answer() {
        let answer = |text: &str| serde_json::from_str::<PolicyAnswer>(text).unwrap().check("cp-1");
        assert!(answer(r#"{"ControlPolicy":{"PolicyId":"cp-1","PolicyDocument":"{}"}}"#).is_ok());
        assert!(answer(r#"{"ControlPolicy":{"PolicyId":"cp-1"}}"#).is_err());
        assert!(answer(r#"{"ControlPolicy":{"PolicyId":"cp-2","PolicyDocument":"{}"}}"#).is_err());
    }
}
