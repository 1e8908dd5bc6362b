//! Linking codes. They come from the operating system's generator, every one as likely as any
//! other, and leave the process only to whoever they are for.

use rand::TryRng;

/// Digits and capitals that nobody takes for one another: no 0, 1, I, O.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code that is redeemed from the phone it was made for.
///
/// # Errors
/// When the generator fails.
pub fn six_digits<R: TryRng>(random: &mut R) -> Result<String, R::Error> {
    const CODES: u32 = 1_000_000;
    // What is above the last whole million would make low codes likelier.
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let number = random.try_next_u32()?;
        if number < FAIR {
            return Ok(format!("{:06}", number % CODES));
        }
    }
}

/// A code that any sender may redeem, and is therefore long: just under 40 bits. It has a digit
/// at least: typed in small letters, one without a digit reads as a word ("verify backpack").
///
/// # Errors
/// When the generator fails.
pub fn eight_characters<R: TryRng>(random: &mut R) -> Result<String, R::Error> {
    loop {
        let mut bytes = [0; 8];
        random.try_fill_bytes(&mut bytes)?;
        let code: String = bytes
            .into_iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
            .collect();
        if code.bytes().any(|byte| byte.is_ascii_digit()) {
            return Ok(code);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::rngs::SysRng;

    use super::*;

    #[test]
    fn six_digits_are_evenly_spread() {
        let mut counts = [[0_u32; 10]; 6];
        let mut repeats = 0;
        let mut last = String::new();
        for _ in 0..100_000 {
            let code = six_digits(&mut SysRng).unwrap();
            assert_eq!(code.len(), 6);
            repeats += u32::from(code == last);
            for (place, digit) in code.bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1;
            }
            last = code;
        }
        assert!(repeats <= 3, "{repeats} repeats in sequence");
        // 10,000 expected, standard deviation 95.
        let even = counts
            .iter()
            .flatten()
            .all(|count| (9_400..10_600).contains(count));
        assert!(even, "{counts:?}");
    }

    #[test]
    fn eight_characters_use_the_whole_alphabet_and_do_not_repeat() {
        let codes: HashSet<String> = (0..10_000)
            .map(|_| eight_characters(&mut SysRng).unwrap())
            .collect();
        assert_eq!(codes.len(), 10_000);
        let digit = |code: &String| code.bytes().any(|byte| byte.is_ascii_digit());
        assert!(codes.iter().all(digit), "a code without a digit is a word");
        let used: HashSet<u8> = codes.iter().flat_map(|code| code.bytes()).collect();
        assert_eq!(used, ALPHABET.iter().copied().collect());
    }
}
