from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ..dates import NO_DATE
from ..levelling import Item, level, priority, share

TODAY = 20_000
SEARCH = settings(derandomize=True, deadline=None, database=None, max_examples=200)

capacities = st.lists(st.integers(0, 3), min_size=1, max_size=12)
rows = st.tuples(
    st.integers(TODAY - 40, TODAY + 15),
    st.sampled_from([0.0, 1.0, 5.0, 1000.0]),
    st.one_of(st.just(NO_DATE), st.integers(TODAY - 3, TODAY + 12)),
)


@st.composite
def lists(draw, fixed=True):
    found = draw(st.lists(rows, max_size=25))
    return [
        Item(key, due, value, day if fixed else NO_DATE)
        for key, (due, value, day) in enumerate(found)
    ]


class TestLevel(TestCase):
    def test_late_before_valuable_and_valuable_before_the_rest(self):
        items = [
            Item(1, TODAY, 500),
            Item(2, TODAY - 21, 10),  # three weeks late
            Item(3, TODAY, 900),
            Item(4, TODAY + 1, 9000),
        ]
        plan = level(items, [2, 0, 2], TODAY)
        self.assertEqual(plan, {2: TODAY, 3: TODAY, 4: TODAY + 2, 1: TODAY + 2})

    def test_by_hand_takes_a_place_even_where_there_is_none(self):
        items = [Item(1, TODAY, 5, TODAY - 9), Item(2, TODAY, 5, TODAY), Item(3, TODAY, 900)]
        self.assertEqual(level(items, [1, 1], TODAY), {1: TODAY, 2: TODAY, 3: TODAY + 1})

    def test_nobody_there(self):
        self.assertEqual(level([Item(1, TODAY, 5)], [0, 0], TODAY), {1: NO_DATE})
        self.assertEqual(level([Item(1, TODAY + 9, 5)], [0, 0], TODAY), {1: TODAY + 9})

    @SEARCH
    @given(lists(), capacities)
    def test_within_capacity_and_never_before_it_is_due(self, items, capacity):
        plan = level(items, capacity, TODAY)
        self.assertEqual(plan.keys(), {item.key for item in items})
        by_hand = {item.key for item in items if item.fixed != NO_DATE}
        for offset, places in enumerate(capacity):
            there = [key for key, day in plan.items() if day == TODAY + offset]
            own = [key for key in there if key not in by_hand]
            self.assertLessEqual(len(own), max(places - (len(there) - len(own)), 0))
        for item in items:
            if item.key not in by_hand and plan[item.key] != NO_DATE:
                self.assertGreaterEqual(plan[item.key], max(item.due, TODAY))

    @SEARCH
    @given(lists(), capacities)
    def test_no_place_is_left_empty_and_nobody_jumps_the_queue(self, items, capacity):
        plan = level(items, capacity, TODAY)
        free = [item for item in items if item.fixed == NO_DATE]
        for item in free:
            day = plan[item.key]
            end = TODAY + len(capacity) if day == NO_DATE else min(day, TODAY + len(capacity))
            for earlier in range(max(item.due, TODAY), end):
                there = [key for key, planned in plan.items() if planned == earlier]
                self.assertGreaterEqual(len(there), capacity[earlier - TODAY])
                for other in free:
                    if other.key in there:
                        self.assertLess(priority(other), priority(item))

    @SEARCH
    @given(lists(), capacities)
    def test_the_order_in_which_they_come_does_not_matter(self, items, capacity):
        self.assertEqual(
            level(items, capacity, TODAY), level(list(reversed(items)), capacity, TODAY)
        )

    @SEARCH
    @given(lists(fixed=False), capacities, rows)
    def test_one_more_moves_at_most_one_from_each_day(self, items, capacity, row):
        before = level(items, capacity, TODAY)
        after = level([*items, Item(len(items), row[0], row[1])], capacity, TODAY)
        moved = [before[key] for key in before if before[key] != after[key]]
        self.assertEqual(len(moved), len(set(moved)))
        for key, day in before.items():
            if after[key] not in (day, NO_DATE):
                self.assertGreater(after[key], day)


class TestShare(TestCase):
    def test_to_whoever_has_the_earliest_place(self):
        items = [Item(key, TODAY, 100 - key) for key in range(4)]
        self.assertEqual(share(items, {7: [1, 1], 8: [0, 1]}, TODAY), {0: 7, 1: 7, 2: 8, 3: None})

    def test_evenly_among_equals(self):
        items = [Item(key, TODAY, 5) for key in range(6)]
        taken = share(items, {7: [3], 8: [3]}, TODAY)
        self.assertEqual(sorted(taken.values()), [7, 7, 7, 8, 8, 8])

    def test_not_before_it_is_due(self):
        self.assertEqual(share([Item(1, TODAY + 1, 5)], {7: [9, 0], 8: [0, 1]}, TODAY), {1: 8})

    @SEARCH
    @given(lists(fixed=False), st.dictionaries(st.integers(1, 4), capacities, max_size=3))
    def test_nobody_gets_more_than_fits(self, items, free):
        taken = share(items, free, TODAY)
        self.assertEqual(taken.keys(), {item.key for item in items})
        for person, capacity in free.items():
            own = [item for item in items if taken[item.key] == person]
            plan = level(own, capacity, TODAY)
            self.assertLessEqual(len(own), sum(capacity))
            self.assertNotIn(NO_DATE, plan.values())
