"""The IRIs of what a Web Annotation names: the same whenever and wherever the same project is exported."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha1
from typing import TYPE_CHECKING
from uuid import UUID

from annotations.store.thread_urls import shared_urls

if TYPE_CHECKING:
    from annotations.model import StoredPost, StoredThread
    from annotations.store.project import Project

_SPACE = UUID("0a6f3f5e-6d0c-5b8e-9c41-7d7a3f1f6a52")
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A uuid as it is written in an IRI."""
_KEPT = 1 << 12
"""IRIs that are not made anew when they are needed again: of labels, annotators, and the posts at hand."""


class WebNames:
    """Makes IRIs: of an article the address where it stood, of all else a `urn:uuid:` made of the project's origin and its keys.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self._origin = project.origin
        self.made = lru_cache(_KEPT)(self._made)
        """Returns the IRI of something that has a kind and these keys in the project."""
        self.annotation = lru_cache(_KEPT)(self._annotation)
        """Returns the IRI of an annotation: its uuid where it has a real one."""
        self._shared = shared_urls(project)

    def _made(self, kind: str, *keys: str) -> str:
        """Return a `urn:uuid:` of version 5 (RFC 9562), as `uuid.uuid5` would make it, which takes ten times as long."""
        said = "\n".join((self._origin, kind, *keys))
        made = bytearray(sha1(_SPACE.bytes + said.encode(), usedforsecurity=False).digest()[:16])
        made[6] = made[6] & 0x0F | 0x50
        made[8] = made[8] & 0x3F | 0x80
        digits = made.hex()
        return f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def thread(self, thread: StoredThread) -> str:
        """Return the IRI of a thread as a whole."""
        return self.made("thread", thread.key)

    def post(self, thread: StoredThread, post: StoredPost) -> str:
        """Return the IRI of a post."""
        return self.article(thread, post.key) if post.position == 0 else self.comment(thread, post.key)

    def article(self, thread: StoredThread, key: str) -> str:
        """Return the IRI of a thread's article; it is its address if no other thread has that."""
        url = thread.url
        is_address = url is not None and url.startswith(("http://", "https://")) and url not in self._shared
        return url if url is not None and is_address and _is_iri(url) else self.comment(thread, key)

    def comment(self, thread: StoredThread, key: str) -> str:
        """Return the IRI of a comment."""
        return self.made("post", thread.key, key)

    def _annotation(self, uuid: str) -> str:
        if _UUID.fullmatch(uuid):
            return f"urn:uuid:{uuid}"
        try:
            return UUID(uuid).urn
        except ValueError:
            return self.made("annotation", uuid)


def _is_iri(text: str) -> bool:
    """Tell whether an address holds nothing that an IRI cannot (RFC 3987, section 2.2)."""
    return not any(sign in '<>"{}|\\^`' or sign <= " " for sign in text)
