//! Digits: those of the standard library.
#![cfg(not(target_arch = "wasm32"))]

use bigkey_tasks::decimal::{decimal, signed_decimal};
use proptest::prelude::*;

#[test]
fn the_least_and_the_greatest_number_have_their_digits() {
    for number in [0, 9, 10, 99, 100, u64::MAX] {
        assert_eq!(decimal(number), number.to_string());
    }
    for number in [i64::MIN, -10, -1, 0, 1, i64::MAX] {
        assert_eq!(signed_decimal(number), number.to_string());
    }
}

proptest! {
    #[test]
    fn any_number_has_its_digits(number in any::<u64>(), signed in any::<i64>()) {
        prop_assert_eq!(decimal(number), number.to_string());
        prop_assert_eq!(signed_decimal(signed), signed.to_string());
    }
}
