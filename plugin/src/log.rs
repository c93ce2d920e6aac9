//! Log records in the form that Terraform understands: one JSON object per line on standard error.
//!
//! Everybody else in the process uses `tracing` and knows nothing of this. Without one of the `TF_LOG` variables no
//! subscriber is set and a record costs one comparison.
//!
//! Terraform is picky: it crashes when the message or the level is not a string, misreads timestamps with other than
//! six fraction digits, and passes on lines beyond 64 KiB in pieces. All three are taken care of here.

use std::{
    fmt::{self, Debug, Display},
    io::Write as _,
};

use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
    subscriber::Interest,
};
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};

use crate::serve::Plugin;

/// Longest line written, well under what Terraform reads at once.
const LINE_LIMIT: usize = 60_000;

/// Longest value at first try; halved until the line fits.
const VALUE_LIMIT: usize = 16_384;

const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// Starts to log if the environment wants it. Further calls change nothing.
pub(crate) fn init(plugin: &Plugin) {
    let level = level(plugin.name, |name| std::env::var(name).ok());
    if level != LevelFilter::OFF {
        let lines = Lines { level, crates: plugin.crates };
        // Fails only when there is a subscriber already.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(lines));
    }
}

/// Writes one piece of text to standard error.
///
/// Not `eprintln!`, which panics when nobody reads: the process outlives a killed Terraform by some moments.
pub(crate) fn to_stderr(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Tells about something that went wrong, whether logging is on or not: Terraform files the line under errors.
pub(crate) fn complain(name: &str, error: &dyn Display) {
    to_stderr(&format!("[ERROR] {name}: {error}\n"));
}

/// The level wanted: the variable for this provider, else the one for all providers, else the one for everything.
fn level(plugin: &str, get: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let kind = plugin.strip_prefix("terraform-provider-").unwrap_or(plugin);
    let own = format!("TF_LOG_PROVIDER_{}", kind.to_uppercase().replace('-', "_"));
    let names = [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"];
    let Some(wanted) = names.iter().find_map(|name| get(name).filter(|value| !value.is_empty())) else {
        return LevelFilter::OFF;
    };
    match wanted.to_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        // TRACE, JSON, and what Terraform does with words it does not know.
        _ => LevelFilter::TRACE,
    }
}

/// Writes every record it sees as a line.
struct Lines {
    level: LevelFilter,
    crates: &'static [&'static str],
}

impl Lines {
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let origin = metadata.target().split("::").next().unwrap_or_default();
        let limit = if origin == env!("CARGO_CRATE_NAME") || self.crates.contains(&origin) {
            self.level
        } else {
            LevelFilter::WARN
        };
        *metadata.level() <= limit.min(self.level)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wants(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        // From the outermost span inwards: the nearer word counts.
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.0.extend(outer.0.clone());
            }
        }
        // A span has no message of its own to give.
        fields.0.remove(MESSAGE);
        event.record(&mut fields);
        let now = OffsetDateTime::now_utc().format(TIMESTAMP).unwrap_or_default();
        to_stderr(&line(event.metadata().level(), event.metadata().target(), now, fields.0));
    }
}

/// The key of the text itself.
const MESSAGE: &str = "@message";

/// Fields of a record or a span, by the name they have in the line.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn set(&mut self, field: &Field, value: Value) {
        let name = match field.name() {
            "message" => MESSAGE.to_owned(),
            // Names with @ have a meaning to Terraform, and it insists on their type.
            name => name.trim_start_matches('@').to_owned(),
        };
        self.0.insert(name, value);
    }
}

/// Largest integer that Terraform, reading numbers as floating point, keeps exact.
const EXACT: u64 = 1 << 53;

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        let exact = value.unsigned_abs() <= EXACT;
        self.set(field, if exact { value.into() } else { value.to_string().into() });
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, if value <= EXACT { value.into() } else { value.to_string().into() });
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        let number = serde_json::Number::from_f64(value);
        self.set(field, number.map_or_else(|| value.to_string().into(), Value::Number));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.set(field, value.to_string().into());
    }
}

/// A whole line, its end included and short enough to be read as one.
fn line(level: &Level, module: &str, now: String, fields: Map<String, Value>) -> String {
    let level = match *level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    };
    let mut record = fields;
    let message = match record.remove(MESSAGE) {
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
        None => String::new(),
    };
    record.insert("@level".to_owned(), level.into());
    record.insert(MESSAGE.to_owned(), message.into());
    record.insert("@module".to_owned(), module.into());
    record.insert("@timestamp".to_owned(), now.into());
    let mut limit = VALUE_LIMIT;
    loop {
        let mut text = Value::Object(record.clone()).to_string();
        if text.len() < LINE_LIMIT {
            text.push('\n');
            return text;
        }
        if limit < 64 {
            // Not the values but their number is to blame.
            record.retain(|name, _| name.starts_with('@'));
        }
        record.values_mut().for_each(|value| cut(value, limit));
        limit /= 2;
    }
}

/// Shortens a text to at most `limit` bytes and says so.
fn cut(value: &mut Value, limit: usize) {
    if let Value::String(text) = value
        && text.len() > limit
    {
        let end = text.floor_char_boundary(limit);
        let more = text.len() - end;
        text.truncate(end);
        let _ = fmt::Write::write_fmt(text, format_args!("… ({more} more bytes)"));
    }
}

#[cfg(test)]
mod tests;
