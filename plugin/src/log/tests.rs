use serde_json::json;

use super::*;

fn line_of(fields: Value) -> Map<String, Value> {
    let Value::Object(fields) = fields else { panic!("{fields}") };
    let text = line(&Level::INFO, "provider::database", "2025-01-02T03:04:05.123456Z".to_owned(), fields);
    assert!(text.ends_with('\n') && text.matches('\n').count() == 1, "one record, one line: {text}");
    assert!(text.len() <= LINE_LIMIT, "{}", text.len());
    serde_json::from_str(&text).unwrap()
}

#[test]
fn nearest_variable_decides_the_level() {
    let level = |set: &[(&str, &str)]| {
        level("terraform-provider-my-thing", |name| {
            set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(level(&[]), LevelFilter::OFF);
    assert_eq!(level(&[("TF_LOG", "")]), LevelFilter::OFF);
    assert_eq!(level(&[("TF_LOG", "info")]), LevelFilter::INFO);
    assert_eq!(level(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "WARN")]), LevelFilter::WARN);
    assert_eq!(level(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER_MY_THING", "OFF")]), LevelFilter::OFF);
    assert_eq!(level(&[("TF_LOG", "JSON")]), LevelFilter::TRACE);
    assert_eq!(level(&[("TF_LOG_CORE", "TRACE")]), LevelFilter::OFF);
}

#[test]
fn must_know_8_message_and_level_are_always_text() {
    for message in [json!(7), json!(null), json!({ "a": 1 }), json!("text")] {
        let record = line_of(json!({ "@message": message, "n": 1 }));
        assert!(record["@message"].is_string() && record["@level"] == "info", "{record:?}");
    }
    assert_eq!(line_of(json!({}))["@message"], "");
}

#[test]
fn timestamp_has_six_fraction_digits_and_a_zone() {
    let at = time::macros::datetime!(2025-01-02 03:04:05.000007 UTC);
    assert_eq!(at.format(TIMESTAMP).unwrap(), "2025-01-02T03:04:05.000007Z");
}

#[test]
fn long_values_are_cut_so_that_the_line_is_read_as_one() {
    let record = line_of(json!({ "@message": "ü".repeat(100_000), "short": "kept" }));
    assert!(record["@message"].as_str().unwrap().ends_with("more bytes)"));
    assert_eq!(record["short"], "kept");
    // Every control character takes six bytes.
    line_of(json!({ "@message": "\u{1}".repeat(100_000), "b": "\u{2}".repeat(100_000) }));
    // Too many fields rather than too long ones.
    let many: Map<String, Value> = (0..20_000).map(|n| (format!("field-{n}"), json!("value"))).collect();
    let mut many = Value::Object(many);
    many["@message"] = json!("the text");
    assert_eq!(line_of(many)["@message"], "the text");
}

#[test]
fn strangers_are_heard_only_when_something_is_wrong() {
    use std::sync::{Arc, Mutex};
    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<String>>>);
    impl<S: Subscriber> Layer<S> for Seen {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let metadata = event.metadata();
            self.0.lock().unwrap().push(format!("{} {}", metadata.target(), metadata.level()));
        }
    }
    let seen = Seen::default();
    // The filter of a layer counts for all others, too.
    let lines = Lines { level: LevelFilter::DEBUG, crates: &["ours"] };
    tracing::subscriber::with_default(Registry::default().with(seen.clone()).with(lines), || {
        tracing::trace!(target: "ours::inside", "too detailed");
        tracing::debug!(target: "ours::inside", "wanted");
        tracing::debug!("from this crate");
        tracing::info!(target: "ours_not", "a stranger");
        tracing::warn!(target: "h2", "a stranger in trouble");
    });
    let expected = ["ours::inside DEBUG", concat!(module_path!(), " DEBUG"), "h2 WARN"];
    assert_eq!(*seen.0.lock().unwrap(), expected);
}
