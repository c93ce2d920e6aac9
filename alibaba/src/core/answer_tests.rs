//! Every read of every service with answers that are none.

#[path = "answer_tests/long.rs"]
mod long;
#[path = "answer_tests/reads.rs"]
mod reads;

use std::collections::BTreeSet;

use super::*;
use crate::core::transport::tests::{Server, Step, good};
use reads::{REGION, all};

/// What something in between, or a service in a bad hour, may give with status 200.
const NONE: &[&str] = &[
    "",
    "{}",
    "[]",
    "null",
    "[[]]",
    "\"audit-trail\"",
    "<html><body>It works!</body></html>",
    "<Error><Code>InternalError</Code><Message>m</Message></Error>",
    r#"{"RequestId":"R"}"#,
    r#"{"RequestId":"R","Code":"InternalError","Message":"m","Success":false}"#,
    r#"{"errorCode":"InternalServerError","errorMessage":"m"}"#,
    r#"{"code":200,"data":null}"#,
];

#[tokio::test]
async fn no_read_takes_another_answer_for_its_own() {
    let all = all();
    for read in &all {
        let mut script = vec![good(read.answer)];
        let mut bad: Vec<String> = NONE.iter().map(|text| (*text).to_owned()).collect();
        // The answers to all other calls of the service, but for those that look alike.
        let service = |name: &str| name.split("::").next().map(str::to_owned);
        let others = all.iter().filter(|other| service(other.name) == service(read.name));
        bad.extend(
            others.map(|other| other.answer).filter(|answer| *answer != read.answer).map(str::to_owned),
        );
        bad.extend(
            read.about
                .map(|name| read.answer.replace(name, &name.replace(|c: char| c.is_alphanumeric(), "7"))),
        );
        bad.push(read.answer[..read.answer.len() - 1].to_owned());
        script.extend(bad.iter().map(good));
        let server = Server::start(script).await;
        let answered = (read.call)(server.client()).await;
        assert!(answered.is_ok(), "{}: {answered:?}", read.name);
        for (at, text) in bad.iter().enumerate() {
            let error = match (read.call)(server.client()).await {
                Err(error) => error,
                Ok(read_as) => panic!("{} reads {text} as {read_as}", read.name),
            };
            assert!(matches!(error, Error::UnexpectedAnswer { .. }), "{} of {text}: {error}", read.name);
            assert!(
                !error.is_not_found() && error.to_string().contains(read.action),
                "{}: {error}",
                read.name
            );
            assert_eq!(server.seen().len(), at + 2, "{}: it is not called again", read.name);
        }
    }
}

#[test]
fn every_read_is_among_them() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for module in ["actiontrail", "oss", "sls", "sts", "ram", "resource_manager"] {
        let files: Vec<_> = match std::fs::read_dir(source.join(module)) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => vec![source.join(module).with_extension("rs")],
        };
        for text in files.iter().map(|file| std::fs::read_to_string(file).unwrap()) {
            for (_, rest) in
                text.match_indices("pub async fn ").map(|(at, found)| text.split_at(at + found.len()))
            {
                let name = rest.split('(').next().unwrap();
                let reads = ["get_", "list_", "describe", "lookup_", "assume_"]
                    .iter()
                    .any(|verb| name.starts_with(verb));
                if reads {
                    found.insert(format!("{module}::{name}"));
                }
            }
        }
    }
    assert!(found.len() > 40, "{found:?}");
    let tried: BTreeSet<String> = all().iter().map(|read| read.name.to_owned()).collect();
    assert_eq!(tried, found);
}

#[tokio::test]
async fn the_error_names_call_request_and_member() {
    let reply = Step::Reply(std::sync::Arc::new(|_| {
        let answer = hyper::Response::builder().header("x-acs-request-id", "9F5B");
        answer.body(http_body_util::Full::from("{}")).unwrap()
    }));
    let server = Server::start(vec![reply]).await;
    let error = server.client().actiontrail(REGION).describe_trails(Default::default()).await.unwrap_err();
    let text = error.to_string();
    let begins =
        "ActionTrail DescribeTrails: unexpected answer: it has no member TrailList, request id 9F5B. ";
    assert!(text.starts_with(begins), "{text}");
}

#[tokio::test]
async fn a_list_is_read_to_its_end_or_not_at_all() {
    let page = |names: &[&str], next: &str| {
        let buckets: String =
            names.iter().map(|name| format!("<Bucket><Name>{name}</Name></Bucket>")).collect();
        good(format!("<ListAllMyBucketsResult>{next}<Buckets>{buckets}</Buckets></ListAllMyBucketsResult>"))
    };
    let more = |marker: &str| format!("<IsTruncated>true</IsTruncated><NextMarker>{marker}</NextMarker>");
    let server = Server::start(vec![page(&["a"], &more("a")), page(&["b"], "")]).await;
    let buckets = server.client().oss(REGION).list_buckets("", None).await.unwrap();
    assert_eq!(buckets.iter().map(|bucket| bucket.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    for stuck in [more("a"), more(""), "<IsTruncated>true</IsTruncated>".to_owned()] {
        let server = Server::start(vec![page(&["a"], &more("a")), page(&["b"], &stuck)]).await;
        let error = server.client().oss(REGION).list_buckets("", None).await.unwrap_err();
        assert!(
            matches!(&error, Error::UnexpectedAnswer { detail, .. } if detail.contains("NextMarker")),
            "{error}"
        );
    }
    // The service may give fewer than were asked for.
    let page = |names: &[&str]| good(format!(r#"{{"total":3,"logstores":{names:?}}}"#));
    let server = Server::start(vec![page(&["a", "b"]), page(&["c"])]).await;
    assert_eq!(server.client().sls(REGION).list_logstores("prj", "").await.unwrap(), ["a", "b", "c"]);
    let page = |ids: &str| good(format!(r#"{{"TotalCount":3,"Accounts":{{"Account":[{ids}]}}}}"#));
    let two = r#"{"AccountId":"1"},{"AccountId":"2"}"#;
    let server = Server::start(vec![page(two), page(r#"{"AccountId":"3"}"#), page(two), page("")]).await;
    assert_eq!(server.client().resource_manager().list_accounts().await.unwrap().len(), 3);
    let error = server.client().resource_manager().list_accounts().await.unwrap_err();
    assert!(error.to_string().contains("2 Accounts on its pages, and 3 by TotalCount"), "{error}");
    // Without a total, the list ends with a page that brings nothing new.
    let page = |ids: &str| good(format!(r#"{{"Accounts":{{"Account":[{ids}]}}}}"#));
    let server =
        Server::start(vec![page(two), page(r#"{"AccountId":"3"}"#), page(""), page(two), page(two)]).await;
    assert_eq!(server.client().resource_manager().list_accounts().await.unwrap().len(), 3);
    assert_eq!(server.client().resource_manager().list_accounts().await.unwrap().len(), 2);
    let tags = r#"{"nextToken":"t","tagResources":[]}"#;
    let server = Server::start(vec![good(tags), good(tags)]).await;
    let error = server.client().sls(REGION).list_tags("prj").await.unwrap_err();
    assert!(error.to_string().contains("nextToken"), "{error}");
}
