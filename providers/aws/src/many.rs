//! Reading many objects: how many it takes before listing is worth it, and how to read those that can't be listed.

use std::future::Future;

use futures_util::{StreamExt as _, stream};

/// From how many objects on one listing is better than asking for each.
pub(crate) const WORTH_LISTING: usize = 4;

/// How many reads are prepared at once; how many are sent is up to the service's limit.
const AT_ONCE: usize = 256;

/// Does something with each of many, at the same time as far as the service's limit allows. Results are in their order.
pub(crate) async fn each<I, T, F>(items: Vec<I>, read: impl FnMut(I) -> F) -> Vec<T>
where
    F: Future<Output = T>,
{
    stream::iter(items).map(read).buffered(AT_ONCE).collect().await
}
