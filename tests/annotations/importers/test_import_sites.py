"""What holds for every importer of discussion sites: trees come back as they were, disorder is survived, formats are told apart.

Each format has a writer here, which writes a tree of comments as the site does; random trees go through writer and importer.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotations.errors import PostilError, SourceError
from annotations.importers import (
    activitypub,
    bluesky,
    discourse,
    hacker_news,
    lemmy,
    mastodon,
    reddit_dump,
    reddit_thread,
    youtube,
)
from annotations.importers.reading.times import from_epoch
from annotations.model import PostKind
from annotations.sources.problems import Problems
from annotations.sources.source import Source
from annotations.store.check import check
from annotations.store.project import Project
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotations.formats import Importer
    from annotations.model import Thread

SAMPLES = Path(__file__).parents[3] / "sample_data"

FILES: dict[str, Any] = {
    "hacker-news-item.json": hacker_news,
    "hacker-news-items.jsonl": hacker_news,
    "reddit-thread.json": reddit_thread,
    "reddit-dump.ndjson": reddit_dump,
    "mastodon-context.json": mastodon,
    "activitypub-collection.json": activitypub,
    "lemmy-post.json": lemmy,
    "bluesky-thread.json": bluesky,
    "discourse-topic.json": discourse,
    "youtube-comments.info.json": youtube,
}
IMPORTERS = list({id(module): module for module in FILES.values()}.values())
START = 1777624200


class Said(NamedTuple):
    """A comment as a test means it; `parent` is the number of another one, 0 of the article."""

    number: int
    parent: int
    author: str
    text: str

    @property
    def epoch(self) -> int:
        return START + 60 * self.number

    @property
    def iso(self) -> str:
        return from_epoch(self.epoch) or ""


def nest(said: list[Said], make: Callable[[Said | None, list[Any]], Any]) -> Any:  # noqa: ANN401  # JSON
    """Return what `make` makes of the article and, from the leaves up, of each comment with those below it."""
    below: dict[int, list[Any]] = {}
    for one in reversed(said):  # what is answered has a smaller number
        below.setdefault(one.parent, []).insert(0, make(one, below.pop(one.number, [])))
    return make(None, below.get(0, []))


def write_algolia(said: list[Said]) -> object:
    def make(one: Said | None, below: list[Any]) -> dict[str, object]:
        if one is None:
            story = {"id": 900, "title": "T", "author": "op", "text": None, "type": "story", "parent_id": None}
            return {**story, "created_at_i": START, "children": below}
        comment = {"id": 900 + one.number, "author": one.author, "text": one.text, "type": "comment", "children": below}
        return {**comment, "parent_id": 900 + one.parent, "created_at_i": one.epoch}

    return nest(said, make)


def write_firebase(said: list[Said]) -> object:
    kids: dict[int, list[int]] = {}
    for one in said:
        kids.setdefault(one.parent, []).append(900 + one.number)
    story = {"by": "op", "id": 900, "kids": kids.get(0, []), "time": START, "title": "T", "type": "story"}
    comments = [
        {
            "by": one.author,
            "id": 900 + one.number,
            "parent": 900 + one.parent,
            "kids": kids.get(one.number, []),
            "text": one.text,
            "time": one.epoch,
            "type": "comment",
        }
        for one in said
    ]
    return [*reversed(comments), story]


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_reddit(said: list[Said]) -> object:
    def listing(children: list[Any]) -> dict[str, object]:
        return {"kind": "Listing", "data": {"children": children, "after": None}}

    def make(one: Said | None, below: list[Any]) -> object:
        if one is None:
            post = {"id": "n900", "name": "t3_n900", "title": "T", "selftext": "", "author": "op", "created_utc": START}
            html = {"selftext_html": "&lt;div&gt;&lt;/div&gt;"}
            return [listing([{"kind": "t3", "data": {**post, **html}}]), listing(below)]
        parent = f"t1_n{900 + one.parent}" if one.parent else "t3_n900"
        data = {"id": f"n{900 + one.number}", "parent_id": parent, "author": one.author, "body": escape(one.text)}
        more = {"created_utc": float(one.epoch), "link_id": "t3_n900", "replies": listing(below) if below else ""}
        return {"kind": "t1", "data": {**data, **more}}

    return nest(said, make)


def write_dump(said: list[Said]) -> str:
    post = {"id": "n900", "title": "T", "selftext": "", "author": "op", "created_utc": START, "subreddit": "s"}
    records: list[object] = [
        {
            "id": f"n{900 + one.number}",
            "link_id": "t3_n900",
            "author": one.author,
            "body": escape(one.text),
            "parent_id": f"t1_n{900 + one.parent}" if one.parent else "t3_n900",
            "created_utc": one.epoch,
        }
        for one in said
    ]
    return "".join(f"{json.dumps(record)}\n" for record in [*records, {**post, "num_comments": len(said)}])


def write_mastodon(said: list[Said]) -> object:
    def status(number: int, parent: int | None, author: str, text: str) -> dict[str, object]:
        time = f"{(from_epoch(START + 60 * number) or '')[:-1]}.000Z"
        reply = None if parent is None else str(900 + parent)
        account = {"id": "1", "acct": author, "display_name": ""}
        return {
            "id": str(900 + number),
            "in_reply_to_id": reply,
            "in_reply_to_account_id": None,
            "spoiler_text": "",
            "account": account,
            "content": text,
            "created_at": time,
        }

    below = [status(one.number, one.parent, one.author, one.text) for one in said]
    return {"status": status(0, None, "op", "T"), "context": {"ancestors": [], "descendants": below}}


def write_activitypub(said: list[Said]) -> object:
    def note(number: int, parent: int | None, author: str, text: str) -> dict[str, object]:
        reply = None if parent is None else f"https://a.example/{900 + parent}"
        return {
            "id": f"https://a.example/{900 + number}",
            "type": "Note",
            "inReplyTo": reply,
            "content": text,
            "attributedTo": author,
            "published": from_epoch(START + 60 * number),
        }

    below = [note(one.number, one.parent, one.author, one.text) for one in said]
    context = "https://www.w3.org/ns/activitystreams"
    return {"@context": context, "type": "OrderedCollection", "orderedItems": [note(0, None, "op", "T"), *below]}


def write_lemmy(said: list[Said]) -> object:
    paths = {0: "0"}
    views = []
    for one in said:
        paths[one.number] = f"{paths[one.parent]}.{900 + one.number}"
        comment = {"id": 900 + one.number, "post_id": 900, "content": one.text, "path": paths[one.number]}
        more = {"published": f"{one.iso[:-1]}.000000Z", "deleted": False, "removed": False}
        views.append({"comment": {**comment, **more}, "creator": {"name": one.author, "local": True}})
    post = {"id": 900, "name": "T", "published": from_epoch(START), "ap_id": "https://l.example/post/900"}
    return {"post_view": {"post": post, "creator": {"name": "op", "local": True}}, "comments": views}


def write_bluesky(said: list[Said]) -> object:
    def make(one: Said | None, below: list[Any]) -> object:
        number, author, text = (one.number, one.author, one.text) if one else (0, "op", "T")
        record = {"text": text, "createdAt": from_epoch(START + 60 * number)}
        post = {"uri": f"at://did:plc:x/app.bsky.feed.post/{900 + number}", "author": {"handle": author}}
        view = {"$type": "app.bsky.feed.defs#threadViewPost", "post": {**post, "record": record}, "replies": below}
        return view if one else {"thread": view}

    return nest(said, make)


def write_discourse(said: list[Said]) -> str:
    """Write two pages behind each other, the second of which repeats a post."""

    def post(number: int, parent: int | None, author: str, text: str) -> dict[str, object]:
        time = f"{(from_epoch(START + 60 * number) or '')[:-1]}.000Z"
        return {
            "id": 900 + number,
            "post_number": number + 1,
            "reply_to_post_number": parent and parent + 1,
            "username": author,
            "cooked": text,
            "created_at": time,
            "topic_id": 9,
        }

    posts = [post(0, None, "op", ""), *(post(one.number, one.parent or None, one.author, one.text) for one in said)]
    half = len(posts) // 2
    pages = [
        {"post_stream": {"posts": posts[: half + 1], "stream": []}, "id": 9, "title": "T"},
        {"post_stream": {"posts": posts[half:]}, "id": 9},
    ]
    return "\n".join(json.dumps(page, indent=1) for page in pages)


def write_youtube(said: list[Said]) -> object:
    comments = [
        {
            "id": f"Ug{900 + one.number}",
            "parent": f"Ug{900 + one.parent}" if one.parent else "root",
            "text": one.text,
            "author": one.author,
            "timestamp": one.epoch,
            "like_count": 0,
            "author_is_uploader": False,
        }
        for one in said
    ]
    video = {"id": "v900", "title": "T", "uploader": "op", "timestamp": START, "extractor": "youtube"}
    return {**video, "webpage_url": "https://v.example/900", "comments": comments}


class Format(NamedTuple):
    """A writer, the importer that reads it, and what the writer calls a comment and the article."""

    importer: Any
    write: Callable[[list[Said]], object]
    key: str
    article: str


FORMATS = {
    "algolia": Format(hacker_news, write_algolia, "{}", "900"),
    "firebase": Format(hacker_news, write_firebase, "{}", "900"),
    "reddit": Format(reddit_thread, write_reddit, "n{}", "n900"),
    "dump": Format(reddit_dump, write_dump, "n{}", "n900"),
    "mastodon": Format(mastodon, write_mastodon, "{}", "900"),
    "activitypub": Format(activitypub, write_activitypub, "https://a.example/{}", "https://a.example/900"),
    "lemmy": Format(lemmy, write_lemmy, "{}", "0"),
    "bluesky": Format(
        bluesky, write_bluesky, "at://did:plc:x/app.bsky.feed.post/{}", "at://did:plc:x/app.bsky.feed.post/900"
    ),
    "discourse": Format(discourse, write_discourse, "#{}", "1"),
    "youtube": Format(youtube, write_youtube, "Ug{}", "v900"),
}


def encode(document: object) -> bytes:
    """Write a document however deep it is: json gives up at a thousand levels."""
    if isinstance(document, str):
        return document.encode()
    parts: list[str] = []
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, _Literal):
            parts.append(value)
        elif isinstance(value, list):
            inner: list[Any] = [_Literal("[")]
            for at, it in enumerate(value):
                inner += [_Literal("," if at else ""), it]
            waiting += [_Literal("]"), *reversed(inner)]
        elif isinstance(value, dict):
            inner = [_Literal("{")]
            for at, (name, it) in enumerate(value.items()):
                inner += [_Literal(f"{',' if at else ''}{json.dumps(name)}:"), it]
            waiting += [_Literal("}"), *reversed(inner)]
        else:
            parts.append(json.dumps(value))
    return "".join(parts).encode()


class _Literal(str):
    __slots__ = ()


def read(importer: Importer, raw: bytes, name: str = "-") -> tuple[list[Thread], list[str]]:
    source = Source.of_bytes(raw, name)
    return list(importer.read(source)), list(source.problems.sentences())


def key_of(form: Format, number: int) -> str:
    if number == 0:
        return form.article
    return str(number + 1) if form.key == "#{}" else form.key.format(900 + number)


def in_order(said: list[Said]) -> list[Said]:
    """Return comments in pre-order."""
    below: dict[int, list[Said]] = {}
    for one in said:
        below.setdefault(one.parent, []).append(one)
    ordered: list[Said] = []
    waiting = list(reversed(below.get(0, [])))
    while waiting:
        one = waiting.pop()
        ordered.append(one)
        waiting += reversed(below.get(one.number, []))
    return ordered


PLAIN = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\ufeff")
TEXTS = st.text(st.one_of(PLAIN, st.sampled_from("\n\t<>&;ampltgq")), min_size=1, max_size=30)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@st.composite
def trees(draw: st.DrawFn) -> list[Said]:
    size = draw(st.integers(0, 12))
    return [Said(at, draw(st.integers(0, at - 1)), draw(NAMES), draw(TEXTS)) for at in range(1, size + 1)]


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=15)
@given(said=trees())
def test_a_tree_comes_back_as_it_was_written(name: str, said: list[Said]) -> None:
    form = FORMATS[name]
    raw = encode(form.write(said))
    assert form.importer.sniff(Source.of_bytes(raw)) >= (0.0 if name in {"mastodon", "lemmy"} and not said else 0.5)
    (thread,), problems = read(form.importer, raw)
    assert problems == []
    assert thread.warnings == ()
    assert (thread.title, thread.posts[0].key, thread.posts[0].author) == ("T", form.article, "op")
    assert thread.posts[0].text == "T"
    assert thread.posts[0].created_at == from_epoch(START)
    assert [(post.key, post.parent, post.author, post.created_at, post.text) for post in thread.posts[1:]] == [
        (key_of(form, one.number), key_of(form, one.parent), one.author, one.iso, one.text) for one in in_order(said)
    ]
    assert not any(post.uncertain for post in thread.posts)


@pytest.mark.parametrize("name", FORMATS)
def test_a_thousand_levels_are_read(name: str) -> None:
    form = FORMATS[name]
    said = [Said(number, number - 1, "a", f"text {number}") for number in range(1, 1001)]
    raw = encode(form.write(said))
    assert form.importer.sniff(Source.of_bytes(raw)) > 0.5
    (thread,), problems = read(form.importer, raw)
    assert problems == []
    assert [post.text for post in thread.posts[1:]] == [one.text for one in said]
    assert [post.parent for post in thread.posts[1:]] == [post.key for post in thread.posts[:-1]]


# Formats are told apart


@pytest.mark.parametrize("file", FILES)
def test_a_sample_is_recognised_by_its_importer_alone(file: str) -> None:
    raw = (SAMPLES / file).read_bytes()
    sure = {module.name: module.sniff(Source.of_bytes(raw, file)) for module in IMPORTERS}
    assert sure.pop(FILES[file].name) >= 0.9
    assert set(sure.values()) == {0.0}


@pytest.mark.parametrize("file", FILES)
def test_a_sample_is_recognised_without_white_space_and_by_its_first_kilobytes(file: str) -> None:
    raw = (SAMPLES / file).read_bytes()
    whole = raw if file.endswith(("jsonl", "ndjson")) or file == "discourse-topic.json" else encode(json.loads(raw))
    for cut in (whole, whole[:2500]):
        sure = {module.name: module.sniff(Source.of_bytes(cut)) for module in IMPORTERS}
        assert sure.pop(FILES[file].name) >= 0.9
        assert set(sure.values()) == {0.0}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"[[[[",
        b'{"id": 1}',
        b'[{"id": 1, "parent": 2, "text": "a table"}]',
        b'{"comments": [{"id": 1, "text": "Isso has these", "parent": null}]}',
        b'{"type": "comment", "body": "of some shop"}',
        b'{"id": "u1", "conversation_id": "c", "reply-to": null, "speaker": "s", "text": "ConvoKit"}\n',
        b'[{"type": "message", "user": "U1", "ts": "1777624200.000100", "text": "Slack"}]',
        b"[Deleted]\n\nA text that begins with a bracket.",
        b"\xff\xfe\x00\x01" * 100,
        b"<html><body>post_stream</body></html>",
    ],
)
def test_what_is_of_no_site_is_not_claimed(raw: bytes) -> None:
    assert [module.name for module in IMPORTERS if module.sniff(Source.of_bytes(raw))] == []


@example(b"PK\x03\x04")
@given(st.binary(max_size=300))
def test_sniffing_survives_all_bytes(raw: bytes) -> None:
    for module in IMPORTERS:
        assert 0 <= module.sniff(Source.of_bytes(raw)) <= 1


def test_all_samples_can_be_stored_in_one_project_and_are_sound(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "postil.db", create=True)
    try:
        count = 0
        for file, module in FILES.items():
            for thread in module.read(Source.of_bytes((SAMPLES / file).read_bytes(), file)):
                saved = save_thread(project, thread, location=file, source_sha256=file)
                assert saved.thread.posts == len(thread.posts)
                count += 1
        assert count == 14
        assert list(check(project)) == []
    finally:
        project.close()


# Disorder


def assert_sound(thread: Thread) -> None:
    """The article comes first, parents before children, keys are unique, and all can be carried by a database."""
    first, *comments = thread.posts
    assert first.kind is PostKind.ARTICLE
    assert first.parent is None
    seen = {first.key}
    for post in comments:
        assert post.kind is PostKind.COMMENT
        assert post.parent in seen
        assert post.key not in seen
        seen.add(post.key)
    for post in thread.posts:
        json.dumps(post.meta, ensure_ascii=False, allow_nan=False).encode()
        f"{post.key}{post.author}{post.text}{post.created_at}".encode()
    f"{thread.key}{thread.title}{thread.url}{thread.warnings}{json.dumps(thread.meta, ensure_ascii=False)}".encode()
    assert thread.key
    assert thread.title


ODDITIES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "t1_",
    "0.",
    [],
    {},
    [None],
    ["x"],
    {"id": None},
    [[1]],
    10**30,
    "\ud800\x00\r",
    1e300,
)


def replace_somewhere(value: Any, choice: random.Random) -> Any:  # noqa: ANN401  # JSON
    """Return a document with another value at one place in it."""
    at: Any = value
    path: list[tuple[Any, Any]] = []
    while isinstance(at, dict | list) and at and (not path or choice.random() < 0.85):
        step = choice.choice(list(at)) if isinstance(at, dict) else choice.randrange(len(at))
        path.append((at, step))
        at = at[step]
    if path:
        inner, step = path[-1]
        inner[step] = choice.choice(ODDITIES)
    return value


@pytest.mark.parametrize("file", FILES)
def test_a_value_of_another_type_is_survived_in_every_place(file: str) -> None:
    raw = (SAMPLES / file).read_text(encoding="utf-8")
    is_lines = file.endswith(("jsonl", "ndjson"))
    documents = [raw] if not is_lines and file != "discourse-topic.json" else raw.split("\n" if is_lines else "\n{")
    choice = random.Random(file)  # noqa: S311  # the same damages each time
    for _ in range(40):
        parsed = [json.loads(it if it.startswith(("{", "[")) else "{" + it) for it in documents if it.strip()]
        for _ in range(choice.randrange(1, 4)):
            at = choice.randrange(len(parsed))
            parsed[at] = replace_somewhere(parsed[at], choice)
        damaged = "\n".join(json.dumps(it) for it in parsed).encode()
        try:
            threads, _ = read(FILES[file], damaged)
        except PostilError:
            continue
        for thread in threads:
            assert_sound(thread)


@pytest.mark.parametrize("file", FILES)
def test_damaged_bytes_are_survived(file: str) -> None:
    raw = (SAMPLES / file).read_bytes()
    choice = random.Random(file)  # noqa: S311  # the same damages each time
    for _ in range(40):
        at, length = choice.randrange(len(raw)), choice.randrange(1, 60)
        damaged = choice.choice([
            raw[:at],
            raw[:at] + raw[at + length :],
            raw[:at] + choice.randbytes(length % 5 + 1) + raw[at + 1 :],
            raw[: at + length] + raw[at:],
            raw[:at] + b"\x00\xff\xfe" + raw[at:],
        ])  # fmt: skip
        FILES[file].sniff(Source.of_bytes(damaged))
        try:
            threads, _ = read(FILES[file], damaged)
        except PostilError:
            continue
        for thread in threads:
            assert_sound(thread)


@pytest.mark.parametrize("file", FILES)
def test_a_truncated_file_gives_what_stands_before_the_end_and_says_so(file: str) -> None:
    raw = (SAMPLES / file).read_bytes()
    whole, _ = read(FILES[file], raw, file)
    cut = raw[: len(raw) // 2]
    threads, problems = read(FILES[file], cut, file)
    assert problems
    texts = [post.text for thread in threads for post in thread.posts if post.text]
    all_texts = [post.text for thread in whole for post in thread.posts if post.text]
    assert 2 <= len(texts) < len(all_texts)
    assert all(any(text in full for full in all_texts) for text in texts)
    with pytest.raises(SourceError):
        list(FILES[file].read(Source.of_bytes(cut, file, problems=Problems(file, is_strict=True))))


@pytest.mark.parametrize("file", FILES)
def test_what_no_consumer_can_carry_is_dropped_and_counted(file: str) -> None:
    raw = (SAMPLES / file).read_bytes()
    spoilt = raw.replace(b"the ", b"the\\u0000 ").replace(b"The ", b"The\\u001b ")
    whole, _ = read(FILES[file], raw, file)
    threads, _ = read(FILES[file], spoilt, file)
    assert [[post.text for post in thread.posts] for thread in threads] == [
        [post.text for post in thread.posts] for thread in whole
    ]
    assert sum(thread.dropped for thread in threads) > 0
    for thread in threads:
        assert_sound(thread)


@pytest.mark.parametrize("file", FILES)
def test_every_text_of_a_sample_stands_somewhere(file: str) -> None:
    """Nothing is lost but what the importer says it loses: each text and number of the source is in a post, or in its meta."""
    raw = (SAMPLES / file).read_text(encoding="utf-8")
    threads, _ = read(FILES[file], raw.encode(), file)
    stored = json.dumps(
        [
            [
                thread.key,
                thread.title,
                thread.url,
                thread.meta,
                [[p.key, p.parent, p.author, p.text, p.meta] for p in thread.posts],
            ]
            for thread in threads
        ],
        ensure_ascii=False,
    )
    for text in _leaves(raw, file):
        bare = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert any(json.dumps(it, ensure_ascii=False)[1:-1] in stored for it in (text, bare)), text


_DERIVED = {
    *(
        "created",
        "created_at",
        "created_utc",
        "created_at_i",
        "time",
        "published",
        "createdAt",
        "timestamp",
        "selftext_html",
        "body_html",
    ),
    *(
        "$type",
        "kind",
        "type",
        "@context",
        "formats",
        "thumbnails",
        "modhash",
        "geo_filter",
        "stream",
        "fancy_title",
        "fulltitle",
    ),
    *(
        "community_view",
        "community",
        "parent_id",
        "link_id",
        "cooked",
        "path",
        "parent",
        "post",
        "_time_text",
        "cid",
        "depth",
    ),
    *("dist", "totalItems", "partOf", "post_view", "actor", "object", "id", "name", "uri"),
}
"""Fields that a test above looks at, or that are in the model in another form."""

_LOST = {"formats", "thumbnails", "@context"}
"""Fields that an importer says it loses."""


def _leaves(raw: str, file: str) -> list[str]:
    documents = raw.split("\n") if file.endswith(("jsonl", "ndjson")) else [raw]
    if file == "discourse-topic.json":
        first, second = raw.split("\n{")
        documents = [first, "{" + second]
    found: list[str] = []
    waiting: list[Any] = [json.loads(it) for it in documents if it.strip()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            inner = ((name, it) for name, it in value.items() if name not in _LOST)
            waiting += [it for name, it in inner if name not in _DERIVED or isinstance(it, dict | list)]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and value:
            found.append(value)
    return found
