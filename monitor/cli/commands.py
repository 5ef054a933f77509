"""All commands: name, function and summary. The module of a command is imported when the command is used.

So ``monitor --help`` answers at once, and no command waits for the libraries of another.
"""

import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

CONFIGURE, RUN, KNOW = "Configure", "Run", "What is known"
TRY = "Try out; nothing is kept, nothing is sent"


class CommandEntry(NamedTuple):
    """A command, or a group of commands."""

    name: str
    #: ``module:function`` in ``monitor.cli``. "" for a group.
    place: str
    #: The first paragraph of the function's docstring; the help of a group.
    summary: str
    #: The heading under which the help lists it.
    panel: str | None = None

    def load(self) -> Callable[..., None]:
        """The function."""
        module, _, function = self.place.partition(":")
        found: Callable[..., None] = getattr(import_module(f"monitor.cli.{module}"), function)
        return found


#: The name of a group → its commands, in the order of its help.
COMMANDS: Mapping[str, tuple[CommandEntry, ...]] = {
    "monitor": (
        CommandEntry(
            "init",
            "configuring:init",
            "Write a configuration to begin with: every setting, with what it does. Existing files stay as they are.",
            CONFIGURE,
        ),
        CommandEntry(
            "check",
            "configuring:check",
            "Check all files, and show every destination as it is understood. "
            "Without --online there is no network traffic.",
            CONFIGURE,
        ),
        CommandEntry(
            "evaluate",
            "evaluate:evaluate",
            "Measure a reader on labelled articles: by language, stage and kind, "
            "and the worst cases with their sentences.",
            CONFIGURE,
        ),
        CommandEntry(
            "schema",
            "configuring:schema",
            "Print the JSON Schema of all files by file name, or of one file. "
            "Editors use it to complete and check files.",
            CONFIGURE,
        ),
        CommandEntry(
            "run",
            "polling:run",
            "Run the service: poll due feeds, send due deliveries, apply edits of the configuration. Ctrl-C ends it.",
            RUN,
        ),
        CommandEntry(
            "poll",
            "polling:poll",
            "Poll feeds once, now, whether or not they are due, and send due deliveries.",
            RUN,
        ),
        CommandEntry(
            "rebuild",
            "importing:rebuild",
            "Read all stored articles again by the current vocabulary, "
            "and show which knowledge and alerts would differ.",
            RUN,
        ),
        CommandEntry(
            "deliveries",
            "delivering:deliveries",
            "List deliveries with their destination, attempts and last result, newest last. "
            "If nothing is sent, say why.",
            RUN,
        ),
        CommandEntry(
            "retry",
            "delivering:retry",
            "Make dead deliveries due again and reset their attempts. The service, or a poll, sends them.",
            RUN,
        ),
        CommandEntry(
            "notify",
            "delivering:notify",
            "Send a test message to every destination of a subscriber now. Exit 1 if a destination does not accept it.",
            RUN,
        ),
        CommandEntry(
            "doctor",
            "operating:doctor",
            "Show what is wrong with the monitor itself: feeds, deliveries, disk, and what the service has found.",
            RUN,
        ),
        CommandEntry(
            "backup",
            "operating:backup",
            "Write the whole database into one file, as one consistent snapshot. The service may run meanwhile.",
            RUN,
        ),
        CommandEntry(
            "restore",
            "operating:restore",
            "Load a backup into the empty database of monitor.yaml, SQLite or PostgreSQL. "
            "If it fails, nothing is kept.",
            RUN,
        ),
        CommandEntry(
            "import",
            "importing:import_",
            "Load past articles, or data exported from another ledger, into the ledger. Sends no alerts.",
            RUN,
        ),
        CommandEntry("projects", "", "Watch a new project; list, change and remove projects.", CONFIGURE),
        CommandEntry(
            "reader",
            "",
            "Show what reads the articles, and what else could; try a language model and let it read.\n\n"
            "Without a command, it shows what reads, as monitor reader show does.",
            CONFIGURE,
        ),
        CommandEntry("configuration", "", "Show who has edited the files, and undo edits.", CONFIGURE),
        CommandEntry("feeds", "", "List, explain, add, change, try and find feeds, give and take them as OPML.", RUN),
        CommandEntry("users", "", "Say who may use the pages and the API, and make tokens for programs.", RUN),
        CommandEntry("subscribers", "", "List subscribers; say who is told what, and why not.", RUN),
        CommandEntry(
            "status",
            "knowledge:status",
            "Show where the projects stand, a line for each, or one project in full with the sentences that prove it.",
            KNOW,
        ),
        CommandEntry(
            "timeline",
            "knowledge:timeline",
            "Show everything that was said of a project, in order, each with its sentence, outlet and address.",
            KNOW,
        ),
        CommandEntry(
            "changes",
            "knowledge:changes",
            "List the changes, newest last: first the news, then history, which alerted nobody. "
            "With --json, one line each.",
            KNOW,
        ),
        CommandEntry(
            "export",
            "exporting:export",
            "Write the contents of the ledger for other programs. Secrets are masked, and no table cell is a formula.",
            KNOW,
        ),
        CommandEntry(
            "review",
            "",
            "Decide on doubtful claims and amounts. A decision stays in force, also for copies.\n\n"
            "Without a command, it lists the doubtful claims of all projects, as monitor review list does. "
            "It takes the same options.",
            KNOW,
        ),
        CommandEntry(
            "read",
            "reading:read",
            "Read articles: the projects that each concerns, and its claims about them with their sentences. "
            "One result each.",
            TRY,
        ),
        CommandEntry(
            "replay",
            "reading:replay",
            "Replay past articles in the order of their publication, and show what would have moved. Sends nothing.",
            TRY,
        ),
        CommandEntry(
            "demo",
            "demo:demo",
            "Play the past as if it were today's news: a feed on this machine serves each entry on its day.",
            TRY,
        ),
    ),
    "feeds": (
        CommandEntry(
            "list",
            "feeds:list_feeds",
            "List the feeds with the result of the last poll and the time of the next one.",
        ),
        CommandEntry(
            "why",
            "feeds:explain",
            "Explain the time of a feed's next poll: what each rule decided at the last poll, "
            "and what is known of the feed.",
        ),
        CommandEntry(
            "add", "other_feeds:add", "Add a feed to the end of feeds.yaml. The rest of the file stays as it is."
        ),
        CommandEntry(
            "edit",
            "other_feeds:edit",
            "Change settings of a feed in feeds.yaml. The rest of the file stays as it is.",
        ),
        CommandEntry("remove", "other_feeds:remove", "Take a feed out of feeds.yaml. What it brought stays."),
        CommandEntry(
            "test",
            "other_feeds:try_out",
            "Fetch feeds once, and show their entries and the projects that these may concern. Keeps nothing.",
        ),
        CommandEntry(
            "discover",
            "other_feeds:discover",
            "List the feeds of a page: title, address, format, entries, and the newest of these. --add adds them.",
        ),
        CommandEntry(
            "export",
            "other_feeds:export_opml",
            "Write the feeds as OPML for feed readers and other monitors. Masks secrets and omits files of the folder.",
        ),
        CommandEntry(
            "import",
            "other_feeds:import_opml",
            "Add the feeds of an OPML file to the end of feeds.yaml, each address once.",
        ),
    ),
    "configuration": (
        CommandEntry(
            "history",
            "configuring:history",
            "List the edits of the configuration: when, by whom, of which file, and what changed. "
            "The newest come first.",
        ),
        CommandEntry(
            "undo",
            "configuring:undo",
            "Bring back the text of a file from before an edit. Later edits of this file are taken back with it.",
        ),
    ),
    "reader": (
        CommandEntry(
            "show",
            "reader:show_reader",
            "Show what reads, which language models were found on this machine, and how well each kind reads.",
        ),
        CommandEntry(
            "use",
            "reader:use",
            "Choose what reads: llm or trained. A language model is first tried on labelled articles.",
        ),
    ),
    "projects": (
        CommandEntry(
            "list",
            "watched:list_projects",
            "List the watched projects: their words, and how many feeds search for each.",
        ),
        CommandEntry(
            "add",
            "projects:add",
            "Watch a project: write it with news searches, import what these find as history, "
            "and show where it stands.",
        ),
        CommandEntry(
            "edit",
            "projects:edit",
            "Change fields of a project, or open projects.yaml in $EDITOR. An invalid edit is shown and not kept.",
        ),
        CommandEntry(
            "remove",
            "projects:remove",
            "Stop watching a project: take it out of projects.yaml, "
            "and the searches that are for it alone out of feeds.yaml.",
        ),
    ),
    "subscribers": (
        CommandEntry(
            "list",
            "subscribing:list_subscribers",
            "List the subscribers: their wishes, destinations, times and followed projects.",
        ),
        CommandEntry(
            "explain",
            "subscribing:explain",
            "Show who would receive a change, where and when, and the rule that decides why or why not.",
        ),
        CommandEntry(
            "readmit",
            "subscribing:readmit",
            "Send mails again to those at a subscriber's addresses who have unsubscribed. "
            "Changes since then stay unsent.",
        ),
        CommandEntry(
            "remove",
            "subscribing:remove",
            "Take somebody off who subscribed alone, and forget the address. What is owed to them is not sent.",
        ),
    ),
    "users": (
        CommandEntry("list", "users:list_users", "List the accounts: their roles, and how they log in."),
        CommandEntry(
            "add", "users:add", "Make an account. The password is asked twice: 12 to 1,000 characters, any of them."
        ),
        CommandEntry("role", "users:set_role", "Give an account another role. It holds from the next request on."),
        CommandEntry(
            "password", "users:set_password", "Give an account another password. Its sessions and tokens end."
        ),
        CommandEntry("disable", "users:disable", "Let nobody in by an account. Its sessions and tokens end."),
        CommandEntry("enable", "users:enable", "Let people in again by a disabled account."),
        CommandEntry(
            "remove",
            "users:remove",
            "Delete an account with its sessions and tokens. The audit log keeps what it did.",
        ),
        CommandEntry(
            "token",
            "users:make_token",
            "Make a token, with which a program uses the API for an account. It is shown only now.",
        ),
        CommandEntry("tokens", "users:list_tokens", "List the tokens of all accounts, without their secrets."),
        CommandEntry("revoke", "users:revoke", "Revoke a token. No program can use it any more."),
    ),
    "review": (
        CommandEntry(
            "list",
            "reviewing:list_claims",
            "List claims and amounts that need a look, newest last, each with its sentence, source and doubts.",
        ),
        CommandEntry(
            "confirm",
            "reviewing:confirm",
            "Confirm that claims are true. Each then counts as if an official source had said it too.",
        ),
        CommandEntry(
            "reject",
            "reviewing:reject",
            "Reject claims that are false or that nobody makes. They no longer affect what is known.",
        ),
        CommandEntry(
            "wrong-project",
            "reviewing:wrong_project",
            "Say that the article of a claim is not about its project. All that it says of that project is rejected at"
            " once.",
        ),
        CommandEntry(
            "correct",
            "reviewing:correct",
            "Correct a claim or an amount. The correction replaces it, as if an official source had said it.",
        ),
        CommandEntry(
            "assign",
            "reviewing:assign",
            "Assign a claim to another project. It counts there, with the weight of the outlet that made it.",
        ),
        CommandEntry("undo", "reviewing:undo", "Undo the last decision on claims. It stays on record."),
    ),
}

#: The name of a group → the command that runs if none is named.
_USUAL = {"review": "list", "reader": "show"}


class Commands(TyperGroup):
    """The group of this name. Its commands are only summaries, until ``resolve_command`` finds the one that is used."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever Typer sets
        super().__init__(**settings)
        self.commands.update({entry.name: _Summary(entry) for entry in COMMANDS[self.name or ""]})

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - the types of Typer's own Click
        """Parse the arguments. If they name no command and the group has a usual one, they are for that."""
        usual = _USUAL.get(self.name or "")
        if usual and (not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)):
            args = [usual, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - the types of Typer's own Click
        """The name, the command with its function, and the remaining arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.whole() if isinstance(command, _Summary) else command, rest


class _Summary(TyperCommand):
    """A command as the help of its group shows it."""

    def __init__(self, entry: CommandEntry) -> None:
        super().__init__(entry.name, help=entry.summary, rich_help_panel=entry.panel)
        self._entry = entry

    def whole(self) -> TyperCommand | TyperGroup:
        """The command with its options and its function, whose docstring is the help."""
        entry = self._entry
        if entry.name in COMMANDS:
            return get_group(typer.Typer(name=entry.name, cls=Commands, help=entry.summary, no_args_is_help=True))
        function = entry.load()
        # Typer's tracebacks show local variables, which may contain secrets.
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(entry.name, help=_help(function))(function)
        command = get_command(single)
        assert isinstance(command, TyperCommand)
        return command


def _help(function: Callable[..., None]) -> str:
    """The docstring for a terminal. Paragraphs wrap at its width; examples stay as written."""
    told = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    return "\n\n".join(part if "\n    " in part else part.replace("\n", " ") for part in told)
