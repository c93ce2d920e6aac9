//! Which rules are judged, how strictly, and what is excepted: the arguments that `audit`, `check-plan` and `rules` share.

use std::path::PathBuf;

use baseline::{Exceptions, Parameters, Profile, Selection, Severity};

use crate::failure::Failure;

/// Which rules are judged.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Rules")]
pub struct Arguments {
    /// Rules and their strictness: cis-2.0-l1, cis-2.0-l2, mlps-2.0-l3 or baseline.
    #[arg(long, value_name = "PROFILE", default_value = "baseline")]
    profile: Profile,

    /// TOML file with the numbers and names that rules compare with, where they differ from those of the profile.
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,

    /// TOML file with accepted failures: who accepted them, why, and until when.
    #[arg(long, value_name = "FILE")]
    exceptions: Option<PathBuf>,

    /// Judge these rules only, such as AT-01 or "SL-*". Repeatable.
    #[arg(long = "rule", value_name = "RULE")]
    only: Vec<String>,

    /// Leave these rules out. Repeatable.
    #[arg(long = "exclude-rule", value_name = "RULE")]
    except: Vec<String>,

    /// Judge rules of this severity and above only: low, medium, high or critical.
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<Severity>,
}

impl Arguments {
    /// Reads the files.
    ///
    /// # Errors
    /// A file with a mistake, with its line and column, or a rule that does not exist.
    pub fn read(&self) -> Result<Selection, Failure> {
        let selection = self.narrowed()?;
        if selection.rules.is_empty() {
            return Err(self.nothing_left());
        }
        Ok(selection)
    }

    /// The same for what judges changes as well.
    ///
    /// # Errors
    /// A file with a mistake, with its line and column, or a rule that does not exist.
    pub fn read_for_plan(&self) -> Result<Selection, Failure> {
        let selection = self.narrowed()?;
        if selection.rules.is_empty() && selection.changes.is_empty() {
            return Err(self.nothing_left());
        }
        Ok(selection)
    }

    fn nothing_left(&self) -> Failure {
        Failure::usage(format!("no rule of the profile {} is left to be judged", self.profile))
    }

    fn narrowed(&self) -> Result<Selection, Failure> {
        let mut selection = Selection::new(self.profile);
        if let Some(path) = &self.parameters {
            selection.parameters =
                Parameters::load(path, self.profile).map_err(|error| Failure::usage(error.to_string()))?;
        }
        if let Some(path) = &self.exceptions {
            selection.exceptions =
                Exceptions::load(path).map_err(|error| Failure::usage(error.to_string()))?;
        }
        selection.narrow(&self.only, &self.except, self.severity).map_err(|error| {
            Failure::usage(error.to_string())
                .with_hint("`alitrail rules --profile baseline` lists all rules, and `alitrail rules --changes` those about changes.")
        })?;
        Ok(selection)
    }
}
