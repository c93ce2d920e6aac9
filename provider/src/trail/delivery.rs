//! A trail that somebody stopped, or that is enabled and yet delivers nothing: what the service says about it, and what to do.

use alibaba::actiontrail::{Trail, TrailStatus};
use plugin::{Diagnostic, Path};

/// A trail that was left logging and has been stopped since.
pub(super) fn stopped(trail: &Trail) -> Diagnostic {
    let since = match trail.stop_logging_time.as_deref() {
        Some(time) => format!("It was stopped at {time}, and the events since then are missing"),
        None => {
            "It was stopped, the service does not say when, and the events since then are missing".to_owned()
        }
    };
    Diagnostic::warning(
        format!("trail {:?} has been stopped", trail.name),
        format!(
            "{since} where the trail delivers. Apply with status = \"Enable\", which is the default, to start it again. \
             ActionTrail itself keeps events for 90 days: look there for who stopped it (the data source alitrail_events, with \
             EventName = \"StopLogging\"), and have what is missing delivered with alitrail_history_delivery_job."
        ),
    )
    .at(Path::attribute("status"))
}

/// What is wrong with the deliveries of an enabled trail.
pub(super) fn warnings(trail: &Trail, status: &TrailStatus) -> Vec<Diagnostic> {
    let name = &trail.name;
    let mut found = Vec::new();
    if !status.is_logging {
        found.push(
            Diagnostic::warning(
                format!("trail {name:?} is enabled and does not log"),
                "The service lists the trail as enabled, and its status says that it is not logging. Set status = \
                 \"Disable\", apply, and set it back. If that does not help, give the vendor's support its ARN.",
            )
            .at(Path::attribute("status")),
        );
    }
    let deliveries = [
        Delivery {
            attribute: "oss_bucket_name",
            destination: trail.oss_bucket_name.as_ref().map(|bucket| format!("bucket {bucket:?}")),
            error: status.latest_delivery_error.as_deref(),
            reachable: status.oss_bucket_status,
            last: status.latest_delivery_time.as_deref(),
            role: trail.oss_write_role_arn.as_deref(),
            needs: "Check that the bucket exists; that the role ROLE exists, trusts actiontrail.aliyuncs.com and may do \
                    oss:PutObject and oss:GetBucketInfo there; and that neither a policy nor a retention rule (WORM) of the \
                    bucket refuses its objects.",
        },
        Delivery {
            attribute: "sls_project_arn",
            destination: trail.sls_project_arn.as_ref().map(|arn| format!("SLS project {arn}")),
            error: status.latest_delivery_log_service_error.as_deref(),
            reachable: status.sls_log_store_status,
            last: status.latest_delivery_log_service_time.as_deref(),
            role: trail.sls_write_role_arn.as_deref(),
            needs: "Check that the project exists and still has the logstore LOGSTORE, and that the role ROLE exists, trusts \
                    actiontrail.aliyuncs.com and may do log:PostLogStoreLogs there.",
        },
    ];
    found.extend(deliveries.into_iter().filter_map(|delivery| delivery.warning(name)));
    found
}

/// How it goes with one destination.
struct Delivery<'s> {
    attribute: &'static str,
    destination: Option<String>,
    error: Option<&'s str>,
    reachable: Option<bool>,
    last: Option<&'s str>,
    role: Option<&'s str>,
    needs: &'static str,
}

impl Delivery<'_> {
    fn warning(self, trail: &str) -> Option<Diagnostic> {
        let destination = self.destination?;
        let says = match (self.error, self.reachable) {
            (Some(error), _) => format!("The service says: {error}."),
            (None, Some(false)) => "The service says that it cannot reach it.".to_owned(),
            _ => return None,
        };
        let last = self.last.map_or_else(
            || "Nothing was delivered there yet.".to_owned(),
            |last| format!("Its last delivery there was at {last}."),
        );
        let role = self.role.unwrap_or("AliyunServiceRoleForActionTrail");
        let needs = self.needs.replace("ROLE", role).replace("LOGSTORE", &format!("actiontrail_{trail}"));
        let detail =
            format!("{says} {last} Events that happen until this is repaired are missing there. {needs}");
        let summary = format!("trail {trail:?} cannot deliver to {destination}");
        Some(Diagnostic::warning(summary, detail).at(Path::attribute(self.attribute)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_trail_is_told_with_its_time() {
        let trail = Trail {
            name: "audit-trail".into(),
            stop_logging_time: Some("2026-03-01T10:00:00Z".into()),
            ..Trail::default()
        };
        let notified = stopped(&trail);
        assert_eq!(notified.summary, "trail \"audit-trail\" has been stopped");
        assert!(
            notified
                .detail
                .contains("stopped at 2026-03-01T10:00:00Z, and the events since then are missing")
        );
        let notified = stopped(&Trail { stop_logging_time: None, ..trail });
        assert!(notified.detail.contains("does not say when"), "{}", notified.detail);
    }

    #[test]
    fn only_what_is_wrong_is_told() {
        let trail = Trail {
            name: "audit-trail".into(),
            oss_bucket_name: Some("archive".into()),
            sls_project_arn: Some("acs:log:cn-hangzhou:1:project/audit".into()),
            ..Trail::default()
        };
        let well = TrailStatus {
            is_logging: true,
            oss_bucket_status: Some(true),
            latest_delivery_time: Some("2026-03-01T10:00:00Z".into()),
            ..TrailStatus::default()
        };
        assert_eq!(warnings(&trail, &well), []);
        let broken = TrailStatus {
            latest_delivery_error: Some("write oss failed".into()),
            sls_log_store_status: Some(false),
            ..well.clone()
        };
        let found = warnings(&trail, &broken);
        assert_eq!(found[0].summary, "trail \"audit-trail\" cannot deliver to bucket \"archive\"");
        assert!(
            found[0].detail.contains("write oss failed") && found[0].detail.contains("10:00:00"),
            "{found:?}"
        );
        assert!(found[1].detail.contains("actiontrail_audit-trail"), "{found:?}");
        // What is said of a destination that the trail does not have is about nothing.
        let elsewhere = Trail { oss_bucket_name: None, sls_project_arn: None, ..trail.clone() };
        assert_eq!(warnings(&elsewhere, &broken), []);
        let asleep = warnings(&trail, &TrailStatus { is_logging: false, ..well });
        assert_eq!(asleep[0].path, Path::attribute("status"));
    }
}
