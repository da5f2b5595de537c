//! The state as the engine sees it: typed records over whatever store holds them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::lock::{Fence, LockInfo, clear_dead_lease};
use crate::record::{self, DEPOSED, FORMAT_VERSION, INSTANCE, Meta, OUTPUT, PRODUCT};
use crate::store::{Batch, Condition, EmbeddedStore, StateStore, StoreError};
use crate::stored::Codec;
use crate::{Clock, Contents, Edit, Ids, InstanceRecord, Keyring, OutputRecord, ProductRecord, StateError};

pub(crate) const META: &str = "meta";

/// A state. Opening and reading one writes nothing to its store; lineage and serial come with the first write.
///
/// All writes are durable when they return. Concurrent writes to different records are meant to be; those that
/// change lineage, serial or lock are kept apart by conditions.
pub struct State {
    pub(crate) store: Arc<dyn StateStore>,
    pub(crate) codec: Codec,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) fence: Arc<Fence>,
}

impl State {
    /// Opens the state that a store holds; an empty store is an empty state.
    ///
    /// # Errors
    /// [`StateError::Newer`] where a newer mesh wrote it, [`StateError::Sealed`] where its secrets take another key.
    pub async fn open(
        store: Arc<dyn StateStore>,
        keyring: Keyring,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, StateError> {
        if let Some(meta) = read_meta(store.as_ref()).await?
            && meta.sealed_with != keyring.id()
        {
            let source = crate::SealError::WrongKey { sealed_with: meta.sealed_with, at_hand: keyring.id() };
            return Err(StateError::Sealed { key: META.into(), source });
        }
        Ok(Self { store, codec: Codec::new(keyring), clock, ids, fence: Arc::default() })
    }

    /// Opens or creates the embedded state in `directory`, waiting up to `timeout` for another process to leave it.
    /// Without a key, the one in the file `key` there is used, and made first where the state is new.
    ///
    /// # Errors
    /// As [`open`](Self::open) and [`EmbeddedStore::open`]; [`StateError::KeyMissing`] where the file is gone.
    pub async fn open_embedded(
        directory: &Path,
        holder: &LockInfo,
        timeout: Duration,
        keyring: Option<Keyring>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, StateError> {
        let store = EmbeddedStore::open(directory, holder, timeout).await?;
        // Before anything is written: a state of a newer mesh stays untouched.
        let meta = read_meta(&store).await?;
        let keyring = match keyring {
            Some(keyring) => keyring,
            None => key_beside(directory, meta.as_ref())?,
        };
        clear_dead_lease(&store).await?;
        Self::open(Arc::new(store), keyring, clock, ids).await
    }

    /// Lineage, serial and format; `None` for a state that was never written.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub async fn meta(&self) -> Result<Option<Meta>, StateError> {
        read_meta(self.store.as_ref()).await
    }

    /// The time by the state's own clock.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// The key that it seals with.
    #[must_use]
    pub const fn keyring(&self) -> &Keyring {
        self.codec.keyring()
    }

    /// Everything that it says exists, in time linear in that.
    ///
    /// # Errors
    /// [`StateError::Corrupt`] naming the first record that can't be read.
    pub async fn load_all(&self) -> Result<Contents, StateError> {
        let mut records = self.store.scan(INSTANCE).await?;
        records.extend(self.store.scan(DEPOSED).await?);
        let outputs = self.store.scan(OUTPUT).await?;
        let products = self.store.scan(PRODUCT).await?;
        Ok(Contents {
            instances: self.decode_instances(&records)?,
            outputs: outputs
                .iter()
                .map(|(key, bytes)| OutputRecord::decode(key, bytes, &self.codec))
                .collect::<Result<_, _>>()?,
            products: products
                .iter()
                .map(|(key, bytes)| ProductRecord::decode(key, bytes))
                .collect::<Result<_, _>>()?,
        })
    }

    /// One instance.
    ///
    /// # Errors
    /// Where its record can't be read.
    pub async fn instance(&self, address: &str, deposed: Option<&str>) -> Result<Option<InstanceRecord>, StateError> {
        let key = InstanceRecord::key(address, deposed);
        let bytes = self.store.get(&key).await?;
        bytes.map(|bytes| InstanceRecord::decode(&key, &bytes, &self.codec)).transpose()
    }

    /// One output value.
    ///
    /// # Errors
    /// Where its record can't be read.
    pub async fn output(&self, name: &str) -> Result<Option<OutputRecord>, StateError> {
        let key = OutputRecord::key(name);
        let bytes = self.store.get(&key).await?;
        bytes.map(|bytes| OutputRecord::decode(&key, &bytes, &self.codec)).transpose()
    }

    /// One data product.
    ///
    /// # Errors
    /// Where its record can't be read.
    pub async fn product(&self, id: &str) -> Result<Option<ProductRecord>, StateError> {
        let key = ProductRecord::key(id);
        let bytes = self.store.get(&key).await?;
        bytes.map(|bytes| ProductRecord::decode(&key, &bytes)).transpose()
    }

    /// Makes edits as one, and raises the serial by one; does nothing where there are none.
    ///
    /// # Errors
    /// Nothing was written then, unless the store itself failed.
    pub async fn write(&self, edits: &[Edit]) -> Result<(), StateError> {
        if edits.is_empty() {
            return Ok(());
        }
        let batch = self.edits(edits)?;
        self.commit_next(async |_| Ok(batch.clone())).await?;
        Ok(())
    }

    pub(crate) fn edits(&self, edits: &[Edit]) -> Result<Batch, StateError> {
        edits.iter().try_fold(Batch::new(), |batch, edit| {
            Ok(match edit {
                Edit::PutInstance(record) => {
                    let (key, bytes) = record.encode(&self.codec)?;
                    batch.put(key, bytes)
                }
                Edit::DeleteInstance { address, deposed } => {
                    batch.delete(InstanceRecord::key(address, deposed.as_deref()))
                }
                Edit::PutIntent(intent) => {
                    let (key, bytes) = intent.encode(&self.codec)?;
                    batch.require(&key, Condition::Present).put(key, bytes)
                }
                Edit::PutOutput(record) => {
                    let (key, bytes) = record.encode(&self.codec)?;
                    batch.put(key, bytes)
                }
                Edit::DeleteOutput(name) => batch.delete(OutputRecord::key(name)),
                Edit::PutProduct(record) => {
                    let (key, bytes) = record.encode()?;
                    batch.put(key, bytes)
                }
                Edit::DeleteProduct(id) => batch.delete(ProductRecord::key(id)),
            })
        })
    }

    /// Commits with the next serial, and answers the meta record that it wrote. `content` sees that record and may change
    /// it; it is asked again where someone else was faster.
    pub(crate) async fn commit_next(
        &self,
        mut content: impl AsyncFnMut(&mut Meta) -> Result<Batch, StateError>,
    ) -> Result<Meta, StateError> {
        loop {
            let before = self.store.get(META).await?;
            let condition = before.clone().map_or(Condition::Absent, Condition::Equals);
            let mut meta = match before {
                Some(bytes) => parse_meta(&bytes)?,
                None => self.first_meta(),
            };
            meta.serial += 1;
            let batch = content(&mut meta).await?.put(META, record::write(META, &meta)?).require(META, condition);
            match self.commit(batch).await {
                Err(StateError::Store(StoreError::Conflict { key })) if key == META => {}
                other => return other.map(|()| meta),
            }
        }
    }

    /// Commits under the lock, if one is held.
    pub(crate) async fn commit(&self, batch: Batch) -> Result<(), StateError> {
        match self.store.commit(self.fence.guard(batch)).await {
            Err(StoreError::Conflict { key }) if Fence::is_key(&key) => Err(StateError::LockLost),
            other => Ok(other?),
        }
    }

    fn first_meta(&self) -> Meta {
        Meta {
            format_version: FORMAT_VERSION,
            created_by: concat!("mesh ", env!("CARGO_PKG_VERSION")).into(),
            lineage: self.ids.next(),
            serial: 0,
            applies: 0,
            sealed_with: self.keyring().id(),
        }
    }

    /// Decodes on all cores where there is enough to do.
    fn decode_instances(&self, records: &[(String, Vec<u8>)]) -> Result<Vec<InstanceRecord>, StateError> {
        const WORTH_A_THREAD: usize = 500;
        let decode = |records: &[(String, Vec<u8>)]| -> Result<Vec<_>, StateError> {
            records.iter().map(|(key, bytes)| InstanceRecord::decode(key, bytes, &self.codec)).collect()
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = records.len().div_ceil(cores).max(WORTH_A_THREAD);
        if records.len() <= share {
            return decode(records);
        }
        std::thread::scope(|scope| {
            let decode = &decode;
            let threads: Vec<_> = records.chunks(share).map(|chunk| scope.spawn(move || decode(chunk))).collect();
            let mut all = Vec::with_capacity(records.len());
            for thread in threads {
                let chunk = thread.join().map_err(|_| StateError::corrupt(INSTANCE, "reading it failed"))?;
                all.append(&mut chunk?);
            }
            Ok(all)
        })
    }
}

async fn read_meta(store: &dyn StateStore) -> Result<Option<Meta>, StateError> {
    store.get(META).await?.map(|bytes| parse_meta(&bytes)).transpose()
}

/// Looks at the format first: in a newer one everything else may mean something else.
pub(crate) fn parse_meta(bytes: &[u8]) -> Result<Meta, StateError> {
    #[derive(Deserialize)]
    struct Format {
        format_version: u64,
        #[serde(default)]
        created_by: String,
    }
    let damaged = |error: serde_json::Error| StateError::corrupt(META, error.to_string());
    let format: Format = serde_json::from_slice(bytes).map_err(damaged)?;
    if format.format_version > FORMAT_VERSION {
        return Err(StateError::Newer {
            found: format.format_version,
            supported: FORMAT_VERSION,
            created_by: format.created_by,
        });
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

fn key_beside(directory: &Path, meta: Option<&Meta>) -> Result<Keyring, StateError> {
    let path = directory.join("key");
    match (path.exists(), meta) {
        (true, _) => Ok(Keyring::from_file(&path)?),
        (false, None) => Ok(Keyring::create_file(&path)?),
        (false, Some(meta)) => {
            Err(StateError::KeyMissing { path: path.display().to_string(), id: meta.sealed_with.clone() })
        }
    }
}
