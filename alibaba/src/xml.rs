//! XML as OSS speaks it: a small tree, read without regard to namespaces, element order or unknown elements, and
//! written with everything escaped.

use std::fmt::Write as _;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// No document of the service is deeper; the limit keeps a hostile one from exhausting the stack.
const DEEPEST: usize = 32;

/// How many pieces of a document (tags, texts) are read before looking whether to stop.
const EVENTS_BETWEEN_LOOKS: u32 = 1024;

/// A page of a thousand versions has about thirty thousand; a document of more than this takes memory, not meaning.
const MOST_EVENTS: u32 = 1_000_000;

/// An element with its text or its children.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The name without namespace prefix.
    pub(crate) name: String,
    /// The text directly inside.
    pub(crate) text: String,
    /// The elements directly inside, in order.
    pub(crate) children: Vec<Element>,
}

/// A document that is not XML, or not the one expected. Holds nothing of the document but names that were looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct XmlError(String);

impl XmlError {
    /// Something about a named element.
    pub(crate) fn of(name: &str, fault: &str) -> Self {
        Self(format!("the element {name} {fault}"))
    }
}

impl Element {
    /// An empty element.
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds a child.
    #[must_use]
    pub(crate) fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// Adds a child that holds text.
    #[must_use]
    pub(crate) fn leaf(self, name: &str, text: impl ToString) -> Self {
        self.child(Element { name: name.to_owned(), text: text.to_string(), children: Vec::new() })
    }

    /// Adds a child that holds text, if there is any.
    #[must_use]
    pub(crate) fn leaf_if(self, name: &str, text: Option<impl ToString>) -> Self {
        match text {
            Some(text) => self.leaf(name, text),
            None => self,
        }
    }

    /// The first child of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of this name.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child; an empty or absent one is none.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|child| child.text.clone()).filter(|text| !text.is_empty())
    }

    /// A child that has to be there.
    pub(crate) fn child_of(&self, name: &'static str) -> Result<&Element, XmlError> {
        self.get(name).ok_or_else(|| XmlError::of(name, "is missing"))
    }

    /// Whether the text of a child is `asked`, the name of the object that a call was about.
    pub(crate) fn is_about(&self, name: &'static str, asked: &str) -> Result<(), XmlError> {
        let found = self.required(name)?;
        if found == asked { Ok(()) } else { Err(XmlError::of(name, "is not the one that was asked for")) }
    }

    /// A truth value that has to be there.
    pub(crate) fn truth_of(&self, name: &'static str) -> Result<bool, XmlError> {
        self.truth(name).ok_or_else(|| XmlError::of(name, "is missing"))
    }

    /// The text of a child that has to be there.
    pub(crate) fn required(&self, name: &str) -> Result<String, XmlError> {
        self.text(name).ok_or_else(|| XmlError::of(name, "is missing"))
    }

    /// A truth value in a child, in any letter case.
    pub(crate) fn truth(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| text.trim().eq_ignore_ascii_case("true"))
    }

    /// A whole number in a child; anything else there is an error that names it.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, XmlError> {
        self.text(name)
            .map(|text| text.trim().parse().map_err(|_| XmlError::of(name, "is not a whole number")))
            .transpose()
    }

    /// Reads a document.
    pub(crate) fn parse(document: &[u8]) -> Result<Self, XmlError> {
        let parsed = Self::parse_unless(document, || false)?;
        parsed.ok_or_else(|| XmlError("it was not read to its end".to_owned()))
    }

    /// Reads a document, asking every now and then whether to `stop`; `None` if so.
    pub(crate) fn parse_unless(document: &[u8], stop: impl Fn() -> bool) -> Result<Option<Self>, XmlError> {
        let text = std::str::from_utf8(document).map_err(|_| XmlError("it is not UTF-8".to_owned()))?;
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Element> = Vec::new();
        for event in 0..MOST_EVENTS {
            if event % EVENTS_BETWEEN_LOOKS == 0 && stop() {
                return Ok(None);
            }
            // The parser's own message quotes names of the document, which may be anything.
            let ill_formed = |at: u64| XmlError(format!("it is not well-formed at byte {at}"));
            let next = reader.read_event();
            match next.map_err(|_| ill_formed(reader.error_position()))? {
                Event::Start(start) => {
                    if open.len() >= DEEPEST {
                        return Err(XmlError("it is nested too deeply".to_owned()));
                    }
                    open.push(Self::new(&local_name(&start)));
                }
                Event::Empty(start) => {
                    let element = Self::new(&local_name(&start));
                    match open.last_mut() {
                        Some(parent) => parent.children.push(element),
                        None => return Ok(Some(element)),
                    }
                }
                Event::End(_) => {
                    let Some(element) = open.pop() else {
                        return Err(XmlError("an element ends twice".to_owned()));
                    };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(element.trimmed()),
                        None => return Ok(Some(element.trimmed())),
                    }
                }
                Event::Text(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text);
                    }
                }
                Event::CData(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text);
                    }
                }
                Event::GeneralRef(reference) => {
                    let text = resolve(&reference).ok_or_else(|| XmlError("an unknown entity".to_owned()))?;
                    if let Some(element) = open.last_mut() {
                        element.text.push(text);
                    }
                }
                Event::Eof => return Err(XmlError("it ends too early".to_owned())),
                Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
            }
        }
        Err(XmlError("it has too many elements".to_owned()))
    }

    /// The white space between children is layout, that of a leaf is content.
    fn trimmed(mut self) -> Self {
        if !self.children.is_empty() {
            self.text.clear();
        }
        self
    }

    /// Writes the document.
    pub(crate) fn document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        let _ = write!(out, "<{}>", self.name);
        for character in self.text.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&apos;"),
                // Object keys may hold control characters, which XML parsers would drop or change.
                control if control.is_control() => {
                    let _ = write!(out, "&#{};", u32::from(control));
                }
                plain => out.push(plain),
            }
        }
        for child in &self.children {
            child.write(out);
        }
        let _ = write!(out, "</{}>", self.name);
    }
}

fn local_name(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

fn resolve(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        number => {
            let number = number.strip_prefix('#')?;
            let value = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(value.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_namespaces_declarations_entities_and_empty_elements() {
        let root = Element::parse(
            b"<?xml version=\"1.0\"?>\n<!-- c --><o:Root xmlns:o=\"http://x\">\n  <A>1 &lt;&#x4e2d;&#33;</A>\n <B/><C></C><A>2</A><D><![CDATA[<x>]]></D></o:Root>",
        )
        .unwrap();
        assert_eq!(root.name, "Root");
        assert_eq!(root.text, "");
        assert_eq!(root.text("A").as_deref(), Some("1 <中!"));
        assert_eq!(root.all("A").count(), 2);
        assert_eq!((root.text("B"), root.text("C"), root.text("Z")), (None, None, None));
        assert_eq!(root.text("D").as_deref(), Some("<x>"));
        assert_eq!(root.number("B"), Ok(None));
        assert!(root.number("A").is_err());
    }

    #[test]
    fn broken_documents_are_errors() {
        let deep = "<a>".repeat(100_000);
        for bad in
            ["", "<a>", "<a></b>", "</a>", "text", "<a>&nope;</a>", "<a>&#xD800;</a>", "\u{feff}", &deep]
        {
            assert!(Element::parse(bad.as_bytes()).is_err(), "{:.20}", bad);
        }
        assert!(Element::parse(b"<a>\xff</a>").is_err());
    }

    proptest! {
        #[test]
        fn any_text_survives(text in "\\PC*|[\\x00-\\x1f&<>\"']*") {
            let written = Element::new("R").leaf("K", &text).document();
            let text = if text.contains('\0') { None } else { Some(text) };
            if let Some(text) = text {
                let read = Element::parse(written.as_bytes()).unwrap();
                prop_assert_eq!(&read.get("K").unwrap().text, &text);
            }
        }

        #[test]
        fn nothing_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), xml in "(<[a-c/]{1,3}>|&#?x?[0-9a-z]{0,4};|[a-z ]){0,30}") {
            let _ = Element::parse(&bytes);
            let _ = Element::parse(xml.as_bytes());
        }
    }
}
