"""One click, and a mail's reader receives no more: through a real mail and the real web server."""

import re
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.ports import DeliveryState
from monitor.watch.watch import owing
from monitor.web.pages.subscription import Unsubscribing
from monitor.web.server import WebServer
from tests.builders import make_change
from tests.sinks import SmtpSink

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


#: The mail server of these tests is of this machine.
INSIDE = "fetch: {allow_private: [127.0.0.1/32]}\n"


def configured(folder: Path, port: int, mail: SmtpSink) -> App:
    (folder / "projects.yaml").write_text("projects:\n  - {id: plant, name: Plant, who: [Acme]}\n")
    public = f"web: {{public: 'http://127.0.0.1:{port}'}}\n"
    (folder / "monitor.yaml").write_text(f"{public}{INSIDE}")
    (folder / "subscribers.yaml").write_text(f"subscribers:\n  - {{name: Desk, to: ['{mail.address('d@x.org')}']}}\n")
    return App(*load_folder(folder))


def tell(app: App, change_id: str) -> None:
    change = make_change(id=change_id, project="plant", at=datetime.now(UTC))
    app.ledger.note(owing([change], [change], app.watch, app.clock()))
    for _ in app.courier.deliver("w"):
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config"


async def test_the_button_of_a_mail_ends_it(folder: Path) -> None:
    with SmtpSink() as mail:
        app = configured(folder, 1, mail)
        server = WebServer(
            [Unsubscribing(departures=app.departures, clock=app.clock, forget=app.forget_own).router()],
            host="127.0.0.1",
            port=0,
        )
        await server.start()
        app.reconfigure(*load_folder(folder))
        tell(app, "c1")
        (first,) = mail.mails
        assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = re.sub(":1/", f":{server.port}/", first["List-Unsubscribe"].strip("<>"))

        async with aiohttp.ClientSession() as browser:
            async with browser.get(address) as page:
                # Mail servers look at every link: looking changes nothing.
                assert page.status == 200
                assert '<form method="post">' in await page.text()
            tell(app, "c2")
            assert len(mail.mails) == 2
            async with browser.post(address) as nothing:
                assert nothing.status == 400
            async with browser.post(address, data=ONE_CLICK) as done:
                assert done.status == 200
                assert "ne recevrez plus" in await done.text()
            async with browser.post(f"{address[:-1]}{'B' if address[-1] == 'A' else 'A'}", data=ONE_CLICK) as stranger:
                assert stranger.status == 404
        tell(app, "c3")
        await server.close()

        assert len(mail.mails) == 2
        assert [one.state for one in app.outbox.deliveries()] == [DeliveryState.SENT, DeliveryState.SENT]
        assert [gone.subscriber for gone in app.departures.all()] == ["Desk"]
        app.close()


async def test_where_nobody_answers_no_button_is_shown(folder: Path) -> None:
    with SmtpSink() as mail:
        app = configured(folder, 1, mail)
        (folder / "monitor.yaml").write_text(INSIDE)
        app.reconfigure(*load_folder(folder))
        tell(app, "c1")
        app.close()

        assert mail.mails[0]["List-Unsubscribe"] is None
