"""Threads of any size, the same ones for the same seed: made to measure with, not to read.

A thread of a thousand comments and one of a million come from the same rule: a few chains hold most of the comments,
replies go 40 deep, bodies are 40 to 600 characters long with a mean near 195, and 41% of them are not ASCII: accents and
quotation marks, combining marks, emoji of several code points, and scripts whose letters take two cells.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from math import log
from typing import TYPE_CHECKING, overload

from annotations.model import ARTICLE_KEY, Post, PostKind, Thread
from annotations.shape import Shape, size_class
from annotations.store.post_writing import index_posts, insert_posts, next_post_id
from annotations.store.threads import save_thread
from annotations.store.tree import Tree, measure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

    from annotations.store.project import Project

SAVED_WHOLE = 20_000
"""Comments up to which a thread is saved as an import saves it, all in memory at once."""
DEEPEST = 40
SHORTEST, LONGEST = 40, 600
_ANSWERS, _STAYS = 0.44, 0.66
"""Of the comments in a chain: the share that answers the one before; up to which it stays near; the rest leaves."""
_SPREAD = 165
"""Characters that a body has on average beyond the fewest."""
NOT_ASCII = 0.41
"""Share of the bodies that are not ASCII."""
_BREAKS, _LINE_BREAKS = 0.13, 0.03
"""Share of the sentences that end a line, and that end it without a blank one."""

_START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
_TITLE = "Council approves the harbour tunnel"
_PARAGRAPHS = 12
_PROSE = (
    "the a of to and in that is it for on with as was but not be at from by have this they we you are or "
    "tunnel harbour council water budget engineers ferry traffic survey pumps report vote cost estimate committee "
    "flood barrier shipping deadline contractor neighbourhood residents claim evidence source figure mistake "
    "believe doubt remember explain promise measured published rejected repeated obviously perhaps probably never "
    "always twice cheaper slower wrong right early late nobody everybody somebody again instead because although "
    "infrastructure misunderstanding https://example.org/minutes/2026-04-17?item=12"
)
_WORDS = _PROSE.split()
_ACCENTED = (
    "naïve café “quoted”",
    "that’s the point —",
    "Zürich’s façade, déjà vu…",
    "señor Núñez says ‘no’",
    "это неправда, коллеги",
    "100 € ≠ 100 £",
)
_COMBINING = (
    "cafe\u0301 re\u0301sume\u0301",
    "Vie\u0323\u0302t Nam",
    "n\u0303andu\u0301",
    "a\u0308o\u0308u\u0308 Z\u030c",
    "क्षत्रिय नमस्ते",
)
_EMOJI = ("😀 lol", "👍🏽", "👩‍👩‍👧‍👦 family", "🇳🇱🇧🇪", "❤️ this", "🤦🏻‍♀️ again", "🚢🌊🌊", "🏴‍☠️")
_WIDE = (
    ("隧道每年春天都会被淹没，", "市议会已经批准了预算。", "没有人相信这个数字！", "证据在哪里？"),
    ("証拠はどこにありますか？", "私はそう思いません、", "予算はもう決まりました。", "本当ですか！"),
    ("그 보고서를 읽어 보셨나요? ", "예산은 이미 통과되었습니다. ", "아무도 그 숫자를 믿지 않아요! ", "왜요? "),
)
_AUTHORS = ("Mara Vance", "jonas_k", "Ines P.", "harbour-watch", "Zoë Ødegård", "田中", "old salt", "anonymous42")


def generate(comments: int, seed: int = 1) -> Iterator[Post]:
    """Yield the article and then `comments` comments in pre-order, made as they are asked for.

    Args:
        comments: How many comments, 0 or more.
        seed: Threads of different seeds differ; the same seed and number give the same thread.
    """
    writer = _Writer(seed)
    yield Post(
        key=ARTICLE_KEY,
        parent=None,
        kind=PostKind.ARTICLE,
        text=writer.article(),
        author="Desk",
        created_at=_time(0),
    )
    path = [ARTICLE_KEY]
    for number, depth in enumerate(depths(comments, seed), start=1):
        key = f"c{number}"
        del path[depth:]
        yield Post(key=key, parent=path[-1], text=writer.body(), author=writer.author(), created_at=_time(number))
        path.append(key)


def generate_thread(comments: int, seed: int = 1) -> Thread:
    """Return such a thread whole, as an importer would."""
    return Thread(key=f"generated-{comments}", title=_TITLE, posts=tuple(generate(comments, seed)), format="generated")


def generate_shape(comments: int, seed: int = 1) -> Shape:
    """Return the shape of such a thread, its article included, without keeping its texts."""
    writer = _Writer(seed)
    sizes = bytearray([size_class(writer.article())])
    for _ in range(comments):
        sizes.append(size_class(writer.body()))
        writer.author()
    return Shape("\0" + "".join(map(chr, depths(comments, seed))), bytes(sizes))


def depths(comments: int, seed: int = 1) -> Iterator[int]:
    """Yield the depth of each comment in pre-order; the first is 1, a step down is at most 1, none is above `DEEPEST`."""
    source = random.Random(f"tree {seed}")  # noqa: S311  # repeatable, not secret
    left = comments
    while left > 0:
        size = min(left, max(1, comments // 8), int(source.paretovariate(0.9)))
        left -= size
        depth = 1
        yield depth
        for _ in range(size - 1):
            step = source.random()
            if step < _ANSWERS:
                depth = min(depth + 1, DEEPEST)
            elif step > _STAYS:
                depth -= int(source.expovariate(0.5))
            depth = max(2, depth)
            yield depth


def write_thread(project: Project, comments: int, seed: int = 1) -> int:
    """Write such a thread into a project and return its row; a million comments without holding them.

    Args:
        project: Open for writing.
        comments: How many comments, 0 or more.
        seed: As in `generate`.
    """
    if comments <= SAVED_WHOLE:
        location = f"/generated/{comments}-{seed}"
        sha256 = hashlib.sha256(location.encode()).hexdigest()
        thread = generate_thread(comments, seed)
        return save_thread(project, thread, location=location, source_sha256=sha256).thread.id
    with project.transaction() as connection:
        first = next_post_id(connection)
        thread_id = insert_thread(connection, comments, seed, key=f"generated-{comments}", imported_at=project.now())
        index_posts(connection, first, next_post_id(connection))
    return thread_id


def insert_thread(connection: Connection, comments: int, seed: int, *, key: str, imported_at: str) -> int:
    """Write such a thread in the open transaction, but for the index of its words, and return its row."""
    location = f"/generated/{key}-{seed}"
    sha256 = hashlib.sha256(location.encode()).hexdigest()
    posts, tree = _whole(comments, seed) if comments <= SAVED_WHOLE else (_Posts(comments, seed), _tree(comments, seed))
    cursor = connection.execute(
        """
        INSERT INTO threads (key, title, source, source_sha256, content_sha256, format, posts, max_depth, imported_at)
        VALUES (?, ?, ?, ?, ?, 'generated', ?, ?, ?)
        """,
        (key, _TITLE, location, sha256, sha256, comments + 1, max(tree.depths), imported_at),
    )
    thread_id = cursor.lastrowid or 0
    insert_posts(connection, thread_id, posts, tree)
    return thread_id


@lru_cache(maxsize=32)
def _whole(comments: int, seed: int) -> tuple[Sequence[Post], Tree]:
    return tuple(generate(comments, seed)), _tree(comments, seed)


class _Posts(Sequence[Post]):
    """The posts of a thread, made anew each time that they are gone through."""

    def __init__(self, comments: int, seed: int) -> None:
        self._comments = comments
        self._seed = seed

    def __len__(self) -> int:
        return self._comments + 1

    def __iter__(self) -> Iterator[Post]:
        return generate(self._comments, self._seed)

    @overload
    def __getitem__(self, index: int) -> Post: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Post]: ...
    def __getitem__(self, index: int | slice) -> Post | Sequence[Post]:
        if isinstance(index, slice):
            return tuple(self)[index]
        return next(islice(self, index, None))


def _tree(comments: int, seed: int) -> Tree:
    parents = [-1]
    path = [0]
    for position, depth in enumerate(depths(comments, seed), start=1):
        del path[depth:]
        parents.append(path[-1])
        path.append(position)
    return measure(parents)


def _time(minutes: int) -> str:
    return (_START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


class _Writer:
    """Writes bodies from some hundred sentences that it makes up first, because a million bodies are asked for."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"text {seed}")  # noqa: S311  # repeatable, not secret
        self._plain = [self._sentence() for _ in range(400)]
        self._special = [
            [*kind, *(f"{self._random.choice(kind)} {sentence}" for sentence in self._plain[:80]), *self._plain[80:160]]
            for kind in (_ACCENTED, _ACCENTED, _COMBINING, _EMOJI, _EMOJI)
        ]

    def _sentence(self) -> str:
        words = self._random.choices(_WORDS, k=self._random.randint(4, 18))
        return " ".join(words).capitalize() + self._random.choice(".....?!")

    def article(self) -> str:
        """Return the text of the article, its headline first."""
        return "\n\n".join([_TITLE, *(self.body() for _ in range(_PARAGRAPHS))])

    def author(self) -> str:
        """Return somebody's name."""
        return _AUTHORS[int(self._random.random() * len(_AUTHORS))]

    def body(self) -> str:
        """Return the text of a comment."""
        draw = self._random.random
        length = SHORTEST + 4 - int(_SPREAD * log(1 - draw()))
        length = min(length, LONGEST - int(draw() * SHORTEST))
        kind = draw()
        if kind >= NOT_ASCII:
            return self._join(self._plain, length)
        if kind < NOT_ASCII / 5:
            return self._join(_WIDE[int(draw() * len(_WIDE))], length, "")
        sentences = self._special[int(draw() * len(self._special))]
        text = self._join(sentences, length)
        return f"{sentences[0]} {text[: -len(sentences[0]) - 1]}".rstrip() if text.isascii() else text

    def _join(self, sentences: Sequence[str], length: int, gap: str = " ") -> str:
        """Return about `length` characters of sentences, some of them parted by a line or a paragraph break."""
        draw = self._random.random
        count = len(sentences)
        parts: list[str] = []
        left = length
        while left > 0:
            chance = draw()
            sentence = sentences[int(chance * count)]
            parts.append(sentence)
            chance = chance * count % 1  # what the choice left over is as random again
            parts.append(gap if chance > _BREAKS else "\n\n" if chance > _LINE_BREAKS else "\n")
            left -= len(sentence) + 1
        return "".join(parts)[:length].rstrip()
