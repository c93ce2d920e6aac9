use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;

use super::*;

fn read(document: &str) -> Result<Vec<LifecycleRule>, XmlError> {
    Element::parse(document.as_bytes()).and_then(|root| read_rules(&root))
}

#[test]
fn every_element_of_the_language_is_read() {
    let rules = read(
        r#"<?xml version="1.0"?><LifecycleConfiguration xmlns="x">
        <Rule><Tag><Key>k1</Key><Value>v1</Value></Tag><ID>tiering</ID><Prefix>AliyunLogs/</Prefix><Status>Enabled</Status>
          <Transition><Days>30</Days><StorageClass>IA</StorageClass><IsAccessTime>false</IsAccessTime></Transition>
          <Filter><ObjectSizeGreaterThan>500</ObjectSizeGreaterThan><ObjectSizeLessThan>64000</ObjectSizeLessThan>
            <Not><Prefix>AliyunLogs/keep/</Prefix><Tag><Key>hold</Key><Value>yes</Value></Tag></Not><Not><Prefix>AliyunLogs/b/</Prefix></Not></Filter>
          <Tag><Key>k2</Key><Value/></Tag>
          <Transition><Days>90</Days><StorageClass>Archive</StorageClass></Transition>
          <Expiration><Days>1095</Days></Expiration><FutureElement>1</FutureElement>
          <NoncurrentVersionTransition><NoncurrentDays>30</NoncurrentDays><StorageClass>IA</StorageClass></NoncurrentVersionTransition>
          <NoncurrentVersionExpiration><NoncurrentDays>400</NoncurrentDays></NoncurrentVersionExpiration></Rule>
        <Rule><ID>parts</ID><Prefix/><Status>Enabled</Status><AbortMultipartUpload><Days>7</Days></AbortMultipartUpload><Filter/></Rule>
        <Rule><ID>markers</ID><Status>Disabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>
        <Rule><ID>atime</ID><Prefix>a/</Prefix><Status>Enabled</Status><AtimeBase>1700000000</AtimeBase>
          <Transition><CreatedBeforeDate>2027-01-01T00:00:00.000Z</CreatedBeforeDate><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime><ReturnToStdWhenVisit>true</ReturnToStdWhenVisit><AllowSmallFile>true</AllowSmallFile></Transition></Rule>
        </LifecycleConfiguration>"#,
    )
    .unwrap();
    assert_eq!(
        rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(),
        ["tiering", "parts", "markers", "atime"]
    );
    let tiering = &rules[0];
    assert_eq!(tiering.tags, BTreeMap::from([("k1".into(), "v1".into()), ("k2".into(), String::new())]));
    let filter = tiering.filter.as_ref().unwrap();
    assert_eq!((filter.object_size_greater_than, filter.object_size_less_than), (Some(500), Some(64000)));
    assert_eq!(filter.not[0].tag, Some(Tag { key: "hold".into(), value: "yes".into() }));
    assert_eq!((filter.not[1].prefix.as_str(), &filter.not[1].tag), ("AliyunLogs/b/", &None));
    assert_eq!(tiering.transitions.len(), 2);
    assert_eq!(
        (tiering.transitions[0].is_access_time, tiering.transitions[1].is_access_time),
        (Some(false), None)
    );
    assert_eq!(tiering.expiration.as_ref().unwrap().days, Some(1095));
    assert_eq!(tiering.noncurrent_version_expiration.as_ref().unwrap().noncurrent_days, Some(400));
    assert_eq!(rules[1].abort_multipart_upload.as_ref().unwrap().days, Some(7));
    assert_eq!((rules[1].prefix.as_str(), &rules[1].filter), ("", &None));
    assert_eq!(rules[2].expiration.as_ref().unwrap().expired_object_delete_marker, Some(true));
    assert_eq!(rules[3].atime_base, Some(1_700_000_000));
    assert_eq!(rules[3].transitions[0].return_to_std_when_visit, Some(true));
}

#[test]
fn a_rule_without_status_or_with_words_for_days_is_an_error() {
    for bad in [
        "<L><Rule><ID>a</ID></Rule></L>",
        "<L><Rule><Status>Enabled</Status><Expiration><Days>many</Days></Expiration></Rule></L>",
        "<L><Rule><Status>Enabled</Status><Transition><Days>1</Days></Transition></Rule></L>",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9/_&<>\"' .审-]{1,12}"
}

prop_compose! {
    fn transition()(days in of(1i64..4000), created_before_date in of("20[0-9]{2}-01-01T00:00:00.000Z"), storage_class in text(),
        is_access_time in of(any::<bool>()), return_to_std_when_visit in of(any::<bool>()), allow_small_file in of(any::<bool>())) -> Transition {
        Transition { days, created_before_date, storage_class, is_access_time, return_to_std_when_visit, allow_small_file }
    }
}

prop_compose! {
    fn filter()(greater in of(1i64..i64::MAX), less in of(1i64..i64::MAX), not in vec((text(), of((text(), text()))), 1..3)) -> Filter {
        let not = not.into_iter().map(|(prefix, tag)| Not { prefix, tag: tag.map(|(key, value)| Tag { key, value }) }).collect();
        Filter { object_size_greater_than: greater, object_size_less_than: less, not }
    }
}

prop_compose! {
    fn rule()(id in text(), prefix in "[a-z/]{0,8}", status in "Enabled|Disabled", tags in btree_map(text(), text(), 0..3),
        filter in of(filter()), expiration in of((of(1i64..4000), of("[0-9TZ:.-]{1,24}"), of("[0-9TZ:.-]{1,24}"), of(any::<bool>()))),
        transitions in vec(transition(), 0..4), noncurrent in of(of(1i64..4000)), old in vec(transition(), 0..3),
        abort in of((of(1i64..4000), of("[0-9TZ:.-]{1,24}")))) -> LifecycleRule {
        LifecycleRule {
            id, prefix, status, tags, filter, transitions,
            expiration: expiration.map(|(days, created_before_date, date, expired_object_delete_marker)| Expiration {
                days, created_before_date, date, expired_object_delete_marker,
            }),
            noncurrent_version_expiration: noncurrent.map(|noncurrent_days| NoncurrentVersionExpiration { noncurrent_days }),
            noncurrent_version_transitions: old.into_iter().map(|t| NoncurrentVersionTransition {
                noncurrent_days: t.days, storage_class: t.storage_class, is_access_time: t.is_access_time,
                return_to_std_when_visit: t.return_to_std_when_visit, allow_small_file: t.allow_small_file,
            }).collect(),
            abort_multipart_upload: abort.map(|(days, created_before_date)| AbortMultipartUpload { days, created_before_date }),
            atime_base: None,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rules in vec(rule(), 1..4)) {
        let document = write_rules(&rules).document();
        prop_assert_eq!(read(&document).unwrap(), rules);
    }

    #[test]
    fn no_document_makes_the_reader_panic(document in "(</?(Rule|ID|Days|Status|Transition|Filter|Not|Tag)/?>|[0-9a-z]{1,3}){0,40}") {
        let _ = read(&document);
    }
}
