"""Every importer and every value of its samples: each is in what was imported, or in what the importer says that it left out.

The samples are read here once more by nothing but the standard library: JSON values, cells, elements and attributes, headers and
bodies of mails, rows of a database, words of plain text. A time counts as kept if the same moment is there.
"""

from __future__ import annotations

import csv
import email
import json
import mailbox
import random
import re
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import msgspec
import pytest
from msgspec.structs import replace

from annotations import formats
from annotations.sources.source import open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message

SAMPLES = Path(__file__).parents[3] / "sample_data"
_KIND = re.compile(r"\At[1-5]_(?=\w)")
LEFT_OUT: dict[str, set[str]] = {
    # Wrappers around comments, and likes, of which the importer says that it loses them.
    "activitypub-collection.json": {
        *("Collection", "CollectionPage", "Create", "Like", "OrderedCollection", "as:sensitive"),
        *("https://mud.example/activities/12", "https://mud.example/activities/15"),
        "https://mud.example/articles/7/replies",
    },
    "bluesky-thread.json": {f"app.bsky.feed.defs#{kind}" for kind in ("blockedPost", "notFoundPost", "threadViewPost")},
    "commento-export.json": {"root"},
    "conll-ferry.conll": {"DOCSTART", "X"},
    # Of a post that is not in the export, the number; of one whose Markdown is there, the HTML.
    "discourse-topic.json": {"9004", "<p>Twenty to nineteen. What now?</p> <p>Be kind to each other.</p>"},
    # A thread without comments, which is counted.
    "disqus-export.xml": {
        *("2026-05-02T06:10:00Z", "410002", "Tide table for May", "courier-1202"),
        "https://courier.example/2026/05/tide-table",
        "http://disqus.com/api/schemas/1.0/disqus.xsd http://disqus.com/api/schemas/1.0/disqus-internals.xsd",
    },
    "kialo-tunnel.txt": {"Discussion", "Title"},
    "reddit-thread.json": {"Listing", "more", "t1"},
    "remark42-backup.jsonl": {"0001-01-01T00:00:00Z"},
    # How many questions may be asked for today.
    "stackexchange-questions.json": {"287", "300"},
    # A page and an attachment, which are counted; what the blog says of itself.
    "wordpress-export.xml": {
        *("1.2", "18", "2026-05-02 08:30:00", "A blog about one harbour", "Always.", "Mon, 04 May 2026 18:00:00 +0000"),
        *("Notes from Pier Seven", "Opening hours of the pier", "attachment", "en-GB", "gauge.jpg", "hours", "page"),
        *(f"https://pier7.example/{name}" for name in ("gauge.jpg", "gauge/", "hours/")),
    },
    "youtube-comments.info.json": {"https://i.yt.example/sb", "mhtml", "root", "sb0"},
    # Who wrote nothing.
    "slack-export": {"1776000000", "Ada Vos", "ada.vos", "ada@harbour.example"},
    # What accounts say of themselves beside their names.
    "stackexchange-dump": {
        *(f"{day}T00:00:00.000" for day in ("2024-01-01", "2025-01-01", "2026-01-01", "2026-03-05")),
        *(
            "2026-03-01T12:00:00.000",
            "-1",
            "101",
            "2401",
            "44",
            "70",
            "80",
            "90",
            "About the rise and fall of the sea.",
        ),
    },
}
"""What importers leave out of their samples, and say so: nothing more, and nothing less."""

LABELED = {"brat-ferry", "convokit-corpus", "doccano-ferry.jsonl", "hypothesis-ferry.json", "web-annotations.jsonld"}
LABELED |= {"label-studio-ferry.json", "label-studio-ferry-min.json"}
"""Sources of labels: where these stand is said there in other units, and their own tests compare each."""

FOLDERS = ("brat-ferry", "convokit-corpus", "slack-export", "stackexchange-dump")


def json_values(value: object) -> Iterator[str]:
    """Yield all values in a JSON value, as text."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif value is not None and not isinstance(value, bool):
            yield str(value)


def read_json(path: Path) -> Iterator[str]:
    """Read one document or several, one behind the other or a line each."""
    text, at = path.read_text(encoding="utf-8-sig").strip(), 0
    decoder = json.JSONDecoder()
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield from json_values(value)
        at += len(text[at:]) - len(text[at:].lstrip())


def read_xml(path: Path) -> Iterator[str]:
    for element in ET.parse(path).iter():  # noqa: S314  # a file of ours
        yield from element.attrib.values()
        yield element.text or ""


def read_csv(path: Path) -> Iterator[str]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            yield from (value for value in row.values() if isinstance(value, str))


def mail_values(mail: Message) -> Iterator[str]:
    for name in ("subject", "from", "to", "message-id", "in-reply-to", "references", "date"):
        for value in mail.get_all(name, []):
            said = str(make_header(decode_header(str(value))))
            if said.isprintable() and "\ufffd" not in said:  # what this way of reading them makes sense of
                yield from said.replace("<", "").replace(">", "").split() if "@" in said else [said]
    for part in mail.walk():
        if part.get_content_maintype() == "text" and not part.get_filename():
            raw = part.get_payload(decode=True)
            assert isinstance(raw, bytes)
            yield from words(re.sub(r"<[^>]*>", " ", raw.decode(part.get_content_charset() or "utf-8", "replace")))


def read_mails(path: Path) -> Iterator[str]:
    with closing(mailbox.mbox(path)) as mails:
        for mail in mails:
            yield from mail_values(mail)


def read_mail(path: Path) -> Iterator[str]:
    yield from mail_values(email.message_from_bytes(path.read_bytes(), policy=policy.compat32))


def read_database(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as database:
        for table in ("threads", "comments"):
            for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608  # one of two names
                yield from (str(value) for value in row if isinstance(value, str | int | float))


def words(text: str) -> Iterator[str]:
    yield from re.findall(r"\w+", text)


def read_words(path: Path) -> Iterator[str]:
    yield from words(path.read_text(encoding="utf-8"))


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    ".json": read_json, ".jsonl": read_json, ".ndjson": read_json, ".jsonld": read_json,
    ".xml": read_xml, ".csv": read_csv, ".mbox": read_mails, ".eml": read_mail, ".sqlite": read_database,
    ".txt": read_words, ".conll": read_words, ".ann": read_words,
}  # fmt: skip


def plain(text: str) -> str:
    """Return a text without what ways of writing it down differ in."""
    return " ".join(unescape(unescape(text)).split())


def moments(text: str) -> Iterator[str]:
    """Yield the moment that a text says, in the form in which it is imported."""
    found: list[datetime] = []
    with suppress(ValueError):
        found.append(datetime.fromisoformat(text))
    with suppress(ValueError, TypeError):
        found.append(parsedate_to_datetime(text))
    for divisor in (1, 1_000, 1_000_000):
        with suppress(ValueError, OverflowError, OSError):
            found.append(datetime.fromtimestamp(float(text) / divisor, UTC))
    for moment in found:
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        yield zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def imported(path: Path) -> tuple[str, str]:
    """Return all that was imported of a source, and all that the importer says about it."""
    source = open_source(path)
    importer, _ = formats.choose_importer(source)
    kept: list[str] = []
    said: list[str] = []
    for thread in importer.read(source):
        built = msgspec.to_builtins(replace(thread, posts=list(thread.posts)))
        said += [*thread.warnings]
        kept += json_values({**built, "warnings": []})
    said += source.problems.sentences()
    return f" {plain(' '.join(kept))} ", " ".join(said)


def lost_values(path: Path) -> set[str]:
    """Return the values of a sample that are nowhere in what was imported of it."""
    files = sorted(one for one in path.rglob("*") if one.suffix in READERS) if path.is_dir() else [path]
    values = Counter(plain(value) for file in files for value in READERS[file.suffix](file))
    kept, _ = imported(path)
    return find_lost(values, kept, is_counted=path.suffix == ".txt")


def find_lost(values: Counter[str], kept: str, *, is_counted: bool = False) -> set[str]:
    """Return those values that are nowhere in a text, or less often if they are counted."""
    words_kept = Counter(re.findall(r"\w+", kept))
    lost = set()
    for value, number in values.items():
        bare = _KIND.sub("", value)  # Reddit's ids, of which the kind is left out
        times = max(words_kept[bare], kept.count(bare))
        is_kept = not value or times >= (number if is_counted else 1)
        if not is_kept and not any(moment in kept for moment in moments(value)) and not _is_copy(value, kept):
            lost.add(value)
    return lost


def _is_copy(value: str, kept: str) -> bool:
    """Tell whether a value is what Reddit makes of a text in Markdown, which is kept."""
    if 'class="md"' not in value:
        return False
    return all(word in kept for word in re.findall(r"\w+", re.sub(r"<[^>]*>", " ", value)))


SOURCES = [
    *sorted(path for path in SAMPLES.iterdir() if path.suffix in READERS),
    *(SAMPLES / name for name in FOLDERS),
]


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name not in LABELED], ids=lambda path: path.name)
def test_no_value_of_a_sample_is_lost(path: Path) -> None:
    assert lost_values(path) == LEFT_OUT.get(path.name, set())


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name in LABELED], ids=lambda path: path.name)
def test_no_words_of_a_labeled_sample_are_lost(path: Path) -> None:
    lost = lost_values(path)
    assert not {value for value in lost if value.count(" ") > 2 and not value.startswith(("http", "<class"))}


def test_every_format_has_a_sample_here_or_compares_each_letter_elsewhere() -> None:
    found = {formats.choose_importer(open_source(path))[0].name for path in SOURCES}
    ours = {name for name, entry in formats.importers().items() if entry.value.startswith("annotations.")}
    # Pages: test_import_page; Postil's own exports, and annotations by paragraphs: their own tests export and import.
    assert ours - found <= {"page", "postil_csv", "postil_jsonl", "rendition"}


LINED = [
    "reddit-dump.ndjson",
    "comment-table.jsonl",
    "hacker-news-items.jsonl",
    "remark42-backup.jsonl",
]


@pytest.mark.parametrize("name", LINED)
@pytest.mark.parametrize("seed", range(4))
def test_a_broken_line_loses_nothing_of_the_others_and_is_said(name: str, seed: int, tmp_path: Path) -> None:
    lines = (SAMPLES / name).read_text(encoding="utf-8").splitlines(keepends=True)
    chance = random.Random(f"{name} {seed}")  # noqa: S311  # repeatable, not secret
    at = chance.randrange(1, len(lines))
    path = tmp_path / name
    path.write_text("".join([*lines[:at], *lines[at + 1 :]]), encoding="utf-8")
    expected = Counter(plain(value) for value in READERS[path.suffix](path))
    broken = [*lines[:at], '{"body": "cut o\n', *lines[at + 1 :]]
    path.write_text("".join(broken), encoding="utf-8")
    kept, said = imported(path)
    assert find_lost(expected, kept) <= LEFT_OUT.get(name, set())
    assert said
