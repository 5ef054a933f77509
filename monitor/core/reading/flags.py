"""What a reader is told of words. Weights fit one version of this order (``trained.scheme``)."""

from enum import IntEnum

#: The stages and conditions that the weights know, whatever lifecycles there are.
STAGES = (
    "announced", "agreed", "approved", "construction", "completed", "commissioning", "operating",
    "delayed", "suspended", "resumed", "cancelled", "closed",
)  # fmt: skip


class Flag(IntEnum):
    """What the encoder is told about a piece: whose words it belongs to. A piece may have several flags."""

    WHO = 0
    WHAT = 1
    WHERE = 2
    NOT = 3
    OTHER_WHO = 4
    OTHER_WHAT = 5
    OTHER_WHERE = 6
    HEADLINE = 7
    #: A word for a plant or works of any kind.
    FACILITY = 8
    #: A word for others, or for many that are not told apart: rival, elsewhere, several.
    OTHERS = 9
    #: A country or town that is not the candidate's.
    ABROAD = 10
    #: A name that belongs to no project.
    STRANGER = 11
    #: A plant for another purpose than the candidate's.
    OTHER_PURPOSE = 12
    #: The words of a phrase that tells the stage or condition.
    ANNOUNCED = 13
    AGREED = 14
    APPROVED = 15
    CONSTRUCTION = 16
    COMPLETED = 17
    COMMISSIONING = 18
    OPERATING = 19
    DELAYED = 20
    SUSPENDED = 21
    RESUMED = 22
    CANCELLED = 23
    CLOSED = 24
    #: The words of a cue of the tone.
    REACHED = 25
    EXPECTED = 26
    DENIED = 27
    SUPERSEDED = 28
    UNREAL = 29
    ONCE = 30
    FOLLOWED = 31
    DECIDED = 32
    HEARSAY = 33
    IMMINENT = 34


#: The flags of a candidate's own words.
OWN = (Flag.WHO, Flag.WHAT, Flag.WHERE)
#: Stage or condition → the flag of its phrases.
OF_STAGE = {stage: Flag[stage.upper()] for stage in STAGES}
