"""The links of messages to the pages, through a real mail."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.watch.watch import owing
from tests.builders import make_change
from tests.sinks import SmtpSink

INSIDE = "reader: {use: 'tests.readers.hits:HitReader'}\nfetch: {allow_private: [127.0.0.1/32]}\n"


def told(folder: Path, settings: str, *, project: str = "plant") -> str:
    """The mail on a change of a project, by a monitor with these settings."""
    folder.mkdir()
    (folder / "projects.yaml").write_text("projects:\n  - {id: plant, name: Plant, who: [Acme]}\n")
    (folder / "monitor.yaml").write_text(f"{INSIDE}{settings}")
    with SmtpSink() as mail:
        (folder / "subscribers.yaml").write_text(
            f"subscribers:\n  - {{name: Desk, to: ['{mail.address('d@x.org')}'], projects: ['*']}}\n"
        )
        app = App(*load_folder(folder))
        change = make_change(id="c1", project=project, at=datetime.now(UTC))
        app.ledger.note(owing([change], [change], app.watch, app.clock()))
        for _ in app.courier.deliver("w"):
            pass
        app.close()
        (found,) = mail.mails
    return "".join(str(part.get_content()) for part in found.walk() if part.get_content_type() == "text/html")


def test_a_mail_links_to_the_page_of_its_project(tmp_path: Path) -> None:
    assert '<a href="https://monitor.example.org/m/projects/plant"' in told(
        tmp_path / "config", "web: {public: 'https://monitor.example.org/m/'}\n"
    )


@pytest.mark.parametrize("settings", ["", "web: {host: 127.0.0.1}\n"])
def test_without_a_public_address_there_is_no_link(tmp_path: Path, settings: str) -> None:
    assert "/projects/" not in told(tmp_path / "config", settings)
