//! Refusals of the OSS service and how they are written down: error codes, messages and finer error numbers (`EC`).
//! Knows the XML error document and its base64 form for HEAD, nothing about operations.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use quick_xml::escape::escape;

use crate::http::{Call, Reply};

/// A refused OSS request: everything the error document says except what comes from the call itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    status: StatusCode,
    code: String,
    message: String,
    ec: Option<&'static str>,
    details: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
}

impl Error {
    /// A refusal with this HTTP status, code and message.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Error {
        Error {
            status,
            code: code.to_owned(),
            message: message.into(),
            ec: None,
            details: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Adds the finer error number, which is also sent as `x-oss-ec`.
    pub fn ec(mut self, ec: &'static str) -> Error {
        self.ec = Some(ec);
        self
    }

    /// Adds a child element that only this kind of error has.
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Error {
        self.details.push((name, value.into()));
        self
    }

    /// Adds a response header that only this kind of error has.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Error {
        self.headers.push((name, value.into()));
        self
    }

    /// The error code, for callers that decide on it.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The finer error number, when the error has one.
    pub fn number(&self) -> Option<&'static str> {
        self.ec
    }

    /// A value that an argument may not have (OSS API reference, "Error responses": InvalidArgument).
    pub fn argument(name: &str, value: &str, message: impl Into<String>) -> Error {
        Error::new(StatusCode::BAD_REQUEST, "InvalidArgument", message)
            .detail("ArgumentName", name)
            .detail("ArgumentValue", value)
    }

    /// A body that is not the document the operation expects (OSS API reference, MalformedXML).
    pub fn malformed(detail: &str) -> Error {
        let error = Error::new(
            StatusCode::BAD_REQUEST,
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema.",
        )
        .ec("0015-00000231");
        if detail.is_empty() { error } else { error.detail("ErrorDetail", detail) }
    }

    /// The bucket is not there (OSS API reference, NoSuchBucket).
    pub fn no_such_bucket(bucket: &str) -> Error {
        Error::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist.")
            .ec("0015-00000101")
            .detail("BucketName", bucket)
    }

    /// The bucket belongs to another account (OSS API reference, AccessDenied).
    pub fn foreign(bucket: &str) -> Error {
        Error::new(StatusCode::FORBIDDEN, "AccessDenied", "The bucket you access does not belong to you.")
            .ec("0003-00000905")
            .detail("BucketName", bucket)
    }

    /// A refusal because of access rules other than ownership.
    pub fn denied(message: &str) -> Error {
        Error::new(StatusCode::FORBIDDEN, "AccessDenied", message)
    }

    /// A sub-resource or header that this service does not have (OSS API reference, NotImplemented).
    pub fn not_implemented(what: &str) -> Error {
        Error::new(
            StatusCode::BAD_REQUEST,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented.",
        )
        .detail("Header", what)
    }

    /// The resource exists but not with this method (OSS API reference, MethodNotAllowed).
    pub fn method_not_allowed() -> Error {
        Error::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        )
    }

    /// A failure of the mock itself, never of the caller.
    pub fn internal(message: &str) -> Error {
        Error::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", message)
    }

    /// The answer that carries this refusal; HEAD gets the document base64-encoded in `x-oss-err`.
    pub fn reply(&self, call: &Call) -> Reply {
        let document = self.document(call);
        let mut reply = if call.method == Method::HEAD {
            Reply::empty(self.status).with_header("x-oss-err", &STANDARD.encode(&document))
        } else if self.status == StatusCode::NOT_MODIFIED {
            // HTTP allows no body here.
            Reply::empty(self.status)
        } else {
            Reply::xml(self.status, document)
        };
        if let Some(ec) = self.ec {
            reply = reply.with_header("x-oss-ec", ec);
        }
        for (name, value) in &self.headers {
            reply = reply.with_header(name, value);
        }
        reply.with_error(&self.code)
    }

    fn document(&self, call: &Call) -> String {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n");
        let mut put = |name: &str, value: &str| {
            text.push_str(&format!("  <{name}>{}</{name}>\n", escape(value)));
        };
        put("Code", &self.code);
        put("Message", &self.message);
        put("RequestId", &call.request_id);
        put("HostId", &call.host);
        for (name, value) in &self.details {
            put(name, value);
        }
        if let Some(ec) = self.ec {
            put("EC", ec);
            put("RecommendDoc", &format!("https://api.aliyun.com/troubleshoot?q={ec}"));
        }
        text.push_str("</Error>\n");
        text
    }
}
