"""What is taken for a link, an e-mail address and a telephone number, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exporters.hiding.links import emails, links
from annotations.exporters.hiding.phones import phones

PHONES = (
    ("+44 20 7946 0958", "+44 20 7946 0958"),
    ("Ring +49 (0)30 1234567!", "+49 (0)30 1234567"),
    ("+4915112345678.", "+4915112345678"),
    ("+1-555-234-5678", "+1-555-234-5678"),
    ("(555) 234-5678", "(555) 234-5678"),
    ("my number is 555 234 5678.", "555 234 5678"),
    ("555.234.5678", "555.234.5678"),
    ("1-800-234-5678", "1-800-234-5678"),
    ("555-234-5678 ext. 12", "555-234-5678 ext. 12"),
    ("555-234-5678x12,", "555-234-5678x12"),
    ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
    ("06 12 34 56 78", "06 12 34 56 78"),
    ("020 7946 0958", "020 7946 0958"),
    ("(or 020 7946 0958)", "020 7946 0958"),
    ("(+44 20 7946 0958)", "+44 20 7946 0958"),
    ("(020) 7946 0958", "(020) 7946 0958"),
    ("in 2023 020 7946 0958 worked", "020 7946 0958"),
    ("030/1234567", "030/1234567"),
    ("030 / 12 34 56 78", "030 / 12 34 56 78"),
    ("089-12345678", "089-12345678"),
    ("07911123456", "07911123456"),
    ("0612345678", "0612345678"),
    ("015112345678", "015112345678"),
    ("0049 151 12345678", "0049 151 12345678"),
    ("+7 (495) 123-45-67", "+7 (495) 123-45-67"),
    ("Tel: 12345678", "12345678"),
    ("Tel.030 1234567", "030 1234567"),
    ("call 555-1234", "555-1234"),
    ("call me at 234-5678", "234-5678"),
    ("fax no. 555 1234", "555 1234"),
    ("Phone 22 85 50 50", "22 85 50 50"),
    ("电话：13800138000。", "13800138000"),
    ("٠٥٠ ١٢٣ ٤٥٦٧", "٠٥٠ ١٢٣ ٤٥٦٧"),
)

NO_PHONES = (
    "in 1990 2000 2010",
    "1999-2000, 2019–2020",
    "2023-01-02",
    "01.02.2023 10:30",
    "01/02/2023 10:30",
    "9/11/2001",
    "00:01:02.345",
    "08.30 - 12.45 Uhr",
    "09.30 - 12.45 2023",
    "0800-1200 hours on 12.5.2020",
    "$1,234,567 or £3m",
    "100 000 000 €",
    "12,000,000 people, 1.000.000.000 more",
    "1 234 567 890",
    "20 000 - 30 000",
    "call 1 000 000 people",
    "text 1000000 people",
    "call 911",
    "+1 and +12 points",
    "+1 000 000, +10 000 000",
    "123456789012",
    "5551234567",
    "id 20230102123456",
    "id=07911123456",
    "#12345678",
    "order 0012345678",
    "A-0151 23456789B",
    "ISBN 978-0-306-40615-7",
    "ISBN 0306406152",
    "192.168.100.200",
    "3.14159265358979",
    "0.123456789",
    "4111 1111 1111 1111",
    "v01.02.03.04.05",
    "pages 100-1200",
    "1-0 2-1 3-2",
    "22 85 50 50",
)

LINKS = (
    ("see https://example.com/a_(b)).", "https://example.com/a_(b)"),
    ("[x](https://example.com/a)", "https://example.com/a"),
    ("<https://x.org>", "https://x.org"),
    ("“https://x.org/y”,", "https://x.org/y"),
    ('<a href="https://x.org/y?a=1&amp;b=2">', "https://x.org/y?a=1&amp;b=2"),
    ("看https://x.com/a。", "https://x.com/a"),
    ("**https://x.org**", "https://x.org"),
    ("ftp://x.org/z!", "ftp://x.org/z"),
    ("http://[::1]:80/", "http://[::1]:80/"),
    ("https://müller.de/ü?", "https://müller.de/ü"),
    ("www.example.org, and", "www.example.org"),
    ("(see example.com)", "example.com"),
    ("nytimes.com’s view", "nytimes.com"),
    ("EXAMPLE.COM", "EXAMPLE.COM"),
    ("bit.ly/3x!", "bit.ly/3x"),
    ("youtu.be/abc?t=3", "youtu.be/abc?t=3"),
    ("haaretz.co.il:", "haaretz.co.il"),
    ("example.com:8080/x", "example.com:8080/x"),
)

NO_LINKS = (
    "over.so what",
    "over.It was",
    "he said.she said",
    "node.js and main.rs/foo",
    "readme.md, script.py, photo.zip",
    "e.g. this, i.e. that, a.m. to p.m.",
    "J.R.R.Tolkien, Ph.D., U.S.A.",
    "ASP.NET",
    "and/or",
    "1.2.3",
    "3.5m",
    "http://",
    "www.",
    "ada@example.com",
)

EMAILS = (
    ("write to ada@example.org.", "ada@example.org"),
    ("<ada+news@sub.example.co.uk>,", "ada+news@sub.example.co.uk"),
    ("jörg@müller.de", "jörg@müller.de"),
    ("mailto:ada@example.org", "ada@example.org"),
    ("_ada@example.org_", "ada@example.org"),
    ("'o'brien@example.org'", "o'brien@example.org"),
    ("почта@пример.рф", "почта@пример.рф"),
)

NO_EMAILS = ("@ada", "@ada@mas.to", "a@b", "foo@bar.", "2 @ 3.50", "a @ b.com")


@pytest.mark.parametrize(("text", "number"), PHONES)
def test_a_telephone_number(text: str, number: str) -> None:
    assert [text[start:end] for start, end in phones(text)] == [number]


@pytest.mark.parametrize("text", NO_PHONES)
def test_no_telephone_number(text: str) -> None:
    assert [text[start:end] for start, end in phones(text)] == []


def test_two_numbers_with_a_blank_between_are_two() -> None:
    text = "020 7946 0958 555-234-5678 or +44 20 7946 0958 +44 20 7946 0959"
    found = [text[start:end] for start, end in phones(text)]
    assert found == ["020 7946 0958", "555-234-5678", "+44 20 7946 0958", "+44 20 7946 0959"]


@pytest.mark.parametrize(("text", "link"), LINKS)
def test_a_link(text: str, link: str) -> None:
    assert [text[start:end] for start, end in links(text)] == [link]


@pytest.mark.parametrize("text", NO_LINKS)
def test_no_link(text: str) -> None:
    assert [text[start:end] for start, end in links(text)] == []


@pytest.mark.parametrize(("text", "address"), EMAILS)
def test_an_address(text: str, address: str) -> None:
    assert [text[start:end] for start, end in emails(text)] == [address]


@pytest.mark.parametrize("text", NO_EMAILS)
def test_no_address(text: str) -> None:
    assert [text[start:end] for start, end in emails(text)] == []


@given(st.text("a0.1 -+()/:@w*é看\n", max_size=80))
def test_whatever_the_text_places_are_in_it_in_order_and_apart(text: str) -> None:
    for find in (links, emails, phones):
        behind = 0
        for start, end in find(text):
            assert behind <= start < end <= len(text)
            behind = end
