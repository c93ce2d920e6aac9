//! Checks of single values of a dashboard (SLS API reference, CreateDashboard).

/// The name of a dashboard.
pub(super) fn name(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let dots = name.chars().all(|c| c == '.');
    if (2..=128).contains(&name.len()) && name.chars().all(fits) && !dots {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not the name of a dashboard. Use 2 to 128 letters, digits, hyphens, underscores and dots, such as \
         \"audit-overview\"; what people see is display_name."
    ))
}

/// A text that is not empty.
pub(super) fn said(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        Err("It is empty. Leave the attribute out instead.".to_owned())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["ab", "actiontrail_audit_audit_center_en", "dashboard-1609294922657-434834"] {
            assert_eq!(name(good), Ok(()));
        }
        for bad in ["", "a", "a b", "a:b", "a/b", "..", &"a".repeat(129)] {
            assert!(name(bad).is_err(), "{bad}");
        }
        assert!(said(" ").is_err() && said("x").is_ok());
    }
}
