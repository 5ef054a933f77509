"""Short articles, and the shipped vocabularies to read them by."""

from collections.abc import Mapping
from functools import cache

from hypothesis import strategies as st

from monitor.core.model import Article, Project
from monitor.core.periods import Period
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.segment import segment
from monitor.core.reading.text.text import Document
from monitor.settings.lexicons import load_lexicons

PLANT = Project(
    id="cathode",
    name={"": "Cathode plant"},
    who=("BTR", "贝特瑞", "بي تي آر"),
    what=("cathode", "正极", "كاثود"),
    where=("Tangier", "Tanger", "Tánger", "丹吉尔", "طنجة"),
)
#: The same news in every language.
ARTICLES = {
    "en": "BTR broke ground on its cathode plant in Tangier on 3 May 2024. Production is expected to start in 2026.",
    "fr": "BTR a lancé les travaux de son usine de cathodes à Tanger. La production démarrera en septembre 2026.",
    "es": "BTR inició las obras de su planta de cathode en Tánger. La producción comenzará en septiembre de 2026.",
    "ar": "أطلقت بي تي آر أشغال بناء مصنع كاثود في طنجة. سيبدأ الإنتاج سنة 2026.",
    "zh": "贝特瑞丹吉尔正极工厂已开工，预计2026年9月投产。",
}
_PIECES = st.sampled_from([
    *ARTICLES.values(), "BTR ", "cathode ", "贝特瑞", "正极", "بي تي آر ", "has not ", "will ", "construction ",
    "began ",
    " in 2026", "3 billion dirhams", "50,000 tonnes a year", "60 %", "; ", ", ", ". ", "\n", "İ", "ﷺ", "\u200f",
])  # fmt: skip
#: Any text, and news.
TEXTS = st.lists(_PIECES | st.text(max_size=20), max_size=12).map("".join)


@cache
def lexicons() -> Mapping[str, Lexicon]:
    return load_lexicons()


def make_text(text: str, *, title: str = "", language: str | None = "en", published: str | None = None) -> Article:
    return Article(
        key="a",
        url=None,
        title=title,
        text=text,
        published=Period.parse(published) if published else None,
        language=language,
    )


def lay_out(text: str, *, title: str = "", language: str = "en", published: str | None = None) -> Document:
    return segment(make_text(text, title=title, language=language, published=published), lexicons()[language])
