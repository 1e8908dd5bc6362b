//! Circles in a graph: its strongly connected components of more than one node, by Tarjan.

use std::collections::{BTreeMap, BTreeSet};

/// Finds them, each in order, and all in the order of their first nodes.
pub(super) fn find<T: Ord + Clone>(graph: &BTreeMap<T, BTreeSet<T>>) -> Vec<Vec<T>> {
    let mut search = Search {
        graph,
        seen: BTreeMap::new(),
        open: Vec::new(),
        circles: Vec::new(),
    };
    for node in graph.keys() {
        if !search.seen.contains_key(node) {
            search.visit(node);
        }
    }
    search.circles.sort();
    search.circles
}

struct Search<'a, T> {
    graph: &'a BTreeMap<T, BTreeSet<T>>,
    /// In which order nodes were come to.
    seen: BTreeMap<&'a T, usize>,
    /// Those of which it is not known yet to which component they belong.
    open: Vec<&'a T>,
    circles: Vec<Vec<T>>,
}

impl<'a, T: Ord + Clone> Search<'a, T> {
    /// Returns the earliest node that can be come to from here and is open.
    fn visit(&mut self, node: &'a T) -> usize {
        let order = self.seen.len();
        self.seen.insert(node, order);
        self.open.push(node);
        let mut earliest = order;
        for next in self.graph.get(node).into_iter().flatten() {
            let reached = match self.seen.get(next) {
                None => self.visit(next),
                Some(seen) if self.open.contains(&next) => *seen,
                Some(_) => continue,
            };
            earliest = earliest.min(reached);
        }
        if earliest == order {
            let begin = self.open.iter().position(|open| *open == node);
            let mut component: Vec<T> = self
                .open
                .split_off(begin.unwrap_or_default())
                .into_iter()
                .cloned()
                .collect();
            component.sort();
            if component.len() > 1 {
                self.circles.push(component);
            }
        }
        earliest
    }
}
