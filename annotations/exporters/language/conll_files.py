"""The two files of an annotator in a data set of the format conll: tokens with tags, and the same with all that is known."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from annotations.exporters.jsonl import post_record
from annotations.exporters.language.iob import OUTSIDE
from annotations.exporters.rows.unpaired import replace_unpaired
from annotations.exporters.writing.folder import Field, FieldType, Table
from annotations.exporters.writing.output import open_part
from annotations.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annotations.exporters.choosing.selection import Selection
    from annotations.exporters.language.iob import TaggedText
    from annotations.exporters.rows.labeled_post import LabeledPost
    from annotations.exporters.writing.folder import Folder
    from annotations.exporters.writing.output import Output

DOCUMENT = f"-DOCSTART-\t{OUTSIDE}\n\n"

TABLE = Table(
    name="tokens",
    fields=(
        Field(name="thread", type=FieldType.STRING, description="The key of the thread", is_required=True, is_key=True),
        Field(name="post", type=FieldType.STRING, description="The key of the post", is_required=True, is_key=True),
        Field(name="annotator", type=FieldType.STRING, description="Who put the labels", is_required=True, is_key=True),
        Field(name="parent", type=FieldType.STRING, description="The key of the post that it answers"),
        Field(name="kind", type=FieldType.STRING, description="article or comment", is_required=True),
        Field(name="author", type=FieldType.STRING, description="Who wrote the post"),
        Field(name="reviewed", type=FieldType.BOOLEAN, description="Whether it was reviewed", is_required=True),
        Field(name="text", type=FieldType.STRING, description="What the post says", is_required=True),
        Field(name="tokens", type=FieldType.LIST, description="Its tokens", is_required=True),
        Field(name="ner_tags", type=FieldType.LIST, description="The tag of each token, IOB2", is_required=True),
        Field(
            name="offsets",
            type=FieldType.LIST,
            description="Where each token begins and ends in the text, in code points",
            is_required=True,
        ),
        Field(
            name="breaks",
            type=FieldType.LIST,
            description="The numbers of the tokens, from 0, before which the columns have an empty line",
            is_required=True,
        ),
        Field(
            name="postil",
            type=FieldType.STRING,
            description="JSON text: the post with all that is put on it, as the format jsonl has it",
            is_required=True,
        ),
    ),
)


class FilePair:
    """The two files of an annotator, while they are written.

    Args:
        selection: What is exported.
        place: Their name below the folder, without a suffix.
        split: The split; "" for none.
        columns: Where the tokens and tags go.
        records: Where the posts go.
    """

    def __init__(self, selection: Selection, place: str, split: str, columns: Output, records: Output) -> None:
        import msgspec  # noqa: PLC0415  # loaded on use

        self.place = place
        self.split = split
        self.is_said = False
        """Whether anybody says anything in them."""
        self.tags: set[str] = set()
        """The tags that are in them."""
        self._selection = selection
        self._columns = columns
        self._records = records
        self._encode = msgspec.json.Encoder().encode

    @classmethod
    @contextmanager
    def opened(cls, folder: Folder, selection: Selection, place: str, split: str) -> Iterator[FilePair]:
        """Open the files; `settle` is to be called when they are closed."""
        with (
            open_part(folder.place(f"{place}.conll")) as columns,
            open_part(folder.place(f"{place}.jsonl")) as records,
        ):
            yield cls(selection, place, split, columns, records)

    def write(self, part: LabeledPost, tagged: TaggedText, annotator: str) -> None:
        """Write a post, with what one annotator has put on it."""
        post = part.post
        self.tags.update(tagged.tags)
        words = [post.text[start:end] for start, end in tagged.offsets]
        self._columns.write(self.lines(words, tagged).encode())
        record = {
            "thread": part.thread.key,
            "post": post.key,
            "annotator": annotator,
            "parent": post.parent,
            "kind": post.kind.value,
            "author": post.author,
            "reviewed": bool(part.reviewers),
            "text": post.text,
            "tokens": words,
            "ner_tags": tagged.tags,
            "offsets": tagged.offsets,
            "breaks": tagged.breaks,
            "postil": self._encoded(post_record(part, self._selection)).decode(),
        }
        # Some readers take these two for ends of lines.
        line = self._encoded(record).replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
        self._records.write(line + b"\n")
        self._records.rows += 1

    def _encoded(self, value: dict[str, Any]) -> bytes:
        try:
            return self._encode(value)
        except UnicodeEncodeError:
            return self._encode(replace_unpaired(value, self._selection.tally))

    @staticmethod
    def lines(words: Sequence[str], tagged: TaggedText) -> str:
        """Return the words of a post as lines with tags; "" where it has none."""
        if not words:
            return ""
        lines = [f"{word}\t{tag}\n" for word, tag in zip(words, tagged.tags, strict=True)]
        for number in tagged.breaks:
            lines[number] = f"\n{lines[number]}"
        return f"{DOCUMENT}{''.join(lines)}\n"

    def settle(self, folder: Folder) -> int:
        """Take the files up into the data set, or away if nobody says anything in them; return how many posts they have."""
        columns, records = f"{self.place}.conll", f"{self.place}.jsonl"
        if not self.is_said:
            for name in (columns, records):
                target = folder.path / name
                target.unlink()
                if target.parent != folder.path and not any(target.parent.iterdir()):
                    target.parent.rmdir()
            return 0
        stem = self.place.split("/", maxsplit=1)[0].replace("-", "_")
        folder.add(columns, description="Tokens with tags", media_type="text/tab-separated-values", split=self.split)
        folder.add(
            records,
            description="The same tokens and tags, a post a line, with offsets and all that is put on it",
            media_type="application/jsonl",
            table=replace(TABLE, name=f"{TABLE.name}_{stem}"),
            split=self.split,
            rows=self._records.rows,
        )
        return self._records.rows


def tag_names(selection: Selection, seen: Iterable[str]) -> list[str]:
    """Return all tags: `O`, then two for each label, first those of the codebook in its order, then others that were seen."""
    labels = {
        label.id: None
        for label in selection.codebook.labels
        if label.scope is Scope.SPAN and (not selection.labels or label.id in selection.labels)
    }
    labels |= {tag[2:]: None for tag in sorted(seen) if tag != OUTSIDE}
    return [OUTSIDE, *(f"{prefix}-{label}" for label in labels for prefix in "BI")]
