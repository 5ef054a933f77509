"""The words of messages: the shipped translations, and the templates of a configuration."""

from monitor.core.message.briefing import Voice
from monitor.settings.config import Config
from monitor.wording.catalogues import catalogues
from monitor.wording.layouts import TemplateLayouts


def voice_of(config: Config) -> Voice:
    """What messages are written with."""
    return Voice(catalogues=catalogues(), layouts=TemplateLayouts(config.templates))
