"""What changes posts on their way into a data set, as its options ask.

The order is: what the gold set has not settled; what is left out because nobody has reviewed it (which reviews say, not votes);
the aggregation of what the annotators have put; the masking of names, links, addresses and numbers in all that is told of the post; and last the
context, whose posts are told masked too. Which labels are told, and whose, is decided before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotations.exporters.choosing.losing import Losing
from annotations.exporters.choosing.surrounding import Surrounding

if TYPE_CHECKING:
    from annotations.exporters.choosing.selection import Selection, Shaper
    from annotations.exporters.hiding.masking import Masking
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.store.project import Project

KEEPING_ANNOTATORS = "Authors have pseudonyms, annotators keep their names; names in plain words of texts stay too"
UNREVIEWED = "posts that nobody has reviewed"
UNREVIEWED_LABELS = "annotations on posts that nobody has reviewed"
UNREVIEWED_NOTES = "notes on posts that nobody has reviewed"
UNSETTLED = "posts that are not settled"


def make_shapers(project: Project, selection: Selection) -> tuple[Shaper, ...]:
    """Return what changes the posts of a selection, in its order; see the module.

    Raises:
        ExportError: If a package that the options need is missing, or the key of the pseudonyms cannot be had.
    """
    options = selection.options
    lost = Losing(selection.tally)
    masking = _masking(project, selection, lost)
    shapers: list[Shaper] = [lost.begin]
    if options.is_gold:
        from annotations.exporters.choosing.settled import OnlySettled  # noqa: PLC0415  # loaded on use

        shapers.append(OnlySettled(project, lost))
    if options.only_reviewed:
        shapers.append(OnlyReviewed(lost, UNSETTLED if options.is_gold else UNREVIEWED))
    if options.aggregate is not None:
        from annotations.exporters.choosing.aggregating import Aggregating  # noqa: PLC0415  # loaded on use

        shapers.append(Aggregating(project, selection, lost))
    if masking is not None:
        lost.key = masking.key
        shapers.append(masking)
    if options.context is not None:
        shapers.append(Surrounding(project, options.context, masking))
    return tuple(shapers)


def _masking(project: Project, selection: Selection, lost: Losing) -> Masking | None:
    options = selection.options
    if options.pseudonymize is None and not options.redact:
        return None
    from annotations.exporters.hiding.masking import Masking  # noqa: PLC0415  # loaded on use

    pseudonyms = None
    if options.pseudonymize is not None:
        from annotations.exporters.hiding.pseudonyms import Pseudonyms, load_key  # noqa: PLC0415  # loaded on use

        key, warning = load_key(options.pseudonymize)
        pseudonyms = Pseudonyms(key)
        selection.tally.warn(KEEPING_ANNOTATORS)
        if warning:
            selection.tally.warn(warning)
    return Masking(project, lost, pseudonyms, is_redacted=options.redact)


class OnlyReviewed:
    """Leaves out posts that nobody has reviewed, and what is put on them.

    The article stays where something is put on its thread as a whole.

    Args:
        lost: Counts what is left out.
        posts: What the posts are that are left out.
    """

    def __init__(self, lost: Losing, posts: str = UNREVIEWED) -> None:
        self._lost = lost
        self._posts = posts

    def __call__(self, labeled: LabeledPost) -> LabeledPost:
        """Return the post, with nothing on it where nobody has reviewed it."""
        if labeled.reviewers:
            return labeled
        self._lost.lose(self._posts, labeled)
        for annotation in labeled.annotations:
            if annotation.uuid:
                self._lost.lose(UNREVIEWED_LABELS, labeled, annotation=annotation.uuid, detail=annotation.label)
        for note in labeled.notes:
            self._lost.lose(UNREVIEWED_NOTES, labeled, detail=note.annotator)
        return replace(labeled, annotations=(), notes=(), is_left_out=not labeled.thread_annotations)
