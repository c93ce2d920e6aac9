//! Which logstores a resource of the configuration looks after, as far as one run of Terraform has shown, and the warning of a
//! plan about one that neither exists nor is among them.

use std::time::Duration;

use plugin::{Attr, Context, Diagnostic, Path};
use reconciler::Scope;

use crate::config::Cloud;
use crate::oss_bucket_lifecycle::RetentionRegistry;
use crate::resource_scope::while_planning;
use crate::scope::Scoped;

/// How long a resource that does not depend on this one may take to be asked for: Terraform does so in any order.
const SOON: Duration = Duration::from_millis(200);

/// The logstores, by project and name, and the projects that are to be made. Lives as long as the provider's configuration.
#[derive(Debug, Clone, Default)]
pub struct LogstoreRegistry {
    logstores: RetentionRegistry,
    new_projects: RetentionRegistry,
}

impl LogstoreRegistry {
    /// Enters a logstore, if its name is known.
    pub(crate) fn resolve(&self, project: &Attr<String>, logstore: &Attr<String>) {
        if let (Some(project), Some(logstore)) = (project.get(), logstore.get()) {
            self.logstores.resolve(&format!("{project}:{logstore}").into());
        }
    }

    /// Enters a project that is to be made, if its name is known.
    pub(crate) fn enter_new_project(&self, project: &Attr<String>) {
        self.new_projects.resolve(project);
    }
}

/// The warning about a logstore that does not exist and that no resource of the configuration makes. `then` says what that
/// means. Whatever cannot be seen is no reason to warn.
pub(crate) async fn missing<M: Scoped>(
    context: &Context<Cloud>,
    model: &M,
    project: &str,
    logstore: &str,
    path: Path,
    then: &str,
) -> Option<Diagnostic> {
    let look = |scope: Scope| async move {
        scope.client.sls(&scope.region).get_logstore(project, logstore).await.err()
    };
    let refused = while_planning(context, model, look).await?;
    let registry = &context.client().ok()?.logstores;
    // A project that no resource makes has its own error, or is made by another provider block, as its logstores are.
    let is_missing = refused.is_code("LogStoreNotExist")
        || refused.is_code("ProjectNotExist") && registry.new_projects.has(project, SOON).await;
    if !is_missing || registry.logstores.has(&format!("{project}:{logstore}"), SOON).await {
        return None;
    }
    let detail = format!(
        "Nothing in this configuration makes the logstore, as far as this provider block shows. {then} Check project_name and \
         logstore_name."
    );
    Some(
        Diagnostic::warning(format!("There is no logstore {:?}", format!("{project}:{logstore}")), detail)
            .at(path),
    )
}
