//! Ctrl-C: the first starts nothing new and asks what takes long to end, the second ends the process with the journal
//! intact.

use mesh_provider::Stop;

use crate::terminal::Terminal;

/// The exit code of a process that a signal ended, as shells count it.
const INTERRUPTED: i32 = 130;

/// Watches for Ctrl-C and SIGTERM until the process ends; the answer is requested to stop by the first.
pub fn watch(terminal: &Terminal) -> Stop {
    let stop = Stop::default();
    let (requested, terminal) = (stop.clone(), terminal.clone());
    tokio::spawn(async move {
        signalled().await;
        requested.request();
        terminal.note(
            "\nStopping: nothing new is started, and what is in flight is finished, but for programs, which are ended. \
             Interrupt again to end at once; what is then under way is settled by the next run.",
        );
        signalled().await;
        terminal
            .note("\nEnding at once. The journal knows what was under way; the next run finds out how far it came.");
        std::process::exit(INTERRUPTED);
    });
    stop
}

async fn signalled() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match terminate {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
