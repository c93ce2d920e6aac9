//! Shards, and whether they hold logs.
//!
//! A cursor is a position in the logs of a shard. Where the first log and the place after the last one are the same
//! position, the shard is empty. That needs no index, unlike a search (SLS API reference, GetCursor).

use http::Method;
use serde::Deserialize;

use super::call::{Call, Sls, logstore_path};
use crate::core::answer::{Answer, Unexpected, named};
use crate::error::Error;

/// A shard. Members that it cannot do without are required: an answer that lacks them says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shard {
    /// The number, unique in the logstore.
    #[serde(rename = "shardID")]
    pub id: i64,
    /// `readwrite`, or `readonly` after it was split or merged; a shard that is read-only still holds its logs.
    pub status: String,
}

/// A position in a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The first log that is kept.
    Begin,
    /// The place of the next log to be written.
    End,
}

#[derive(Deserialize)]
struct Cursor {
    cursor: String,
}

/// A list, unlike every other answer. Every logstore has a shard.
impl Answer for Vec<Shard> {
    const BEGINS: u8 = b'[';

    fn check(&self, _: &str) -> Result<(), Unexpected> {
        self.first().map(drop).ok_or(Unexpected::Missing("shardID"))
    }
}

impl Answer for Cursor {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        named("cursor", &self.cursor)
    }
}

impl Sls {
    /// The shards of a logstore.
    pub async fn list_shards(&self, project: &str, logstore: &str) -> Result<Vec<Shard>, Error> {
        let path = format!("{}/shards", logstore_path(logstore)?);
        self.read(Call::new("ListShards", Method::GET, Some(project), &path), logstore).await
    }

    /// The cursor of a position in a shard.
    pub async fn get_cursor(
        &self,
        project: &str,
        logstore: &str,
        shard: i64,
        position: Position,
    ) -> Result<String, Error> {
        let path = format!("{}/shards/{shard}", logstore_path(logstore)?);
        let from = match position {
            Position::Begin => "begin",
            Position::End => "end",
        };
        let call = Call::new("GetCursor", Method::GET, Some(project), &path);
        let found: Cursor = self.read(call.query("type", "cursor").query("from", from), "").await?;
        Ok(found.cursor)
    }

    /// Whether a logstore holds logs: one call for its shards, and two for each until one is found that holds some.
    ///
    /// # Errors
    /// Those of the calls, and an answer without shards: every logstore has one.
    pub async fn holds_logs(&self, project: &str, logstore: &str) -> Result<bool, Error> {
        for shard in self.list_shards(project, logstore).await? {
            let cursor = |position| self.get_cursor(project, logstore, shard.id, position);
            let (begin, end) = tokio::try_join!(cursor(Position::Begin), cursor(Position::End))?;
            if begin != end {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_lacks_a_member_is_no_shard_and_no_cursor() {
        let shards = r#"[{"shardID":0,"status":"readonly","inclusiveBeginKey":"00","exclusiveEndKey":"ff","createTime":1}]"#;
        let shards: Vec<Shard> = serde_json::from_str(shards).unwrap();
        assert_eq!(shards, [Shard { id: 0, status: "readonly".into() }]);
        for wrong in ["{}", "[{}]", r#"[{"shardID":0}]"#] {
            assert!(serde_json::from_str::<Vec<Shard>>(wrong).is_err(), "{wrong}");
        }
        for wrong in ["{}", "[]", r#"{"cursor":null}"#] {
            assert!(serde_json::from_str::<Cursor>(wrong).is_err(), "{wrong}");
        }
    }
}
