//! What can be asked of the benchmarks.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// Measure `mesh`, with Terraform beside it where it is on PATH, and print the figures as a Markdown table.
///
/// Without arguments it builds the release binary and takes some twenty minutes with Terraform, and half a minute without
/// it. Exits with 1 where a target is missed.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    /// Measure small configurations once: shows that the benchmarks work, not how fast anything is.
    #[arg(long)]
    pub quick: bool,
    /// Measure the provider `aws` instead, against an emulator whose answers come 100 ms late. A binary of `--mesh` needs
    /// that feature.
    #[arg(long)]
    pub aws: bool,
    /// Measure this binary instead of building one.
    #[arg(long, value_name = "PATH")]
    pub mesh: Option<PathBuf>,
    /// Leave Terraform out even where it is on PATH.
    #[arg(long)]
    pub no_terraform: bool,
    /// How often each command of `mesh` is run; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub runs: u16,
    /// How often each command of Terraform is run.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub terraform_runs: u16,
    /// After how many seconds Terraform is stopped where it does not come to an end: 2 x 10,000 instances by index.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub limit: u64,
    /// Also build the release binary from nothing, with all that it depends on.
    #[arg(long)]
    pub cold_build: bool,
    /// Where the measured configurations and their states are put for the time of the run; a disk, not memory, to
    /// measure durable writes.
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
}

impl Arguments {
    /// The limit of a command that may not end.
    pub const fn limit(&self) -> Duration {
        Duration::from_secs(self.limit)
    }
}
