//! Where a resource lives: its account and, for regional services, its region.
//!
//! Both default to the provider's and are then kept in the state, so that one provider serves every region. A change
//! of the provider's own region or account never moves or replaces anything: it is an error that says so.

use std::time::{Duration, Instant};

use alibaba::Client;
use plugin::value::Value;
use plugin::{Attr, Cx, Diagnostic, Diagnostics, Model, Path, Plan};

use crate::config::Cloud;
use crate::fault::fault;

/// How long a plan may wait to learn whose credentials it has.
const PLANNING: Duration = Duration::from_secs(10);

/// A model that says where its object is.
pub trait Placed: Model {
    /// The account.
    fn account_id(&self) -> &Attr<String>;
    /// The region; `None` for global services.
    fn region(&self) -> Option<&Attr<String>>;
}

/// Where an operation works, with a client that ends when the operation has to.
#[derive(Debug, Clone)]
pub struct Place {
    /// The client.
    pub client: Client,
    /// The account.
    pub account: String,
    /// The region; empty for global services.
    pub region: String,
}

impl Place {
    /// The same place, with a client that neither a Ctrl-C nor the deadline stops: for the read that finds out what
    /// became of a write whose answer was lost.
    #[must_use]
    pub fn afterwards(&self, cloud: &Cloud) -> Self {
        let client = cloud.client.with_deadline(Instant::now() + Duration::from_secs(30));
        Self { client, ..self.clone() }
    }
}

/// Goes to the place of a resource. Every read and write begins here, so that no call is made in a wrong account.
///
/// # Errors
/// When the account is not the resource's, or not one that the provider block allows, or there is no region.
pub async fn enter<M: Placed>(cx: &Cx<Cloud>, model: &M) -> Result<Place, Diagnostics> {
    let cloud = cx.client()?;
    let client = cloud.client.with_cancel(cx.cancel().clone()).with_deadline(cx.deadline());
    let account = caller(cloud, &client).await?;
    if let Some(wanted) = model.account_id().get().filter(|wanted| **wanted != account) {
        return Err(other_account(wanted, &account).into());
    }
    let region = match model.region() {
        None => String::new(),
        Some(region) => match region.get().or(cloud.region.as_ref()) {
            Some(region) => region.clone(),
            None => return Err(no_region().into()),
        },
    };
    Ok(Place { client, account, region })
}

/// The caller's account, if the provider block allows it.
///
/// # Errors
/// When the identity cannot be read or the account is not allowed.
pub async fn caller(cloud: &Cloud, client: &Client) -> Result<String, Diagnostics> {
    let identity = client
        .caller_identity()
        .await
        .map_err(|error| fault("find out whose credentials these are", &error))?;
    let account = identity.account_id.clone();
    cloud.admits(&account)?;
    Ok(account)
}

/// Plans account and region.
pub async fn plan<M: Placed>(cx: &Cx<Cloud>, plan: &mut Plan<M>) {
    let Ok(cloud) = cx.client() else { return };
    plan_region(cloud, plan);
    // Learning the account is a courtesy of the plan: without it the account stays unknown until apply.
    let client = cloud.client.with_cancel(cx.cancel().clone()).with_deadline(Instant::now() + PLANNING);
    let Ok(identity) = client.caller_identity().await else { return };
    let account = identity.account_id.clone();
    let stated = match plan.planned().account_id() {
        Attr::Known(stated) => Some(stated.clone()),
        Attr::Null | Attr::Unknown(_) => None,
    };
    match stated {
        Some(stated) if stated != account => plan.diagnostics.push(other_account(&stated, &account)),
        Some(_) => {}
        None if plan.config.account_id().is_null() && plan.prior.is_none() => {
            set(plan, "account_id", account)
        }
        None => {}
    }
}

fn plan_region<M: Placed>(cloud: &Cloud, plan: &mut Plan<M>) {
    let (Some(config), Some(planned)) = (plan.config.region(), plan.planned().region()) else { return };
    if !config.is_null() {
        if let (Some(region), false) = (config.get(), cloud.skip_region_validation)
            && let Err(unknown) = alibaba::region::check(region)
        {
            plan.diagnostics.push(unknown_region(&unknown));
        }
        return;
    }
    match (planned, &cloud.region) {
        (Attr::Known(kept), Some(region)) if kept != region => {
            plan.diagnostics.push(moved(kept, region));
        }
        (Attr::Unknown(_), Some(region)) => set(plan, "region", region.clone()),
        (Attr::Unknown(_), None) => plan.diagnostics.push(no_region()),
        _ => {}
    }
}

/// Plans what follows from where the object is.
pub(crate) fn set<M: Model>(plan: &mut Plan<M>, attribute: &'static str, value: impl Into<Value>) {
    if let Err(error) = plan.set(attribute, value) {
        plan.diagnostics.push(Diagnostic::error("Value of an unexpected shape", error.to_string()));
    }
}

/// A region id with a typing error.
#[must_use]
pub fn unknown_region(error: &alibaba::region::UnknownRegion) -> Diagnostic {
    Diagnostic::error(
        "Unknown region",
        format!("{error}. If the region is newer than this provider, set skip_region_validation = true in the provider block."),
    )
    .at(Path::attribute("region"))
}

fn no_region() -> Diagnostic {
    Diagnostic::error(
        "No region",
        "Neither this resource nor the provider block has a region, and there is no default. Set region here or in the \
         provider block, or ALIBABA_CLOUD_REGION in the environment.",
    )
    .at(Path::attribute("region"))
}

fn moved(kept: &str, region: &str) -> Diagnostic {
    Diagnostic::error(
        "The provider's region is not this resource's",
        format!(
            "The state says that this resource is in {kept:?}, while the provider's region is {region:?}. Nothing is \
             moved or replaced because of that. Set region = {kept:?} on the resource to keep managing it where it is."
        ),
    )
    .at(Path::attribute("region"))
}

fn other_account(wanted: &str, account: &str) -> Diagnostic {
    Diagnostic::error(
        "Another account",
        format!(
            "This resource belongs to account {wanted}, while the provider's credentials belong to account {account}. \
             Use credentials of account {wanted} (in a provider block of their own, if both are needed)."
        ),
    )
    .at(Path::attribute("account_id"))
}

/// The names, region and account of an import id; what it leaves out is null.
pub type ImportId<const N: usize> = ([String; N], Attr<String>, Attr<String>);

/// Splits an import id `<names>[@<region>[@<account>]]`; several names are separated by colons.
///
/// # Errors
/// When it does not have that form.
pub fn parse_id<const N: usize>(id: &str, names: [&str; N]) -> Result<ImportId<N>, Diagnostic> {
    let form = names.map(|name| format!("<{name}>")).join(":");
    let wrong = || {
        Diagnostic::error(
            "Invalid import id",
            format!(
                "{id:?} does not have the form {form}[@<region>[@<account_id>]], such as the region's id after an @."
            ),
        )
    };
    let mut parts = id.split('@');
    let found: Vec<String> = parts.next().unwrap_or_default().split(':').map(str::to_owned).collect();
    let found: [String; N] = found.try_into().map_err(|_| wrong())?;
    let (region, account, rest) = (parts.next(), parts.next(), parts.next());
    let empty = |part: Option<&str>| part.is_some_and(str::is_empty);
    if found.iter().any(String::is_empty) || empty(region) || empty(account) || rest.is_some() {
        return Err(wrong());
    }
    Ok((found, region.map(str::to_owned).into(), account.map(str::to_owned).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn import_ids() {
        let (names, region, account) = parse_id("audit-trail", ["trail_name"]).unwrap();
        assert_eq!((names, region, account), (["audit-trail".to_owned()], Attr::Null, Attr::Null));
        let (names, region, account) =
            parse_id("p:l@cn-beijing@12345678", ["project_name", "logstore_name"]).unwrap();
        assert_eq!(names, ["p".to_owned(), "l".to_owned()]);
        assert_eq!((region.as_str(), account.as_str()), (Some("cn-beijing"), Some("12345678")));
        for wrong in ["", "@cn-beijing", "a@", "a@b@c@d", "a:b"] {
            let error = parse_id(wrong, ["trail_name"]).unwrap_err();
            assert!(
                error.detail.contains("<trail_name>[@<region>[@<account_id>]]"),
                "{wrong}: {}",
                error.detail
            );
        }
    }
}
