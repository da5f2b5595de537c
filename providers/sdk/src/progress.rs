//! What a long operation says of itself on its way: a channel from the provider to whoever shows it.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Tells how far an operation is. Clones share one channel; the default is silent.
#[derive(Clone, Debug, Default)]
pub struct Progress(Option<UnboundedSender<String>>);

/// What was told, in order.
#[derive(Debug)]
pub struct Reports(UnboundedReceiver<String>);

impl Progress {
    /// A channel: what is told on the one end arrives at the other.
    #[must_use]
    pub fn channel() -> (Self, Reports) {
        let (sender, receiver) = unbounded_channel();
        (Self(Some(sender)), Reports(receiver))
    }

    /// Tells a status, such as `STARTING: provisioning instances`. Never holds a secret.
    pub fn report(&self, status: impl Into<String>) {
        if let Some(sender) = &self.0 {
            // Where nobody listens any more, nobody misses it.
            let _ = sender.send(status.into());
        }
    }
}

impl Reports {
    /// Waits for the next; `None` once nobody is left to tell one.
    pub async fn next(&mut self) -> Option<String> {
        self.0.recv().await
    }

    /// The next that was told already.
    pub fn waiting(&mut self) -> Option<String> {
        self.0.try_recv().ok()
    }
}
