"""The IRIs of what a Web Annotation names: the same whenever and wherever the same project is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from annotations.store.thread_urls import shared_urls

if TYPE_CHECKING:
    from annotations.model import StoredPost, StoredThread
    from annotations.store.project import Project

_SPACE = UUID("0a6f3f5e-6d0c-5b8e-9c41-7d7a3f1f6a52")


class WebNames:
    """Makes IRIs: of an article the address where it stood, of all else a `urn:uuid:` made of the project's origin and its keys.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self._origin = project.origin
        self._shared = shared_urls(project)

    def made(self, kind: str, *keys: str) -> str:
        """Return the IRI of something that has these keys in the project."""
        return uuid5(_SPACE, "\n".join((self._origin, kind, *keys))).urn

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

    def annotation(self, uuid: str) -> str:
        """Return the IRI of an annotation: its uuid where it has a real one."""
        try:
            return UUID(uuid).urn
        except ValueError:
            return self.made("annotation", uuid)


def _is_iri(text: str) -> bool:
    """Tell whether an address holds nothing that an IRI cannot (RFC 3987, section 2.2)."""
    return not any(sign in '<>"{}|\\^`' or sign <= " " for sign in text)
