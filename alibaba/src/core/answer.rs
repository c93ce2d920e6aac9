//! Reading good answers: JSON and XML, from bytes to what the call promises.
//!
//! An answer counts only if it has the members that make it one and is about the object that was asked for. A document of
//! something in between, or the answer to another call, is [`Error::UnexpectedAnswer`] and never "there is none".

use std::io::{BufReader, Read};

use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::core::request::{Idempotency, Response};
use crate::core::scope::Scope;
use crate::error::Error;
use crate::xml::{Element, XmlError};

/// Answers up to this many bytes are parsed on the spot; that takes less than handing them to another thread.
const SMALL: usize = 64 * 1024;

/// Why an answer is none to the call. The names are those of the API, never text of the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unexpected {
    /// A member without which it is no answer.
    #[error("it has no member {0}")]
    Missing(&'static str),
    /// The member that says what the answer is about names something else.
    #[error("its member {0} is not the one that was asked for")]
    Another(&'static str),
    /// A member that holds a document of its own, which cannot be read.
    #[error("its member {0} cannot be parsed")]
    Unreadable(&'static str),
}

/// An answer in JSON, which can tell whether it is the one to a call.
pub(crate) trait Answer: DeserializeOwned + Send + 'static {
    /// The byte that it begins with: that of an object, but for very few.
    const BEGINS: u8 = b'{';

    /// Checks for the members that make it an answer, and that it is about `asked`, the name or id in the request (empty
    /// in lists).
    fn check(&self, asked: &str) -> Result<(), Unexpected>;
}

/// Of a write that says nothing but that it is done.
impl Answer for IgnoredAny {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        Ok(())
    }
}

/// Checks a member that names the object.
pub(crate) fn names(member: &'static str, found: &str, asked: &str) -> Result<(), Unexpected> {
    named(member, found)?;
    if found == asked { Ok(()) } else { Err(Unexpected::Another(member)) }
}

/// Checks a text that has to be there.
pub(crate) fn named(member: &'static str, found: &str) -> Result<(), Unexpected> {
    if found.is_empty() { Err(Unexpected::Missing(member)) } else { Ok(()) }
}

/// Checks a member that has to be there, if only as an empty list.
pub(crate) fn there<T>(member: &'static str, found: Option<&T>) -> Result<(), Unexpected> {
    found.map(drop).ok_or(Unexpected::Missing(member))
}

/// Checks a list whose elements have names.
pub(crate) fn listed<T>(
    list: &'static str,
    found: Option<&Vec<T>>,
    member: &'static str,
    name: impl Fn(&T) -> &str,
) -> Result<(), Unexpected> {
    there(list, found)?;
    found.into_iter().flatten().try_for_each(|element| named(member, name(element)))
}

/// Whether a page is the last one, which has `got` of the `asked` elements that a page may have and makes them `all`. The
/// total, where it is said, decides: the service may give smaller pages than were asked for.
pub(crate) fn is_last(got: usize, asked: usize, all: usize, total: Option<i64>) -> bool {
    match total.and_then(|total| usize::try_from(total).ok()) {
        Some(total) => got == 0 || all >= total,
        None => got < asked,
    }
}

/// Reads an answer in JSON about `asked`. Ends with the scope, also in the middle of it.
pub(crate) async fn json<T: Answer>(scope: &Scope, answer: Response, asked: &str) -> Result<T, Error> {
    let (asked, origin) = (asked.to_owned(), Origin::of(&answer));
    parse(scope, answer, move |answer, stop| {
        // A list would be read as an object too, member by member.
        if answer.body.trim_ascii_start().first() != Some(&T::BEGINS) {
            return Err(origin.unexpected("it is not the expected JSON"));
        }
        let read: T = read_json(&answer.body, stop, &origin)?;
        read.check(&asked).map_err(|unexpected| origin.unexpected(unexpected))?;
        Ok(read)
    })
    .await
}

/// Reads an answer in XML, whose root is called `root`. Ends with the scope, also in the middle of it.
pub(crate) async fn xml<T: Send + 'static>(
    scope: &Scope,
    answer: Response,
    root: &'static str,
    decode: impl FnOnce(&Element) -> Result<T, XmlError> + Send + 'static,
) -> Result<T, Error> {
    let origin = Origin::of(&answer);
    parse(scope, answer, move |answer, stop| {
        let document = Element::parse_unless(&answer.body, || stop.is_due());
        let Some(document) = document.transpose() else { return Err(stop.error(&origin)) };
        let document = document.map_err(|error| origin.unexpected(error))?;
        if document.name != root {
            return Err(origin.unexpected(format!("it is not the element {root}")));
        }
        decode(&document).map_err(|error| origin.unexpected(error))
    })
    .await
}

/// Where an answer came from, for errors about it.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    service: crate::endpoint::Service,
    action: &'static str,
    idempotency: Idempotency,
    request_id: Option<String>,
}

impl Origin {
    pub(crate) fn of(answer: &Response) -> Self {
        let Response { service, action, idempotency, request_id, .. } = answer;
        Self { service: *service, action, idempotency: *idempotency, request_id: request_id.clone() }
    }

    /// The error of an answer that is none. The detail holds no text of the answer.
    pub(crate) fn unexpected(&self, detail: impl ToString) -> Error {
        Error::UnexpectedAnswer {
            service: self.service,
            action: self.action,
            detail: detail.to_string(),
            request_id: self.request_id.clone(),
        }
    }
}

/// When to stop parsing.
struct Stop {
    cancel: CancellationToken,
    deadline: Option<Instant>,
}

impl Stop {
    fn is_due(&self) -> bool {
        self.cancel.is_cancelled() || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn error(&self, origin: &Origin) -> Error {
        let (service, action, sent) =
            (origin.service, origin.action, origin.idempotency != Idempotency::Read);
        if self.cancel.is_cancelled() {
            Error::Cancelled { service, action, sent }
        } else {
            Error::DeadlineExceeded { service, action, sent, last: None }
        }
    }
}

/// Parses: a long answer on a thread of its own, so that it holds up nobody else, and only as long as anybody waits for it.
async fn parse<T: Send + 'static>(
    scope: &Scope,
    answer: Response,
    parse: impl FnOnce(&Response, &Stop) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let stop = Stop { cancel: scope.cancel.child_token(), deadline: scope.deadline };
    if answer.body.len() <= SMALL {
        return parse(&answer, &stop);
    }
    // Whoever gives up waiting drops this future, and with it the guard.
    let _guard = stop.cancel.clone().drop_guard();
    let parsed = tokio::task::spawn_blocking(move || parse(&answer, &stop)).await;
    parsed.unwrap_or_else(|error| Err(Error::Internal(format!("reading an answer failed: {error}"))))
}

fn read_json<T: DeserializeOwned>(body: &[u8], stop: &Stop, origin: &Origin) -> Result<T, Error> {
    let read = if body.len() <= SMALL {
        serde_json::from_slice(body)
    } else {
        serde_json::from_reader(BufReader::with_capacity(SMALL, Stoppable { rest: body, stop }))
    };
    read.map_err(|error| if error.is_io() { stop.error(origin) } else { origin.unexpected(describe(&error)) })
}

/// What is wrong with JSON. The parser's own message may quote a value; of those that name a member, which are ours, the
/// name is told, of others the kind and the place.
fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    match missing {
        Some((member, _)) => format!("it has no member {member}"),
        None => format!(
            "it cannot be parsed ({:?} error at line {}, column {})",
            error.classify(),
            error.line(),
            error.column()
        ),
    }
}

/// Bytes that end in an error when it is time to stop.
struct Stoppable<'b> {
    rest: &'b [u8],
    stop: &'b Stop,
}

impl Read for Stoppable<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.stop.is_due() {
            return Err(std::io::Error::other("stopped"));
        }
        self.rest.read(into)
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
