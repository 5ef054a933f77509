"""Documents whose declaration is wrong, missing or contradicted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.charset import decode

FRENCH = "L’usine de cathodes démarrée à Tanger coûte 300 M€ – voilà"
SPANISH = "Tánger: inversión en España, año próximo"
ARABIC = "المغرب يبدأ بناء مصنع للبطاريات في طنجة"
CHINESE = "贝特瑞在摩洛哥的正极材料工厂开工建设"
MIXED_ARABIC = "شركة BTR New Material توقع اتفاقية في Tanger Tech"
MIXED_CHINESE = "BTR New Material在摩洛哥Tanger Tech的工厂"


def document(text: str, encoding: str, declared: str | None) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f"{declaration}<rss><title>{text}</title></rss>".encode(encoding)


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "header"),
    [
        pytest.param(FRENCH, "utf-8", "utf-8", "", id="as declared"),
        pytest.param(FRENCH, "utf-8", None, "", id="undeclared utf-8"),
        pytest.param(ARABIC, "utf-8", "windows-1256", "text/xml; charset=iso-8859-1", id="utf-8 declared as all else"),
        pytest.param(CHINESE, "utf-8", "gb2312", "", id="utf-8 declared as gb2312"),
        pytest.param(ARABIC, "utf-8-sig", "windows-1256", "", id="byte order mark wins"),
        pytest.param(ARABIC, "utf-16", "utf-8", "text/xml; charset=utf-8", id="utf-16 with mark"),
        pytest.param(FRENCH, "utf-16-le", "utf-16", "", id="utf-16 without mark"),
        pytest.param(FRENCH, "utf-16-be", "utf-16", "", id="utf-16 without mark, the other way"),
        pytest.param(CHINESE, "utf-32", "utf-32", "", id="utf-32"),
        pytest.param(ARABIC, "cp1256", "windows-1256", "", id="windows-1256 as declared"),
        pytest.param(ARABIC, "cp1256", "utf-8", "", id="windows-1256 under a wrong prolog"),
        pytest.param(ARABIC, "cp1256", "iso-8859-1", "", id="windows-1256 as latin"),
        pytest.param(ARABIC, "cp1256", None, "", id="windows-1256 undeclared"),
        pytest.param(ARABIC, "cp1256", "utf-8", "text/xml; charset=windows-1256", id="only the header is right"),
        pytest.param(ARABIC, "cp1256", "windows-1256", "text/xml; charset=ISO-8859-1", id="only the prolog is right"),
        pytest.param(ARABIC, "cp1256", "windows-1256", "text/xml; charset=utf-8", id="the header says utf-8"),
        pytest.param(MIXED_ARABIC, "cp1256", "utf-8", "", id="windows-1256 between Latin names"),
        pytest.param(ARABIC, "iso8859-6", "iso-8859-6", "", id="iso-8859-6"),
        pytest.param(CHINESE, "gb18030", "gb2312", "", id="gb2312"),
        pytest.param(CHINESE, "gb18030", "utf-8", "", id="gbk under a wrong prolog"),
        pytest.param(CHINESE, "gb18030", None, "", id="gbk undeclared"),
        pytest.param(MIXED_CHINESE, "gb18030", "utf-8", "", id="gbk between Latin names"),
        pytest.param("摩洛哥電池工廠動工", "big5", "big5", "", id="big5 of its own"),
        pytest.param("モロッコの工場", "shift_jis", "shift_jis", "", id="shift_jis"),
        pytest.param("モロッコの工場", "iso2022_jp", "iso-2022-jp", "", id="seven bits that are not ASCII"),
        pytest.param("Завод в Марокко", "cp1251", "windows-1251", "", id="windows-1251"),
        pytest.param(FRENCH, "cp1252", "windows-1252", "", id="windows-1252"),
        pytest.param(FRENCH, "cp1252", "iso-8859-1", "", id="the euro in latin 1"),
        pytest.param(FRENCH, "cp1252", "utf-8", "", id="windows-1252 under a wrong prolog"),
        pytest.param(FRENCH, "cp1252", None, "", id="windows-1252 undeclared"),
        pytest.param(SPANISH, "cp1252", "utf-8", "", id="Spanish is neither Chinese nor Arabic"),
        pytest.param(SPANISH, "cp1252", "us-ascii", "", id="ASCII that is not"),
        pytest.param("300 M€ à Tanger", "iso8859-15", "iso-8859-15", "", id="the euro in latin 9"),
        pytest.param(FRENCH, "cp1252", "no-such-charset", "", id="a charset that nobody knows"),
        pytest.param(FRENCH, "cp1252", "base64", "text/xml; charset=rot13", id="codecs that are no charsets"),
        pytest.param("plain", "ascii", "utf-7", "", id="utf-7 is not read"),
    ],
)
def test_the_text_is_read_whatever_is_declared(text: str, encoding: str, declared: str | None, header: str) -> None:
    assert f"<title>{text}</title>" in decode(document(text, encoding, declared), header)


def test_a_page_names_its_charset_in_a_meta_element() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Завод'

    assert decode(page.encode("cp1251"), "text/html").endswith("<p>Завод")


@pytest.mark.parametrize("broken", [b"\xe9", b"\xc3", b"\xff\xfe\xfd"])
def test_a_few_broken_bytes_do_not_make_utf8_something_else(broken: bytes) -> None:
    text = decode(document(ARABIC, "utf-8", "utf-8") + broken, "")

    assert ARABIC in text
    assert text.endswith("\ufffd")


@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=utf-16", "x; charset=idna", "x; charset=\x00"]))
def test_any_bytes_are_some_text(body: bytes, header: str) -> None:
    assert isinstance(decode(body, header), str)
