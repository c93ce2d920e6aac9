//! Where a resource lives: its account and, for regional services, its region.
//!
//! Both default to the provider's and are then kept in the state, so that one provider serves every region. A change
//! of the provider's own region or account never moves or replaces anything: it is an error that says so.

use std::time::Instant;

use alibaba::Client;
use alibaba::retry::Policy;
use plugin::schema::Identity;
use plugin::value::Value;
use plugin::{Attr, Context, Diagnostic, Diagnostics, Model, Path, Plan, Severity};
use reconciler::Scope;

use crate::config::Cloud;
use crate::identity;
use crate::members;
use crate::scope::{Location, Scoped};

/// Where calls go that any region answers alike, when no region is given.
const ANYWHERE: &str = "cn-hangzhou";

/// A region to call, for what belongs to the account as a whole.
#[must_use]
pub fn any_region(scope: Scope, cloud: &Cloud) -> Scope {
    Scope { region: cloud.region.clone().unwrap_or_else(|| ANYWHERE.to_owned()), ..scope }
}

/// Goes to the scope of a resource: its account and region. Every read and write begins here, so that no call is made in a
/// wrong account. In another account than the caller's, the member role is assumed.
///
/// # Errors
/// When the provider block does not allow the account, its role cannot be assumed, the caller's identity cannot be read, or
/// there is no region.
pub async fn resolve<M: Scoped>(context: &Context<Cloud>, model: &M) -> Result<Scope, Diagnostics> {
    let cloud = context.client()?;
    let client = cloud.client.with_cancel(context.cancel().clone()).with_deadline(context.deadline());
    let stated = model.account_id().get();
    if let Some(stated) = stated {
        cloud.admits(stated)?;
    }
    let identity = client.caller_identity().await.map_err(|error| identity::failed_call(&error))?;
    let caller = identity.account_id.clone();
    let (client, account) = match stated {
        Some(stated) if *stated != caller => {
            (members::client_of(cloud, &client, stated, &caller).await?, stated.clone())
        }
        _ => {
            cloud.admits(&caller)?;
            (client, caller)
        }
    };
    let region = match model.region() {
        None => String::new(),
        Some(region) => match region.get().or(cloud.region.as_ref()) {
            Some(region) => region.clone(),
            None => return Err(no_region().into()),
        },
    };
    Ok(Scope { client, account, region })
}

/// Looks at the place of a resource for the sake of a plan, which goes on without.
pub(crate) async fn while_planning<M: Scoped, T, F>(
    context: &Context<Cloud>,
    model: &M,
    look: impl FnOnce(Scope) -> F,
) -> Option<T>
where
    F: Future<Output = Option<T>>,
{
    if model.account_id().is_unknown() {
        return None;
    }
    let look = async {
        let mut scope = resolve(context, model).await.ok()?;
        scope.client = scope.client.with_deadline(Instant::now() + Policy::PLANNING.at_most);
        look(scope).await
    };
    tokio::time::timeout(Policy::PLANNING.at_most, look).await.ok().flatten()
}

/// Lets a refresh go on where the account of a resource cannot be reached and the provider block says that its state is kept.
///
/// # Errors
/// What went wrong, where it is another thing, or the provider block does not say so.
pub fn keep_unreachable<M: Scoped>(
    context: &Context<Cloud>,
    prior: &M,
    why: Diagnostics,
) -> Result<(), Diagnostics> {
    let members = &context.client()?.members;
    match prior.account_id().get() {
        Some(account) if members.keeps_unreachable() && members.unreachable(account).is_some() => {
            context.warn(members::kept(account, &why));
            Ok(())
        }
        _ => Err(why),
    }
}

/// Plans account and region.
pub async fn plan<M: Scoped>(context: &Context<Cloud>, plan: &mut Plan<M>) {
    let Ok(cloud) = context.client() else { return };
    plan_region(cloud, plan);
    let client = cloud
        .client
        .with_cancel(context.cancel().clone())
        .with_deadline(Instant::now() + Policy::PLANNING.at_most);
    if let Some(stated) = plan.config.account_id().get()
        && let Err(refused) = cloud.admits(stated)
    {
        return plan.diagnostics.extend(refused);
    }
    let caller = match foreseen(&client).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return,
        Err(refused) => return plan.diagnostics.extend(refused),
    };
    if !plan.config.account_id().is_null() {
        refuse_unreachable(cloud, plan);
        return warn_of_unreachable(cloud, &client, &caller, plan).await;
    }
    if let Err(refused) = cloud.admits(&caller) {
        return plan.diagnostics.extend(refused);
    }
    let kept = match plan.planned().account_id() {
        Attr::Known(kept) => Some(kept.clone()),
        Attr::Null | Attr::Unknown(_) => None,
    };
    match kept {
        Some(kept) if kept != caller => plan.diagnostics.push(other_account(&kept, &caller)),
        None if plan.prior.is_none() => set(plan, "account_id", caller),
        _ => {}
    }
}

/// A change in an account that could not be reached when it was refreshed.
fn refuse_unreachable<M: Scoped>(cloud: &Cloud, plan: &mut Plan<M>) {
    let Some(account) = plan.config.account_id().get().filter(|_| cloud.members.keeps_unreachable()) else {
        return;
    };
    let changes = plan.prior.as_ref().is_none_or(|prior| prior.to_object() != plan.planned().to_object());
    if let Some(why) = cloud.members.unreachable(account).filter(|_| changes) {
        let refused = members::refused_change(account, &why);
        plan.diagnostics.push(refused);
    }
}

/// A new resource in an account whose role cannot be assumed now. It is no error, because the same apply may create the role.
async fn warn_of_unreachable<M: Scoped>(cloud: &Cloud, client: &Client, caller: &str, plan: &mut Plan<M>) {
    let Some(account) = plan.config.account_id().get().filter(|account| *account != caller) else { return };
    // One call and one warning for all resources of the account.
    if plan.prior.is_none()
        && cloud.members.unreachable(account).is_none()
        && let Err(Diagnostics(why)) = members::client_of(cloud, client, account, caller).await
    {
        let warning = |diagnostic: Diagnostic| Diagnostic { severity: Severity::Warning, ..diagnostic };
        plan.diagnostics.extend(Diagnostics(why.into_iter().map(warning).collect()));
    }
}

/// The caller's account, as far as a plan can count on it; `None` when it cannot be learned just now, which fails no plan.
///
/// Credentials that are refused, and an address that speaks another protocol, do fail it: nothing can be applied with them. And a saved plan that is applied once they
/// have expired is refused for that reason, instead of for an account id that was known and no longer is.
async fn foreseen(client: &Client) -> Result<Option<String>, Diagnostics> {
    match client.caller_identity().await {
        Ok(identity) => Ok(Some(identity.account_id.clone())),
        Err(error) if identity::is_lasting(&error) => Err(identity::failed_call(&error)),
        Err(_) => Ok(None),
    }
}

fn plan_region<M: Scoped>(cloud: &Cloud, plan: &mut Plan<M>) {
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

fn other_account(kept: &str, caller: &str) -> Diagnostic {
    Diagnostic::error(
        "Another account",
        format!(
            "The state says that this resource belongs to account {kept}, while the provider's credentials belong to account \
             {caller}. Nothing is moved or replaced because of that. Set account_id = {kept:?} on the resource to manage it \
             through the member role of that account, or use credentials of account {kept}."
        ),
    )
    .at(Path::attribute("account_id"))
}

/// The attributes that name an object of this model, in the order of its id: those that its identity requires.
#[must_use]
pub fn names<M: Model>() -> Vec<&'static str> {
    let attributes = M::attributes().into_iter();
    attributes
        .filter(|attribute| attribute.identity == Some(Identity::Required))
        .map(|attribute| attribute.name)
        .collect()
}

/// The id of an object: its names, separated by colons; `None` while one of them is not known.
pub fn id<M: Model>(model: &M) -> Option<String> {
    let object = model.to_object();
    let parts: Option<Vec<&str>> =
        names::<M>().into_iter().map(|name| object.get(name).and_then(Value::as_str)).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join(":"))
}

/// Whether an object of this model is in a region, be it the provider's or one of its own.
fn is_regional<M: Model>() -> bool {
    M::NAMES.contains(&"region")
}

/// The import id of an object in a region; without one where the object has none.
pub fn id_of<M: Scoped>(model: &M, region: &str) -> String {
    let id = id(model).unwrap_or_default();
    if is_regional::<M>() { format!("{id}@{region}") } else { id }
}

/// The model that an import id stands for: `<names>[@<region>[@<account_id>]]`, without the region for global services.
///
/// # Errors
/// When the text does not have that form.
pub fn model_of_id<M: Scoped>(id: &str) -> Result<M, Diagnostic> {
    let names = names::<M>();
    let parts = import_parts(id, &names, is_regional::<M>())?;
    let values = parts.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
    M::from_object(values.collect())
        .map_err(|error| Diagnostic::error("Invalid import id", format!("{id:?}: {error}.")))
}

/// How import ids are written, from the shortest form to the longest.
pub(crate) fn import_forms(names: &[&str], is_regional: bool) -> String {
    let own = names.iter().map(|name| name.to_uppercase()).collect::<Vec<_>>().join(":");
    let values = match names {
        [name] => format!("{} stands for the value of {name}", own),
        _ => format!("the words in capitals stand for the values of {}", names.join(" and ")),
    };
    if is_regional {
        format!(
            "Write {own}, or {own}@REGION for another region than the provider's (for example {own}@ap-southeast-1), or \
             {own}@REGION@ACCOUNT_ID; {values}."
        )
    } else {
        format!("Write {own}, or {own}@ACCOUNT_ID; {values}.")
    }
}

/// The parts of an import id by the attributes that they are for.
fn import_parts<'n>(
    id: &str,
    names: &[&'n str],
    is_regional: bool,
) -> Result<Vec<(&'n str, String)>, Diagnostic> {
    let wrong = || {
        Diagnostic::error(
            "Invalid import id",
            format!("{id:?} is not an import id of this resource. {}", import_forms(names, is_regional)),
        )
    };
    let mut parts = id.split('@');
    let values = parts.next().unwrap_or_default().split(':');
    let mut found: Vec<(&str, String)> =
        names.iter().copied().zip(values.clone().map(str::to_owned)).collect();
    if values.count() != names.len() {
        return Err(wrong());
    }
    let scope: &[&str] = if is_regional { &["region", "account_id"] } else { &["account_id"] };
    found.extend(scope.iter().copied().zip(parts.by_ref().map(str::to_owned)));
    if parts.next().is_some() || found.iter().any(|(_, value)| value.is_empty()) {
        return Err(wrong());
    }
    Ok(found)
}

/// Whether its names make the id of an object. An id that has parts of the service is declared `volatile`, and comes with
/// them from the service.
fn names_make_id<M: Model>() -> bool {
    M::attributes().iter().any(|attribute| attribute.name == "id" && !attribute.volatile)
}

/// The model with what follows from its scope: region, account, and the id that its names make.
pub fn located<M: Scoped>(mut model: M, scope: &Scope) -> M {
    *model.shared_mut() = Location::located(model.shared().id().clone(), scope);
    if let Some(id) = id(&model).filter(|_| names_make_id::<M>()) {
        *model.shared_mut() = Location::located(id.into(), scope);
    }
    model
}

/// What is planned, with what the state knows where the plan does not.
pub fn known_from<M: Model + Clone>(prior: &M, planned: M) -> M {
    let (known, mut object) = (prior.to_object(), planned.to_object());
    for (name, value) in &mut object {
        if value.is_unknown() {
            *value = known.get(name).cloned().unwrap_or_default();
        }
    }
    // Both have the shape of the model.
    M::from_object(object).unwrap_or(planned)
}

/// Plans the id of a new object, so that what refers to it can be planned before it exists.
pub fn plan_id<M: Scoped>(plan: &mut Plan<M>) {
    if let (None, Some(id), true) = (&plan.prior, id(plan.planned()), names_make_id::<M>()) {
        set(plan, "id", id);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;
    use crate::config::ProviderConfig;

    /// A provider whose every call is answered with this status and body.
    async fn answered(status: &'static str, body: &'static str, allowed: &[&str]) -> Cloud {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            )
            .unwrap();
        });
        let config = ProviderConfig {
            access_key: "id".into(),
            secret_key: "secret".into(),
            endpoint_url: format!("http://{address}").into(),
            max_retries: 0.into(),
            allowed_account_ids: Some(allowed.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>())
                .filter(|ids| !ids.is_empty())
                .into(),
            ..ProviderConfig::default()
        };
        config.connect("1.11.4").await.unwrap()
    }

    #[tokio::test]
    async fn a_plan_fails_on_credentials_that_are_refused_and_on_no_other_trouble() {
        let ours = r#"{"RequestId":"R","AccountId":"1234567890123456","Arn":"acs:ram::1:user/x"}"#;
        let expired =
            r#"{"RequestId":"R","Code":"InvalidSecurityToken.Expired","Message":"It has expired."}"#;
        let busy = r#"{"RequestId":"R","Code":"ServiceUnavailable","Message":"Try again."}"#;
        let cloud = answered("200 OK", ours, &[]).await;
        assert_eq!(foreseen(&cloud.client).await.unwrap().as_deref(), Some("1234567890123456"));
        let cloud = answered("200 OK", ours, &["9234567890123456"]).await;
        let refused = cloud.admits("1234567890123456").unwrap_err();
        assert_eq!(refused.0[0].summary, "Account 1234567890123456 is not to be touched");
        let cloud = answered("400 Bad Request", expired, &[]).await;
        let refused = foreseen(&cloud.client).await.unwrap_err();
        assert!(refused.0[0].detail.contains("InvalidSecurityToken.Expired"), "{}", refused.0[0].detail);
        let cloud = answered("503 Service Unavailable", busy, &[]).await;
        assert_eq!(foreseen(&cloud.client).await.unwrap(), None);
    }

    #[test]
    fn import_ids() {
        use crate::sls_logstore::LogstoreModel;
        use crate::trail::TrailModel;

        let trail: TrailModel = model_of_id("audit-trail").unwrap();
        assert_eq!(
            (trail.trail_name.as_str(), trail.region(), trail.account_id()),
            (Some("audit-trail"), Some(&Attr::Null), &Attr::Null)
        );
        let store: LogstoreModel = model_of_id("p:l@cn-beijing@12345678").unwrap();
        assert_eq!((store.project_name.as_str(), store.logstore_name.as_str()), (Some("p"), Some("l")));
        assert_eq!(
            (store.region().and_then(Attr::as_str), store.account_id().as_str()),
            (Some("cn-beijing"), Some("12345678"))
        );
        for wrong in ["", "@cn-beijing", "a@", "a@b@c@d", "a:b"] {
            let error = model_of_id::<TrailModel>(wrong).unwrap_err();
            assert!(
                error.detail.contains("Write TRAIL_NAME, or TRAIL_NAME@REGION for "),
                "{wrong}: {}",
                error.detail
            );
        }
    }

    #[test]
    fn import_ids_of_global_services() {
        use crate::delivery_role::DeliveryRoleModel;

        let role: DeliveryRoleModel = model_of_id("delivery@12345678").unwrap();
        assert_eq!(
            (role.role_name.as_str(), role.account_id().as_str()),
            (Some("delivery"), Some("12345678"))
        );
        for wrong in ["", "@1", "a@", "a@b@c", "a:b"] {
            let error = model_of_id::<DeliveryRoleModel>(wrong).unwrap_err();
            assert!(
                error.detail.contains("Write ROLE_NAME, or ROLE_NAME@ACCOUNT_ID;"),
                "{wrong}: {}",
                error.detail
            );
        }
    }
}
