"""What outlets make of an article that they take over: other titles, datelines, cuts, notices, signs and words.

Nothing that is told is changed, though some of it may be cut. The same outlet does the same to the same article.
"""

import re
from dataclasses import dataclass, replace
from random import Random

from monitor.core.model import Article
from monitor.core.periods import Precision

_SENTENCE_ENDS = re.compile(r"(?<=[.!?؟…])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The habits of an outlet in one language."""

    #: With the day for ``{}``.
    datelines: tuple[str, ...]
    notices: tuple[str, ...]
    titles: tuple[str, ...]
    #: Words for others that say the same.
    words: tuple[tuple[str, str], ...]


_HOUSES = {
    "fr": House(
        datelines=("RABAT, {} (MAP) - ", "Paris, {} (AFP) – ", "Par la rédaction avec agences | "),
        notices=(
            "Abonnez-vous à notre lettre d'information pour recevoir chaque matin l'essentiel de l'actualité.",
            "© Tous droits réservés. Toute reproduction, même partielle, est interdite sans notre accord écrit.",
            "Lire aussi : les cinq chiffres à retenir de la semaine économique. Suivez-nous sur WhatsApp et Telegram.",
        ),
        titles=("Économie | {}", "{} - L'Écho du Matin", "Industrie : ce qu'il faut savoir", "EN BREF. {}"),
        words=(
            (" a indiqué", " a précisé"),
            (" également", " aussi"),
            (" près de ", " quelque "),
            (" notamment", " en particulier"),
        ),
    ),
    "en": House(
        datelines=("RABAT, {} (Reuters) - ", "({} – AFP) ", "By our staff with agencies — "),
        notices=(
            "Sign up for our newsletter to get the most important business stories in your inbox every morning.",
            "Copyright. All rights reserved. This material may not be published, broadcast or rewritten.",
            "The post appeared first on our site. Follow us for more updates and share your thoughts in the comments.",
        ),
        titles=("Business: {}", "{} | The Morning Echo", "Industry news in brief", "UPDATE: {}"),
        words=((" said ", " stated "), (" also ", " likewise "), (" nearly ", " almost "), (" firm", " company")),
    ),
    "es": House(
        datelines=("RABAT, {} (EFE) - ", "Madrid, {} (EP) – ", "Redacción con agencias | "),
        notices=(
            "Suscríbase a nuestro boletín para recibir cada mañana lo esencial de la actualidad económica.",
            "© Todos los derechos reservados. Queda prohibida la reproducción total o parcial sin permiso.",
            "Le puede interesar: las cinco cifras de la semana. Síganos en WhatsApp y Telegram para no perderse nada.",
        ),
        titles=("Economía | {}", "{} - El Eco de la Mañana", "Industria: lo que hay que saber", "BREVE. {}"),
        words=((" también", " asimismo"), (" cerca de ", " casi "), (" dijo ", " afirmó "), (" firma ", " empresa ")),
    ),
    "ar": House(
        datelines=("الرباط {} (و م ع) - ", "({} أ ف ب) ", "متابعة | "),
        notices=(
            "اشترك في نشرتنا البريدية لتصلك أهم الأخبار الاقتصادية كل صباح.",
            "جميع الحقوق محفوظة ولا يجوز نشر هذه المادة أو إعادة توزيعها دون إذن مكتوب.",
            "اقرأ أيضا: خمسة أرقام من الأسبوع الاقتصادي. تابعونا على واتساب وتلغرام.",
        ),
        titles=("اقتصاد | {}", "{} - صدى الصباح", "أخبار الصناعة في سطور", "عاجل.. {}"),
        words=((" أيضا", " كذلك"), (" حوالي ", " نحو "), (" وقال ", " وذكر ")),
    ),
    "zh": House(
        datelines=("新华社拉巴特{}电　", "（{}）", "本报综合报道："),
        notices=(
            "订阅我们的新闻简报，每天早上获取最重要的财经消息。",
            "版权所有，未经书面授权不得转载、摘编或以其他方式使用。责任编辑：李明",
            "相关阅读：本周五个经济数字。更多内容请关注我们的公众号。",
        ),
        titles=("财经｜{}", "{}_晨报网", "产业要闻一览", "快讯：{}"),
        words=(("表示", "称"), ("将", "将会"), ("约", "大约"), ("近日", "日前")),
    ),
}
#: The months, in each language that names them.
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ar": "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
}
_SIGNS = (("'", "’"), (" – ", " - "), ('"', "”"), ("«", "“"), ("»", "”"), (" ; ", " ; "), ("…", "..."), ("，", ", "))


def copied(article: Article, outlet: int) -> Article:
    """The article as the outlet of this number brings it, on the same day."""
    chance = Random(f"{article.key} {outlet}")
    house = _HOUSES[article.language or "en"]
    sentences = _cut([sentence for sentence in _SENTENCE_ENDS.split(article.text) if sentence], chance)
    text = ("" if article.language == "zh" else " ").join(sentences)
    for habit, to in (*chance.sample(house.words, 2), *chance.sample(_SIGNS, 4)):
        text = text.replace(habit, to)
    if chance.random() < 0.6:
        text = chance.choice(house.datelines).format(_day(article)) + text
    if chance.random() < 0.6:
        text = f"{text}\n\n{' '.join(chance.sample(house.notices, chance.randint(1, 2)))}"
    title = article.title if chance.random() < 0.3 else chance.choice(house.titles).format(article.title)
    return replace(
        article,
        key=f"{article.key}:{outlet}",
        url=f"https://outlet{outlet}.example/{article.key}",
        title=title,
        text=text,
        outlet=f"Outlet {outlet}",
    )


def _day(article: Article) -> str:
    """The day on which the article was published, as a dateline has it; "" where that is not known."""
    if article.published is None or article.published.precision is not Precision.DAY:
        return ""
    day = article.published.start
    if article.language == "zh":
        return f"{day.month}月{day.day}日"
    month = _MONTHS[article.language or "en"].split()[day.month - 1]
    return f"{month} {day.day}" if article.language == "en" else f"{day.day} {month}"


def _cut(sentences: list[str], chance: Random) -> list[str]:
    """Half of the outlets cut from the end, to half at most; some leave out a sentence within."""
    if chance.random() < 0.5:
        sentences = sentences[: max(2, round(len(sentences) * chance.uniform(0.5, 0.9)))]
    if len(sentences) > 3 and chance.random() < 0.25:
        del sentences[chance.randrange(1, len(sentences))]
    return sentences
