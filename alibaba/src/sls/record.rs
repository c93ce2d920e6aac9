//! Records: rows of an account's tables, among them those that say whom alerts notify.
//!
//! The tables belong to the account and not to a project; one region keeps them for all.

use http::Method;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sls, safe};
use crate::core::answer::{Answer, Unexpected, listed, named, names};
use crate::core::lenient;
use crate::error::Error;

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Id, unique in the table.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// Name for people.
    #[serde(deserialize_with = "lenient::text")]
    pub tag: String,
    /// Content as JSON text, which the service keeps as it is sent.
    #[serde(deserialize_with = "lenient::text")]
    pub value: String,
}

#[derive(Deserialize)]
struct RecordPage {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    items: Option<Vec<Record>>,
}

impl Answer for Record {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("id", &self.id, asked)?;
        named("value", &self.value)
    }
}

impl Answer for RecordPage {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        listed("items", self.items.as_ref(), "items.id", |record| &record.id)?;
        let known = |record: &Record| asked.split(',').any(|id| id == record.id);
        if self.items.iter().flatten().all(known) { Ok(()) } else { Err(Unexpected::Another("items.id")) }
    }
}

/// How many records one call may name.
const MOST: usize = 200;

fn object(table: &str, id: &str) -> String {
    format!("record/{table}/{id}")
}

fn path(table: &str) -> Result<String, Error> {
    Ok(format!("/resources/{}/records", safe("name of a table", table)?))
}

fn path_of(table: &str, id: &str) -> Result<String, Error> {
    Ok(format!("{}/{}", path(table)?, safe("record id", id)?))
}

impl Sls {
    /// Adds a record.
    ///
    /// Must not happen twice: [`Error::LostAnswer`] means that the record may be there.
    pub async fn create_record(&self, table: &str, record: &Record) -> Result<(), Error> {
        let call =
            Call::new("CreateResourceRecord", Method::POST, None, &path(table)?).once().json(record)?;
        self.write(&object(table, &record.id), call).await
    }

    /// A record; none if there is none.
    pub async fn get_record(&self, table: &str, id: &str) -> Result<Option<Record>, Error> {
        let call = Call::new("GetResourceRecord", Method::GET, None, &path_of(table, id)?);
        match self.read(call, id).await {
            Err(error) if error.is_code("ResourceRecordNotExist") || error.is_code("ResourceNotExist") => {
                Ok(None)
            }
            answer => answer.map(Some),
        }
    }

    /// Replaces name and content of a record.
    pub async fn update_record(&self, table: &str, record: &Record) -> Result<(), Error> {
        let path = path_of(table, &record.id)?;
        let call = Call::new("UpdateResourceRecord", Method::PUT, None, &path).json(record)?;
        self.write(&object(table, &record.id), call).await
    }

    /// Deletes a record.
    pub async fn delete_record(&self, table: &str, id: &str) -> Result<(), Error> {
        let call = Call::new("DeleteResourceRecord", Method::DELETE, None, &path(table)?);
        self.write(&object(table, id), call.query("ids", safe("record id", id)?)).await
    }

    /// Those of these records that are there.
    pub async fn list_records(&self, table: &str, ids: &[&str]) -> Result<Vec<Record>, Error> {
        let mut records = Vec::new();
        for ids in ids.chunks(MOST) {
            let call = Call::new("ListResourceRecord", Method::GET, None, &path(table)?)
                .query("ids", ids.join(","))
                .query("size", MOST);
            let page: RecordPage = self.read(call, &ids.join(",")).await?;
            records.extend(page.items.unwrap_or_default());
        }
        Ok(records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_written_and_read_with_its_content_as_text() {
        let text = r#"{"id":"alex","tag":"Alex","value":"{\"user_id\": \"alex\"}"}"#;
        let record: Record = serde_json::from_str(text).unwrap();
        assert_eq!(record.value, r#"{"user_id": "alex"}"#);
        assert_eq!(serde_json::to_string(&record).unwrap(), text);
        let read: Record =
            serde_json::from_str(r#"{"id":"a","tag":null,"value":"{}","createTime":1,"new":{}}"#).unwrap();
        assert_eq!((read.id.as_str(), read.tag.as_str()), ("a", ""));
    }

    #[test]
    fn an_id_cannot_lead_elsewhere() {
        assert_eq!(
            path_of("sls.common.user", "sec-team_1.a").unwrap(),
            "/resources/sls.common.user/records/sec-team_1.a"
        );
        for id in ["", "a/b", "..", ".", "a?b", "a,b", "警"] {
            let error = path_of("sls.common.user", id).unwrap_err().to_string();
            assert!(error.contains("not a valid record id"), "{id}: {error}");
        }
    }
}
