"""No delivery reaches an address inside the network that is not allowed, whichever service makes the connection."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from monitor.delivery.apprise import AppriseSender, _manager, destinations, resolve
from monitor.delivery.guard import DestinationRefusedError, guarded
from monitor.errors import DeliveryError
from monitor.feeds.addresses import AddressPolicy
from monitor.ports import Outcome
from tests.delivery.conftest import CANARY, MESSAGE
from tests.delivery.services import addresses, names_a_host, plugins
from tests.sinks import Listener

#: Some plug-ins leave a socket open where they fail.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

LOOPBACK = AddressPolicy((ip_network("127.0.0.0/8"), ip_network("::1/128")))
SERVICES = {
    "json": "json://{}/hook",
    "xml": "xml://{}/hook",
    "form": "form://{}/hook",
    "ntfy": "ntfy://{}/topic",
    "gotify": f"gotify://{{}}/{CANARY}",
    "matrix": f"matrix://user:{CANARY}@{{}}/%23room",
    "mmost": f"mmost://{{}}/{CANARY}",
    "rocket": f"rocket://user:{CANARY}@{{}}/%23channel",
    "apprise": f"apprise://{{}}/{CANARY}",
    "kodi": "kodi://{}",
    "hassio": f"hassio://{{}}/{CANARY}",
    "signal": "signal://{}/15551234567",
    "bark": f"bark://{{}}/{CANARY}",
    "synology": f"synology://{{}}/{CANARY}",
    "irc": "irc://user@{}/%23room",
    "rsyslog": "rsyslog://{}",
    "mailto": f"mailto://user:{CANARY}@{{}}?from=monitor@example.org&to=desk@example.org",
    "mailto, another server": "mailto://user:password@example.org:{port}?smtp={host}&to=desk@example.org",
}
HOSTS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",  # connected to, it is this machine
    "localhost",
    "localhost.",
    "inside.example.org",
    "[::1]",
    "[::ffff:127.0.0.1]",
]
PUBLIC = "93.184.216.34"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listening:
        yield listening


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Iterator[str]]:
    """What names resolve to, answer by answer; none is looked up outside."""
    known: dict[str, Iterator[str]] = {"inside.example.org": iter(lambda: "127.0.0.1", "")}
    real, real_by_name = socket.getaddrinfo, socket.gethostbyname

    def number(host: str) -> str:
        if host in known:
            return next(known[host])
        if host.endswith((".org", ".com", ".net", ".io", ".sh")):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return host

    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        is_literal = options.get("flags") == socket.AI_NUMERICHOST
        if is_literal or not isinstance(host, str):
            return real(host, port, *args, **options)
        found = real(number(host), port, *args, **options)
        # As Python reports the question; the one before was about the number.
        sys.audit("socket.getaddrinfo", host, port, 0, 0, 0)
        return found

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "gethostbyname", lambda host: real_by_name(number(host)))
    return known


def address(service: str, host: str, port: int) -> str:
    written = SERVICES[service]
    return written.format(host=host, port=port) if "{port}" in written else written.format(f"{host}:{port}")


# ---------------------------------------------------------------- every service that names a host


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("service", SERVICES)
def test_nothing_reaches_this_machine(listener: Listener, service: str, host: str) -> None:
    result = AppriseSender(refusal=AddressPolicy().refusal).send(address(service, host, listener.port), MESSAGE)

    assert listener.arrivals() == 0
    assert CANARY not in result.detail
    if host.startswith("[::ffff") and result.outcome is Outcome.FAILED:
        return  # Apprise reads no such number in the addresses of this service, and takes it for a name
    assert result.outcome is Outcome.REFUSED
    assert "fetch.allow_private" in result.detail or "address is unusable" in result.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "inside.example.org"])
@pytest.mark.parametrize("service", SERVICES)
def test_it_arrives_where_the_operator_allows_it(listener: Listener, service: str, host: str) -> None:
    AppriseSender(refusal=LOOPBACK.refusal, time_limit=10).send(address(service, host, listener.port), MESSAGE)

    assert listener.arrivals() > 0


@pytest.mark.parametrize("service", ["json", "xml", "form", "gotify", "mailto"])
def test_an_allowed_number_of_ipv6_is_reached(listener: Listener, service: str) -> None:
    AppriseSender(refusal=LOOPBACK.refusal, time_limit=10).send(address(service, "[::1]", listener.port), MESSAGE)

    assert listener.arrivals() > 0


#: Services whose addresses have the domain of a sender, or a tenant, where others have a host.
ELSEWHERE = frozenset({"mailgun", "sendpulse", "smtp2go", "sparkpost", "wechat"})
#: Services that cannot be used without a package of their own.
LACKING = frozenset({"amqp", "amqps"})


@pytest.mark.parametrize("scheme", [name for name, each in plugins().items() if each.enabled and names_a_host(each)])
def test_every_service_of_apprise_that_names_a_host_is_guarded(listener: Listener, scheme: str) -> None:
    asked: list[str] = []

    def refusal(number: str, port: int | None) -> str | None:
        asked.append(number)
        return AddressPolicy().refusal(number, port)

    # By a name, so that nothing but the connection itself is asked about.
    written = list(addresses(scheme, "inside.example.org", listener.port))
    outcomes = {AppriseSender(refusal=refusal, time_limit=5).send(one, MESSAGE).outcome for one in written}

    assert listener.arrivals() == 0
    assert outcomes <= {Outcome.REFUSED, Outcome.FAILED}
    assert set(asked) == {"127.0.0.1"} or scheme in ELSEWHERE | LACKING


@pytest.mark.parametrize("service", SERVICES)
def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    listener: Listener, names: dict[str, Iterator[str]], service: str
) -> None:
    # The second number of this machine is permitted, and nobody listens there.
    policy = AddressPolicy((ip_network("127.0.0.2/32"),))
    names["rebinding.example.org"] = iter(["127.0.0.2", *["127.0.0.1"] * 50])

    result = AppriseSender(refusal=policy.refusal, time_limit=10).send(
        address(service, "rebinding.example.org", listener.port), MESSAGE
    )

    assert listener.arrivals() == 0
    assert result.outcome is not Outcome.UNKNOWN


def test_a_server_that_is_down_is_not_refused_because_of_its_other_address(names: dict[str, Iterator[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    real = socket.getaddrinfo

    def both(host: str, port: int, *args: Any, **options: Any) -> Any:
        numbers = ["::1", "127.0.0.1"] if host == "both.example.org" else [host]
        return [each for number in numbers for each in real(number, port, *args, **options)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", both)
        policy = AddressPolicy((ip_network("127.0.0.0/8"),))
        result = AppriseSender(refusal=policy.refusal).send(f"json://both.example.org:{port}/hook", MESSAGE)

    assert result.outcome is Outcome.FAILED


def test_a_refusal_names_the_host_the_address_and_the_way_out(listener: Listener) -> None:
    guarded_sender = AppriseSender(refusal=AddressPolicy().refusal)

    result = guarded_sender.send(f"gotify://inside.example.org:{listener.port}/{CANARY}", MESSAGE)

    assert result.detail == (
        "inside.example.org is at 127.0.0.1: 127.0.0.1 is not on the public internet; "
        "if it is meant, add its network to fetch.allow_private"
    )


def test_a_mail_server_that_is_an_option_of_the_address_is_named(listener: Listener) -> None:
    written = f"mailto://user:{CANARY}@example.org:{listener.port}?smtp=inside.example.org&to=desk@example.org"

    result = AppriseSender(refusal=AddressPolicy().refusal).send(written, MESSAGE)

    assert result.detail.startswith("inside.example.org is at 127.0.0.1: ")


# ---------------------------------------------------------------- ports


def test_services_may_be_at_any_port_of_a_public_address() -> None:
    asked: list[tuple[str, int | None]] = []

    def refusal(host: str, port: int | None) -> str | None:
        asked.append((host, port))
        return "no"

    assert destinations(f"gotify://{PUBLIC}:8443/{CANARY}", AddressPolicy().refusal)
    AppriseSender(refusal=refusal).send(f"gotify://{PUBLIC}:8443/{CANARY}", MESSAGE)

    assert asked == [(PUBLIC, None)]


@pytest.mark.parametrize("scheme", ["json", "jsons", "xml", "form"])
def test_webhooks_go_to_the_ports_of_the_web(scheme: str) -> None:
    assert destinations(f"{scheme}://{PUBLIC}/hook", AddressPolicy().refusal)
    with pytest.raises(DeliveryError, match=f"^{scheme}:// address is refused: port 8443 is not one of the web"):
        destinations(f"{scheme}://{PUBLIC}:8443/hook", AddressPolicy().refusal)


# ---------------------------------------------------------------- proxies


@pytest.fixture
def proxy(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> Listener:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")  # and put back afterwards, whatever a delivery makes of it
    return listener


@pytest.mark.parametrize("scheme", ["gotify", "json", "xml", "form"])
def test_no_proxy_of_the_environment_is_used(proxy: Listener, scheme: str) -> None:
    result = AppriseSender(refusal=LOOPBACK.refusal).send(f"{scheme}://example.org/{CANARY}", MESSAGE)

    assert result.outcome is Outcome.FAILED
    assert proxy.arrivals() == 0


# ---------------------------------------------------------------- ways to connect


def connect(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass


def connect_by_name(port: int) -> None:
    with socket.socket() as plain:
        plain.connect(("localhost", port))


def connect_ex(port: int) -> None:
    with socket.socket() as plain:
        plain.connect_ex(("127.0.0.1", port))


def send_to(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.sendto(b"news", ("127.0.0.1", port))


def send_message(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.sendmsg([b"news"], [], 0, ("127.0.0.1", port))


WAYS = [connect, connect_by_name, connect_ex, send_to, send_message]


@pytest.mark.parametrize("way", WAYS)
def test_whichever_way_a_library_connects_it_is_held(listener: Listener, way: Callable[[int], None]) -> None:
    with guarded(AddressPolicy().refusal), pytest.raises(DestinationRefusedError):
        way(listener.port)

    assert listener.arrivals() == 0
    way(listener.port)
    assert listener.arrivals() == 1


def test_threads_that_a_delivery_starts_are_held_also_after_it(listener: Listener) -> None:
    refused: list[Exception] = []
    may_go = threading.Event()

    def late() -> None:
        may_go.wait(10)
        try:
            connect(listener.port)
        except DestinationRefusedError as error:
            refused.append(error)

    def early() -> None:
        threads[1].start()

    threads = [threading.Thread(target=early), threading.Thread(target=late)]
    with guarded(AddressPolicy().refusal):
        threads[0].start()
        threads[0].join()
    may_go.set()
    threads[1].join()

    assert len(refused) == 1
    assert listener.arrivals() == 0


def test_a_policy_holds_in_a_thread_that_another_delivery_started(listener: Listener) -> None:
    written = address("gotify", "127.0.0.1", listener.port)
    # Apprise keeps its threads: the first of these has been started under the other policy.
    for _ in range(3):
        AppriseSender(refusal=LOOPBACK.refusal, time_limit=5).send(written, MESSAGE)
        before = listener.arrivals()
        result = AppriseSender(refusal=AddressPolicy().refusal, time_limit=5).send(
            address("gotify", "inside.example.org", listener.port), MESSAGE
        )

        assert result.outcome is Outcome.REFUSED
        assert listener.arrivals() == before > 0


def test_a_library_may_wake_its_thread_by_a_connection_to_itself(listener: Listener) -> None:
    with guarded(AddressPolicy().refusal), socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        own.listen()
        connect(own.getsockname()[1])
        with pytest.raises(DestinationRefusedError):
            connect(listener.port)


def test_a_service_logs_out_only_where_the_guard_watches(listener: Listener) -> None:
    service = _manager()["emby"](host="127.0.0.1", port=listener.port, user="user", password="password")
    service.access_token, service.user_id = "token", "1"

    service.__del__()
    assert listener.arrivals() == 0

    with guarded(LOOPBACK.refusal):
        service.__del__()
    assert listener.arrivals() == 1


def test_resolving_makes_no_connection(listener: Listener) -> None:
    for service in SERVICES:
        resolve(address(service, "127.0.0.1", listener.port))

    assert listener.arrivals() == 0
