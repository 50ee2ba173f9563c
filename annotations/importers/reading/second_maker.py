"""Threads of a spool made by a second process, and made ready to be stored, while this one stores those before them.

What comes out, in which order, and what is said of records is what it would be without. A thread of which something is
not as usual is made here, and so is a long one.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

from annotations.errors import PostilError
from annotations.importers.reading.making import ThreadMaker
from annotations.sources.second_reader import ListedProblems
from annotations.sources.source import Source
from annotations.store.post_writing import content_columns
from annotations.store.posts import to_json
from annotations.store.prepared import PreparedThread
from annotations.store.ready import ReadyThread, is_plain, unpack_ready
from annotations.store.spool import IN_MEMORY
from annotations.store.spooled_posts import spool_there
from annotations.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from annotations.model import Post, Thread
    from annotations.sources.second_process import SecondProcess
    from annotations.store.spool import Spool

    Make: TypeAlias = Callable[[ThreadMaker, str, Sequence[Post], dict[str, object]], Thread]
    """Makes a thread of its key, its records and what is known of it; a function of a module."""

POSTS = 1000
"""Posts that the other process makes ready at once."""
_AHEAD = 8
"""How often it is asked for that before the first ones are there: as many posts are stored at once, meanwhile it goes on."""
_CHARACTERS = 1_000_000
"""Characters from which on it makes no more of them: they are in memory, here and there."""


class _Opening(msgspec.Struct, array_like=True, frozen=True):
    """What the other process has to know."""

    spool: str
    module: str
    function: str
    importer: str
    name: str
    stem: str


class _Batch(msgspec.Struct, array_like=True):
    """Threads that it is to make: the key of each, and how many posts it has."""

    opening: _Opening
    threads: list[tuple[str, int]]


class SecondMaker:
    """Makes threads in two processes.

    Args:
        maker: Makes them here.
        make: How each is made.
        spool: Holds their posts.
    """

    def __init__(self, maker: ThreadMaker, make: Make, spool: Spool) -> None:
        self._maker = maker
        self._make = make
        self._spool = spool
        source = maker.source
        self._opening = _Opening(spool.called, make.__module__, make.__qualname__, maker.name, source.name, source.stem)

    def greeting(self) -> bytes:
        """Return what has `make_batch` open the spool."""
        return msgspec.msgpack.encode(_Batch(self._opening, []))

    def threads(self, other: SecondProcess) -> Iterator[Thread]:
        """Yield the threads in the order in which they first appeared.

        Raises:
            SourceError: If the import is strict and a record has a problem.
            SpoolError: If there is no room on the disk.
            WorkCancelledError: If the work was cancelled.
        """
        batches = self._batches()
        asked: deque[tuple[list[tuple[str, int]], int]] = deque()
        while True:
            while len(asked) < _AHEAD and (batch := next(batches, None)):
                asked.append((batch, self._hand_out(batch, other)))
            if not asked:
                return
            batch, number = asked.popleft()
            answer = other.answer(number) if number else None
            made = [] if answer is None else _decoder().decode(answer)
            for place, (key, posts) in enumerate(batch):
                ready = made[place] if place < len(made) else None
                yield self._thread_here(key, posts) if ready is None else self._thread_from(ready)

    def _batches(self) -> Iterator[list[tuple[str, int]]]:
        """Yield threads that are to be made at once; a long one alone."""
        batch: list[tuple[str, int]] = []
        waiting = 0
        for key, posts in self._spool.contents():
            if batch and (waiting + posts > POSTS or posts > IN_MEMORY):
                yield batch
                batch, waiting = [], 0
            batch.append((key, posts))
            waiting += posts if posts <= IN_MEMORY else POSTS  # a long one alone
        if batch:
            yield batch

    def _hand_out(self, threads: list[tuple[str, int]], other: SecondProcess) -> int:
        """Have the other process make threads, and return the number of its answer; 0 for a long one, which is made here."""
        if threads[0][1] > IN_MEMORY or not other.is_there:
            return 0
        return other.ask(make_batch, msgspec.msgpack.encode(_Batch(self._opening, threads)))

    def _thread_here(self, key: str, posts: int) -> Thread:
        return self._make(self._maker, key, self._spool.posts_of(key, posts), self._spool.thread_facts(key))

    def _thread_from(self, ready: ReadyThread) -> Thread:
        for problem in ready.problems:
            self._maker.source.problems.add(problem.what, problem.where, problem.done)
        return self._maker.finish(unpack_ready(ready))


def make_batch(asked: bytes) -> bytes:
    """Make threads in the other process: as many of them as may be in memory, at least one if there is any."""
    batch = msgspec.msgpack.decode(asked, type=_Batch)
    workshop = _workshop(batch.opening)
    made: list[ReadyThread | None] = []
    characters = 0
    for key, posts in batch.threads:
        ready = workshop.make(key, posts)
        made.append(ready)
        characters += 0 if ready is None else ready.characters
        if characters > _CHARACTERS:
            break
    return msgspec.msgpack.encode(made)


class _Workshop:
    """Makes threads of the spool of another process.

    Args:
        opening: Where it is, and how they are made.
    """

    def __init__(self, opening: _Opening) -> None:
        self._spool = spool_there(opening.spool)
        self._source = Source.of_bytes(b"", opening.name, stem=opening.stem)
        self._maker = ThreadMaker(self._source, opening.importer)
        self._make: Make = getattr(import_module(opening.module), opening.function)

    def make(self, key: str, posts: int) -> ReadyThread | None:
        """Return a thread, or None where it is refused or has more than posts: whoever asks says what is to be said then."""
        self._source.problems = problems = ListedProblems(self._source.name)
        thread = self._make(self._maker, key, self._spool.posts_of(key, posts), self._spool.thread_facts(key))
        if thread.dropped or not is_plain(thread):
            return None
        try:
            prepared = PreparedThread(thread, "", "", Work())
        except (PostilError, RecursionError):
            return None
        survey = prepared.survey
        return ReadyThread(
            key=thread.key,
            title=thread.title,
            format=thread.format,
            url=thread.url,
            warnings=thread.warnings,
            meta=to_json(thread.meta),
            problems=problems.listed,
            parents=survey.parents.tobytes(),
            depths=survey.depths.tobytes(),
            sizes=survey.sizes,
            content=survey.content,
            characters=survey.characters,
            uncertain=survey.uncertain,
            has_path_keys=survey.has_path_keys,
            rows=[(post.key, *content_columns(post)) for post in prepared.thread.posts],
        )


@lru_cache(maxsize=1)
def _workshop(opening: _Opening) -> _Workshop:
    return _Workshop(opening)


@lru_cache
def _decoder() -> msgspec.msgpack.Decoder[list[ReadyThread | None]]:
    return msgspec.msgpack.Decoder(list[ReadyThread | None])
