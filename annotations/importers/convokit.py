"""The importer of ConvoKit: a corpus as a folder or zip, or its utterances alone.

The utterance that answers nothing is the article of its conversation. Conversations may be mixed in the file. What Postil wrote
comes back with all that was put on it, see `annotations.importers.labeled.convokit_own`.

Sources: github.com/CornellNLP/ConvoKit, `convokit/model/corpus_helpers.py` for what is read (`utterances.jsonl`, before that
`utterances.json`; `speakers.json`, before that `users.json`; `conversations.json`, `corpus.json`; a meta file maps ids to
`{"meta": …, "vectors": …}`, before that to the meta itself) and for the older names of fields (`user`, `root`, `reply_to`),
and its documentation, *The Corpus Object* and *Data Format*.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.importers.labeled.convokit_own import has_own, is_own, make_own, read_own
from annotations.importers.reading.forest import find_roots
from annotations.importers.reading.json_documents import has_lines, read_documents, read_lines
from annotations.importers.reading.json_fields import Record, records_in
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, absent_article, join_headline, make_meta
from annotations.importers.reading.member_files import files_of, find_folder
from annotations.importers.reading.times import from_epoch, from_text
from annotations.importers.sites.convokit_corpus import Corpus, read_corpus
from annotations.lazy_posts import LazyPosts, ReorderedPosts
from annotations.model import ARTICLE_KEY, Post, PostKind
from annotations.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.lazy_posts import Link
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "convokit"
title = "ConvoKit: a corpus as a folder or zip, or its utterances.jsonl"
keeps = (
    "conversations, replies, speakers, times, and the meta of utterances, speakers, conversations and the corpus; of Postil's own "
    "corpora all that was put on them"
)
loses = "vectors and meta values that are kept in binary files beside the corpus"

_SURE = 0.95
_LIKELY = 0.85
_FILES = ("utterances.jsonl", "utterances.json")
_RELATIVE = 1e8
"""Numbers below this (before 1973) count from the beginning of the conversation: no utterance of a corpus is that old."""

_GONE = ("[deleted]", "[removed]", "")
"""What stands for a person or a text that is gone in the corpora made of Reddit."""

SEVERAL = "is one of several that answer nothing in their conversation"
UNTIMED = "has no time that can be read"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is a corpus: by its files' names, or the fields of utterances."""
    if source.is_folder:
        return _SURE if find_folder(files_of(source), _FILES) is not None else 0.0
    marks = look(source)
    for at in ("", "*/"):
        is_said = marks.has(f"{at}id", f"{at}text")
        if is_said and marks.has(f"{at}reply-to"):
            return _SURE
        if is_said and marks.has(f"{at}reply_to", f"{at}root", f"{at}user"):
            return _SURE
        if is_said and marks.has(f"{at}reply_to", f"{at}conversation_id", f"{at}speaker"):
            return _LIKELY
    return 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each conversation, in the order in which they first appear."""
    maker = ThreadMaker(source, name)
    corpora = _find(source)
    for utterances, corpus in corpora:
        yield from _read_corpus(maker, utterances, corpus, is_only=len(corpora) == 1)


def _read_corpus(maker: ThreadMaker, utterances: Source, corpus: Corpus, *, is_only: bool) -> Iterator[Thread]:
    """Yield the threads of one corpus."""
    source = maker.source
    with Spool(source.work) as spool:
        conversations: set[str] = set()
        for number, record in enumerate(_records(utterances), 1):
            if is_own(record):
                conversation, post = read_own(record)
            else:
                conversation, post = _read_utterance(record, f"line-{number}", corpus)
            conversations.add(conversation)
            spool.add(conversation, post)
        if utterances is not source:
            source.dropped += utterances.dropped
        is_one = is_only and len(conversations) == 1
        for key, posts in spool.threads():
            if has_own(posts):
                yield make_own(source, name, key, posts, corpus)
            elif key:
                yield _make_thread(maker, key, posts, corpus, is_one=is_one)
            else:
                for root, members in _by_root(posts):
                    yield _make_thread(maker, root, members, corpus, is_one=False)


def _find(source: Source) -> list[tuple[Source, Corpus]]:
    """Return where the utterances of each corpus are, and what is known beside them: the splits of a data set are one each."""
    if not source.is_folder:
        return [(source, Corpus())]
    files = files_of(source)
    folders = {path[: path.rfind("/") + 1] for path in files if path.rsplit("/", 1)[-1] in _FILES}
    return [
        (
            next(files[folder + called] for called in _FILES if folder + called in files),
            read_corpus(source, files, folder),
        )
        for folder in sorted(folders)
    ]


def _records(source: Source) -> Iterator[Record]:
    if has_lines(source):
        yield from read_lines(source)
        return
    for document in read_documents(source):
        values = document if isinstance(document, list) else [document]
        for number, fields in enumerate(records_in(source, values, "utterance"), 1):
            yield Record(source, fields, f"utterance number {number}")


def _read_utterance(record: Record, fallback: str, corpus: Corpus) -> tuple[str, Post]:
    """Return an utterance as a post, and the conversation that it is of, "" where it does not say."""
    key = record.identify(fallback, "id")
    conversation = record.key("conversation_id", "root")
    parent = record.key("reply-to", "reply_to")
    for field in ("reply-to", "reply_to", "conversation_id", "root"):
        if record.peek(field) is None:
            record.drop(field)
    speaker_field = "speaker" if "speaker" in record.fields else "user"
    said_by = record.peek(speaker_field)
    if isinstance(said_by, dict):  # as some exports have it: the speaker with all that is known of it
        said_by = said_by.get("id")
    speaker = record.as_key(said_by)
    author = corpus.name_of(speaker) if speaker else None
    if author == speaker and isinstance(record.peek(speaker_field), str):
        record.drop(speaker_field)
    if record.peek("vectors") == []:
        record.drop("vectors")
    created_at, text = _read_time(record), record.text("text")
    rest = {field: value for field, value in record.rest.items() if value not in ({}, None)}
    meta = make_meta(rest, is_deleted=speaker == _GONE[0] and text in _GONE)
    return conversation, Post(
        key=key, parent=parent or None, text=text, author=author, created_at=created_at, meta=meta
    )


def _read_time(record: Record) -> str | None:
    """Return when an utterance was said; none where it only says how long after the beginning of its conversation."""
    value = record.peek("timestamp")
    number = _number(value)
    if number is not None and 0 <= number < _RELATIVE:
        return None
    time = from_epoch(value) if number is not None else from_text(value)
    if time is not None and number is not None and number.is_integer():
        record.drop("timestamp")
    elif time is None and value not in (None, ""):
        record.source.problems.add(UNTIMED, record.where, "it was imported without one")
    return time


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _by_root(posts: Iterable[Post]) -> Iterator[tuple[str, list[Post]]]:
    """Yield the conversations of utterances that name none, each with its first utterance's id."""
    members = list(posts)
    roots = find_roots({post.key: post.parent for post in members})
    found: dict[str, list[Post]] = {}
    for post in members:
        found.setdefault(roots[post.key], []).append(post)
    yield from found.items()


def _make_thread(maker: ThreadMaker, key: str, posts: Sequence[Post], corpus: Corpus, *, is_one: bool) -> Thread:
    """Make a thread of a conversation."""
    known = corpus.conversations.get(key, {})
    headline = known.get("title")
    headline = maker.source.clean(headline).strip() if isinstance(headline, str) else ""
    links = list(_links(posts))
    place, further = _find_article(key, links)
    if place is None:
        missing = {parent for _, parent, _ in links} - {name for name, _, _ in links}
        article = absent_article(key if key in missing else ARTICLE_KEY, headline)
        records = posts
    else:
        article = replace(posts[place], kind=PostKind.ARTICLE, parent=None)
        if not article.text.startswith(headline):
            article = replace(article, text=join_headline(headline, article.text))
        records = _others(maker.source, posts, place, further)
    people = {post.author for post in posts if post.author} if corpus.speakers else set()
    speakers = dict(corpus.facts_of(people))
    clean = Record(maker.source, {"conversation": known, "corpus": corpus.facts}, f"conversation {key}").rest
    facts = {field: value for field, value in {**clean, "speakers": speakers}.items() if value}
    return maker.make(article, records, key="" if is_one else key, title=headline, meta=make_meta(facts))


def _links(posts: Sequence[Post]) -> Iterator[Link]:
    if isinstance(posts, LazyPosts):
        return posts.links()
    return ((post.key, post.parent, post.created_at) for post in posts)


def _find_article(key: str, links: Iterable[Link]) -> tuple[int | None, list[int]]:
    """Return which utterance answers nothing, and the further ones that do; None for none.

    It is the one that the conversation is called after, else the first.
    """
    roots = [(place, name) for place, (name, parent, _) in enumerate(links) if parent is None]
    chosen = next((place for place, name in roots if name == key), roots[0][0] if roots else None)
    return chosen, [place for place, _ in roots if place != chosen]


def _others(source: Source, posts: Sequence[Post], article: int, further: Sequence[int]) -> Sequence[Post]:
    """Return all utterances but the article; further ones that answer nothing answer it, which is reported."""
    changed: dict[int, Post] = {}
    for place in further:
        post = posts[place]
        source.problems.add(SEVERAL, f"utterance {post.key}", "it answers the first of them")
        changed[place] = replace(post, uncertain=(*post.uncertain, SEVERAL))
    places = array("q", (place for place in range(len(posts)) if place != article))
    others = ReorderedPosts(posts, places, changed)
    return others if isinstance(posts, LazyPosts) else tuple(others)
