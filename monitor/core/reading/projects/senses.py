"""How words point at a project without naming it, and what small words before a noun say of it."""

from enum import StrEnum


class Sense(StrEnum):
    """How a word points; the values are the keys of the vocabulary."""

    #: What a project is called once it has been named: plant, project, site.
    FACILITY = "facilities"
    #: What a company is called: an adjective of a country nearer to it than to a facility says whose, not where.
    OWNER = "owners"
    #: Before a facility: more than one that was spoken of (both, the two).
    SEVERAL = "several"
    #: What stands behind such a word too, though it is no facility: plans.
    PLANS = "plans"
    #: The same by itself (both of them; the dual in Arabic).
    ALL = "all"
    FORMER = "former"
    LATTER = "latter"
    #: The first two of more that were just named.
    FIRST_TWO = "first_two"
    #: Before or after a facility: not the one that was spoken of.
    OTHER = "other"
    #: The same, counted: one more than that which was spoken of (second); with a facility, or by itself.
    SECOND = "seconds"
    #: What holds such a word and does not mean it (until further notice).
    NOT_OTHER = "not_other"
    #: Another company: a competitor, or a word for other beside a company.
    RIVAL = "rivals"
    #: One of several that were spoken of, whose name follows.
    ONE_OF = "one_of"
    #: Stands for a facility whose name or place follows (that of).
    ONE = "ones"
    #: The same, set against another that was spoken of (the one in).
    THE_ONE = "the_ones"
    #: Before or behind a facility: of many that are not told apart (several).
    MANY = "many"
    #: Turns to something else (as for).
    TURN = "turns"
    #: Before or behind somebody or something else, with whom a project is set against (unlike).
    UNLIKE = "unlike"
    #: Opens a sentence on something else (elsewhere).
    ELSEWHERE = "elsewhere"
    #: Brings something else in (also, meanwhile).
    ALSO = "also"
    #: Opens a sentence with those who went before (after).
    AFTER = "after"
    #: Says that somebody follows (in turn).
    IN_TURN = "in_turn"
    #: Leaves something (pulled out).
    LEAVING = "leaving"
    #: Somebody who takes part in a project, and is not who builds it.
    PARTNER = "partners"
    #: Says that of several things each is somebody else's (respectively).
    RESPECTIVE = "respective"
    #: Before a company: it is only an example (such as).
    EXAMPLE = "examples"
    #: A part of a project that may work before the rest does (phase).
    PART = "parts"
    #: One that is built after it (second phase).
    LATER_PART = "later_parts"
    #: What follows it is only beside what is told of (that will serve, similar to, a rival of).
    BESIDE = "beside"
    #: Building, investment: something is put up somewhere.
    WORKS = "works"
    #: The name of a country.
    COUNTRY = "countries"
    #: That of a town or a region.
    TOWN = "towns"
    #: The adjective of a country beside a facility.
    ADJECTIVE = "adjectives"
    #: The same before a name: it says whence a company is.
    NATIONAL = "nationals"


class Small(StrEnum):
    """What a word before a noun says of it; the values are keys of the vocabulary."""

    #: It is known: the plant.
    ARTICLE = "articles"
    #: It is the company's, or one that was not spoken of yet: its plant, a plant.
    INTRODUCING = "introducing"
    #: It is that of whoever is spoken of: its own plant.
    OWN = "own"
    #: It was there before the project: the existing plant.
    STANDING = "standing"
    #: What is told is not told of it: from the plant.
    OBLIQUE = "oblique"
    #: Together with an oblique word it says what is told of: plans for the plant.
    ABOUT = "about"
    #: It is written like a name and is none.
    NO_NAME = "no_names"
    #: It opens a sentence, and is no name though it has a capital there.
    OPENER = "openers"
    #: A verb of saying.
    SAYING = "sayings"
    #: It goes on with the place that was just named: where.
    THERE = "there"
    #: It goes on with what was told before: it, its.
    PRONOUN = "pronouns"
