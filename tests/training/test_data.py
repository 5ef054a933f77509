"""What training learns from, and what it is kept from."""

from collections import Counter
from pathlib import Path

import pytest

from training.data import Example, Part, sheets, texts

ARTICLES = Path(__file__).parents[2] / "training/articles"


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return list(sheets(ARTICLES))


def test_every_article_that_is_kept_in_the_project_is_found(examples: list[Example]) -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in ARTICLES.iterdir())

    assert len(examples) == lines > 0


def test_a_folder_without_articles_is_an_error_and_no_empty_set(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no labelled articles"):
        list(sheets(tmp_path))


def test_one_writer_of_each_language_is_never_looked_at(examples: list[Example]) -> None:
    unseen = {(example.writer, example.article.language) for example in examples if example.part is Part.UNSEEN}

    assert Counter(language for _, language in unseen) == {"ar": 1, "en": 1, "es": 1, "fr": 1, "zh": 1}


def test_nothing_is_counted_in_the_texts_of_unseen_writers(examples: list[Example]) -> None:
    counted = set(texts(examples))

    for example in examples:
        assert (example.article.text in counted) is (example.part is not Part.UNSEEN)
