//! A provider for the tests, with one of everything that the derive macro knows. Its platform is a map in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mesh_provider::{
    Block, ChangeError, ChangeKind, Computed, DataSourceType, Draft, Failure, Found, NativeProvider, Operation,
    Permissions, Platform, ResourceType, Timeouts, one_by_one,
};
use mesh_value::{AttributePath, Value};

/// Pools of workers, for tests.
#[derive(Block, Debug)]
pub struct PoolsConfig {
    /// Where the pools are.
    pub region: Option<String>,
}

/// The platform.
#[derive(Debug, Default)]
pub struct Pools {
    all: Mutex<BTreeMap<String, Pool>>,
    /// How often a pool was looked for.
    looks: AtomicUsize,
}

impl Pools {
    fn all(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Pool>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Platform for Pools {
    type Config = PoolsConfig;

    async fn configure(_config: PoolsConfig, _base_dir: &Path) -> Result<Self, Failure> {
        Ok(Self::default())
    }
}

/// A pool of workers.
///
/// Words over several lines
/// stay lines.
#[derive(Block, Clone, Debug, PartialEq)]
pub struct Pool {
    /// Its name.
    #[mesh(replace)]
    pub name: String,
    /// How many workers, a | b.
    #[mesh(default = 2)]
    pub workers: u16,
    /// A greeting.
    #[mesh(default = "hello")]
    pub greeting: String,
    /// The password.
    #[mesh(sensitive, write_only)]
    pub password: Option<String>,
    /// Zones in which it works.
    pub zones: Option<BTreeSet<String>>,
    /// Labels.
    pub labels: Option<BTreeMap<String, String>>,
    /// Whatever.
    pub extra: Option<Value>,
    /// Ports that are open.
    pub ports: Option<Vec<Port>>,
    /// The size class.
    #[mesh(optional)]
    pub size: Computed<String>,
    /// The kind.
    #[mesh(name = "type", deprecated = "Use `size`.")]
    pub kind: Option<String>,
    /// Disks, in order.
    #[mesh(block, max = 3)]
    pub disk: Vec<Disk>,
    /// When it is maintained.
    #[mesh(block)]
    pub window: Option<Window>,
    /// How long operations on it may take.
    #[mesh(block)]
    pub timeouts: Option<Timeouts>,
    /// Its id.
    pub id: Computed<String>,
    /// Counts changes.
    #[mesh(computed_on_change)]
    pub revision: Computed<i64>,
}

/// An open port.
#[derive(Block, Clone, Debug, PartialEq)]
pub struct Port {
    /// Its number.
    pub number: u16,
    /// Its protocol.
    pub protocol: Option<String>,
}

/// A disk.
#[derive(Block, Clone, Debug, PartialEq)]
pub struct Disk {
    /// Where it is mounted.
    #[mesh(replace)]
    pub mount: String,
    /// In gibibytes.
    #[mesh(default = 10)]
    pub size: u32,
}

/// A weekly time.
#[derive(Block, Clone, Debug, PartialEq)]
#[mesh(deprecated = "Pools are maintained without a stop now.")]
pub struct Window {
    /// The day's name.
    pub day: String,
}

/// The resource type.
pub struct PoolType;

impl ResourceType for PoolType {
    const NAME: &'static str = "test_pool";
    const VERSION: u64 = 2;
    const SEARCH_PAUSES: &'static [Duration] = &[Duration::ZERO; 2];
    const PERMISSIONS: Permissions = Permissions { create: &["pools:Create"], ..Permissions::NONE };
    type Model = Pool;
    type Platform = Pools;

    fn time_limit(model: &Pool, change: ChangeKind) -> Duration {
        Timeouts::limit(model.timeouts.as_ref(), change, Self::TIME_LIMIT)
    }

    async fn plan(_: &Pools, draft: &mut Draft<'_>) {
        let (was, will) = (draft.prior_as::<String>("name"), draft.planned_as::<String>("name"));
        if was.zip(will).is_some_and(|(was, will)| was.eq_ignore_ascii_case(&will)) {
            draft.keep("name");
        }
        let (before, after) = (draft.prior_as::<u16>("workers"), draft.planned_as::<u16>("workers"));
        if before > after && after.is_some() {
            draft.lose(AttributePath::attr("workers"), "What the removed workers hold is lost.");
        }
    }

    async fn create(pools: &Pools, planned: Pool, operation: &Operation) -> Result<Pool, ChangeError<Pool>> {
        if planned.password.as_deref() == Some("refused") {
            return Err(Failure::new("Refused", "The platform refused.").into());
        }
        if planned.greeting == "lost before" {
            return Err(ChangeError::unsure(Failure::new("No reply", "The connection was closed.")));
        }
        if planned.greeting == "wait" {
            operation.sleep(Duration::from_secs(3600), "waiting for the pool").await?;
        }
        operation.set_private(b"made".to_vec());
        operation.warn("Slow", "It took a while.");
        let size = planned.size.clone().into_known().unwrap_or_else(|| "small".to_owned());
        let made = Pool {
            size: Computed::Known(size),
            id: Computed::Known(format!("pool/{}", planned.name)),
            revision: if planned.greeting == "forget" { Computed::Unknown } else { Computed::Known(1) },
            ..planned
        };
        pools.all().insert(made.name.clone(), Pool { password: None, ..made.clone() });
        if made.greeting == "break" {
            return Err(ChangeError::leaving(Failure::new("Broken", "It broke half way."), made));
        }
        if made.greeting.starts_with("lost") {
            return Err(ChangeError::unsure(Failure::new("No reply", "The connection was closed.")));
        }
        Ok(made)
    }

    async fn read(pools: &Pools, current: Vec<Pool>) -> Vec<Result<Option<Pool>, Failure>> {
        one_by_one(current, |pool| async move {
            if pool.greeting == "panic" {
                return Err(Failure::new("Refused", "The platform refused."));
            }
            Ok(pools.all().get(&pool.name).map(|found| Pool { timeouts: pool.timeouts, ..found.clone() }))
        })
        .await
    }

    async fn update(
        pools: &Pools,
        prior: Pool,
        planned: Pool,
        _operation: &Operation,
    ) -> Result<Pool, ChangeError<Pool>> {
        let revision = prior.revision.into_known().map(|revision| revision + 1);
        let made = Pool { revision: revision.into(), password: None, ..planned };
        pools.all().insert(made.name.clone(), made.clone());
        Ok(made)
    }

    async fn delete(pools: &Pools, prior: Pool, _operation: &Operation) -> Result<(), Failure> {
        pools.all().remove(&prior.name);
        Ok(())
    }

    async fn locate(pools: &Pools, planned: Pool, _token: &str) -> Result<Found<Pool>, Failure> {
        let looks = pools.looks.fetch_add(1, Ordering::Relaxed);
        match pools.all().get(&planned.name).cloned() {
            Some(found) if found.greeting == "lost late" && looks < 2 => Ok(Found::Absent),
            Some(found) if found.greeting == "lost half way" => Ok(Found::Partial(found)),
            Some(found) => Ok(Found::Complete(found)),
            None => Ok(Found::Absent),
        }
    }

    async fn import(pools: &Pools, id: &str) -> Result<Pool, Failure> {
        let found = id.strip_prefix("pool/").and_then(|name| pools.all().get(name).cloned());
        found.ok_or_else(|| Failure::new("Nothing to import", format!("There is no pool `{id}`.")))
    }

    fn upgrade(version: u64, mut stored: serde_json::Value) -> Result<serde_json::Value, Failure> {
        if let Some(workers) = stored.get("count").cloned().filter(|_| version == 1) {
            stored["workers"] = workers;
        }
        if let Some(stored) = stored.as_object_mut() {
            stored.remove("count");
        }
        Ok(stored)
    }
}

/// How many pools there are.
#[derive(Block, Debug)]
pub struct Census {
    /// Only those whose name starts so.
    #[mesh(default = "")]
    pub prefix: String,
    /// How many.
    pub count: Computed<usize>,
}

/// The data source.
pub struct CensusType;

impl DataSourceType for CensusType {
    const NAME: &'static str = "test_census";
    type Model = Census;
    type Platform = Pools;

    async fn read(pools: &Pools, config: Census) -> Result<Census, Failure> {
        let count = pools.all().keys().filter(|name| name.starts_with(&config.prefix)).count();
        Ok(Census { count: Computed::Known(count), ..config })
    }
}

/// The provider.
#[must_use]
pub fn provider() -> NativeProvider<Pools> {
    NativeProvider::builder("test").resource::<PoolType>().data_source::<CensusType>().build()
}
