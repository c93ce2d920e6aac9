//! What all RPC services share: parameters by name, the answer's envelope in JSON or XML, and errors.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::http::{Call, Reply};

/// An error of an RPC service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// `AccessDeniedDetail` of a refusal by policy.
    pub(crate) denial: Option<Box<Value>>,
}

impl Error {
    pub(crate) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), denial: None }
    }

    /// The gateway's error for a mandatory parameter that is not there.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new(400, format!("Missing{name}"), format!("{name} is mandatory for this action."))
    }
}

/// The error for an action that the service, or this mock of it, does not have.
pub(crate) fn unknown_action() -> Error {
    let message = "Specified api is not found, please check your url and method.";
    Error::new(404, "InvalidAction.NotFound", message)
}

/// What an action gives back: its fields, without the request id.
pub(crate) type Outcome = Result<Value, Error>;

/// Whether the answer is to be XML: the older signature's default, unless `Format` says otherwise.
pub(crate) fn wants_xml(format: Option<&str>, authorization: Option<&str>) -> bool {
    match format {
        Some(format) => !format.eq_ignore_ascii_case("json"),
        None => !authorization.is_some_and(|scheme| scheme.starts_with("ACS3-")),
    }
}

/// Wraps the outcome of an action into its envelope.
pub(crate) fn reply(call: &Call, outcome: Outcome) -> Reply {
    let xml = wants_xml(call.param("Format"), call.header("authorization"));
    match outcome {
        Ok(fields) => {
            let mut answer = Map::new();
            answer.insert("RequestId".to_owned(), Value::from(call.request_id.as_str()));
            if let Value::Object(fields) = fields {
                answer.extend(fields);
            }
            if xml {
                let mut text = XML.to_owned();
                element(&mut text, &format!("{}Response", call.action), &Value::Object(answer));
                Reply::new(StatusCode::OK, "text/xml;charset=utf-8", text)
            } else {
                Reply::new(
                    StatusCode::OK,
                    "application/json;charset=utf-8",
                    Value::Object(answer).to_string(),
                )
            }
        }
        Err(error) => error_reply(&error, xml, &call.host, &call.request_id),
    }
}

/// An error's envelope.
pub(crate) fn error_reply(error: &Error, xml: bool, host: &str, request_id: &str) -> Reply {
    let mut answer = serde_json::json!({
        "RequestId": request_id,
        "HostId": host,
        "Code": error.code,
        "Message": error.message,
        "Recommend": format!("https://api.aliyun.com/troubleshoot?q={}", error.code),
    });
    if let Some(denial) = &error.denial {
        answer["AccessDeniedDetail"] = Value::clone(denial);
    }
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reply = if xml {
        let mut text = XML.to_owned();
        element(&mut text, "Error", &answer);
        Reply::new(status, "text/xml;charset=utf-8", text)
    } else {
        Reply::new(status, "application/json;charset=utf-8", answer.to_string())
    };
    reply.with_error(&error.code)
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// Writes a value as an element: objects nest, lists repeat the element.
pub(crate) fn element(out: &mut String, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        items.iter().for_each(|item| element(out, name, item));
        return;
    }
    out.push_str(&format!("<{name}>"));
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| element(out, name, field)),
        Value::String(text) => out.push_str(&quick_xml::escape::escape(text.as_str())),
        Value::Null | Value::Array(_) => {}
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
    }
    out.push_str(&format!("</{name}>"));
}

/// A text parameter; `None` when it is missing or empty.
pub(crate) fn text<'c>(call: &'c Call, name: &str) -> Option<&'c str> {
    call.param(name).filter(|value| !value.is_empty())
}

/// A text parameter that must be there.
pub(crate) fn required<'c>(call: &'c Call, name: &str) -> Result<&'c str, Error> {
    text(call, name).ok_or_else(|| Error::missing(name))
}

/// A boolean parameter in any case; `false` when missing or empty.
pub(crate) fn flag(call: &Call, name: &str, code: &str) -> Result<bool, Error> {
    match text(call, name) {
        None => Ok(false),
        Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
        Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
        Some(_) => Err(Error::new(400, code, format!("{name} must be true or false."))),
    }
}

/// A time as RPC services write it.
pub(crate) fn timestamp(time: time::OffsetDateTime) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    time.format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use super::*;

    fn text_of(reply: &Reply) -> &str {
        std::str::from_utf8(&reply.body).unwrap()
    }

    #[test]
    fn answers_in_the_format_that_was_asked_for() {
        let mut call = Call::test("1000000000000001", Method::GET, "/?Format=json");
        call.action = "DescribeThings".to_owned();
        let fields = json!({ "Things": { "Thing": [{ "Name": "a<b" }, { "Name": "c" }] }, "On": true });
        let answer: Value = serde_json::from_slice(&reply(&call, Ok(fields.clone())).body).unwrap();
        assert_eq!(answer["RequestId"], call.request_id);
        assert_eq!(answer["Things"]["Thing"][1]["Name"], "c");
        call.query.clear();
        let answer = reply(&call, Ok(fields));
        assert!(
            text_of(&answer)
                .contains("<Things><Thing><Name>a&lt;b</Name></Thing><Thing><Name>c</Name></Thing></Things>")
        );
        assert!(text_of(&answer).contains("<DescribeThingsResponse>"));
        let refused = reply(&call, Err(Error::missing("Name")));
        assert_eq!((refused.status.as_u16(), refused.error.as_deref()), (400, Some("MissingName")));
        assert!(text_of(&refused).contains("<Error>"));
    }

    #[test]
    fn reads_flags_in_any_case() {
        let call = Call::test("1000000000000001", Method::GET, "/?A=True&B=false&C=maybe&D=");
        assert_eq!(flag(&call, "A", "X"), Ok(true));
        assert_eq!(flag(&call, "B", "X"), Ok(false));
        assert_eq!(flag(&call, "D", "X"), Ok(false));
        assert_eq!(flag(&call, "C", "X").unwrap_err().code, "X");
    }
}
