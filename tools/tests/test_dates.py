from datetime import date, datetime
from unittest import TestCase

import numpy as np

from .. import dates
from ..dates import NO_DATE


class TestDates(TestCase):
    def test_days_count_from_the_epoch_and_back(self):
        for day, days in [
            (date(1970, 1, 1), 0),
            (date(1970, 1, 2), 1),
            (date(1969, 12, 31), -1),
            (date(2024, 2, 29), 19782),
        ]:
            with self.subTest(day=day):
                self.assertEqual(dates.to_days(day), days)
                self.assertEqual(dates.from_days(np.int32(days)), day)

    def test_none_is_no_date_and_back(self):
        self.assertEqual(dates.to_days(None), NO_DATE)
        self.assertIsNone(dates.from_days(NO_DATE))

    def test_no_date_is_the_smallest_int32(self):
        self.assertEqual(NO_DATE, np.iinfo(np.int32).min)

    def test_a_datetime_counts_as_its_date(self):
        self.assertEqual(dates.to_days(datetime(1970, 1, 2, 23, 59)), 1)

    def test_month_starts(self):
        for day, start, following in [
            (date(2024, 2, 1), date(2024, 2, 1), date(2024, 3, 1)),
            (date(2024, 2, 29), date(2024, 2, 1), date(2024, 3, 1)),
            (date(2023, 12, 31), date(2023, 12, 1), date(2024, 1, 1)),
            (date(2023, 1, 31), date(2023, 1, 1), date(2023, 2, 1)),
        ]:
            with self.subTest(day=day):
                days = dates.to_days(day)
                self.assertEqual(dates.from_days(dates.month_start(days)), start)
                self.assertEqual(dates.from_days(dates.next_month_start(days)), following)

    def test_has_date(self):
        np.testing.assert_array_equal(dates.has_date([NO_DATE, -1, 0]), [False, True, True])

    def test_earliest_ignores_missing_dates(self):
        result = dates.earliest([5, NO_DATE, NO_DATE, 7], [3, 4, NO_DATE, NO_DATE], NO_DATE)
        np.testing.assert_array_equal(result, [3, 4, NO_DATE, 7])
        self.assertEqual(result.dtype, np.int32)

    def test_only_after_is_strict(self):
        np.testing.assert_array_equal(
            dates.only_after([9, 10, 11, NO_DATE], 10), [NO_DATE, NO_DATE, 11, NO_DATE]
        )

    def test_what_int32_cannot_hold_is_no_date(self):
        np.testing.assert_array_equal(
            dates.as_days([2**31 - 1, 2**31, 2**40 + 5, NO_DATE]),
            [2**31 - 1, NO_DATE, NO_DATE, NO_DATE],
        )
