"""The people of a Slack workspace: an export calls them by ids, a reader knows them by names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.importers.reading.json_fields import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annotations.sources.source import Source


class People:
    """The people of an export by their ids.

    Args:
        source: Cleans their names.
        entries: What stands in `users.json`.
    """

    def __init__(self, source: Source, entries: Iterable[Mapping[str, object]]) -> None:
        self._source = source
        self._names = {"USLACKBOT": "Slackbot"}  # Slack's own program, which no export lists
        for entry in entries:
            key = entry.get("id")
            found = self.read_name(entry)
            if isinstance(key, str) and found:
                self._names.setdefault(key, found)

    def find(self, person: object) -> str | None:
        """Return the name of somebody by the id, None if it is not known."""
        return self._names.get(person) if isinstance(person, str) else None

    def name_of(self, person: object) -> str:
        """Return the name of somebody by the id, which stands for it if it is not known."""
        return self.find(person) or one_line(self._source.clean(str(person)))

    def names_of(self, people: object) -> dict[str, str] | None:
        """Return the names of a list of ids by these, as far as they are known; None if there are none."""
        found = (
            {person: self._names[person] for person in people if self.find(person)} if isinstance(people, list) else {}
        )
        return found or None

    def read_name(self, entry: Mapping[str, object]) -> str:
        """Return how somebody is shown: by the name chosen for that, else the whole name, else the login's; "" for none."""
        profile = entry.get("profile")
        places = [profile, entry] if isinstance(profile, dict) else [entry]
        for field in ("display_name", "real_name", "name"):
            for place in places:
                value = place.get(field)
                if isinstance(value, str) and (found := one_line(self._source.clean(value))):
                    return found
        return ""
