//! The order of an apply's steps: what must come first does; what should is given up only where it closes a circle.

use mesh_graph::Dag;

/// How firmly a step waits for another one; a circle is broken where it is weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bond {
    /// It should: a reader is changed before what it read goes.
    Wish,
    /// It did when the state was written: a reader is deleted before what it read.
    Recorded,
    /// It must. These alone make no circle.
    Certain,
}

/// One step that waits for another one.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// What waits.
    pub late: usize,
    /// What it waits for.
    pub early: usize,
    /// How firmly.
    pub bond: Bond,
}

/// Orders `steps` steps. Takes time linear in steps and edges, and in the lengths of the circles that are broken.
pub fn order(steps: usize, edges: &[Edge]) -> Dag {
    let mut search = Search::new(steps, edges);
    search.finish_ready();
    while let Some(circle) = search.circle() {
        let weakest =
            circle.into_iter().filter(|edge| edges[*edge].bond != Bond::Certain).min_by_key(|e| edges[*e].bond);
        let Some(weakest) = weakest else { break };
        search.drop_edge(weakest);
        search.finish_ready();
    }
    let mut dag = Dag::new(steps);
    for (edge, dropped) in edges.iter().zip(&search.dropped) {
        if !dropped {
            dag.depend(edge.late, edge.early);
        }
    }
    dag
}

/// Steps that are finished one after the other, as soon as nothing holds them.
struct Search<'a> {
    edges: &'a [Edge],
    /// Numbers of the edges of each step, by what waits and by what is waited for.
    holds: Vec<Vec<usize>>,
    frees: Vec<Vec<usize>>,
    waiting: Vec<usize>,
    finished: Vec<bool>,
    dropped: Vec<bool>,
    ready: Vec<usize>,
    /// Edges of each step, and steps, that are over and need no second look.
    looked_at: Vec<usize>,
    first_open: usize,
}

impl<'a> Search<'a> {
    fn new(steps: usize, edges: &'a [Edge]) -> Self {
        let mut holds: Vec<Vec<usize>> = vec![Vec::new(); steps];
        let mut frees: Vec<Vec<usize>> = vec![Vec::new(); steps];
        for (number, edge) in edges.iter().enumerate() {
            holds[edge.late].push(number);
            frees[edge.early].push(number);
        }
        let waiting: Vec<usize> = holds.iter().map(Vec::len).collect();
        let ready = (0..steps).filter(|step| waiting[*step] == 0).collect();
        Self {
            edges,
            holds,
            frees,
            waiting,
            finished: vec![false; steps],
            dropped: vec![false; edges.len()],
            ready,
            looked_at: vec![0; steps],
            first_open: 0,
        }
    }

    fn finish_ready(&mut self) {
        while let Some(step) = self.ready.pop() {
            self.finished[step] = true;
            for place in 0..self.frees[step].len() {
                let edge = self.frees[step][place];
                if !self.dropped[edge] {
                    self.release(self.edges[edge].late);
                }
            }
        }
    }

    fn release(&mut self, late: usize) {
        self.waiting[late] -= 1;
        if self.waiting[late] == 0 {
            self.ready.push(late);
        }
    }

    fn drop_edge(&mut self, edge: usize) {
        self.dropped[edge] = true;
        self.release(self.edges[edge].late);
    }

    /// The edges of a circle, where something is left: every step that is left waits for another one that is.
    fn circle(&mut self) -> Option<Vec<usize>> {
        while *self.finished.get(self.first_open)? {
            self.first_open += 1;
        }
        let mut way: Vec<usize> = Vec::new();
        let mut place_on_way = std::collections::HashMap::new();
        let mut step = self.first_open;
        loop {
            if let Some(start) = place_on_way.insert(step, way.len()) {
                return Some(way.split_off(start));
            }
            let edge = self.holding(step)?;
            way.push(edge);
            step = self.edges[edge].early;
        }
    }

    /// An edge that still holds a step.
    fn holding(&mut self, step: usize) -> Option<usize> {
        loop {
            let edge = *self.holds[step].get(self.looked_at[step])?;
            if !self.dropped[edge] && !self.finished[self.edges[edge].early] {
                return Some(edge);
            }
            self.looked_at[step] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(steps: usize, edges: &[(usize, usize, Bond)]) -> Vec<Vec<usize>> {
        let edges: Vec<Edge> =
            edges.iter().map(|(late, early, bond)| Edge { late: *late, early: *early, bond: *bond }).collect();
        let dag = order(steps, &edges);
        assert_eq!(dag.order(|step| step).len(), steps);
        (0..steps).map(|step| dag.dependencies(step).to_vec()).collect()
    }

    #[test]
    fn only_the_weakest_edge_of_a_circle_is_given_up() {
        use Bond::{Certain, Recorded, Wish};
        let kept = ordered(4, &[(0, 1, Recorded), (1, 2, Certain), (2, 0, Wish), (3, 0, Wish), (3, 2, Recorded)]);
        assert_eq!(kept, [vec![1], vec![2], vec![], vec![0, 2]]);
        assert_eq!(ordered(2, &[(0, 1, Recorded), (1, 0, Recorded)]).iter().flatten().count(), 1);
        assert_eq!(ordered(1, &[(0, 0, Wish)]), [Vec::<usize>::new()]);
    }
}
