"""Mail: what arrives, and what is made of the server's answer."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from apprise.plugins.email.common import EmailMessage

from monitor.core.message.compose import compose
from monitor.core.message.examples import EXAMPLES
from monitor.core.news import Message
from monitor.delivery.apprise import AppriseSender, _service, addressed, destinations, resolve
from monitor.delivery.mail import Mail
from monitor.errors import DeliveryError
from monitor.ports import Outcome
from tests.builders import VOICE
from tests.delivery.conftest import CANARY, MESSAGE
from tests.sinks import SmtpSink, refusing_port

DESK, PRESS = "desk@example.org", "press@example.org"


def test_a_mail_arrives_as_it_was_written(sender: AppriseSender, mail: SmtpSink) -> None:
    result = sender.send(mail.address(DESK), MESSAGE)

    (received,) = mail.mails
    assert result.outcome is Outcome.SENT
    assert mail.recipients == [[DESK]]
    assert received["Subject"] == MESSAGE.title
    assert received.get_content().splitlines() == MESSAGE.body.splitlines()
    assert received["To"] == DESK
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["X-Change-Id"] == "c0ffee11"


@pytest.mark.parametrize(
    ("options", "sender_is"),
    [
        pytest.param({}, "Milestone monitor <monitor@example.org>", id="an address"),
        pytest.param({"from": "Plant news <news@example.org>"}, "Plant news <news@example.org>", id="with a name"),
    ],
)
def test_a_mail_names_its_sender(
    sender: AppriseSender, mail: SmtpSink, options: dict[str, str], sender_is: str
) -> None:
    sender.send(mail.address(DESK, **options), MESSAGE)

    (received,) = mail.mails
    assert received["From"] == sender_is


def test_a_mail_has_html_and_the_same_in_plain_text_with_its_links(sender: AppriseSender, mail: SmtpSink) -> None:
    rich = compose(EXAMPLES["status"], voice=VOICE, language="ar")
    sender.send(mail.address(DESK), rich)

    (received,) = mail.mails
    html, text = received.get_body(("html",)), received.get_body(("plain",))
    assert received.get_content_type() == "multipart/alternative"
    assert html is not None
    assert text is not None
    assert html.get_content().splitlines() == rich.html.splitlines()
    assert text.get_content().splitlines() == rich.body.splitlines()
    assert "https://gazette.example/2026/09/01/orvandel-anodes" in text.get_content()
    assert received["Subject"] == rich.title
    assert received["Message-ID"].startswith(f"<{rich.id}.")


def test_what_was_signed_is_sent_as_it_is() -> None:
    plugin = _service("mailto://user:pass@example.org")
    assert isinstance(plugin, Mail)
    signed = EmailMessage(DESK, [DESK], 'Content-Type: multipart/signed; boundary="x"\n\n--x\n\ntext\n--x--\n')

    assert plugin._with_text(signed) is signed


def test_who_wants_text_alone_gets_no_html(sender: AppriseSender, mail: SmtpSink) -> None:
    rich = compose(EXAMPLES["status"], voice=VOICE, language="fr")
    sender.send(mail.address(DESK, format="text"), rich)

    (received,) = mail.mails
    assert received.get_content_type() == "text/plain"
    assert received.get_content().splitlines() == rich.body.splitlines()


def test_the_message_id_is_the_same_at_every_attempt_and_differs_by_change_and_recipient(
    sender: AppriseSender, mail: SmtpSink
) -> None:
    for message in (MESSAGE, MESSAGE, replace(MESSAGE, id="other <id>\r\nBcc: x@example.org")):
        sender.send(mail.address(DESK), message)
    sender.send(mail.address(PRESS), MESSAGE)

    first, again, other, for_press = (received["Message-ID"] for received in mail.mails)
    assert first == again
    assert len({first, other, for_press}) == 3
    assert first.startswith("<c0ffee11.")
    assert first.endswith("@example.org>")
    assert all(received["Bcc"] is None for received in mail.mails)


def test_mails_on_one_project_stand_together(sender: AppriseSender, mail: SmtpSink) -> None:
    on_anode = replace(MESSAGE, thread="orvandel-anode")
    hostile = replace(MESSAGE, thread="x>\r\nBcc: x@example.org")
    for message in (
        on_anode,
        replace(on_anode, id="other"),
        replace(MESSAGE, thread="orvandel-cathode"),
        hostile,
        MESSAGE,
    ):
        sender.send(mail.address(DESK), message)

    first, second, other, harmless, alone = mail.mails
    assert first["References"] == first["In-Reply-To"] == "<orvandel-anode.project@example.org>" == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["List-Id"] == "<orvandel-anode.example.org>"
    assert other["References"] == "<orvandel-cathode.project@example.org>"
    assert harmless["Bcc"] is None
    assert alone["References"] is None


def test_the_operator_logs_in_and_may_add_headers_and_copies(sender: AppriseSender, mail: SmtpSink) -> None:
    where = mail.address(DESK, user="monitor", password=f"{CANARY} &@/:", cc=PRESS, **{"+X-Desk": "one"})

    assert sender.send(where, MESSAGE).outcome is Outcome.SENT
    assert mail.logins == [("monitor", f"{CANARY} &@/:")]
    assert mail.recipients == [[DESK, PRESS]]
    assert mail.mails[0]["X-Desk"] == "one"


# ---------------------------------------------------------------- failures


def tell(**orders: object) -> Callable[[SmtpSink], None]:
    """What the sink is told to do."""

    def order(sink: SmtpSink) -> None:
        for name, value in orders.items():
            setattr(sink, name, value)

    return order


@pytest.mark.parametrize(
    ("order", "outcome", "detail"),
    [
        pytest.param(tell(answer="451 4.7.1 try later"), Outcome.FAILED, f"{DESK}: 451 4.7.1 try later", id="not now"),
        pytest.param(tell(answer="554 5.7.1 spam"), Outcome.REFUSED, f"{DESK}: 554 5.7.1 spam", id="never"),
        pytest.param(
            tell(refusals={DESK: "550 no such user"}), Outcome.REFUSED, f"{DESK}: 550 no such user", id="nobody there"
        ),
        pytest.param(
            tell(refusals={DESK: "450 greylisted"}), Outcome.FAILED, f"{DESK}: 450 greylisted", id="greylisted"
        ),
        pytest.param(
            tell(hangs_up=True),
            Outcome.UNKNOWN,
            f"{DESK}: no answer, but it may have arrived: Connection unexpectedly closed",
            id="hangs up",
        ),
        pytest.param(
            tell(delay=600),
            Outcome.UNKNOWN,
            f"{DESK}: no answer, but it may have arrived: Connection unexpectedly closed: timed out",
            id="hangs",
        ),
    ],
)
def test_the_servers_answer_is_understood(
    *, sender: AppriseSender, mail: SmtpSink, order: Callable[[SmtpSink], None], outcome: Outcome, detail: str
) -> None:
    order(mail)

    result = sender.send(mail.address(DESK, cto="0.4"), MESSAGE)

    assert (result.outcome, result.detail) == (outcome, detail)


def test_a_closed_port_means_that_nothing_was_sent(sender: AppriseSender) -> None:
    result = sender.send(f"mailto://127.0.0.1:{refusing_port()}?from=a@example.org&to={DESK}", MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.FAILED, "cannot connect: Connection refused")


def test_a_refused_login_means_that_nothing_was_sent(sender: AppriseSender, mail: SmtpSink) -> None:
    mail.accepts_login = False

    result = sender.send(mail.address(DESK, user="monitor", password=CANARY), MESSAGE)

    assert result.outcome is Outcome.FAILED
    assert result.detail.startswith("cannot connect: 535 ")
    assert mail.mails == []


@pytest.mark.parametrize("mode", ["ssl", "starttls"])
def test_a_server_without_tls_gets_neither_password_nor_mail(sender: AppriseSender, mail: SmtpSink, mode: str) -> None:
    where = mail.address(DESK, user="monitor", password=CANARY, mode=mode, cto="0.4")

    assert sender.send(where, MESSAGE).outcome is Outcome.FAILED
    assert (mail.logins, mail.mails) == ([], [])


def test_letters_that_a_server_does_not_take_are_its_refusal(sender: AppriseSender, mail: SmtpSink) -> None:
    mail.refusals = {DESK: "550 \xe4\n\x1b[31m"}

    assert sender.send(mail.address(DESK), MESSAGE).outcome is not Outcome.SENT


# ---------------------------------------------------------------- several recipients


def test_when_one_of_two_has_it_nobody_knows_whether_it_was_sent(sender: AppriseSender, mail: SmtpSink) -> None:
    mail.refusals = {PRESS: "550 no such user"}

    result = sender.send(mail.address(DESK, PRESS), MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.UNKNOWN, f"{PRESS}: 550 no such user")
    assert mail.recipients == [[DESK]]


def test_when_neither_of_two_has_it_it_failed(sender: AppriseSender, mail: SmtpSink) -> None:
    mail.refusals = {DESK: "450 later", PRESS: "550 no such user"}

    assert sender.send(mail.address(DESK, PRESS), MESSAGE).outcome is Outcome.FAILED


def test_a_copy_that_is_refused_leaves_it_unknown(sender: AppriseSender, mail: SmtpSink) -> None:
    mail.refusals = {PRESS: "550 no such user"}

    result = sender.send(mail.address(DESK, cc=PRESS), MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.UNKNOWN, "***: 550 no such user")


def test_several_recipients_are_several_destinations(sender: AppriseSender, mail: SmtpSink) -> None:
    both = destinations(mail.address(DESK, PRESS, user="mon itor", password=f"{CANARY} &@/:", **{"+X-Desk": "a b"}))

    assert [each.label for each in both] == [f"mailto://127.0.0.1:{mail.port}/{who}" for who in (DESK, PRESS)]
    assert len({each.id for each in both}) == 2
    for each in both:
        assert sender.send(each.url, MESSAGE).outcome is Outcome.SENT
    assert mail.recipients == [[DESK], [PRESS]]
    # By one connection: the server is logged in to once.
    assert mail.logins == [("mon itor", f"{CANARY} &@/:")]
    assert [received["X-Desk"] for received in mail.mails] == ["a b", "a b"]


def test_a_recipient_is_the_same_destination_alone_and_among_others(mail: SmtpSink) -> None:
    alone = destinations(mail.address(DESK, user="monitor", password=CANARY))
    among = destinations(mail.address(PRESS, DESK, user="monitor", password="another one"))

    assert alone[0].id == resolve(mail.address(DESK, user="monitor", password="x", cto="9")).id
    assert alone[0].id in {each.id for each in among}


def test_a_recipient_named_twice_is_one_destination(mail: SmtpSink) -> None:
    assert len(destinations(mail.address(DESK, DESK))) == 1


@pytest.mark.parametrize(
    ("recipients", "options"),
    [
        pytest.param(("desk@",), {}, id="the only one"),
        pytest.param((DESK, "press"), {}, id="one of two"),
        pytest.param((DESK,), {"cc": "press"}, id="a copy"),
        pytest.param((DESK,), {"bcc": "press@"}, id="a blind copy"),
    ],
)
def test_a_recipient_that_cannot_be_read_is_refused(
    mail: SmtpSink, recipients: tuple[str, ...], options: dict[str, str]
) -> None:
    with pytest.raises(DeliveryError, match="mailto:// address is unusable: "):
        destinations(mail.address(*recipients, **options))


def test_recipients_may_have_names(sender: AppriseSender, mail: SmtpSink) -> None:
    sender.send(mail.address('"Desk, the" <desk@example.org>'), MESSAGE)

    assert mail.recipients == [[DESK]]


def test_an_empty_title_does_no_harm(sender: AppriseSender, mail: SmtpSink) -> None:
    assert sender.send(mail.address(DESK), Message(title="", body="x", id="1")).outcome is Outcome.SENT


def test_one_account_writes_to_each_person_alone() -> None:
    account = "mailto://u:secretword@example.org?smtp=mail.example.org&to=desk@example.org&cc=boss@example.org"

    there = addressed(account, "eve@desk.example")

    assert "eve" in there.label
    assert "secretword" in there.url
    assert "desk%40example.org" not in there.url
    assert "boss" not in there.url
    assert there.id != resolve(account).id


@pytest.mark.parametrize(
    ("account", "person"), [("json://example.org/hook", "eve@desk.example"), ("mailto://u@example.org", "nobody")]
)
def test_what_is_no_mail_account_or_no_person_is_refused(account: str, person: str) -> None:
    with pytest.raises(DeliveryError):
        addressed(account, person)
