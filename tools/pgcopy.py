"""PostgreSQL's binary COPY format, to and from numpy record arrays.

Rows of fixed width only: every column is NOT NULL (a query writes a stand-in with COALESCE) and of
a type of fixed size, so that a million rows are one ``numpy.frombuffer`` instead of a million tuples.
Format: PostgreSQL documentation, COPY, "Binary Format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from .dates import NO_DATE

_SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_HEADER = _SIGNATURE + struct.pack("!ii", 0, 0)
_TRAILER = struct.pack("!h", -1)
#: PostgreSQL counts days from 2000-01-01, kernels from 1970-01-01.
_EPOCH = 10957


class SqlType(NamedTuple):
    """How one SQL type travels: its big-endian form, the kernel's form, what stands for NULL."""

    wire: str
    kernel: str
    null: object


SQL_TYPES = {
    "int4": SqlType(">i4", "i4", 0),
    "int8": SqlType(">i8", "i8", 0),
    "float8": SqlType(">f8", "f8", 0.0),
    "bool": SqlType("u1", "?", False),
    "date": SqlType(">i4", "i4", "-infinity"),
}


class Column(NamedTuple):
    name: str
    sql_type: str

    @property
    def null(self) -> object:
        """The value, as a query's argument, that stands for NULL in this column."""
        return SQL_TYPES[self.sql_type].null


class Columns:
    """The columns of one COPY, in order: decodes and encodes record arrays of them.

    Dates are days since 1970-01-01; ``NO_DATE`` stands for none (``-infinity`` in SQL).
    """

    def __init__(self, columns: Iterable[tuple[str, str]]):
        self._columns = [Column(*column) for column in columns]
        unknown = {c.sql_type for c in self._columns} - SQL_TYPES.keys()
        if unknown:
            raise ValueError(f"No fixed-width COPY form for {', '.join(sorted(unknown))}")
        wire = [("fields", ">i2")]
        for column in self._columns:
            wire += [
                (f"{column.name}__size", ">i4"),
                (column.name, SQL_TYPES[column.sql_type].wire),
            ]
        self._wire = np.dtype(wire)
        self.dtype = np.dtype([(c.name, SQL_TYPES[c.sql_type].kernel) for c in self._columns])

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def __add__(self, other: Columns) -> Columns:
        return Columns([*self, *other])

    def empty(self, count: int) -> np.ndarray:
        """Rows in which every column has what stands for NULL."""
        rows = np.zeros(count, self.dtype)
        for column in self._columns:
            if column.sql_type == "date":
                rows[column.name] = NO_DATE
        return rows

    def decode(self, data) -> np.ndarray:
        """Rows out of what ``COPY … TO STDOUT (FORMAT binary)`` wrote."""
        body = memoryview(data)
        if bytes(body[: len(_SIGNATURE)]) != _SIGNATURE:
            raise ValueError("Not PostgreSQL's binary COPY format")
        flags, extension = struct.unpack("!ii", body[len(_SIGNATURE) : len(_HEADER)])
        if flags:
            raise ValueError(f"Unsupported COPY flags {flags:#x}")
        body = body[len(_HEADER) + extension : -len(_TRAILER)]
        if len(body) % self._wire.itemsize:
            raise ValueError("A row is not of the declared width: a NULL, or another type")
        wire = np.frombuffer(body, dtype=self._wire)
        rows = np.empty(len(wire), dtype=self.dtype)
        for column in self._columns:
            values = wire[column.name]
            rows[column.name] = _from_wire_date(values) if column.sql_type == "date" else values
        return rows

    def encode(self, rows: np.ndarray) -> bytes:
        """What ``COPY … FROM STDIN (FORMAT binary)`` reads, out of a record array."""
        wire = np.empty(len(rows), dtype=self._wire)
        wire["fields"] = len(self._columns)
        for column in self._columns:
            values = rows[column.name]
            wire[f"{column.name}__size"] = self._wire[column.name].itemsize
            wire[column.name] = _to_wire_date(values) if column.sql_type == "date" else values
        return _HEADER + wire.tobytes() + _TRAILER


def _from_wire_date(values: np.ndarray) -> np.ndarray:
    days = values.astype("i4")
    return np.where(days == NO_DATE, NO_DATE, days + np.int32(_EPOCH) * (days != NO_DATE))


def _to_wire_date(values: np.ndarray) -> np.ndarray:
    return np.where(values == NO_DATE, NO_DATE, values - np.int32(_EPOCH) * (values != NO_DATE))
