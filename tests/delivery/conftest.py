"""What the tests of delivery share."""

import pytest

from monitor.core.news import Message
from monitor.delivery.apprise import AppriseSender

#: In every address of these tests; must be seen nowhere else.
CANARY = "CANARY7secret"

MESSAGE = Message(
    title="مصنع الأنود: قيد الإنشاء ← متوقف — 奥凡德尔 🏭",
    body="الوضع: متوقف\n\n“Les travaux sont à l’arrêt.” 停工。🏭 <b>&amp;",
    id="c0ffee11",
    event={"specversion": "1.0", "id": "c0ffee11", "data": {"evidence": ["توقفت الأشغال", "停工", "🏭"]}},
)


@pytest.fixture
def sender() -> AppriseSender:
    """Sends anywhere, and waits for nobody."""
    return AppriseSender(refusal=lambda _address, _port: None, time_limit=10)
