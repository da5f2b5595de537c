//! What a saved plan was decided on: the objects that it reads and writes, as hashes, so that only what concerns it
//! can make it stale.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use mesh_value::{AttributePath, InstanceAddress, Value};
use serde::{Deserialize, Serialize};

use crate::{Plan, Vertex};

/// One object that a plan was decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which object.
    pub address: InstanceAddress,
    /// Set for an old object that a replacement left behind.
    pub deposed: Option<String>,
    /// The parts that counted, as paths, with the hash of each; none where the state had no such object.
    pub parts: Option<BTreeMap<AttributePath, String>>,
}

/// Something that moved since a plan was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The object.
    pub address: InstanceAddress,
    /// The part of it; the whole where it came or went.
    pub path: AttributePath,
    /// What happened, for people.
    pub what: &'static str,
}

/// Collects what a plan reads and writes. `stored` gives an object as the state has it.
pub fn collect<'a>(plan: &Plan, stored: impl Fn(&InstanceAddress, Option<&str>) -> Option<&'a Value>) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    let mut reads: BTreeMap<InstanceAddress, BTreeSet<AttributePath>> = BTreeMap::new();
    let mut written: HashSet<&InstanceAddress> = HashSet::new();
    for change in plan.changes.iter().filter(|change| change.is_change()) {
        let deposed = change.deposed.as_deref();
        let object = stored(&change.address, deposed);
        let parts = object.map(|object| hashes(object, every_attribute(object)));
        evidence.push(Evidence { address: change.address.clone(), deposed: deposed.map(ToOwned::to_owned), parts });
        if deposed.is_none() {
            written.insert(&change.address);
        }
    }
    // What was changed outside is taken over into the state.
    for drift in &plan.drift {
        if written.insert(&drift.address) {
            let parts = stored(&drift.address, None).map(|object| hashes(object, every_attribute(object)));
            evidence.push(Evidence { address: drift.address.clone(), deposed: None, parts });
        }
    }
    let mut seen: HashSet<u32> = HashSet::new();
    let mut open: Vec<u32> = (0u32..)
        .zip(plan.reads.iter())
        .filter(|(_, (vertex, _))| match vertex {
            Vertex::Instance(address) => written.contains(address),
            // Root outputs and products are written too.
            Vertex::Output(module, _) => module.is_root(),
            Vertex::Product(..) => true,
            // What the plan says of cost, and that it is within its limits, was decided on these.
            Vertex::Mesh | Vertex::Domain(_) | Vertex::Usage(..) => true,
            _ => false,
        })
        .map(|(number, _)| number)
        .collect();
    seen.extend(&open);
    while let Some(number) = open.pop() {
        for link in plan.reads.links(number) {
            match plan.reads.vertex(link.to) {
                Some(Vertex::Instance(address)) if !written.contains(address) => {
                    reads.entry(address.clone()).or_default().insert(link.path.clone());
                }
                Some(Vertex::Instance(_)) | None => {}
                Some(_) if seen.insert(link.to) => open.push(link.to),
                Some(_) => {}
            }
        }
    }
    for (address, paths) in reads {
        // Data sources are in no state.
        if let Some(object) = stored(&address, None) {
            let parts = Some(hashes(object, paths.into_iter()));
            evidence.push(Evidence { address, deposed: None, parts });
        }
    }
    evidence
}

/// What moved since the evidence was collected.
pub fn moved<'a>(
    evidence: &[Evidence],
    stored: impl Fn(&InstanceAddress, Option<&str>) -> Option<&'a Value>,
) -> Vec<Moved> {
    let mut moved = Vec::new();
    for item in evidence {
        let whole = |what| Moved { address: item.address.clone(), path: AttributePath::default(), what };
        match (&item.parts, stored(&item.address, item.deposed.as_deref())) {
            (None, None) => {}
            (None, Some(_)) => moved.push(whole("was created")),
            (Some(_), None) => moved.push(whole("was deleted")),
            (Some(parts), Some(object)) => {
                let now = hashes(object, parts.keys().cloned());
                let differing = parts.iter().filter(|(path, hash)| now.get(*path) != Some(*hash));
                moved.extend(differing.map(|(path, _)| Moved {
                    address: item.address.clone(),
                    path: path.clone(),
                    what: "was changed",
                }));
            }
        }
    }
    moved
}

fn every_attribute(object: &Value) -> impl Iterator<Item = AttributePath> {
    object.as_entries().unwrap_or_default().iter().map(|(name, _)| AttributePath::attr(name.clone()))
}

fn hashes(object: &Value, paths: impl Iterator<Item = AttributePath>) -> BTreeMap<AttributePath, String> {
    paths
        .map(|path| {
            // A part that is not there hashes like nothing: when it comes, that is a change.
            let hash = object
                .at_path(&path)
                .map(|part| blake3::Hash::from_bytes(part.content_hash()).to_hex()[..32].to_owned());
            (path, hash.unwrap_or_default())
        })
        .collect()
}
