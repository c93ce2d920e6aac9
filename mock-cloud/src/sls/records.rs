//! Resources and their records: named tables of an account, among them the notification objects of alerting (users,
//! groups, webhooks, policies, templates). What a record's value means is not looked at, nor are policy scripts run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::Error;
use super::request::{Answer, Request, answer, done};
use super::state::State;
use super::switches;

/// The region that holds notification objects (SLS SDK tests use it; see the switch `sls_records_region`).
const HOME: &str = "cn-heyuan";

/// Most records of one page, upsert or deletion (SLS API reference, "Resource records").
const MOST: usize = 200;

/// Tables that the service has for every account. The webhook table is known under two names.
const BUILT_IN: [&str; 9] = [
    "sls.common.user",
    "sls.common.user_group",
    "sls.alert.oncall_group",
    "sls.alert.action_webhook",
    "sls.alert.webhook_application",
    "sls.alert.action_policy",
    "sls.alert.alert_policy",
    "sls.alert.content_template",
    "sls.alert.global_config",
];

/// Records that the service has for every account; lists show them only on request.
const SYSTEM_RECORDS: [(&str, &str); 7] = [
    ("sls.alert.content_template", "sls.builtin.cn"),
    ("sls.alert.content_template", "sls.builtin.en"),
    ("sls.alert.content_template", "sls.app.actiontrail.builtin.cn"),
    ("sls.alert.content_template", "sls.app.actiontrail.builtin.en"),
    ("sls.alert.action_policy", "sls.builtin"),
    ("sls.alert.alert_policy", "sls.builtin"),
    ("sls.alert.alert_policy", "sls.builtin.dynamic"),
];

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Resource {
    /// Kind; `userdefine` for tables of one's own.
    pub r#type: String,
    /// Columns, as JSON text.
    pub schema: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub ext_info: String,
    /// Access, as JSON text.
    pub acl: String,
    /// Unix seconds.
    pub create_time: i64,
    /// Unix seconds.
    pub last_modify_time: i64,
    /// Rows by id.
    pub records: BTreeMap<String, Record>,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// Display name.
    pub tag: String,
    /// Content, as JSON text in a string.
    pub value: String,
    /// Unix seconds.
    pub create_time: i64,
    /// Unix seconds.
    pub last_modify_time: i64,
}

/// The tables of the caller, where the region of the call serves them.
fn tables<'s>(request: &'s mut Request<'_>) -> Result<&'s mut State, Error> {
    let everywhere = request.cloud.switches.is(&switches::RECORDS_REGION, "every");
    if request.call.region != HOME && !everywhere {
        return Err(Error::invalid_method(&request.call.path));
    }
    let account = &request.call.caller.account;
    Ok(&mut request.cloud.region_mut(account, HOME).sls)
}

fn no_resource(name: &str) -> Error {
    Error::missing("ResourceNotExist", format!("resource {name} does not exist"))
}

/// The table that the path names; built-in ones are there from the start.
fn table<'s>(request: &'s mut Request<'_>) -> Result<&'s mut Resource, Error> {
    let name = request.name(0);
    let tables = tables(request)?;
    if BUILT_IN.contains(&name) {
        return Ok(tables
            .resources
            .entry(name.to_owned())
            .or_insert_with(|| Resource { r#type: "builtin".to_owned(), ..Resource::default() }));
    }
    tables.resources.get_mut(name).ok_or_else(|| no_resource(name))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WantedResource {
    #[serde(default)]
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    schema: Option<String>,
    description: Option<String>,
    ext_info: Option<String>,
    acl: Option<String>,
}

impl WantedResource {
    fn check(&self) -> Result<(), Error> {
        for (member, text) in [("schema", &self.schema), ("acl", &self.acl)] {
            let text = text.as_deref().filter(|text| !text.is_empty());
            if text.is_some_and(|text| serde_json::from_str::<Value>(text).is_err()) {
                return Err(Error::parameter(format!("{member} is not valid JSON")));
            }
        }
        Ok(())
    }

    /// What is not said stays as it is: one SDK leaves out what it was not given, another always says everything.
    fn apply(self, resource: &mut Resource) {
        let members = [
            (&mut resource.r#type, self.kind),
            (&mut resource.schema, self.schema),
            (&mut resource.description, self.description),
            (&mut resource.ext_info, self.ext_info),
            (&mut resource.acl, self.acl),
        ];
        for (member, wanted) in members {
            if let Some(wanted) = wanted {
                *member = wanted;
            }
        }
    }
}

/// A resource as reads show it. An SDK reads schema and access as JSON in any case, so they are that even when nobody
/// said anything (what exactly is assumed).
fn shown(name: &str, resource: &Resource) -> Value {
    let document = |text: &str| if text.is_empty() { "{}".to_owned() } else { text.to_owned() };
    json!({
        "name": name,
        "type": resource.r#type,
        "schema": document(&resource.schema),
        "description": resource.description,
        "extInfo": resource.ext_info,
        "acl": document(&resource.acl),
        "createTime": resource.create_time,
        "lastModifyTime": resource.last_modify_time,
    })
}

/// CreateResource: names that begin with `sls.` are the service's (code of a duplicate assumed).
pub(super) fn create(request: &mut Request<'_>) -> Answer {
    let wanted: WantedResource = request.json()?;
    wanted.check()?;
    let (name, now) = (wanted.name.clone(), request.now());
    if name.is_empty() || name.starts_with("sls.") {
        return Err(Error::parameter(format!("resource name {name} is invalid")));
    }
    let tables = tables(request)?;
    if tables.resources.contains_key(&name) {
        return Err(Error::bad("ResourceAlreadyExist", format!("resource {name} already exists")));
    }
    let mut resource = Resource { create_time: now, last_modify_time: now, ..Resource::default() };
    wanted.apply(&mut resource);
    tables.resources.insert(name, resource);
    done()
}

/// GetResource.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    answer(&shown(name, table(request)?))
}

/// UpdateResource: what is missing keeps its value (assumed), and so do the records.
pub(super) fn update(request: &mut Request<'_>) -> Answer {
    let wanted: WantedResource = request.json()?;
    wanted.check()?;
    let (name, now) = (request.name(0), request.now());
    if name.starts_with("sls.") {
        return Err(Error::parameter(format!("resource name {name} is invalid")));
    }
    let resource = table(request)?;
    wanted.apply(resource);
    resource.last_modify_time = now;
    done()
}

/// DeleteResource: with its records.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    if name.starts_with("sls.") {
        return Err(Error::parameter(format!("resource name {name} is invalid")));
    }
    tables(request)?.resources.remove(name).ok_or_else(|| no_resource(name))?;
    done()
}

/// ListResources: the caller's own and those built-in ones that hold something.
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let (kind, names) = (call.param("type").unwrap_or(""), call.param("names").unwrap_or(""));
    let found: Vec<Value> = tables(request)?
        .resources
        .iter()
        .filter(|(name, resource)| {
            (kind.is_empty() || resource.r#type == kind)
                && (names.is_empty() || names.split(',').any(|wanted| wanted == name.as_str()))
        })
        .map(|(name, resource)| shown(name, resource))
        .collect();
    let (page, total) = request.page(found, 100, MOST)?;
    answer(&json!({ "items": page, "count": page.len(), "total": total }))
}

#[derive(Deserialize)]
struct WantedRecord {
    #[serde(default)]
    id: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    value: Option<String>,
}

impl WantedRecord {
    /// The value must be JSON text; it is kept as sent.
    fn into_record(self, now: i64, created: i64) -> Result<(String, Record), Error> {
        let value = self.value.ok_or_else(|| Error::parameter("value is missing"))?;
        if serde_json::from_str::<Value>(&value).is_err() {
            return Err(Error::parameter("value is not valid JSON"));
        }
        let record = Record { tag: self.tag, value, create_time: created, last_modify_time: now };
        let id = if self.id.is_empty() { uuid::Uuid::new_v4().simple().to_string() } else { self.id };
        Ok((id, record))
    }
}

/// CreateResourceRecord (code of a duplicate assumed).
pub(super) fn create_record(request: &mut Request<'_>) -> Answer {
    let wanted: WantedRecord = request.json()?;
    let now = request.now();
    let (id, record) = wanted.into_record(now, now)?;
    let (name, table) = (request.name(0), table(request)?);
    if table.records.contains_key(&id) || is_system(name, &id) {
        return Err(Error::bad("ResourceRecordAlreadyExist", format!("resource record {id} already exists")));
    }
    table.records.insert(id.clone(), record);
    answer(&json!({ "id": id }))
}

/// UpsertResourceRecord: 1 to 200 records; one SDK sends a single record without the list around it.
pub(super) fn upsert_records(request: &mut Request<'_>) -> Answer {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Body {
        Many { records: Vec<WantedRecord> },
        One(WantedRecord),
    }
    let wanted = match request.json()? {
        Body::Many { records } => records,
        Body::One(record) => vec![record],
    };
    if !(1..=MOST).contains(&wanted.len()) {
        return Err(Error::body("1 to 200 records are needed"));
    }
    let now = request.now();
    let records = wanted.into_iter().map(|record| record.into_record(now, now));
    let records = records.collect::<Result<Vec<_>, _>>()?;
    let table = table(request)?;
    for (id, mut record) in records {
        record.create_time = table.records.get(&id).map_or(now, |old| old.create_time);
        table.records.insert(id, record);
    }
    answer(&json!({}))
}

/// UpdateResourceRecord: the path selects, an id in the body is ignored.
pub(super) fn update_record(request: &mut Request<'_>) -> Answer {
    let wanted: WantedRecord = request.json()?;
    let (id, now) = (request.name(1), request.now());
    let (_, mut record) = wanted.into_record(now, now)?;
    let stored = table(request)?.records.get_mut(id).ok_or_else(|| no_record(id))?;
    record.create_time = stored.create_time;
    *stored = record;
    answer(&json!({}))
}

fn no_record(id: &str) -> Error {
    Error::missing("ResourceRecordNotExist", format!("resource record {id} does not exist"))
}

fn is_system(resource: &str, id: &str) -> bool {
    SYSTEM_RECORDS.contains(&(resource, id))
}

fn show_record(id: &str, record: &Record) -> Value {
    let mut shown = json!(record);
    shown["id"] = json!(id);
    shown
}

/// The records that a call may see: with the service's own ones on request. Those have no published content, so their
/// value is only their id (assumed).
fn visible(request: &mut Request<'_>) -> Result<Vec<(String, Record)>, Error> {
    let name = request.name(0);
    let with_system = request.flag("includeSystemRecords");
    let records = &table(request)?.records;
    let mut records: Vec<_> = records.iter().map(|(id, record)| (id.clone(), record.clone())).collect();
    if with_system {
        let system = SYSTEM_RECORDS.iter().filter(|(resource, _)| *resource == name);
        records.extend(system.map(|(_, id)| {
            let value = json!({ "id": id, "is_default": true }).to_string();
            ((*id).to_owned(), Record { tag: (*id).to_owned(), value, ..Record::default() })
        }));
    }
    Ok(records)
}

/// GetResourceRecord.
pub(super) fn get_record(request: &mut Request<'_>) -> Answer {
    let id = request.name(1);
    let records = visible(request)?;
    let found = records.iter().find(|(found, _)| found == id).ok_or_else(|| no_record(id))?;
    answer(&show_record(&found.0, &found.1))
}

/// The records that pass the filters of a list. Filters by JSON path are not served.
fn filtered(request: &mut Request<'_>) -> Result<Vec<Value>, Error> {
    let call = request.call;
    for name in ["sjson", "jsonPath", "jsonPathValue", "jsonFilterAcc"] {
        if call.param(name).is_some_and(|value| !value.is_empty()) {
            return Err(Error::bad("NotSupported", format!("filter {name} is not supported")));
        }
    }
    let text = |name| call.param(name).unwrap_or("");
    let fits = |id: &str, record: &Record| {
        (text("ids").is_empty() || text("ids").split(',').any(|wanted| wanted == id))
            && (text("tag").is_empty() || record.tag == text("tag"))
            && record.value.contains(text("search"))
    };
    let records = visible(request)?;
    Ok(records
        .iter()
        .filter(|(id, record)| fits(id, record))
        .map(|(id, record)| show_record(id, record))
        .collect())
}

/// ListResourceRecord.
pub(super) fn list_records(request: &mut Request<'_>) -> Answer {
    let found = filtered(request)?;
    let (page, total) = request.page(found, 100, MOST)?;
    answer(&json!({ "items": page, "count": page.len(), "total": total }))
}

/// ListNextResourceRecord: paged by token; an empty one ends the list.
pub(super) fn next_records(request: &mut Request<'_>) -> Answer {
    let number = |name: &str, default: usize| {
        request.call.param(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(default)
    };
    let (start, size) = (number("nextToken", 0), number("maxResults", 100));
    if !(1..=MOST).contains(&size) {
        return Err(Error::parameter("maxResults must be between 1 and 200"));
    }
    let mut found = filtered(request)?;
    if request.flag("reverse") {
        found.reverse();
    }
    let end = (start + size).min(found.len());
    let next = if end < found.len() { end.to_string() } else { String::new() };
    let page = found.get(start..end).unwrap_or_default();
    answer(&json!({ "items": page, "maxResults": size, "total": found.len(), "nextToken": next }))
}

/// DeleteResourceRecord: up to 200 ids, all of which must be there.
pub(super) fn delete_records(request: &mut Request<'_>) -> Answer {
    let ids: Vec<&str> =
        request.call.param("ids").unwrap_or("").split(',').filter(|id| !id.is_empty()).collect();
    if !(1..=MOST).contains(&ids.len()) {
        return Err(Error::parameter("1 to 200 ids are needed"));
    }
    let table = table(request)?;
    if let Some(unknown) = ids.iter().find(|id| !table.records.contains_key(**id)) {
        return Err(no_record(unknown));
    }
    table.records.retain(|id, _| !ids.contains(&id.as_str()));
    answer(&json!({}))
}
