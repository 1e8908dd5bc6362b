//! A memory that stays bounded: what is put in is remembered for one to two generations, and
//! forgetting costs nothing.

use std::{
    collections::HashMap,
    hash::Hash,
    mem,
    time::{Duration, Instant},
};

/// Values by key, in two generations.
pub(super) struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    since: Instant,
    /// How many values a generation holds.
    most: usize,
    /// How long a generation lasts.
    lasts: Duration,
}

impl<K: Eq + Hash, V: Copy> Generations<K, V> {
    pub(super) fn new(now: Instant, most: usize, lasts: Duration) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            since: now,
            most,
            lasts,
        }
    }

    /// What is remembered under that key.
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.young.get(key).or_else(|| self.old.get(key)).copied()
    }

    /// Remembers a value, in place of an earlier one.
    pub(super) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.most {
            self.age(self.since + self.lasts);
        }
        self.young.insert(key, value);
    }

    /// Forgets the old generation when its time is over.
    pub(super) fn age(&mut self, now: Instant) {
        if now.duration_since(self.since) >= self.lasts {
            self.old = mem::take(&mut self.young);
            self.since = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_stays_bounded_and_the_latest_are_kept() {
        let mut memory = Generations::new(Instant::now(), 1000, Duration::from_mins(1));
        for n in 0..3000 {
            memory.put(n, n);
        }
        assert!(memory.young.len() + memory.old.len() <= 2000);
        assert_eq!(memory.get(&2999), Some(2999));
        assert_eq!(memory.get(&0), None);
    }

    #[test]
    fn what_is_older_than_two_generations_is_forgotten() {
        let start = Instant::now();
        let lasts = Duration::from_mins(1);
        let mut memory = Generations::new(start, 1000, lasts);
        memory.put(1, 1);
        memory.age(start + lasts);
        assert_eq!(memory.get(&1), Some(1));
        memory.age(start + 2 * lasts);
        assert_eq!(memory.get(&1), None);
    }
}
