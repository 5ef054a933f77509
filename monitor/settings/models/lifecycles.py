"""``lifecycles.yaml``: additional lifecycles."""

from typing import Annotated

from pydantic import Field

from monitor.settings.models.base import Strict
from monitor.settings.scalars import Identifier


class LifecyclesFile(Strict):
    """lifecycles.yaml: further lifecycles, each the ordered list of its stages."""

    lifecycles: dict[Identifier, Annotated[list[Identifier], Field(max_length=100)]] = Field(
        default={},
        max_length=100,
        description="Name → stages in their order.",
        examples=[{"railway": ["announced", "financed", "construction"]}],
    )
    like: dict[Identifier, Identifier] = Field(
        default={},
        max_length=100,
        description="Stage of a further lifecycle → the stage of industrial that is told by the same words.",
        examples=[{"financed": "approved"}],
    )
