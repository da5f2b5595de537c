//! Shows a run as it happens: a line that moves on a terminal, plain lines elsewhere, one event a line in JSON.

mod running;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use mesh_engine::{Event, Observer, Phase};
use mesh_plan::{Action, ReplaceOrder};
use mesh_value::InstanceAddress;
use serde_json::json;

use self::running::Running;
use crate::terminal::Terminal;

/// Shows events on a terminal.
pub struct Progress<'a> {
    terminal: &'a Terminal,
    /// Whether JSON is one event a line; else it is one document, which the command prints.
    prints_events: bool,
    bar: Option<ProgressBar>,
    running: Arc<Mutex<Running>>,
}

impl<'a> Progress<'a> {
    /// Progress on standard error.
    pub fn new(terminal: &'a Terminal) -> Self {
        Self::with_events(terminal, false)
    }

    /// Progress on standard error; events on standard output where JSON is asked for.
    pub fn of_apply(terminal: &'a Terminal) -> Self {
        Self::with_events(terminal, true)
    }

    fn with_events(terminal: &'a Terminal, prints_events: bool) -> Self {
        let running = Arc::<Mutex<Running>>::default();
        let bar = terminal.is_live.then(|| {
            let bar = ProgressBar::new_spinner();
            // Two columns are the spinner's.
            let (shown, width) = (running.clone(), terminal.error_style().width.saturating_sub(2));
            let line = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                let line = shown.lock().unwrap_or_else(PoisonError::into_inner).line(width);
                let _ = out.write_str(&line);
            };
            if let Ok(style) = ProgressStyle::with_template("{spinner} {running}") {
                bar.set_style(style.with_key("running", line));
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { terminal, prints_events, bar, running }
    }

    /// Takes the moving line away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.terminal.note(line)),
            None => self.terminal.note(line),
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(
        &self,
        event: &str,
        address: &str,
        action: Action,
        phase: Phase,
        took: Option<Duration>,
        status: Option<&str>,
    ) {
        let mut line =
            json!({ "type": event, "address": address, "action": action.word(), "phase": phase_word(phase) });
        if let Some(took) = took {
            line["seconds"] = json!(took.as_secs_f64());
        }
        if let Some(status) = status {
            line["status"] = json!(status);
        }
        self.terminal.print_event(&line);
    }

    /// Whether what goes on is said in lines that stay.
    const fn says_all(&self) -> bool {
        self.bar.is_none() || self.terminal.verbose > 0
    }

    fn text(&self, event: Event) {
        match event {
            Event::Planning { .. } => {}
            Event::Refreshing { provider, objects } => {
                self.running().start(format!("provider.{provider}"), format!("reading {}", counted(objects)));
                if self.terminal.verbose > 0 {
                    self.say(&format!("provider.{provider}: reading {}", counted(objects)));
                }
            }
            Event::Refreshed { provider, .. } => self.running().end(&format!("provider.{provider}")),
            Event::Settled { address, finding } => self.say(&format!("{address}: {finding}")),
            Event::Started { address, deposed, action, phase } => {
                let address = named(&address, deposed.as_deref());
                if self.says_all() {
                    self.say(&format!("{address}: {}...", doing(action, phase)));
                }
                self.running().start(address, doing(action, phase).to_lowercase());
            }
            Event::Status { address, deposed, action, phase, so_far, status } => {
                let address = named(&address, deposed.as_deref());
                let due = self.running().tell(&address, &status, so_far);
                if due.after_a_while && self.says_all() {
                    let doing = doing(action, phase).to_lowercase();
                    self.say(&format!("{address}: still {doing}, {}: {status}", running::clock(so_far)));
                }
            }
            Event::Finished { address, deposed, action, phase, took } => {
                let address = named(&address, deposed.as_deref());
                self.running().end(&address);
                self.say(&format!("{address}: {} after {}", done(action, phase), seconds(took)));
            }
            Event::Failed { address, deposed, action, phase, took } => {
                let address = named(&address, deposed.as_deref());
                self.running().end(&address);
                self.say(&format!("{address}: {} failed after {}", doing(action, phase).to_lowercase(), seconds(took)));
            }
            Event::Refused { address, .. } => {
                let address = named(&address, None);
                self.running().end(&address);
                self.say(&format!("{address}: not begun, it would pass a budget"));
            }
        }
    }
}

impl Observer for Progress<'_> {
    fn event(&self, event: Event) {
        if !self.terminal.json {
            return self.text(event);
        }
        if !self.prints_events {
            return;
        }
        match event {
            Event::Planning { blocks } => self.terminal.print_event(&json!({ "type": "planning", "blocks": blocks })),
            Event::Refreshing { provider, objects } => {
                self.terminal.print_event(&json!({ "type": "refreshing", "provider": provider, "objects": objects }));
            }
            Event::Refreshed { provider, objects } => {
                self.terminal.print_event(&json!({ "type": "refreshed", "provider": provider, "objects": objects }));
            }
            Event::Settled { address, finding } => {
                self.terminal.print_event(&json!({ "type": "settled", "address": address, "finding": finding }));
            }
            Event::Status { address, deposed, action, phase, so_far, status } => {
                let address = named(&address, deposed.as_deref());
                let due = self.running().tell(&address, &status, so_far);
                if due.says_more || due.after_a_while {
                    self.step("status", &address, action, phase, Some(so_far), Some(&status));
                }
            }
            Event::Started { address, deposed, action, phase } => {
                let address = named(&address, deposed.as_deref());
                self.step("started", &address, action, phase, None, None);
                self.running().start(address, String::new());
            }
            Event::Finished { address, deposed, action, phase, took } => {
                let address = named(&address, deposed.as_deref());
                self.running().end(&address);
                self.step("finished", &address, action, phase, Some(took), None);
            }
            Event::Failed { address, deposed, action, phase, took } => {
                let address = named(&address, deposed.as_deref());
                self.running().end(&address);
                self.step("failed", &address, action, phase, Some(took), None);
            }
            Event::Refused { address, action, phase } => {
                let address = named(&address, None);
                self.running().end(&address);
                self.step("refused", &address, action, phase, None, None);
            }
        }
    }
}

/// An object's address, with the key of a deposed one.
fn named(address: &InstanceAddress, deposed: Option<&str>) -> String {
    deposed.map_or_else(|| address.to_string(), |key| format!("{address} (deposed {key})"))
}

const fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Make => "make",
        Phase::Destroy => "destroy",
    }
}

const fn doing(action: Action, phase: Phase) -> &'static str {
    match (action, phase) {
        (_, Phase::Destroy) => "Destroying",
        (Action::Update, _) => "Changing",
        (Action::Read, _) => "Reading",
        (Action::Replace(ReplaceOrder::CreateBeforeDestroy), _) => "Creating the replacement",
        _ => "Creating",
    }
}

const fn done(action: Action, phase: Phase) -> &'static str {
    match (action, phase) {
        (_, Phase::Destroy) => "destroyed",
        (Action::Update, _) => "changed",
        (Action::Read, _) => "read",
        (Action::Replace(ReplaceOrder::CreateBeforeDestroy), _) => "replacement created",
        _ => "created",
    }
}

fn counted(objects: usize) -> String {
    if objects == 1 { "1 object".to_owned() } else { format!("{objects} objects") }
}

/// Tenths of a second up to a minute, then minutes and seconds.
fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole < 60 { format!("{:.1}s", took.as_secs_f64()) } else { format!("{}m{:02}s", whole / 60, whole % 60) }
}
