//! Refreshing: what the cloud says now, in the form the state has.

use std::sync::Arc;

use super::Resource;
use super::plan::bug;
use crate::schema::Schema;
use crate::value::Object;
use crate::{Cx, Diagnostics, Model, planning};

pub(super) async fn read<R: Resource>(
    schema: &Schema,
    cx: &Arc<Cx<R::Client>>,
    prior: Object,
) -> Result<Option<Object>, Diagnostics> {
    let typed = R::Model::from_object(prior.clone()).map_err(bug)?;
    let current = R::read(cx, typed).await?;
    Ok(current.map(|current| planning::settle(&schema.attributes, &prior, current.to_object())))
}
