"""Adjudication: settling what annotators disagree on into one gold set.

The gold set is a layer of annotations of its own, which belong to an annotator of the kind `gold`; nobody's own annotations are
touched. A post is settled when that annotator has reviewed it: with the labels that the gold set has there then, or with none.
An article stands for its thread: what is put on the thread as a whole is settled with it. Relations are settled with the post
that they start from. Each method is one step of the gold set, which `undo` takes back; its events say who adjudicated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from annotations.deciding import Decision, Take, take, take_from, take_some
from annotations.errors import RuleError
from annotations.model import Annotator, AnnotatorKind, Target
from annotations.seen_posts import SeenPosts
from annotations.settlement import Settlement
from annotations.settling import Settling
from annotations.store.adjudication import gold_id, load_gold, make_gold
from annotations.store.codebooks import codebook_in_force
from annotations.store.threads import load_post
from annotations.store.undoing import redo_command, undo_command
from annotations.store.writing import Change, Writing
from annotations.wording import name_post

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import TypeAlias

    from annotations.seen_posts import SeenPost
    from annotations.store.project import Project

    Taking: TypeAlias = Take | Annotator | Collection[str]

__all__ = ["Adjudication", "OpenCount", "Settlement", "Take", "gold_as"]

_BATCH = 500
"""Posts that are settled together."""
_HOW = {Take.MAJORITY: "by majority", Take.ALL: "on what all put", Take.NONE: "on nothing"}


class OpenCount(Struct, frozen=True, kw_only=True):
    """How much is not settled of what several annotators have seen.

    Args:
        agreed: Posts on which all have put the same.
        differing: Posts on which they differ.
        is_all: Whether all such posts were looked at.
    """

    agreed: int
    differing: int
    is_all: bool = True


class Adjudication:
    """What one person settles in a project.

    Args:
        project: The project.
        adjudicator: The person's name; whoever only looks needs none.
        with_models: Whether models count as annotators; one that is named to be taken does.
    """

    def __init__(self, project: Project, adjudicator: str = "", *, with_models: bool = False) -> None:
        self._project = project
        self._adjudicator = adjudicator
        self._with_models = with_models

    def disagreements(self, thread_id: int | None = None, at_least: int = 2) -> Iterator[SeenPost]:
        """Yield what is not settled of what several annotators have seen, also where they agree, in reading order.

        Args:
            thread_id: Only in this thread.
            at_least: How many must have seen a post.

        Raises:
            ProjectError: If the project cannot be read.
        """
        posts = self._posts()
        yield from posts.iterate(posts.open_posts(thread_id, at_least))

    def count_open(self, thread_id: int | None = None, at_least: int = 2, most: int | None = None) -> OpenCount:
        """Count what `disagreements` yields; no more than `most`."""
        posts = self._posts()
        found = posts.open_posts(thread_id, at_least)
        looked_at = found if most is None else found[:most]
        agreed = sum(seen.is_agreed for seen in posts.iterate(looked_at))
        return OpenCount(agreed=agreed, differing=len(looked_at) - agreed, is_all=len(looked_at) == len(found))

    def settle(self, post_id: int, taking: Taking) -> Settlement:
        """Settle a post, also one that is settled, on some of what was put there.

        Args:
            post_id: The post's row.
            taking: What most, all or none of those have put who have seen it; or what one annotator has; or what the gold
                set itself has there, for its annotator; or the uuids of annotations on it, the gold set's own among them.

        Raises:
            UnknownNameError: If there is no such post.
            RuleError: If nobody has seen the post, or not that annotator; or there is no such annotation on it.
            ProjectError: If the project cannot be written.
        """
        codebook = codebook_in_force(self._project)
        post = load_post(self._project, post_id)
        with self._project.transaction():
            settling = Settling(self._project, self._gold(), codebook)
            is_model = isinstance(taking, Annotator) and taking.kind is AnnotatorKind.MODEL
            (seen,) = SeenPosts(self._project, with_models=self._with_models or is_model).load([post_id])
            articles = {} if seen.position else {post_id: seen.thread_id}
            if isinstance(taking, Take):
                decision, how = take(seen, taking, codebook), _HOW[taking]
            elif isinstance(taking, Annotator) and taking.kind is AnnotatorKind.GOLD:
                own = settling.own([post_id], articles)[post_id]
                decision, how = Decision(post=seen, kept=frozenset(each.uuid for each, _ in own)), "as it stands"
            elif isinstance(taking, Annotator):
                decision, how = take_from(seen, taking.id, taking.name, codebook), f"as {taking.name} has it"
            else:
                own = settling.own([post_id], articles)[post_id]
                decision, how = take_some(seen, taking, own, codebook), "on what was chosen"
            settling.settle([decision])
            if not settling.has_changed:
                return Settlement(change=Change(summary=f"{name_post(post)} is settled like that already"))
            names = {label.id: label.name for label in codebook.labels}
            labels = ", ".join(names.get(each.unit.label, each.unit.label) for each in decision.chosen)
            return settling.finish(f"{name_post(post)} settled {how}{': ' if labels else ''}{labels}")

    def settle_agreed(self, thread_id: int | None = None, at_least: int = 2) -> Settlement:
        """Settle in one step all posts on which everybody who has seen them has put the same.

        Posts on which the gold set has something else already are left open.

        Args:
            thread_id: Only in this thread.
            at_least: How many must have seen a post.

        Raises:
            ProjectError: If the project cannot be written.
            WorkCancelledError: If the project's work was cancelled: nothing is settled then.
        """
        codebook = codebook_in_force(self._project)
        work = self._project.work
        with self._project.transaction():
            posts = self._posts()
            found = posts.open_posts(thread_id, at_least)
            if not found:
                return Settlement(change=Change(summary="Nothing is open"))
            settling = Settling(self._project, self._gold(), codebook)
            work.begin("Settling", len(found), "posts")
            for start in range(0, len(found), _BATCH):
                seen = posts.load(found[start : start + _BATCH])
                agreed: list[Decision] = [take(each, Take.ALL, codebook) for each in seen if each.is_agreed]
                settling.settle(agreed, is_careful=True)
                work.advance(start + len(seen))
            if not settling.has_changed:
                return Settlement(change=Change(summary="On no open post all have put the same"))
            count = f"{settling.posts:,} posts" if settling.posts > 1 else "1 post"
            return settling.finish(f"{count} settled on what all put")

    def reopen(self, post_id: int) -> Change:
        """Say that a post is not settled after all; what the gold set has there stays until it is settled anew.

        Raises:
            UnknownNameError: If there is no such post.
            RuleError: If it is not settled.
            ProjectError: If the project cannot be written.
        """
        post = load_post(self._project, post_id)
        with self._project.transaction():
            (seen,) = self._posts().load([post_id])
            if not seen.is_settled:
                raise RuleError(f"{name_post(post)} is not settled", "postil adjudicate list tells what is open.")
            gold = self._gold()
            writing = Writing(self._project, gold.id, adjudicator_id=gold.adjudicator_id)
            writing.unreview(Target(thread_id=post.thread_id, post_id=post_id))
            return writing.push(f"{name_post(post)} open again")

    def undo(self) -> Change | None:
        """Take back the gold set's last step that stands, whoever did it; None if there is none.

        Raises:
            RuleError: If what it did no longer stands; the step is skipped, and nothing is changed.
            ProjectError: If the project cannot be written.
        """
        gold = gold_id(self._project)
        return None if gold is None else undo_command(self._project, gold, self._person().id)

    def redo(self) -> Change | None:
        """Do the gold set's step again that was taken back last; None if there is none; errors as those of `undo`."""
        gold = gold_id(self._project)
        return None if gold is None else redo_command(self._project, gold, self._person().id)

    def _posts(self) -> SeenPosts:
        return SeenPosts(self._project, with_models=self._with_models)

    def _person(self) -> Annotator:
        return self._project.annotator(self._adjudicator)

    def _gold(self) -> Annotator:
        """Return the gold set's annotator with who adjudicates, in the open transaction."""
        person = self._person()
        return replace(make_gold(self._project), adjudicator_id=person.id, adjudicator=person.name)


def gold_as(project: Project, adjudicator: str) -> Annotator:
    """Return the gold set's annotator as somebody works on it label by label, in a session of its own.

    Raises:
        WrongUsageError: If that is no name for a person.
        ProjectError: If the project cannot be written.
    """
    person = project.annotator(adjudicator)
    gold = load_gold(project)
    if gold is None:
        with project.transaction():
            gold = make_gold(project)
    return Annotator(
        id=gold.id,
        name=f"{gold.name}, as {person.name}",
        kind=AnnotatorKind.GOLD,
        adjudicator_id=person.id,
        adjudicator=person.name,
    )
