//! Locks: leases in every store, and the embedded store that one process has for itself.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use mesh_state::{Batch, EmbeddedStore, LockInfo, MemoryStore, Outcome, State, StateError, StoreError};

use crate::common::{NOW, PATIENCE, TestClock, TestIds, holder, intent, key, on_each, state_in};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

async fn two_states(store: Arc<dyn mesh_state::StateStore>) -> (State, State, Arc<TestClock>) {
    let clock = TestClock::new();
    let open =
        async || State::open(Arc::clone(&store), key(), clock.clone(), Arc::new(TestIds::default())).await.unwrap();
    (open().await, open().await, clock.clone())
}

#[tokio::test]
async fn a_held_lock_names_its_holder() {
    on_each(async |backend, directory| {
        let (ours, theirs, _) = two_states(backend.open(directory).await).await;
        let guard = ours.lock(holder("l1"), Duration::ZERO).await.unwrap();
        assert_eq!(theirs.lock_holder().await.unwrap(), Some(holder("l1")));
        let refused = theirs.lock(holder("l2"), Duration::ZERO).await.map(drop).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the state is locked by ada@laptop for `mesh apply --auto-approve` since 2027-01-15T08:00:00Z (until \
             2027-01-15T08:01:00Z, lock id l1). Wait for it with --lock-timeout"
        );
        guard.release().await.unwrap();
        assert_eq!(theirs.lock_holder().await.unwrap(), None);
        theirs.lock(holder("l2"), Duration::ZERO).await.unwrap().release().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_and_its_holder_can_not_write_any_more() {
    on_each(async |backend, directory| {
        let (late, next, clock) = two_states(backend.open(directory).await).await;
        let guard = late.lock(holder("late"), Duration::ZERO).await.unwrap();
        late.begin(&intent(1)).await.unwrap();
        clock.advance(61);
        // Nobody took it yet: it still is the late one's.
        late.begin(&intent(2)).await.unwrap();
        let info = LockInfo { expires: at(NOW + 200), ..holder("next") };
        let next_guard = next.lock(info, Duration::ZERO).await.unwrap();
        assert!(matches!(late.finish(&intent(1), &Outcome::Gone).await, Err(StateError::LockLost)));
        assert!(matches!(guard.renew(at(NOW + 300)).await, Err(StateError::LockLost)));
        assert!(matches!(guard.release().await, Err(StateError::LockLost)));
        // What the late one had begun is found.
        assert_eq!(next.open_intents().await.unwrap(), [intent(1), intent(2)]);
        next.finish(&intent(1), &Outcome::Gone).await.unwrap();
        next_guard.release().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_renewed_lease_does_not_run_out() {
    on_each(async |backend, directory| {
        let (ours, theirs, clock) = two_states(backend.open(directory).await).await;
        let guard = ours.lock(holder("l1"), Duration::ZERO).await.unwrap();
        clock.advance(59);
        guard.renew(at(NOW + 120)).await.unwrap();
        clock.advance(59);
        assert!(matches!(theirs.lock(holder("l2"), Duration::ZERO).await, Err(StateError::Locked(_))));
        ours.begin(&intent(1)).await.unwrap();
        clock.advance(2);
        theirs.lock(holder("l2"), Duration::ZERO).await.unwrap().release().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn breaking_a_lock_takes_its_id_and_says_whose_it_was() {
    on_each(async |backend, directory| {
        let (ours, theirs, _) = two_states(backend.open(directory).await).await;
        let nobody = theirs.break_lock("l1").await.unwrap_err();
        assert_eq!(nobody.to_string(), "nobody holds the lock l1: the state is not locked");
        let guard = ours.lock(holder("l1"), Duration::ZERO).await.unwrap();
        let other = theirs.break_lock("l0").await.unwrap_err();
        assert_eq!(other.to_string(), "nobody holds the lock l0: it is held by ada@laptop under l1");
        assert_eq!(theirs.break_lock("l1").await.unwrap(), holder("l1"));
        assert!(matches!(ours.begin(&intent(1)).await, Err(StateError::LockLost)));
        drop(guard);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_gets_the_lock_when_it_is_released() {
    let (ours, theirs, _) = two_states(Arc::new(MemoryStore::new())).await;
    let guard = ours.lock(holder("l1"), Duration::ZERO).await.unwrap();
    let waiting = theirs.lock(holder("l2"), Duration::from_secs(60));
    let release = async {
        tokio::time::sleep(PATIENCE).await;
        guard.release().await.unwrap();
    };
    let (got, ()) = tokio::join!(waiting, release);
    assert_eq!(got.unwrap().info().id, "l2");
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_with_the_timeout() {
    let (ours, theirs, _) = two_states(Arc::new(MemoryStore::new())).await;
    let _guard = ours.lock(holder("l1"), Duration::ZERO).await.unwrap();
    let refused = theirs.lock(holder("l2"), Duration::from_secs(5)).await.map(drop);
    assert!(matches!(refused, Err(StateError::Locked(info)) if info.id == "l1"));
}

#[tokio::test]
async fn the_embedded_store_is_one_openers_and_its_note_says_whose() {
    let directory = tempfile::tempdir().unwrap();
    let first = EmbeddedStore::open(directory.path(), &holder("l1"), PATIENCE).await.unwrap();
    let note = std::fs::read(directory.path().join("state.lock.json")).unwrap();
    assert_eq!(serde_json::from_slice::<LockInfo>(&note).unwrap(), holder("l1"));
    let refused = EmbeddedStore::open(directory.path(), &holder("l2"), Duration::ZERO).await.map(drop);
    let message = format!(
        "the state in {} is in use: ada@laptop runs `mesh apply --auto-approve` (process {}) since 2027-01-15T08:00:00Z. \
         Wait for it with --lock-timeout, or end that process",
        directory.path().display(),
        std::process::id()
    );
    assert_eq!(refused.unwrap_err().to_string(), message);
    drop(first);
    assert!(!directory.path().join("state.lock.json").exists());
    EmbeddedStore::open(directory.path(), &holder("l2"), PATIENCE).await.unwrap();
}

#[tokio::test]
async fn the_embedded_store_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let first = EmbeddedStore::open(directory.path(), &holder("l1"), PATIENCE).await.unwrap();
    let (last, second) = (holder("l2"), directory.path());
    let waiting = EmbeddedStore::open(second, &last, Duration::from_secs(60));
    let leave = async {
        tokio::task::yield_now().await;
        drop(first);
    };
    let (second, ()) = tokio::join!(waiting, leave);
    second.unwrap();
}

#[tokio::test]
async fn a_database_that_another_program_has_open_is_in_use() {
    let directory = tempfile::tempdir().unwrap();
    drop(EmbeddedStore::open(directory.path(), &holder("l1"), PATIENCE).await.unwrap());
    let _other = sled::open(directory.path().join("state")).unwrap();
    let refused = EmbeddedStore::open(directory.path(), &holder("l2"), Duration::ZERO).await.map(drop);
    assert!(matches!(refused, Err(StoreError::InUse { holder: None, .. })), "{refused:?}");
}

#[tokio::test]
async fn a_lock_whose_process_died_with_the_embedded_store_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let open = async || {
        let (clock, ids) = (TestClock::new(), Arc::new(TestIds::default()));
        State::open_embedded(directory.path(), &holder("l2"), PATIENCE, Some(key()), clock, ids).await.unwrap()
    };
    let dead = open().await;
    drop(dead.lock(holder("l1"), Duration::ZERO).await.unwrap());
    drop(dead);
    let state = open().await;
    assert_eq!(state.lock_holder().await.unwrap(), None);
    state.lock(holder("l2"), Duration::ZERO).await.unwrap().release().await.unwrap();
}

#[tokio::test]
async fn writes_without_a_lock_carry_no_condition() {
    let store = Arc::new(MemoryStore::new());
    let state = state_in(store.clone()).await;
    let guard = state.lock(holder("l1"), Duration::ZERO).await.unwrap();
    guard.release().await.unwrap();
    mesh_state::StateStore::commit(store.as_ref(), Batch::new().put("lock/holder", "someone else")).await.unwrap();
    state.begin(&intent(1)).await.unwrap();
}
