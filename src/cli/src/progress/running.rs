//! What is under way right now, as one line, and when a status of it is worth another.

use std::time::{Duration, Instant};

/// How long nothing more is said of an object whose status is the same, or is not shown as it changes.
const QUIET: Duration = Duration::from_secs(30);
/// From when on the time is shown: what is done sooner is no wait.
const WAIT: Duration = Duration::from_secs(5);

/// What is under way, oldest first.
#[derive(Debug, Default)]
pub struct Running(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    /// The object or provider.
    what: String,
    /// Such as `creating`.
    doing: String,
    began: Instant,
    status: String,
    /// When, counted from the beginning, something was last said of it.
    said: Duration,
}

/// Why a status is worth saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// It is another one than before.
    pub says_more: bool,
    /// Nothing was said of the object for a while.
    pub after_a_while: bool,
}

impl Running {
    /// Something starts.
    pub fn start(&mut self, what: String, doing: String) {
        let (began, status) = (Instant::now(), String::new());
        self.0.push(Entry { what, doing, began, status, said: Duration::ZERO });
    }

    /// Something ends.
    pub fn end(&mut self, what: &str) {
        if let Some(place) = self.0.iter().position(|entry| entry.what == what) {
            self.0.remove(place);
        }
    }

    /// Notes a status, and says what it is worth.
    pub fn tell(&mut self, what: &str, status: &str, so_far: Duration) -> Due {
        let Some(entry) = self.0.iter_mut().find(|entry| entry.what == what) else {
            return Due { says_more: true, after_a_while: false };
        };
        let says_more = entry.status != status;
        status.clone_into(&mut entry.status);
        let after_a_while = so_far.saturating_sub(entry.said) >= QUIET;
        if after_a_while {
            entry.said = so_far;
        }
        Due { says_more, after_a_while }
    }

    /// One line of at most so many columns.
    pub fn line(&self, width: usize) -> String {
        let Some(first) = self.0.first() else { return String::new() };
        line(first, first.began.elapsed(), self.0.len() - 1, width)
    }
}

fn line(first: &Entry, so_far: Duration, others: usize, width: usize) -> String {
    let Entry { what, doing, status, .. } = first;
    let mut line = format!("{what}: {doing}");
    if so_far >= WAIT {
        line = format!("{what}: still {doing}, {}", clock(so_far));
    }
    if !status.is_empty() {
        line.push_str(&format!(": {status}"));
    }
    let more = if others > 0 { format!(" and {others} more ...") } else { " ...".to_owned() };
    // How many there are is said also where what the first one is doing does not fit.
    let room = width.saturating_sub(more.len());
    if line.chars().count() > room {
        line = line.chars().take(room).collect();
    }
    line + &more
}

/// Whole seconds up to a minute, then minutes and seconds.
pub fn clock(so_far: Duration) -> String {
    let whole = so_far.as_secs();
    if whole < 60 { format!("{whole}s") } else { format!("{}m{:02}s", whole / 60, whole % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_status_and_a_long_time_are_worth_saying() {
        let mut running = Running::default();
        running.start("a".to_owned(), "creating".to_owned());
        let mut tell = |status, seconds| {
            let due = running.tell("a", status, Duration::from_secs(seconds));
            (due.says_more, due.after_a_while)
        };
        assert_eq!(tell("STARTING", 1), (true, false));
        assert_eq!(tell("STARTING", 29), (false, false));
        assert_eq!(tell("STARTING", 31), (false, true));
        assert_eq!(tell("RUNNING", 60), (true, false));
        assert_eq!(tell("RUNNING", 61), (false, true));
    }

    #[test]
    fn the_line_says_what_how_long_and_how_far() {
        let mut entry = Entry {
            what: "aws_emr_cluster.c".to_owned(),
            doing: "creating".to_owned(),
            began: Instant::now(),
            status: String::new(),
            said: Duration::ZERO,
        };
        let seconds = Duration::from_secs;
        assert_eq!(line(&entry, seconds(1), 0, 80), "aws_emr_cluster.c: creating ...");
        assert_eq!(line(&entry, seconds(12), 2, 80), "aws_emr_cluster.c: still creating, 12s and 2 more ...");
        entry.status = "STARTING".to_owned();
        assert_eq!(line(&entry, seconds(130), 0, 80), "aws_emr_cluster.c: still creating, 2m10s: STARTING ...");
        assert_eq!(line(&entry, seconds(130), 3, 30), "aws_emr_cluster and 3 more ...");
    }
}
