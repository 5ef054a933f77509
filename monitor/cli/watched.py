"""``projects list``: shows the watched projects."""

import os

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import show, show_json
from monitor.cli.render_watched import watched
from monitor.contracts.projects import project_json
from monitor.logs import keep_secret
from monitor.settings import load
from monitor.settings.searches import read_searches


def list_projects(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the watched projects: their words, and how many feeds search for each.

    Example:
        monitor projects list
    """
    found = load(config, os.environ, is_sending=False)
    keep_secret(found.secrets)
    projects = found.projects
    searches = read_searches(config, os.environ)
    if as_json:
        show_json([project_json(project, searches) for project in projects])
        return
    feeds = {
        project.id: sum(len(each.feeds) for each in searches if project.id in each.settings.projects)
        for project in projects
    }
    show(watched(projects, feeds))
