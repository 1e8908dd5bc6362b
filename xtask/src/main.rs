//! The whole system on this machine, and every check.
fn main() {}
