//! The example that the demo applies, carried in the executable so that an installed command has it too.

use std::fs;
use std::io;
use std::path::Path;

/// Path below `examples/` and text of every file of the example and its module.
const FILES: [(&str, &str); 7] = [
    ("single-account/main.tf", include_str!("../../../examples/single-account/main.tf")),
    ("single-account/outputs.tf", include_str!("../../../examples/single-account/outputs.tf")),
    ("single-account/variables.tf", include_str!("../../../examples/single-account/variables.tf")),
    (
        "modules/secure-trail-baseline/main.tf",
        include_str!("../../../examples/modules/secure-trail-baseline/main.tf"),
    ),
    (
        "modules/secure-trail-baseline/outputs.tf",
        include_str!("../../../examples/modules/secure-trail-baseline/outputs.tf"),
    ),
    (
        "modules/secure-trail-baseline/variables.tf",
        include_str!("../../../examples/modules/secure-trail-baseline/variables.tf"),
    ),
    (
        "modules/secure-trail-baseline/versions.tf",
        include_str!("../../../examples/modules/secure-trail-baseline/versions.tf"),
    ),
];

/// The directory of the configuration itself, below where [`write`] put the files.
pub(super) const ROOT: &str = "single-account";

/// Writes the example below a directory.
pub(super) fn write(below: &Path) -> io::Result<()> {
    for (path, text) in FILES {
        let path = below.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_of_the_example_is_carried() {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
        let mut found = BTreeSet::new();
        for directory in ["single-account", "modules/secure-trail-baseline"] {
            for entry in fs::read_dir(examples.join(directory)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                if name.ends_with(".tf") {
                    found.insert(format!("{directory}/{name}"));
                }
            }
        }
        let carried: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(carried, found);
    }
}
