"""Pages of lists, as the API gives them."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from monitor.contracts.plain import Json

#: The items of a page if the client does not say, and at most.
PAGE, _LARGEST = 50, 500

Limit = Annotated[int, Query(ge=1, le=_LARGEST, description="The most items of a page.")]
Item = TypeVar("Item")


def page_json(found: Sequence[Item], write: Callable[[Item], Json], *, after: int, limit: int) -> Json:
    """A page of a list of which the first items are known: the number of these is its cursor."""
    upto = after + limit
    return listed([write(each) for each in found[after:upto]], str(upto) if upto < len(found) else None)


def listed(items: Sequence[Json], more: str | None) -> Json:
    """A page, with the cursor of the next one."""
    return {"items": items, "next": more}
