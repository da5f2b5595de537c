//! The one call that changes a platform, and what its provider says of it meanwhile.

use std::pin::pin;
use std::time::Instant;

use futures_util::future::{Either, select};
use mesh_plan::Change;
use mesh_provider::{ApplyRequest, ApplyResponse, ConfiguredProvider, Progress};

use super::Applier;
use crate::events::{Event, Phase};

impl Applier<'_> {
    /// Asks a provider for one half of a change, and tells the observer what the provider reports until it answers.
    pub(super) async fn call(
        &self,
        provider: &dyn ConfiguredProvider,
        change: &Change,
        phase: Phase,
        request: ApplyRequest,
    ) -> ApplyResponse {
        let (progress, mut reports) = Progress::channel();
        #[expect(clippy::disallowed_methods, reason = "how long it has taken is shown, and decides nothing")]
        let began = Instant::now();
        let mut answer = pin!(provider.apply(ApplyRequest { progress, ..request }));
        let tell = |status| {
            let status = self.run.progress.borrow().secrets.hide_in(status);
            let Change { address, deposed, action, .. } = change;
            let (address, deposed, action) = (address.clone(), deposed.clone(), *action);
            let so_far = began.elapsed();
            self.observer.event(Event::Status { address, deposed, action, phase, so_far, status });
        };
        let response = loop {
            match select(pin!(reports.next()), answer.as_mut()).await {
                Either::Left((Some(status), _)) => tell(status),
                Either::Left((None, _)) => break answer.await,
                Either::Right((response, _)) => break response,
            }
        };
        // What was reported before the answer is told before its outcome.
        while let Some(status) = reports.waiting() {
            tell(status);
        }
        response
    }
}
