//! What the resources beside a bucket share: lifecycle, policy, access logging and retention belong to a bucket, whose
//! errors they have, and are looked up for a plan.

use alibaba::oss::Oss;
use alibaba::{Error, ErrorKind, ServiceError};
use plugin::{Attr, Context, Diagnostics, Path};
use reconciler::failure::Operation;
use reconciler::{Failure, Object, Problem};

use super::bucket_fault;
use crate::config::Cloud;
use crate::resource_scope::while_planning;
use crate::scope::Scoped;

/// A call that failed for something in a bucket, with the region that the bucket is in where the service tells it. What is
/// refused for its contents is about `attribute`.
pub(crate) fn explain(
    object: &impl Object,
    bucket: &str,
    attribute: &str,
    doing: Operation,
    problem: &Problem,
) -> Option<Diagnostics> {
    let Failure::Call(error) = &problem.failure else { return None };
    let mut diagnostics = bucket_fault(&format!("{doing} {}", object.label()), bucket, object.scope(), error);
    // Public access that is blocked is a matter of what was sent too.
    let is_about_contents = |refused: &ServiceError| {
        refused.class().kind == ErrorKind::Invalid || refused.message.contains("Put public")
    };
    if error.service_error().is_some_and(is_about_contents) {
        for diagnostic in &mut diagnostics.0 {
            diagnostic.path = Path::attribute(attribute);
        }
    }
    Some(diagnostics)
}

/// Learns about a bucket for a plan, as far as that can be done in a few seconds: a courtesy, which fails no plan.
pub(crate) async fn learn<M, T, F, Fut>(
    context: &Context<Cloud>,
    model: &M,
    bucket: &Attr<String>,
    ask: F,
) -> Option<T>
where
    M: Scoped,
    F: FnOnce(Oss, String) -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let bucket = bucket.get()?.clone();
    while_planning(
        context,
        model,
        |scope| async move { ask(scope.client.oss(&scope.region), bucket).await.ok() },
    )
    .await
}
