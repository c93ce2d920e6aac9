//! Where each version of Terraform shows a diagnostic about something inside of an attribute's value.

use acceptance_tests::{Fixture, full, packaged};
use test_kit::terraform::Terraform;

const CONFIGURATION: &str = r#"resource "alitrail_oss_bucket_lifecycle" "this" {
  bucket = "an-archive"
  rules = {
    all = { expiration = { days = 400 } }
    until = {
      expiration = {
        created_before_date = "1 Jan 2027"
      }
    }
  }
}
resource "alitrail_oss_bucket" "this" {
  bucket = "an-archive"
  server_side_encryption = {
    sse_algorithm     = "AES256"
    kms_master_key_id = "0000-1111"
  }
}
"#;

/// A validation comes before the provider knows the version, so that every version is sent what the oldest can place.
#[test]
fn a_deep_path_is_shown_at_the_attribute_or_at_its_element_and_never_at_the_first_line() {
    let versions: [Terraform; 4] = [packaged("1.6.6"), packaged("1.11.4"), packaged("1.15.5"), full()];
    for terraform in versions {
        let fixture = Fixture::new(&terraform);
        fixture.configure(CONFIGURATION);
        let said = fixture.fail(&["plan", "-no-color", "-input=false"]);
        let version = format!("{:?}", terraform.version());
        for (path, line) in [
            (r#"rules["until"].expiration.created_before_date"#, "line 5,"),
            ("server_side_encryption.kms_master_key_id", "line 14,"),
        ] {
            assert!(said.contains(path), "{version}: {path} is not named:\n{said}");
            assert!(said.contains(line), "{version}: {path} is not at {line}\n{said}");
        }
        assert!(!said.contains("line 1,") && !said.contains("line 12,"), "{version}:\n{said}");
    }
}
