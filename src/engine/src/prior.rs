//! What the state says exists, indexed the way a plan asks for it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;
use std::sync::Arc;

use mesh_state::{Contents, InstanceRecord, Status};
use mesh_value::{BlockAddress, InstanceAddress, Value};

use crate::EngineError;

/// One object as the state has it.
#[derive(Clone, Debug)]
pub struct PriorObject {
    /// Its address.
    pub address: InstanceAddress,
    /// Set for an old object that a replacement left behind.
    pub deposed: Option<Arc<str>>,
    /// The record, with the value as it was stored.
    pub record: InstanceRecord,
    /// The address that the state still has it under, where it moved.
    pub previous: Option<InstanceAddress>,
    /// The id that it was imported by while planning, where the state does not have it yet.
    pub imported: Option<Value>,
}

/// Everything that the state holds.
#[derive(Clone, Debug, Default)]
pub struct Prior {
    /// Current objects.
    pub objects: HashMap<InstanceAddress, PriorObject>,
    /// Old objects that replacements left behind, sorted by address and key.
    pub deposed: Vec<PriorObject>,
    /// Outputs of the root module: value, and whether it is sensitive.
    pub outputs: BTreeMap<Arc<str>, (Value, bool)>,
    /// Descriptors of data products, by id, with the address of the declaration.
    pub products: BTreeMap<Arc<str>, (Arc<str>, serde_json::Value)>,
    /// Objects that came since the plan was saved that is taken up. They are none of its business, but the budgets count
    /// what they cost.
    pub outside: Vec<PriorObject>,
}

impl Prior {
    /// Indexes the contents of a state.
    ///
    /// # Errors
    /// Where a record's address can't be read.
    pub fn new(contents: Contents) -> Result<Self, EngineError> {
        let mut prior = Self::default();
        let mut blocks: BTreeSet<Arc<BlockAddress>> = BTreeSet::new();
        for record in contents.instances {
            let mut address = InstanceAddress::from_str(&record.address)
                .map_err(|error| EngineError::Address { address: record.address.clone(), why: error.to_string() })?;
            match blocks.get(&address.block) {
                Some(block) => address.block = block.clone(),
                None => {
                    blocks.insert(address.block.clone());
                }
            }
            let deposed = record.deposed.as_deref().map(Arc::from);
            let object = PriorObject { address: address.clone(), deposed, record, previous: None, imported: None };
            if object.deposed.is_some() {
                prior.deposed.push(object);
            } else {
                prior.objects.insert(address, object);
            }
        }
        prior.deposed.sort_by(|left, right| (&left.address, &left.deposed).cmp(&(&right.address, &right.deposed)));
        for output in contents.outputs {
            prior.outputs.insert(output.name.into(), (output.value, output.sensitive));
        }
        for product in contents.products {
            prior.products.insert(product.id.into(), (product.address.into(), product.descriptor));
        }
        Ok(prior)
    }

    /// The provider configurations that its objects need.
    #[must_use]
    pub fn providers(&self) -> BTreeSet<Arc<str>> {
        self.all().map(|object| Arc::from(object.record.provider.as_str())).collect()
    }

    /// The current object of an address, or the deposed one of a key.
    #[must_use]
    pub fn find(&self, address: &InstanceAddress, deposed: Option<&str>) -> Option<&PriorObject> {
        match deposed {
            None => self.objects.get(address),
            Some(key) => self.deposed_place(address, key).ok().and_then(|place| self.deposed.get(place)),
        }
    }

    /// Adds an object, in the place of one of the same address and key.
    pub fn put(&mut self, object: PriorObject) {
        match &object.deposed {
            None => {
                self.objects.insert(object.address.clone(), object);
            }
            Some(key) => match self.deposed_place(&object.address, key) {
                Ok(place) => self.deposed[place] = object,
                Err(place) => self.deposed.insert(place, object),
            },
        }
    }

    /// Takes an object out.
    pub fn take(&mut self, address: &InstanceAddress, deposed: Option<&str>) -> Option<PriorObject> {
        match deposed {
            None => self.objects.remove(address),
            Some(key) => self.deposed_place(address, key).ok().map(|place| self.deposed.remove(place)),
        }
    }

    /// Where a deposed object stands, or would.
    fn deposed_place(&self, address: &InstanceAddress, key: &str) -> Result<usize, usize> {
        self.deposed.binary_search_by(|object| {
            (&object.address, object.deposed.as_deref().unwrap_or_default()).cmp(&(address, key))
        })
    }

    /// Current and deposed objects.
    pub fn all(&self) -> impl Iterator<Item = &PriorObject> {
        self.objects.values().chain(&self.deposed)
    }

    /// Current and deposed objects, by address.
    #[must_use]
    pub fn sorted(&self) -> Vec<&PriorObject> {
        let mut all: Vec<&PriorObject> = self.all().collect();
        all.sort_by(|left, right| (&left.address, &left.deposed).cmp(&(&right.address, &right.deposed)));
        all
    }
}

impl PriorObject {
    /// Whether its creation did not finish.
    #[must_use]
    pub const fn is_tainted(&self) -> bool {
        matches!(self.record.status, Status::Tainted)
    }
}
