"""How well sheets or labelled articles cover the claims: a table of stages and states."""

from collections import Counter
from collections.abc import Iterable

from training.sheets.model import CONDITIONS, STAGES, STATES, Role, Sheet


def tally(sheets: Iterable[Sheet]) -> str:
    """Counts of claims by stage and state, and of what else the sheets hold."""
    every = list(sheets)
    claims = Counter((claim.stage, claim.state) for sheet in every for _, claim in sheet.claims)
    dated = sum(claim.date is not None for sheet in every for _, claim in sheet.claims)
    several = sum(len(sheet.projects) > 1 for sheet in every)
    silent = sum(not sheet.claims for sheet in every)
    facts = Counter(fact.kind for sheet in every for _, fact in sheet.facts)
    traps = Counter(trap.id for sheet in every for trap in sheet.traps)
    roles = Counter(project.role for sheet in every for project in sheet.projects)
    head = f"{'':14}" + "".join(f"{state:>10}" for state in STATES)
    table = [
        f"{stage:14}" + "".join(f"{claims[stage, state]:>10}" for state in STATES) for stage in STAGES + CONDITIONS
    ]
    return "\n".join(
        [
            f"{len(every)} sheets, {several} with several watched projects, {silent} without claims",
            head,
            *table,
            f"{sum(claims.values())} claims, {dated} dated; {sum(traps.values())} traps of {len(traps)} kinds",
            "facts: " + ", ".join(f"{kind} {count}" for kind, count in facts.most_common()),
            "projects: " + ", ".join(f"{role} {roles[role]}" for role in Role),
        ]
    )
