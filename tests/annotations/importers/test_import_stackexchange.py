"""Stack Exchange: the dump in a folder and the answers of the API say the same thread, and disorder in either is survived."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import PostilError, SourceError
from annotations.importers import stackexchange
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"
DUMP = SAMPLES / "stackexchange-dump"
API = SAMPLES / "stackexchange-questions.json"
DAY = "2026-03-01T08:15:30.120"


def read(source: Source) -> list[Thread]:
    assert stackexchange.sniff(source) >= 0.9
    return list(stackexchange.read(source))


def rows(found: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in found.posts]


def by_key(found: Thread) -> dict[str, Post]:
    return {post.key: post for post in found.posts}


def row(**fields: object) -> str:
    return f"<row {' '.join(f'{name}={quoteattr(str(value))}' for name, value in fields.items())} />\n"


def write(folder: Path, posts: str, comments: str | None = "", people: str | None = "") -> Source:
    (folder / "Posts.xml").write_text(f'<?xml version="1.0"?>\n<posts>\n{posts}</posts>', encoding="utf-8")
    if comments is not None:
        (folder / "Comments.xml").write_text(f"<comments>\n{comments}</comments>", encoding="utf-8")
    if people is not None:
        (folder / "Users.xml").write_text(f"<users>\n{people}</users>", encoding="utf-8")
    return open_source(folder)


def question(key: int, **more: object) -> str:
    return row(Id=key, PostTypeId=1, CreationDate=DAY, Title=f"Q{key}", Body="<p>b</p>", **more)


def answer(key: int, of: object, **more: object) -> str:
    return row(Id=key, PostTypeId=2, ParentId=of, CreationDate=DAY, Body=f"<p>{key}</p>", **more)


def remark(key: int, of: object, text: str = "t") -> str:
    return row(Id=key, PostId=of, Text=text, CreationDate=DAY, UserId=3)


def test_the_sample_dump_says_what_its_files_say() -> None:
    source = open_source(DUMP)
    gauge, tunnel = read(source)
    assert (gauge.key, gauge.title) == ("41", "Calibrating a tide gauge on one's own")
    assert rows(gauge) == [
        ("41", None),
        ("42", "41"),
        ("43", "41"),
        ("comment-51", "43"),
        ("comment-52", "43"),
        ("comment-42", "41"),
    ]
    posts = by_key(gauge)
    assert posts["41"].text == (
        "Calibrating a tide gauge on one's own\n\n<p>My gauge drifts by <strong>two centimetres</strong> a week.</p>\n\n"
        "<p>How do I calibrate it without a second one?</p>\n"
    )
    assert {key: post.author for key, post in posts.items()} == {
        "41": "Peder at the pier",
        "42": "user1204",
        "43": "Sunniva Ré",
        "comment-42": "Sunniva Ré",
        "comment-51": "user1204",
        "comment-52": "Sunniva Ré",
    }
    assert (posts["41"].created_at, posts["43"].created_at) == ("2026-03-01T08:15:30Z", "2026-03-01T11:30:00Z")
    assert posts["comment-51"].text == "@Sunniva a stone moves & sinks, too"
    assert posts["43"].meta["markup"] == "html"
    raw, kept = posts["43"].meta["raw"], gauge.meta["raw"]
    assert isinstance(raw, dict)
    assert isinstance(kept, dict)
    assert (raw["Score"], raw["OwnerUserId"], kept["AcceptedAnswerId"], kept["Tags"]) == (
        "15",
        "9",
        "43",
        "<tides><measurement>",
    )
    assert (tunnel.title, rows(tunnel)) == ("Tunnel and tide", [("45", None)])
    assert tunnel.warnings == ("1 page that is neither question nor answer was left out.",)
    assert source.problems.count == 0


def test_the_sample_of_the_api_says_the_same() -> None:
    source = open_source(API)
    (gauge,) = read(source)
    assert rows(gauge) == [
        ("41", None),
        ("comment-42", "41"),
        ("43", "41"),
        ("comment-51", "43"),
        ("42", "41"),
    ]
    same = by_key(next(stackexchange.read(open_source(DUMP))))
    for key, post in by_key(gauge).items():
        assert (post.author, post.parent) == (same[key].author, same[key].parent)
    posts = by_key(gauge)
    assert posts["41"].text == same["41"].text
    assert posts["43"].created_at == "2026-03-01T11:30:00Z"
    assert gauge.url == "https://tides.example/questions/41/calibrating-a-tide-gauge"
    assert posts["43"].meta["raw"]["is_accepted"] is True  # type: ignore[index]
    assert posts["41"].author == "Peder at the pier"
    assert source.problems.count == 0


def test_posts_alone_are_read_and_what_lacks_is_said() -> None:
    source = open_source(DUMP / "Posts.xml")
    gauge, tunnel = read(source)
    assert rows(gauge) == [("41", None), ("42", "41"), ("43", "41")]
    assert (gauge.posts[0].author, gauge.posts[1].author) == ("user7", "user1204")
    assert "Users.xml is not there" in tunnel.warnings[0]
    assert "Comments.xml is not there" in tunnel.warnings[0]


def test_an_archive_of_the_folder_is_read_and_a_7z_is_explained(tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "dump"), "zip", DUMP)
    assert [len(entry.posts) for entry in read(open_source(Path(packed)))] == [6, 1]
    source = Source.of_bytes(b"7z\xbc\xaf\x27\x1c\x00\x04", "tides.stackexchange.com.7z")
    with pytest.raises(SourceError, match="7-Zip archive, which Postil does not unpack"):
        read(source)
    assert stackexchange.sniff(Source.of_bytes(b"7z\xbc\xaf\x27\x1c", "holiday.7z")) == 0


def test_a_folder_without_posts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Users.xml").write_text("<users/>")
    assert stackexchange.sniff(open_source(tmp_path)) == 0
    with pytest.raises(SourceError, match=r"no Posts\.xml"):
        list(stackexchange.read(open_source(tmp_path)))


def test_answers_may_stand_before_questions_and_out_of_order(tmp_path: Path) -> None:
    posts = answer(9, 2) + answer(3, 1) + question(2) + question(1) + answer(7, 1)
    source = write(tmp_path, posts, remark(1, 7) + remark(2, 9) + remark(3, 3))
    second, first = read(source)
    assert rows(first) == [("1", None), ("3", "1"), ("comment-3", "3"), ("7", "1"), ("comment-1", "7")]
    assert rows(second) == [("2", None), ("9", "2"), ("comment-2", "9")]


def test_what_belongs_to_missing_posts_is_kept_and_told(tmp_path: Path) -> None:
    posts = (
        question(1) + answer(5, 77) + row(Id=6, PostTypeId=2, CreationDate="?", Body="no parent") + row(PostTypeId=1)
    )
    source = write(tmp_path, posts, remark(1, 99) + remark(2, "x") + remark(3, "") + remark(4, 5))
    found = {entry.key: rows(entry) for entry in read(source)}
    assert found["77"] == [("77", None), ("5", "77"), ("comment-4", "5")]
    assert found["99"] == [("99", None), ("comment-1", "99")]
    assert sum(len(entries) for entries in found.values()) == 12
    said = " ".join(source.problems.sentences())
    for words in ("names no question", "no time that can be read", "has no id"):
        assert words in said


def test_a_broken_row_is_told_with_its_line(tmp_path: Path) -> None:
    source = write(tmp_path, question(1) + '<row Id="2" PostTypeId="2" ParentId="1" Body="a<b" />\n' + answer(3, 1))
    (found,) = read(source)
    assert {"1", "3"} <= by_key(found).keys()
    assert any("line 4" in sentence for sentence in problems_of(source))


def problems_of(source: Source) -> list[str]:
    """Return what was told to the folder or to its files."""
    return [sentence for one in (source, *source.members()) for sentence in one.problems.sentences()]


def test_entities_of_the_document_are_refused() -> None:
    raw = (
        b'<!DOCTYPE posts [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><posts><row Id="1" PostTypeId="1" Body="&b;"/></posts>'
    )
    with pytest.raises(SourceError, match="declares an entity"):
        list(stackexchange.read(Source.of_bytes(raw, "Posts.xml")))


def api(*items: object) -> Source:
    return Source.of_bytes(json.dumps({"items": items, "has_more": False, "quota_remaining": 1}).encode(), "q.json")


def test_items_of_the_api_may_stand_beside_each_other() -> None:
    source = api(
        {"comment_id": 1, "post_id": 6, "body": "c", "creation_date": 1},
        {"answer_id": 6, "question_id": 5, "body": "a", "creation_date": 1, "is_accepted": False},
        {"question_id": 5, "title": "A &amp; B", "creation_date": 1, "owner": {"display_name": "x &lt;3"}},
        {"answer_id": 8, "question_id": 7, "body_markdown": "1 &lt; 2", "creation_date": 1},
    )
    first, second = read(source)
    assert (first.title, first.posts[0].text, first.posts[0].author) == ("A & B", "A & B", "x <3")
    assert rows(first) == [("5", None), ("6", "5"), ("comment-1", "6")]
    assert rows(second) == [("7", None), ("8", "7")]
    assert (second.posts[1].text, second.posts[1].meta["markup"]) == ("1 < 2", "markdown")


def test_odd_items_of_the_api_are_told() -> None:
    nested: dict[str, Any] = {"question_id": 1, "title": "t", "creation_date": 1}
    deepest = nested
    for _ in range(300):
        deepest["answers"] = [{"question_id": 1, "title": "t", "creation_date": 1}]
        deepest = deepest["answers"][0]
    source = api(nested, 5, {"x": 1}, {"question_id": 2, "title": 7, "creation_date": None, "answers": {"a": 1}})
    assert len(read(source)) == 2
    said = " ".join(source.problems.sentences())
    for words in ("is no record", "neither question nor answer", "no time that can be read"):
        assert words in said


@pytest.mark.parametrize("raw", [b"", b"<posts/>", b'{"items": []}', b"[1]", b"\xff\x00", b'{"question_id": 1}'])
def test_other_bytes_are_not_taken_for_it(raw: bytes) -> None:
    assert stackexchange.sniff(Source.of_bytes(raw, "x")) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20), st.text("ab<&\n", max_size=8)), max_size=20))
def test_any_thread_comes_back(tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[bool, int, str]]) -> None:
    posts, comments = [question(1)], []
    expected: dict[str, tuple[str, str]] = {}
    answers = [1]
    for number, (is_answer, at, text) in enumerate(drawn, 2):
        if is_answer:
            posts.append(answer(number, 1))
            answers.append(number)
            expected[str(number)] = ("1", f"<p>{number}</p>")
        else:
            target = answers[at % len(answers)]
            comments.append(remark(number, target, text))
            expected[f"comment-{number}"] = (str(target), text)
    source = write(tmp_path_factory.mktemp("dump"), "".join(posts), "".join(comments))
    (found,) = read(source)
    assert {post.key: (post.parent, post.text) for post in found.posts[1:]} == expected


@pytest.mark.parametrize("seed", range(45))
@pytest.mark.parametrize("path", [DUMP / "Posts.xml", API])
def test_damaged_bytes_are_survived(seed: int, path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same damage each time
    raw = bytearray(path.read_bytes())
    at = chance.randrange(len(raw))
    match seed % 4:
        case 0:
            del raw[at:]
        case 1:
            del raw[at : at + chance.randrange(200)]
        case 2:
            raw[at:at] = raw[at : at + chance.randrange(400)]
        case _:
            for _ in range(6):
                raw[chance.randrange(len(raw))] = chance.choice(b'\x00<>&"\xff]x0')
    try:
        found = list(stackexchange.read(Source.of_bytes(bytes(raw), path.name)))
    except PostilError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
    else:
        assert all(entry.posts[0].parent is None for entry in found)
