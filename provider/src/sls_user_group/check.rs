//! Checks of a group's configuration, before any call.

use std::collections::BTreeSet;

use crate::sls_record;

/// The ids of the members.
pub(super) fn members(members: &BTreeSet<String>) -> Result<(), String> {
    if members.is_empty() {
        return Err(
            "The group is empty, and an alert that is sent to it reaches nobody. Name at least one user."
                .to_owned(),
        );
    }
    members.iter().try_for_each(|member| sls_record::id(member))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_members() {
        assert!(members(&BTreeSet::new()).unwrap_err().contains("reaches nobody"));
        assert_eq!(members(&BTreeSet::from(["alex".to_owned()])), Ok(()));
        assert!(members(&BTreeSet::from(["alex".to_owned(), "a b".to_owned()])).is_err());
    }
}
