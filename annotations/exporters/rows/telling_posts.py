"""What is told of the posts of a data set, column by column, as they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.exporters.rows.recording import Recorder, chunks_of
from annotations.exporters.rows.telling_chunks import ChunkTeller
from annotations.exporters.rows.told import told_of
from annotations.store.gathered import batches, load_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.rows.told import Told
    from annotations.exporters.writing.report import Tally
    from annotations.store.project import Project


def iter_told(project: Project, selection: Selection, tally: Tally, *, is_sparse: bool = False) -> Iterator[Told]:
    """Yield what is told of the posts of a data set column by column, some hundred posts at a time or fewer, one or more.

    The arguments and errors are those of `annotations.exporters.rows.recording.iter_records`, from which it differs in nothing but
    the form.
    """
    names = load_names(project)
    recorder, teller = Recorder(selection, names), ChunkTeller(selection, names, tally)
    for chunk in chunks_of(project, selection, names, tally, is_sparse=is_sparse):
        if teller.can_tell(chunk):
            yield teller.tell(chunk)
        else:
            records = [record for batch in batches(chunk) for record in recorder.told(batch, tally)]
            if records:
                yield told_of(records, selection.options, tally)
