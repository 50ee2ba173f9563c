"""The importer of Slack: an export of a workspace as a folder or zip, or one day of a channel.

A channel becomes a thread: its name, topic and purpose are the article, each message answers it, and the answers to a
message (`thread_ts`) stand below that message. So a discussion keeps what was said around it, and nothing is said twice.

Sources: slack.com/help/articles/220556107 (what stands in an export: `channels.json`, `groups.json`, `dms.json`,
`mpims.json`, `users.json`, and a folder for each channel with a file for each day), docs.slack.dev/messaging/formatting-message-text
(`&`, `<` and `>` are the only characters that are escaped; `<@U…>` is a person) and docs.slack.dev/reference/events/message
(`ts` is a message's id in its channel, `subtype`, `tombstone` for a deleted one with answers, `user_profile`, `bot_profile`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annotations.importers.reading.json_fields import Record, each_record, one_line, records_in
from annotations.importers.reading.json_marks import look
from annotations.importers.reading.making import ThreadMaker, join_headline, make_meta
from annotations.importers.reading.member_files import files_of, find_folder, read_member
from annotations.importers.reading.stored_list import StoredList
from annotations.importers.reading.times import from_epoch
from annotations.importers.sites.slack_messages import read_message
from annotations.importers.sites.slack_people import People
from annotations.model import ARTICLE_KEY, Post, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "slack"
title = "Slack: an export as a folder or zip, a thread for each channel"
keeps = "channels, messages with their answers below them, names, times, files, reactions and all other fields"
loses = "the files themselves, of which an export has the addresses"

_SURE = 0.95
_LISTS = {"channels.json": "#", "groups.json": "#", "mpims.json": "", "dms.json": ""}
"""Where an export lists its channels, and what is written in front of their names."""

_PEOPLE = ("users.json", "org_users.json")
_DAY = re.compile(r"(?:(.*)/)?([^/]+)/(\d{4}-\d{2}-\d{2}[^/]*\.json)")


def sniff(source: Source) -> float:
    """Say how sure it is that the source is an export: by the names of its files, or the fields of a day's messages."""
    if source.is_folder:
        files = files_of(source)
        folder = find_folder(files, _LISTS)
        if folder is None:
            return 0.0
        has_people = any(folder + called in files for called in _PEOPLE)
        return _SURE if has_people or any(map(_DAY.fullmatch, files)) else 0.0
    marks = look(source)
    is_day = marks.says("*/type", "message") and marks.has("*/ts", "*/text")
    return _SURE if is_day and (marks.has("*/user") or marks.has("*/subtype")) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each channel: those that the export lists in its order, then those that only have a folder."""
    maker = ThreadMaker(source, name)
    if not source.is_folder:
        yield _make_channel(maker, {"name": source.stem or "channel"}, "#", [source], People(source, []), is_one=True)
        return
    files = files_of(source)
    prefix = find_folder(files, _LISTS) or ""
    people = People(source, [entry for called in _PEOPLE for entry in _read_list(source, files.get(prefix + called))])
    days: dict[str, list[Source]] = {}
    for path in files:
        if path.startswith(prefix) and (match := _DAY.fullmatch(path[len(prefix) :])) and not match[1]:
            days.setdefault(match[2], []).append(files[path])
    listed: set[str] = set()
    channels: list[tuple[dict[str, object], str, list[Source]]] = []
    for called, sign in _LISTS.items():
        for channel in _read_list(source, files.get(prefix + called)):
            folder = next((f for f in (channel.get("name"), channel.get("id")) if isinstance(f, str) and f in days), "")
            if not folder:
                folder = str(channel.get("name") or channel.get("id") or "")
            if folder in listed:
                continue
            listed.add(folder)
            channels.append((channel, sign, days.get(folder, [])))
    channels += [({"name": folder}, "#", days[folder]) for folder in days if folder not in listed]
    for number, (channel, sign, members) in enumerate(channels):
        with source.work.within(number / len(channels), (number + 1) / len(channels)):
            thread = _make_channel(maker, channel, sign, members, people, is_one=len(channels) == 1)
        yield thread


def _read_list(source: Source, member: Source | None) -> list[dict[str, object]]:
    if member is None:
        return []
    return records_in(source, _as_list(read_member(source, member)), f"{member.relative}: entry")


def _as_list(values: object) -> list[object]:
    if isinstance(values, list):
        return values
    return [] if values is None else [values]


def _make_channel(  # noqa: PLR0913  # what a channel is made of
    maker: ThreadMaker,
    fields: Mapping[str, object],
    sign: str,
    days: Sequence[Source],
    people: People,
    *,
    is_one: bool,
) -> Thread:
    """Make a thread of a channel."""
    record = Record(maker.source, fields, f"channel {fields.get('name') or fields.get('id')}"[:80])
    key = record.key("id") or ARTICLE_KEY
    called = record.name("name")
    members = fields.get("members")
    partners = ", ".join(people.name_of(person) for person in members) if isinstance(members, list) else ""
    headline = f"{sign}{called}" if called else partners or key
    about = [
        one_line(maker.source.clean(text)) for text in (_value(fields, "topic"), _value(fields, "purpose")) if text
    ]
    body = "\n\n".join(dict.fromkeys(about))
    article = Post(
        key=key,
        parent=None,
        kind=PostKind.ARTICLE,
        text=join_headline(headline, body),
        author=people.find(fields.get("creator")),
        created_at=from_epoch(fields.get("created")),
    )
    return maker.make(
        article,
        _read_days(maker.source, days, people),
        key="" if is_one else called or key,
        title=headline,
        meta=make_meta(record.rest, members=people.names_of(members)),
    )


def _value(fields: Mapping[str, object], field: str) -> str:
    """Return what a channel's topic or purpose says."""
    about = fields.get(field)
    value = about.get("value") if isinstance(about, dict) else about
    return value if isinstance(value, str) else ""


def _read_days(source: Source, days: Sequence[Source], people: People) -> Iterator[Post]:
    """Yield the messages of a channel, day by day."""
    for place, day in enumerate(days):
        where = (day.relative or day.name).rsplit("/", 1)[-1]
        with source.work.within(place / len(days), (place + 1) / len(days)):
            values = read_member(source, day, may_be_long=True)
        if day is not source:
            day.forget()  # the beginnings of a thousand files would fill the memory
        found = each_record(source, values if isinstance(values, StoredList) else _as_list(values), f"{where}: message")
        for number, fields in enumerate(source.work.heed(found), 1):
            yield read_message(
                Record(source, fields, f"{where}: message {fields.get('ts', number)}"), where, number, people
            )
