"""What the operator reads of the monitor's own health."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.health import Ailment, Bulletin, Trouble
from monitor.core.message.compose import MOST, fields, write

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
BLOCKED = Ailment(
    trouble=Trouble.FEED_BLOCKED,
    subject="Example\nDaily",
    detail="blocked by bot protection (Cloudflare), status 403",
    since=NOW - timedelta(hours=2),
    found_at=NOW,
)
DISK = replace(BLOCKED, trouble=Trouble.DISK_FULL, subject="/var/lib/monitor", detail="12 MB are free", told_at=NOW)
JUMP = replace(BLOCKED, trouble=Trouble.CLOCK_JUMPED, subject="", detail="back by 1:00:00")


def test_it_says_what_is_wrong_since_when_and_what_is_right_again() -> None:
    message = write(Bulletin(raised=(BLOCKED, JUMP), recovered=(DISK,)), NOW)

    assert message.title == "Milestone monitor: 2 wrong, 1 right again (feed blocked, clock jumped, disk nearly full)"
    assert message.body.splitlines() == [
        "Wrong:",
        "• feed blocked: Example Daily, since 2026-11-25 06:00 UTC: blocked by bot protection (Cloudflare), status 403",
        "• clock jumped, since 2026-11-25 06:00 UTC: back by 1:00:00",
        "",
        "Right again:",
        "• disk nearly full: /var/lib/monitor, since 2026-11-25 06:00 UTC: 12 MB are free",
        "",
        "monitor doctor shows all that is wrong now.",
    ]


def test_hundreds_of_feeds_are_a_short_message() -> None:
    feeds = tuple(replace(BLOCKED, subject=f"feed {number}") for number in range(500))

    message = write(Bulletin(raised=feeds), NOW)

    assert message.title == "Milestone monitor: 500 wrong (feed blocked)"
    assert f"• feed blocked: {500 - MOST} more" in message.body
    assert len(message.body) < 3_000


def test_programs_are_told_the_same_under_an_id_of_what_is_told() -> None:
    message, recovered = write(Bulletin(raised=(DISK,)), NOW), write(Bulletin(recovered=(DISK,)), NOW)

    assert (
        message.event["id"]
        == message.id
        == write(Bulletin(raised=(DISK,)), NOW + timedelta(hours=1)).id
        != recovered.id
    )
    assert message.event["type"] == "monitor.health"
    assert message.event["data"] == {"raised": [fields(DISK)], "recovered": []}
    assert fields(BLOCKED)["told"] is None
    assert fields(DISK)["told"] == "2026-11-25T08:00:00Z"
