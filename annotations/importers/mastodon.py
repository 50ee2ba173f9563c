"""The importer of Mastodon: a status' context, with the status itself or without it.

Source: docs.joinmastodon.org/entities/Context and /Status. `ancestors` stand above the status that was asked for,
`descendants` below it, each with `in_reply_to_id`; the context does not hold the status. Texts are HTML. Other servers
that speak Mastodon's API (GoToSocial, Pleroma, Pixelfed) write the same.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.importers.reading.gathering import gather, keep, links_of
from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import NO_RECORD, Record, place_of, records_in
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, absent_article, first_words, make_meta
from annotations.importers.reading.stored_list import StoredList, as_list, is_list
from annotations.model import Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annotations.importers.reading.json_marks import Marks
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "mastodon"
title = "Mastodon: the context of a status, or a list of statuses"
keeps = "the tree, HTML, content warnings, descriptions of media, polls, edits, counts, all fields"
loses = "fields that are empty"

_SURE = 0.95
_LIKELY = 0.9
_ABSENT = "The status that was asked for is not in the source, only what stands above and below it."


class _Conversation(Struct):
    """The statuses of a thread, in the source's order; each of the parts in which they stand may be on the disk."""

    parts: list[Iterable[dict[str, object]]]
    has_focus: bool = False


def sniff(source: Source) -> float:
    """Say how sure it is that the source is of Mastodon's API: by contexts, or by statuses that answer others."""
    marks = look(source)
    for at in ("", "*/", "context/", "*/context/"):
        is_context = marks.has(f"{at}ancestors", f"{at}descendants")
        if is_context and any(_is_status(marks, f"{at}{where}/*/") for where in ("ancestors", "descendants")):
            return _SURE
        if is_context and (_is_status(marks, "status/") or _is_status(marks, "*/") or _is_status(marks, "")):
            return _SURE
    return _LIKELY if _is_status(marks, "*/") or _is_status(marks, "") else 0.0


def _is_status(marks: Marks, at: str) -> bool:
    return marks.has(f"{at}in_reply_to_id", f"{at}content", f"{at}account/acct") or marks.has(
        f"{at}in_reply_to_id", f"{at}in_reply_to_account_id", f"{at}spoiler_text"
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each context; statuses without one are put together to a thread, too."""
    maker = ThreadMaker(source, name)
    conversations = _gather(source, read_documents(source, "context", "ancestors", "descendants"))
    for conversation in conversations:
        yield _make_thread(maker, conversation, is_one=len(conversations) == 1)


def _gather(source: Source, documents: Iterable[object]) -> list[_Conversation]:
    """Return the conversations in documents; a status beside a context is the one that the context is of."""
    found: list[_Conversation] = []
    loose: list[dict[str, object]] = []
    waiting = list(documents)[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, StoredList) and not waiting and not loose and all(map(_is_alone, value)):
            found.append(_Conversation([_Records(source, value, "status")], has_focus=True))
        elif is_list(value):
            waiting += list(as_list(value))[::-1]
        elif isinstance(value, dict):
            inner = value.get("context")
            context = inner if isinstance(inner, dict) else value
            status = value.get("status")
            own = status if isinstance(status, dict) else value if "content" in value else None
            if "ancestors" in context or "descendants" in context:
                above, below = (_statuses(source, context, part) for part in ("ancestors", "descendants"))
                plain = {name: it for name, it in own.items() if name not in _PARTS} if own else None
                found.append(_Conversation([above, [plain] if plain else [], below], has_focus=bool(own)))
            elif own is not None:
                loose.append(own)
        else:
            source.problems.add("is no record", "a value beside the statuses", "it was left out")
    if len(found) == 1:
        found[0] = _place(found[0], loose)
    elif loose:
        found.append(_Conversation([loose], has_focus=True))
    return found


_PARTS = frozenset({"ancestors", "descendants", "context"})


def _is_alone(value: object) -> bool:
    """Tell whether a value is a status without a context."""
    return isinstance(value, dict) and "content" in value and _PARTS.isdisjoint(value) and "status" not in value


class _Records:
    """The records of a list that is on the disk, each time that they are iterated over; what is none is reported once."""

    def __init__(self, source: Source, values: StoredList, called: str) -> None:
        self._source = source
        self._values = values
        for number, value in enumerate(values, 1):
            if not isinstance(value, dict):
                source.problems.add(NO_RECORD, f"{called} number {number}", "it was left out")

    def __iter__(self) -> Iterator[dict[str, object]]:
        return (value for value in self._values if isinstance(value, dict))


def _statuses(source: Source, context: dict[str, object], part: str) -> Iterable[dict[str, object]]:
    value = context.get(part)
    if isinstance(value, StoredList):
        return _Records(source, value, f"{part}: entry")
    return records_in(source, value, f"{part}: entry") if isinstance(value, list) else []


def _place(conversation: _Conversation, loose: list[dict[str, object]]) -> _Conversation:
    """Put statuses from beside a context before the first that answers one of them, else in front if they answer nothing."""
    if not loose:
        return conversation
    statuses = list(chain.from_iterable(conversation.parts))
    ids = {str(status.get("id")) for status in loose}
    at = next((at for at, it in enumerate(statuses) if str(it.get("in_reply_to_id")) in ids), len(statuses))
    return _Conversation([statuses[:at], loose, statuses[at:]], has_focus=True)


def _make_thread(maker: ThreadMaker, conversation: _Conversation, *, is_one: bool) -> Thread:
    """Make a thread: its article is the status that answers nothing, or the missing one that the first ones answer."""
    source = maker.source
    read = (
        _read_status(Record(source, status, place_of("status", status.get("id"), number)), f"status-{number}")
        for number, status in enumerate(chain.from_iterable(conversation.parts), 1)
    )
    posts = gather(read, source.work)
    top = next((place for place, (_, parent, _) in enumerate(links_of(posts)) if parent is None), None)
    warnings = []
    if top is not None:
        article = posts[top]
    else:
        present = {key for key, _, _ in links_of(posts)}
        missing = next((parent for _, parent, _ in links_of(posts) if parent not in present), None)
        if conversation.has_focus and posts and posts[0].parent not in present:
            article = replace(posts[0], meta={**posts[0].meta, "parent": posts[0].parent}, parent=None)
        else:
            article = absent_article(missing or "")
            warnings.append(_ABSENT)
        del present
    spoiler = article.meta.get("spoiler_text")
    url = article.meta.get("url")
    return maker.make(
        replace(article, kind=PostKind.ARTICLE),
        keep(posts, (key != article.key or parent is not None for key, parent, _ in links_of(posts))),
        key="" if is_one else article.key,
        title=spoiler if isinstance(spoiler, str) else first_words(article.text, "html"),
        url=url if isinstance(url, str) else None,
        warnings=warnings,
    )


def _read_status(record: Record, fallback: str) -> Post:
    """Make a post of a status; its author is the name that is one in the whole network, as far as the source has that."""
    key = record.identify(fallback, "id")
    parent = record.key("in_reply_to_id") or None
    text = record.text("content")
    account = record.child("account")
    author = account.name("acct", "username", "display_name")
    url = record.text("url", "uri")
    created_at = record.time("created_at")
    spoiler = record.text("spoiler_text")
    meta = make_meta(
        record.rest,
        markup="html" if text else "",
        url=url,
        edited_at=record.moment("edited_at"),
        name=account.name("display_name"),
        spoiler_text=spoiler,
        media=_describe_media(record),
        poll=_read_poll(record),
    )
    return Post(key=key, parent=parent, text=text, author=author, created_at=created_at, meta=meta)


def _describe_media(record: Record) -> list[object] | None:
    """Return what kinds of media stand beside the text, each with its description."""
    media = record.peek("media_attachments")
    described = [
        {name: record.source.clean(value) for name in ("type", "description") if isinstance(value := it.get(name), str)}
        for it in (media if isinstance(media, list) else [])
        if isinstance(it, dict)
    ]
    return [it for it in described if it] or None


def _read_poll(record: Record) -> list[object] | None:
    """Return the options of a poll with their votes."""
    poll = record.peek("poll")
    options = poll.get("options") if isinstance(poll, dict) else None
    found: list[object] = []
    for option in options if isinstance(options, list) else []:
        if isinstance(option, dict) and isinstance(said := option.get("title"), str):
            votes = option.get("votes_count")
            found.append(
                {"title": record.source.clean(said), **({"votes_count": votes} if isinstance(votes, int) else {})}
            )
    return found or None
