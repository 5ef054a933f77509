"""Where the values of a YAML file stand in its text, so that one can be changed and the rest stays as it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)


@dataclass(slots=True, kw_only=True)
class Place:
    """A value in a text, from its anchor on."""

    start: int
    end: int
    #: Written in brackets or braces.
    is_flow: bool = False
    #: Nothing is written. Then it starts and ends behind its key.
    is_null: bool = False
    #: The anchor that names it, or the one that an alias refers to.
    anchor: str | None = None
    is_alias: bool = False
    #: The items of a list.
    items: list["Place"] = field(default_factory=list)
    #: The values of a mapping, and the places of their keys.
    values: dict[str, "Place"] = field(default_factory=dict)
    keys: dict[str, "Place"] = field(default_factory=dict)

    def all(self) -> Iterator["Place"]:
        """This value and all within it."""
        yield self
        for inner in (*self.items, *self.values.values()):
            yield from inner.all()


def places(text: str) -> Place | None:
    """The value of a document. None if there is none. The document must be valid."""
    events = (event for event in YAML(typ="safe", pure=True).parse(text) if isinstance(event, NodeEvent | _End))
    first = next(events, None)
    return _place(text, first, events) if isinstance(first, NodeEvent) else None


_End = CollectionEndEvent


def _place(text: str, event: NodeEvent, events: Iterator[Event]) -> Place:
    place = Place(
        start=event.start_mark.index,
        end=event.end_mark.index,
        is_flow=bool(getattr(event, "flow_style", False)),
        is_null=isinstance(event, ScalarEvent) and event.start_mark.index == event.end_mark.index,
        anchor=event.anchor,
        is_alias=isinstance(event, AliasEvent),
    )
    if isinstance(event, SequenceStartEvent):
        while isinstance(inner := next(events), NodeEvent):
            place.items.append(_place(text, inner, events))
        place.end = _end(place, inner, place.items)
    elif isinstance(event, MappingStartEvent):
        while isinstance(inner := next(events), NodeEvent):
            key = _place(text, inner, events)
            name = text[key.start : key.end].strip("\"'")
            value = next(events)
            assert isinstance(value, NodeEvent)
            place.keys[name] = key
            place.values[name] = _value(text, key, _place(text, value, events))
        place.end = _end(place, inner, list(place.values.values()))
    return place


def _value(text: str, key: Place, value: Place) -> Place:
    if value.is_null:
        value.start = value.end = text.index(":", key.end) + 1
    return value


def _end(place: Place, end: Event, inner: list[Place]) -> int:
    """Where a collection ends. The parser ends one without brackets only at what follows it."""
    if place.is_flow or not inner:
        return int(end.end_mark.index)
    return max(each.end for each in inner)
