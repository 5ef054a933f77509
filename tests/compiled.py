"""The regular expressions of the program: those that modules and classes hold, those written where they are used, and
those that are put together from vocabularies; each with how it is used."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import monitor
from monitor.core.reading.text.alternation import Alternation

ROOT = Path(monitor.__file__).parent
#: Needs a data base that is being migrated; it says of itself that it holds no pattern.
_NOT_IMPORTED = "monitor.ledger.migrations.env"
_ANCHORED = frozenset({"match", "fullmatch"})
_METHODS = _ANCHORED | {"search", "sub", "subn", "finditer", "findall", "split", "compile"}


class Compiled(NamedTuple):
    """A regular expression as it is used."""

    name: str
    pattern: re.Pattern[Any]
    #: Whether it is tried at one place of a text, and not at each; and whether it must match to the end then.
    is_anchored: bool
    is_whole: bool


class Inline(NamedTuple):
    """A call of the library with a pattern."""

    place: str
    method: str
    #: None where it is put together as the program runs.
    pattern: re.Pattern[Any] | None


def of_modules() -> Iterator[Compiled]:
    """Those that modules and classes hold, also in containers."""
    known: set[int] = set()
    for found in pkgutil.walk_packages(monitor.__path__, "monitor."):
        if found.name != _NOT_IMPORTED and not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            for name, thing in vars(module).items():
                yield from held(thing, module.__name__, name, known)


def held(thing: object, owner: str, name: str, known: set[int]) -> Iterator[Compiled]:
    """Those that a thing holds, by the name of the attribute that holds them in a module or in a class of it."""
    todo: list[tuple[object, str, str]] = [(thing, owner, name)]
    while todo:
        thing, owner, name = todo.pop()
        if id(thing) in known:
            continue
        if isinstance(thing, re.Pattern):
            known.add(id(thing))
            yield _used(thing, owner, name)
        elif inside := list(_inside(thing, owner, name)):
            known.add(id(thing))
            todo += inside


def _inside(thing: object, owner: str, name: str) -> Iterator[tuple[object, str, str]]:
    if isinstance(thing, dict):
        yield from ((each, owner, name) for each in (*thing.keys(), *thing.values()))
    elif isinstance(thing, list | tuple | AbstractSet):
        yield from ((each, owner, name) for each in thing)
    elif isinstance(thing, partial):
        yield from ((each, owner, name) for each in (thing.func, *thing.args, *thing.keywords.values()))
    kind = thing if isinstance(thing, type) else type(thing)
    if kind.__module__.startswith("monitor."):
        slots = [slot for base in kind.__mro__ for slot in getattr(base, "__slots__", ())]
        names = dict.fromkeys([*slots, *getattr(thing, "__dict__", ())])
        yield from (
            (getattr(thing, slot, None), kind.__module__, f".{slot}") for slot in names if slot != "__weakref__"
        )


def _used(pattern: re.Pattern[Any], owner: str, name: str) -> Compiled:
    attribute = f".{name.removeprefix('.')}"
    # What begins with "_" is used in its own module alone.
    places = [owner] if attribute.startswith("._") else _uses()
    methods = frozenset().union(_uses()[owner].get(name, ()), *(_uses()[place].get(attribute, ()) for place in places))
    is_anchored = methods <= _ANCHORED
    return Compiled(f"{owner}.{name}", pattern, is_anchored, is_anchored and "fullmatch" in methods)


@cache
def _uses() -> Mapping[str, Mapping[str, AbstractSet[str]]]:
    """By module and name of a variable or .attribute the methods called on it; "" where it is used otherwise."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted(ROOT.rglob("*.py")):
        module = _module(path)
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        of = {node.value: node.attr for node in nodes if isinstance(node, ast.Attribute)}
        # A method may have the name of another class's attribute; patterns are not called.
        harmless = {node.func for node in nodes if isinstance(node, ast.Call)}
        harmless |= {node for node, attribute in of.items() if attribute in {"groups", "pattern", "flags"}}
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and node not in harmless:
                found[module][node.id if isinstance(node, ast.Name) else f".{node.attr}"].add(of.get(node, ""))
    return found


def of_words(words: Alternation[Any]) -> tuple[Compiled, Compiled]:
    """Those by which words are looked for, which are compiled late."""
    return (
        Compiled("find", re.compile(words._forward), is_anchored=False, is_whole=False),
        Compiled("before", re.compile(words._backward), is_anchored=True, is_whole=False),
    )


def inline() -> Iterator[Inline]:
    """All calls of the library that take a pattern, wherever they stand within a function."""
    for path in sorted(ROOT.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and (method := _of_library(node)):
                        yield Inline(f"{path.relative_to(ROOT)}:{node.lineno}", method, _pattern(node, _module(path)))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def _of_library(call: ast.Call) -> str | None:
    match call.func:
        case ast.Attribute(ast.Name("re"), method) if method in _METHODS:
            return method
    return None


def _pattern(call: ast.Call, module: str) -> re.Pattern[Any] | None:
    match call.args[0]:
        case ast.Constant(written):
            pass
        case ast.Name(name):
            written = getattr(importlib.import_module(module), name, None)
        case _:
            written = None
    rest = [node for some in (*call.args[1:], *call.keywords) for node in ast.walk(some)]
    flags = [getattr(re, node.attr) for node in rest if isinstance(node, ast.Attribute) and node.attr.isupper()]
    return re.compile(written, sum(flags)) if isinstance(written, str | bytes) else None
