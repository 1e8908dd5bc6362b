//! Calendar arithmetic of the date rules: everything counts from the sender's local day,
//! weeks start on Monday, days are calendar days.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::validate::MAX_YEARS;

/// The day from which dates count, and how `3/4` is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    /// The sender's local day.
    pub(crate) today: NaiveDate,
    /// Whether the month comes first in `3/4`, as in English.
    pub(crate) month_first: bool,
}

impl Calendar {
    /// So many days after today.
    pub(crate) fn in_days(self, days: u32) -> Option<NaiveDate> {
        self.today.checked_add_days(Days::new(u64::from(days)))
    }

    /// Whether work can be due on a day: not in the past, and not beyond the horizon that
    /// [`crate::validate()`] allows.
    pub(crate) fn can_be_due(self, day: NaiveDate) -> bool {
        let horizon = self.in_months(12 * MAX_YEARS);
        day >= self.today && horizon.is_none_or(|horizon| day <= horizon)
    }

    /// So many months after today, on the same day or the month's last.
    pub(crate) fn in_months(self, months: u32) -> Option<NaiveDate> {
        self.today.checked_add_months(Months::new(months))
    }

    /// The next such weekday strictly after today.
    pub(crate) fn coming(self, weekday: Weekday) -> Option<NaiveDate> {
        let ahead = weekday.days_since(self.today.weekday());
        self.in_days(if ahead == 0 { 7 } else { ahead })
    }

    /// That weekday in the current week, or the next one where it has passed.
    pub(crate) fn this_week(self, weekday: Weekday) -> Option<NaiveDate> {
        if weekday.num_days_from_monday() < self.today.weekday().num_days_from_monday() {
            return self.coming(weekday);
        }
        self.in_days(weekday.days_since(self.today.weekday()))
    }

    /// That weekday in the week after the current one.
    pub(crate) fn next_week(self, weekday: Weekday) -> Option<NaiveDate> {
        let to_monday = 7 - self.today.weekday().num_days_from_monday();
        self.in_days(to_monday + weekday.num_days_from_monday())
    }

    /// The last day of the month that lies so many months ahead.
    pub(crate) fn end_of_month(self, ahead: u32) -> Option<NaiveDate> {
        last_day(self.in_months(ahead)?)
    }

    /// The last day of the next such month.
    pub(crate) fn end_of_named_month(self, month: u32) -> Option<NaiveDate> {
        let year = self.today.year() + i32::from(month < self.today.month());
        last_day(NaiveDate::from_ymd_opt(year, month, 1)?)
    }

    /// The last day of this year.
    pub(crate) fn end_of_year(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.today.year(), 12, 31)
    }

    /// A day without a year: this year's, or the next one's where it has passed. A leap day
    /// waits for the next leap year.
    pub(crate) fn yearless(self, month: u32, day: u32) -> Option<NaiveDate> {
        (0..=8)
            .filter_map(|ahead| NaiveDate::from_ymd_opt(self.today.year() + ahead, month, day))
            .find(|&date| date >= self.today)
    }

    /// The next time that the month has this day.
    pub(crate) fn day_of_month(self, day: u32) -> Option<NaiveDate> {
        let first = self.today.with_day(1)?;
        (0..=2)
            .filter_map(|ahead| first.checked_add_months(Months::new(ahead))?.with_day(day))
            .find(|&date| date >= self.today)
    }

    /// `3/4` or `3/4/27`: the order is the language's, unless only the other one exists.
    pub(crate) fn numeric(self, first: u32, second: u32, year: Option<i32>) -> Option<NaiveDate> {
        let (month, day) = if self.month_first {
            (first, second)
        } else {
            (second, first)
        };
        let read = |month, day| match year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, day),
            None => self.yearless(month, day),
        };
        read(month, day).or_else(|| read(day, month))
    }
}

fn last_day(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(1)?
        .checked_add_months(Months::new(1))?
        .pred_opt()
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, Weekday};

    use super::Calendar;

    fn on(today: &str) -> Calendar {
        Calendar {
            today: today.parse().expect("a day"),
            month_first: true,
        }
    }

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    #[test]
    fn weekdays_from_a_friday() {
        let friday = on("2026-03-06");
        assert_eq!(friday.coming(Weekday::Fri), day("2026-03-13"));
        assert_eq!(friday.this_week(Weekday::Fri), day("2026-03-06"));
        assert_eq!(friday.next_week(Weekday::Fri), day("2026-03-13"));
        assert_eq!(friday.this_week(Weekday::Mon), day("2026-03-09"));
        assert_eq!(friday.this_week(Weekday::Sun), day("2026-03-08"));
    }

    #[test]
    fn work_is_due_from_today_on_and_within_ten_years() {
        let today = on("2026-06-02");
        let can = |text: &str| day(text).is_some_and(|day| today.can_be_due(day));
        assert!(can("2026-06-02") && can("2036-06-02"));
        assert!(!can("2026-06-01") && !can("2036-06-03"));
    }

    #[test]
    fn months_and_years_turn() {
        assert_eq!(on("2027-01-30").end_of_month(0), day("2027-01-31"));
        assert_eq!(on("2027-01-31").end_of_month(1), day("2027-02-28"));
        assert_eq!(on("2026-06-02").yearless(1, 10), day("2027-01-10"));
        assert_eq!(on("2026-06-02").yearless(2, 29), day("2028-02-29"));
        assert_eq!(on("2026-06-02").yearless(2, 30), None);
        assert_eq!(on("2026-01-31").day_of_month(30), day("2026-03-30"));
        assert_eq!(on("2026-06-20").day_of_month(20), day("2026-06-20"));
        assert_eq!(on("2026-12-05").end_of_named_month(2), day("2027-02-28"));
    }

    #[test]
    fn numeric_dates_follow_the_language() {
        let english = on("2026-03-01");
        assert_eq!(english.numeric(3, 15, None), day("2026-03-15"));
        assert_eq!(
            Calendar {
                month_first: false,
                ..english
            }
            .numeric(3, 4, None),
            day("2026-04-03")
        );
        assert_eq!(english.numeric(15, 4, None), day("2026-04-15"));
        assert_eq!(english.numeric(13, 14, None), None);
    }
}
