//! One object at two addresses, and deleted at one of them: what a resource alone cannot see.
//!
//! Terraform plans each address by itself. A walk remembers which objects are planned to be made or kept and which to be
//! deleted; the same object in both is a rename without a moved block. Terraform's tests plan and apply many times with
//! one provider process, so a later walk must not be confused with an earlier one.

use std::collections::{HashMap, HashSet};

use crate::value::Object;

/// A type and what the cloud knows an object of it by.
type Key = (&'static str, String);

/// The objects that hold something, and that this walk of Terraform plans to have and to delete.
#[derive(Debug, Default)]
pub struct Walk {
    /// With their prior states; none for those that are to be made.
    keeps: HashMap<Key, Option<Object>>,
    destroys: HashMap<Key, Object>,
    imported: HashSet<Key>,
}

impl Walk {
    /// Notes that an object is made or stays; whether it is deleted elsewhere too.
    pub(crate) fn keeps(&mut self, what: &'static str, key: &str, prior: Option<&Object>) -> bool {
        self.keeps.insert((what, key.to_owned()), prior.cloned());
        self.conflicts(&(what, key.to_owned()))
    }

    /// Notes that an object is deleted; whether it is made or stays elsewhere too.
    pub(crate) fn destroys(&mut self, what: &'static str, key: &str, prior: &Object) -> bool {
        self.destroys.insert((what, key.to_owned()), prior.clone());
        self.conflicts(&(what, key.to_owned()))
    }

    /// Notes that an object was imported, so that an equal state may be one of another address.
    pub(crate) fn imported(&mut self, what: &'static str, key: String) {
        self.imported.insert((what, key));
    }

    /// Forgets an object that a plan was carried out for: what comes now is another walk.
    pub(crate) fn applied(&mut self, what: &'static str, key: String) {
        let key = (what, key);
        self.keeps.remove(&key);
        self.destroys.remove(&key);
        self.imported.remove(&key);
    }

    /// The same state, kept before and deleted now, is one address in two walks.
    fn conflicts(&self, key: &Key) -> bool {
        let (Some(kept), Some(destroyed)) = (self.keeps.get(key), self.destroys.get(key)) else {
            return false;
        };
        self.imported.contains(key) || kept.as_ref() != Some(destroyed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn state(colour: &str) -> Object {
        Object::from_iter([("colour".to_owned(), Value::from(colour))])
    }

    #[test]
    fn a_rename_is_seen_in_whichever_order_it_is_planned() {
        let mut walk = Walk::default();
        assert!(!walk.keeps("box", "a", None));
        assert!(walk.destroys("box", "a", &state("red")), "made at another address");
        let mut walk = Walk::default();
        assert!(!walk.destroys("box", "a", &state("red")));
        assert!(walk.keeps("box", "a", None));
        assert!(!walk.keeps("bag", "a", None), "of another type");
    }

    #[test]
    fn an_import_is_seen_although_both_states_are_equal() {
        let mut walk = Walk::default();
        walk.imported("box", "a".to_owned());
        assert!(!walk.keeps("box", "a", Some(&state("red"))));
        assert!(walk.destroys("box", "a", &state("red")));
    }

    #[test]
    fn walks_that_follow_each_other_in_one_process_are_told_apart() {
        let mut walk = Walk::default();
        assert!(!walk.keeps("box", "a", None));
        walk.applied("box", "a".to_owned());
        assert!(!walk.keeps("box", "a", Some(&state("red"))), "planned, and not applied");
        assert!(!walk.destroys("box", "a", &state("red")), "and then torn down");
        walk.applied("box", "a".to_owned());
        assert!(!walk.keeps("box", "a", None), "and made anew");
    }
}
