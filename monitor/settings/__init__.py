"""The configuration folder: reads it, checks all of it and returns values. Others need ``load`` and ``Config``."""

from monitor.settings.config import Config
from monitor.settings.files import changed
from monitor.settings.loading import load

__all__ = ["Config", "changed", "load"]
