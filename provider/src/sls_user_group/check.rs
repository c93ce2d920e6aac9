//! Checks of a group's configuration, before any call.

use std::collections::BTreeSet;

use crate::sls_record;

/// The ids of the members.
pub(super) fn members(members: &BTreeSet<String>) -> Result<(), String> {
    members.iter().try_for_each(|member| sls_record::id(member))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_ids() {
        assert_eq!(members(&BTreeSet::new()), Ok(()), "people can be added in the console");
        assert_eq!(members(&BTreeSet::from(["alex".to_owned()])), Ok(()));
        assert!(members(&BTreeSet::from(["alex".to_owned(), "a b".to_owned()])).is_err());
    }
}
