"""How words point at a project without naming it, and what small words before a noun say about it."""

from enum import StrEnum


class Sense(StrEnum):
    """How a word points; the values are the keys of the vocabulary."""

    #: What a project is called once it has been named: plant, project, site.
    FACILITY = "facilities"
    #: What a company is called. If the adjective of a country is nearer to it than to a facility, it says whose, not
    #: where.
    OWNER = "owners"
    #: Before a facility: more than one that was mentioned (both, the two).
    SEVERAL = "several"
    #: May also follow a ``SEVERAL`` word, but is not a facility: plans.
    PLANS = "plans"
    #: Like ``SEVERAL``, but by itself (both of them; the dual in Arabic).
    ALL = "all"
    #: The first two of more than two that were just named.
    FIRST_TWO = "first_two"
    #: Before or after a facility: not the one that was mentioned.
    OTHER = "other"
    #: Like ``OTHER``, but counted: one more than the one mentioned (second); with a facility, or by itself.
    SECOND = "seconds"
    #: Contains such a word, but does not mean it (until further notice).
    NOT_OTHER = "not_other"
    #: Another company: a competitor, or a word for "other" beside a company.
    RIVAL = "rivals"
    #: One of several that were mentioned; its name follows.
    ONE_OF = "one_of"
    #: Before or after a facility: many that are not distinguished (several).
    MANY = "many"
    #: Turns to something else (as for).
    TURN = "turns"
    #: Before or after somebody or something else that a project is contrasted with (unlike).
    UNLIKE = "unlike"
    #: Opens a sentence about something else (elsewhere).
    ELSEWHERE = "elsewhere"
    #: Before a company: it is only an example (such as).
    EXAMPLE = "examples"
    #: A part of a project that may operate before the rest (phase).
    PART = "parts"
    #: A part that is built later (second phase).
    LATER_PART = "later_parts"
    #: Opens a sentence with those who came before (after).
    AFTER = "after"
    #: What follows is only next to the subject (that will serve, similar to, a rival of).
    BESIDE = "beside"
    #: Building, investment: something is built somewhere.
    WORKS = "works"
    #: The name of a country.
    COUNTRY = "countries"
    #: The name of a town or a region.
    TOWN = "towns"
    #: The adjective of a country beside a facility.
    ADJECTIVE = "adjectives"
    #: The adjective of a country before a name: it says where a company is from.
    NATIONAL = "nationals"


class Small(StrEnum):
    """What a word before a noun says about it; the values are keys of the vocabulary."""

    #: It is known: the plant.
    ARTICLE = "articles"
    #: It belongs to the company, or was not mentioned before: its plant, a plant.
    INTRODUCING = "introducing"
    #: It belongs to the subject: its own plant.
    OWN = "own"
    #: The text is not about it: from the plant.
    OBLIQUE = "oblique"
    #: The word is written like a name but is not one.
    NO_NAME = "no_names"
    #: The word opens a sentence, and is not a name although it has a capital there.
    OPENER = "openers"
    #: The word continues what was told before: it, its.
    PRONOUN = "pronouns"
