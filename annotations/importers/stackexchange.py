"""The importer of Stack Exchange: the data dump of a site as a folder, and questions as the API gives them.

A question is the article, answers answer it, comments answer the question or an answer. Sources: *Database schema
documentation for the public data dump and SEDE* (meta.stackexchange.com/q/2677) for the dump, whose rows carry all fields as
attributes, and api.stackexchange.com/docs/types/question, …/answer and …/comment. The dump's archives are 7z, which is
unpacked elsewhere. Comments are numbered apart from posts, so their keys are `comment-` and the number.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from annotations.errors import SourceError
from annotations.importers.sites.stackexchange_api import read_api
from annotations.importers.sites.stackexchange_dump import Dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.model import Thread
    from annotations.sources.source import Source

name = "stackexchange"
title = "Stack Exchange: the data dump of a site (a folder), or questions from the API (JSON)"
keeps = "questions, answers, comments, authors, times, HTML, scores, which answer was accepted, all other fields"
loses = "tag wikis and other pages that answer no question, which are counted"

_SURE = 0.97
_LIKELY = 0.9
_LOOKED_AT = 1 << 16
_POSTS = re.compile(r"""<posts[\s>].*?<row\s[^<>]*?\bPostTypeId\s*=""", re.DOTALL)
_API = re.compile(r'"question_id"\s*:\s*\d')
_API_TOO = re.compile(r'"(?:quota_remaining|is_answered|answer_id|is_accepted|content_license)"\s*:')
_SITES = re.compile(r"stack(?:exchange|overflow|apps)|serverfault|superuser|askubuntu|mathoverflow")
_ARCHIVE = b"7z\xbc\xaf\x27\x1c"


def sniff(source: Source) -> float:
    """Say how sure it is that the source is from Stack Exchange: by the rows of a dump, or the fields of the API."""
    if source.is_folder:
        files = {PurePath(member.name).name.lower(): member for member in source.members()}
        posts = files.get("posts.xml")
        return _SURE if posts is not None and _POSTS.search(posts.start[:_LOOKED_AT]) else 0.0
    if source.head.startswith(_ARCHIVE):
        return _LIKELY if _SITES.search(source.name.lower()) else 0.0
    start = source.start[:_LOOKED_AT]
    if start.lstrip().startswith("<"):
        return _SURE if _POSTS.search(start) else 0.0
    if not start.lstrip().startswith(("{", "[")):
        return 0.0
    return _LIKELY if _API.search(source.start) and _API_TOO.search(source.start) else 0.0


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each question, in the order of the source."""
    if source.is_folder:
        yield from Dump(source, name, list(source.members())).threads()
    elif source.head.startswith(_ARCHIVE):
        raise SourceError(
            f"{source.shown} is a 7-Zip archive, which Postil does not unpack",
            "Unpack it into a folder (“7z x FILE -oFOLDER”), and import the folder.",
        )
    elif source.start.lstrip("\ufeff` \t\n").startswith("<"):
        yield from Dump(source, name, [source]).threads()
    else:
        yield from read_api(source, name)
