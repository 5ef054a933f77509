"""Resolves a subscriber's addresses to destinations, with the order of their fallbacks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.core.alerting.limits import mail_address
from monitor.core.news import Destination, Fallback
from monitor.delivery.guard import Refusal
from monitor.delivery.redaction import identity, scheme_of
from monitor.errors import ConfigProblem, DeliveryError
from monitor.settings.interpolation import Interpolator
from monitor.settings.models import OrderSettings, SubscriberSettings
from monitor.settings.validate import Placed
from monitor.settings.yaml_document import KeyPath, YamlDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The destinations of a subscriber, as ``Subscriber`` stores them."""

    to: tuple[Destination, ...]
    fallbacks: tuple[Fallback, ...] = ()


def written(settings: SubscriberSettings) -> Iterator[tuple[KeyPath, str]]:
    """Each address of a subscriber, with its path under ``to``."""
    for index, item in enumerate(settings.to):
        if isinstance(item, OrderSettings):
            yield (index, "first"), item.first
            for number, address in enumerate(item.else_):
                yield (index, "else", number) if len(item.else_) > 1 else (index, "else"), address
        else:
            yield (index,), item


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Resolves addresses to destinations.

    Errors in addresses are added to the problems. Addresses are remembered as secrets, with the label to show instead.
    An address with an unresolved reference gives a destination that cannot be used for now.
    """

    problems: list[ConfigProblem]
    #: Receives the problems of unresolved references.
    unset: list[ConfigProblem]
    interpolator: Interpolator
    #: Returns the reason to refuse a numeric address. None if the allowed networks are unknown.
    refusal: Refusal | None
    #: False if nothing will be sent. Addresses are then only remembered, because to resolve them takes long.
    is_sending: bool
    #: The address of the mail account that writes to plain mail addresses. "" if there is none.
    account: str = ""

    def ways(self, document: YamlDocument, placed: Placed[SubscriberSettings]) -> Ways:
        """The destinations and fallbacks of a subscriber."""
        to: list[Destination] = []
        fallbacks: list[Fallback] = []
        found = {
            path: tuple(self._resolved(document, (*placed.path, "to", *path), address))
            for path, address in written(placed.model)
        }
        for index, item in enumerate(placed.model.to):
            if not isinstance(item, OrderSettings):
                to += found[index,]
                continue
            first, *more = found[index, "first"] or (None,)
            if more:
                message = f"goes to {len(more) + 1} people, who cannot stand for one; write an item for each"
                self.problems.append(document.problem((*placed.path, "to", index, "first"), message))
            if first is not None:
                to.append(first)
                fallbacks += _fallbacks(first, item, [found[path] for path in found if path[:2] == (index, "else")])
        return Ways(to=tuple(dict.fromkeys(to)), fallbacks=tuple(fallbacks))

    def plain(self, document: YamlDocument, path: KeyPath, addresses: Sequence[str]) -> tuple[Destination, ...]:
        """The destinations of a list of addresses. Messages go to all of them."""
        found = (self._resolved(document, (*path, index), address) for index, address in enumerate(addresses))
        return tuple(dict.fromkeys(destination for each in found for destination in each))

    def _resolved(self, document: YamlDocument, path: KeyPath, address: str) -> tuple[Destination, ...]:
        if mail_address(address):
            return self._mailbox(document, path, mail_address(address))
        stand_in = identity(self.interpolator.as_written(address)) if self.interpolator.as_written(address) else ""
        if unset := self.interpolator.unresolved(address):
            self.unset.extend(unset)
            fault = "; ".join(dict.fromkeys(problem.message for problem in unset))
            return (Destination(id=stand_in, label=_label(address), url="", fault=fault, stand_in=stand_in),)
        if not self.is_sending:
            self._remember(address)
            return ()
        from monitor.delivery.apprise import destinations  # noqa: PLC0415 - slow to load

        try:
            resolved = destinations(address, self.refusal)
        except DeliveryError as error:
            self._remember(address)
            self.problems.append(document.problem(path, str(error)))
            return ()
        # An address that equals its label is no secret.
        secret = {each.url: each.label for each in resolved if each.url != each.label}
        if address not in {each.label for each in resolved}:
            secret.setdefault(address, "***")
        for text, label in secret.items():
            self.interpolator.remember(text, as_=label)
        return tuple(replace(each, stand_in=stand_in) for each in resolved)

    def _mailbox(self, document: YamlDocument, path: KeyPath, person: str) -> tuple[Destination, ...]:
        """The destination of mails from the account of the monitor to a person."""
        if not self.account:
            self.problems.append(document.problem(path, f"{NO_ACCOUNT}; {_HOW}"))
            return ()
        if self.interpolator.unresolved(self.account):  # said where the account is written
            fault = "the mail account in monitor.yaml is not complete"
            stand_in = identity(f"mailto:{person}")
            return (Destination(id=stand_in, label=person, url="", fault=fault, stand_in=stand_in),)
        if not self.is_sending:
            return ()
        from monitor.delivery.apprise import addressed  # noqa: PLC0415 - slow to load

        try:
            found = addressed(self.account, person)
        except DeliveryError as error:
            self.problems.append(document.problem(path, str(error)))
            return ()
        self.interpolator.remember(found.url, as_=found.label)
        return (replace(found, stand_in=identity(f"mailto:{person}")),)

    def _remember(self, address: str) -> None:
        # A bare scheme is no secret. If it were remembered, it would be masked in every text that contains it.
        if not address.endswith("://"):
            self.interpolator.remember(address, as_="***")


#: How the problem of a mail address begins that no account writes to.
NO_ACCOUNT = "is a mail address, and no account writes to it"
_HOW = 'an admin gives one in monitor.yaml: mail: "mailtos://USER:PASSWORD@example.org"'


def _label(address: str) -> str:
    """A label for an address with unresolved references, of which nothing but the scheme is known to be no secret."""
    scheme = scheme_of(address)
    return f"{scheme}://…" if scheme else "…"


def _fallbacks(first: Destination, order: OrderSettings, steps: Sequence[Sequence[Destination]]) -> Iterator[Fallback]:
    for number, step in enumerate(steps, start=1):
        for destination in step:
            yield Fallback(instead_of=first.id, destination=destination, after=number * order.after)
