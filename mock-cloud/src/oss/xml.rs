//! Reading and writing the XML documents of the OSS service. Guards the reader against hostile bodies (size, depth,
//! document types); what a document means is the business of the operation.

use http::StatusCode;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use crate::http::Reply;

/// Largest XML body that is looked at: the documented limit of DeleteMultipleObjects, the largest of all.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// Deepest nesting that is followed. The deepest documented document, lifecycle, has six levels.
const MAX_DEPTH: usize = 16;

/// Reads a body whose root element must be `root`; namespaces and unknown elements are passed over
/// (assumed: the API reference does not say whether unknown elements are refused).
pub(super) fn read<T: DeserializeOwned>(body: &[u8], root: &str) -> Result<T, Fault> {
    if body.len() > MAX_BYTES {
        return Err(Fault::malformed("The document is too large"));
    }
    let text = std::str::from_utf8(body).map_err(|_| Fault::malformed("The document is not UTF-8"))?;
    inspect(text, root)?;
    quick_xml::de::from_str(text).map_err(|error| Fault::malformed(&error.to_string()))
}

/// Walks the whole document once without building anything, refusing what could hurt a recursive reader.
fn inspect(text: &str, root: &str) -> Result<(), Fault> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut seen_root = false;
    loop {
        match reader.read_event().map_err(|error| Fault::malformed(&error.to_string()))? {
            Event::DocType(_) => return Err(Fault::malformed("A document type is not allowed")),
            Event::Start(start) => {
                if depth == 0 {
                    expect_root(start.local_name().as_ref(), root, &mut seen_root)?;
                }
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Fault::malformed("The document is nested too deeply"));
                }
            }
            Event::Empty(start) if depth == 0 => {
                expect_root(start.local_name().as_ref(), root, &mut seen_root)?;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth > 0 => return Err(Fault::malformed("The document ends early")),
            Event::Eof if !seen_root => return Err(Fault::malformed("The document is empty")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn expect_root(found: &str, root: &str, seen: &mut bool) -> Result<(), Fault> {
    if *seen || found != root {
        return Err(Fault::malformed(&format!("The root element must be one {root}")));
    }
    *seen = true;
    Ok(())
}

/// A boolean in any letter case: the Python SDK writes `True`, and the service takes it.
pub(super) fn truth<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    match text.trim() {
        truth if truth.eq_ignore_ascii_case("true") => Ok(true),
        truth if truth.eq_ignore_ascii_case("false") => Ok(false),
        other => Err(serde::de::Error::custom(format!("{other:?} is neither true nor false"))),
    }
}

/// A 200 answer whose body is `value` under the root element `root`.
pub(super) fn reply<T: Serialize>(root: &str, value: &T) -> Result<Reply, Fault> {
    let document = quick_xml::se::to_string_with_root(root, value)
        .map_err(|error| Fault::internal(&format!("cannot write {root}: {error}")))?;
    Ok(document_reply(document))
}

/// A 200 answer with an XML document that is already written.
pub(super) fn document_reply(document: String) -> Reply {
    Reply::xml(StatusCode::OK, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Block {
        #[serde(deserialize_with = "super::truth")]
        on: bool,
    }

    #[test]
    fn booleans_in_any_letter_case() {
        for (text, on) in [("true", true), ("True", true), ("FALSE", false)] {
            let block: Block = super::read(format!("<B><on>{text}</on></B>").as_bytes(), "B").unwrap();
            assert_eq!(block.on, on);
        }
        assert!(super::read::<Block>(b"<B><on>yes</on></B>", "B").is_err());
    }

    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct Sample {
        #[serde(default)]
        name: String,
        #[serde(default)]
        item: Vec<String>,
    }

    #[test]
    fn element_order_namespaces_and_unknown_elements_do_not_matter() {
        let body = br#"<?xml version="1.0"?><S xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com"><Item>a</Item><Name>n</Name><X><Y/></X><Item>b&amp;</Item></S>"#;
        let sample: Sample = read(body, "S").unwrap();
        assert_eq!(sample, Sample { name: "n".into(), item: vec!["a".into(), "b&".into()] });
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = format!("<S>{}{}</S>", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let bomb = r#"<!DOCTYPE S [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><S><Name>&b;</Name></S>"#;
        for body in [deep.as_str(), bomb, "", "<S>", "<T/>", "<S/><S/>", "<S><Name></S>", "text"] {
            let fault = read::<Sample>(body.as_bytes(), "S").unwrap_err();
            assert_eq!(fault.code(), "MalformedXML", "{}", body.get(..20).unwrap_or(body));
        }
        assert_eq!(read::<Sample>(&vec![b' '; MAX_BYTES + 1], "S").unwrap_err().code(), "MalformedXML");
    }
}
