"""``lifecycles.yaml``: additional lifecycles."""

from pydantic import Field

from monitor.settings.models.base import Strict
from monitor.settings.scalars import Identifier


class LifecyclesFile(Strict):
    """lifecycles.yaml: further lifecycles, each the ordered list of its stages."""

    lifecycles: dict[Identifier, list[Identifier]] = Field(
        default={},
        description="Name → stages in their order.",
        examples=[{"railway": ["announced", "financed", "construction"]}],
    )
