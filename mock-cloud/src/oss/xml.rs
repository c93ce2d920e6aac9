//! Reading and writing the XML documents of the OSS service. Guards the reader against hostile bodies (size, depth,
//! document types); what a document means is the business of the operation.

use http::StatusCode;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::documents::Document;
use super::error::Error;
use crate::http::Reply;

/// Largest XML body that is looked at: the documented limit of DeleteMultipleObjects, the largest of all.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// Deepest nesting that is followed. The deepest documented document, lifecycle, has six levels.
const MAX_DEPTH: usize = 16;

/// Reads a body as the document that it is to be; namespaces and unknown elements are passed over.
pub(super) fn read<T: DeserializeOwned>(body: &[u8], document: &Document) -> Result<T, Error> {
    let text = tidy(body, document)?;
    quick_xml::de::from_str(&text).map_err(|error| Error::malformed(&error.to_string()))
}

/// Reads a body as a tree of members: objects of elements, lists of elements of the same name, texts.
pub(super) fn read_tree(body: &[u8], document: &Document) -> Result<Value, Error> {
    tree(&tidy(body, document)?).map_err(|error| Error::malformed(&error))
}

/// An element that is being read.
struct Open {
    name: String,
    /// Where it begins in the tidied document.
    start: usize,
    /// Whether there is anything in it.
    filled: bool,
}

/// Walks the whole document once without building anything, refusing what could hurt a recursive reader. Gives it
/// without what the service passes over: empty elements that say nothing, comments, the letter case of truth values.
fn tidy(body: &[u8], document: &Document) -> Result<String, Error> {
    if body.len() > MAX_BYTES {
        return Err(Error::malformed("The document is too large"));
    }
    let text = std::str::from_utf8(body).map_err(|_| Error::malformed("The document is not UTF-8"))?;
    // The reader passes over a byte order mark without counting it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut seen_root = false;
    let mut out = String::with_capacity(text.len());
    let mut at = 0_usize;
    loop {
        let event = reader.read_event().map_err(|error| Error::malformed(&error.to_string()))?;
        let end = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let raw = text.get(at..end).unwrap_or_default();
        at = end;
        match event {
            Event::DocType(_) => return Err(Error::malformed("A document type is not allowed")),
            Event::Start(start) => {
                if open.is_empty() {
                    expect_root(start.local_name().as_ref(), document.root, &mut seen_root)?;
                }
                open.push(Open {
                    name: start.local_name().as_ref().to_owned(),
                    start: out.len(),
                    filled: open.is_empty(),
                });
                if open.len() > MAX_DEPTH {
                    return Err(Error::malformed("The document is nested too deeply"));
                }
                out.push_str(raw);
            }
            Event::Empty(start) => {
                let name = start.local_name();
                if open.is_empty() {
                    expect_root(name.as_ref(), document.root, &mut seen_root)?;
                    out.push_str(raw);
                } else if document.kept.contains(&name.as_ref()) {
                    out.push_str(raw);
                    fill(&mut open);
                }
            }
            Event::End(_) => {
                let Some(element) = open.pop() else { continue };
                if element.filled || document.kept.contains(&element.name.as_str()) {
                    out.push_str(raw);
                    fill(&mut open);
                } else {
                    out.truncate(element.start);
                }
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                let Some(element) = open.last_mut() else { continue };
                // Blanks are a value, but for the indentation of a document that is written over several lines.
                element.filled |= !raw.trim().is_empty() || !raw.is_empty() && !raw.contains('\n');
                if document.booleans.contains(&element.name.as_str()) {
                    out.push_str(&raw.trim().to_ascii_lowercase());
                } else {
                    out.push_str(raw);
                }
            }
            Event::Eof if !open.is_empty() => return Err(Error::malformed("The document ends early")),
            Event::Eof if !seen_root => return Err(Error::malformed("The document is empty")),
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

/// There is something in the innermost open element.
fn fill(open: &mut [Open]) {
    if let Some(element) = open.last_mut() {
        element.filled = true;
    }
}

fn expect_root(found: &str, root: &str, seen: &mut bool) -> Result<(), Error> {
    if *seen || found != root {
        return Err(Error::malformed(&format!("The root element must be one {root}")));
    }
    *seen = true;
    Ok(())
}

/// The members of a tidied document's root.
fn tree(text: &str) -> Result<Value, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<(String, Map<String, Value>, String)> = vec![Default::default()];
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                open.push((start.local_name().as_ref().to_owned(), Map::new(), String::new()));
            }
            Event::Empty(start) => {
                add(&mut open, start.local_name().as_ref().to_owned(), Value::from(""));
            }
            Event::Text(text) => append(&mut open, &text),
            Event::CData(text) => append(&mut open, &text),
            Event::GeneralRef(name) => {
                let letter = format!("&{};", &*name);
                let letter = quick_xml::escape::unescape(&letter).map_err(|error| error.to_string())?;
                append(&mut open, &letter);
            }
            Event::End(_) => {
                let Some((name, members, text)) = open.pop() else { continue };
                let value =
                    if members.is_empty() { Value::from(text.trim()) } else { Value::Object(members) };
                add(&mut open, name, value);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let members = open.into_iter().next().map(|(_, members, _)| members).unwrap_or_default();
    Ok(members.into_iter().next().map_or(Value::Null, |(_, root)| root))
}

fn append(open: &mut [(String, Map<String, Value>, String)], text: &str) {
    if let Some((_, _, all)) = open.last_mut() {
        all.push_str(text);
    }
}

/// Adds a member to the innermost open element; a second one of the same name makes a list.
fn add(open: &mut [(String, Map<String, Value>, String)], name: String, value: Value) {
    let Some((_, members, _)) = open.last_mut() else { return };
    match members.get_mut(&name) {
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None => {
            members.insert(name, value);
        }
    }
}

/// A 200 answer whose body is `value` under the root element `root`.
pub(super) fn reply<T: Serialize>(root: &str, value: &T) -> Result<Reply, Error> {
    let document = quick_xml::se::to_string_with_root(root, value)
        .map_err(|error| Error::internal(&format!("cannot write {root}: {error}")))?;
    Ok(document_reply(document))
}

/// A 200 answer with an XML document that is already written.
pub(super) fn document_reply(document: String) -> Reply {
    Reply::xml(StatusCode::OK, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    const DOCUMENT: Document = Document { root: "S", kept: &["Kept"], booleans: &["On"] };

    #[derive(Deserialize, Debug, PartialEq, Default)]
    #[serde(rename_all = "PascalCase", default)]
    struct Sample {
        name: String,
        item: Vec<String>,
        on: Option<bool>,
        count: Option<u8>,
        kept: Option<String>,
    }

    #[test]
    fn blanks_are_a_value_and_indentation_is_none() {
        let sample: Sample = read(b"<S><Name> </Name><Item>a</Item></S>", &DOCUMENT).unwrap();
        assert_eq!(sample.name, " ");
        let sample: Sample = read(b"<S>\n  <Name>\n  </Name>\n  <Item>a</Item>\n</S>", &DOCUMENT).unwrap();
        assert_eq!(sample, Sample { item: vec!["a".into()], ..Sample::default() });
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_document() {
        let sample: Sample =
            read("\u{feff}<S><Name>n</Name><Item>a</Item></S>".as_bytes(), &DOCUMENT).unwrap();
        assert_eq!(sample, Sample { name: "n".into(), item: vec!["a".into()], ..Sample::default() });
    }

    #[test]
    fn element_order_namespaces_and_unknown_elements_do_not_matter() {
        let body = br#"<?xml version="1.0"?><S xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com"><Item>a</Item><Name>n</Name><X><Y/></X><Item>b&amp;</Item></S>"#;
        let sample: Sample = read(body, &DOCUMENT).unwrap();
        assert_eq!(
            sample,
            Sample { name: "n".into(), item: vec!["a".into(), "b&".into()], ..Sample::default() }
        );
    }

    #[test]
    fn empty_elements_are_left_out_and_truth_is_in_any_letter_case() {
        for (body, on) in [
            ("<S><On/><Count/><Name/><Item/><In><Deep>\n</Deep></In></S>", None),
            ("<S>\n  <On></On>\n  <Count>\n  </Count><!-- none --></S>", None),
            ("<S><On>True</On></S>", Some(true)),
            ("<S><On> FALSE </On></S>", Some(false)),
            ("<S/>", None),
        ] {
            assert_eq!(
                read::<Sample>(body.as_bytes(), &DOCUMENT).unwrap(),
                Sample { on, ..Sample::default() }
            );
        }
        assert!(read::<Sample>(b"<S><On>yes</On></S>", &DOCUMENT).is_err());
        for body in ["<S><Kept/></S>", "<S><Kept></Kept></S>"] {
            let sample: Sample = read(body.as_bytes(), &DOCUMENT).unwrap();
            assert_eq!(sample.kept.as_deref(), Some(""));
        }
    }

    #[test]
    fn a_tree_has_lists_and_texts() {
        let body = b"<S><A><B>1</B><B>x &amp; <![CDATA[<y>]]></B><C/></A><A><B>&#50;</B></A></S>";
        let read = read_tree(body, &DOCUMENT).unwrap();
        assert_eq!(read, json!({ "A": [{ "B": ["1", "x & <y>"] }, { "B": "2" }] }));
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = format!("<S>{}{}</S>", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let bomb = r#"<!DOCTYPE S [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><S><Name>&b;</Name></S>"#;
        for body in [deep.as_str(), bomb, "", "<S>", "<T/>", "<S/><S/>", "<S><Name></S>", "text"] {
            let error = read::<Sample>(body.as_bytes(), &DOCUMENT).unwrap_err();
            assert_eq!(error.code(), "MalformedXML", "{}", body.get(..20).unwrap_or(body));
        }
        assert_eq!(read::<Sample>(&vec![b' '; MAX_BYTES + 1], &DOCUMENT).unwrap_err().code(), "MalformedXML");
    }
}
