"""What a ConvoKit corpus knows beside its utterances: of speakers, of conversations and of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from annotations.importers.reading.json_fields import Record, one_line
from annotations.importers.reading.member_files import read_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annotations.sources.source import Source

_NAMES = ("name", "username", "display_name")
"""Where a speaker's meta may say how somebody is called whose id is only a number."""


class Corpus(Struct, frozen=True, kw_only=True):
    """What is known beside the utterances.

    Args:
        speakers: The meta of each speaker.
        names: How speakers are called who have a name besides their id.
        conversations: The meta of each conversation.
        facts: The meta of the corpus.
    """

    speakers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    conversations: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)

    def name_of(self, speaker: str) -> str:
        """Return how a speaker is called: by the name in its meta, else by its id."""
        return self.names.get(speaker, speaker)

    def facts_of(self, people: Iterable[str]) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Yield what is known of people, by the names that they are called."""
        ids = {called: speaker for speaker, called in self.names.items()}
        for called in sorted(people):
            speaker = ids.get(called, called)
            if facts := self.speakers.get(speaker):
                yield called, {"id": speaker, **facts} if speaker != called else facts


def read_corpus(source: Source, files: Mapping[str, Source], folder: str) -> Corpus:
    """Read what stands beside the utterances; a file that is missing or broken takes nothing from them.

    Args:
        source: Cleans texts, and is told what is wrong.
        files: The files of the corpus by their paths.
        folder: Where they are among these.
    """
    speakers = _read_meta(source, files, folder, ("speakers.json", "users.json"))
    conversations = _read_meta(source, files, folder, ("conversations.json",))
    names: dict[str, str] = {}
    for speaker, facts in speakers.items():
        for called in _NAMES:
            value = facts.get(called)
            if isinstance(value, str) and (shown := one_line(value)) and shown not in speakers:
                names[speaker] = shown
                break
    facts = _read_object(source, files.get(f"{folder}corpus.json"))
    return Corpus(speakers=speakers, names=_unique(names), conversations=conversations, facts=facts)


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names that only one speaker has: two people are not to become one."""
    counts: dict[str, int] = {}
    for called in names.values():
        counts[called] = counts.get(called, 0) + 1
    return {speaker: called for speaker, called in names.items() if counts[called] == 1}


def _read_meta(
    source: Source, files: Mapping[str, Source], folder: str, names: tuple[str, ...]
) -> dict[str, dict[str, object]]:
    """Return a meta file by ids; newer corpora have the meta in a field `meta` with `vectors` beside it."""
    found = next((files[folder + called] for called in names if folder + called in files), None)
    metas: dict[str, dict[str, object]] = {}
    for key, value in _read_object(source, found).items():
        if isinstance(value, dict):
            facts = value.get("meta") if value.keys() <= {"meta", "vectors"} and "meta" in value else value
            if isinstance(facts, dict) and facts:
                metas[key] = facts
    return metas


def _read_object(source: Source, member: Source | None) -> dict[str, object]:
    if member is None:
        return {}
    value = read_member(source, member)
    if value is None:
        return {}
    if not isinstance(value, dict):
        source.problems.add("is no JSON object", member.relative, "it was left out")
        return {}
    return Record(source, value, member.relative).rest
