"""A project that has everything which a format may stumble over, the same each time it is built.

By hand: `python tests/interop/rich.py OUT.db`, then `postil --project OUT.db export …`.

Four threads. `harbour` has what is hard: spans inside spans and across each other, at and in emoji of several code points,
CJK, combining marks, right-to-left text, line separators, tabs, quotes and signs that begin a formula; labels on posts and on
the thread, two people and a model who disagree, notes, flags, reviews, attributes, relations between spans, posts and
threads, and a span that is detached since the article was imported again. `tide` and `eel` have simple labels, so that
there is something to split; `lock` has none.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.codebook_toml import parse_codebook
from annotations.model import AnnotatorKind, Post, PostKind, Target, Thread
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.project import Project
from annotations.store.threads import iter_posts, save_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Annotation

RULES = '''
name = "Harbour | <b>rules</b>"
description = "How people argue about a harbour: a codebook with \\"quotes\\", | bars and\\nlines."
version = "2.1"
language = "en"
licence = "CC-BY-4.0"

[[groups]]
id = "stance"
name = "Stance"
exclusive = true
required = true
description = "How does the comment stand to what it answers?"

[[labels]]
id = "claim"
name = "Claim"
scope = "span"
description = "What somebody could dispute | and puts forward."
guidelines = """
Mark the shortest stretch.

- Not a question.
- Not a <script>joke</script>.
"""

[[labels.examples]]
text = "The pumps | will *fail*."
note = "It could be false."

[[labels.examples]]
text = "Who pays?"
note = "A question."
counter = true

[[labels.attributes]]
id = "certainty"
name = "Certainty"
kind = "scale"
minimum = 0
maximum = 1
step = 0.25

[[labels.attributes]]
id = "kind"
name = "Kind"
kind = "choice"
choices = ["fact", "value, or taste"]

[[labels.attributes]]
id = "source"
name = "Source"
kind = "text"

[[labels]]
id = "evidence"
name = "Evidence"
scope = "span"
parent = "claim"

[[labels]]
id = "term"
name = "Term"
scope = "span"

[[labels]]
id = "agree"
name = "yes"
scope = "post"
group = "stance"

[[labels]]
id = "disagree"
name = "no"
scope = "post"
group = "stance"

[[labels]]
id = "odd-name"
name = "--- | <b>: \\"x\\", #1"
scope = "post"

[[labels]]
id = "heated"
name = "Heated"
scope = "thread"

[[labels]]
id = "rebuts"
name = "Rebuts"
scope = "relation"

[[labels]]
id = "supports"
name = "Supports"
scope = "relation"
'''

ARTICLE = """Harbour tunnel: the “Möwe” stops

The ferry 🛳️ “Möwe” stops in May. It carried 12,000 people a year\u2028and lost £3m.

港のトンネルは毎年春に浸水する。Nobody asked us 👩‍👩‍👧‍👦, said the mayor.\tTabs\tstay."""

SHORTER = ARTICLE.replace(" It carried 12,000 people a year\u2028and lost £3m.", "")

COMMENTS = (
    Post(
        key="1",
        parent="0",
        author="=cmd|' /C calc'!A0",
        text='=SUM(A1:A9) says it did *not* "lose" £3m.\n\n• one\n• two, "three"; four',
        created_at="2026-04-30T22:00:00Z",
        uncertain=("a list",),
        meta={"score": -3, "edited": False, "nested": {"a": [1, None, 0.5]}},
    ),
    Post(key="1.1", parent="1", author="أحمد", text="كم الخسارة؟ 👩🏽‍🚀 قال «لا»", created_at="2026-04-30T23:59:59Z"),
    Post(key="1.1.1", parent="1.1", author="Zoe\u0301", text="Cafe\u0301 ou cafe\u0301\u0323\u200b? 🏳️‍🌈🇩🇪1️⃣ oui."),
    Post(key="2", parent="0", text=""),
    Post(
        key="3",
        parent="0",
        author="-Jo",
        text="+1\u2029@mayor \U0001d518\U0001d52b\U0001d526 𠮷野家 \u202eabc\u202c end",
        meta={"score": 7},
    ),
    Post(
        key="3.1",
        parent="3",
        author="eel",
        text="  Two pumps fail, pumps always fail.  \n\n    Ask jo@harbour.example or +49 40 123456, see https://harbour.example/a?b=1&c=2.\n",
        created_at="2026-05-01T00:00:00Z",
    ),
    Post(key="4", parent="0", author="mayor", text="True.", created_at="2026-05-02T00:00:00Z"),
)

_SIMPLE = (
    ("eel", "The tide will rise, and nobody will pay."),
    ("mayor", "We do pay. The tide is the tide."),
    ("pikeperch", "I agree with @eel: the tide will rise."),
)


@contextmanager
def rich_project(path: Path) -> Iterator[Project]:
    """Build the project at `path`, where there is no file yet, and leave it open."""
    numbers, seconds = count(1), count(1)
    start = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    with Project.open(
        path,
        create=True,
        clock=lambda: start + timedelta(seconds=next(seconds)),
        new_id=lambda: f"00000000-0000-4000-8000-{next(numbers):012x}",
    ) as project:
        _label_harbour(project)
        for key in ("tide", "eel", "lock"):
            _label_simple(project, key)
        yield project


def build_rich_project(path: Path) -> Path:
    """Build the project at `path`, where there is no file yet, and return the path."""
    with rich_project(path):
        return path


def _save(project: Project, key: str, posts: tuple[Post, ...], sha256: str) -> int:
    title = posts[0].text.split("\n", maxsplit=1)[0]
    thread = Thread(
        key=key,
        title=title,
        posts=posts,
        format="rich",
        url=f"https://news.example/{key}?a=1&b=2",
        meta={"language": "en", "site": "The | Harbour"},
    )
    return save_thread(project, thread, location=f"/sources/{key}.txt", source_sha256=sha256).thread.id


class _Desk:
    """Where targets are found in one thread by key and words."""

    def __init__(self, project: Project, thread_id: int) -> None:
        self.thread = Target(thread_id=thread_id)
        self._posts = {post.key: post for post in iter_posts(project, thread_id)}

    def post(self, key: str) -> Target:
        return replace(self.thread, post_id=self._posts[key].id)

    def words(self, key: str, words: str, *, last: bool = False) -> Target:
        text = self._posts[key].text
        start = text.rindex(words) if last else text.index(words)
        return replace(self.post(key), span=Span(start, start + len(words)))

    def link(self, start: str | None, end: str | None, *ends: Annotation | None) -> Target:
        """Return a relation from post to post, or from and to annotations in them; None stands for the thread."""
        from_annotation, to_annotation = (*ends, None, None)[:2]
        return replace(
            self.thread if start is None else self.post(start),
            from_annotation=from_annotation.id if from_annotation else None,
            to_post_id=None if end is None else self._posts[end].id,
            to_annotation=to_annotation.id if to_annotation else None,
            to_thread_id=self.thread.thread_id if end is None else None,
        )


def _label_harbour(project: Project) -> None:
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE, author="Desk", meta={"lead": "a|b"})
    thread_id = _save(project, "harbour", (article, *COMMENTS), "first")
    desk = _Desk(project, thread_id)
    codebook = parse_codebook(RULES)
    ada = LabelingSession(project, project.annotator("Ada"), codebook)
    bo = LabelingSession(project, project.annotator("Bo “B.” O'Neil, PhD"), codebook)
    lector = LabelingSession(project, project.annotator("lector-2", AnnotatorKind.MODEL), codebook)

    (lost,) = ada.apply("claim", desk.words("0", "lost £3m"), note="says\nwho?").added
    ada.apply("claim", desk.words("0", "ferry 🛳️ “Möwe” stops in May"), attributes={"certainty": 0.75, "kind": "fact"})
    ada.apply("term", desk.words("0", "🛳️"))
    bo.apply("claim", desk.words("0", "stops in May. It"), attributes={"certainty": 0.25})
    bo.apply("evidence", desk.words("0", "“Möwe” stops in"), note='=1+1, a "note"\twith\ta tab')
    bo.apply("term", desk.words("0", "港のトンネル"))
    lector.apply("claim", desk.words("0", "港のトンネルは毎年春に浸水する。Nobody asked us 👩‍👩‍👧‍👦"))
    lector.apply("term", desk.words("0", "👩‍👩‍👧‍👦, said the mayor.\tTabs\tstay."))

    (denial,) = ada.apply(
        "claim",
        desk.words("1", 'it did *not* "lose" £3m.\n\n• one'),
        attributes={"certainty": 1, "kind": "value, or taste", "source": "=A1, «no»"},
    ).added
    ada.apply("evidence", desk.words("1", "SUM(A1"))
    (question,) = bo.apply("claim", desk.words("1.1", "كم الخسارة؟ 👩🏽‍🚀")).added
    lector.apply("term", desk.words("1.1", "👩🏽‍🚀 قال"))
    bo.apply("term", desk.words("1.1.1", "cafe\u0301\u0323"))
    ada.apply("term", desk.words("1.1.1", "🏳️‍🌈🇩🇪1️⃣"))
    ada.apply("claim", desk.words("3", "\U0001d518\U0001d52b\U0001d526 𠮷野家"))
    bo.apply("term", desk.words("3", "\u202eabc\u202c"))
    (fails,) = ada.apply("claim", desk.words("3.1", "pumps always fail")).added
    bo.apply("claim", desk.words("3.1", "pump"))
    ada.apply("term", desk.words("3.1", "pumps", last=True))
    ada.apply("term", desk.words("3.1", "jo@harbour.example"))

    for session, choices in (
        (ada, {"1": "disagree", "1.1": "disagree", "3": "agree", "3.1": "disagree", "4": "agree"}),
        (bo, {"1": "disagree", "1.1": "agree", "3": "agree", "4": "agree"}),
        (lector, {"1": "agree", "1.1": "disagree", "1.1.1": "agree", "2": "odd-name", "3": "agree"}),
    ):
        for key, label in choices.items():
            session.apply(label, desk.post(key), note="@me" if (session, key) == (bo, "4") else "")
    ada.apply("odd-name", desk.post("3"))
    ada.apply("heated", desk.thread, note="all of it")
    bo.apply("heated", desk.thread)

    ada.apply("rebuts", desk.link("1", "0", denial, lost), note="flatly")
    ada.apply("supports", desk.link("3.1", "1", fails))
    bo.apply("rebuts", desk.link("1.1", "1", question))
    bo.apply("supports", desk.link("4", "3.1"))
    lector.apply("supports", desk.link("4", None))
    ada.apply("rebuts", desk.link(None, "0", None, lost))

    ada.note(desk.post("2").post_id or 0, '=tired, "she"\nsays | <i>')
    bo.note(desk.post("4").post_id or 0, "🛳️?")
    for session, keys in ((ada, ("0", "1", "1.1", "2", "3", "3.1", "4")), (bo, ("0", "1", "1.1", "3", "4"))):
        for key in keys:
            session.review(desk.post(key).post_id or 0)
    bo.flag(desk.post("3").post_id or 0)
    ada.add_seconds({desk.post("1").post_id or 0: 12.5, desk.post("3").post_id or 0: 4.25})
    _save(project, "harbour", (replace(article, text=SHORTER), *COMMENTS), "second")


def _label_simple(project: Project, key: str) -> None:
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"The {key} rises\n\nThe tide will rise.")
    replies = tuple(
        Post(key=f"{number}", parent="0", author=author, text=text, created_at=f"2026-04-0{number}T12:00:00Z")
        for number, (author, text) in enumerate(_SIMPLE, start=1)
    )
    thread_id = _save(project, key, (article, *replies), key)
    if key == "lock":
        return
    desk = _Desk(project, thread_id)
    codebook = parse_codebook(RULES)
    ada = LabelingSession(project, project.annotator("Ada"), codebook)
    bo = LabelingSession(project, project.annotator("Bo “B.” O'Neil, PhD"), codebook)
    for session in (ada, bo):
        session.apply("claim", desk.words("0", "The tide will rise"))
        session.apply("agree" if session is ada else "disagree", desk.post("1"))
        session.apply("disagree", desk.post("2"))
        session.apply("claim", desk.words("3", "the tide will rise"))
        for number in ("0", "1", "2", "3"):
            session.review(desk.post(number).post_id or 0)


if __name__ == "__main__":
    build_rich_project(Path(sys.argv[1]))
