//! Warehouses, tables and views as the engine uses them: through the provider.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod support;
#[cfg(test)]
mod table_changes;
