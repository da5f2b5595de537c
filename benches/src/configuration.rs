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
    /// So many blocks of some 145 bytes, in chains of ten.
    Long(usize),
    /// Ten modules, each of which calls so many others with one resource in each.
    Nested(usize),
    /// A map of 1,000 objects with 60 attributes, handed down through so many modules, each with its type.
    HandedDown(usize),
}

/// How many blocks a chain has.
const CHAIN: usize = 10;

impl Configuration {
    /// Writes it into a new directory.
    ///
    /// # Errors
    /// The directory or the file can't be written.
    pub fn write(self, dir: &Path) -> std::io::Result<()> {
        for (module, text) in self.modules() {
            let module = dir.join(module);
            std::fs::create_dir_all(&module)?;
            std::fs::write(module.join("main.tf"), text)?;
        }
        Ok(())
    }

    /// The text of every module, by its directory.
    fn modules(self) -> Vec<(String, String)> {
        let root = |text| vec![(String::new(), text)];
        match self {
            Self::Chains(blocks) => root(chains(blocks)),
            Self::Counted(instances) => root(counted(instances)),
            Self::Long(blocks) => root(long(blocks)),
            Self::Nested(leaves) => nested(leaves),
            Self::HandedDown(modules) => handed_down(modules),
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

fn long(blocks: usize) -> String {
    let mut text = String::new();
    for block in 0..blocks {
        let (chain, place) = (block / CHAIN, block % CHAIN);
        let from = match place {
            0 => format!("\"chain {chain}\""),
            _ => format!("terraform_data.chain_{chain}_{}.output", place - 1),
        };
        let _ = writeln!(
            text,
            "\
resource \"terraform_data\" \"chain_{chain}_{place}\" {{
  input = {{
    name = format(\"%s-%04d\", \"chain\", {block})
    from = {from}
  }}
}}
"
        );
    }
    text
}

fn nested(leaves: usize) -> Vec<(String, String)> {
    const NAME: &str = "variable \"name\" {\n  type = string\n}\n\n";
    let (mut root, mut middle) = (String::new(), NAME.to_owned());
    for module in 0..10 {
        let _ = writeln!(root, "module \"middle_{module}\" {{\n  source = \"./middle\"\n  name   = \"{module}\"\n}}\n");
    }
    for leaf in 0..leaves {
        let _ = writeln!(
            middle,
            "module \"leaf_{leaf}\" {{\n  source = \"../leaf\"\n  name   = \"${{var.name}}-{leaf}\"\n}}\n"
        );
    }
    let leaf = format!("{NAME}resource \"terraform_data\" \"this\" {{\n  input = var.name\n}}\n");
    vec![(String::new(), root), ("middle".to_owned(), middle), ("leaf".to_owned(), leaf)]
}

fn handed_down(modules: usize) -> Vec<(String, String)> {
    let types = [("string", "\"d\""), ("number", "1"), ("bool", "true")];
    let values = ["\"v${i}\"", "i", "true"];
    let (mut ty, mut object) = (String::new(), String::new());
    for attribute in 0..60 {
        let (kind, default) = types[attribute % 3];
        let default = if attribute % 2 == 1 { format!(", {default}") } else { String::new() };
        let _ = writeln!(ty, "    a{attribute} = optional({kind}{default})");
        let _ = writeln!(object, "    a{attribute} = {}", values[attribute % 3]);
    }
    let root = format!(
        "module \"first\" {{\n  source = \"./m0\"\n  rows = {{ for i in range(1000) : \"k${{i}}\" => {{\n{object}  }} }}\n}}\n"
    );
    let mut all = vec![(String::new(), root)];
    for module in 0..modules {
        let next = if module + 1 < modules {
            format!("module \"next\" {{\n  source = \"../m{}\"\n  rows   = var.rows\n}}\n", module + 1)
        } else {
            "resource \"terraform_data\" \"last\" {\n  input = length(var.rows)\n}\n".to_owned()
        };
        all.push((
            format!("m{module}"),
            format!("variable \"rows\" {{\n  type = map(object({{\n{ty}  }}))\n}}\n\n{next}"),
        ));
    }
    all
}
