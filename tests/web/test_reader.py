"""Readers manage the own subscription, and subscribe alone: through real mails and the real web server."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import aiohttp
import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.contracts.deliveries import subscriber_json
from monitor.poll.push import Intake
from monitor.watch.watch import owing
from monitor.web.site import site
from tests.builders import NOW, make_change
from tests.sinks import SmtpSink
from tests.web.people import inhabited
from tests.web.visiting import text

PROJECTS = "projects:\n  - {id: plant, name: Nemo plant, who: [Nemo]}\n  - {id: other, name: Harbour, who: [Other]}\n"
PUBLIC = "http://monitor.example"
#: What the form sends if nothing is changed.
SAVE: dict[str, str | list[str]] = {"do": "save", "project": ["plant", "other"], "language": "", "send": ""}


class Station:
    """A monitor that people can reach, and what happens to it."""

    def __init__(self, folder: Path, mail: SmtpSink) -> None:
        self.folder, self.mail, self.now = folder, mail, NOW

    def configure(self, *, subscribe: str = "", to: str = "desk@x.org") -> None:
        (self.folder / "projects.yaml").write_text(PROJECTS)
        web = f"web: {{public: '{PUBLIC}', port: 0{subscribe}}}\n"
        (self.folder / "monitor.yaml").write_text(
            f"{web}fetch: {{allow_private: [127.0.0.0/8]}}\nreader: {{use: 'tests.readers.hits:HitReader'}}\n"
        )
        (self.folder / "subscribers.yaml").write_text(
            f"subscribers:\n  - {{name: Desk, to: ['{self.mail.address(to)}'], at_most: 1000/h}}\n"
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Station"]:
        self.app = App(*load_folder(self.folder), clock=lambda: self.now)
        server = site(self.app, Intake(1_000))
        await server.start()
        self.address = f"http://127.0.0.1:{server.port}"
        try:
            yield self
        finally:
            await server.close()
            self.app.close()

    def tell(self, id_: str, project: str = "plant", at: datetime | None = None) -> list[EmailMessage]:
        """A project moves. The mails that this brings."""
        change = make_change(id=id_, project=project, at=at or self.now)
        self.app.ledger.note(owing([change], [change], self.app.watch, self.now))
        return self.deliver()

    def deliver(self) -> list[EmailMessage]:
        """Send what is due. The mails that this brings."""
        before = len(self.mail.mails)
        for _ in self.app.courier.deliver("w"):
            pass
        return self.mail.mails[before:]

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **form: str | list[str]) -> tuple[int, str]:
        data = [(name, each) for name, value in form.items() for each in ([value] if isinstance(value, str) else value)]
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.address + path, data=aiohttp.FormData(data), allow_redirects=False) as answer,
        ):
            return answer.status, answer.headers.get("Location") or await answer.text()


@pytest.fixture
def station(tmp_path: Path) -> Callable[..., Station]:
    folder = tmp_path / "config"
    folder.mkdir()
    return lambda mail: Station(folder, mail)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def link(mail: EmailMessage, path: str = "/subscription/") -> str:
    """The path of the link in a mail."""
    found = re.search(rf"{PUBLIC}({path}\S+)", body(mail))
    assert found is not None, body(mail)
    return found[1]


async def test_every_mail_leads_its_reader_to_the_own_subscription(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(to="desk@x.org,eve@x.org")
        async with here.running():
            first, second = here.tell("c1")
            assert link(first) != link(second)
            assert link(first) in unescape(body(first, "html"))
            status, shown = await here.get(link(first))
            guessed, _ = await here.get(f"{link(first)[:-2]}zz")

    assert (status, guessed) == (200, 404)
    assert "Nemo plant" in text(shown)
    assert "x.org" not in shown
    assert "Desk" not in shown
    assert 'href="/projects' not in shown


async def test_looking_at_the_link_changes_nothing(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure()
        async with here.running():
            (first,) = here.tell("c1")
            await here.get(f"{link(first)}?do=leave&do=save")
            chosen, told = here.app.readers.chosen(), here.tell("c2")

    assert (list(chosen), len(told)) == ([], 1)


async def test_a_reader_pauses_and_gets_what_moved_afterwards_in_one_message(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure()
        async with here.running():
            (first,) = here.tell("c1")
            saved = await here.post(link(first), **{**SAVE, "pause": "7"})
            _, shown = await here.get(link(first))
            during = [*here.tell("c2"), *here.tell("c3", "other")]
            here.now += timedelta(days=7)
            after = here.deliver()

    assert saved == (303, f"{link(first)}?done=saved")
    assert "Paused until" in text(shown)
    assert during == []
    assert len(after) == 1
    assert "Harbour" in body(after[0])


async def test_a_reader_ends_the_pause(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure()
        async with here.running():
            (first,) = here.tell("c1")
            await here.post(link(first), **{**SAVE, "pause": "90"})
            await here.post(link(first), **{**SAVE, "pause": "end"})
            told = here.tell("c2")

    assert len(told) == 1


async def test_a_reader_turns_a_project_off_and_chooses_the_language(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(to="desk@x.org,eve@x.org")
        async with here.running():
            first, _ = here.tell("c1")
            await here.post(link(first), **{**SAVE, "project": ["other"], "language": "fr"})
            plant, other = here.tell("c2", "plant"), here.tell("c3", "other")
            listed = [subscriber_json(each, ()) for each in here.app.audience.subscribers]

    assert [each["To"] for each in plant] == [each["To"] for each in plant if each["To"] != first["To"]]
    assert len(plant) == 1
    (own,) = [each for each in other if each["To"] == first["To"]]
    assert "Réf." in body(own)
    assert str(listed[0]["chosen"]).count("'without': ['plant']") == 1


async def test_a_reader_chooses_one_message_a_day(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure()
        async with here.running():
            (first,) = here.tell("c1")
            await here.post(link(first), **{**SAVE, "send": "daily"})
            during = here.tell("c2")
            here.now += timedelta(days=1)
            (digest,) = here.tell("c3", at=here.now - timedelta(hours=9))

    assert during == []
    assert str(digest["Subject"]).startswith("Digest")


async def test_a_reader_leaves(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure()
        async with here.running():
            (first,) = here.tell("c1")
            nothing, _ = await here.post(link(first), do="something")
            left = await here.post(link(first), do="leave")
            _, shown = await here.get(link(first))
            told = here.tell("c2")

    assert (nothing, left, told) == (400, (303, link(first)), [])
    assert "You receive nothing here" in text(shown)


# ---------------------------------------------------------------- subscribing alone


def offering(mail: SmtpSink) -> str:
    return f", subscribe: {{from: '{mail.address('m@x.org')}', domains: [desk.example], projects: [plant]}}"


ASK = {"address": "Eve@desk.example", "project": "plant", "language": "en", "send": "now"}


async def settled(here: Station, mails: int) -> None:
    """Wait until this many mails have come."""
    async with asyncio.timeout(20):
        while len(here.mail.mails) < mails:  # noqa: ASYNC110 - another thread takes them in
            await asyncio.sleep(0.02)


async def test_people_subscribe_alone_and_confirm_by_mail(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(subscribe=offering(mail))
        async with here.running():
            _, form = await here.get("/subscribe")
            asked = await here.post("/subscribe", **ASK)
            await settled(here, 1)
            (confirm,) = mail.mails
            told_before = here.tell("c1")
            _, looked = await here.get(link(confirm, "/subscribe/"))
            still = [each.name for each in here.app.watch.subscribers]
            status, to = await here.post(link(confirm, "/subscribe/"))
            told = here.tell("c2")
            own = next(each for each in here.app.watch.subscribers if each.is_own)
            listed = subscriber_json(own, here.app.audience.followed_by(own))
            _, managed = await here.get(to)
            await here.post(to.partition("?")[0], do="leave")
            after = here.tell("c3")
            names = [each.name for each in here.app.watch.subscribers]
            again, gone = await here.post(link(confirm, "/subscribe/"))

    assert ("Nemo plant" in form, "Harbour" in form) == (True, False)
    assert asked == (303, "/subscribe?done=asked")
    assert mail.recipients[0] == ["eve@desk.example"]
    assert len(told_before) == 1
    assert "Confirm your subscription" in text(looked)
    assert still == ["Desk"]
    assert (status, to.startswith("/subscription/"), "done=welcome" in to) == (303, True, True)
    assert any("eve@desk.example" in str(each["To"]) for each in told)
    assert len(told) == 2
    assert (listed["name"], listed["own"], listed["follows"]) == ("eve@desk.example", True, ["plant"])
    assert "You are told when a project really moves" in text(managed)
    assert len(after) == 1
    assert names == ["Desk"]
    assert (again, "no longer valid" in gone) == (410, True)


async def test_who_subscribed_alone_leaves_by_the_button_and_is_forgotten(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(subscribe=offering(mail))
        async with here.running():
            await here.post("/subscribe", **ASK)
            await settled(here, 1)
            await here.post(link(mail.mails[0], "/subscribe/"))
            told = here.tell("c1")
            (own,) = [each for each in told if "eve" in str(each["To"])]
            button = str(own["List-Unsubscribe"]).strip("<>").removeprefix(PUBLIC)
            await here.post(button, **{"List-Unsubscribe": "One-Click"})
            known, after = here.app.readers.confirmed(), here.tell("c2")

    assert (len(told), len(after)) == (2, 1)
    assert list(known) == []


async def test_the_answer_is_the_same_whether_or_not_an_address_is_known_and_mails_are_few(
    station: Callable[..., Station],
) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(subscribe=offering(mail))
        async with here.running():
            answers = []
            for number in range(5):
                answers.append(await here.post("/subscribe", **ASK))
                await settled(here, min(number + 1, 3))
                if number == 0:
                    await here.post(link(mail.mails[0], "/subscribe/"))
            other = await here.post("/subscribe", **{**ASK, "address": "new@desk.example"})
            await settled(here, 4)

    assert {*answers, other} == {(303, "/subscribe?done=asked")}
    assert [each[0] for each in mail.recipients] == ["eve@desk.example"] * 3 + ["new@desk.example"]


async def test_who_asks_for_many_mails_is_told_so_and_stops_nobody_elsewhere(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(subscribe=offering(mail))
        async with here.running():
            many = [await here.post("/subscribe", **{**ASK, "address": f"a{each}@desk.example"}) for each in range(21)]
            async with (
                aiohttp.ClientSession(headers={"X-Forwarded-For": "198.51.100.7"}) as session,
                session.post(f"{here.address}/subscribe", data=ASK, allow_redirects=False) as answer,
            ):
                elsewhere = answer.status
            await settled(here, 21)

    assert [status for status, _ in many] == [303] * 20 + [429]
    assert "None was sent now" in text(many[-1][1])
    assert elsewhere == 303
    assert ["eve@desk.example"] in mail.recipients


@pytest.mark.parametrize("address", ["eve@elsewhere.example", "eve", "eve@desk.example?cc=x@desk.example"])
async def test_an_address_that_may_not_subscribe_is_refused_at_its_field(
    station: Callable[..., Station], address: str
) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(subscribe=offering(mail))
        async with here.running():
            status, shown = await here.post("/subscribe", **{**ASK, "address": address})
            no_project, _ = await here.post("/subscribe", **{**ASK, "project": "other"})

    assert (status, no_project, mail.mails) == (422, 422, [])
    assert "This address cannot be used here." in text(shown)


async def test_a_link_is_valid_for_two_days(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(subscribe=offering(mail))
        async with here.running():
            await here.post("/subscribe", **ASK)
            await settled(here, 1)
            here.now += timedelta(hours=49)
            status, _ = await here.post(link(mail.mails[0], "/subscribe/"))
            names = [each.name for each in here.app.watch.subscribers]

    assert (status, names) == (410, ["Desk"])


async def test_without_the_operators_leave_nobody_subscribes_alone(station: Callable[..., Station]) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure()
        async with here.running():
            status, _ = await here.get("/subscribe")

    assert status == 404


OFFER = (
    ", subscribe: {{from: 'mailtos://m:p@mail.example/?from=m@mail.example', domains: ['*'], projects: [{projects}]}}"
)


@pytest.mark.parametrize(
    ("project", "chosen"), [("plant", ["plant"]), ("other", ["other"]), ("gone", ["plant", "other"])]
)
async def test_the_form_chooses_the_project_from_whose_page_one_comes(
    station: Callable[..., Station], project: str, chosen: list[str]
) -> None:
    with SmtpSink() as mail:
        here = station(mail)
        here.configure(subscribe=f", subscribe: {{from: '{mail.address('m@x.org')}', domains: ['*']}}")
        async with here.running():
            _, form = await here.get(f"/subscribe?project={project}")

    assert re.findall(r'name="project" value="(\w+)" checked', form) == chosen


@pytest.mark.parametrize(
    ("subscribe", "is_offered"),
    [(OFFER.format(projects="plant"), True), (OFFER.format(projects="rail"), False), ("", False)],
)
async def test_the_page_of_a_project_leads_to_the_form_if_it_is_offered(
    tmp_path: Path, subscribe: str, *, is_offered: bool
) -> None:
    async with inhabited(tmp_path / "c", more=f", public: 'http://monitor.example'{subscribe}") as site:
        site.add()
        browser = site.browser()
        await browser.log_in()
        shown = await browser.get("/projects/plant?lang=en")

    assert shown.status == 200
    assert ('href="/subscribe?lang=en&amp;project=plant"' in shown.body) is is_offered
