//! What a plan found changed, as text.

use console::style;
use serde_json::Value;

use super::drift::Row;
use crate::steps::{INDENT, WIDTH};

/// The drifted attributes below the address of their resource: what was found, and what the apply makes of it. Addresses are
/// quoted as a shell takes them, to be pasted behind `terraform state show` or `-target`.
pub(super) fn rows(rows: &[Row]) -> String {
    let mut lines =
        vec![format!("{INDENT}{}", style("attribute  found in the cloud → after the apply").dim())];
    for of_one in rows.chunk_by(|one, next| one.address == next.address) {
        lines.push(format!("{INDENT}{}", quoted(&of_one[0].address)));
        let width = of_one.iter().map(|row| row.attribute.len()).max().unwrap_or_default();
        for row in of_one {
            let (is, will_be) = (value(&row.is), value(&row.will_be));
            let change = format!("{} → {}", style(&is).red(), style(&will_be).green());
            let wide = INDENT.len() + 2 + width + 2 + is.chars().count() + 3 + will_be.chars().count();
            if wide > WIDTH {
                lines.push(format!("{INDENT}  {}", row.attribute));
                lines.push(format!("{INDENT}    {change}"));
            } else {
                lines.push(format!("{INDENT}  {:width$}  {change}", row.attribute));
            }
        }
    }
    lines.join("\n")
}

/// An address with a key in it has quotation marks, which a shell would take for its own.
fn quoted(address: &str) -> String {
    if address.contains(['[', '"']) { format!("'{address}'") } else { address.to_owned() }
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn attributes_are_below_an_address_that_can_be_pasted() {
        console::set_colors_enabled(false);
        let row = |address: &str, attribute: &str, is: Value, will_be: Value| Row {
            address: address.into(),
            attribute: attribute.into(),
            was: will_be.clone(),
            is,
            will_be,
        };
        let (trail, bucket) =
            ("module.baseline.alitrail_trail.this", "module.baseline.alitrail_oss_bucket.archive[\"1\"]");
        let text = rows(&[
            row(trail, "status", json!("Disable"), json!("Enable")),
            row(trail, "trail_region", Value::Null, json!("All")),
            row(bucket, &format!("rules.{}", "x".repeat(50)), json!("a".repeat(9)), json!("b".repeat(9))),
        ]);
        let expected = format!(
            "      attribute  found in the cloud → after the apply
      module.baseline.alitrail_trail.this
        status        Disable → Enable
        trail_region  - → All
      'module.baseline.alitrail_oss_bucket.archive[\"1\"]'
        rules.{}
          aaaaaaaaa → bbbbbbbbb",
            "x".repeat(50)
        );
        assert_eq!(text, expected);
    }
}
