//! Texts of a service as they are shown to people: in one line, without control characters, of a bounded length.

/// How long a code, a request id and the like may be, in characters.
pub(crate) const SHORT: usize = 256;
/// How long a message may be, in characters.
pub(crate) const LONG: usize = 4096;

/// A text in one line, without control characters, and of `most` characters at most.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(most));
    for (at, character) in text.chars().filter_map(printable).enumerate() {
        if at >= most {
            shown.push('…');
            break;
        }
        shown.push(character);
    }
    shown.trim().to_owned()
}

/// Line ends and tabs become blanks; other control characters, and those that change the direction of the text, go.
fn printable(character: char) -> Option<char> {
    match character {
        '\n' | '\r' | '\t' => Some(' '),
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        other if other.is_control() => None,
        other => Some(other),
    }
}
