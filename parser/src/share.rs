//! Hours that were stated for several items together, shared out among them.

/// Shares `total` hours out among `items`, so that the result adds up to it exactly.
///
/// Items with hours of their own keep them; the others get equal parts of what is left,
/// rounded to two decimals, and the last of them takes the remainder. Items stay without
/// hours where nothing is left to share. Without any `total` there is nothing to call.
#[must_use]
pub fn share_hours(total: f64, items: &[Option<f64>]) -> Vec<Option<f64>> {
    let without = items.iter().filter(|hours| hours.is_none()).count();
    let left = hundredths(total)
        - items
            .iter()
            .flatten()
            .map(|&hours| hundredths(hours))
            .sum::<i64>();
    let Ok(parts @ 1..) = i64::try_from(without) else {
        return items.to_vec();
    };
    if left < parts {
        return items.to_vec();
    }
    let part = left / parts;
    let mut waiting = parts;
    let share = |own: &Option<f64>| {
        own.or_else(|| {
            waiting -= 1;
            Some(hours(if waiting == 0 {
                left - part * (parts - 1)
            } else {
                part
            }))
        })
    };
    items.iter().map(share).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "hours are bounded far below 2^53 hundredths"
)]
fn hundredths(hours: f64) -> i64 {
    (hours.clamp(0.0, 1e9) * 100.0).round() as i64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "hundredths are bounded far below 2^53"
)]
fn hours(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use super::share_hours;

    #[test]
    fn the_last_item_takes_the_remainder() {
        assert_eq!(
            share_hours(10.0, &[None, None, None]),
            [Some(3.33), Some(3.33), Some(3.34)]
        );
    }

    #[test]
    fn items_with_their_own_hours_keep_them() {
        assert_eq!(
            share_hours(8.0, &[Some(3.0), None, None]),
            [Some(3.0), Some(2.5), Some(2.5)]
        );
        assert_eq!(
            share_hours(8.0, &[Some(3.0), Some(5.0)]),
            [Some(3.0), Some(5.0)]
        );
    }

    #[test]
    fn nothing_left_to_share_leaves_items_without_hours() {
        assert_eq!(share_hours(3.0, &[Some(3.0), None]), [Some(3.0), None]);
        assert_eq!(share_hours(8.0, &[]), []);
        assert_eq!(share_hours(f64::NAN, &[None]), [None]);
    }
}
