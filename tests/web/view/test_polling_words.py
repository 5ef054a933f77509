"""Why a feed is polled when it is, and what went wrong with it."""

from datetime import timedelta

import pytest

from monitor.core.message.tongue import ENGLISH, Catalogue, Tongue
from monitor.core.polling.polling import PollReason, Rule
from monitor.web.view.feeds import fault, recognised, seconds, why
from tests.builders import VOICE

TONGUE = Tongue.of({"en": ENGLISH}, "en")
FRENCH = Tongue.of(VOICE.catalogues, "fr")


def bare(text: str) -> str:
    """The text without the marks around what comes from outside."""
    return text.translate({0x2068: None, 0x2069: None, 0x2060: None})


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_is_said_with_its_wait(rule: Rule) -> None:
    (said,) = why([PollReason(rule=rule, wait=timedelta(minutes=30), words="as the log says it")], TONGUE)

    assert said.startswith("30 minutes: ")
    assert "as the log says it" not in said


@pytest.mark.parametrize(
    "reason",
    [
        "there is no network",
        "the server forbids it (403 Forbidden)",
        "no connection to example.org: Connection refused",
        "no connection to example.org within 10 seconds",
        "this is an HTML page ('News'), not a feed; it names one at https://example.org/rss",
        "this is an HTML page, not a feed",
    ],
)
def test_an_error_of_ours_keeps_its_words(reason: str) -> None:
    found = fault(reason, TONGUE)

    assert bare(found.words) == reason
    assert found.is_translated


def test_an_error_of_others_is_marked_as_untranslated() -> None:
    found = fault("mail for <b>you</b>", FRENCH)

    assert (bare(found.words), found.is_translated) == ("mail for <b>you</b>", False)


def test_what_only_begins_like_an_error_of_ours_is_of_others() -> None:
    assert not fault("the document is empty, says the server", FRENCH).is_translated


def test_in_english_every_error_is_in_the_readers_language() -> None:
    assert fault("odd", TONGUE).is_translated


def test_a_long_error_is_cut() -> None:
    assert len(bare(fault("x" * 10_000, TONGUE).words)) <= 300


@pytest.mark.parametrize(("latency", "said"), [(0.001, "one millisecond"), (1.25, "1,250 milliseconds")])
def test_a_latency_is_said_in_milliseconds(latency: float, said: str) -> None:
    assert seconds(latency, TONGUE) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plan.yaml is broken", "broken: plan.yaml"),
        ("is broken", None),
        ("plan.yaml is whole", None),
        ("", None),
    ],
)
def test_a_text_may_begin_with_what_differs(text: str, said: str | None) -> None:
    known = Catalogue(locale="en_GB", messages={("c", "{file} is broken"): ("broken: {file}",)}, plural=int)
    tongue = Tongue.of({"en": known}, "en")

    assert recognised(text, ["{file} is broken"], "c", tongue, str) == said
