//! Which objects have a say in what another costs: those that read it, or that it reads, of the types that its type names.
//! Reads tell, so it is known before any id is.

use std::collections::HashMap;

use mesh_config::provider_type;

use super::Costed;
use crate::plan::{Planner, objects_read};

/// The related objects of every object, by their places in a list.
#[derive(Default)]
pub(super) struct Relations {
    /// Those that have a say in what one costs.
    heard: HashMap<usize, Vec<usize>>,
    /// Those in whose costs one has a say.
    hearing: HashMap<usize, Vec<usize>>,
}

impl Relations {
    pub(super) fn new(planner: &Planner<'_>, objects: &[Costed]) -> Self {
        let mut relations = Self::default();
        let wants = Wants::new(planner, objects);
        if wants.is_empty() {
            return relations;
        }
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, object) in objects.iter().enumerate().filter(|(_, object)| wants.involves(&object.address.block.ty))
        {
            places.entry(object.address.to_string()).or_default().push(place);
            places.entry(object.address.block.to_string()).or_default().push(place);
        }
        for (place, object) in objects.iter().enumerate().filter(|(_, object)| wants.involves(&object.address.block.ty))
        {
            let ty = &object.address.block.ty;
            let mut read: Vec<usize> =
                reads(planner, object).iter().filter_map(|on| places.get(on)).flatten().copied().collect();
            read.sort_unstable();
            read.dedup();
            for other in read.into_iter().filter(|other| *other != place) {
                let other_ty = &objects[other].address.block.ty;
                if wants.are_heard(other_ty, ty) {
                    relations.add(other, place);
                }
                if wants.are_heard(ty, other_ty) {
                    relations.add(place, other);
                }
            }
        }
        relations
    }

    fn add(&mut self, listener: usize, speaker: usize) {
        self.heard.entry(listener).or_default().push(speaker);
        self.hearing.entry(speaker).or_default().push(listener);
    }

    /// Those that have a say in what an object costs.
    pub(super) fn heard(&self, place: usize) -> &[usize] {
        self.heard.get(&place).map_or(&[], Vec::as_slice)
    }

    /// Those in whose costs an object has a say.
    pub(super) fn hearing(&self, place: usize) -> Vec<usize> {
        self.hearing.get(&place).cloned().unwrap_or_default()
    }
}

/// What an object reads, as planned and as it was made.
fn reads(planner: &Planner<'_>, object: &Costed) -> Vec<String> {
    let mut reads = objects_read(&planner.run.progress.borrow().reads, &object.address);
    reads.extend(object.reads.iter().cloned());
    let prior = planner.prior.borrow();
    if let Some(existing) = prior.find(&object.address, object.deposed.as_deref()) {
        reads.extend(existing.record.reads.iter().cloned());
    }
    reads
}

/// Which types have a say in what objects of a type cost.
struct Wants(HashMap<String, Vec<&'static str>>);

impl Wants {
    fn new(planner: &Planner<'_>, objects: &[Costed]) -> Self {
        let mut wants: HashMap<String, Vec<&'static str>> = HashMap::new();
        for object in objects {
            let ty = object.address.block.ty.to_string();
            if wants.contains_key(&ty) {
                continue;
            }
            let provider = planner.run.inputs.providers.get(&provider_type(&object.provider));
            let heard = provider.map_or(&[][..], |provider| provider.cost_related(&ty));
            wants.insert(ty, heard.to_vec());
        }
        wants.retain(|_, heard| !heard.is_empty());
        Self(wants)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a type has a say, or hears one.
    fn involves(&self, ty: &str) -> bool {
        self.0.contains_key(ty) || self.0.values().any(|heard| heard.contains(&ty))
    }

    /// Whether objects of one type have a say in what those of another cost.
    fn are_heard(&self, ty: &str, speaker: &str) -> bool {
        self.0.get(ty).is_some_and(|heard| heard.contains(&speaker))
    }
}
