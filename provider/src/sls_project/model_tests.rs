//! How descriptions of projects become state.

use super::*;

fn place() -> Place {
    let config =
        alibaba::Config::new(alibaba::credentials::Chain::new(alibaba::credentials::Sources::default()));
    Place {
        client: alibaba::Client::new(config).unwrap(),
        account: "1234567890123456".into(),
        region: "cn-hangzhou".into(),
    }
}

fn named() -> ProjectModel {
    ProjectModel { project_name: "audit".into(), ..ProjectModel::default() }
}

#[test]
fn the_arn_follows_from_the_place() {
    let read = named().read_from(&Project::default(), BTreeMap::new(), &place());
    assert_eq!(read.arn.as_str(), Some("acs:log:cn-hangzhou:1234567890123456:project/audit"));
    assert_eq!(read.id.as_str(), Some("audit"));
}

#[test]
fn what_is_empty_is_unset() {
    let read = named().read_from(&Project::default(), BTreeMap::new(), &place());
    assert_eq!((read.description, read.tags), (Attr::Null, Attr::Null));
}

#[test]
fn tags_of_the_vendor_are_not_the_users() {
    let tags = [("acs:rm:rgId", "rg-1"), ("Aliyun-x", "y"), ("owner", "security")];
    let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let read = named().read_from(&Project::default(), tags, &place());
    assert_eq!(read.all_tags(), BTreeMap::from([("owner".to_owned(), "security".to_owned())]));
}

#[test]
fn an_unset_group_is_whatever_it_is() {
    let there = ProjectModel { resource_group_id: "rg-default".into(), ..named() };
    assert!(there.is_as(&ProjectModel { resource_group_id: Attr::UNKNOWN, ..named() }));
    assert!(!there.is_as(&ProjectModel { resource_group_id: "rg-other".into(), ..named() }));
    assert!(!there.is_as(&ProjectModel { description: "x".into(), ..there.clone() }));
}
