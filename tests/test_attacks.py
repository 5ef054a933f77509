"""What docs/attacks.md says is tested is tested."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TABLES = (ROOT / "docs/attacks.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TABLES)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_test_of_an_attack_exists(file: str, test: str) -> None:
    assert re.search(rf"^(?:async )?def {test}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_every_attack_has_its_test() -> None:
    lines = [line for line in TABLES.splitlines() if line.startswith("|")]
    rows = [line for line in lines if not line.startswith(("| attack |", "|---"))]

    assert rows
    assert [row for row in rows if not re.search(r"\| `tests/[^|]+` \|$", row)] == []
