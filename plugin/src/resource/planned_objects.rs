//! One object in several places of the state: what a resource alone cannot see.
//!
//! Terraform plans each address by itself, and a replacement with `create_before_destroy` leaves the old object of an
//! address beside the new one (deposed). The same object of the cloud can therefore be kept in one place of the state and
//! be deleted in another. This register knows what a process was asked to keep, create and delete, so that such a deletion
//! forgets the object instead of deleting it, or is refused.
//!
//! Places are told apart by an [`Instance`]: an id in the private bytes of the state, given when Terraform creates or
//! imports an object. It is ordered by time, because of two places with one object the younger is the current one: a
//! deposed object is always older than its successor.

use std::collections::{BTreeSet, HashMap};

use super::Key;
use crate::value::Object;

/// A type, and the name of an object of it.
type Name = (&'static str, Vec<String>);

/// One place of the state, ordered by the time at which it was filled. States of older versions have none.
pub(crate) type Instance = Option<String>;

/// A new [`Instance`], younger than all before.
pub(crate) fn new_instance() -> Instance {
    Some(uuid::Uuid::now_v7().to_string())
}

/// What a deletion does to an object that may be in several places of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removal {
    /// It is the only place: the object is deleted.
    Delete,
    /// Another place keeps the object: this one only lets go of it.
    Forget,
    /// Another place keeps the object, but the apply could not be told: the plan has to be made again with a refresh.
    Unclear,
    /// The object is created at another address: it was renamed without a moved block.
    Renamed,
}

/// Whether an object can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeepConflict {
    /// Nothing else is planned with it.
    Free,
    /// It is planned to be created at another address, which the service will refuse.
    Created,
    /// It is planned to be kept at another address too, and to be changed at one of them.
    Kept,
    /// An older place of the state was planned first, to be deleted: most likely what this place is the successor of.
    OlderDeleted,
    /// Another place of the state was planned first, to be deleted.
    Deleted,
}

/// Whether an object can be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CreateConflict {
    /// Nothing else is planned with it.
    Free,
    /// It is planned to be deleted in another place of the state.
    Deleted,
    /// It is planned to be kept at another address.
    Kept,
}

/// The objects that this process was asked to plan, and those that it knows to be in the state.
#[derive(Debug, Default)]
pub struct PlannedObjects {
    objects: HashMap<Name, Uses>,
}

/// What is planned with one object, and where it is.
#[derive(Debug, Default)]
struct Uses {
    kept: Vec<Kept>,
    created: bool,
    /// An apply is creating it.
    creating: bool,
    deleted: Vec<(Instance, Object)>,
    /// Places of the state that were read, planned, imported or written.
    seen: BTreeSet<String>,
    /// Those that this process wrote, so that an apply by this process knows of them.
    written: BTreeSet<String>,
    /// What the state says of it.
    state: Option<Object>,
    /// An import without an instance of its own: an equal state may be one of another address.
    imported: bool,
}

/// A place of the state that keeps an object.
#[derive(Debug)]
struct Kept {
    address: (Instance, Object),
    /// Its plan changes the object.
    changes: bool,
}

impl Uses {
    /// Whether two states are in different places. Without instances, equal states count as one place in two plans, since
    /// Terraform's tests plan many times with one provider process.
    fn are_apart(&self, one: &(Instance, Object), other: &(Instance, Object)) -> bool {
        match (&one.0, &other.0) {
            (None, None) => self.imported || one.1 != other.1,
            (one, other) => one != other,
        }
    }

    /// Whether another place keeps the object, and one of both changes it: what two places keep as it is may be so. States
    /// without instance may be of one place, planned twice.
    fn is_fought_over(&self, address: &(Instance, Object), changes: bool) -> bool {
        let is_other = |kept: &&Kept| {
            kept.address.0.is_some() && address.0.is_some() && self.are_apart(&kept.address, address)
        };
        self.kept.iter().filter(is_other).any(|other| changes || other.changes)
    }
}

impl PlannedObjects {
    fn uses(&mut self, of: &'static str, key: &Key) -> &mut Uses {
        self.objects.entry((of, key.name().to_owned())).or_default()
    }

    /// Notes a place of the state that has the object.
    pub(crate) fn see(&mut self, of: &'static str, key: &Key, instance: &Instance) {
        self.uses(of, key).seen.extend(instance.clone());
    }

    /// Notes what the state says of an object.
    pub(crate) fn see_state(&mut self, of: &'static str, key: &Key, state: &Object) {
        self.uses(of, key).state = Some(state.clone());
    }

    /// What the state says of an object that is planned to be created although it is in the state: it is tainted, or this is
    /// the second planning call of a replacement. An object that another address keeps is neither.
    pub(crate) fn state_to_complete(
        &self,
        of: &'static str,
        key: &Key,
        is_replacement: bool,
    ) -> Option<Object> {
        let uses = self.objects.get(&(of, key.name().to_owned()))?;
        if is_replacement || uses.kept.is_empty() { uses.state.clone() } else { None }
    }

    /// Notes a place that was filled by an import.
    pub(crate) fn import(&mut self, of: &'static str, key: &Key, instance: &Instance) {
        self.see(of, key, instance);
        self.uses(of, key).imported = true;
    }

    /// Whether a younger place of the state has the object.
    pub(crate) fn has_younger(&self, of: &'static str, key: &Key, than: &Instance) -> bool {
        self.objects.get(&(of, key.name().to_owned())).is_some_and(|uses| has_younger(&uses.seen, than))
    }

    /// Plans to keep an object.
    pub(crate) fn keep(
        &mut self,
        of: &'static str,
        key: &Key,
        instance: &Instance,
        prior: &Object,
        changes: bool,
    ) -> KeepConflict {
        self.see(of, key, instance);
        let uses = self.uses(of, key);
        let address = (instance.clone(), prior.clone());
        // The youngest of the other places.
        let other =
            uses.deleted.iter().filter(|deleted| uses.are_apart(deleted, &address)).map(|(at, _)| at).max();
        let keeping = match other {
            None if uses.created => KeepConflict::Created,
            None if uses.is_fought_over(&address, changes) => KeepConflict::Kept,
            None => KeepConflict::Free,
            Some(other) if other < instance => KeepConflict::OlderDeleted,
            Some(_) => KeepConflict::Deleted,
        };
        uses.kept.push(Kept { address, changes });
        keeping
    }

    /// Plans to create an object.
    pub(crate) fn create(&mut self, of: &'static str, key: &Key) -> CreateConflict {
        let uses = self.uses(of, key);
        uses.created = true;
        match () {
            () if !uses.deleted.is_empty() => CreateConflict::Deleted,
            () if !uses.kept.is_empty() => CreateConflict::Kept,
            () => CreateConflict::Free,
        }
    }

    /// Plans to delete an object.
    ///
    /// `superseded` is what the refresh of this place found out, which the apply will know too. What only the plan knows
    /// does not reach the deletion of a deposed object: Terraform plans that anew in the apply.
    pub(crate) fn delete(
        &mut self,
        of: &'static str,
        key: &Key,
        instance: &Instance,
        prior: &Object,
        superseded: bool,
    ) -> Removal {
        self.see(of, key, instance);
        if superseded {
            return Removal::Forget;
        }
        let uses = self.uses(of, key);
        if has_younger(&uses.written, instance) {
            return Removal::Forget;
        }
        if uses.created {
            return Removal::Renamed;
        }
        let address = (instance.clone(), prior.clone());
        if has_younger(&uses.seen, instance) {
            return Removal::Unclear;
        }
        if uses.kept.iter().any(|kept| uses.are_apart(&kept.address, &address)) {
            return Removal::Forget;
        }
        uses.deleted.push(address);
        Removal::Delete
    }

    /// Notes that a plan is carried out: what is planned next for the object is another plan.
    pub(crate) fn begin_apply(&mut self, of: &'static str, key: &Key) {
        let uses = self.uses(of, key);
        uses.kept.clear();
        uses.deleted.clear();
        uses.created = false;
        uses.imported = false;
        uses.state = None;
    }

    /// Begins to create an object in an apply. False when this process is creating it, or has written it, for another place
    /// of the state: a plan does not see that, since Terraform may plan the creation for one address several times.
    pub(crate) fn begin_create(&mut self, of: &'static str, key: &Key) -> bool {
        let uses = self.uses(of, key);
        uses.written.is_empty() && !std::mem::replace(&mut uses.creating, true)
    }

    /// Notes that the creation is over, however it ended.
    pub(crate) fn end_create(&mut self, of: &'static str, key: &Key) {
        self.uses(of, key).creating = false;
    }

    /// Notes that an apply put the object into a place of the state.
    pub(crate) fn write(&mut self, of: &'static str, key: &Key, instance: &Instance) {
        self.see(of, key, instance);
        self.uses(of, key).written.extend(instance.clone());
    }

    /// Notes that an apply took the object out of a place of the state.
    pub(crate) fn remove(&mut self, of: &'static str, key: &Key, instance: &Instance) {
        if let Some(instance) = instance {
            let uses = self.uses(of, key);
            uses.seen.remove(instance);
            uses.written.remove(instance);
        }
    }
}

fn has_younger(addresses: &BTreeSet<String>, than: &Instance) -> bool {
    addresses.last().is_some_and(|youngest| Some(youngest) > than.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    const BOX: &str = "box";

    fn state(colour: &str) -> Object {
        Object::from_iter([("colour".to_owned(), Value::from(colour))])
    }

    fn a() -> Key {
        Key::test("a", &[])
    }

    fn at(instance: &str) -> Instance {
        Some(instance.to_owned())
    }

    fn delete(objects: &mut PlannedObjects, instance: &Instance, colour: &str) -> Removal {
        objects.delete(BOX, &a(), instance, &state(colour), false)
    }

    #[test]
    fn instances_are_ordered_by_time() {
        let (first, second) = (new_instance(), new_instance());
        assert!(first < second && None < first);
    }

    #[test]
    fn a_rename_is_seen_in_whichever_order_it_is_planned() {
        let mut objects = PlannedObjects::default();
        assert_eq!(objects.create(BOX, &a()), CreateConflict::Free);
        assert_eq!(delete(&mut objects, &at("1"), "red"), Removal::Renamed);
        let mut objects = PlannedObjects::default();
        assert_eq!(delete(&mut objects, &at("1"), "red"), Removal::Delete);
        assert_eq!(objects.create(BOX, &a()), CreateConflict::Deleted);
        assert_eq!(objects.create("bag", &a()), CreateConflict::Free, "of another type");
    }

    #[test]
    fn what_another_place_keeps_is_forgotten_and_not_deleted_even_if_both_states_are_equal() {
        let mut objects = PlannedObjects::default();
        assert_eq!(objects.keep(BOX, &a(), &at("1"), &state("red"), false), KeepConflict::Free);
        assert_eq!(delete(&mut objects, &at("2"), "red"), Removal::Forget);
        // The other way round it is too late to forget: the deletion was promised.
        let mut objects = PlannedObjects::default();
        assert_eq!(delete(&mut objects, &at("2"), "red"), Removal::Delete);
        assert_eq!(objects.keep(BOX, &a(), &at("1"), &state("red"), false), KeepConflict::Deleted);
        let mut objects = PlannedObjects::default();
        assert_eq!(delete(&mut objects, &None, "red"), Removal::Delete);
        assert_eq!(objects.keep(BOX, &a(), &at("1"), &state("red"), false), KeepConflict::OlderDeleted);
    }

    #[test]
    fn of_two_places_that_are_both_removed_the_younger_deletes() {
        let mut objects = PlannedObjects::default();
        objects.see(BOX, &a(), &at("1"));
        objects.see(BOX, &a(), &at("2"));
        assert!(objects.has_younger(BOX, &a(), &at("1")) && objects.has_younger(BOX, &a(), &None));
        assert_eq!(objects.delete(BOX, &a(), &at("1"), &state("red"), true), Removal::Forget);
        assert_eq!(delete(&mut objects, &at("2"), "red"), Removal::Delete);
        // A plan without refresh cannot tell the apply, unless it is made by the process that wrote the younger one.
        assert_eq!(delete(&mut objects, &at("1"), "red"), Removal::Unclear);
        objects.write(BOX, &a(), &at("2"));
        assert_eq!(delete(&mut objects, &at("1"), "red"), Removal::Forget);
    }

    #[test]
    fn states_of_older_versions_are_told_apart_by_what_they_hold_and_by_imports() {
        let mut objects = PlannedObjects::default();
        assert_eq!(objects.keep(BOX, &a(), &None, &state("red"), false), KeepConflict::Free);
        assert_eq!(delete(&mut objects, &None, "blue"), Removal::Forget);
        assert_eq!(delete(&mut objects, &None, "red"), Removal::Delete, "one place in two plans");
        let mut objects = PlannedObjects::default();
        objects.import(BOX, &a(), &at("2"));
        assert_eq!(objects.keep(BOX, &a(), &at("2"), &state("red"), false), KeepConflict::Free);
        assert_eq!(delete(&mut objects, &None, "red"), Removal::Unclear);
    }

    #[test]
    fn plans_that_follow_each_other_in_one_process_are_told_apart() {
        let mut objects = PlannedObjects::default();
        assert_eq!(objects.create(BOX, &a()), CreateConflict::Free);
        objects.begin_apply(BOX, &a());
        objects.see(BOX, &a(), &at("1"));
        assert_eq!(
            objects.keep(BOX, &a(), &at("1"), &state("red"), false),
            KeepConflict::Free,
            "planned, and not applied"
        );
        assert_eq!(delete(&mut objects, &at("1"), "red"), Removal::Delete, "and then torn down");
        objects.begin_apply(BOX, &a());
        objects.remove(BOX, &a(), &at("1"));
        assert_eq!(objects.create(BOX, &a()), CreateConflict::Free, "and made anew");
        assert!(!objects.has_younger(BOX, &a(), &None));
    }

    #[test]
    fn what_two_addresses_have_is_seen_in_whichever_order_they_are_planned() {
        let mut objects = PlannedObjects::default();
        objects.keep(BOX, &a(), &at("1"), &state("red"), false);
        assert_eq!(objects.create(BOX, &a()), CreateConflict::Kept);
        assert_eq!(objects.create(BOX, &Key::test("b", &[])), CreateConflict::Free);
        let mut objects = PlannedObjects::default();
        objects.create(BOX, &a());
        assert_eq!(objects.keep(BOX, &a(), &at("1"), &state("red"), false), KeepConflict::Created);
        let mut objects = PlannedObjects::default();
        objects.keep(BOX, &a(), &at("1"), &state("red"), false);
        assert_eq!(
            objects.keep(BOX, &a(), &at("1"), &state("red"), false),
            KeepConflict::Free,
            "planned again"
        );
        assert_eq!(
            objects.keep(BOX, &a(), &at("2"), &state("red"), false),
            KeepConflict::Free,
            "nothing changes"
        );
        assert_eq!(objects.keep(BOX, &a(), &at("2"), &state("red"), true), KeepConflict::Kept);
        let mut objects = PlannedObjects::default();
        objects.keep(BOX, &a(), &at("1"), &state("red"), true);
        assert_eq!(objects.keep(BOX, &a(), &at("2"), &state("red"), false), KeepConflict::Kept);
    }

    #[test]
    fn an_apply_creates_an_object_for_one_place_only() {
        let mut objects = PlannedObjects::default();
        assert!(objects.begin_create(BOX, &a()));
        assert!(!objects.begin_create(BOX, &a()), "at the same time");
        objects.end_create(BOX, &a());
        assert!(objects.begin_create(BOX, &a()), "the first one failed");
        objects.write(BOX, &a(), &at("1"));
        objects.end_create(BOX, &a());
        assert!(!objects.begin_create(BOX, &a()), "one after the other");
        objects.remove(BOX, &a(), &at("1"));
        assert!(objects.begin_create(BOX, &a()), "it is gone");
        assert!(objects.begin_create("bag", &a()), "of another type");
    }
}
