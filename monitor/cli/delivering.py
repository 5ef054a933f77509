"""``deliveries``, ``retry``, ``notify``: what was sent to whom."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, Limit, known
from monitor.cli.output import show, show_json
from monitor.cli.render_lists import deliveries as render_deliveries
from monitor.cli.render_lists import receipts, sending
from monitor.cli.session import consulted, opened
from monitor.contracts.deliveries import delivery_json, sending_json
from monitor.core.alerting.plan import why_no_delivery, why_waiting
from monitor.core.plain import clean
from monitor.ports import DeliveryRecord, DeliveryState, Outcome

if TYPE_CHECKING:
    from monitor.app.archive import Archive

#: Changes that are looked through for one that a subscriber wants; the newest.
_ENOUGH = 1_000
To = Annotated[
    str | None, typer.Option("--to", metavar="TEXT", help="To these destinations only: a part of the label, or an id.")
]


def deliveries(
    state: Annotated[DeliveryState | None, typer.Option("--state", help="In this state only.")] = None,
    change: Annotated[
        str | None,
        typer.Option(
            "--change",
            metavar="ID",
            help="Of this change, or of what the message of this id told: every attempt, and the proof.",
        ),
    ] = None,
    to: To = None,
    limit: Limit = 50,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """List deliveries with their destination, attempts and last result, newest last. If nothing is sent, say why.

    Examples:
        monitor deliveries
        monitor deliveries --state dead --json
        monitor deliveries --change fd3a2918
        monitor deliveries --to console
    """
    with consulted(config, addresses=True) as archive:
        labels = archive.labels
        found = archive.outbox.deliveries(state=state, change=change, destinations=_matching(to, labels), limit=limit)
        attempts = archive.outbox.attempts([record.delivery.id for record in found])
        is_all = state is None and change is None and to is None
        reason = "" if as_json or not is_all else _why_nothing_sent(archive, found)
    if as_json:
        for record in found:
            show_json(delivery_json(record, labels, attempts[record.delivery.id]))
    elif not found:
        show(f"No deliveries: {reason}." if reason else "No deliveries.")
    elif change is not None:
        show(receipts(found, attempts, labels, archive.watch.timezone))
    else:
        show(render_deliveries(found, labels, archive.watch.timezone))
        if reason:
            show(Text(f"Nothing is sent yet. {clean(reason)}"))


def _why_nothing_sent(archive: "Archive", found: Sequence[DeliveryRecord]) -> str:
    """Why there is no delivery, or why all of them wait. "" if one of them was tried."""
    audience = archive.audience
    if not found:
        return why_no_delivery(archive.ledger.changes(limit=_ENOUGH), audience)
    if any(record.state is not DeliveryState.PENDING or record.delivery.attempts for record in found):
        return ""
    return why_waiting((record.delivery for record in found), audience)


def _matching(to: str | None, labels: Mapping[str, str]) -> frozenset[str] | None:
    """The ids of the destinations that match a part of a label, or an id. None means all."""
    if to is None:
        return None
    return frozenset({to, *(id_ for id_, label in labels.items() if to.casefold() in label.casefold())})


def retry(
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="ID", help="Of deliveries; all dead ones when absent.")
    ] = None,
    to: To = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Make dead deliveries due again and reset their attempts. The service, or a poll, sends them.

    Examples:
        monitor retry
        monitor retry 41 42
        monitor retry --to console
    """
    with consulted(config, addresses=True, writes=True) as archive:
        due = archive.outbox.retry(ids or None, destinations=_matching(to, archive.labels), now=archive.clock())
    if as_json:
        show_json({"due": due})
    else:
        show("1 delivery is due again." if due == 1 else f"{due:,} deliveries are due again.")
        if ids and due < len(set(ids)):
            show("The others are not dead: monitor deliveries --state dead shows those that are.")


def notify(
    subscriber: Annotated[str, typer.Argument(metavar="SUBSCRIBER", help="The subscriber's name.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    test: Annotated[
        bool, typer.Option("--test", help="Send a test message; there is nothing else to send by hand.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send a test message to every destination of a subscriber now. Exit 1 if a destination does not accept it.

    Example:
        monitor notify Terminal --test
    """
    if not test:
        raise typer.BadParameter("add --test; alerts are sent by the service alone", param_hint="--test")
    with opened(config, as_json=as_json) as app:
        by_name = {each.name: each for each in app.watch.subscribers}
        results = list(app.courier.send_test(by_name[known("subscriber", subscriber, by_name)]))
    for destination, result in results:
        if as_json:
            show_json(sending_json(destination, result))
        else:
            show(sending(destination, result))
    if any(result.outcome is not Outcome.SENT for _, result in results):
        raise typer.Exit(1)
