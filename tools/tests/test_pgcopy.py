"""PostgreSQL's binary COPY, byte by byte as its documentation has it."""

import random
import struct
import unittest

import numpy as np

from ..dates import NO_DATE, to_days
from ..pgcopy import Columns

EVERY_TYPE = Columns(
    [
        ("small", "int4"),
        ("large", "int8"),
        ("real", "float8"),
        ("yes", "bool"),
        ("day", "date"),
    ]
)
HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)
#: PostgreSQL's own -infinity among dates.
MINUS_INFINITY = -(2**31)


def row_as_documented(small, large, real, yes, day) -> bytes:
    """One tuple: the number of fields, then each as its length and its big-endian bytes."""
    return b"".join(
        [
            struct.pack("!h", 5),
            struct.pack("!ii", 4, small),
            struct.pack("!iq", 8, large),
            struct.pack("!id", 8, real),
            struct.pack("!i?", 1, yes),
            struct.pack("!ii", 4, day),
        ]
    )


def rows_of(columns, *values) -> np.ndarray:
    return np.array(list(values), dtype=columns.dtype)


class Encoding(unittest.TestCase):
    def test_bytes_are_those_of_the_documentation(self):
        rows = rows_of(
            EVERY_TYPE, (1, 2**40, 0.5, True, to_days(None)), (-1, -5, -0.25, False, 10957)
        )
        expected = (
            HEADER
            + row_as_documented(1, 2**40, 0.5, True, MINUS_INFINITY)
            + row_as_documented(-1, -5, -0.25, False, 0)
            + TRAILER
        )
        self.assertEqual(EVERY_TYPE.encode(rows), expected)

    def test_dates_are_counted_from_2000(self):
        columns = Columns([("day", "date")])
        for day, on_the_wire in ((0, -10957), (10957, 0), (19886, 8929), (NO_DATE, MINUS_INFINITY)):
            data = HEADER + struct.pack("!hii", 1, 4, on_the_wire) + TRAILER
            with self.subTest(day):
                self.assertEqual(columns.encode(rows_of(columns, (day,))), data)
                self.assertEqual(columns.decode(data)["day"].tolist(), [day])

    def test_no_rows(self):
        self.assertEqual(EVERY_TYPE.encode(EVERY_TYPE.empty(0)), HEADER + TRAILER)
        self.assertEqual(len(EVERY_TYPE.decode(HEADER + TRAILER)), 0)


class Decoding(unittest.TestCase):
    def test_what_was_encoded_is_decoded(self):
        random_ = random.Random(3)
        rows = rows_of(
            EVERY_TYPE,
            *(
                (
                    random_.randint(-(2**31), 2**31 - 1),
                    random_.randint(-(2**63), 2**63 - 1),
                    random_.choice((random_.uniform(-1e12, 1e12), float("inf"), 0.1 + 0.2)),
                    random_.random() < 0.5,
                    random_.choice((NO_DATE, random_.randint(-700_000, 700_000))),
                )
                for _ in range(500)
            ),
        )
        decoded = EVERY_TYPE.decode(EVERY_TYPE.encode(rows))
        self.assertEqual(decoded.dtype, EVERY_TYPE.dtype)
        self.assertTrue((decoded == rows).all())

    def test_a_memoryview_is_read_as_well_as_bytes(self):
        data = EVERY_TYPE.encode(EVERY_TYPE.empty(3))
        self.assertEqual(len(EVERY_TYPE.decode(memoryview(bytearray(data)))), 3)

    def test_a_header_extension_is_skipped(self):
        data = EVERY_TYPE.encode(EVERY_TYPE.empty(2))
        extended = HEADER[:-4] + struct.pack("!i", 6) + b"future" + data[len(HEADER) :]
        self.assertEqual(len(EVERY_TYPE.decode(extended)), 2)

    def test_what_is_no_copy_is_refused(self):
        good = EVERY_TYPE.encode(EVERY_TYPE.empty(1))
        null = HEADER + struct.pack("!hi", 1, -1) + TRAILER
        with_oids = HEADER[:-8] + struct.pack("!ii", 1 << 16, 0) + TRAILER
        for name, data, columns in (
            ("text", b"1\t2\t3\n" * 20, EVERY_TYPE),
            ("nothing", b"", EVERY_TYPE),
            ("a NULL", null, Columns([("small", "int4")])),
            ("another type", good, Columns([("small", "int4")])),
            ("flags", with_oids, EVERY_TYPE),
        ):
            with self.subTest(name), self.assertRaises(ValueError):
                columns.decode(data)

    def test_the_result_may_be_written_to(self):
        rows = EVERY_TYPE.decode(EVERY_TYPE.encode(EVERY_TYPE.empty(2)))
        rows["small"] = 7
        self.assertEqual(rows["small"].tolist(), [7, 7])


class Declaring(unittest.TestCase):
    def test_a_type_without_a_fixed_width_is_refused(self):
        for sql_type in ("text", "numeric", "jsonb"):
            with self.subTest(sql_type), self.assertRaisesRegex(ValueError, sql_type):
                Columns([("x", sql_type)])

    def test_empty_rows_hold_what_stands_for_null(self):
        row = EVERY_TYPE.empty(1)[0]
        self.assertEqual(row.tolist(), (0, 0, 0.0, False, NO_DATE))
        self.assertEqual([column.null for column in EVERY_TYPE], [0, 0, 0.0, False, "-infinity"])

    def test_columns_add_up(self):
        both = Columns([("a", "int4")]) + Columns([("b", "date")])
        self.assertEqual([tuple(column) for column in both], [("a", "int4"), ("b", "date")])
