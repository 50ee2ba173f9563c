"""Mailboxes of every kind: who answers whom, what was said in whatever encoding, and what is wrong survived and told."""

from __future__ import annotations

import base64
import gzip
import random
import tracemalloc
import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import PostilError, SourceError
from annotations.importers import mail
from annotations.importers.mails import body, header
from annotations.sources.problems import Problems
from annotations.sources.source import Source, open_source

if TYPE_CHECKING:
    from annotations.model import Post, Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"
MBOX = SAMPLES / "harbour-list.mbox"
MAIL = SAMPLES / "single-mail.eml"


def letter(key: str = "", refs: str = "", subject: str = "Toll", body: str = "Text", **more: str) -> str:
    """Return a mail; `refs` are ids without their brackets; other fields by their names, `_` for the hyphen."""
    fields = {
        "Message-ID": f"<{key}>" if key else "",
        "References": " ".join(f"<{ref}>" for ref in refs.split()),
        "Date": "Fri, 1 May 2026 10:30:00 +0200",
        "From": "Ann <ann@x.example>",
        "Subject": subject,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    header = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"{header}\n{body}\n"


def mbox(*letters: str) -> Source:
    return Source.of_bytes(
        "\n".join(f"From ann@x.example Fri May  1 08:30:00 2026\n{each}" for each in letters).encode(), "list.mbox"
    )


def read(source: Source) -> list[Thread]:
    assert mail.sniff(source) >= 0.8
    return list(mail.read(source))


def read_one(text: str | bytes) -> Post:
    raw = text.encode() if isinstance(text, str) else text
    (found,) = mail.read(Source.of_bytes(raw, "one.eml"))
    (post,) = found.posts
    return post


def rows(found: Thread) -> list[tuple[str, str | None]]:
    return [(post.key, post.parent) for post in found.posts]


def said(source: Source) -> str:
    return " ".join(source.problems.sentences())


def test_the_sample_mailbox_says_what_its_file_says() -> None:
    source = open_source(MBOX)
    tide, toll = read(source)
    assert rows(tide) == [
        ("tide-1@pier7.example", None),
        ("tide-2@light.example", "tide-1@pier7.example"),
        ("tide-3@mail.example", "tide-2@light.example"),
        ("tide-9@pier7.example", "tide-1@pier7.example"),
    ]
    first, second, third, lone = tide.posts
    assert tide.title == "[harbour] High water comes late"
    assert first.text == (
        "[harbour] High water comes late\n\nSince the caissons were sunk, high water comes eleven minutes later at the pier."
        "\n\nFrom where I stand the tunnel did it.\n\n-- \nPeder"
    )
    assert [post.author for post in tide.posts] == ["Peder Sørlie", "Ré, Sunniva", "bram@mail.example", "Marit Olsen"]
    assert [post.created_at for post in tide.posts] == [
        "2026-05-01T08:30:00Z",
        "2026-05-01T10:02:00Z",
        "2026-05-01T12:00:00Z",
        "2026-05-02T09:00:00Z",
    ]
    assert second.text.endswith("Grüße from the island.")
    assert second.meta["attachments"] == [{"name": "gezeiten übersicht.csv", "type": "text/csv", "size": 20}]
    assert second.meta["subject"] == "Re: [harbour] High water comes late – really?"
    assert "markup" not in second.meta
    assert (third.text, third.meta["markup"]) == ("<p>Nine or eleven: <b>who</b> holds the watch? 🕰️</p>", "html")
    raw = first.meta["raw"]
    assert isinstance(raw, dict)
    assert len(raw["Received"]) == 2
    assert raw["To"] == "harbour@lists.sandhaven.example"
    assert first.meta["envelope"] == "From peder@pier7.example Fri May 1 08:30:00 2026"
    assert lone.uncertain == (mail.BY_SUBJECT,)
    assert tide.warnings == ("1 mail names nothing to answer and went here by the subject.",)
    assert rows(toll) == [
        ("toll-1@council.example", None),
        ("toll-5@quay.example", "toll-1@council.example"),
        ("toll-6@ferry.example", "toll-1@council.example"),
    ]
    assert (toll.title, toll.posts[0].text, toll.posts[0].meta["is_missing"]) == (
        "Toll of the tunnel",
        "Toll of the tunnel",
        True,
    )
    assert toll.posts[1].meta["parent"] == "toll-4@council.example"
    assert toll.posts[2].author == "Ines Brandão"
    assert source.problems.count == 1


def test_a_single_mail_is_a_thread() -> None:
    (found,) = read(open_source(MAIL))
    assert found.title == "Re: [harbour] High water comes late – really?"
    assert found.posts[0].text.endswith("Grüße from the island.")
    assert "\r" not in found.posts[0].text
    assert found.key == "single-mail"


def test_a_maildir_a_folder_and_an_archive_say_the_same(tmp_path: Path) -> None:
    letters = [letter("a"), letter("b", "a", body="From here on"), letter("c", "a b")]
    maildir, folder = tmp_path / "maildir", tmp_path / "folder"
    for path in (maildir / "cur", maildir / "new", maildir / "tmp", folder):
        path.mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for number, each in enumerate(letters):
            (maildir / ("new" if number == 2 else "cur") / f"177{number}.M1P2.host").write_text(each, encoding="utf-8")
            (folder / f"{number}.eml").write_text(each, encoding="utf-8")
            archive.writestr(f"{number}.eml", each)
    (maildir / "tmp" / "1779.M1P2.host").write_text(letter("half"), encoding="utf-8")
    (folder / "notes.txt").write_text("Bring cake", encoding="utf-8")
    for path in (maildir, folder, tmp_path / "all.zip"):
        (found,) = read(open_source(path))
        assert rows(found) == [("a", None), ("b", "a"), ("c", "b")]
        assert found.posts[1].text == "From here on"
        assert found.posts[1].meta["file"]
        is_told = found.warnings == ("1 file was left out: it is no mail.",)
        assert is_told == (path == folder)


def test_lines_that_begin_with_from_are_no_new_mails() -> None:
    body = "One\n\nFrom the quay at 10:30 in 2026 I saw it\n\n>From a friend\n>>From a quote\n> From nobody"
    (found,) = read(mbox(letter("a", body=body), letter("b", "a")))
    assert found.posts[0].text == (
        "Toll\n\nOne\n\nFrom the quay at 10:30 in 2026 I saw it\n\nFrom a friend\n>From a quote\n> From nobody"
    )
    assert len(found.posts) == 2


@pytest.mark.parametrize(
    "line",
    [
        "From - Fri May 01 08:30:00 2026",
        "From 1789@xxx Fri May 01 08:30:00 +0000 2026",
        "From ann at x.example  Fri May  1 08:30:00 2026",
        "From MAILER-DAEMON Fri May  1 08:30 2026",
        "From ann@x.example",
    ],
)
def test_programs_part_mails_in_their_own_ways(line: str) -> None:
    raw = f"{line}\n{letter('a')}\n{line}\n{letter('b', 'a')}"
    for text in (raw, raw.replace("\n", "\r\n"), f"\n\n{raw}"):
        (found,) = read(Source.of_bytes(text.encode(), "x.mbox"))
        assert rows(found) == [("a", None), ("b", "a")]
        assert found.posts[1].text == "Text"


def test_a_mailbox_in_any_order_makes_the_same_threads() -> None:
    letters = [letter("a"), letter("b", "a"), letter("c", "a b"), letter("x", subject="Ferry"), letter("y", "x")]
    for seed in range(8):
        random.Random(seed).shuffle(letters)  # noqa: S311  # the same order each time
        found = {entry.posts[0].key: dict(rows(entry)) for entry in read(mbox(*letters))}
        assert found == {"a": {"a": None, "b": "a", "c": "b"}, "x": {"x": None, "y": "x"}}


def test_the_key_of_a_thread_does_not_depend_on_the_others() -> None:
    alone = read(mbox(letter("a"), letter("q", subject="Re: Ferry")))
    more = read(mbox(letter("z", subject="New"), letter("a"), letter("b", "a"), letter("q", subject="Re: Ferry")))
    assert {entry.key for entry in alone} < {entry.key for entry in more}


def test_a_missing_mail_with_several_answers_stays_where_it_was() -> None:
    source = mbox(letter("a"), letter("b", "a gone"), letter("c", "a gone"), letter("d", "a lost"))
    (found,) = read(source)
    assert rows(found) == [("a", None), ("gone", "a"), ("b", "gone"), ("c", "gone"), ("d", "a")]
    assert found.posts[1].meta == {"is_missing": True}
    assert found.posts[4].meta["parent"] == "lost"
    assert mail.LACKING in said(source)


def test_circles_are_never_made() -> None:
    source = mbox(letter("a", "c"), letter("b", "a"), letter("c", "b"), letter("s", "s", subject="Self"))
    loop, lone = read(source)
    assert sorted(post.key for post in loop.posts) == ["a", "b", "c"]
    assert rows(lone) == [("s", None)]


def test_the_same_mail_twice_is_imported_once_and_another_with_its_id_is_kept() -> None:
    other = letter("a", body="Other words")
    source = mbox(letter("a"), letter("b", "a"), letter("a"), letter("b", "a"), other)
    (found,) = read(source)
    assert rows(found) == [("a", None), ("b", "a"), ("a~2", "a")]
    assert found.posts[2].text == "Other words"
    assert "twice, word for word" in said(source)


def test_in_reply_to_counts_where_there_are_no_references() -> None:
    letters = [
        letter("a@x"),
        letter("b@x", In_Reply_To='Your message of "Fri, 1 May" <a@x>'),
        letter("c@x", In_Reply_To='Message from Ann <ann@x.example> of "Fri" <a@x>', subject="Other"),
        letter("d@x", In_Reply_To="the mail of yesterday", subject="Lone"),
        letter("e@x", "b@x", In_Reply_To="<a@x>", subject="Both"),
    ]
    first, lone = read(mbox(*letters))
    assert rows(first) == [("a@x", None), ("b@x", "a@x"), ("e@x", "b@x"), ("c@x", "a@x")]
    assert rows(lone) == [("d@x", None)]


@pytest.mark.parametrize("sign", ["Re: ", "RE[2]: ", "Aw: ", "SV: ", "[list] Re: ", "re: [list] ", "Re: Re: "])
def test_answers_by_subject_alone_join_their_thread(sign: str) -> None:
    (found,) = read(mbox(letter("a"), letter("b", "a"), letter("c", subject=f"{sign}Toll")))
    assert rows(found) == [("a", None), ("b", "a"), ("c", "a")]
    assert found.posts[2].uncertain == (mail.BY_SUBJECT,)


@pytest.mark.parametrize("subject", ["Toll", "Fwd: Toll", "Re: Ferry", "Re:", ""])
def test_other_subjects_do_not(subject: str) -> None:
    assert len(read(mbox(letter("a"), letter("c", subject=subject)))) == 2


def test_mails_without_id_date_or_author_are_told() -> None:
    source = mbox(letter(), letter("b", Date="yesterday", From=""), letter("c", Date=""))
    found = read(source)
    assert [entry.posts[0].key for entry in found] == ["mail-1", "b", "c"]
    assert [entry.posts[0].created_at for entry in found] == ["2026-05-01T08:30:00Z", None, None]
    assert found[1].posts[0].author is None
    assert "has no Message-ID" in said(source)
    assert "no date that can be read" in said(source)


def test_a_strict_import_ends_at_the_first_problem() -> None:
    raw = mbox(letter("a", Date="never")).head
    source = Source.of_bytes(raw, "x.mbox", problems=Problems("x.mbox", is_strict=True))
    with pytest.raises(SourceError, match="mail 1 has no date"):
        list(mail.read(source))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ann <ann@x.example>", "Ann"),
        ("ann@x.example", "ann@x.example"),
        ('"Vos, Ann" <ann@x.example>', "Vos, Ann"),
        ("ann@x.example (Ann Vos)", "Ann Vos"),
        ("ann at x.example (Ann Vos)", "Ann Vos"),
        ("=?utf-8?Q?Ann_V=C3=B6s?= <ann@x.example>", "Ann Vös"),
        ("=?utf-8?B?8J+m?= =?utf-8?B?ig==?= <fox@x.example>", "🦊"),
        ("=?iso-8859-1*en?Q?Ren=E9?= <r@x.example>", "René"),
        ("=?no-such?Q?Ren=C3=A9?= <r@x.example>", "René"),
        ("=?utf-8?B?broken!?= <r@x.example>", None),
        ("Björn <b@x.example>", "Björn"),
    ],
)
def test_names_are_decoded(written: str, shown: str | None) -> None:
    author = read_one(letter("a", From=written)).author
    assert author == shown if shown else author


@pytest.mark.parametrize(
    ("header", "raw", "text"),
    [
        ("Content-Type: text/plain; charset=utf-8", "Grüße 🦊".encode(), "Grüße 🦊"),
        ("Content-Type: text/plain; charset=iso-8859-1", b"it\x92s \x96 fine", "it’s – fine"),
        ("Content-Type: text/plain; charset=koi8-r", "Туннель".encode("koi8_r"), "Туннель"),
        ("Content-Type: text/plain; charset=us-ascii", "Grüße".encode(), "Grüße"),
        ("Content-Type: text/plain; charset=no-such-thing", "Grüße".encode(), "Grüße"),
        ("Content-Type: text/plain; charset=utf-8", "Grüße aus dem Tunnel".encode("cp1252"), "Grüße aus dem Tunnel"),
        ("Content-Type: text/plain; charset=idna", b"plain", "plain"),
        ("X-None: 1", "Grüße".encode(), "Grüße"),
        ("Content-Transfer-Encoding: quoted-printable", b"a =3D b=\nc=C3=A9", "a = bcé"),
        ("Content-Transfer-Encoding: BASE64", base64.encodebytes(b"a\nb"), "a\nb"),
        ("Content-Transfer-Encoding: base64", b"YQ", "a"),
        ("Content-Type: text/plain; format=flowed", b"a \nb\n> c \n> d\n>> e\n>f\ng ", "a b\n> c d\n>> e\n>f\ng "),
        ("Content-Type: text/plain; format=flowed; delsp=yes", b"a \nb\n f\n-- \nme", "ab\nf\n-- \nme"),
        ("Content-Type: text/enriched", b"words", "words"),
        ("Content-Type: nonsense;;;=", b"words", "words"),
        ("Content-Type: multipart/mixed; boundary=nowhere", b"words", "words"),
    ],
)
def test_bodies_are_decoded(header: str, raw: bytes, text: str) -> None:
    head = f"Message-ID: <a>\nDate: Fri, 1 May 2026 10:30:00 +0200\nFrom: Ann <a@x.example>\n{header}\n\n".encode()
    assert read_one(head + raw).text == text


def test_long_paragraphs_and_long_attachments_are_decoded_in_little_memory() -> None:
    assert body.unflow("word \n" * 50_000 + "end", is_space_deleted=True) == "word" * 50_000 + "end"
    raw = b"QUFB\r\n" * 100_000
    tracemalloc.start()
    assert header.decode_base64(raw) == b"AAA" * 100_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(raw)


def test_a_wrong_character_set_is_told() -> None:
    raw = letter("a", Content_Type="text/plain; charset=utf-8").encode() + "Grüße aus dem Tunnel, Käpt'n".encode(
        "cp1252"
    )
    source = Source.of_bytes(raw, "x.eml")
    assert "Käpt'n" in next(mail.read(source)).posts[0].text
    assert "is not in the character set 'utf-8' that it names: cp1252 was guessed" in said(source)


def part(kind: str, body: str, *fields: str) -> str:
    header = "".join(f"{field}\n" for field in fields)
    return f"Content-Type: {kind}\n{header}\n{body}"


def multipart(kind: str, *parts: str, mark: str = "b") -> str:
    inner = "".join(f"--{mark}\n{each}\n" for each in parts)
    return f"Content-Type: multipart/{kind}; boundary={mark}\n\npreamble\n{inner}--{mark}--\n"


def with_header(body: str) -> str:
    return letter("a", subject="").rstrip("\n").removesuffix("\n\nText") + "\n" + body


def test_plain_text_is_preferred_and_html_is_kept_where_there_is_no_other() -> None:
    plain, html = part("text/plain", "words"), part("text/html", "<b>words</b>")
    assert read_one(with_header(multipart("alternative", plain, html))).text == "words"
    assert read_one(with_header(multipart("alternative", part("text/plain", " "), html))).text == "<b>words</b>"
    post = read_one(with_header(multipart("mixed", html, part("text/plain", "a < b\n-- list"))))
    assert (post.text, post.meta["markup"]) == ("<b>words</b>\n<pre>a &lt; b\n-- list</pre>", "html")
    assert read_one(with_header(multipart("mixed", plain, part("text/plain", "foot")))).text == "words\n\nfoot"


def test_what_is_attached_is_listed() -> None:
    body = multipart(
        "mixed",
        multipart("alternative", part("text/plain", "words"), part("text/html", "<i>w</i>"), mark="c"),
        part(
            'image/png; name="=?utf-8?Q?K=C3=A4se.png?="',
            base64.b64encode(b"x" * 9).decode(),
            "Content-Transfer-Encoding: base64",
        ),
        part("text/plain", "not read", 'Content-Disposition: attachment; filename="notes.txt"'),
        part("message/rfc822", letter("inner", subject="Inner")),
    )
    post = read_one(with_header(body))
    assert post.text == "words"
    attachments = post.meta["attachments"]
    assert isinstance(attachments, list)
    assert [(entry["name"], entry["type"]) for entry in attachments] == [
        ("Käse.png", "image/png"),
        ("notes.txt", "text/plain"),
        ("Inner", "message/rfc822"),
    ]
    assert [entry["size"] for entry in attachments][:2] == [9, 8]


def test_parts_nested_a_thousand_deep_and_cut_off_are_survived() -> None:
    body = "Content-Type: text/plain\n\nwords"
    for level in range(1000):
        body = f'Content-Type: multipart/mixed; boundary="m{level}"\n\n--m{level}\n{body}'
    post = read_one(with_header(body))
    assert post.meta["attachments"]
    assert read_one(with_header(multipart("mixed", part("text/plain", "words")))[:-6]).text == "words"


def test_parts_within_each_other_are_not_copied_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_INNER", 10_000)
    inner = part("text/plain", "word " * 1000)
    for level in range(4):
        inner = f'Content-Type: multipart/mixed; boundary="m{level}"\n\n--m{level}\n{inner}\n--m{level}--\n'
    post = read_one(with_header(inner))
    assert post.text == ""
    assert [entry["type"] for entry in post.meta["attachments"]] == ["multipart/mixed"]  # type: ignore[attr-defined]


def test_parts_without_end_are_left_out_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_MOST_IN_ALL", 10)
    inner = multipart("mixed", *[part("text/plain", "word")] * 4, mark="c")
    source = mbox(with_header(multipart("mixed", *[inner] * 5)))
    (found,) = read(source)
    assert found.posts[0].text.count("word") == 7, "of the ten parts three hold others"
    assert said(source).count("has more than 10 parts; the others were left out") == 1


def test_a_text_and_a_header_without_an_end_are_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_LONGEST_TEXT", 1000)
    monkeypatch.setattr(header, "_LONGEST_HEADER", 1000)
    source = mbox(letter("a", body="word " * 300), letter("b", body="short", X_More="y\n z" * 600, X_Last="no"))
    first, second = read(source)
    assert first.posts[0].text == "Toll\n\n" + ("word " * 200)
    assert "mail 1: has a text of more than 1,000 bytes, which ends there" in said(source)
    assert second.posts[0].text == "Toll\n\nshort"
    assert "X-Last" not in str(second.posts[0].meta)


def test_a_thread_a_thousand_deep() -> None:
    letters = [letter(f"m{at}", f"m{at - 1}" if at else "") for at in range(1001)]
    random.Random(1).shuffle(letters)  # noqa: S311  # the same order each time
    (found,) = read(mbox(*letters))
    assert rows(found) == [(f"m{at}", f"m{at - 1}" if at else None) for at in range(1001)]


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"From here on\n\nit is", b"Subject: x", b"a: b\nc: d\n\n", b"\xff\xfe", b"{}"]
)
def test_other_texts_are_not_taken_for_mail(raw: bytes) -> None:
    source = Source.of_bytes(raw, "x.txt")
    assert mail.sniff(source) == 0


def test_a_source_without_mails_is_refused(tmp_path: Path) -> None:
    assert mail.sniff(open_source(tmp_path)) == 0
    with pytest.raises(SourceError, match="holds no mail"):
        list(mail.read(open_source(tmp_path)))


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufffe\uffff\ufeff"), max_size=30
)
trees = st.lists(st.integers(0, 30), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefghij"), max_size=4)),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_mails_name_none_is_lost(drawn: list[tuple[str, list[str]]]) -> None:
    """Circles, ghosts, ids that occur twice: each mail stands in one thread, below what it answers."""
    letters = [letter(key, " ".join(refs), body=f"Text {at}") for at, (key, refs) in enumerate(drawn)]
    found = read(mbox(*letters))
    texts = sorted(
        post.text.rpartition("\n")[2] for entry in found for post in entry.posts if not post.meta.get("is_missing")
    )
    assert texts == sorted(f"Text {at}" for at in range(len(drawn)))
    for entry in found:
        known: set[str | None] = {None}
        for post in entry.posts:
            assert post.parent in known
            known.add(post.key)


def test_a_compressed_mailbox_over_many_blocks_is_parted_where_its_mails_begin() -> None:
    letters = [letter(f"m{at}", f"m{at - 1}" if at else "", body="word \n" * (at * 37 % 9000)) for at in range(60)]
    raw = mbox(*letters).open().read()
    for source in (Source.of_bytes(raw, "x.mbox"), Source.of_bytes(gzip.compress(raw), "x.mbox.gz")):
        (found,) = read(source)
        assert [post.key for post in found.posts] == [f"m{at}" for at in range(60)]
        assert [post.text.count("word") for post in found.posts] == [at * 37 % 9000 for at in range(60)]


def test_what_is_made_to_take_long_does_not() -> None:
    """Each of these would take minutes if time grew with the square of the length."""
    evil = [
        f"From x {'10:30 ' * 40000}\n{letter('a')}\n\nFrom y {'10:30 ' * 40000}\n{letter('b')}",
        letter("a", From="(" * 60000),
        letter("a", Content_Type="text/plain" + ";a=" * 20000),
        letter("a", subject="=?utf-8?Q?" * 6000 + "[" * 30000 + "re: " * 3000),
        letter("a", References="<" * 60000),
        letter("a", Date="1" * 60000),
        letter("a", Content_Type="multipart/mixed; boundary=b", body="--b\n" * 100000),
    ]
    for text in evil:
        assert sum(len(entry.posts) for entry in mail.read(Source.of_bytes(text.encode(), "x.eml"))) == 1


@settings(max_examples=30, deadline=None)
@given(trees, st.data())
def test_any_thread_written_by_the_standard_library_comes_back(draws: list[int], data: st.DataObject) -> None:
    parents = [at % (number + 1) for number, at in enumerate(draws)]
    encoding = data.draw(st.sampled_from(["base64", "quoted-printable", "8bit"]))
    expected = {}
    letters = []
    for number, parent in enumerate([-1, *parents]):
        message = EmailMessage(policy=SMTP)
        message["Message-ID"] = f"<m{number}@x.example>"
        message["Date"] = "Fri, 01 May 2026 10:30:00 +0200"
        message["From"] = "Ann <ann@x.example>"
        message["Subject"] = "Toll"
        if parent >= 0:
            message["References"] = f"<m{parent}@x.example>"
        text = data.draw(words).strip()
        message.set_content(f"{text}\n", charset="utf-8", cte=encoding)
        expected[f"m{number}@x.example"] = (f"m{parent}@x.example" if parent >= 0 else None, text)
        letters.append(message.as_bytes())
    raw = b"\r\n".join(b"From ann@x.example Fri May  1 08:30:00 2026\r\n" + each for each in letters)
    (found,) = read(Source.of_bytes(raw, "x.mbox"))
    answers = {post.key: (post.parent, post.text.removeprefix("Toll").strip()) for post in found.posts}
    assert answers == expected


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("path", [MBOX, MAIL])
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
            for _ in range(8):
                raw[chance.randrange(len(raw))] = chance.choice(b"\x00<>:;=?\n\xff- ")
    try:
        found = list(mail.read(Source.of_bytes(bytes(raw), path.name)))
    except PostilError as error:
        assert error.message  # noqa: PT017  # either outcome is right, a traceback is not
    else:
        assert all(entry.posts[0].parent is None for entry in found)
