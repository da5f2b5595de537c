//! One line of the table: what was measured, and what it is held against.

use std::fmt;
use std::time::Duration;

use crate::measure::{Measured, Outcome};

/// Something measured of one program.
#[derive(Clone, Copy, Debug)]
pub enum Figure {
    /// A command that was run.
    Run(Outcome),
    /// How many times longer ten times the work takes.
    Growth(f64),
    /// Bytes.
    Size(u64),
}

/// What a figure shall reach.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// This many times faster than Terraform.
    Faster(f64),
    /// This fraction of Terraform's memory, as its denominator.
    Leaner(f64),
    /// Less time than this.
    Within(Duration),
    /// Growth of at most this much.
    Growth(f64),
    /// Fewer bytes than this.
    Smaller(u64),
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is done.
    pub case: String,
    /// What `mesh` needs for it.
    pub mesh: Figure,
    /// What Terraform needs for it, where it was measured.
    pub terraform: Option<Figure>,
    /// What is to be reached.
    pub targets: Vec<Target>,
}

impl Figure {
    /// The run, where it came to an end.
    pub const fn measured(&self) -> Option<Measured> {
        match self {
            Self::Run(Outcome::Ended(measured)) => Some(*measured),
            Self::Run(Outcome::Stopped(_)) | Self::Growth(_) | Self::Size(_) => None,
        }
    }

    /// The time that it took; where it was stopped, the time that it had.
    pub const fn time(&self) -> Option<Duration> {
        match self {
            Self::Run(Outcome::Ended(measured)) => Some(measured.time),
            Self::Run(Outcome::Stopped(limit)) => Some(*limit),
            Self::Growth(_) | Self::Size(_) => None,
        }
    }

    const fn has_ended(&self) -> bool {
        !matches!(self, Self::Run(Outcome::Stopped(_)))
    }
}

impl Row {
    /// How many times faster than Terraform; at least so many times where that was stopped.
    pub fn speedup(&self) -> Option<f64> {
        let peer = self.terraform?.time()?;
        Some(peer.as_secs_f64() / self.mesh.measured()?.time.as_secs_f64())
    }

    /// How many times less memory than Terraform.
    pub fn leanness(&self) -> Option<f64> {
        let (mesh, peer) = (self.mesh.measured()?, self.terraform?.measured()?);
        #[expect(clippy::cast_precision_loss, reason = "a ratio for reading")]
        let ratio = peer.memory as f64 / mesh.memory as f64;
        Some(ratio)
    }

    /// Whether Terraform's command came to an end.
    pub const fn is_peer_done(&self) -> bool {
        match &self.terraform {
            Some(figure) => figure.has_ended(),
            None => false,
        }
    }

    /// Whether each target is reached; `None` where that takes a measurement that is not there.
    pub fn verdicts(&self) -> Vec<Option<bool>> {
        self.targets.iter().map(|target| self.verdict(target)).collect()
    }

    fn verdict(&self, target: &Target) -> Option<bool> {
        match (target, self.mesh) {
            (Target::Faster(least), _) => {
                let speedup = self.speedup()?;
                // A peer that was stopped may be slower still: what is not reached then is not known.
                (speedup >= *least || self.is_peer_done()).then_some(speedup >= *least)
            }
            (Target::Leaner(least), _) => self.leanness().map(|ratio| ratio >= *least),
            (Target::Within(most), Figure::Run(outcome)) => Some(match outcome {
                Outcome::Ended(measured) => measured.time < *most,
                Outcome::Stopped(_) => false,
            }),
            (Target::Growth(most), Figure::Growth(growth)) => Some(growth <= *most),
            (Target::Smaller(most), Figure::Size(bytes)) => Some(bytes < *most),
            (Target::Within(_) | Target::Growth(_) | Target::Smaller(_), _) => None,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(Outcome::Ended(measured)) => formatter.write_str(&seconds(measured.time)),
            Self::Run(Outcome::Stopped(limit)) => write!(formatter, "no end after {} s", limit.as_secs()),
            Self::Growth(growth) => write!(formatter, "{growth:.1}x"),
            Self::Size(bytes) => formatter.write_str(&megabytes(*bytes)),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Faster(least) => write!(formatter, "{least}x faster"),
            Self::Leaner(least) => write!(formatter, "1/{least} of the memory"),
            Self::Within(most) => write!(formatter, "under {}", short(*most)),
            Self::Growth(most) => write!(formatter, "at most {most}x"),
            Self::Smaller(most) => write!(formatter, "under {}", megabytes(*most)),
        }
    }
}

/// A time for reading: milliseconds below a second.
pub fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}

/// A round time.
fn short(time: Duration) -> String {
    match (time.as_secs(), time.subsec_millis()) {
        (0, milliseconds) => format!("{milliseconds} ms"),
        (seconds, _) if seconds >= 120 => format!("{} min", seconds / 60),
        (seconds, _) => format!("{seconds} s"),
    }
}

/// Bytes for reading, in units of a million.
pub fn megabytes(bytes: u64) -> String {
    if bytes < 10_000_000 {
        format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
    } else {
        format!("{} MB", bytes / 1_000_000)
    }
}
