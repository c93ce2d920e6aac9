//! `alitrail audit`: looks at an account, several, or an organization, and says what is not as the controls ask. It only reads,
//! and never waits for anything to arrive.

pub(crate) mod progress;
pub mod scope;

use std::process::ExitCode;

use baseline::audit::Options;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::report::{self, Document};
use crate::{cloud, mock, selection};
use progress::Progress;

/// An account is entered once, and again only for what trails of other accounts deliver to.
const SESSIONS: scope::Sessions = scope::Sessions { name: "alitrail-audit", kept: 64 };

/// Arguments of `alitrail audit`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    scope: scope::Arguments,
    #[command(flatten)]
    selection: selection::Arguments,
    #[command(flatten)]
    report: report::Arguments,
    #[command(flatten)]
    cloud: cloud::Arguments,
}

/// Runs an audit. The exit code is that of the report.
///
/// # Errors
/// Bad arguments or files, or a caller or directory that cannot be read.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let selection = arguments.selection.read()?;
    let report = arguments.report.prepare()?;
    let runtime = mock::runtime()?;
    runtime.block_on(async {
        let connection = arguments.cloud.connect().await?;
        let mut collect = baseline::collect::Options {
            region: connection.region.clone(),
            ..baseline::collect::Options::default()
        };
        collect.oss_freshness_minutes = selection.parameters.oss_freshness_minutes;
        collect.sls_freshness_minutes = selection.parameters.sls_freshness_minutes;
        let cancel = cancelled_by_interrupt();
        let scope = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Failure::not_looked_at("interrupted before anything was looked at")),
            scope = arguments.scope.resolve(&connection, &collect, SESSIONS) => scope?,
        };
        let mut progress = Progress::new(scope.targets.len());
        let options = Options { concurrency: scope.parallel, collect, cancel };
        let members = &scope.members;
        let found = baseline::audit(
            scope.targets,
            |target| members.connect(target),
            scope.organization,
            &selection,
            &options,
            |event| progress.show(event),
        )
        .await;
        progress.finish();
        let document = Document { shard: scope.shard, ..Document::new("audit", found) };
        report.finish(document)
    })
}

/// A token that the first Ctrl-C cancels, so that the command ends with what there is; the second ends the process.
pub(crate) fn cancelled_by_interrupt() -> CancellationToken {
    let cancel = CancellationToken::new();
    let interrupt = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupt.cancel();
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        }
    });
    cancel
}
