"""Which column of a table holds what: as the analyst says, else guessed by the names that are common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annotations.sources.source import Source

_NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "comment", "commenttext", "commentbody", "commentcontent", "message", "fulltext"),
        *(
            "messagetext",
            "rawtext",
            "posttext",
            "postbody",
            "selftext",
            "tweet",
            "tweettext",
            "utterance",
            "reviewtext",
        ),
        *("review", "post", "sentence", "document", "texte", "kommentar", "comentario", "commentaire", "texto"),
    ),
    "parent": (
        *("parent", "parentid", "replyto", "replytoid", "inreplyto", "inreplytoid", "parentcommentid", "parentcomment"),
        *("inreplytostatusid", "inreplytotweetid", "commentparent", "commentparentid", "parentkey", "parentpost"),
        *("answersto", "respondsto", "responseto", "replytotweetid", "pid", "parenthex"),
    ),
    "id": (
        "id",
        "commentid",
        "messageid",
        "tweetid",
        "utteranceid",
        "key",
        "postid",
        "statusid",
        "uid",
        "uuid",
        "guid",
    ),
    "thread": (
        *("thread", "threadid", "conversation", "conversationid", "discussion", "discussionid", "topicid", "articleid"),
        *("storyid", "linkid", "submissionid", "videoid", "postid", "debateid", "pageid", "topic", "article"),
    ),
    "author": (
        *("author", "user", "username", "authorname", "commentauthor", "speaker", "screenname", "displayname", "by"),
        *(
            "poster",
            "commenter",
            "writer",
            "sender",
            "from",
            "nickname",
            "nick",
            "handle",
            "name",
            "authorid",
            "userid",
        ),
    ),
    "time": (
        *(
            "time",
            "timestamp",
            "createdat",
            "createdutc",
            "created",
            "datetime",
            "publishedat",
            "published",
            "postedat",
        ),
        *(
            "commentdate",
            "commenttime",
            "creationdate",
            "postdate",
            "dateposted",
            "posted",
            "date",
            "ts",
            "createdtime",
        ),
    ),
    "title": ("title", "headline", "threadtitle", "articletitle", "posttitle", "subject"),
    "url": ("url", "link", "permalink", "uri", "href", "articleurl"),
    "kind": ("kind", "type", "posttype", "recordtype", "itemtype"),
}
"""The names of columns that are known, the surest first, in small letters and without other signs."""

_PHRASES = {
    "text": "text",
    "parent": "what it answers",
    "id": "id",
    "thread": "thread",
    "author": "author",
    "time": "time",
    "title": "title",
    "url": "address",
    "kind": "kind",
}
_MISSING = {
    "parent": (
        "No column says what a row answers: all answer the article. If one does, name it: --map parent=COLUMN; "
        "--map parent= says that there is none."
    ),
    "thread": (
        "No column names the thread: all rows are one. If they are several, say which column parts them: "
        "--map thread=COLUMN; --map thread= says that they are one."
    ),
}
"""What is said where a column that decides about the tree is neither found nor named."""

ROLES = (*_NAMES, "label")
"""What a mapping may name. Labels are never guessed: a column of that name may hold anything."""

_SIGNS = re.compile(r"[\W_]+")
_SHOWN = 40


class Columns(Struct, frozen=True, kw_only=True):
    """The columns that hold what the model has, "" for those that the table lacks.

    Args:
        notes: Sentences on what was guessed, and on what no column says; none where the analyst named everything.
    """

    text: str
    parent: str = ""
    id: str = ""
    thread: str = ""
    author: str = ""
    time: str = ""
    title: str = ""
    url: str = ""
    kind: str = ""
    label: str = ""
    notes: tuple[str, ...] = ()


def guess_columns(names: Sequence[str]) -> dict[str, str]:
    """Return what each column is likely to hold, by role; a role that no column has is left out."""
    plain: dict[str, str] = {}
    for column in names:
        plain.setdefault(_SIGNS.sub("", column.casefold()), column)
    found: dict[str, str] = {}
    for role, known in _NAMES.items():
        chosen = next((plain[word] for word in known if word in plain and plain[word] not in found.values()), "")
        if chosen:
            found[role] = chosen
    return found


def choose_columns(source: Source, names: Sequence[str]) -> Columns:
    """Return which column holds what: what `source.mapping` says, and a guess at the rest.

    Raises:
        SourceError: If the mapping names a column that there is not, or if no column is known to hold the text.
    """
    given = _check(source, source.mapping, names)
    rest = [column for column in names if column not in given.values()]
    guessed = {role: column for role, column in guess_columns(rest).items() if role not in given}
    if "text" not in given and "text" not in guessed:
        raise SourceError(
            f"{source.shown}: none of its columns is known to hold the text",
            f"Say which does with --map text=COLUMN. {_list(names)}",
        )
    chosen = {**guessed, **{role: column for role, column in given.items() if column}}
    missing = [sentence for role, sentence in _MISSING.items() if role not in chosen and role not in given]
    return Columns(**chosen, notes=(*_explain(guessed), *missing))


def _check(source: Source, mapping: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    for role, column in mapping.items():
        if role not in ROLES:
            raise SourceError(
                f"“{role}” is nothing that a column can be mapped to",
                f"A mapping is --map ROLE=COLUMN, with one of these roles: {', '.join(ROLES)}.",
            )
        if column and column not in names and column.split(".")[0] not in names:
            raise SourceError(f"{source.shown} has no column “{column}”", _list(names))
    return dict(mapping)


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"Its columns: {shown}{more}."


def _explain(guessed: Mapping[str, str]) -> tuple[str, ...]:
    if not guessed:
        return ()
    parts = [f"{_PHRASES[role]} from “{column}”" for role, column in guessed.items()]
    return (f"Columns were guessed by their names: {', '.join(parts)}. If that is wrong, name them with --map.",)
