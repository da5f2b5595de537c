//! The two programs that are measured: they take the same commands and arguments.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// A program at its path.
#[derive(Clone, Debug)]
pub enum Program {
    /// This project's.
    Mesh(PathBuf),
    /// The one that users come from.
    Terraform(PathBuf),
}

impl Program {
    /// Terraform, where it is on PATH.
    pub fn find_terraform() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|dir| dir.join("terraform")).find(|path| path.is_file()).map(Self::Terraform)
    }

    /// A short name for directories.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Mesh(_) => "mesh",
            Self::Terraform(_) => "terraform",
        }
    }

    /// Where it is.
    pub const fn path(&self) -> &PathBuf {
        match self {
            Self::Mesh(path) | Self::Terraform(path) => path,
        }
    }

    /// The command that runs it in a directory, away from the user's own settings.
    pub fn command(&self, dir: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.path());
        command.args(arguments).current_dir(dir);
        command.env("NO_COLOR", "1").env("TF_CLI_CONFIG_FILE", "/dev/null").env("CHECKPOINT_DISABLE", "1");
        command.env("TF_IN_AUTOMATION", "1").env("TF_INPUT", "0");
        command
    }

    /// Makes a directory ready for plans, which is not measured.
    ///
    /// # Errors
    /// `terraform init` fails.
    pub fn prepare(&self, dir: &Path) -> anyhow::Result<()> {
        match self {
            Self::Mesh(_) => Ok(()),
            Self::Terraform(_) => self.output(dir, &["init"]).map(|_| ()),
        }
    }

    /// Its version, in one line.
    ///
    /// # Errors
    /// The command that prints it fails.
    pub fn version(&self, dir: &Path) -> anyhow::Result<String> {
        let text = self.output(dir, &["version"])?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }

    fn output(&self, dir: &Path, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = self.command(dir, arguments);
        let output = command.output().with_context(|| format!("{command:?} can't be started"))?;
        if !output.status.success() {
            bail!("{command:?} ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
