"""Writes records as JSON Lines, CSV or Parquet."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from monitor.contracts.records import Column, Record
from monitor.errors import InputError

Columns = Mapping[str, Column]

#: What a spreadsheet takes for the start of a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ROWS_AT_A_TIME = 10_000


def write_json(records: Iterable[Record], columns: Columns, file: BinaryIO) -> None:  # noqa: ARG001 - one signature for all
    """Write one object a line, unchanged."""
    for record in records:
        # A lone surrogate from a broken document: JSON can express it, UTF-8 cannot.
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
        file.write(line + b"\n")


def write_csv(records: Iterable[Record], columns: Columns, file: BinaryIO) -> None:
    """Write a table as in RFC 4180, in UTF-8 with a byte order mark for spreadsheets. No cell is a formula."""
    text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(columns)
    rows.writerows([_cell(record.get(name)) for name in columns] for record in records)
    text.detach()


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = "\n".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_parquet(records: Iterable[Record], columns: Columns, file: BinaryIO) -> None:
    """Write a Parquet file. Instants are timestamps, several texts are a list.

    Raises:
        InputError: the pyarrow library is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to load
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError as error:
        raise InputError(f"{error.name} is missing: install milestone-monitor[parquet]") from error
    types = {
        Column.TEXT: pa.string(),
        Column.TEXTS: pa.list_(pa.string()),
        Column.NUMBER: pa.float64(),
        Column.INSTANT: pa.timestamp("us", tz="UTC"),
    }
    schema = pa.schema([(name, types[column]) for name, column in columns.items()])
    with parquet.ParquetWriter(file, schema) as writer:
        for rows in _batches(records):
            typed = [{name: _typed(row.get(name), column) for name, column in columns.items()} for row in rows]
            writer.write_table(pa.Table.from_pylist(typed, schema=schema))


def _typed(value: object, column: Column) -> object:
    if value is None:
        return None
    if column is Column.INSTANT:
        return datetime.fromisoformat(str(value))
    if column is Column.TEXTS and isinstance(value, list):
        return [_utf8(item) for item in value]
    return _utf8(str(value)) if column is Column.TEXT else value


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    while batch := list(islice(rest, _ROWS_AT_A_TIME)):
        yield batch
