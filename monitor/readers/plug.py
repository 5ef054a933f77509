"""Readers that the operator names in the configuration: ``package.module:Name``."""

from importlib import import_module

from monitor.ports import ReaderFactory


def reader_factory(name: str) -> ReaderFactory:
    """What makes the reader of this name.

    Raises:
        ValueError: there is no such thing, or its module cannot be imported; says which.
    """
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except Exception as error:  # another's module may fail in any way
        raise ValueError(f"'{name}' cannot be loaded: {error}") from error
    if not callable(found):
        raise ValueError(f"'{name}' is no class and no function that makes a reader")  # noqa: TRY004 - of one kind
    factory: ReaderFactory = found
    return factory
