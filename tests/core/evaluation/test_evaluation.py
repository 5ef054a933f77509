"""Evaluations: what is found in them, and what moved between two."""

from monitor.core.evaluation.scoring import Band, By, Count, Evaluation, ReadingMistake, Subject, compare, worst


def mistake(what: str, subject: Subject = Subject.CLAIMS, *, article: str = "a", **more: object) -> ReadingMistake:
    return ReadingMistake(article=article, subject=subject, what=what, **{"is_invented": False, **more})  # type: ignore[arg-type]  # any field


def evaluation(
    *mistakes: ReadingMistake, articles: tuple[str, ...] = ("a", "b"), counts: tuple[Count, ...] = ()
) -> Evaluation:
    return Evaluation(articles=articles, counts=counts, mistakes=mistakes, bands=())


def test_what_is_empty_has_no_share_of_anything() -> None:
    nothing = evaluation().count(Subject.FACTS, By.LANGUAGE, "fr")

    assert nothing == Count(subject=Subject.FACTS, by=By.LANGUAGE, name="fr")
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)
    assert Band(least=0.9, claims=0, right=0, confidence=0).share == 0


def test_the_groups_of_an_evaluation_are_found_by_name() -> None:
    counts = tuple(Count(subject=Subject.CLAIMS, by=By.LANGUAGE, name=name, right=1) for name in ("fr", "ar"))

    assert evaluation(counts=counts).names(By.LANGUAGE) == ("ar", "fr")
    assert evaluation(counts=counts).names(By.KIND) == ()
    assert evaluation(counts=counts).count(Subject.CLAIMS, By.LANGUAGE, "fr").right == 1


def test_the_worst_inventions_are_those_of_which_the_reader_was_surest() -> None:
    fact = mistake("fact", Subject.FACTS, is_invented=True, confidence=1.0)
    doubtful = mistake("doubtful", is_invented=True, confidence=0.5)
    sure = mistake("sure", is_invented=True, confidence=0.9)
    missed = mistake("missed", Subject.RELEVANCE)

    found = (fact, doubtful, missed, sure)

    assert worst(found, is_invented=True) == (sure, doubtful, fact)
    assert worst(found, is_invented=False) == (missed,)


def test_what_moved_is_told_case_by_case() -> None:
    gone, stays, new = mistake("gone"), mistake("stays"), mistake("new")

    moved = compare(evaluation(gone, stays), evaluation(stays, new))

    assert (moved.better, moved.worse) == ((gone,), (new,))


def test_articles_that_only_one_of_the_two_has_are_not_compared() -> None:
    old, new = mistake("old", article="b"), mistake("new", article="c")

    moved = compare(evaluation(old, articles=("a", "b")), evaluation(new, articles=("a", "c")))

    assert (moved.articles, moved.better, moved.worse) == (1, (), ())
