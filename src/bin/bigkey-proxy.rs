//! `bigkey-proxy`: see the README.

fn main() {}
