//! Values and rows as text.

use console::{Alignment, pad_str, style};
use serde_json::Value;

use super::drift::Row;

/// The table of drifted attributes: one line each, in columns.
pub(super) fn rows(rows: &[Row]) -> String {
    let cells: Vec<[String; 5]> = rows
        .iter()
        .map(|row| {
            [
                row.resource.clone(),
                row.attribute.clone(),
                value(&row.was),
                value(&row.is),
                value(&row.will_be),
            ]
        })
        .collect();
    let heads = ["resource", "attribute", "was", "is", "will be"];
    let width = |column: usize| {
        let widest = cells.iter().map(|row| console::measure_text_width(&row[column])).max();
        widest.unwrap_or(0).max(heads[column].len())
    };
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    let pad = |text: &str, column: usize| pad_str(text, widths[column], Alignment::Left, None).into_owned();
    let head: Vec<String> = heads.iter().enumerate().map(|(column, head)| pad(head, column)).collect();
    let mut lines = vec![format!("      {}", style(head.join("  ").trim_end()).dim())];
    let mut last = "";
    for row in &cells {
        let resource = if row[0] == last { "" } else { row[0].as_str() };
        last = &row[0];
        lines.push(format!(
            "      {}  {}  {}  {}  {}",
            pad(resource, 0),
            pad(&row[1], 1),
            pad(&row[2], 2),
            style(pad(&row[3], 3)).red(),
            style(row[4].as_str()).green()
        ));
    }
    lines.join("\n")
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
    fn a_resource_is_named_once_and_columns_line_up() {
        console::set_colors_enabled(false);
        let row = |attribute: &str, is: Value| Row {
            resource: "trail.this".into(),
            attribute: attribute.into(),
            was: json!("All"),
            is,
            will_be: json!("All"),
        };
        let text = rows(&[row("status", json!("Disable")), row("trail_region", Value::Null)]);
        let expected = "      resource    attribute     was  is       will be\n      \
                        trail.this  status        All  Disable  All\n      \
                        \u{20}           trail_region  All  -        All";
        assert_eq!(text, expected);
    }
}
