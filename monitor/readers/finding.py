"""Looks on this machine for programs that serve language models."""

from dataclasses import dataclass

from monitor.readers.endpoint import Endpoint

#: The programs by the base address at which each listens unless told otherwise.
USUAL = {
    "http://127.0.0.1:11434/v1": "Ollama",
    "http://127.0.0.1:8080/v1": "llama.cpp",
    "http://127.0.0.1:8000/v1": "vLLM",
}
#: Seconds for one of them to answer.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one program serves."""

    program: str
    endpoint: str
    #: The names of its models; at least one.
    models: tuple[str, ...]


def served_here() -> tuple[Served, ...]:
    """The programs that answer at their usual addresses with a model. Blocks for some seconds at most."""
    found = []
    for endpoint, program in USUAL.items():
        models = Endpoint(endpoint, timeout=_PATIENCE).models()
        if isinstance(models, tuple) and models:
            found.append(Served(program=program, endpoint=endpoint, models=models))
    return tuple(found)
