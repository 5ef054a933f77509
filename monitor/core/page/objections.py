"""Says why something that was read is most likely not told of its project."""

from monitor.core.message.tongue import Tongue, mark
from monitor.core.model import Objection, ObjectionKind

_WORDS = {
    ObjectionKind.UNNAMED: mark("objection", "the article does not name the company of the project"),
    ObjectionKind.OTHER_PLANT: mark("objection", "told of somebody else's plant, or of a plant for something else"),
    ObjectionKind.ELSEWHERE: mark("objection", "told of a plant in another place"),
    ObjectionKind.OTHER_PROJECT: mark("objection", "told of another watched project"),
    ObjectionKind.NOBODYS: mark("objection", "told of plants in general"),
    ObjectionKind.SUPPOSED: mark("objection", "only supposed"),
    ObjectionKind.NOT_IN_SENTENCE: mark("objection", "neither the sentence nor the headline names the project"),
}


def objection_words(objection: Objection, tongue: Tongue) -> str:
    """The objection in the reader's language. It names the other company, if the article does."""
    if objection.company:
        return tongue.say("another company: {company}. Watch it?", company=tongue.foreign(objection.company))
    return tongue.say_in("objection", _WORDS[objection.kind])
