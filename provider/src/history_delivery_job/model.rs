//! The attributes of `alitrail_history_delivery_job`.

use alibaba::actiontrail::HistoryJob;
use plugin::{Attr, Model};

use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_history_delivery_job`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/actiontrail/history_jobs/{id}")]
pub struct HistoryDeliveryJobModel {
    /// Name of the trail to whose logstore the events go. It needs an SLS project, and cannot be a trail of the
    /// organization.
    #[attr(required, replace, check = check::trail_name)]
    pub trail_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(
        flatten,
        identity(id),
        describe(
            id = "Number of the job.",
            region = "Region the trail is at home in. Default: the provider's."
        )
    )]
    pub scope: Regional,
    /// How the job went: 2 is done, 3 is failed.
    #[attr(computed)]
    pub status: Attr<i64>,
    /// When the job was made.
    #[attr(computed)]
    pub create_time: Attr<String>,
    /// When it ended.
    #[attr(computed)]
    pub end_time: Attr<String>,
}

impl HistoryDeliveryJobModel {
    pub(super) fn trail(&self) -> &str {
        self.trail_name.as_str().unwrap_or_default()
    }

    pub(super) fn job(&self) -> &str {
        self.scope.global.id.as_str().unwrap_or_default()
    }

    /// The model as the service describes the job.
    pub(super) fn read_from(&self, job: &HistoryJob) -> Self {
        let mut model = Self {
            trail_name: job.trail_name.clone().into(),
            status: job.job_status.into(),
            create_time: job.created_time.clone().into(),
            end_time: job.end_time.clone().into(),
            ..self.clone()
        };
        model.scope.global.id = job.job_id.clone().into();
        model
    }
}
