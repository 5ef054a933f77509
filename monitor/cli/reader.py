"""``reader``: shows what reads the articles, and chooses it."""

from typing import Annotated

import typer
from rich.text import Text

from monitor.app.measuring import MOST_TOKENS
from monitor.app.opening import load_folder
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, to_repeat
from monitor.cli.output import show, show_json
from monitor.cli.render_reader import LOOKED_AT, TO_BE_HAD, served_lines
from monitor.cli.session import change
from monitor.cli.trying import Wish, tell, use_model
from monitor.contracts.trial import served_json
from monitor.operate.edits import choosing_reader
from monitor.readers.finding import served_here
from monitor.readers.plug import MODEL, TRAINED
from monitor.settings.chosen import described_model


def show_reader(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show what reads, which language models were found on this machine, and how well each kind reads.

    Examples:
        monitor reader
        monitor reader show --json
    """
    found, _ = load_folder(config)
    model, served = found.reader.llm, served_here()
    if as_json:
        chosen = {"endpoint": model.endpoint, "model": model.model} if model else None
        name = MODEL if model else found.reader.use
        show_json({"use": name, "llm": chosen, "found": [served_json(each) for each in served]})
        return
    if model:
        show(Text(f"A language model reads: {model.model} at {model.endpoint}, beside {found.reader.use}."))
    else:
        show(Text(f"The reader is {found.reader.use}."))
        if described := described_model(config):
            show(Text(f"Described, but not used: {described[1]} at {described[0]}."))
    show("\nThere are to be had:")
    for line in TO_BE_HAD:
        show(Text(f"  {line}"))
    show(Text(f"\nOn this machine ({LOOKED_AT}):"))
    for line in served_lines(served) or ["no language model was found"]:
        show(Text(f"  {line}"))
    show(Text(f"\nTry one, then decide: monitor reader use llm{to_repeat(config)}"))


def use(
    name: Annotated[str, typer.Argument(metavar="NAME", help="llm, for a language model; or trained.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", metavar="URL", help="Its base address; looked for on this machine.")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="Its name at the endpoint.")] = None,
    api_key: Annotated[
        str | None,
        typer.Option("--api-key", metavar="REFERENCE", help="Where its key is: '${NAME}' or '${file:PATH}'."),
    ] = None,
    price: Annotated[
        float | None, typer.Option("--price", metavar="N", min=0, help="Of a million tokens, in any currency.")
    ] = None,
    tokens: Annotated[
        int, typer.Option("--tokens", metavar="N", min=1, help="The most tokens that trying it may cost.")
    ] = MOST_TOKENS,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask: write it if it reads at least as well as the trained reader.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Choose what reads: llm or trained. A language model is first tried on labelled articles.

    Without --endpoint, the model that monitor.yaml describes is tried, else one that is found on this machine. It reads
    40 invented articles in five languages, and so does the trained reader. The result shows how well and how quickly
    both read, and what a month of your news would cost. Nothing is written unless you say yes. Ctrl-C ends it.

    Examples:
        monitor reader use llm
        monitor reader use llm --endpoint https://llm.example.org/v1 --model large --api-key '${LLM_KEY}' --price 0.6
        monitor reader use trained
    """
    wish = Wish(endpoint=endpoint, model=model, api_key=api_key, price=price, tokens=tokens)
    if name == MODEL:
        use_model(config, wish, yes=yes, as_json=as_json)
    elif name == TRAINED:
        if wish != Wish(tokens=tokens):
            raise typer.BadParameter("takes none of the options of a language model", param_hint=TRAINED)
        change(config, choosing_reader(TRAINED))
        tell(TRAINED, as_json=as_json)
    else:
        message = f"there are llm and trained; for another reader write reader: {{use: {name}}} in monitor.yaml"
        raise typer.BadParameter(message, param_hint="NAME")
