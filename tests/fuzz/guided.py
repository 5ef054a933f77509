"""Inputs that atheris finds by what code they reach (https://github.com/google/atheris), beside nearly valid ones."""

import os
import sys
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.running import Run


def guide(name: str, runs: int, run: "Run") -> None:
    """Run the target on so many inputs, and end the process, as atheris does.

    Raises:
        ImportError: atheris is not installed.
    """
    atheris = import_module("atheris")
    # What is imported here is watched.
    with atheris.instrument_imports(include=["monitor"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - as above
    target = TARGETS[name]
    corpus = run.folder / f"corpus-{name}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        run.try_one(target.run, data)
        if run.inputs >= runs:
            run.close(target.run)
            # Atheris would report an exception as a crash.
            os._exit(0)

    def change(data: bytes, size: int, seed: int) -> bytes:
        """Half of the time a change of pieces, else one that the fuzzer thinks of."""
        random = Random(seed)
        if random.random() < 0.5:
            changed: bytes = atheris.Mutate(data, size)
            return changed
        return target.mutated(random, of=data)[:size]

    arguments = [sys.argv[0], str(corpus), f"-max_len={target.size}", f"-seed={run.seed or 1}", "-print_final_stats=1"]
    atheris.Setup(arguments, one, custom_mutator=change)
    atheris.Fuzz()
