//! A second embedded backend, for tests only: what passes on both does not lean on a quirk of one.

use std::path::Path;

use async_trait::async_trait;
use mesh_state::{Batch, StateStore, StoreError};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

const RECORDS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("records");

pub struct RedbStore(Database);

impl RedbStore {
    pub fn open(path: &Path) -> Self {
        let database = Database::create(path).unwrap();
        let write = database.begin_write().unwrap();
        write.open_table(RECORDS).unwrap();
        write.commit().unwrap();
        Self(database)
    }
}

#[async_trait]
impl StateStore for RedbStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let table = self.0.begin_read().unwrap().open_table(RECORDS).unwrap();
        Ok(table.get(key).unwrap().map(|bytes| bytes.value().to_vec()))
    }

    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let table = self.0.begin_read().unwrap().open_table(RECORDS).unwrap();
        let records = table.range(prefix..).unwrap().map(Result::unwrap);
        Ok(records
            .map(|(key, bytes)| (key.value().to_owned(), bytes.value().to_vec()))
            .take_while(|(key, _)| key.starts_with(prefix))
            .collect())
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let write = self.0.begin_write().unwrap();
        {
            let mut table = write.open_table(RECORDS).unwrap();
            batch.check(|key| Ok(table.get(key).unwrap().map(|bytes| bytes.value().to_vec())))?;
            for (key, bytes) in batch.writes() {
                match bytes {
                    Some(bytes) => table.insert(key.as_str(), bytes.as_slice()).unwrap(),
                    None => table.remove(key.as_str()).unwrap(),
                };
            }
        }
        write.commit().unwrap();
        Ok(())
    }
}
