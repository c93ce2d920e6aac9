//! What the notification objects of alerting share. Users, user groups and action policies are records of the account:
//! rows of the service's own tables with an id, a name and a JSON value, which one region keeps for the whole account.
//!
//! Each is sent and compared as a whole, but a resource owns only the members it knows: what else a value holds, such
//! as what the console adds, stays.

mod value;

use std::collections::BTreeSet;
use std::time::Duration;

use alibaba::Error;
use alibaba::sls::{Record, Sls};
use plugin::{Attr, Cx, Diagnostic, Diagnostics, Path, Plan};
use serde_json::{Map, Value as Json};

use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::patience::{make, settled};
use crate::place::{self, Place, Placed};
use crate::sls_project::UNANSWERED;
pub(crate) use value::{names, text, truth};

/// The region that keeps the notification objects of an account (SLS SDK tests and vendor examples use it).
pub(crate) const HOME: &str = "cn-heyuan";

/// The table of users.
pub(crate) const USERS: &str = "sls.common.user";

/// The table of user groups.
pub(crate) const GROUPS: &str = "sls.common.user_group";

/// The table of action policies.
pub(crate) const ACTION_POLICIES: &str = "sls.alert.action_policy";

/// How long a write may stay hidden from reads.
const SETTLING: Duration = Duration::from_secs(20);

/// A model whose object is a record.
pub(crate) trait Row: Placed + Clone {
    /// The table.
    const TABLE: &'static str;
    /// The resource type.
    const TYPE: &'static str;
    /// How messages name the object.
    fn label(&self) -> String;
    /// The id of the record.
    fn record_id(&self) -> &Attr<String>;
    /// The region whose host is called.
    fn home(&self) -> &Attr<String>;
    /// The name of the record.
    fn tag(&self) -> &str;
    /// The members of the value that the resource owns; null is one that is not to be there.
    fn members(&self) -> Map<String, Json>;
    /// The model as the service has it. `self` is what the state has.
    fn read_from(&self, tag: &str, value: &Map<String, Json>) -> Self;
    /// The model with what follows from where the record is.
    fn at(self, place: &Place) -> Self;
}

/// One record, where it is. `model` is what is wanted of it.
pub(crate) struct Records<'c, M> {
    cx: &'c Cx<Cloud>,
    place: Place,
    model: M,
}

/// Plans what all of them have.
pub(crate) async fn plan<M: Row>(cx: &Cx<Cloud>, plan: &mut Plan<M>) {
    place::plan(cx, plan).await;
    let skip = cx.client().is_ok_and(|cloud| cloud.skip_region_validation);
    if let (Some(region), false) = (plan.config.home().get(), skip)
        && let Err(unknown) = alibaba::region::check(region)
    {
        plan.diagnostics.push(place::unknown_region(&unknown));
    }
    // Known before it exists, so that what refers to it can be planned completely.
    if let (None, Some(id)) = (&plan.prior, plan.planned().record_id().get().cloned()) {
        place::set(plan, "id", id);
    }
}

/// Where the record is.
pub(crate) async fn enter<M: Row>(cx: &Cx<Cloud>, model: &M) -> Result<Place, Diagnostics> {
    let place = place::enter(cx, model).await?;
    Ok(Place { region: model.home().get().cloned().unwrap_or_else(|| HOME.to_owned()), ..place })
}

impl<'c, M: Row> Records<'c, M> {
    pub(crate) async fn enter(cx: &'c Cx<Cloud>, model: M) -> Result<Self, Diagnostics> {
        Ok(Self { cx, place: enter(cx, &model).await?, model })
    }

    fn sls(&self) -> Sls {
        self.place.client.sls(&self.place.region)
    }

    fn id(&self) -> &str {
        self.model.record_id().as_str().unwrap_or_default()
    }

    fn fault(&self, doing: &str, error: &Error) -> Diagnostics {
        let mut diagnostics = fault(format!("{doing} {}", self.model.label()), error);
        // What a region answers that has no such tables.
        if error.is_code("InvalidMethod") {
            for diagnostic in &mut diagnostics.0 {
                diagnostic.path = Path::attribute("region");
                diagnostic.detail.push_str(&format!(
                    "\nThe region {} does not keep notification objects. They belong to the whole account and are kept \
                     in one region: leave region out for {HOME}.",
                    self.place.region
                ));
            }
        }
        diagnostics
    }

    async fn find(&self) -> Result<Option<Record>, Error> {
        self.sls().get_record(M::TABLE, self.id()).await
    }

    fn read_from(&self, record: &Record) -> M {
        self.model.read_from(&record.tag, &value::object(&record.value)).at(&self.place)
    }

    /// The record to send, from what is there.
    fn wanted(&self, current: Option<&Record>) -> Record {
        let current = current.map(|record| value::object(&record.value)).unwrap_or_default();
        let value = Json::Object(value::overlay(current, self.model.members())).to_string();
        Record { id: self.id().to_owned(), tag: self.model.tag().to_owned(), value }
    }

    /// Makes the record. There was none of this id a moment ago, so if the answer is lost and there is one now, it is
    /// this one.
    pub(crate) async fn create(self) -> Result<M, Diagnostics> {
        let found = self.find().await.map_err(|error| self.fault("create", &error))?;
        if found.is_some() {
            let import_id = format!("{}@{}", self.id(), self.place.region);
            return Err(exists(&self.model.label(), M::TYPE, &import_id));
        }
        let (sls, record, id) = (self.sls(), self.wanted(None), self.id());
        let find = |place: Place| async move {
            Ok(place.client.sls(&place.region).get_record(M::TABLE, id).await?.is_some())
        };
        make(self.cx, &self.place, UNANSWERED, || sls.create_record(M::TABLE, &record), find)
            .await
            .map_err(|error| self.fault("create", &error))?;
        self.shown("create").await
    }

    /// The record, if it is there.
    pub(crate) async fn read(self) -> Result<Option<M>, Diagnostics> {
        let found = self.find().await.map_err(|error| self.fault("read", &error))?;
        Ok(found.map(|record| self.read_from(&record)))
    }

    /// Makes the record what is wanted.
    pub(crate) async fn update(self) -> Result<M, Diagnostics> {
        let update = async {
            let record = self.wanted(self.find().await?.as_ref());
            self.sls().update_record(M::TABLE, &record).await
        };
        update.await.map_err(|error| self.fault("update", &error))?;
        self.shown("update").await
    }

    fn is_as_wanted(&self, record: &Record) -> bool {
        let value = value::object(&record.value);
        let unchanged = value::overlay(value.clone(), self.model.members());
        record.tag == self.model.tag() && unchanged == value
    }

    /// The record once it is as it is wanted; after a while, as it is then.
    async fn shown(&self, doing: &str) -> Result<M, Diagnostics> {
        self.cx.keep(&self.model.clone().at(&self.place));
        let done = |record: &Record| self.is_as_wanted(record);
        let what = format!("{} to be seen", self.model.label());
        let shown = settled(self.cx, &what, SETTLING, done, || self.find()).await;
        shown.map(|record| self.read_from(&record)).map_err(|error| self.fault(doing, &error))
    }

    /// Deletes the record; it is no error if there is none.
    pub(crate) async fn delete(self) -> Result<(), Diagnostics> {
        let delete = async {
            match self.sls().delete_record(M::TABLE, self.id()).await {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
            let what = format!("{} to be gone", self.model.label());
            let gone = || async { Ok(self.find().await?.is_none().then_some(())) };
            settled(self.cx, &what, SETTLING, |()| true, gone).await
        };
        delete.await.map_err(|error| self.fault("delete", &error))
    }
}

/// Warns of what an object names and the account does not have: the service takes such a name, and only when an alert
/// fires does it fail. What cannot be seen with these credentials is not warned of.
pub(crate) async fn warn_of_missing<M: Row>(
    cx: &Cx<Cloud>,
    model: &M,
    attribute: &str,
    table: &str,
    kind: &str,
    named: &BTreeSet<String>,
) {
    let Ok(place) = enter(cx, model).await else { return };
    let ids: Vec<&str> = named.iter().map(String::as_str).collect();
    let Ok(there) = place.client.sls(&place.region).list_records(table, &ids).await else { return };
    let missing: Vec<String> = named
        .iter()
        .filter(|id| !there.iter().any(|record| record.id == **id))
        .map(|id| format!("{id:?}"))
        .collect();
    if missing.is_empty() {
        return;
    }
    let message = Diagnostic::warning(
        format!("{} names a {kind} that does not exist", model.label()),
        format!(
            "The account has no {kind} {}, so alerts that should reach it reach nobody. Check the ids in {attribute}; if \
             it is in this configuration, refer to it by the resource's attribute, so that it is made first.",
            missing.join(", ")
        ),
    );
    cx.warn(message.at(Path::attribute(attribute)));
}

/// An id of a notification object: as the console takes them, which is what the paths of the API can carry.
///
/// # Errors
/// When the service would refuse it, or keeps it for itself.
pub(crate) fn id(id: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if id.starts_with("sls.") {
        return Err(format!(
            "{id:?} begins with \"sls.\", as the ids of the service's own objects do. Choose another id."
        ));
    }
    if (1..=60).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(fits)
    {
        return Ok(());
    }
    Err(format!(
        "{id:?} is not an id. Use 1 to 60 letters, digits, underscores, hyphens and dots, starting with a letter, such as \
         \"security-team\"."
    ))
}

/// A name that people see.
///
/// # Errors
/// When the console would not take it.
pub(crate) fn name(name: &str) -> Result<(), String> {
    const REFUSED: &str = "\"'\\$|~?&<>{}";
    if name.trim().is_empty() {
        return Err("It is empty. Write a name that people recognise.".to_owned());
    }
    match name.chars().find(|c| REFUSED.contains(*c) || c.is_control()) {
        None => Ok(()),
        Some(c) => Err(format!("{name:?} contains {c:?}. Names have none of {REFUSED} in them.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names() {
        for good in ["alex", "sec-team", "cis.actions", "a"] {
            assert_eq!(id(good), Ok(()));
        }
        for bad in ["", "1a", "a b", "a@b", "a:b", "a,b", "sls.builtin", &"a".repeat(61)] {
            assert!(id(bad).is_err(), "{bad}");
        }
        assert_eq!(name("Security team (nights)"), Ok(()));
        for bad in ["", " ", "a<b", "it's", "a\nb"] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
