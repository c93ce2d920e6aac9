//! The scripts of action policies, read as far as needed to see whom they notify.
//!
//! A script is a small text in the manner of Python: conditions around calls of `fire(…)`, which notifies, and `stop()`.
//! Conditions are not looked at. Names of types, times and templates are not judged: the service has more of them than its
//! documentation lists.

use std::collections::{BTreeMap, BTreeSet};

/// A value of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Argument {
    Text(String),
    List(Vec<String>),
    /// Something else, such as a number, an object or an expression.
    Other,
}

/// One `fire(…)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fire {
    line: usize,
    arguments: BTreeMap<String, Argument>,
}

impl Fire {
    /// The texts of a list argument.
    pub(super) fn list(&self, name: &str) -> &[String] {
        match self.arguments.get(name) {
            Some(Argument::List(items)) => items,
            _ => &[],
        }
    }

    fn is_given(&self, name: &str) -> bool {
        match self.arguments.get(name) {
            None => false,
            Some(Argument::Text(text)) => !text.is_empty(),
            Some(Argument::List(items)) => !items.is_empty(),
            Some(Argument::Other) => true,
        }
    }

    fn check(&self) -> Result<(), String> {
        for (name, fix) in [
            ("type", "how to notify, such as type=\"email\""),
            ("template_id", "what to write, such as template_id=\"sls.app.actiontrail.builtin.en\""),
            ("period", "when to notify, such as period=\"any\""),
        ] {
            if !self.is_given(name) {
                return Err(format!("The fire(…) in line {} has no {name}. Say {fix}.", self.line));
            }
        }
        // Message Center, EventBridge and functions have no receivers (SLS user guide, "Notification channels").
        let to_people = matches!(
            self.arguments.get("type"),
            Some(Argument::Text(kind)) if matches!(kind.as_str(), "email" | "sms" | "voice")
        );
        let dynamic = matches!(
            self.arguments.get("receiver_type"),
            Some(Argument::Other) | Some(Argument::Text(_)) if !self.is_static()
        );
        let receivers = ["users", "groups", "oncall_groups"].iter().any(|name| self.is_given(name));
        if to_people && !dynamic && !receivers {
            return Err(format!(
                "The fire(…) in line {} has no receivers, so it notifies nobody. Name some, such as groups=[\"security-team\"].",
                self.line
            ));
        }
        Ok(())
    }

    /// Whom it notifies, and by what, in words. Receivers that an expression decides count as one.
    pub(super) fn receivers(&self) -> BTreeSet<String> {
        let text = |name: &str| match self.arguments.get(name) {
            Some(Argument::Text(text)) => Some(text.as_str()).filter(|text| !text.is_empty()),
            _ => None,
        };
        let kind = text("type").unwrap_or("unknown type");
        let mut found = BTreeSet::new();
        for (name, what) in [("users", "user"), ("groups", "group"), ("oncall_groups", "on-call group")] {
            found.extend(self.list(name).iter().map(|receiver| format!("{what} {receiver:?} by {kind}")));
            if self.arguments.get(name) == Some(&Argument::Other) {
                found.insert(format!("the {what}s of an expression by {kind}"));
            }
        }
        found.extend(text("webhook_id").map(|id| format!("webhook {id:?} by {kind}")));
        found.extend(text("external_url").map(|url| {
            // What follows the path may be a secret.
            format!("{:?} by {kind}", url.split(['?', '#']).next().unwrap_or_default())
        }));
        if found.is_empty() {
            found.insert(format!("the receivers of {kind}"));
        }
        found
    }

    /// When it notifies: `any`, or the id of a calendar.
    pub(super) fn period(&self) -> Option<&str> {
        match self.arguments.get("period") {
            Some(Argument::Text(period)) => Some(period),
            _ => None,
        }
    }

    /// Whether it stands inside of a condition.
    pub(super) fn is_conditional(&self, script: &str) -> bool {
        let line = script.lines().nth(self.line.saturating_sub(1)).unwrap_or_default();
        line.starts_with([' ', '\t'])
    }

    fn is_static(&self) -> bool {
        self.arguments.get("receiver_type") == Some(&Argument::Text("static".to_owned()))
    }
}

/// Checks a script: it can be read, it notifies, and each notification has what it needs.
pub(super) fn check(text: &str) -> Result<(), String> {
    let fires = parse(text)?;
    if fires.is_empty() {
        return Err("It has no fire(…), so it notifies nobody. Write for example fire(type=\"email\", \
                    groups=[\"security-team\"], template_id=\"sls.app.actiontrail.builtin.en\", period=\"any\")."
            .to_owned());
    }
    fires.iter().try_for_each(Fire::check)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

/// Every `fire(…)` of a script.
pub(super) fn parse(text: &str) -> Result<Vec<Fire>, String> {
    let tokens = tokens(text)?;
    closed(&tokens)?;
    let is =
        |at: usize, sign: char| matches!(tokens.get(at), Some((_, Token::Sign(found))) if *found == sign);
    let mut fires = Vec::new();
    for (at, (line, token)) in tokens.iter().enumerate() {
        let called = matches!(token, Token::Word(word) if word == "fire") && is(at + 1, '(');
        // A member of that name is another thing.
        if called && !(at > 0 && is(at - 1, '.')) {
            fires.push(Fire { line: *line, arguments: arguments(&tokens[at + 2..]) });
        }
    }
    Ok(fires)
}

/// What a script says besides its `fire(…)`: conditions, and where it stops. Empty for one without.
pub(super) fn frame(text: &str) -> Result<Vec<String>, String> {
    let tokens = tokens(text)?;
    let mut frame = Vec::new();
    let mut at = 0;
    while let Some((_, token)) = tokens.get(at) {
        let is_call = matches!(tokens.get(at + 1), Some((_, Token::Sign('('))));
        if is_call && *token == Token::Word("fire".to_owned()) {
            at += 2 + call_length(&tokens[at + 2..]);
            continue;
        }
        frame.push(match token {
            Token::Word(word) => word.clone(),
            Token::Text(text) => format!("{text:?}"),
            Token::Sign(sign) => sign.to_string(),
        });
        at += 1;
    }
    Ok(frame)
}

/// How many tokens follow the opening bracket of a call, its closing one included.
fn call_length(tokens: &[(usize, Token)]) -> usize {
    let mut length = 0;
    loop {
        let (argument, ended) = argument_length(&tokens[length..]);
        length = (length + argument + 1).min(tokens.len());
        if ended {
            return length;
        }
    }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, String> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => line += 1,
            '#' => while rest.next_if(|c| *c != '\n').is_some() {},
            '"' | '\'' => {
                let mut content = String::new();
                loop {
                    match rest.next() {
                        Some('\\') => content.extend(rest.next()),
                        Some(end) if end == c => break,
                        Some('\n') | None => {
                            return Err(format!(
                                "A text that begins in line {line} does not end. Close it with {c}."
                            ));
                        }
                        Some(other) => content.push(other),
                    }
                }
                tokens.push((line, Token::Text(content)));
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = c.to_string();
                while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                tokens.push((line, Token::Word(word)));
            }
            c if c.is_whitespace() => {}
            c => tokens.push((line, Token::Sign(c))),
        }
    }
    Ok(tokens)
}

/// Whether every bracket is closed, by one of its kind.
fn closed(tokens: &[(usize, Token)]) -> Result<(), String> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (line, token) in tokens {
        let opener = match token {
            Token::Sign(c @ ('(' | '[' | '{')) => {
                open.push((*line, *c));
                continue;
            }
            Token::Sign(')') => '(',
            Token::Sign(']') => '[',
            Token::Sign('}') => '{',
            _ => continue,
        };
        match open.pop() {
            Some((_, found)) if found == opener => {}
            _ => return Err(format!("A bracket is closed in line {line} that was not opened.")),
        }
    }
    match open.pop() {
        Some((line, bracket)) => Err(format!("The {bracket} in line {line} is not closed.")),
        None => Ok(()),
    }
}

/// The named arguments of a call, from after its opening bracket.
fn arguments(tokens: &[(usize, Token)]) -> BTreeMap<String, Argument> {
    let mut found = BTreeMap::new();
    let mut rest = tokens;
    loop {
        let (length, ended) = argument_length(rest);
        if let [(_, Token::Word(name)), (_, Token::Sign('=')), value @ ..] = &rest[..length] {
            found.insert(name.clone(), argument(value));
        }
        if ended {
            return found;
        }
        rest = &rest[length + 1..];
    }
}

/// How many tokens belong to the first argument, and whether it is the last.
fn argument_length(tokens: &[(usize, Token)]) -> (usize, bool) {
    let mut depth = 0_usize;
    for (at, (_, token)) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')') if depth == 0 => return (at, true),
            Token::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            Token::Sign(',') if depth == 0 => return (at, false),
            _ => {}
        }
    }
    (tokens.len(), true)
}

fn argument(value: &[(usize, Token)]) -> Argument {
    match value {
        [(_, Token::Text(text))] => Argument::Text(text.clone()),
        [(_, Token::Sign('[')), items @ .., (_, Token::Sign(']'))] => {
            let plain = items.iter().all(|(_, token)| matches!(token, Token::Text(_) | Token::Sign(',')));
            let texts = items.iter().filter_map(|(_, token)| match token {
                Token::Text(text) => Some(text.clone()),
                _ => None,
            });
            if plain { Argument::List(texts.collect()) } else { Argument::Other }
        }
        _ => Argument::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTED: &str = r#"if alert.severity >= 8:
    fire(type="sms", users=[], groups=["sec-team"], oncall_groups=[], template_id="sls.builtin.cn", period="any")
    stop()
# Everybody else by mail (at night too)
fire(type="email", users=['alex', "billie"], groups=["sec-team"], oncall_groups=[], receiver_type="static",
     external_url="", external_headers={}, template_id="sls.builtin.cn", period="any")
"#;

    #[test]
    fn the_receivers_of_a_documented_script_are_found() {
        let fires = parse(DOCUMENTED).unwrap();
        assert_eq!(fires.iter().map(|fire| fire.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(
            (fires[0].list("groups"), fires[0].list("users")),
            (&["sec-team".to_owned()][..], &[][..])
        );
        assert_eq!(fires[1].list("users"), ["alex", "billie"]);
        assert_eq!(check(DOCUMENTED), Ok(()));
    }

    #[test]
    fn a_script_that_notifies_nobody_is_refused() {
        let whole = |rest: &str| format!("fire({rest}, template_id=\"t\", period=\"any\")");
        for (script, notified) in [
            (String::new(), "no fire("),
            ("stop()".to_owned(), "no fire("),
            ("# fire(type=\"email\")".to_owned(), "no fire("),
            ("alert.fire(type=\"email\")".to_owned(), "no fire("),
            (whole("groups=[\"a\"]"), "no type"),
            (whole("type=\"email\", groups=[], users=[]"), "no receivers"),
            (whole("type=\"voice\", receiver_type=\"static\""), "no receivers"),
            ("fire(type=\"email\", users=[\"a\"], period=\"any\")".to_owned(), "no template_id"),
            ("\nfire(type=\"email\", users=[\"a\"], template_id=\"t\")".to_owned(), "line 2 has no period"),
        ] {
            let error = check(&script).unwrap_err();
            assert!(error.contains(notified), "{script}: {error}");
        }
        for fine in [
            "type=\"email\", receiver_type=\"dynamic\", external_url=\"https://example.com\"",
            "type=\"message_center\"",
            "type=\"message_center\", users=[], groups=[], oncall_groups=[], receiver_type=\"static\"",
            "type=\"webhook_integration\", integration_type=\"slack\", webhook_id=\"hook\"",
            "type=\"email\", groups=teams(alert.labels[\"team\"], 1)",
            "type=\"email\", groups=[\"a\",]",
        ] {
            assert_eq!(check(&whole(fine)), Ok(()), "{fine}");
        }
    }

    #[test]
    fn a_script_that_cannot_be_read_says_where() {
        for (script, notified) in [
            ("fire(type=\"email\"", "( in line 1 is not closed"),
            ("fire(\n  users=[\"a\")\n)", "closed in line 2"),
            ("stop()\nfire(type=\"email)", "begins in line 2"),
            ("}", "closed in line 1"),
        ] {
            let error = check(script).unwrap_err();
            assert!(error.contains(notified), "{script}: {error}");
        }
        assert_eq!(
            parse(r#"fire(type="a\"b(")"#).unwrap()[0].arguments["type"],
            Argument::Text("a\"b(".to_owned())
        );
    }
}
