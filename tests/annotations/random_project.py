"""Random projects, with a bit of everything that can be put on texts."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.codebook_toml import parse_codebook
from annotations.errors import RuleError
from annotations.model import AnnotatorKind, Post, PostKind, Scope, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from annotations.store.threads import iter_posts, save_thread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from annotations.model import StoredPost

RULES = """
name = "Trips"

[[labels]]
id = "assertion"
name = "An assertion, 主張"
scope = "span"
colour = "teal"
description = "What can be true or false."
[[labels.attributes]]
id = "certainty"
name = "Certainty"
kind = "scale"
minimum = 1
maximum = 5
[[labels.attributes]]
id = "weight"
name = "Weight of it"
kind = "scale"
minimum = 0.0
maximum = 1.0
[[labels.attributes]]
id = "where"
name = "Where"
kind = "text"
[[labels.attributes]]
id = "sort"
name = "Sort"
kind = "choice"
choices = ["fact", "value: “good”"]

[[labels]]
id = "loaded-word"
name = "Loaded word"
scope = "span"

[[labels]]
id = "bare-assertion"
name = "Bare assertion"
scope = "span"
parent = "assertion"

[[labels]]
id = "agreeing"
name = "Agreeing"
scope = "post"

[[labels]]
id = "joking"
name = "Joking"
scope = "post"
[[labels.attributes]]
id = "about"
name = "About"
kind = "text"

[[labels]]
id = "heated-up"
name = "Heated up"
scope = "thread"

[[labels]]
id = "rebutting"
name = "Rebutting"
scope = "relation"

[[labels]]
id = "echoing"
name = "Echoing"
scope = "relation"
"""
CODEBOOK = parse_codebook(RULES, "trips.toml")

TEXTS = st.text(
    st.sampled_from("ab .\n👋👩\u200d👧🏽e\u0301漢字שלוםכ\u2028\u00a0\u00ad,;\"'=<&>\\|\t"), min_size=1, max_size=40
)
NOTES = st.sampled_from(["", "", "Hm.", 'Two\nlines, "quoted" 👋', "漢字"])
AUTHORS = st.sampled_from([None, "Bo", "李", "=cmd", "[unknown]", "[unknown]~"])
ANNOTATORS = (
    ("Ada", AnnotatorKind.PERSON),
    ("bo 👋", AnnotatorKind.PERSON),
    ("tagger-1.2", AnnotatorKind.MODEL),
)
VALUES: tuple[Mapping[str, str | int | float], ...] = (
    {},
    {"certainty": 4},
    {"weight": 0.25, "where": '漢, "x"\ny'},
    {"sort": "value: “good”"},
)


class Ticks:
    """A clock that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self._time = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time, and go on."""
        self._time += timedelta(seconds=1)
        return self._time


def open_copy(blank: Path, path: Path) -> Project:
    """Return a new project that is a copy of an empty one, which costs less than to make one."""
    shutil.copyfile(blank, path)
    return Project.open(path, clock=Ticks())


def fill(data: st.DataObject, project: Project) -> None:
    """Put one or two random threads into a project, and labels of several annotators on them."""
    for number in range(data.draw(st.integers(1, 2), label="threads")):
        thread = _draw_thread(data, number)
        saved = save_thread(project, thread, location=f"/{number}", source_sha256="first")
        _label(data, project, saved.thread.id)
        if data.draw(st.integers(0, 2), label="is revised") == 0:
            posts = list(thread.posts)
            at = data.draw(st.integers(0, len(posts) - 1))
            posts[at] = replace(posts[at], text="T" if at == 0 else "§")
            save_thread(project, replace(thread, posts=tuple(posts)), location=f"/{number}", source_sha256="second")


def _draw_thread(data: st.DataObject, number: int) -> Thread:
    posts = [
        Post(
            key=data.draw(st.sampled_from(["0", "root/1%"])),
            parent=None,
            kind=PostKind.ARTICLE,
            text=f"Title\n\n{data.draw(TEXTS)}",
            author=data.draw(AUTHORS),
            created_at=data.draw(st.sampled_from([None, "1969-12-31T23:59:59Z"])),
        )
    ]
    for place in range(1, data.draw(st.integers(0, 4), label="comments") + 1):
        posts.append(
            Post(
                key=data.draw(st.sampled_from([f"c{place}", f"{place}", f"é {place}/%2F"])),
                parent=data.draw(st.sampled_from(_path(posts))),
                text=data.draw(st.one_of(TEXTS, st.just(""))),
                author=data.draw(AUTHORS),
                created_at=data.draw(st.sampled_from([None, "2026-05-01T08:30:00Z"])),
                uncertain=data.draw(st.sampled_from([(), ("a list, or a reply",)])),
                meta=data.draw(st.sampled_from([{}, {"votes": -3, "raw": {"a": [1, None, {}], "b": ""}}])),
            ),
        )
    return Thread(
        key=("mine", "käse/%25")[number],
        title="Title",
        posts=tuple(posts),
        format="test",
        url=data.draw(st.sampled_from([None, "https://x.example/?a=1&b=2"])),
        meta=data.draw(st.sampled_from([{}, {"language": "en", "none": []}])),
    )


def _path(posts: list[Post]) -> list[str]:
    """Return the keys of the last post and of what is above it: what the next post in pre-order may answer."""
    parents = {post.key: post.parent for post in posts}
    found = [posts[-1].key]
    while (parent := parents[found[-1]]) is not None:
        found.append(parent)
    return found


def _label(data: st.DataObject, project: Project, thread_id: int) -> None:
    posts = list(iter_posts(project, thread_id))
    sessions = [LabelingSession(project, project.annotator(*who), CODEBOOK) for who in ANNOTATORS]
    for _ in range(data.draw(st.integers(0, 12), label="labels")):
        session, post = data.draw(st.sampled_from(sessions)), data.draw(st.sampled_from(posts))
        note, here = data.draw(NOTES), Target(thread_id=thread_id, post_id=post.id)
        match data.draw(
            st.sampled_from(["span", "span", "span", "post", "thread", "relation", "relation", "mark", "edit"])
        ):
            case "span" if post.text:
                _put_span(data, session, thread_id, post, note)
            case "post":
                label = data.draw(st.sampled_from(["agreeing", "joking"]))
                values = {"about": "tolls\n2"} if label == "joking" else {}
                session.apply(label, here, note=note, attributes=values)
            case "thread":
                session.apply("heated-up", Target(thread_id=thread_id), note=note)
            case "relation":
                _relate(data, session, thread_id, post.id, data.draw(st.sampled_from(posts)).id)
            case "mark":
                if data.draw(st.booleans(), label="is noted"):
                    session.note(post.id, note or "Noted.")
                session.review(post.id)
                session.flag(post.id, is_flagged=True)
            case "edit":
                own = list(annotations_in_thread(project, thread_id, session.annotator.id))
                if own:
                    session.change(data.draw(st.sampled_from(own)).id, note="changed later")


def _put_span(data: st.DataObject, session: LabelingSession, thread_id: int, post: StoredPost, note: str) -> None:
    start = data.draw(st.integers(0, len(post.text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(post.text))))
    label = data.draw(st.sampled_from(["assertion", "loaded-word", "bare-assertion"]))
    values = data.draw(st.sampled_from(VALUES)) if label == "assertion" else {}
    session.apply(label, Target(thread_id=thread_id, post_id=post.id, span=span), note=note, attributes=values)


def _relate(data: st.DataObject, session: LabelingSession, thread_id: int, start: int, end: int) -> None:
    own = list(annotations_in_thread(session.project, thread_id, session.annotator.id))
    ends: list[tuple[int | None, int | None]] = [(start, None), (end, None), (None, None)]
    ends += [(each.target.post_id, each.id) for each in own if each.scope in {Scope.SPAN, Scope.POST}]
    (post, first), (other, second) = data.draw(st.sampled_from(ends)), data.draw(st.sampled_from(ends))
    target = Target(
        thread_id=thread_id,
        post_id=post,
        from_annotation=first,
        to_post_id=other,
        to_annotation=second,
        to_thread_id=thread_id if other is None else None,
    )
    try:
        session.apply(data.draw(st.sampled_from(["rebutting", "echoing"])), target, note=data.draw(NOTES))
    except RuleError:
        return  # it leads to where it starts
