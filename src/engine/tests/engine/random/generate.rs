//! Random configurations: blocks that read earlier ones, and edits of them.

use std::fmt;

/// A small generator of numbers: the same seed, the same numbers (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize;
        number % limit
    }

    /// One of several.
    pub fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// How one block reads an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// In `uses`, which changes in place.
    Uses,
    /// In `uses`, through a local value.
    Local,
    /// In `base`, which forces a new object.
    Base,
    /// In `depends_on`.
    DependsOn,
    /// In `replace_triggered_by`.
    Trigger,
    /// Through a data source.
    Data,
}

const WAYS: [Way; 6] = [Way::Uses, Way::Local, Way::Base, Way::DependsOn, Way::Trigger, Way::Data];

/// How often a block occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Once,
    Count(usize),
    /// A key for each of so many letters.
    Each(usize),
    /// A key that is known only once the object of another block exists.
    Later(usize),
}

#[derive(Clone, Debug)]
struct Block {
    /// It keeps its number when others come and go.
    number: usize,
    times: Times,
    reads: Vec<(usize, Way)>,
    value: usize,
    base: usize,
    first: bool,
}

/// A configuration as blocks, in the order in which they may read each other.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    blocks: Vec<Block>,
    next: usize,
}

impl Shape {
    pub fn random(random: &mut Random) -> Self {
        let mut shape = Self::default();
        for _ in 0..2 + random.below(5) {
            shape.add(random);
        }
        shape
    }

    fn add(&mut self, random: &mut Random) {
        let number = self.next;
        self.next += 1;
        let block =
            Block { number, times: Times::Once, reads: Vec::new(), value: 0, base: 0, first: random.below(3) == 0 };
        self.blocks.push(block);
        let last = self.blocks.len() - 1;
        self.again(last, random);
    }

    /// Chooses anew how often a block occurs and what it reads.
    fn again(&mut self, place: usize, random: &mut Random) {
        let earlier: Vec<usize> = self.blocks[..place].iter().map(|block| block.number).collect();
        let singles: Vec<usize> =
            self.blocks[..place].iter().filter(|b| b.times == Times::Once).map(|b| b.number).collect();
        let block = &mut self.blocks[place];
        block.times = match random.below(8) {
            0 | 1 => Times::Count(random.below(4)),
            2 => Times::Each(random.below(4)),
            3 if !singles.is_empty() => Times::Later(*random.of(&singles)),
            _ => Times::Once,
        };
        block.reads.clear();
        for _ in 0..random.below(3) {
            if !earlier.is_empty() {
                block.reads.push((*random.of(&earlier), *random.of(&WAYS)));
            }
        }
    }

    /// A few random edits.
    pub fn edit(&mut self, random: &mut Random) {
        for _ in 0..random.below(4) {
            let place = random.below(self.blocks.len());
            match random.below(8) {
                0 => self.blocks[place].value += 1,
                1 | 2 => self.blocks[place].base += 1,
                3 => self.blocks[place].first ^= true,
                4 => self.add(random),
                5 if self.blocks.len() > 1 => {
                    let gone = self.blocks.remove(place).number;
                    for block in &mut self.blocks {
                        block.reads.retain(|(read, _)| *read != gone);
                        if block.times == Times::Later(gone) {
                            block.times = Times::Once;
                        }
                    }
                }
                _ => self.again(place, random),
            }
            self.repair();
        }
    }

    /// A key can be taken from a block that occurs once only.
    fn repair(&mut self) {
        let singles: Vec<usize> = self.blocks.iter().filter(|b| b.times == Times::Once).map(|b| b.number).collect();
        for block in &mut self.blocks {
            if matches!(block.times, Times::Later(on) if !singles.contains(&on)) {
                block.times = Times::Once;
            }
        }
    }

    fn find(&self, number: usize) -> Option<&Block> {
        self.blocks.iter().find(|block| block.number == number)
    }

    /// The id of an object of another block, as an expression of one string.
    fn id(&self, of: &Block, by: &Block) -> String {
        let name = format!("test_thing.t{}", of.number);
        match of.times {
            Times::Once => format!("{name}.id"),
            Times::Count(count) if by.times == Times::Count(count) && count > 0 => format!("{name}[count.index].id"),
            Times::Count(0) | Times::Each(0) => "\"nothing\"".to_owned(),
            Times::Count(_) => format!("join(\"\", {name}[*].id)"),
            Times::Each(_) | Times::Later(_) => format!("join(\"\", [for o in {name} : o.id])"),
        }
    }

    /// The ids of all objects of another block, or of the one that goes with this one, as a list.
    fn ids(&self, of: &Block, by: &Block) -> String {
        match of.times {
            Times::Once => format!("[{}]", self.id(of, by)),
            Times::Count(count) if by.times == Times::Count(count) && count > 0 => format!("[{}]", self.id(of, by)),
            Times::Count(_) => format!("test_thing.t{}[*].id", of.number),
            Times::Each(_) | Times::Later(_) => format!("[for o in test_thing.t{} : o.id]", of.number),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for block in &self.blocks {
            self.write(block, out)?;
        }
        Ok(())
    }
}

impl Shape {
    fn write(&self, block: &Block, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = block.number;
        let (mut uses, mut base, mut waits, mut triggers) = (Vec::new(), None, Vec::new(), Vec::new());
        for (index, (read, way)) in block.reads.iter().enumerate() {
            let Some(read) = self.find(*read) else { continue };
            // A local value stands outside of the block: it has no `count.index`.
            let outside = Block { times: Times::Once, ..block.clone() };
            match way {
                Way::Uses => uses.push(self.ids(read, block)),
                Way::Local => {
                    writeln!(out, "locals {{ l{number}x{index} = {} }}", self.ids(read, &outside))?;
                    uses.push(format!("local.l{number}x{index}"));
                }
                Way::Base => base = Some(self.id(read, block)),
                Way::DependsOn => waits.push(format!("test_thing.t{}", read.number)),
                Way::Trigger => triggers.push(format!("test_thing.t{}", read.number)),
                Way::Data => {
                    writeln!(
                        out,
                        "data \"test_lookup\" \"d{number}x{index}\" {{ name = {} }}",
                        self.id(read, &outside)
                    )?;
                    waits.push(format!("data.test_lookup.d{number}x{index}"));
                }
            }
        }
        writeln!(out, "resource \"test_thing\" \"t{number}\" {{")?;
        let suffix = match block.times {
            Times::Once => String::new(),
            Times::Count(count) => {
                writeln!(out, "  count = {count}")?;
                "-${count.index}".to_owned()
            }
            Times::Each(count) => {
                let keys: Vec<String> = ('a'..='z').take(count).map(|key| format!("\"{key}\"")).collect();
                writeln!(out, "  for_each = toset([{}])", keys.join(", "))?;
                "-${each.key}".to_owned()
            }
            Times::Later(on) => {
                writeln!(out, "  for_each = toset([test_thing.t{on}.id])")?;
                "-${each.key}".to_owned()
            }
        };
        writeln!(out, "  name = \"t{number}{suffix}\"\n  value = \"{}\"", block.value)?;
        writeln!(out, "  base = {}", base.unwrap_or_else(|| format!("\"{}\"", block.base)))?;
        if !uses.is_empty() {
            writeln!(out, "  uses = concat({})", uses.join(", "))?;
        }
        if !waits.is_empty() {
            writeln!(out, "  depends_on = [{}]", waits.join(", "))?;
        }
        writeln!(out, "  lifecycle {{\n    create_before_destroy = {}", block.first)?;
        if !triggers.is_empty() {
            writeln!(out, "    replace_triggered_by = [{}]", triggers.join(", "))?;
        }
        writeln!(out, "  }}\n}}")
    }
}
