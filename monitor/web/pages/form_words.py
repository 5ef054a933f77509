"""The words of forms in the reader's language: labels, helps, options, and what is wrong with a field."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_day_names, get_timezone_location

from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.news import ChangeType
from monitor.settings.fields import FieldError, Wrong
from monitor.settings.forms import FormSection


def label(section: FormSection, key: str, tongue: Tongue) -> str:
    """What a field is called. A column of rows is named by its path: ``known.stage``."""
    return _LABELS[f"{section.value}.{key}"](tongue.say)


def help_on(section: FormSection, key: str, tongue: Tongue) -> str:
    """What to fill in. "" if the label says it all."""
    found = _HELPS.get(f"{section.value}.{key}")
    return found(tongue.say) if found else ""


def what_is_wrong(error: FieldError, tongue: Tongue, section: FormSection, key: str) -> str:
    """A sentence on what is wrong with a field, and what to do."""
    if error.wrong is Wrong.ROW:
        return _in_row(error, tongue, section, key)
    said = {name: tongue.foreign(str(value)) for name, value in error.values.items()}
    return _SENTENCES[error.wrong](lambda message: tongue.say(message, **said))


def _in_row(error: FieldError, tongue: Tongue, section: FormSection, key: str) -> str:
    inner, column = error.values["error"], str(error.values["key"])
    assert isinstance(inner, FieldError)
    said = what_is_wrong(inner, tongue, section, column)
    named = label(section, f"{key}.{column}", tongue)
    return tongue.say("Row {row}, {field}: {wrong}", row=error.values["row"], field=named, wrong=said)


Say = Callable[[str], str]
_LABELS: Mapping[str, Callable[[Say], str]] = {
    "projects.name": lambda say: say("Name"),
    "projects.who": lambda say: say("Who builds it"),
    "projects.what": lambda say: say("What is built"),
    "projects.where": lambda say: say("Where"),
    "projects.not": lambda say: say("Words that mean something else"),
    "projects.known": lambda say: say("What is known already"),
    "projects.known.stage": lambda say: say("Stage"),
    "projects.known.state": lambda say: say("State"),
    "projects.known.date": lambda say: say("Date"),
    "projects.known.source": lambda say: say("Page that says so"),
    "projects.known.official": lambda say: say("official source"),
    "projects.phases": lambda say: say("Phases"),
    "projects.phases.name": lambda say: say("Name"),
    "projects.phases.words": lambda say: say("How the press calls it"),
    "projects.tags": lambda say: say("Tags"),
    "projects.lifecycle": lambda say: say("Kind of project"),
    "projects.quiet_after": lambda say: say("Quiet after so many days"),
    "subscribers.name": lambda say: say("Name"),
    "subscribers.to": lambda say: say("Where the messages go"),
    "subscribers.projects": lambda say: say("Which projects"),
    "subscribers.changes": lambda say: say("Which changes"),
    "subscribers.stages": lambda say: say("Only these stages"),
    "subscribers.confidence": lambda say: say("How sure it must be"),
    "subscribers.language": lambda say: say("Language of the messages"),
    "subscribers.send": lambda say: say("When"),
    "subscribers.quiet_hours": lambda say: say("Quiet hours"),
    "subscribers.timezone": lambda say: say("Time zone"),
    "subscribers.mute": lambda say: say("Mute"),
    "subscribers.mute.until": lambda say: say("Until"),
    "subscribers.mute.projects": lambda say: say("Projects"),
    "subscribers.away": lambda say: say("Days away"),
    "subscribers.away.from": lambda say: say("First day"),
    "subscribers.away.to": lambda say: say("Last day"),
    "subscribers.at_most": lambda say: say("Messages in an hour, at most"),
}
_HELPS: Mapping[str, Callable[[Say], str]] = {
    "projects.name": lambda say: say("As readers of alerts know it."),
    "projects.who": lambda say: say(
        "Companies and people, in every spelling and script, with commas between them. "
        "A name with a comma stands in quotation marks: “Acme, Inc.”"
    ),
    "projects.what": lambda say: say("With commas between them: cathode, battery plant. It tells two projects apart."),
    "projects.where": lambda say: say(
        "Places from the site to the country, with commas between them: Tozeur, Tunisia."
    ),
    "projects.not": lambda say: say("An article with one of these words is not about this project."),
    "projects.known": lambda say: say(
        "What was reached or promised before the monitor began. An empty row is left out. A date may be coarse: "
        "2026, 2026-Q3, 2026-09 or 2026-09-15."
    ),
    "projects.phases": lambda say: say("Parts that are built separately, in their order. An empty row is left out."),
    "projects.tags": lambda say: say(
        "Small letters and digits, with commas between them. Subscribers may follow all projects with a tag."
    ),
    "projects.quiet_after": lambda say: say("So long without news makes it quiet. The usual time if it is empty."),
    "subscribers.name": lambda say: say("A person, a desk or a program."),
    "subscribers.changes": lambda say: say("Nobody is told of the others."),
    "subscribers.stages": lambda say: say("All if none is ticked."),
    "subscribers.confidence": lambda say: say("What is confirmed has an official source, or two independent ones."),
    "subscribers.quiet_hours": lambda say: say("Nothing is sent from the first time to the second; it waits."),
    "subscribers.mute": lambda say: say(
        "What is held until a day, and told then. All projects if none is named. An empty row is left out."
    ),
    "subscribers.away": lambda say: say("Everything is held on these days, and told then. An empty row is left out."),
    "subscribers.at_most": lambda say: say("What is more than that goes as one message."),
}
_SENTENCES: Mapping[Wrong, Callable[[Say], str]] = {
    Wrong.EMPTY: lambda say: say("This is empty. Fill it in."),
    Wrong.UNDESCRIBED: lambda say: say("Name who builds it; or say both what is built and where."),
    Wrong.EXCLUDED: lambda say: say(
        "{word} is also among the words that mean something else, so nothing would be found. Keep it in one place."
    ),
    Wrong.NO_LETTER: lambda say: say("{word} has no letter and no digit, so no text is found by it."),
    Wrong.TAKEN: lambda say: say("{name} is there already. Choose another name."),
    Wrong.PERIOD: lambda say: say("{text} is not a date. Write 2026, 2026-Q3, 2026-09 or 2026-09-15."),
    Wrong.DAY: lambda say: say("{text} is not a day. Write it as 2026-09-15."),
    Wrong.ADDRESS: lambda say: say("{text} is not the address of a page. It begins with https://"),
    Wrong.MAIL: lambda say: say("{text} is not a mail address. Write it as desk@example.org."),
    Wrong.HOURS: lambda say: say("Give two different times, or none."),
    Wrong.DIGEST: lambda say: say("Choose a time, and at least one day."),
    Wrong.CRON: lambda say: say("This is not a cron expression. It has five parts: 0 8 * * 1-5"),
    Wrong.NUMBER: lambda say: say("Write a whole number from {least} to {most}."),
    Wrong.ORDER: lambda say: say("The last day is before the first."),
    Wrong.YAML: lambda say: say("This is not YAML. Write it as in the file."),
    Wrong.UNUSABLE: lambda say: say("This cannot be used as it is."),
    Wrong.NO_ACCOUNT: lambda say: say(
        "No mail account is set up from which the monitor writes. An admin gives one in monitor.yaml, under mail."
    ),
}


# ---------------------------------------------------------------- options

Options = Sequence[tuple[str, str]]


def options_of(key: str, options: Sequence[str], tongue: Tongue) -> Options:
    """Options with their names."""
    return [(each, _NAMES.get(key, _as_it_is)(each, tongue)) for each in options]


def editions_of(codes: Sequence[str], tongue: Tongue) -> Options:
    """Languages, possibly with a country, by their names."""
    return [(code, language_name(code, tongue)) for code in codes]


def language_name(code: str, tongue: Tongue) -> str:
    language, _, country = code.partition("-")
    name = tongue.locale.languages.get(language, language)
    return f"{name} ({tongue.locale.territories.get(country, country)})" if country else name


def tongues(languages: Sequence[str], tongue: Tongue) -> Options:
    """The languages of messages, then each with the countries where dates are written in a way of their own."""
    countries = [
        f"{language}-{country}"
        for language in languages
        for country in sorted({*_territories(language)}, key=lambda each: tongue.locale.territories.get(each, each))
    ]
    return editions_of([*languages, *countries], tongue)


@lru_cache(maxsize=8)
def _territories(language: str) -> frozenset[str]:
    from babel.localedata import locale_identifiers  # noqa: PLC0415 - only here

    parts = (each.split("_") for each in locale_identifiers())
    return frozenset(each[-1] for each in parts if each[0] == language and re.fullmatch("[A-Z]{2}", each[-1]))


def zones(tongue: Tongue) -> Options:
    """All time zones, by the names of their places."""
    return _zones(tongue.locale)


@lru_cache(maxsize=16)
def _zones(locale: Locale) -> Options:
    names = (each for each in available_timezones() if "/" in each and not each.startswith(("Etc/", "SystemV/", "US/")))
    # A locale may know several names for one place.
    places = {name: get_timezone_location(name, locale=locale) for name in ("UTC", *names)}
    return sorted(((name, f"{place} · {name}") for name, place in places.items()), key=lambda each: each[1])


def days_of_the_week(tongue: Tongue) -> Options:
    """Monday is 1."""
    names = get_day_names("wide", locale=tongue.locale)
    return [(str(day + 1), names[day]) for day in range(7)]


def _as_it_is(option: str, tongue: Tongue) -> str:
    return tongue.foreign(option)


_NAMES: Mapping[str, Callable[[str, Tongue], str]] = {
    "changes": lambda option, tongue: words.label(tongue, ChangeType(option)),
    "stages": lambda option, tongue: words.status(tongue, option),
    "known.stage": lambda option, tongue: words.status(tongue, option),
    "known.state": lambda option, tongue: words.state(tongue, State(option)),
    "confidence": lambda option, tongue: (
        tongue.say("also what one source reports") if option == "reported" else tongue.say("only what is confirmed")
    ),
}
