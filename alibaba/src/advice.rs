//! What a service's refusal means in plain words, and what to do about it in the cloud. How the caller's own settings are
//! named is not known here.

use std::fmt;

use crate::credentials::CredentialsFault;
use crate::endpoint::Service;
use crate::error::{ServiceError, in_request};
use crate::kind::ErrorKind;

impl ServiceError {
    /// What the error means and what to do about it, for the codes where there is something to say.
    pub fn advice(&self) -> Option<String> {
        advice(self)
    }

    /// What is wrong with the credentials, where that is why the service refused.
    pub fn credentials_fault(&self) -> Option<CredentialsFault> {
        CredentialsFault::of(self)
    }
}

impl std::error::Error for ServiceError {}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {} (HTTP {}", self.service, self.action, self.code, self.status)?;
        if let Some(detail) = &self.detail_code {
            write!(f, ", EC {detail}")?;
        }
        write!(f, "{})", in_request(&self.request_id))?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(denied) = &self.access_denied {
            write!(f, "\n{denied}")?;
        }
        for line in [&self.clock, &self.advice()].into_iter().flatten() {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}

/// What an error means and what to do about it.
fn advice(error: &ServiceError) -> Option<String> {
    if let Some(known) = by_code(error) {
        return Some(known.to_owned());
    }
    if let Some(fault) = error.credentials_fault() {
        return Some(fault.advice().to_owned());
    }
    let fixed = match error.class().kind {
        ErrorKind::Clock => {
            "Requests are valid for 15 minutes around the service's time. Set the clock of this machine (NTP) and try again."
        }
        ErrorKind::Denied => return Some(denied(error)),
        ErrorKind::Throttled => {
            "The account called this API too often, and trying again did not help. Send fewer requests at a time, or see \
             what else uses the account."
        }
        ErrorKind::Unavailable => {
            "The service had a fault of its own, and what can safely be tried again was. Try again later; if it stays, give \
             the request id to the vendor's support."
        }
        _ => return None,
    };
    Some(fixed.to_owned())
}

fn denied(error: &ServiceError) -> String {
    if let Some(endpoint) = &error.endpoint {
        return format!(
            "The bucket lives in another region: it has to be addressed at {endpoint}. Set the region of the bucket."
        );
    }
    if error.code == "UserDisable" {
        return "The account is disabled for this service: activate the service in the console, or settle the account."
            .to_owned();
    }
    if error.message.contains("does not belong to you") {
        return "The bucket belongs to another customer: names are shared by all. Check the name, or choose another one."
            .to_owned();
    }
    if error.message.contains("public bucket acl") {
        return "Block Public Access is on, for the bucket or for the account, so no public ACL can be set. Keep the \
                bucket private, or switch the block off first."
            .to_owned();
    }
    if error.message.contains("public bucket policy") {
        return "Block Public Access is on, for the bucket or for the account, so no policy that lets everybody in can be \
                set. Narrow its Allow statements, or switch the block off first."
            .to_owned();
    }
    if error.service == Service::Sls {
        if error.message.contains("project policy") {
            return format!(
                "The policy of the project refuses log:{} to these credentials, whatever RAM allows. Change the \
                 project's policy, or use other credentials.",
                error.action
            );
        }
        if error.message.contains("has been forbidden") {
            return "SLS is not activated in this account, or the account is in arrears: activate the service in the \
                    console, or settle the account."
                .to_owned();
        }
    }
    let told = refused_by_sls(error);
    let on = told.map(|(_, resource)| format!(" on {resource}")).unwrap_or_else(|| " here".to_owned());
    let action = error.access_denied.as_ref().and_then(|detail| detail.auth_action.clone());
    let action = action.or_else(|| told.map(|(action, _)| action.to_owned()));
    let action = action.unwrap_or_else(|| {
        let prefix = match error.service {
            Service::ActionTrail => "actiontrail",
            Service::Oss => "oss",
            Service::Sls => "log",
            Service::Sts => "sts",
            // Service-linked roles are a matter of RAM, whichever service makes them.
            Service::ResourceDirectory => "resourcemanager",
            Service::ResourceManager if !error.action.contains("Role") => "resourcemanager",
            Service::Ram | Service::ResourceManager => "ram",
        };
        format!("{prefix}:{}", error.action)
    });
    format!(
        "The identity of these credentials lacks the permission {action}{on}. Grant it in a RAM policy, and look for \
         explicit denials in control policies and in policies of the bucket or project."
    )
}

/// The action and the resource that SLS names when RAM refuses a call. It has no other place for them than its message.
fn refused_by_sls(error: &ServiceError) -> Option<(&str, &str)> {
    let (_, told) = error.message.split_once("denied by sts or ram, action: ")?;
    let (action, resource) = told.split_once(", resource: ")?;
    (error.service == Service::Sls).then_some((action, resource.trim_end_matches(['.', ' '])))
}

/// Whether a refusal says that something is too large.
fn is_about_size(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["larger", "too large", "too long", "exceed", "16 kb"].iter().any(|sign| message.contains(sign))
}

fn by_code(error: &ServiceError) -> Option<&'static str> {
    Some(match error.code.as_str() {
        "TrailNotFoundException" => {
            "There is no trail of this name whose home is this region. A trail can be changed only in its home region."
        }
        "TrailAlreadyExistsException" => {
            "Trail names are unique in the account, across all regions. Use the existing trail or choose another name."
        }
        "InvalidTrailNameException" => {
            "A trail name has 6 to 36 lower-case letters, digits, hyphens and underscores, and starts with a letter."
        }
        "InvalidPrefixException" => {
            "A key prefix has 6 to 32 letters, digits, slashes, hyphens and underscores, and starts with a letter."
        }
        "InvalidDeliveryConfigurationException" => {
            "A trail needs at least one destination: a bucket, an SLS project or a MaxCompute project."
        }
        "RepeatOssBucket" => {
            "The bucket already receives another trail. Give each trail a bucket of its own."
        }
        "SlsProjectDoesNotExistException" => {
            "The SLS project does not exist. Check region, account id and name in the ARN \
             (acs:log:<region>:<account>:project/<name>), and create the project first."
        }
        "BucketDoesNotExistException" => {
            "The bucket does not exist. Check its name, and create it before the trail."
        }
        "MaximumNumberOfTrailsExceededException" => {
            "A region is home to at most five trails. Delete one that is not needed, or use another home region."
        }
        "MaximumNumberOfOrganizationTrailExceeded" => {
            "An organization can have only one trail that covers all its accounts. Use that one."
        }
        "NotAllowCreateOrganizationTrail" => {
            "Only the management account of a Resource Directory, or its delegated administrator for ActionTrail, can \
             make an organization trail."
        }
        "InsufficientBucketPolicyException" => {
            "The role that ActionTrail writes with cannot reach the bucket. A new role or policy takes up to a minute to \
             spread; otherwise grant the role oss:PutObject and oss:GetBucketInfo on the bucket."
        }
        "InsufficientSlsPolicyException" => {
            "The role that ActionTrail writes with cannot reach the SLS project. A new role or policy takes up to a \
             minute to spread; otherwise grant the role log:PostLogStoreLogs and log:CreateLogstore in the project."
        }
        "NeedServiceLinkedRole" => {
            "The service-linked role AliyunServiceRoleForActionTrail is missing, and these credentials may not make it: \
             grant ram:CreateServiceLinkedRole or let an administrator create it."
        }
        "NeedOssRamAuthorize" | "NeedSlsRamAuthorize" => {
            "The role given for writing does not exist or does not trust actiontrail.aliyuncs.com. Check its ARN and its \
             trust policy."
        }
        "LimitExceeded.Role" => {
            "The account has as many roles as its quota allows. Delete what is not needed."
        }
        "DeleteConflict.Policy.Role" | "DeleteConflict.Policy.User" | "DeleteConflict.Policy.Group" => {
            "The policy is attached to another role, user or group. Detach it there first."
        }
        "EntityAlreadyExists.Role" | "EntityAlreadyExists.Policy" => {
            "Role and policy names are unique in the account. Use the existing one or choose another name."
        }
        "ResourceDirectoryNotInUse" => {
            "The account has no Resource Directory and belongs to none. Enable it in the management account first."
        }
        "DeliveryHistoryJobNotFound" => "There is no history delivery job of this id in the account.",
        "NotSupportDeliveryHistoryJob" => {
            "History can be delivered only to the SLS project of a trail of this one account, and only in accounts that \
             the vendor has admitted to the feature. Give the trail an SLS project, or ask the vendor's support."
        }
        "MaximumNumberOfDeliveryHistoryJobsExceededException" => {
            "An account runs one history delivery job at a time. Wait until the other one is done, or delete it."
        }
        "ForbiddenDeleteTrail" => "A history delivery job of the trail is running. Delete the job first.",
        "InvalidProtocol.NeedSsl" => "This action is available over HTTPS only.",
        "InvalidAction.NotFound" | "InvalidAction" | "InvalidVersion" => {
            "The endpoint does not offer this action. Check the endpoint settings and the region."
        }
        "BucketAlreadyExists" if error.detail_code.as_deref() == Some("0015-00000104") => {
            "Bucket names are shared by all customers, and this one belongs to somebody else. Choose another name."
        }
        "BucketAlreadyExists" if error.detail_code.as_deref() == Some("0015-00000103") => {
            "The name was freed a short while ago and stays blocked for 4 to 8 hours. Wait, or choose another name."
        }
        "BucketAlreadyExists" => {
            "There is a bucket of this name already. If it is yours, use it; otherwise choose another name."
        }
        "TooManyBuckets" => {
            "The account has as many buckets in this region as its quota allows (100 unless raised)."
        }
        "BucketNotEmpty" => {
            "Objects, old versions, delete markers or unfinished uploads are left in the bucket. Remove them first."
        }
        "BucketDataRedundancyTransitionTaskStatusConflict" => {
            "The bucket is being converted to zone-redundant storage, which cannot be broken off. Wait until it is done."
        }
        "BucketDataRedundancyTransitionTaskNotSupport" => {
            "This bucket or region cannot be converted to zone-redundant storage."
        }
        _ if error.detail_code.as_deref() == Some("0030-00000008") => {
            "A condition on acs:SourceIp needs one on acs:SourceVpc in the same statement: StringNotLike \"vpc-*\" for \
             addresses of the internet, StringEquals and the id of the VPC for addresses in a VPC."
        }
        "InvalidPolicyDocument" | "MalformedPolicy" if is_about_size(&error.message) => {
            "Merge statements that differ in one element only, or use patterns instead of long lists."
        }
        "InvalidPolicyDocument" | "MalformedPolicy" => {
            "The grammar of bucket policies: Version \"1\", and Statement as a list; each statement in it has Effect, Action, \
             Principal and Resource, and may have a Condition."
        }
        "MalformedPolicyDocument" => {
            "The grammar of RAM policies: Version \"1\", and statements with Effect, Action and Resource; those of trust \
             policies have Principal instead of Resource."
        }
        "InvalidTargetBucketForLogging" => {
            "Access logs can go only to an existing bucket of the same account and region. Check the target bucket."
        }
        "WORMConfigurationAlreadyExists" => {
            "The bucket has a retention policy already. Use it, or extend it."
        }
        "WORMConfigurationLocked" => {
            "The retention policy is locked: it can be extended, and never be shortened or removed."
        }
        "NoSuchWORMConfiguration" => {
            "The bucket has no retention policy (any more): one that is not locked within 24 hours lapses."
        }
        "InvalidWORMConfiguration" => {
            "Retention is 1 to 25550 days, and a locked policy can only be extended."
        }
        "InvalidBucketState" => {
            "A retention policy (WORM) and suspended versioning exclude each other: enable versioning before the policy \
             begins, and do not suspend it then. Some regions still take a policy only for a bucket without versioning."
        }
        "FileImmutable" => "A retention policy (WORM) protects the objects until it ends.",
        "NoSuchBucket" => "The bucket does not exist, in this region at least. Check its name and region.",
        "ResourceGroupIdPreCheckError" => {
            "The resource group does not exist or these credentials may not use it. Check the id of the resource group."
        }
        "AccessMonitorDisableNotAllowed" => {
            "Lifecycle rules by access time need access tracking. Remove those rules before switching it off."
        }
        "InvalidArgument" if error.message.contains("signing region") => {
            "The endpoint belongs to another region than the one used. Check the region and the endpoint settings."
        }
        "KmsServiceNotEnabled" => "Key Management Service is not activated in this account.",
        "ProjectAlreadyExist" => {
            "Project names are shared by all customers. If the project is yours, use it; otherwise choose another name."
        }
        "LogStoreNotExist" => {
            "The logstore does not exist in this project. Check the names of logstore and project and the region, and create \
             the logstore first. A trail makes its own, named after the trail, some seconds after it was created."
        }
        "ProjectNotExist" => "The project does not exist in this region. Check its name and region.",
        "ProjectQuotaExceed" | "ExceedQuota" => {
            "A quota of SLS is used up. Delete what is not needed or ask for more."
        }
        "DashboardNotExist" => "The dashboard does not exist in this project (any more).",
        "InvalidDashboardName" => {
            "A dashboard's name has 2 to 128 letters, digits, hyphens, underscores and dots."
        }
        "ResourceRecordNotExist" => "The record does not exist (any more).",
        "LogStoreAlreadyExist" => "There is a logstore of this name already. Use it or choose another name.",
        "SignatureVersionNotSupported" => "This endpoint accepts only the newer signature of SLS, version 4.",
        _ => return None,
    })
}
