//! Whole numbers as decimal digits. The standard library's way is part of its formatting, with widths and signs and
//! padding: more than half a kilobyte of what every reader downloads.

/// The digits of a number.
pub fn decimal(number: u64) -> String {
    signed(false, number)
}

/// The digits of a number that may be negative.
pub fn signed_decimal(number: i64) -> String {
    signed(number < 0, number.unsigned_abs())
}

fn signed(is_negative: bool, mut number: u64) -> String {
    let mut digits = Vec::with_capacity(20);
    loop {
        digits.push(char::from_digit((number % 10) as u32, 10).unwrap_or('0'));
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if is_negative {
        digits.push('-');
    }
    digits.into_iter().rev().collect()
}
