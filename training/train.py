"""Train the reader: ``python -m training.train --help``. Stops and goes on wherever it was."""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.optim.lr_scheduler import LambdaLR

from monitor.settings.lexicons import load_lexicons
from training.batches import epoch, joined
from training.cache import Cache
from training.data import Part, corpus, sheets, texts
from training.encoder import Embedding, Layer, Lower, open_source
from training.model import Model, Upper, losses
from training.neighbours import surrounded
from training.pairs import Pack, Packer, sentences, statements
from training.vocabulary import Piece, original_pieces, pruned, tokenizer_of

ROOT = Path(__file__).parent.parent
STATEMENTS = ROOT / "training/statements.yaml"
SENTENCES = ROOT / "training/sentences.jsonl"
_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is trained, on what, how."""

    encoder: Path
    tokenizer: Path
    sheets: Path
    work: Path
    pieces: int = 48_000
    lower: int = 6
    upper: int = 6
    epochs: int = 4
    minutes: float = 0
    seed: int = 1
    threads: int = 2
    share: float = 1.0
    whole: tuple[str, ...] = ()
    begin: Path | None = None
    rate: float = 1.0

    @property
    def shape(self) -> dict[str, int]:
        return {"pieces": self.pieces, "lower": self.lower, "upper": self.upper}


@dataclass(slots=True, kw_only=True)
class Workshop:
    """What training and measuring have in common."""

    plan: Plan
    pieces: list[Piece]
    packer: Packer
    model: Model
    lower: Lower
    cache: Cache


def open_workshop(plan: Plan) -> Workshop:
    """Vocabulary, encoder and model, before training or as far as training came."""
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    folder = plan.work / "-".join(map(str, plan.shape.values()))
    folder.mkdir(parents=True, exist_ok=True)
    pieces, kept = _pieces(plan, folder)
    names = [piece for piece, _ in pieces]
    source = open_source(plan.encoder)
    lower = Lower(Embedding.load(source, kept), [Layer.load(source, n) for n in range(plan.lower)])
    upper = Upper([Layer.load(source, plan.lower + n) for n in range(plan.upper)], source.shape.hidden)
    return Workshop(
        plan=plan,
        pieces=pieces,
        packer=Packer(tokenizer_of(pieces), load_lexicons()),
        model=Model(upper),
        lower=lower,
        cache=Cache(folder, lower, (names.index("<s>"), names.index("</s>"))),
    )


def _pieces(plan: Plan, folder: Path) -> tuple[list[Piece], list[int]]:
    """The pieces and their old numbers; which are kept is settled once, for what is cached depends on it."""
    every, path = original_pieces(plan.tokenizer), folder / "kept.json"
    if not path.exists():
        used = texts((*corpus(), *sheets(plan.sheets)))
        path.write_text(json.dumps(pruned(every, used, plan.pieces)), encoding="utf-8")
    kept = json.loads(path.read_text(encoding="utf-8"))
    return [every[number] for number in kept], kept


def packs(workshop: Workshop, parts: frozenset[Part]) -> Iterator[Pack]:
    """All that is there for these parts."""
    for example in (*corpus(), *sheets(workshop.plan.sheets)):
        if example.part in parts and (pack := workshop.packer.pack(surrounded(example))) is not None:
            yield pack
    if Part.TRAINING in parts:
        yield from statements(STATEMENTS, workshop.packer)
        yield from sentences(SENTENCES, workshop.packer)


def train(workshop: Workshop, data: Sequence[Pack]) -> None:
    """All epochs, from where the last run stopped; a minute's budget ends it early."""
    plan, model = workshop.plan, workshop.model
    began, checkpoint = time.monotonic(), plan.work / "checkpoint.pt"
    total = sum(len(epoch(data, plan.seed, number)) for number in range(plan.epochs))
    heads = [p for name, p in model.named_parameters() if not name.startswith("upper.layers")]
    optimizer = torch.optim.AdamW(
        [
            {"params": model.upper.layers.parameters(), "lr": 1.2e-4 * plan.rate},
            {"params": heads, "lr": 8e-4 * plan.rate},
        ],
        weight_decay=0.01,
    )
    schedule = LambdaLR(optimizer, lambda step: min((step + 1) / 200, max(0.02, 1 - step / total)))
    if plan.begin is not None and not checkpoint.exists():
        model.load_state_dict(torch.load(plan.begin, weights_only=True)["model"])
    done = _resume(checkpoint, model, optimizer, schedule)
    print(f"{total} steps, {done} done", flush=True)
    step, sums = 0, Counter[str]()
    model.train()
    for number in range(plan.epochs):
        for batch in epoch(data, plan.seed, number):
            step += 1
            if step <= done:
                continue
            # So that what is dropped is the same after a resumption.
            torch.manual_seed(plan.seed * 1_000_003 + step)
            # Half of the precision, of the products alone, takes half of the time.
            with torch.autocast("cpu", torch.bfloat16):
                scores = joined(model.upper, workshop.cache, batch)
            scores = [each.float() for each in scores]
            found = losses(model, [(*member, of) for member, of in zip(batch, scores, strict=True)])
            optimizer.zero_grad()
            torch.autograd.backward(found.total)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            for name in ("claims", "relevance", "places", "dates", "amounts"):
                sums[name] += getattr(found, name).item() / _EVERY
            if step % _EVERY == 0 or step == total:
                spent = time.monotonic() - began
                told = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                print(f"step {step} of {total}, epoch {number + 1}, {spent:.0f} s: {told}", flush=True)
                sums.clear()
            is_over = bool(plan.minutes) and time.monotonic() - began > plan.minutes * 60
            if step % _EVERY == 0 or step == total or is_over:
                _save(checkpoint, model, optimizer, schedule, step)
            if is_over:
                return


def _save(path: Path, model: Model, optimizer: torch.optim.Optimizer, schedule: LambdaLR, step: int) -> None:
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "step": step,
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def load_model(workshop: Workshop) -> int:
    """The model as far as training came; the number of its steps."""
    state = torch.load(workshop.plan.work / "checkpoint.pt", weights_only=True)
    workshop.model.load_state_dict(state["model"])
    workshop.model.eval()
    return int(state["step"])


def _resume(path: Path, model: Model, optimizer: torch.optim.Optimizer, schedule: LambdaLR) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])


def plan_from(arguments: argparse.Namespace) -> Plan:
    given = {name: getattr(arguments, name) for name in Plan.__slots__ if hasattr(arguments, name)}
    return Plan(**given | {"whole": tuple(given["whole"])})


def chosen(plan: Plan, data: Sequence[Pack]) -> list[Pack]:
    """What one epoch learns from: all of some writers, a share of the others."""
    whole = [pack for pack in data if pack.writer in plan.whole]
    others = [pack for pack in data if pack.writer not in plan.whole]
    return whole + others[:: round(1 / plan.share)]


def parser(description: str | None) -> argparse.ArgumentParser:
    """The options that training and measuring have in common."""
    found = argparse.ArgumentParser(description=description)
    found.add_argument("--encoder", type=Path, required=True, help="e5-small-q4.bin, or a folder of original weights")
    found.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json of multilingual-e5-small")
    found.add_argument("--sheets", type=Path, required=True, help="folder of labelled articles, *.jsonl")
    found.add_argument("--work", type=Path, required=True, help="folder for what is kept between runs")
    for name, default in (("pieces", 48_000), ("lower", 6), ("upper", 6), ("epochs", 4), ("seed", 1), ("threads", 2)):
        found.add_argument(f"--{name}", type=int, default=default)
    found.add_argument("--minutes", type=float, default=0, help="stop after so long, and go on in the next run")
    found.add_argument("--share", type=float, default=1.0, help="of the training data, to see what more would bring")
    found.add_argument("--whole", nargs="*", default=[], help="writers of whom --share leaves nothing out")
    found.add_argument("--begin", type=Path, help="a checkpoint.pt whose weights to begin from, for a further leg")
    found.add_argument("--rate", type=float, default=1.0, help="what the learning rates are multiplied by")
    return found


def main() -> None:
    plan = plan_from(parser(__doc__).parse_args())
    workshop = open_workshop(plan)
    began = time.monotonic()
    data = list(packs(workshop, frozenset({Part.TRAINING})))
    data = chosen(plan, data)
    pairs = sum(len(pack.pairs) for pack in data)
    told = f"{len(data)} texts, {pairs} pairs, {sum(len(pack.ids) for pack in data)} pieces"
    print(
        f"{told}, {sum(pack.lost for pack in data)} projects not offered, {time.monotonic() - began:.0f} s", flush=True
    )
    train(workshop, data)


if __name__ == "__main__":
    main()
