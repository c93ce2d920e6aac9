//! Where trails deliver to: whether a bucket or project exists, may be used, and can be reached by the role.

use super::trails::invalid;
use super::{Trail, switches};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::permissions::resources::{CallerNames, DENY_BINDS_OWN, judge_for};
use crate::ram::evaluate::{AccessRequest, Verdict, judge};
use crate::ram::trust;
use crate::rpc::Error;
use crate::{permissions, ram, sls};

/// The service that assumes the delivery roles.
const PRINCIPAL: &str = "actiontrail.aliyuncs.com";
/// Name of the role that the service makes for itself.
const SERVICE_LINKED_ROLE: &str = "AliyunServiceRoleForActionTrail";

/// The ARN of the service-linked role, in the lower case in which the service spells it.
pub(super) fn default_role(account: &str) -> String {
    format!("acs:ram::{account}:role/{}", SERVICE_LINKED_ROLE.to_lowercase())
}

/// A log project named by an ARN.
pub(super) struct Project<'t> {
    pub(super) region: &'t str,
    pub(super) account: &'t str,
    pub(super) name: &'t str,
}

/// Reads `acs:log:<region>:<uid>:project/<name>`.
pub(super) fn project(arn: &str) -> Option<Project<'_>> {
    let mut parts = arn.splitn(5, ':');
    let (acs, log, region, account, rest) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let name = rest.strip_prefix("project/").filter(|name| !name.is_empty() && !name.contains('/'))?;
    (acs == "acs" && log == "log" && !region.is_empty() && !account.is_empty()).then_some(Project {
        region,
        account,
        name,
    })
}

/// `acs:odps:<region>:<uid>:project/actiontrail_<…>`; that the project exists is taken for granted, since the mock
/// has no MaxCompute.
pub(super) fn check_max_compute(trail: &Trail) -> Result<(), Error> {
    let arn = &trail.max_compute_project_arn;
    let parts: Vec<&str> = arn.split(':').collect();
    let fits =
        matches!(parts.as_slice(), ["acs", "odps", _, _, name] if name.starts_with("project/actiontrail_"));
    if arn.is_empty() || fits {
        Ok(())
    } else {
        Err(invalid("MaxComputeProjectArn must name a project whose name begins with actiontrail_."))
    }
}

/// Everything that CreateTrail and UpdateTrail check about destinations, in an order that is assumed.
pub(super) fn check(cloud: &CloudState, account: &str, name: &str, trail: &Trail) -> Result<(), Error> {
    let bucket = &trail.oss_bucket_name;
    if !bucket.is_empty() {
        if cloud.oss.bucket(bucket).is_none() {
            return Err(missing_bucket());
        }
        let once = cloud.switches.is(&switches::REPEAT_OSS_BUCKET, "refused");
        if once && is_used(cloud, account, name, bucket) {
            let message = "The OSS bucket is already the destination of another trail.";
            return Err(Error::new(400, "RepeatOssBucket", message));
        }
    }
    let arn = &trail.sls_project_arn;
    if !arn.is_empty() {
        let project =
            project(arn).ok_or_else(|| invalid("SlsProjectArn is not the ARN of a log project."))?;
        let region = cloud.region(project.account, project.region);
        if !region.is_some_and(|region| region.sls.projects.contains_key(project.name)) {
            return Err(missing_project());
        }
    }
    reach_bucket(cloud, account, trail)?;
    reach_project(cloud, account, trail)
}

fn missing_bucket() -> Error {
    Error::new(404, "BucketDoesNotExistException", "The specified OSS Bucket does not exist.")
}

fn missing_project() -> Error {
    Error::new(400, "SlsProjectDoesNotExistException", "The specified SLS project does not exist.")
}

/// Whether any other trail, of whichever account, delivers into the bucket.
fn is_used(cloud: &CloudState, account: &str, name: &str, bucket: &str) -> bool {
    cloud.accounts.iter().any(|(owner, state)| {
        let mut trails = state.regions.values().flat_map(|region| &region.actiontrail.trails);
        trails.any(|(other, trail)| trail.oss_bucket_name == bucket && (owner != account || other != name))
    })
}

/// Whether objects can be delivered. What the bucket itself refuses, by its policy or by retention, shows in deliveries
/// only, not when a trail is made or started.
pub(super) fn deliver_to_bucket(cloud: &CloudState, account: &str, trail: &Trail) -> Result<(), Error> {
    reach_bucket(cloud, account, trail)?;
    let Some(bucket) = cloud.oss.bucket(&trail.oss_bucket_name) else { return Ok(()) };
    if bucket.worm.is_some() && cloud.switches.is(&switches::WORM_DELIVERY, "refused") {
        return Err(Error::new(409, "FileImmutable", "The object you specified is immutable."));
    }
    let who = writer(account, &trail.oss_write_role_arn);
    let ask = put_object(trail, &bucket.owner);
    let binds = bucket.owner != account || cloud.switches.on(&DENY_BINDS_OWN);
    let policy = bucket.policy.as_deref().filter(|_| binds);
    match policy.map(|policy| judge_for(policy, &who, &ask, true)) {
        Some(Verdict::Denied) => Err(refused_bucket()),
        _ => Ok(()),
    }
}

/// The session in which the service writes: of the given role, or of its own.
fn writer(account: &str, arn: &str) -> CallerNames {
    let (account, role) = arn
        .strip_prefix("acs:ram::")
        .and_then(|rest| rest.split_once(":role/"))
        .unwrap_or((account, SERVICE_LINKED_ROLE));
    CallerNames::session(account, role, "actiontrail")
}

fn put_object(trail: &Trail, owner: &str) -> AccessRequest {
    let prefix = match trail.oss_key_prefix.trim_end_matches('/') {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    };
    AccessRequest {
        action: "oss:PutObject".to_owned(),
        resource: format!("acs:oss:*:{owner}:{}/{prefix}AliyunLogs/Actiontrail/", trail.oss_bucket_name),
    }
}

fn refused_bucket() -> Error {
    let message = "The role is not allowed to write to the OSS bucket.";
    Error::new(403, "InsufficientBucketPolicyException", message)
}

/// Whether the bucket is there and the trail's role may write to it.
pub(super) fn reach_bucket(cloud: &CloudState, account: &str, trail: &Trail) -> Result<(), Error> {
    if trail.oss_bucket_name.is_empty() {
        return Ok(());
    }
    let bucket = cloud.oss.bucket(&trail.oss_bucket_name).ok_or_else(missing_bucket)?;
    let unknown = || Error::new(403, "NeedOssRamAuthorize", "The role for the OSS bucket does not exist.");
    let ask = put_object(trail, &bucket.owner);
    reach(cloud, account, &bucket.owner, &trail.oss_write_role_arn, &ask, unknown, refused_bucket)
}

/// Whether the project and its logstore can be written to by the trail's role.
pub(super) fn reach_project(cloud: &CloudState, account: &str, trail: &Trail) -> Result<(), Error> {
    let Some(project) = project(&trail.sls_project_arn) else { return Ok(()) };
    let unknown = || Error::new(403, "NeedSlsRamAuthorize", "The role for the SLS project does not exist.");
    let role = &trail.sls_write_role_arn;
    reach(cloud, account, project.account, role, &post_logs(&project), unknown, refused_project)
}

fn post_logs(project: &Project<'_>) -> AccessRequest {
    let Project { region, account, name } = project;
    AccessRequest {
        action: "log:PostLogStoreLogs".to_owned(),
        resource: format!("acs:log:{region}:{account}:project/{name}/logstore/actiontrail_"),
    }
}

fn refused_project() -> Error {
    let message = "The role is not allowed to write to the SLS project.";
    Error::new(403, "InsufficientSlsPolicyException", message)
}

/// Whether the logstore of a trail exists, apart from what the role may do.
fn find_logstore(cloud: &CloudState, name: &str, trail: &Trail) -> Result<(), Error> {
    let Some(project) = project(&trail.sls_project_arn) else { return Ok(()) };
    let region = cloud.region(project.account, project.region);
    if !region.is_some_and(|region| region.sls.projects.contains_key(project.name)) {
        return Err(missing_project());
    }
    if sls::has_logstore(cloud, project.account, project.region, project.name, &logstore(name)) {
        Ok(())
    } else {
        let message = "The specified SLS logstore does not exist.";
        Err(Error::new(404, "SlsLogStoreDoesNotExistException", message))
    }
}

/// Whether logs can be delivered: the project, its logstore and the role.
pub(super) fn reach_logstore(
    cloud: &CloudState,
    account: &str,
    name: &str,
    trail: &Trail,
) -> Result<(), Error> {
    find_logstore(cloud, name, trail)?;
    reach_project(cloud, account, trail)?;
    let Some(project) = project(&trail.sls_project_arn) else { return Ok(()) };
    let region = cloud.region(project.account, project.region);
    let policy = region.and_then(|region| region.sls.projects.get(project.name)?.policy.as_deref());
    let who = writer(account, &trail.sls_write_role_arn);
    match policy.map(|policy| judge_for(policy, &who, &post_logs(&project), true)) {
        Some(Verdict::Denied) => Err(refused_project()),
        _ => Ok(()),
    }
}

/// The logstore of a trail.
pub(super) fn logstore(trail: &str) -> String {
    format!("actiontrail_{trail}")
}

/// Whether a role, or the service-linked one when none is given, reaches what `owner` owns. A role reaches what is in
/// its own account, when it trusts the service and its policies allow the operation.
fn reach(
    cloud: &CloudState,
    account: &str,
    owner: &str,
    arn: &str,
    ask: &AccessRequest,
    unknown: impl Fn() -> Error,
    denied: impl Fn() -> Error,
) -> Result<(), Error> {
    if arn.is_empty() || arn.eq_ignore_ascii_case(&default_role(account)) {
        return if owner == account { Ok(()) } else { Err(denied()) };
    }
    let ram::Named { account: role_account, role, .. } = ram::role_by_arn(cloud, arn).ok_or_else(unknown)?;
    let cross_account = format!("{account}@{PRINCIPAL}");
    let trusts = trust::allows_service(&role.assume_role_policy_document, &cross_account)
        || (role_account == account && trust::allows_service(&role.assume_role_policy_document, PRINCIPAL));
    let documents = ram::role_documents(cloud, role_account, role);
    let allowed = judge(documents.iter().map(String::as_str), ask) == Verdict::Allowed;
    if role_account == owner && trusts && allowed { Ok(()) } else { Err(denied()) }
}

/// What the service makes for a trail: its own role where that is used, and the logstore.
pub(super) fn prepare(cloud: &mut CloudState, call: &Call, name: &str, trail: &Trail) -> Result<(), Error> {
    let pairs = [
        (&trail.oss_bucket_name, &trail.oss_write_role_arn),
        (&trail.sls_project_arn, &trail.sls_write_role_arn),
        (&trail.max_compute_project_arn, &trail.max_compute_write_role_arn),
    ];
    let default = default_role(&call.caller.account);
    if pairs.iter().any(|(destination, role)| {
        !destination.is_empty() && (role.is_empty() || role.eq_ignore_ascii_case(&default))
    }) {
        prepare_role(cloud, call)?;
    }
    if let Some(project) = project(&trail.sls_project_arn) {
        let made =
            sls::ensure_logstore(cloud, project.account, project.region, project.name, &logstore(name));
        if !made {
            return Err(Error::new(
                400,
                "CreateLogStoreError",
                "The logstore of the trail cannot be created.",
            ));
        }
    }
    Ok(())
}

/// Makes the service-linked role, unless it is there. Assumed to be made in the caller's name, who needs the permission
/// for it: the error list has the code, and no condition for it.
fn prepare_role(cloud: &mut CloudState, call: &Call) -> Result<(), Error> {
    let account = &call.caller.account;
    let known = cloud.accounts.get(account);
    if known.is_some_and(|known| known.ram.roles.contains_key(SERVICE_LINKED_ROLE)) {
        return Ok(());
    }
    let ask = AccessRequest {
        action: "ram:CreateServiceLinkedRole".to_owned(),
        resource: format!("acs:ram:*:{account}:role/{SERVICE_LINKED_ROLE}"),
    };
    if !permissions::allows(cloud, call, ask) {
        let message = format!("The role not exists: {}.", default_role(account));
        return Err(Error::new(403, "NeedServiceLinkedRole", message));
    }
    ram::ensure_service_linked_role(cloud, account, SERVICE_LINKED_ROLE, PRINCIPAL, call.now);
    Ok(())
}
