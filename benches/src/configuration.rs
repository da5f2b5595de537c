//! The configurations that are measured: one and the same files for both programs.

use std::fmt::Write;
use std::path::Path;

/// A configuration of built-in `terraform_data` resources, which need no platform.
#[derive(Clone, Copy, Debug)]
pub enum Configuration {
    /// So many blocks in chains of ten, each of which reads the one before it.
    Chains(usize),
    /// Two blocks of so many instances, where `b[i]` reads `a[i]`.
    Counted(usize),
}

/// How many blocks a chain has.
const CHAIN: usize = 10;

impl Configuration {
    /// Writes it into a new directory.
    ///
    /// # Errors
    /// The directory or the file can't be written.
    pub fn write(self, dir: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(dir)?;
        std::fs::write(dir.join("main.tf"), self.text())
    }

    fn text(self) -> String {
        match self {
            Self::Chains(blocks) => chains(blocks),
            Self::Counted(instances) => counted(instances),
        }
    }
}

fn chains(blocks: usize) -> String {
    let mut text = String::new();
    for block in 0..blocks {
        let (chain, place) = (block / CHAIN, block % CHAIN);
        let input = match place {
            0 => format!("\"chain {chain}\""),
            _ => format!("terraform_data.chain_{chain}_{}.output", place - 1),
        };
        // Writing into a string does not fail.
        let _ = writeln!(text, "resource \"terraform_data\" \"chain_{chain}_{place}\" {{\n  input = {input}\n}}\n");
    }
    text
}

fn counted(instances: usize) -> String {
    format!(
        "\
resource \"terraform_data\" \"a\" {{
  count = {instances}
  input = \"item ${{count.index}}\"
}}

resource \"terraform_data\" \"b\" {{
  count = {instances}
  input = terraform_data.a[count.index].output
}}
"
    )
}
