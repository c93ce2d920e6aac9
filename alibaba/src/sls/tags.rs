//! Tags of projects and of what is in them.

use std::collections::BTreeMap;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Call, Sls};
use crate::core::answer::{Answer, Unexpected, listed};
use crate::core::lenient;
use crate::endpoint::Service;
use crate::error::Error;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagPage {
    #[serde(default, deserialize_with = "lenient::text")]
    next_token: String,
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    tag_resources: Option<Vec<TagResource>>,
}

impl Answer for TagPage {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        listed("tagResources", self.tag_resources.as_ref(), "tagResources.tagKey", |tag| &tag.tag_key)?;
        let mut tagged = self.tag_resources.iter().flatten().map(|tag| tag.resource_id.as_str());
        let others = tagged.any(|id| !id.is_empty() && id != asked);
        if others { Err(Unexpected::Another("tagResources.resourceId")) } else { Ok(()) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagResource {
    #[serde(default, deserialize_with = "lenient::text")]
    resource_id: String,
    tag_key: String,
    #[serde(default, deserialize_with = "lenient::text")]
    tag_value: String,
}

const LIST: &str = "ListTagResources";

/// How many tags one call may set.
const MOST: usize = 20;

impl Sls {
    /// The tags of a project, the vendor's own (`acs:…`, `aliyun…`) among them.
    pub async fn list_tags(&self, project: &str) -> Result<BTreeMap<String, String>, Error> {
        let mut tags = BTreeMap::new();
        let mut token = String::new();
        loop {
            let call = Call::new(LIST, Method::GET, Some(project), "/tags")
                .query("resourceType", "project")
                .query("resourceId", json!([project]))
                .query("tags", "[]")
                .query("nextToken", &token);
            let page: TagPage = self.read(call, project).await?;
            tags.extend(
                page.tag_resources.unwrap_or_default().into_iter().map(|tag| (tag.tag_key, tag.tag_value)),
            );
            if page.next_token.is_empty() {
                return Ok(tags);
            }
            if page.next_token == token {
                return Err(Error::UnexpectedAnswer {
                    service: Service::Sls,
                    action: LIST,
                    detail: "its member nextToken leads to no further page".to_owned(),
                    request_id: None,
                });
            }
            token = page.next_token;
        }
    }

    /// Sets tags of a project, leaving its others as they are.
    pub async fn tag_project(&self, project: &str, tags: &BTreeMap<String, String>) -> Result<(), Error> {
        let pairs: Vec<Value> =
            tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        self.in_batches("TagResources", "/tag", project, &pairs).await
    }

    /// Removes tags of a project by their keys.
    pub async fn untag_project(&self, project: &str, keys: &[String]) -> Result<(), Error> {
        let keys: Vec<Value> = keys.iter().map(|key| json!(key)).collect();
        self.in_batches("UntagResources", "/untag", project, &keys).await
    }

    /// The service refuses an empty list and one that is too long.
    async fn in_batches(
        &self,
        action: &'static str,
        path: &str,
        project: &str,
        tags: &[Value],
    ) -> Result<(), Error> {
        for batch in tags.chunks(MOST) {
            let body = json!({ "resourceType": "project", "resourceId": [project], "tags": batch });
            let call = Call::new(action, Method::POST, Some(project), path).json(&body)?;
            self.write(&format!("project/{project}"), call).await?;
        }
        Ok(())
    }
}
