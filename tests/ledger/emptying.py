"""A database as it was made, for tests that fill one many times."""

from sqlalchemy import Engine
from sqlmodel import SQLModel


def empty(engine: Engine) -> None:
    """Take all rows out of all tables."""
    with engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            connection.execute(table.delete())
