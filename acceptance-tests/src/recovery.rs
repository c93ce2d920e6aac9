//! What a user does after an apply that failed: the next apply alone or, when that is refused, exactly the one step that
//! its messages name, which is a command or an import block, and one more apply.

use std::collections::BTreeMap;

use serde_json::Value;
use test_kit::terraform::{Output, Workspace};

/// How an apply was recovered from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovery {
    /// The next apply was enough.
    Apply,
    /// The next apply named a step, which was done, and one more apply was enough.
    Step(Vec<Advice>),
}

/// A step that an error message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// An import block to be pasted.
    Import {
        /// The address, where the message names one or stands at one.
        to: String,
        /// The import id.
        id: String,
    },
    /// A command of Terraform, without the program.
    Command(Vec<String>),
}

/// An error of Terraform or of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The resource it is about; empty when it is about none.
    pub address: String,
    /// What the plan does with that resource, such as `create` or `replace`; empty when it does nothing.
    pub action: String,
    /// One line.
    pub summary: String,
    /// The rest of it.
    pub detail: String,
}

/// The arguments of an apply whose messages [`faults`] reads.
pub const APPLY: [&str; 4] = ["apply", "-json", "-input=false", "-auto-approve"];

/// The file that import blocks are pasted into.
const IMPORTS: &str = "recovery.tf";

/// Subcommands that a message may ask for.
const SUBCOMMANDS: [&str; 6] = ["untaint", "taint", "apply", "import", "state", "refresh"];

/// The errors in the output of a command that was run with `-json`.
pub fn faults(output: &Output) -> Vec<Fault> {
    let lines: Vec<Value> =
        output.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let planned = lines.iter().filter(|line| line["type"] == "planned_change");
    let actions: BTreeMap<String, String> = planned
        .map(|line| (text(&line["change"]["resource"]["addr"]), text(&line["change"]["action"])))
        .collect();
    let errors = lines.iter().filter(|line| line["@level"] == "error" && line["type"] == "diagnostic");
    errors
        .map(|line| {
            let diagnostic = &line["diagnostic"];
            let address = text(&diagnostic["address"]);
            Fault {
                action: actions.get(&address).cloned().unwrap_or_default(),
                address,
                summary: text(&diagnostic["summary"]),
                detail: text(&diagnostic["detail"]),
            }
        })
        .collect()
}

impl Fault {
    /// The step that the message names, the last one if it names several: what is said last has to work. A message may
    /// tell apart what the plan does with the resource: then an import is for one that is created, and a command for
    /// one that is replaced.
    pub fn advice(&self) -> Option<Advice> {
        let lines: Vec<&str> = self.detail.lines().map(str::trim).collect();
        let named = lines.iter().enumerate().filter_map(|(number, line)| match *line {
            "import {" => import(&lines[number..]),
            line => command(line).map(Advice::Command),
        });
        let named: Vec<Advice> = named.collect();
        let is_import = |advice: &Advice| matches!(advice, Advice::Import { .. });
        let fitting = match self.action.as_str() {
            "create" => named.iter().rfind(|advice| is_import(advice)),
            "replace" => named.iter().rfind(|advice| !is_import(advice)),
            _ => None,
        };
        fitting.or(named.last()).cloned().map(|advice| self.at(advice))
    }

    /// The advice with the address of the resource, where the message cannot know it and says so.
    fn at(&self, advice: Advice) -> Advice {
        let own = |word: String| {
            if word == "ADDRESS" || word.ends_with(".NAME") { self.address.clone() } else { word }
        };
        match advice {
            Advice::Import { to, id } => Advice::Import { to: own(to), id },
            Advice::Command(words) => Advice::Command(words.into_iter().map(own).collect()),
        }
    }
}

/// The import block that begins at the first of these lines.
fn import(lines: &[&str]) -> Option<Advice> {
    let value = |name: &str| {
        let members = lines.iter().take_while(|line| **line != "}").filter_map(|line| line.split_once('='));
        let mut values = members.filter(|(key, _)| key.trim() == name);
        values.next().map(|(_, value)| value.trim().trim_matches('"').to_owned())
    };
    Some(Advice::Import { to: value("to")?, id: value("id")? })
}

/// A complete command on a line of its own.
fn command(line: &str) -> Option<Vec<String>> {
    let arguments: Vec<String> = line
        .strip_prefix("terraform ")?
        .split_whitespace()
        .map(|word| word.trim_matches(['\'', '"']).to_owned())
        .collect();
    let known = arguments.first().is_some_and(|first| SUBCOMMANDS.contains(&first.as_str()));
    // A command in the middle of a sentence is none that can be pasted.
    let whole = !line.ends_with(['.', ',', ';', ':']) && arguments.len() >= 2;
    (known && whole).then_some(arguments)
}

/// Applies after an apply that failed. If that fails too, does what its errors say; or those of the apply before it, if
/// they name a step and these do not.
///
/// # Errors
/// When no step is named, or it does not help; with everything that was said.
pub fn recover(workspace: &Workspace, options: &[&str], failed: &Output) -> Result<Recovery, String> {
    let apply = || {
        let arguments: Vec<&str> = APPLY.iter().chain(options).copied().collect();
        workspace.run(&arguments).map_err(|error| error.to_string())
    };
    let refused = apply()?;
    if refused.success() {
        return Ok(Recovery::Apply);
    }
    let refusals = faults(&refused);
    let mut advice = advised(&refusals);
    if advice.is_empty() {
        // Of what failed before, some may have been put right by now.
        let still = |fault: &Fault| refusals.iter().any(|refusal| refusal.address == fault.address);
        advice = advised(&faults(failed).into_iter().filter(still).collect::<Vec<_>>());
    }
    if advice.is_empty() {
        return Err(format!("the next apply fails and names no step:\n{}", told(&refused)));
    }
    follow(workspace, &advice)
        .map_err(|error| format!("{error}\nthe next apply said:\n{}", told(&refused)))?;
    let output = apply()?;
    let _ = std::fs::remove_file(workspace.directory().join(IMPORTS));
    if output.success() {
        return Ok(Recovery::Step(advice));
    }
    Err(format!(
        "the step that was named does not help: {advice:?}\nbefore it:\n{}\nafter it:\n{}",
        told(&refused),
        told(&output)
    ))
}

/// All that these errors advise, each once.
fn advised(faults: &[Fault]) -> Vec<Advice> {
    let mut unique: Vec<Advice> = Vec::new();
    for advice in faults.iter().filter_map(Fault::advice) {
        if !unique.contains(&advice) {
            unique.push(advice);
        }
    }
    unique
}

/// Does what is advised.
fn follow(workspace: &Workspace, advice: &[Advice]) -> Result<(), String> {
    let mut blocks = String::new();
    for step in advice {
        match step {
            Advice::Import { to, id } => {
                blocks.push_str(&format!("import {{\n  to = {to}\n  id = {id:?}\n}}\n"));
            }
            Advice::Command(arguments) => {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                let output = workspace.run(&arguments).map_err(|error| error.to_string())?;
                if !output.success() {
                    return Err(format!(
                        "the command that was named fails: {arguments:?}\n{}",
                        output.combined()
                    ));
                }
            }
        }
    }
    if !blocks.is_empty() {
        std::fs::write(workspace.directory().join(IMPORTS), blocks).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// What went wrong, as far as it was said.
pub fn told(output: &Output) -> String {
    let faults = faults(output);
    if faults.is_empty() {
        return output.combined();
    }
    let told = faults.iter().map(|fault| format!("{}: {}\n{}", fault.address, fault.summary, fault.detail));
    told.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice_of(action: &str, detail: &str) -> Option<Advice> {
        let address = "module.a.x.this[\"1\"]".to_owned();
        Fault { address, action: action.into(), summary: "It exists".into(), detail: detail.into() }.advice()
    }

    fn advice(detail: &str) -> Option<Advice> {
        advice_of("update", detail)
    }

    fn command(words: &[&str]) -> Option<Advice> {
        Some(Advice::Command(words.iter().map(|word| (*word).to_owned()).collect()))
    }

    #[test]
    fn an_import_block_is_advice() {
        let block = "Add this block:\n\n  import {\n    to = x.NAME\n    id = \"audit@cn-beijing\"\n  }\n\nand apply.";
        let import = |to: &str| Some(Advice::Import { to: to.into(), id: "audit@cn-beijing".into() });
        assert_eq!(advice(block), import("module.a.x.this[\"1\"]"));
        assert_eq!(advice(&block.replace("x.NAME", "x.other")), import("x.other"));
    }

    #[test]
    fn a_command_on_a_line_of_its_own_is_advice_and_the_last_one_counts() {
        let text = "Run\n\n  terraform untaint 'x.this'\n\nand apply again.";
        assert_eq!(advice(text), command(&["untaint", "x.this"]));
        assert_eq!(
            advice(&text.replace("'x.this'", "ADDRESS")),
            command(&["untaint", "module.a.x.this[\"1\"]"])
        );
        assert_eq!(advice("After terraform untaint, apply again."), None);
        assert_eq!(advice("terraform untaint,"), None);
        let both = "  import {\n    to = x.a\n    id = \"i\"\n  }\nor\n  terraform untaint x.this";
        assert_eq!(advice(both), command(&["untaint", "x.this"]));
    }

    #[test]
    fn what_the_plan_does_decides_between_two_ways_out() {
        let both = "If it is replaced\n  terraform untaint x.a\nelse\n  import {\n    to = x.a\n    id = \"i\"\n  }\n";
        assert_eq!(advice_of("replace", both), command(&["untaint", "x.a"]));
        assert_eq!(advice_of("create", both), Some(Advice::Import { to: "x.a".into(), id: "i".into() }));
    }
}
