"""The importer of YouTube comments as yt-dlp writes them: with a video's record (`.info.json`), or alone.

Source: github.com/yt-dlp/yt-dlp, `yt_dlp/extractor/common.py` (the fields of a video and of `comments`) and the YouTube
extractor: `parent` is "root" or a comment's id; times are reckoned from what the page says, as `_time_text` keeps it. Other
sites that yt-dlp reads comments of have the same record.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from annotations.importers.reading.json_documents import read_documents
from annotations.importers.reading.json_fields import Record, each_record, one_line, place_of
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, absent_article, join_headline, make_meta
from annotations.importers.reading.stored_list import StoredList, as_list, is_list
from annotations.model import Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.importers.reading.json_marks import Marks
    from annotations.model import Thread
    from annotations.sources.source import Source

name = "youtube"
title = "YouTube: a video's comments from yt-dlp"
keeps = "the video's title and description as the article, answers, likes, hearts, pinned ones, all fields of both"
loses = "addresses of the video's files and subtitles, and fields that are empty"

_SURE = 0.95
_ROOT = "root"
_FILES = (
    *("formats", "requested_formats", "requested_downloads", "automatic_captions", "subtitles", "requested_subtitles"),
    *("thumbnails", "http_headers", "fragments", "_format_sort_fields", "heatmap"),
)
"""What yt-dlp notes of a video so that it can be downloaded: much, and void within hours."""


def sniff(source: Source) -> float:
    """Say how sure it is that the source is of yt-dlp: by the comments' fields, or by the video's."""
    marks = look(source)
    for at in ("", "*/", "entries/*/"):
        if _has_comments(marks, f"{at}comments/*/"):
            return _SURE
        is_video = marks.has(f"{at}id", f"{at}title") and (
            marks.has(f"{at}formats/*/format_id") or marks.has(f"{at}extractor", f"{at}webpage_url")
        )
        if is_video:
            return _SURE
    return _SURE if _has_comments(marks, "*/") or _has_comments(marks, "") else 0.0


def _has_comments(marks: Marks, at: str) -> bool:
    return marks.has(f"{at}id", f"{at}parent", f"{at}text") and (
        marks.has(f"{at}author_is_uploader") or (marks.has(f"{at}like_count") and marks.says(f"{at}parent", _ROOT))
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each video."""
    maker = ThreadMaker(source, name)
    videos, alone = _gather(source, read_documents(source, "comments", "entries"))
    count = len(videos) + bool(alone)
    for video in videos:
        yield _make_thread(maker, video, is_one=count == 1)
    if alone:
        article = absent_article()
        comments = _read_comments(source, chain.from_iterable(alone))
        yield maker.make(article, comments, title=source.stem, roots=frozenset({None, "", _ROOT}))


def _gather(source: Source, documents: Iterable[object]) -> tuple[list[dict[str, object]], list[Sequence[object]]]:
    """Return the videos in documents, those of playlists among them, and lists of comments that stand alone."""
    videos: list[dict[str, object]] = []
    alone: list[Sequence[object]] = []
    waiting = list(documents)[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, StoredList) and all(map(_is_comment, value)):
            alone.append(value)
        elif is_list(value):
            waiting += list(as_list(value))[::-1]
        elif isinstance(value, dict):
            entries = value.get("entries")
            if is_list(entries) and "comments" not in value:
                waiting += list(as_list(entries))[::-1]
            elif _is_comment(value):
                alone.append([value])
            else:
                videos.append(value)
        elif value is not None:  # yt-dlp writes null for a video that it could not get
            source.problems.add("is no record", "a value beside the comments", "it was left out")
    return videos, alone


def _is_comment(value: object) -> bool:
    """Tell whether a value is a record that is no video's."""
    return isinstance(value, dict) and value.keys().isdisjoint(("comments", "title", "entries"))


def _make_thread(maker: ThreadMaker, video: dict[str, object], *, is_one: bool) -> Thread:
    """Make a thread of a video's record."""
    source = maker.source
    record = Record(source, video, place_of("video", video.get("id"), 1))
    comments = record.long_list("comments")
    record.drop(*_FILES, "fulltitle")
    key = record.identify("0", "id")
    headline = one_line(record.text("title"))
    body = record.text("description")
    author = record.name("uploader", "channel", "uploader_id")
    created_at = record.time("timestamp", "release_timestamp", is_due=False)
    url = record.text("webpage_url")
    article = Post(
        key=key,
        parent=None,
        kind=PostKind.ARTICLE,
        text=join_headline(headline, body),
        author=author,
        created_at=created_at,
        meta=make_meta(record.rest, url=url),
    )
    return maker.make(
        article,
        _read_comments(source, comments),
        key="" if is_one else key,
        title=headline,
        url=url or None,
        roots=frozenset({None, "", _ROOT}),
    )


def _read_comments(source: Source, values: Iterable[object]) -> Iterator[Post]:
    """Yield a video's comments."""
    for number, fields in enumerate(source.work.heed(each_record(source, values, "comment")), 1):
        record = Record(source, fields, place_of("comment", fields.get("id"), number))
        key = record.identify(f"comment-{number}", "id")
        parent = record.key("parent")
        text = record.text("text", "html")
        author = record.name("author", "author_id")
        created_at = record.time("timestamp")
        yield Post(key=key, parent=parent, text=text, author=author, created_at=created_at, meta=make_meta(record.rest))
