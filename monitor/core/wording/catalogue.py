"""The languages in which messages can be written."""

from collections.abc import Mapping

from monitor.core.wording.ar import ARABIC
from monitor.core.wording.en import ENGLISH
from monitor.core.wording.es import SPANISH
from monitor.core.wording.fr import FRENCH
from monitor.core.wording.words import Wording
from monitor.core.wording.zh import CHINESE

WORDINGS: Mapping[str, Wording] = {
    "ar": ARABIC,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "zh": CHINESE,
}
