"""In which form a service gets a message, and that it gets whole lines of it."""

import pytest
from apprise.common import NotifyFormat
from apprise.plugins.base import NotifyBase
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.briefing import Briefing, SharedOccasion
from monitor.core.message.compose import compose, compose_digest
from monitor.core.message.examples import EXAMPLES, TOGETHER
from monitor.core.news import Message
from monitor.delivery.apprise import Sheet, _service, written
from tests.builders import VOICE

ADDRESSES = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "google chat": "gchat://workspace/key/token",
    "matrix": "matrix://user:pass@localhost/#room",
    "pushover": "pover://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "ntfy": "ntfy://topic",
    "sms": "twilio://AC735c307c62944b5a:e29dfbcebf390dee9@15551233456/15551233457",
    "sendgrid": "sendgrid://abcd123-xyz:user@example.com/desk@example.com",
}
MARKDOWN, TEXT, HTML = NotifyFormat.MARKDOWN, NotifyFormat.TEXT, NotifyFormat.HTML


def service(name: str) -> NotifyBase:
    return _service(ADDRESSES.get(name, name))


def told(name: str = "status", *, language: str = "en") -> Message:
    return compose(EXAMPLES[name], voice=VOICE, language=language)


def flood(language: str = "en", times: int = 60) -> Message:
    several: list[Briefing] = list(TOGETHER) * times
    at = TOGETHER[0].change.at
    return compose_digest(several, id="b1", at=at, occasion=SharedOccasion.STORM, voice=VOICE, language=language)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("slack", MARKDOWN),
        ("telegram", MARKDOWN),
        ("discord", MARKDOWN),
        ("google chat", MARKDOWN),
        ("matrix", MARKDOWN),
        ("pushover", MARKDOWN),
        ("ntfy", TEXT),
        ("sms", TEXT),
        ("sendgrid", HTML),
        (f"{ADDRESSES['slack']}?format=text", TEXT),
        (f"{ADDRESSES['telegram']}?format=html", HTML),
        (f"{ADDRESSES['ntfy']}?format=markdown", MARKDOWN),
    ],
)
def test_a_service_gets_the_richest_form_that_it_shows_well(name: str, form: NotifyFormat) -> None:
    # Short in every form: Telegram takes 4096 characters.
    message = told("fact, changed")
    sheet = written(message, service(name))

    whole = {MARKDOWN: message.markdown, TEXT: message.body, HTML: message.html}[form]
    assert sheet.form is form
    assert sheet.body.splitlines()[-1] == whole.splitlines()[-1] or name == "sms"


def test_what_programs_receive_is_plain_text() -> None:
    form = service("forms://localhost/x")

    assert written(told(), form, is_shown=False) == Sheet(told().title, told().body, TEXT)


def test_a_message_without_markup_is_sent_as_text_to_all() -> None:
    bare = Message(title="Test", body="It works.", id="t1")

    for name in ("slack", "sendgrid", "ntfy"):
        assert written(bare, service(name)) == Sheet("Test", "It works.", TEXT)


def test_a_service_without_titles_gets_the_headline_first() -> None:
    message = told()

    assert written(message, service("sms")).title == ""
    assert written(message, service("sms")).body.splitlines()[0] == message.title
    assert written(message, service("telegram")).body.splitlines()[0] == f"**{message.title}**"


def test_a_text_message_is_a_few_whole_lines() -> None:
    assert written(told(), service("sms")).body == (
        "Orvandel anode plant, Port Alder: construction → suspended\n"
        "Since: August 2026\n"
        "Reported by 2 sources, not yet confirmed\n"
        "…"
    )


def test_a_headline_that_is_too_long_by_itself_is_cut_at_a_word() -> None:
    long = Message(title="word " * 60, body="body", id="1")

    sent = written(long, service("sms"))
    assert sent.body.endswith("word…")
    assert len(sent.body) <= 160
    assert written(long, service("ntfy")).title.endswith("word…")


def test_html_that_is_too_long_gives_way_to_text() -> None:
    long = flood(times=200)

    sheet = written(long, service("sendgrid"))
    assert len(long.html) > service("sendgrid").body_maxlen
    assert sheet.form is TEXT
    assert sheet.body.endswith("\n…")


@pytest.mark.parametrize("language", sorted(VOICE.catalogues))
@pytest.mark.parametrize("name", [name for name in ADDRESSES if name != "sendgrid"])
def test_apprise_finds_nothing_to_cut(name: str, language: str) -> None:
    plugin = service(name)
    for message in (*(told(example, language=language) for example in EXAMPLES), flood(language)):
        sheet = written(message, plugin)
        [piece] = plugin._apply_overflow(sheet.body, title=sheet.title, body_format=sheet.form)

        assert (piece["title"], piece["body"]) == (sheet.title, sheet.body)
        assert len(plugin.dialect_convert(sheet.body, body_format=sheet.form)) <= plugin.body_maxlen
        lines = set((message.title + "\n" + message.body + "\n" + message.markdown).splitlines())
        assert all(line in lines for line in sheet.body.splitlines()[1:-1])


@given(st.text(max_size=300), st.text(max_size=9000), st.sampled_from(["telegram", "sms", "discord", "ntfy"]))
def test_whatever_is_said_fits(title: str, body: str, name: str) -> None:
    plugin = service(name)
    message = Message(title=" ".join(title.split()), body=body, markdown=body, id="1")

    sheet = written(message, plugin)

    assert len(sheet.title) + len(sheet.body) <= plugin.body_maxlen
    assert len(sheet.title) <= max(plugin.title_maxlen, 0)
