//! Configurations with keys that nothing declares.

use super::*;

fn lint(files: &[(&str, &str)]) -> Found {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let module = Module::read(directory.path()).unwrap();
    let modules = local_modules(directory.path(), &module);
    let mut found = Found::default();
    Checker::new(&module, &mut found).check(&schemas(), &modules);
    found.unreadable.extend(module.unreadable);
    found
}

/// The unknown keys as `line path meant`.
fn unknown(files: &[(&str, &str)]) -> Vec<String> {
    let found = lint(files);
    let text = |one: &Unknown| format!("{} {} {}", one.line, one.path, one.meant.as_deref().unwrap_or("-"));
    found.unknown.iter().map(text).collect()
}

const RULES: &str = r#"
resource "alitrail_oss_bucket_lifecycle" "archive" {
  bucket = "archive"
  rules = {
    archive = {
      prefix     = "AliyunLogs/"
      expiraton  = { days = 400 }
      expiration = { dayz = 400 }
    }
  }
}
"#;

#[test]
fn a_misspelt_key_is_found_at_its_line_with_the_right_name() {
    let found = unknown(&[("main.tf", RULES)]);
    assert_eq!(found, ["7 rules.archive.expiraton expiration", "8 rules.archive.expiration.dayz days"]);
}

#[test]
fn variables_locals_and_files_of_values_are_followed() {
    let main = r#"
variable "rules" {
  default = { a = { expiration = { dais = 1 } } }
}
locals {
  base = { b = { prefixx = "x" } }
}
resource "alitrail_oss_bucket_lifecycle" "this" {
  bucket = "archive"
  rules  = merge(var.rules, local.base, var.more ? {} : { for name in ["c"] : name => { enabld = true } })
}
"#;
    let values = "rules = { d = { transitons = {} } }\n";
    let mut found = unknown(&[("main.tf", main), ("terraform.tfvars", values)]);
    found.sort();
    let paths: Vec<&str> = found.iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert!(paths.contains(&"rules.a.expiration.dais"), "{found:?}");
    assert!(paths.contains(&"rules.b.prefixx"), "{found:?}");
    assert!(paths.contains(&"rules.d.transitons"), "{found:?}");
    assert!(paths.contains(&"rules[*].enabld"), "{found:?}");
}

#[test]
fn objects_of_modules_are_held_to_the_types_of_their_variables() {
    let called = "variable \"alerts\" {\n  type = map(object({ query = string, severity = optional(number, 6) }))\n}\n";
    let main = "module \"alerts\" {\n  source = \"./alerts\"\n  alerts = { a = { querry = \"x\", severity = 8 } }\n}\n";
    let found = unknown(&[("main.tf", main), ("alerts/variables.tf", called)]);
    assert_eq!(found, ["3 alerts.a.querry query"]);
}

#[test]
fn what_is_not_written_out_is_said_and_what_is_right_is_not() {
    let main = "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"b\"\n  rules = data.external.x.result\n}\n";
    let found = lint(&[("main.tf", main)]);
    assert_eq!((found.unknown.len(), found.not_seen.len()), (0, 1), "{found:?}");
    let broken = lint(&[("main.tf", "resource {")]);
    assert_eq!(broken.unreadable.len(), 1);
    let loops = "locals {\n  a = local.b\n  b = local.a\n}\nresource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  rules = local.a\n}\n";
    assert!(lint(&[("main.tf", loops)]).unknown.is_empty());
}

#[test]
fn the_examples_have_no_unknown_key() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let arguments = Arguments { directory: examples, json: false };
    assert_eq!(format!("{:?}", run(&arguments).unwrap()), format!("{:?}", ExitCode::SUCCESS));
}
