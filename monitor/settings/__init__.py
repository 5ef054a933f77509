"""The configuration folder: read, checked whole, and made into values. ``load`` and ``Config`` are what others need."""

from monitor.settings.config import Config
from monitor.settings.files import changed
from monitor.settings.loading import load

__all__ = ["Config", "changed", "load"]
