//! `alitrail_baseline_findings`: what is not as the controls ask in an account, by the rules of `alitrail audit`. Reads only.

use baseline::{Finding, Profile, Selection, Severity, Verdict, collect};
use plugin::{Attr, Context, DataSource, Diagnostic, Diagnostics, Model, Path};

use crate::config::Cloud;
use crate::resource_scope::resolve;
use crate::scope::{Location, RegionalQuery};

/// The data source.
#[derive(Debug)]
pub struct BaselineFindingsSource;

/// Attributes of `alitrail_baseline_findings`.
#[derive(Debug, Clone, Default, Model)]
pub struct BaselineFindingsModel {
    /// `id`, `region` and `account_id`.
    #[attr(
        flatten,
        describe(
            id = "Id of the account.",
            region = "Region that is asked first, and for what has no region of its own. Default: the provider's."
        )
    )]
    pub scope: RegionalQuery,
    /// Rules to judge by, and how strictly.
    #[attr(default = "baseline", one_of("cis-2.0-l1", "cis-2.0-l2", "mlps-2.0-l3", "baseline"))]
    pub profile: Attr<String>,
    /// Judge these rules of the profile only, by id or pattern such as `AT-*`. Default: all of it.
    #[attr(optional)]
    pub rules: Attr<Vec<String>>,
    /// Leave these rules out, by id or pattern.
    #[attr(optional)]
    pub exclude_rules: Attr<Vec<String>>,
    /// Judge rules of this severity and above only.
    #[attr(default = "low", one_of("low", "medium", "high", "critical"))]
    pub severity: Attr<String>,
    /// What is not as the rules ask; empty if everything is.
    #[attr(computed)]
    pub findings: Attr<Vec<FindingEntry>>,
    /// What could not be judged, for lack of a permission or of knowledge. An account is only known to be compliant if this is
    /// empty as well.
    #[attr(computed)]
    pub not_judged: Attr<Vec<FindingEntry>>,
}

/// One finding of `alitrail_baseline_findings`.
#[derive(Debug, Clone, Default, Model)]
pub struct FindingEntry {
    /// Id of the rule, such as `AT-04`.
    #[attr(computed)]
    pub rule: Attr<String>,
    /// `low`, `medium`, `high` or `critical`.
    #[attr(computed)]
    pub severity: Attr<String>,
    /// What was judged: its kind and name, such as `trail audit`.
    #[attr(computed)]
    pub resource: Attr<String>,
    /// Region of it; null for what has none.
    #[attr(computed)]
    pub region: Attr<String>,
    /// What was seen.
    #[attr(computed)]
    pub message: Attr<String>,
    /// What to do about it.
    #[attr(computed)]
    pub remedy: Attr<String>,
}

impl DataSource for BaselineFindingsSource {
    type Client = Cloud;
    type Model = BaselineFindingsModel;
    const TYPE: &'static str = "alitrail_baseline_findings";
    const DESCRIPTION: &'static str = "What is not as the controls of the audit trail ask in an account, by the rules of \
        `alitrail audit`. Made for `check` blocks. Only reads; looking at an account takes a few calls for each region.";

    async fn read(
        context: &Context<Cloud>,
        config: BaselineFindingsModel,
    ) -> Result<BaselineFindingsModel, Diagnostics> {
        let selection = selection(&config)?;
        let scope = resolve(context, &config).await?;
        let options = collect::Options { region: scope.region.to_string(), ..collect::Options::default() };
        let account = scope.account.to_string();
        let facts = collect::account(&scope.client, &account, None, &options).await;
        let mut found = selection.judge_account(&facts);
        found.sort_by(|one, other| (one.rule, &one.resource).cmp(&(other.rule, &other.resource)));
        let of = |verdicts: &[Verdict]| -> Vec<FindingEntry> {
            found.iter().filter(|finding| verdicts.contains(&finding.verdict)).map(entry).collect()
        };
        Ok(BaselineFindingsModel {
            findings: of(&[Verdict::Fail]).into(),
            not_judged: of(&[Verdict::CouldNotLook, Verdict::Unknown]).into(),
            scope: RegionalQuery::located(account.into(), &scope),
            ..config
        })
    }
}

/// Which rules are judged.
fn selection(config: &BaselineFindingsModel) -> Result<Selection, Diagnostics> {
    let wrong = |attribute: &str, why: String| {
        let summary = format!("Invalid {attribute}");
        Diagnostics::from(Diagnostic::error(summary, why).at(Path::attribute(attribute)))
    };
    let profile: Profile = config
        .profile
        .as_str()
        .unwrap_or_default()
        .parse()
        .map_err(|error: baseline::profile::UnknownProfile| wrong("profile", error.to_string()))?;
    let severity: Severity = config
        .severity
        .as_str()
        .unwrap_or_default()
        .parse()
        .map_err(|error: baseline::finding::UnknownSeverity| wrong("severity", error.to_string()))?;
    let mut selection = Selection::new(profile);
    let patterns = |list: &Attr<Vec<String>>| list.get().cloned().unwrap_or_default();
    let list = |attribute: &str, only: &[String], except: &[String], selection: &mut Selection| {
        selection.narrow(only, except, Some(severity)).map_err(|error| {
            wrong(
                attribute,
                format!("{error}. Write the id of a rule of `alitrail rules`, or a pattern such as AT-*."),
            )
        })
    };
    list("rules", &patterns(&config.rules), &[], &mut selection)?;
    list("exclude_rules", &[], &patterns(&config.exclude_rules), &mut selection)?;
    Ok(selection)
}

fn entry(finding: &Finding) -> FindingEntry {
    FindingEntry {
        rule: finding.rule.to_owned().into(),
        severity: finding.severity.as_str().to_owned().into(),
        resource: finding.resource.to_string().into(),
        region: finding.region.clone().into(),
        message: finding.message.clone().into(),
        remedy: finding.remedy.clone().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> BaselineFindingsModel {
        BaselineFindingsModel {
            profile: "baseline".into(),
            severity: "low".into(),
            ..BaselineFindingsModel::default()
        }
    }

    #[test]
    fn rules_are_chosen_by_profile_pattern_and_severity() {
        let ids = |config: &BaselineFindingsModel| -> Vec<&str> {
            selection(config).unwrap().rules.iter().map(|rule| rule.id).collect()
        };
        assert_eq!(ids(&config()).len(), baseline::rules().len());
        let narrow = BaselineFindingsModel {
            rules: vec!["AT-0*".to_owned()].into(),
            exclude_rules: vec!["AT-01".to_owned()].into(),
            severity: "critical".into(),
            ..config()
        };
        assert_eq!(ids(&narrow), ["AT-02", "AT-04", "AT-05"]);
        let wrong = BaselineFindingsModel { rules: vec!["XX-1".to_owned()].into(), ..config() };
        assert!(selection(&wrong).is_err());
    }
}
