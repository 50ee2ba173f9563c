"""Which posts a search or a filter wants: words and conditions, as they are typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotations.store import threads

if TYPE_CHECKING:
    from annotations.model import StoredPost
    from tui.screens.thread_source import ThreadSource

_CONDITION = re.compile(r"(label|author|depth):(\"[^\"]*\"|\S+)|\b(unread|read|reviewed|labeled|unlabeled|guessed)\b")


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Conditions that a post has to meet, all of them.

    Args:
        words: Text that it contains; case counts only where a capital is typed (smart case).
        label: A part of the id of a label that it carries.
        author: A part of its author's name.
        depth: How deep it stands at most.
        states: Any of unread, read, reviewed, labeled, unlabeled, guessed.
    """

    words: str = ""
    label: str = ""
    author: str = ""
    depth: int = 0
    states: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, typed: str) -> PostFilter:
        """Read conditions from what was typed; what is no condition are words."""
        values = {"label": "", "author": "", "depth": ""}
        states: set[str] = set()

        def take(match: re.Match[str]) -> str:
            if match[3]:
                states.add(match[3])
            else:
                values[match[1]] = match[2].strip('"')
            return ""

        words = " ".join(_CONDITION.sub(take, typed).split())
        depth = int(values["depth"]) if values["depth"].isascii() and values["depth"].isdigit() else 0
        return cls(words, values["label"], values["author"], depth, frozenset(states))

    @property
    def is_empty(self) -> bool:
        """Whether every post meets it."""
        return not (self.words or self.label or self.author or self.depth or self.states)

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What to emphasize in texts."""
        return smart_case(self.words) if self.words else None

    def matches(self, source: ThreadSource) -> list[int]:
        """Return the positions of the posts that meet it, in order."""
        pattern = self.pattern
        author = smart_case(self.author) if self.author else None
        return [
            post.position
            for post in threads.iter_posts(source.session.project, source.thread.id)
            if self._is_met(post, source, pattern, author)
        ]

    def _is_met(
        self,
        post: StoredPost,
        source: ThreadSource,
        pattern: re.Pattern[str] | None,
        author: re.Pattern[str] | None,
    ) -> bool:
        if pattern and not (pattern.search(post.text) or (post.author and pattern.search(post.author))):
            return False
        if author and not (post.author and author.search(post.author)):
            return False
        if self.depth and post.depth > self.depth:
            return False
        labels = source.labels_at(post.position)
        if self.label and not any(self.label.casefold() in label.casefold() for label in labels):
            return False
        holds = {
            "unread": not source.read[post.position],
            "read": bool(source.read[post.position]),
            "reviewed": post.position in source.reviewed,
            "labeled": bool(labels),
            "unlabeled": not labels,
            "guessed": bool(post.uncertain),
        }
        return all(holds[state] for state in self.states)


def smart_case(words: str) -> re.Pattern[str]:
    """Return a pattern for `words` as they are; case counts only where they hold a capital."""
    flags = re.NOFLAG if any(character.isupper() for character in words) else re.IGNORECASE
    return re.compile(re.escape(words), flags)
