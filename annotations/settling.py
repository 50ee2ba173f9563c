"""One step of adjudication being written: labels into the gold set, what it had besides off it, and that posts are settled.

What a post is settled on takes the place of all that the gold set had there. What stands already as it is wanted stays the
same annotation. Labels come first and relations last, so that the ends are there; a relation whose other end is not in the
gold set waits for that, and is tied in the step that brings it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from annotations.deciding import notes_of, values_of
from annotations.model import Scope, Target
from annotations.settlement import Settlement, Tie, tie_of
from annotations.store import gold_facts
from annotations.store.given import given_row
from annotations.store.gold_facts import Waiting
from annotations.store.labels import (
    annotations_at,
    annotations_of_posts,
    annotations_of_thread,
    load_annotation,
    relations_on,
)
from annotations.store.placing import span_values
from annotations.store.snapshot import load_ends
from annotations.store.writing import Writing
from annotations.units import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotations.codebook import Codebook
    from annotations.deciding import Chosen, Decision
    from annotations.model import Annotation, Annotator
    from annotations.store.project import Project
    from annotations.store.snapshot import End
    from annotations.units import Place

Placed: TypeAlias = "tuple[Annotation, Place]"


class Settling:
    """Writes one step; make a new one for each.

    Args:
        project: The project, with a transaction open.
        gold: The gold set's annotator, with who adjudicates.
        codebook: The codebook in force.
    """

    def __init__(self, project: Project, gold: Annotator, codebook: Codebook) -> None:
        self._project = project
        self._gold = gold
        self._codebook = codebook
        self._writing = Writing(project, gold.id, adjudicator_id=gold.adjudicator_id)
        self._ties: list[Tie] = []
        self._ends: dict[int, dict[object, int]] = {}
        self._settled: dict[int, None] = {}
        self._counts = {"posts": 0, "put": 0, "off": 0, "waiting": 0, "endless": 0, "differing": 0}

    def own(self, post_ids: Sequence[int], articles: Mapping[int, int]) -> dict[int, list[Placed]]:
        """Return what the gold set has on posts, each with its place; of articles also what is on their threads.

        Args:
            post_ids: The posts.
            articles: The row of the thread of each article among them.
        """
        found = annotations_of_posts(self._project, post_ids, self._gold.id)
        for post_id, thread_id in articles.items():
            on_thread = annotations_of_thread(self._project, thread_id, self._gold.id)
            found[post_id] = [*found[post_id], *(each for each in on_thread if each.target.post_id is None)]
        ends = self._ends_of(each for some in found.values() for each in some)
        return {post_id: [(each, place_of(each, ends)) for each in some] for post_id, some in found.items()}

    def settle(self, decisions: Sequence[Decision], *, is_careful: bool = False) -> None:
        """Settle posts, but for the relations between them: `finish` ties those.

        Args:
            decisions: What on, for posts that have none in common.
            is_careful: Whether to pass over posts on which the gold set has something else.
        """
        articles = {each.post.post_id: each.post.thread_id for each in decisions if each.post.position == 0}
        own = self.own([each.post.post_id for each in decisions], articles)
        for decision in decisions:
            there = own[decision.post.post_id]
            wanted = {(each.unit.label, each.unit.place) for each in decision.chosen}
            if not is_careful or all((each.label, place) in wanted for each, place in there):
                self._settle(decision, there)

    def finish(self, summary: str) -> Settlement:
        """Tie the relations, those that have waited too, and put the step on the undo stack."""
        for tie in (*self._ties, *self._have_waited()):
            self._tie(tie)
        return Settlement(change=self._writing.push(summary), **self._counts)

    @property
    def posts(self) -> int:
        """How many posts were settled."""
        return self._counts["posts"]

    @property
    def has_changed(self) -> bool:
        """Whether anything is to be written or was."""
        return bool(self._counts["posts"] or self._counts["off"] or self._counts["put"] or self._ties)

    # --- one post -----------------------------------------------------------------------------------------------------

    def _settle(self, decision: Decision, there: Sequence[Placed]) -> None:
        post = decision.post
        wanted = {(each.unit.label, each.unit.place): each for each in decision.chosen}
        standing: set[tuple[str, Place]] = set()
        falling: list[Annotation] = []
        for annotation, place in there:
            choice = wanted.get((annotation.label, place))
            if annotation.uuid in decision.kept or (choice is not None and _says(annotation, choice)):
                standing.add((annotation.label, place))
            else:
                falling.append(annotation)
        fallen = self._take_off(falling)
        standing -= {(each.label, place) for each, place in there if each.uuid in fallen}
        new = [each for unit, each in wanted.items() if unit not in standing]
        if post.is_settled and not fallen and not new:
            return
        for choice in new:
            self._counts["differing"] += len(choice.differing)
            if choice.unit.scope is Scope.RELATION:
                self._ties.append(tie_of(choice, post.post_id))
            else:
                self._put(choice.unit.annotations[0], choice.unit.annotations[0].target, choice)
        target = Target(thread_id=post.thread_id, post_id=post.post_id)
        if post.is_settled:
            self._writing.unreview(target)
        self._writing.review(target, self._project.now())
        self._settled[post.post_id] = None
        self._counts["posts"] += 1

    def _take_off(self, falling: Sequence[Annotation]) -> set[str]:
        """Take annotations off the gold set and the relations that hang on them; return the uuids of all.

        Relations from other posts are tied again if what they lead to is there under the same label in the end.
        """
        fallen: set[str] = set()
        for annotation in sorted(falling, key=lambda each: each.scope is not Scope.RELATION):
            if annotation.uuid in fallen:
                continue
            for relation in relations_on(self._project, annotation.id):
                if relation.target.post_id != annotation.target.post_id:
                    self._ties.append(self._again(relation))
                self._writing.take_off(relation)
                fallen.add(relation.uuid)
            self._writing.take_off(annotation)
            fallen.add(annotation.uuid)
        self._counts["off"] += len(fallen)
        return fallen

    def _again(self, relation: Annotation) -> Tie:
        return Tie(
            like=relation,
            place=place_of(relation, self._ends_of([relation])),
            note=relation.note,
            attributes=relation.attributes,
            origin=gold_facts.load_origins(self._project, [relation.uuid]).get(relation.uuid),
            from_post=relation.target.post_id or 0,
        )

    def _put(self, like: Annotation, target: Target, choice: Chosen | Tie) -> None:
        """Put an annotation that has label and place of another one."""
        row = given_row(
            self._project,
            uuid=self._project.new_id(),
            annotator_id=self._gold.id,
            label=like.label,
            scope=like.scope,
            target=target,
            codebook_version=like.codebook_version,
            created_at=None,
            updated_at=None,
            note=choice.note,
            attributes=choice.attributes,
        )
        if target.span is not None and like.quote is not None:
            row |= span_values(target.span, like.quote) | {"is_detached": int(like.detached)}
        self._writing.put(row)
        if choice.origin is not None:
            gold_facts.save_origin(self._project, row["uuid"], choice.origin)
        self._counts["put"] += 1

    # --- relations ----------------------------------------------------------------------------------------------------

    def _tie(self, tie: Tie) -> None:
        """Put a relation if its ends are in the gold set and it is not there already; else let it wait, or count it."""
        target, (from_end, to_end) = tie.like.target, tie.place[2:]
        start = self._find(target.post_id, from_end)
        end = self._find(target.to_post_id, to_end)
        if from_end is not None and start is None:
            self._counts["endless"] += 1
            return
        if to_end is not None and end is None:
            self._let_wait(tie)
            return
        own = replace(target, from_annotation=start, to_annotation=end)
        there = annotations_at(self._project, self._gold.id, own)
        if all(each.label != tie.like.label for each in there):
            self._put(tie.like, own, tie)

    def _let_wait(self, tie: Tie) -> None:
        """Keep a relation for the step that brings its other end, if it is one that was just settled on."""
        to_post = tie.like.target.to_post_id or 0
        if tie.origin is None or tie.from_post not in self._settled:
            return  # it was taken off, which is counted
        if to_post == tie.from_post:
            self._counts["endless"] += 1
            return
        waiting = Waiting(post_id=tie.from_post, origin=tie.origin)
        gold_facts.save_waiting(self._project, self._writing.uuid, to_post, waiting)
        self._counts["waiting"] += 1

    def _find(self, post_id: int | None, end: object) -> int | None:
        """Return the row of the gold annotation at which a relation is to start or end."""
        if post_id is None or end is None:
            return None
        if post_id not in self._ends:
            found = annotations_of_posts(self._project, [post_id], self._gold.id)[post_id]
            self._ends[post_id] = {
                (each.label, *(place_of(each, {}) or (None, None, None))): each.id
                for each in found
                if each.scope is not Scope.RELATION
            }
        return self._ends[post_id].get(end)

    def _have_waited(self) -> list[Tie]:
        """Return the relations from other posts that have waited for what was settled now."""
        ties = []
        for waiting in gold_facts.waiting_for(self._project, self._gold.id, self._settled):
            if waiting.post_id in self._settled:
                continue  # it was settled anew
            rows = gold_facts.rows_of(self._project, waiting.origin.sources)
            if rows:
                sources = [load_annotation(self._project, row) for row in rows]
                tie = replace(self._again(sources[0]), origin=waiting.origin, from_post=waiting.post_id)
                values, _ = values_of(sources, self._codebook)
                ties.append(replace(tie, note=notes_of(sources), attributes=values))
        return [tie for tie in ties if self._find(tie.like.target.to_post_id, tie.place[3]) is not None]

    def _ends_of(self, annotations: Iterable[Annotation]) -> Mapping[int, End]:
        tied = {row for each in annotations for row in (each.target.from_annotation, each.target.to_annotation)}
        rows = [row for row in tied if row is not None]
        return load_ends(self._project, rows) if rows else {}


def _says(annotation: Annotation, choice: Chosen) -> bool:
    """Tell whether a gold annotation says already what it is to say."""
    return dict(annotation.attributes) == dict(choice.attributes) and annotation.note == choice.note
