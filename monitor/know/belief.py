"""What the ledger makes of what one article says."""

from collections.abc import Sequence

from monitor.core.articles import reports_of
from monitor.core.review.belief import Weighed, unwatched, weigh
from monitor.core.review.review import bearing
from monitor.core.state import Correction
from monitor.know.queries import Knowledge
from monitor.ports import ArticleRecord, Ledger, ReadArticle


def weighed(knowledge: Knowledge, read: ReadArticle) -> list[Weighed]:
    """Each claim and fact of the article's last reading, project by project. Raises LedgerError."""
    watch, ledger = knowledge.watch(), knowledge.ledger
    found: list[Weighed] = []
    for project, report in reports_of(read.source, read.reading).items():
        if project not in watch.projects:
            found += unwatched(report.said)
            continue
        reviews = bearing(each for each in ledger.reviews(project) if each.is_in_force).get(project, ())
        reports = ledger.reports(project).get(project, ())
        found += weigh(
            report,
            counting=reports,
            reviews=reviews,
            state=watch.state_of(project, reports),
            lifecycle=watch.lifecycle_of(project),
            policy=watch.policy,
        )
    return found


def corrected(ledger: Ledger, article: ArticleRecord) -> Sequence[Correction]:
    """What the publisher of the article has withdrawn. Raises LedgerError."""
    return [
        each
        for project in article.projects
        for each in ledger.corrections(project)
        if each.source.article == article.read.article.key
    ]
