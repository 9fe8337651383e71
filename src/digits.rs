//! Whole numbers as text.

/// A whole number in decimal digits. Not by [`ToString`], which brings all of Rust's formatting along: that is more than
/// one percent of what every reader downloads.
pub fn digits(n: impl Into<u64>) -> String {
    let mut text = String::new();
    push_digits(&mut text, n.into());
    text
}

fn push_digits(text: &mut String, n: u64) {
    if n >= 10 {
        push_digits(text, n / 10);
    }
    #[allow(clippy::cast_possible_truncation, reason = "a digit is below ten")]
    text.push(char::from(b'0' + (n % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::digits;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_are_those_of_the_number(n in any::<u64>()) {
            prop_assert_eq!(digits(n), n.to_string());
        }
    }

    #[test]
    fn each_number_of_digits_has_its_least_and_greatest() {
        for n in std::iter::successors(Some(1_u64), |n| n.checked_mul(10)) {
            assert_eq!(digits(n), n.to_string());
            assert_eq!(digits(n - 1), (n - 1).to_string());
        }
        assert_eq!(digits(u64::MAX), u64::MAX.to_string());
    }
}
