"""A short, reproducible pass over all targets; ``python -m tests.fuzz`` tries many more inputs."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.running import Run, totals
from tests.fuzz.targets import TARGETS

#: Those that take longer get fewer inputs.
_SLOW = frozenset({"config", "feed", "page", "reading"})


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_valid_holds(name: str) -> None:
    seeds = TARGETS[name].seeds()

    assert seeds
    for seed in seeds[:10]:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_nearly_valid_raises_nothing(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=15 if name in _SLOW else 60,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32).map(lambda number: target.mutated(Random(number))) | st.binary(max_size=200))
    def holds(data: bytes) -> None:
        target.run(data)

    holds()


def test_the_same_seed_gives_the_same_inputs() -> None:
    one, other = Random(7), Random(7)

    for target in TARGETS.values():
        inputs = [target.mutated(one) for _ in range(20)]
        assert inputs == [target.mutated(other) for _ in range(20)]
        assert max(map(len, inputs)) <= target.size


def test_what_fails_is_kept_and_counted_once_for_each_kind(tmp_path: Path) -> None:
    def fails(data: bytes) -> None:
        if data:
            raise ValueError(data)

    run = Run("any", tmp_path, "mutators", 0)
    held = [run.try_one(fails, data) for data in (b"", b"one", b"other")]
    summary = run.close(fails)

    assert held == [True, False, False]
    [failure] = summary["failures"]
    assert (failure["count"], Path(failure["file"]).read_bytes()) == (2, b"one")
    assert json.loads((tmp_path / "summary-any-mutators-0.json").read_text()) == summary
    assert [" ".join(line.split()[:3]) for line in totals(tmp_path)] == ["any 3 inputs", "all 3 inputs"]
