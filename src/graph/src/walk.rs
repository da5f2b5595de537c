//! Walks a graph with bounded concurrency: a node starts when exactly those it depends on are done.

use std::collections::BTreeSet;

use futures_util::stream::{FuturesUnordered, StreamExt};

/// Nodes by number with what each depends on. Numbers are from 0; there must be no cycle.
#[derive(Clone, Debug, Default)]
pub struct Dag {
    dependencies: Vec<Vec<usize>>,
}

impl Dag {
    /// A graph of `nodes` nodes without edges.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self { dependencies: vec![Vec::new(); nodes] }
    }

    /// Says that `node` depends on `on`.
    pub fn depend(&mut self, node: usize, on: usize) {
        if let Some(dependencies) = self.dependencies.get_mut(node) {
            dependencies.push(on);
        }
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dependencies.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dependencies.is_empty()
    }

    /// What a node depends on.
    #[must_use]
    pub fn dependencies(&self, node: usize) -> &[usize] {
        self.dependencies.get(node).map_or(&[], Vec::as_slice)
    }

    /// All nodes, each after those it depends on, and as near to `rank` (least first) as that allows. Nodes on a cycle
    /// are left out.
    #[must_use]
    pub fn order(&self, rank: impl Fn(usize) -> usize) -> Vec<usize> {
        let (dependents, mut waiting) = self.reversed();
        let ready = waiting.iter().enumerate().filter(|(_, count)| **count == 0);
        let mut ready: BTreeSet<(usize, usize)> = ready.map(|(node, _)| (rank(node), node)).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some((_, node)) = ready.pop_first() {
            order.push(node);
            for dependent in &dependents[node] {
                waiting[*dependent] -= 1;
                if waiting[*dependent] == 0 {
                    ready.insert((rank(*dependent), *dependent));
                }
            }
        }
        order
    }

    fn reversed(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let mut dependents = vec![Vec::new(); self.len()];
        for (node, dependencies) in self.dependencies.iter().enumerate() {
            for on in dependencies {
                dependents[*on].push(node);
            }
        }
        (dependents, self.dependencies.iter().map(Vec::len).collect())
    }
}

/// What became of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was visited and is done.
    Done,
    /// It was visited and failed: what depends on it is not visited.
    Failed,
    /// It was not visited, because the node of this number failed or was not visited itself.
    Blocked(usize),
    /// It was not visited, because the walk was told to start nothing more.
    Stopped,
}

/// Visits every node of `dag`, at most `limit` at a time, each when all that it depends on are done. `visit` answers
/// whether the node succeeded. Nothing new starts once `stopped` says so; what runs is waited for.
///
/// The visits run concurrently on the caller's task, so `visit` may share state without locks.
pub async fn walk<'a, F, V>(dag: &Dag, limit: usize, stopped: impl Fn() -> bool + 'a, visit: F) -> Vec<Outcome>
where
    F: Fn(usize) -> V + 'a,
    V: Future<Output = bool> + 'a,
{
    let (dependents, mut waiting) = dag.reversed();
    let mut outcomes: Vec<Option<Outcome>> = vec![None; dag.len()];
    let mut ready: std::collections::VecDeque<usize> =
        waiting.iter().enumerate().filter(|(_, count)| **count == 0).map(|(node, _)| node).collect();
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < limit.max(1)
            && let Some(node) = ready.pop_front()
        {
            if outcomes[node].is_none() {
                if stopped() {
                    outcomes[node] = Some(Outcome::Stopped);
                    continue;
                }
                let visited = visit(node);
                running.push(async move { (node, visited.await) });
            }
        }
        let Some((node, succeeded)) = running.next().await else { break };
        outcomes[node] = Some(if succeeded { Outcome::Done } else { Outcome::Failed });
        if succeeded {
            for dependent in &dependents[node] {
                waiting[*dependent] -= 1;
                if waiting[*dependent] == 0 {
                    ready.push_back(*dependent);
                }
            }
        }
    }
    for node in dag.order(|node| node) {
        if outcomes[node].is_none() {
            let cause = dag.dependencies(node).iter().copied().find_map(|on| match outcomes[on] {
                Some(Outcome::Done) | None => None,
                Some(Outcome::Stopped) => Some(Outcome::Stopped),
                Some(Outcome::Failed) => Some(Outcome::Blocked(on)),
                Some(Outcome::Blocked(first)) => Some(Outcome::Blocked(first)),
            });
            outcomes[node] = cause;
        }
    }
    outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::Stopped)).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    fn chain() -> Dag {
        let mut dag = Dag::new(5);
        for (node, on) in [(1, 0), (2, 1), (4, 3)] {
            dag.depend(node, on);
        }
        dag
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn a_failure_stops_only_what_depends_on_it() {
        let outcomes = run(walk(&chain(), 2, || false, |node| async move { node != 0 }));
        use Outcome::{Blocked, Done, Failed};
        assert_eq!(outcomes, [Failed, Blocked(0), Blocked(0), Done, Done]);
    }

    #[test]
    fn nothing_starts_after_a_stop() {
        let visits = Cell::new(0);
        let outcomes = run(walk(
            &chain(),
            1,
            || visits.get() > 0,
            |_| {
                visits.set(visits.get() + 1);
                async { true }
            },
        ));
        assert_eq!(outcomes[0], Outcome::Done);
        assert!(outcomes[1..].iter().all(|outcome| *outcome == Outcome::Stopped));
    }

    #[test]
    fn no_more_run_than_the_limit_and_order_holds() {
        let running = Cell::new(0);
        let seen = RefCell::new(Vec::new());
        let outcomes = run(walk(
            &chain(),
            2,
            || false,
            |node| {
                let (running, seen) = (&running, &seen);
                async move {
                    running.set(running.get() + 1);
                    assert!(running.get() <= 2);
                    tokio::task::yield_now().await;
                    running.set(running.get() - 1);
                    seen.borrow_mut().push(node);
                    true
                }
            },
        ));
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Done));
        let seen = seen.into_inner();
        let place = |node: usize| seen.iter().position(|other| *other == node).unwrap();
        assert!(place(0) < place(1) && place(1) < place(2) && place(3) < place(4));
    }
}
