//! What is measured, and the targets that the project set itself.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::build;
use crate::configuration::Configuration;
use crate::figure::{Figure, Row, Target};
use crate::measure::{Measured, Outcome, measure};
use crate::program::Program;

/// The programs, the sizes of the cases, and where to work.
#[derive(Debug)]
pub struct Bench {
    /// The measured binary.
    pub mesh: Program,
    /// Its peer, where there is one.
    pub terraform: Option<Program>,
    /// The directory to work in.
    pub scratch: PathBuf,
    runs: u16,
    terraform_runs: u16,
    limit: Duration,
    cold_build: bool,
    sizes: Sizes,
}

/// How much each case holds.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    planned: usize,
    applied: usize,
    counted: usize,
    /// Called modules in each of ten.
    nested: usize,
    /// Modules in a row.
    handed_down: usize,
}

/// A command that comes to an end after all has it within this time.
const PATIENCE: Duration = Duration::from_secs(1800);

/// `--detailed-exitcode`: there are changes.
const CHANGES: i32 = 2;

impl Bench {
    /// Prepares a run.
    pub fn new(mesh: Program, terraform: Option<Program>, scratch: PathBuf, arguments: &Arguments) -> Self {
        let sizes = if arguments.quick {
            Sizes { planned: 100, applied: 40, counted: 50, nested: 5, handed_down: 4 }
        } else {
            Sizes { planned: 10_000, applied: 4_000, counted: 10_000, nested: 1_000, handed_down: 500 }
        };
        let (runs, terraform_runs) = if arguments.quick { (1, 1) } else { (arguments.runs, arguments.terraform_runs) };
        let (limit, cold_build) = (arguments.limit(), arguments.cold_build);
        Self { mesh, terraform, scratch, runs, terraform_runs, limit, cold_build, sizes }
    }

    /// Measures every case.
    ///
    /// # Errors
    /// A program can't be run, or does not do what it is measured for.
    pub fn run(&mut self) -> anyhow::Result<Vec<Row>> {
        let (counted, growth) = self.plan_counted()?;
        let mut rows = vec![self.plan_chains()?, counted];
        rows.extend(self.apply_and_plan_again()?);
        rows.extend([growth, self.plan_nested()?]);
        rows.extend(self.hand_down()?);
        rows.extend(self.long_file()?);
        rows.extend([self.validate()?, self.binary()?]);
        if self.cold_build {
            rows.push(self.build_cold()?);
        }
        Ok(rows)
    }

    fn plan_chains(&self) -> anyhow::Result<Row> {
        let blocks = self.sizes.planned;
        let configuration = Configuration::Chains(blocks);
        Ok(Row {
            case: format!("plan {} blocks in chains of 10", thousands(blocks)),
            mesh: self.plan(&self.mesh, configuration, PATIENCE)?,
            terraform: self.beside(|program| self.plan(program, configuration, PATIENCE))?,
            targets: vec![Target::Faster(30.0), Target::Leaner(5.0)],
        })
    }

    /// The plan of counted instances, and how it grows with their number.
    fn plan_counted(&self) -> anyhow::Result<(Row, Row)> {
        let most = self.sizes.counted;
        let (small, large) = (Configuration::Counted(most / 10), Configuration::Counted(most));
        let few = self.plan(&self.mesh, small, PATIENCE)?;
        let many = self.plan(&self.mesh, large, PATIENCE)?;
        let peer = self.beside(|program| self.plan(program, large, self.limit))?;
        let factor = |few: &Figure, many: &Figure| {
            let (few, many) = (few.measured()?, many.measured()?);
            Some(Figure::Growth(many.time.as_secs_f64() / few.time.as_secs_f64()))
        };
        let peer_growth = match &peer {
            Some(many @ Figure::Run(Outcome::Ended(_))) => {
                self.beside(|program| self.plan(program, small, self.limit))?.and_then(|few| factor(&few, many))
            }
            _ => None,
        };
        let growth = Row {
            case: format!("growth from 2 x {} to 2 x {} instances", thousands(most / 10), thousands(most)),
            mesh: factor(&few, &many).unwrap_or(many),
            terraform: peer_growth,
            targets: vec![Target::Growth(11.0)],
        };
        let counted = Row {
            case: format!("plan 2 x {} instances, b[i] reads a[i]", thousands(most)),
            mesh: many,
            terraform: peer,
            targets: vec![Target::Within(Duration::from_secs(1))],
        };
        Ok((counted, growth))
    }

    /// Modules in modules: 10,000 calls of one and the same module.
    fn plan_nested(&self) -> anyhow::Result<Row> {
        let leaves = self.sizes.nested;
        let configuration = Configuration::Nested(leaves);
        Ok(Row {
            case: format!("plan 10 x {} nested module calls", thousands(leaves)),
            mesh: self.plan(&self.mesh, configuration, PATIENCE)?,
            terraform: self.beside(|program| self.plan(program, configuration, PATIENCE))?,
            targets: vec![Target::Faster(50.0), Target::Leaner(5.0)],
        })
    }

    /// A large typed value through modules, and how it grows with their number. Terraform has no figure: it names a
    /// file after the path of each module, and no file system takes a name of 500 modules.
    fn hand_down(&self) -> anyhow::Result<[Row; 2]> {
        let modules = self.sizes.handed_down;
        let (few, many) = (Configuration::HandedDown(modules / 2), Configuration::HandedDown(modules));
        let half = self.plan(&self.mesh, few, PATIENCE)?;
        let all = self.plan(&self.mesh, many, PATIENCE)?;
        let growth = match (half.measured(), all.measured()) {
            (Some(half), Some(all)) => Figure::Growth(all.time.as_secs_f64() / half.time.as_secs_f64()),
            _ => all,
        };
        let handed = Row {
            case: format!("1,000 x 60 object attributes through {modules} modules"),
            mesh: all,
            terraform: None,
            targets: Vec::new(),
        };
        let growth = Row {
            case: format!("growth from {} to {modules} such modules", modules / 2),
            mesh: growth,
            terraform: None,
            targets: vec![Target::Growth(2.3)],
        };
        Ok([handed, growth])
    }

    /// Checking a long file, and laying it out.
    fn long_file(&self) -> anyhow::Result<[Row; 2]> {
        let blocks = self.sizes.planned;
        let configuration = Configuration::Long(blocks);
        let command = |program: &Program, arguments: &[&str]| {
            tell(&format!("{} {}, {configuration:?}", program.name(), arguments.join(" ")));
            let dir = self.scratch.join(format!("{}-{}", program.name(), arguments[0]));
            configuration.write(&dir)?;
            program.prepare(&dir)?;
            repeated(self.runs_of(program), || measure(program.command(&dir, arguments), 0, PATIENCE))
        };
        let row = |case: String, arguments: &[&str], targets| {
            anyhow::Ok(Row {
                case,
                mesh: command(&self.mesh, arguments)?,
                terraform: self.beside(|program| command(program, arguments))?,
                targets,
            })
        };
        let count = thousands(blocks);
        let within = vec![Target::Within(Duration::from_millis(100))];
        Ok([
            row(format!("validate {count} blocks in one file"), &["validate"], within)?,
            row(format!("fmt --check {count} blocks in one file"), &["fmt", "-check"], Vec::new())?,
        ])
    }

    const fn runs_of(&self, program: &Program) -> u16 {
        match program {
            Program::Mesh(_) => self.runs,
            Program::Terraform(_) => self.terraform_runs,
        }
    }

    fn apply_and_plan_again(&self) -> anyhow::Result<[Row; 2]> {
        let blocks = self.sizes.applied;
        let (mesh, mesh_again) = self.apply(&self.mesh, self.runs)?;
        let peer = match &self.terraform {
            Some(terraform) => Some(self.apply(terraform, self.terraform_runs)?),
            None => None,
        };
        let (peer, peer_again) = peer.unzip();
        let apply = Row {
            case: format!("apply {} blocks in chains of 10", thousands(blocks)),
            mesh,
            terraform: peer,
            targets: vec![Target::Faster(100.0)],
        };
        let again = Row {
            case: format!("plan without changes, {} in state", thousands(blocks)),
            mesh: mesh_again,
            terraform: peer_again,
            targets: vec![Target::Faster(30.0), Target::Leaner(5.0)],
        };
        Ok([apply, again])
    }

    fn validate(&self) -> anyhow::Result<Row> {
        let example = build::root().join("examples/orders");
        let mesh = repeated(self.runs, || measure(self.mesh.command(&example, &["validate"]), 0, PATIENCE))?;
        Ok(Row {
            case: "validate examples/orders".to_owned(),
            mesh,
            terraform: None,
            targets: vec![Target::Within(Duration::from_millis(50))],
        })
    }

    fn binary(&self) -> anyhow::Result<Row> {
        let size = |program: &Program| anyhow::Ok(Figure::Size(std::fs::metadata(program.path())?.len()));
        Ok(Row {
            case: "size of the binary".to_owned(),
            mesh: size(&self.mesh)?,
            terraform: self.beside(size)?,
            targets: vec![Target::Smaller(25_000_000)],
        })
    }

    fn build_cold(&self) -> anyhow::Result<Row> {
        tell("cold build");
        Ok(Row {
            case: "cold build of the binary".to_owned(),
            mesh: Figure::Run(build::cold(&self.scratch, PATIENCE)?),
            terraform: None,
            targets: vec![Target::Within(Duration::from_secs(240))],
        })
    }

    /// Measures the plan of a new configuration.
    fn plan(&self, program: &Program, configuration: Configuration, limit: Duration) -> anyhow::Result<Figure> {
        tell(&format!("{} plan, {configuration:?}", program.name()));
        let dir = self.scratch.join(format!("{}-{configuration:?}", program.name()));
        configuration.write(&dir)?;
        program.prepare(&dir)?;
        repeated(self.runs_of(program), || {
            measure(program.command(&dir, &["plan", "--detailed-exitcode"]), CHANGES, limit)
        })
    }

    /// Measures applying, each time in a directory of its own, and then the plan that finds nothing to do, which also
    /// shows that everything was applied.
    fn apply(&self, program: &Program, runs: u16) -> anyhow::Result<(Figure, Figure)> {
        let configuration = Configuration::Chains(self.sizes.applied);
        tell(&format!("{} apply, {configuration:?}", program.name()));
        let mut number = 0;
        let dir = |number: u16| self.scratch.join(format!("{}-apply-{number}", program.name()));
        let applied = repeated(runs, || {
            number += 1;
            configuration.write(&dir(number))?;
            program.prepare(&dir(number))?;
            measure(program.command(&dir(number), &["apply", "--auto-approve"]), 0, PATIENCE)
        })?;
        tell(&format!("{} plan without changes", program.name()));
        let again =
            repeated(runs, || measure(program.command(&dir(number), &["plan", "--detailed-exitcode"]), 0, PATIENCE))?;
        Ok((applied, again))
    }

    /// The same of Terraform, where it is there.
    fn beside(&self, case: impl Fn(&Program) -> anyhow::Result<Figure>) -> anyhow::Result<Option<Figure>> {
        self.terraform.as_ref().map(case).transpose()
    }
}

/// The median time and the highest memory of several runs; the first one that had to be stopped ends them.
fn repeated(runs: u16, mut run: impl FnMut() -> anyhow::Result<Outcome>) -> anyhow::Result<Figure> {
    let mut all: Vec<Measured> = Vec::new();
    for _ in 0..runs {
        match run()? {
            Outcome::Ended(measured) => all.push(measured),
            stopped @ Outcome::Stopped(_) => return Ok(Figure::Run(stopped)),
        }
    }
    all.sort_by_key(|measured| measured.time);
    let time = all.get(all.len() / 2).map_or(Duration::ZERO, |measured| measured.time);
    let memory = all.iter().map(|measured| measured.memory).max().unwrap_or(0);
    Ok(Figure::Run(Outcome::Ended(Measured { time, memory })))
}

/// Says on standard error what is being measured.
fn tell(what: &str) {
    // Nobody may be listening, which is no reason to stop.
    let _ = writeln!(std::io::stderr(), "measuring: {what}");
}

/// A number with commas.
fn thousands(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}
