"""Secrets in files are masked for those who may not see them, and come back unharmed when these edit the files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.settings.concealing import MASK, MaskError, conceal, displaced, holding_masks, masked
from monitor.settings.yaml_document import YamlDocument, dotted, parse_yaml


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("to: [slack://T0/B0/xyz]", "to: [slack://***]"),
        ("to: [slack://T0/B0/xyz,tgram://1:2/3]", "to: [slack://***,tgram://***]"),
        ("to: 'json://[::1]:9/tok'", "to: 'json://***'"),
        ("# to: mailto://me:pw@h?to=you", "# to: mailto://***"),
        ("{first: json://h/a, else: console://}", "{first: json://***, else: console://}"),
        ("url: https://me:pw@h/feed?key=abc&page=2", "url: https://***@h/feed?key=***&page=2"),
        ("url: https://h/feed?page=2#top", "url: https://h/feed?page=2#top"),
        ("database: sqlite:///data/monitor.db", "database: sqlite:///data/monitor.db"),
        ("database: postgresql+psycopg://me:pw@h/db", "database: postgresql+psycopg://***"),
        ("api_key: hunter22 # hunter22", "api_key: *** # ***"),
        ("llm: {api_key: 'a b', model: m}", "llm: {api_key: ***, model: m}"),
        ("password: pw1 # secret", "password: *** # secret"),
        ("api_key: ${KEY}\ntoken: '${KEY}'", "api_key: ${KEY}\ntoken: '${KEY}'"),
        ("secretary: Lee", "secretary: Lee"),
        # References stay as written.
        ("to: mailto://${USER}:${file:/run/pw}@h?to=you", "to: mailto://${USER}:${file:/run/pw}@h?to=you"),
        ("to: mailto://me:${PW}@h", "to: mailto://***@h"),
        ("url: https://h/?token=${T}", "url: https://h/?token=${T}"),
        ("to: [slack://t/o/k,json://${H}/x]", "to: [slack://***,json://${H}/x]"),
        ("name: بي: x", "name: بي: x"),
        ("a bare slack:// tells nothing", "a bare slack:// tells nothing"),
    ],
)
def test_literal_secrets_are_masked_and_references_are_not(text: str, shown: str) -> None:
    assert masked(text, {"hunter22", "slack://"}) == shown


def test_secrets_that_overlap_are_masked_as_one() -> None:
    assert masked("x abcdef y", {"abcd", "cdef"}) == "x *** y"
    assert masked("json://h/abcd efgh", {"abcd efgh"}) == "json://***"


KEY = b"key"
PIECES = [*"ab:/@?&=${}‹›1- \n'\"[],\\", "‹secret-", "‹secret-0123abcd›", "token: ", "json://", "://", "?key="]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sets(st.text("ab:/1 ", min_size=1)))
def test_a_text_that_is_not_edited_comes_back_byte_for_byte(text: str, secrets: set[str]) -> None:
    concealed = conceal(text, secrets, KEY)

    assert concealed.reveal(concealed.text) == text


def test_an_edit_beside_a_secret_leaves_it_alone() -> None:
    concealed = conceal("- slack://t/o/k\n- json://h/t\n", set(), KEY)
    slack, json = concealed.text.splitlines()

    assert "t/o/k" not in concealed.text
    assert concealed.reveal(f"# two\n{json}\n{slack}\n") == "# two\n- json://h/t\n- slack://t/o/k\n"


def test_a_secret_keeps_its_mask_when_others_come_before_it() -> None:
    before, after = (conceal(text, set(), KEY) for text in ("- json://h/t\n", "- slack://t/o/k\n- json://h/t\n"))

    assert after.reveal(before.text) == "- json://h/t\n"


@pytest.mark.parametrize("mask", ["‹secret-00000000›", "‹secret-ffffffff›"])
def test_a_mask_of_nothing_is_refused_at_its_line(mask: str) -> None:
    with pytest.raises(MaskError, match="stands for no secret") as caught:
        conceal("- slack://t/o/k\n", set(), KEY).reveal(f"\n\n- slack://{mask}")

    assert caught.value.line == 3


def document(text: str) -> YamlDocument:
    return parse_yaml("f.yaml", text.encode())[0]


OLD = """
subscribers:
  - name: Desk
    to: ["json://‹secret-0123abcd›", "mailto://${USER}:${PW}@h?to=a@b.c&from=x"]
"""
SECRET = "json://‹secret-0123abcd›"


@pytest.mark.parametrize(
    ("new", "where"),
    [
        (OLD, []),
        (OLD.replace("Desk", "Board").replace("a@b.c", "d@e.f"), []),
        (OLD.replace(f'"{SECRET}", ', ""), []),
        (OLD + '  - {name: Next, to: ["mailto://${USER}:${PW}@h?to=d@e.f&from=x"]}\n', []),
        (OLD + '  - {name: Next, to: ["json://h/own-token"]}\n', []),
        (OLD.replace("Desk", SECRET), ["subscribers[0].name"]),
        (OLD.replace("Desk", "${PW}"), ["subscribers[0].name"]),
        (OLD.replace("Desk", f">\n      \n      - {SECRET}"), ["subscribers[0].name"]),
        (OLD.replace('["json', '[&x "json') + "    stages: [*x]\n", ["subscribers[0].stages[0]"]),
        (OLD.replace("json://", "json://evil.example/"), ["subscribers[0].to[0]"]),
        (OLD.replace("@h?", "@evil.example?"), ["subscribers[0].to[1]"]),
        (OLD.replace("?to=a@b.c", "?smtp=evil.example&to=a@b.c"), ["subscribers[0].to[1]"]),
        (OLD.replace("?to=a@b.c", "?to=${PW}"), ["subscribers[0].to[1]"]),
        (OLD.replace("${USER}", "${DATABASE}"), ["subscribers[0].to[1]"]),
        (OLD + "    language: '${file:" + "/" * 600 + "run/secrets/x}'\n", ["subscribers[0].language"]),
        (OLD + "    '${PW}': x\n", ["subscribers[0]"]),
    ],
)
def test_what_moves_a_secret_to_another_place_is_found(new: str, where: list[str]) -> None:
    assert [dotted(path) for path, _ in displaced(document(OLD), document(new))] == where


@pytest.mark.parametrize("mask", [f"json://{MASK}@h", SECRET, r"json://\u2039secret-0123abcd›"])
def test_a_copied_mask_is_found_unless_it_was_there_before(mask: str) -> None:
    old, new = document("a: '*** old'\n"), document(f"a: '*** old'\nb: [\"{mask}\"]\n")

    assert [dotted(path) for path, _ in holding_masks(old, new)] == ["b[0]"]
