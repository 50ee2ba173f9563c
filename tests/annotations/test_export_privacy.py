"""No format tells a name, a link, an address or a number that was to be masked: not in any file of the data set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from annotations import formats
from annotations.exporters.choosing.options import Context, ExportOptions
from annotations.model import Post, PostKind, Target, Thread
from annotations.span import Span
from annotations.store.threads import iter_posts, save_thread

if TYPE_CHECKING:
    from pathlib import Path

    from tests.annotations.conftest import Desk

POSTS = (
    Post(
        key="0",
        parent=None,
        kind=PostKind.ARTICLE,
        text="Asked @Quillon Vex\n\nWrite to quillon@vexmail.example or 020 7946 0958.",
        author="Quillon Vex",
        meta={"submitter": "Quillon", "homepage": "vexmail.example"},
    ),
    Post(
        key="https://vexmail.example/@zorblatt/1",
        parent="0",
        author="zorblatt",
        text="@Quillon Vex: I, u/zorblatt, have seen https://vexmail.example/@zorblatt twice.",
        created_at="2026-01-02T03:04:05Z",
    ),
    Post(key="2", parent="https://vexmail.example/@zorblatt/1", author="Brunhild_X", text="Thanks @zorblatt!"),
)

HASH = re.compile(rb"\b[0-9a-f]{64}\b")
SECRET = re.compile(rb"quillon|zorblatt|brunhild|7946\W?0958|https://vexmail\.example(?!/@author-)", re.IGNORECASE)
"""What must not be there; the domain alone stands in the key that the source gives a post."""

NAMES = (
    "brat",
    "conll",
    "convokit",
    "csv",
    "doccano",
    "frictionless",
    "jsonl",
    "label-studio",
    "prodigy",
    "web-annotation",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_split", [False, True], ids=["whole", "split"])
def test_nothing_that_was_masked_is_in_any_file(desk: Desk, tmp_path: Path, name: str, *, is_split: bool) -> None:
    project = desk.project
    thread = Thread(
        key="masked",
        title="Asked @Quillon Vex",
        posts=POSTS,
        format="test",
        url="https://vexmail.example/@zorblatt/1",
        meta={"by": "zorblatt"},
    )
    thread_id = save_thread(project, thread, location="/home/quillon/masked.txt", source_sha256="masked").thread.id
    rows = [post.id for post in iter_posts(project, thread_id)]
    ada = desk.session("Ada")
    (head,) = ada.apply(
        "claim", Target(thread_id=thread_id, post_id=rows[0], span=Span(6, 30)), note="@zorblatt?"
    ).added
    (tail,) = ada.apply(
        "claim", Target(thread_id=thread_id, post_id=rows[1], span=Span(0, 20)), attributes={"source": "by u/zorblatt"}
    ).added
    ada.apply(
        "rebuts",
        Target(
            thread_id=thread_id,
            post_id=rows[1],
            from_annotation=tail.id,
            to_post_id=rows[0],
            to_annotation=head.id,
        ),
    )
    ada.apply("funny", Target(thread_id=thread_id, post_id=rows[2]), note="call +44 20 7946 0958")
    ada.apply("heated", Target(thread_id=thread_id))
    ada.note(rows[2], "so says @Brunhild_X")
    exporter = formats.exporter(name)
    options = ExportOptions(
        thread="masked",
        pseudonymize=tmp_path / "key",
        redact=True,
        context=Context.ANCESTORS,
        split=(("train", 1.0),) if is_split else (),
    )
    exporter.write(project, tmp_path / "out", options)
    out = tmp_path / "out"
    files = [out] if out.is_file() else [each for each in out.rglob("*") if each.is_file()]
    told = b"".join(each.read_bytes() for each in sorted(files))
    assert b"author-" in told
    for each in files:
        assert not SECRET.search(each.name.encode())
        said = HASH.sub(b"", each.read_bytes())  # any digits may stand in one
        found = SECRET.search(said)
        assert found is None, (each.name, said[max(0, found.start() - 200) : found.end() + 100])
    shown = exporter.preview(project, options, 3).encode()
    assert not SECRET.search(shown)
