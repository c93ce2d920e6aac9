//! Shards, and whether they hold logs.
//!
//! A cursor is a position in the logs of a shard. Where the first log and the place after the last one are the same
//! position, the shard is empty. That needs no index, unlike a search (SLS API reference, GetCursor).

use http::Method;
use serde::Deserialize;

use super::{Call, Sls, logstore_path};
use crate::endpoint::Service;
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

impl Sls {
    /// The shards of a logstore.
    pub async fn list_shards(&self, project: &str, logstore: &str) -> Result<Vec<Shard>, Error> {
        let path = format!("{}/shards", logstore_path(logstore)?);
        self.read(Call::new("ListShards", Method::GET, Some(project), &path)).await
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
        let found: Cursor = self.read(call.query("type", "cursor").query("from", from)).await?;
        if found.cursor.is_empty() {
            return Err(senseless("GetCursor", "the cursor is empty"));
        }
        Ok(found.cursor)
    }

    /// Whether a logstore holds logs: one call for its shards, and two for each until one is found that holds some.
    ///
    /// # Errors
    /// Those of the calls, and an answer without shards: every logstore has one.
    pub async fn holds_logs(&self, project: &str, logstore: &str) -> Result<bool, Error> {
        let shards = self.list_shards(project, logstore).await?;
        if shards.is_empty() {
            return Err(senseless("ListShards", "there is no shard"));
        }
        for shard in shards {
            let cursor = |position| self.get_cursor(project, logstore, shard.id, position);
            let (begin, end) = tokio::try_join!(cursor(Position::Begin), cursor(Position::End))?;
            if begin != end {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn senseless(action: &'static str, detail: &str) -> Error {
    Error::Decode { service: Service::Sls, action, detail: detail.to_owned(), request_id: None }
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
