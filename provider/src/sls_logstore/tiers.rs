//! The arithmetic of storage tiers: hot days, then infrequent-access days, then archive days make up the retention.

use plugin::{Attr, Diagnostic, Diagnostics, Path};
use reconciler::sls_logstore::PERMANENT;

use super::model::LogstoreModel;

/// The shortest stay in archive storage (SLS API reference, CreateLogStore).
const SHORTEST_ARCHIVE: i64 = 60;

/// What is wrong with the tiers, as far as they are known. An unset retention is its default.
pub(super) fn check(model: &LogstoreModel) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut wrong = |attribute: &str, summary: &str, detail: String| {
        found.push(Diagnostic::error(summary, detail).at(Path::attribute(attribute)));
    };
    let kept = match model.retention_period {
        Attr::Known(days) => Some(days),
        Attr::Null => Some(PERMANENT),
        Attr::Unknown(_) => None,
    };
    if let (Some(hot), Some(kept)) = (model.hot_ttl.get(), kept)
        && *hot > kept
    {
        let detail = format!(
            "hot_ttl is {hot} days, but retention_period deletes logs after {kept}. Lower hot_ttl, leave it out to keep \
             all logs hot, or raise retention_period."
        );
        wrong("hot_ttl", "hot_ttl is longer than retention_period", detail);
        return found;
    }
    let Some(infrequent) = model.infrequent_access_ttl.get().copied() else { return found };
    if model.hot_ttl.is_null() {
        let detail = "Without hot_ttl all logs stay hot, so none would ever reach infrequent-access storage. Set hot_ttl to \
                      the days before that."
            .to_owned();
        wrong("infrequent_access_ttl", "infrequent_access_ttl without hot_ttl", detail);
    }
    let (Some(hot), Some(kept)) = (model.hot_ttl.get().copied(), kept) else { return found };
    let archive = kept - hot - infrequent;
    if archive < 0 {
        let detail = format!(
            "hot_ttl ({hot}) and infrequent_access_ttl ({infrequent}) add up to {} days, but retention_period deletes \
             logs after {kept}. Lower one of the two, or raise retention_period.",
            hot + infrequent
        );
        wrong("infrequent_access_ttl", "Tiers are longer than the retention", detail);
    } else if (1..SHORTEST_ARCHIVE).contains(&archive) {
        let detail = format!(
            "After {hot} hot days and {infrequent} in infrequent-access storage, {archive} of the {kept} days of \
             retention_period are left for archive storage, where logs stay at least {SHORTEST_ARCHIVE} days. Set \
             infrequent_access_ttl to {}, so that none are left, or retention_period to {} or more.",
            infrequent + archive,
            (hot + infrequent + SHORTEST_ARCHIVE).min(PERMANENT)
        );
        wrong("infrequent_access_ttl", "Too few days left for archive storage", detail);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(kept: Attr<i64>, hot: Attr<i64>, infrequent: Attr<i64>) -> Vec<String> {
        let model = LogstoreModel {
            retention_period: kept,
            hot_ttl: hot,
            infrequent_access_ttl: infrequent,
            ..LogstoreModel::default()
        };
        check(&model).0.into_iter().map(|error| error.summary).collect()
    }

    #[test]
    fn tiers_add_up() {
        for (kept, hot, infrequent) in [
            (Attr::Null, Attr::Null, Attr::Null),
            (180.into(), 180.into(), Attr::Null),
            (Attr::Null, 30.into(), 30.into()),
            (90.into(), 30.into(), 60.into()),
            (120.into(), 30.into(), 30.into()),
        ] {
            assert!(
                wrong(kept.clone(), hot.clone(), infrequent.clone()).is_empty(),
                "{kept:?} {hot:?} {infrequent:?}"
            );
        }
        for (kept, hot, infrequent, summary) in [
            (60.into(), 90.into(), Attr::Null, "hot_ttl is longer than retention_period"),
            (Attr::Null, Attr::Null, 30.into(), "infrequent_access_ttl without hot_ttl"),
            (59.into(), 30.into(), 30.into(), "Tiers are longer than the retention"),
            (119.into(), 30.into(), 30.into(), "Too few days left for archive storage"),
            (61.into(), 30.into(), 30.into(), "Too few days left for archive storage"),
        ] {
            assert_eq!(wrong(kept, hot, infrequent), [summary]);
        }
    }

    #[test]
    fn what_is_unknown_is_not_judged() {
        assert!(wrong(Attr::UNKNOWN, 90.into(), 30.into()).is_empty());
        assert!(wrong(60.into(), Attr::UNKNOWN, 30.into()).is_empty());
        assert!(wrong(60.into(), 60.into(), Attr::UNKNOWN).is_empty());
    }
}
