//! Fills the facts of an account, and of an organization, from the live cloud. Reads only, and never waits for anything.
//!
//! Calls that do not depend on each other go out at the same time; how many really do is up to the limiter of the client. A
//! refused call makes its own fact one that could not be looked at, with the RAM action that is missing, and stops nothing else.

mod archive;
mod error;
mod logs;
mod organization;
mod roles;
mod trails;

use std::collections::{BTreeMap, BTreeSet};

use alibaba::Client;
use futures_util::future::join_all;
use time::OffsetDateTime;

use crate::facts::{Facts, Trail, project_of_arn};

pub use organization::{DirectoryNotRead, is_no_directory, organization};

/// How an account is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The region that is asked first, and for what has no region of its own.
    pub region: String,
    /// The account may own a trail of an organization (the management account or a delegated administrator): those are looked
    /// for in every region, not in the first alone.
    pub owns_organization_trails: bool,
    /// Which control policies hold for the account is known otherwise, so that nobody has to ask whether it is in an organization.
    pub organization_is_known: bool,
    /// Deliveries to the bucket that are older than this many minutes are compared with the events since.
    pub oss_freshness_minutes: i64,
    /// The same for deliveries to the logstore.
    pub sls_freshness_minutes: i64,
}

impl Default for Options {
    fn default() -> Self {
        let parameters = crate::Parameters::default();
        Self {
            region: "cn-hangzhou".to_owned(),
            owns_organization_trails: false,
            organization_is_known: false,
            oss_freshness_minutes: parameters.oss_freshness_minutes,
            sls_freshness_minutes: parameters.sls_freshness_minutes,
        }
    }
}

/// Looks at an account with a client of an identity in it.
pub async fn account(client: &Client, account: &str, name: Option<&str>, options: &Options) -> Facts {
    let observed_at = OffsetDateTime::now_utc();
    let first = client.actiontrail(&options.region);
    let (found, control_policies, global_events_region, account_public_access_block) = tokio::join!(
        trails::trails(client, account, options, observed_at),
        control_policies(client, account, options),
        first.get_global_events_storage_region(),
        async { client.oss(&options.region).get_public_access_block().await },
    );
    let mut facts = Facts {
        account: account.to_owned(),
        account_name: name.map(str::to_owned),
        observed_at,
        trails: found.trails,
        regions_not_looked_at: found.not_looked_at,
        control_policies,
        global_events_region: error::fact(global_events_region, "actiontrail:GetGlobalEventsStorageRegion"),
        account_public_access_block: error::fact(account_public_access_block, "oss:GetPublicAccessBlock"),
        ..Facts::default()
    };
    let own = own_trails(&facts);
    let own: Vec<&Trail> = own.iter().collect();
    let (buckets, logs, roles) =
        tokio::join!(buckets(client, &own), logs(client, account, &own), roles(client, account, &own));
    facts.buckets = buckets;
    (facts.logstores, facts.alerts, facts.alert_center) = logs;
    facts.roles = roles;
    facts
}

/// What a trail of another account delivers to is looked at in that account.
fn own_trails(facts: &Facts) -> Vec<Trail> {
    let trails = facts.trails.known().into_iter().flatten();
    trails.filter(|trail| trail.account == facts.account).cloned().collect()
}

/// The other accounts that the trails of an account deliver to, as far as their settings say.
#[must_use]
pub fn destination_accounts(facts: &Facts) -> BTreeSet<String> {
    let of_trail = |trail: &Trail| {
        let of_role = |arn: &crate::Fact<String>| arn.known()?.split(':').nth(3).map(str::to_owned);
        let of_project = trail.sls_project_arn.known().and_then(|arn| project_of_arn(arn));
        [
            of_role(&trail.oss_write_role),
            of_role(&trail.sls_write_role),
            of_project.map(|project| project.account.to_owned()),
        ]
    };
    let accounts = own_trails(facts).iter().flat_map(of_trail).flatten().collect::<BTreeSet<String>>();
    accounts.into_iter().filter(|account| !account.is_empty() && *account != facts.account).collect()
}

/// Looks at what trails of another account deliver to in this one, with a client of an identity in it, and completes the facts of
/// that account.
pub async fn destinations(client: &Client, account: &str, facts: &mut Facts) {
    let trails = own_trails(facts);
    // A bucket does not say whose it is to whoever may not read it.
    let is_closed = |trail: &&Trail| {
        let known = trail.oss_bucket.known().and_then(|bucket| facts.buckets.get(bucket));
        known.and_then(crate::Fact::known).is_none_or(|bucket| bucket.acl.known().is_none())
    };
    let closed: Vec<&Trail> = trails.iter().filter(is_closed).collect();
    let of_account = |trail: &&Trail| {
        let project = trail.sls_project_arn.known().and_then(|arn| project_of_arn(arn));
        project.is_some_and(|project| project.account == account)
    };
    let delivering: Vec<&Trail> = trails.iter().filter(of_account).collect();
    let all: Vec<&Trail> = trails.iter().collect();
    let (buckets, (stores, alerts, center), roles) = tokio::join!(
        buckets(client, &closed),
        logs(client, account, &delivering),
        roles(client, account, &all)
    );
    let is_open = |bucket: &crate::Fact<crate::facts::Bucket>| {
        bucket.known().is_some_and(|bucket| bucket.owner.known().is_some_and(|owner| owner == account))
    };
    facts.buckets.extend(buckets.into_iter().filter(|(_, bucket)| is_open(bucket)));
    facts.logstores.extend(stores);
    facts.alerts.extend(alerts);
    facts.roles.extend(roles);
    if !delivering.is_empty() {
        facts.alert_center = center;
    }
}

/// The control policies that hold for an account, as far as it can say itself: none outside of an organization, and none for its
/// management account. Members cannot read theirs.
async fn control_policies(client: &Client, account: &str, options: &Options) -> crate::Fact<Vec<String>> {
    if options.organization_is_known {
        return crate::Fact::default();
    }
    match client.resource_manager().get_resource_directory().await {
        Ok(directory) if directory.master_account_id == account => crate::Fact::Absent,
        Ok(directory) => crate::Fact::Unknown(format!(
            "control policies of the organization {} may hold for the account, and only its management account can read them",
            directory.resource_directory_id
        )),
        Err(error) if organization::is_no_directory(&error) => crate::Fact::Absent,
        Err(error) => error::not_looked(&error, "resourcemanager:GetResourceDirectory"),
    }
}

async fn buckets(client: &Client, trails: &[&Trail]) -> BTreeMap<String, crate::Fact<crate::facts::Bucket>> {
    // Where the service does not say where a bucket is, it is in most cases beside its trail.
    let place = |trail: &&Trail| {
        let region = trail.oss_bucket_region.known().or(trail.home_region.known())?;
        Some((trail.oss_bucket.known()?.clone(), region.clone()))
    };
    let places: BTreeMap<String, String> = trails.iter().filter_map(place).collect();
    let read = places.into_iter().map(|(bucket, region)| async move {
        let facts = archive::bucket(client, &region, &bucket).await;
        (bucket, facts)
    });
    join_all(read).await.into_iter().collect()
}

type Logs = (
    BTreeMap<String, crate::Fact<crate::facts::Logstore>>,
    BTreeMap<String, crate::Fact<Vec<crate::facts::Alert>>>,
    crate::Fact<bool>,
);

async fn logs(client: &Client, account: &str, trails: &[&Trail]) -> Logs {
    let mut stores = BTreeMap::new();
    let mut projects: BTreeMap<&str, &str> = BTreeMap::new();
    let mut strangers: Vec<(String, String, String)> = Vec::new();
    for trail in trails {
        let project = trail.sls_project_arn.known().and_then(|arn| project_of_arn(arn));
        let (Some(project), Some(id)) = (project, trail.logstore_id()) else { continue };
        if project.account != account {
            // To a stranger, a project that is there looks like one that is not.
            let reason = format!("project {} belongs to account {}", project.name, project.account);
            strangers.push((id, project.name.to_owned(), reason));
            continue;
        }
        stores.insert(id, (project, trail.logstore()));
        projects.insert(project.name, project.region);
    }
    let read_stores = stores.into_iter().map(|(id, (project, store))| async move {
        (id, logs::logstore(client, project.region, project.name, &store).await)
    });
    let read_alerts = projects.iter().map(|(project, region)| async move {
        ((*project).to_owned(), logs::alerts(client, region, project).await)
    });
    let centers =
        projects.iter().map(|(project, region)| logs::alert_center(client, account, region, project));
    let (stores, alerts, centers) =
        tokio::join!(join_all(read_stores), join_all(read_alerts), join_all(centers));
    let initialised = |fact: &crate::Fact<bool>| fact.known() == Some(&true);
    let known = centers.iter().find(|fact| initialised(fact)).or(centers.first());
    let mut center = known.cloned().unwrap_or_default();
    let (mut stores, mut alerts): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (stores.into_iter().collect(), alerts.into_iter().collect());
    for (id, project, reason) in strangers {
        if centers.is_empty() {
            center = crate::Fact::CouldNotLook { action: None, reason: reason.clone() };
        }
        stores.insert(id, crate::Fact::CouldNotLook { action: None, reason: reason.clone() });
        alerts.insert(project, crate::Fact::CouldNotLook { action: None, reason });
    }
    (stores, alerts, center)
}

async fn roles(
    client: &Client,
    account: &str,
    trails: &[&Trail],
) -> BTreeMap<String, crate::Fact<crate::facts::Role>> {
    let arns = trails.iter().flat_map(|trail| [&trail.oss_write_role, &trail.sls_write_role]);
    let own = format!(":{account}:role/");
    let names: BTreeMap<String, &str> = arns
        .filter_map(crate::Fact::known)
        .filter(|arn| !arn.to_lowercase().ends_with(":role/aliyunserviceroleforactiontrail"))
        .filter_map(|arn| Some((arn.to_lowercase(), arn.split_once(&own)?.1)))
        .collect();
    let read = names.into_iter().map(|(arn, name)| async move { (arn, roles::role(client, name).await) });
    join_all(read).await.into_iter().collect()
}
