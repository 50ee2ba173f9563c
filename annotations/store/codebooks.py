"""The codebook of a project: every version that was applied, and the labels that any of them brought."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from annotations.errors import CodebookError, ProjectError, RuleError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

    from annotations.codebook import Codebook
    from annotations.store.project import Project

_CURRENT = "codebook_version"
"""The setting that says which version is in force."""

_REMEMBERED = "codebook_read"
"""The setting that holds what the codebook's TOML said, behind a line that says which TOML."""


_VERSION = "SELECT id FROM codebook_versions WHERE sha256 = ?"

_KEEP_LABEL = """
    INSERT INTO labels (label, name, scope, parent, description, is_retired, codebook_version_id)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (label) DO UPDATE SET name = excluded.name, scope = excluded.scope, parent = excluded.parent,
        description = excluded.description, is_retired = excluded.is_retired,
        codebook_version_id = excluded.codebook_version_id
"""


class CodebookVersion(Struct, frozen=True, kw_only=True):
    """A codebook that was applied to a project.

    Args:
        id: Its row, which annotations made under it record.
        name: What the codebook is called.
        sha256: The hash of its source.
        source: The TOML.
        applied_at: When it was first applied, ISO 8601 in UTC.
        is_current: Whether it is in force.
        annotations: How many standing annotations were made under it.
    """

    id: int
    name: str
    sha256: str
    source: str
    applied_at: str
    is_current: bool
    annotations: int


def apply_codebook(project: Project, codebook: Codebook) -> int:
    """Put a codebook in force and return the row of its version; the same source has the same row.

    Labels keep their rows by their stable ids: a label may be renamed without touching an annotation. One that the
    codebook no longer has is retired, and comes back with a codebook that has it. Applying what is in force writes
    nothing.

    Raises:
        CodebookError: If the codebook was not read from a source, which is what a project keeps.
        RuleError: If a label that is in use would change its scope.
        ProjectError: If the project cannot be written.
    """
    if not codebook.source:
        raise CodebookError(
            f"The codebook {codebook.name} has no source to keep", hint="A project keeps codebooks as TOML: parse one."
        )
    with project.reading():
        current = current_codebook_version(project)
        row = project.connection.execute(_VERSION, (codebook.sha256,)).fetchone()
    if row is not None and row[0] == current:
        return int(row[0])
    with project.transaction() as connection:
        return put_in_force(project, connection, codebook)


def change_codebook(project: Project, edit: Callable[[Codebook], Codebook]) -> Codebook:
    """Change the codebook that is in force, the default one where none was ever applied, and return it as it is then.

    It is read and written in one transaction: of two terminals that change it at once, the second changes what the
    first has made of it.

    Args:
        project: The project.
        edit: Makes the new codebook of the present one, as the functions of `annotations.codebook_editing` do.

    Raises:
        RuleError: If the edit is refused, or a label that is in use would change its scope.
        ProjectError: If the project cannot be written.
    """
    from annotations.codebook_toml import default_codebook  # noqa: PLC0415  # loaded on use

    with project.transaction() as connection:
        before = current_codebook(project) or default_codebook()
        after = edit(before)
        if after.sha256 != before.sha256 or current_codebook_version(project) is None:
            put_in_force(project, connection, after)
    return after


def put_in_force(project: Project, connection: Connection, codebook: Codebook) -> int:
    """Keep a codebook and its labels in the open transaction, and return the row of its version."""
    _check_scopes(connection, codebook)
    connection.execute(
        "INSERT OR IGNORE INTO codebook_versions (name, sha256, source, applied_at) VALUES (?, ?, ?, ?)",
        (codebook.name, codebook.sha256, codebook.source, project.now()),
    )
    version = int(connection.execute(_VERSION, (codebook.sha256,)).fetchone()[0])
    connection.execute("UPDATE labels SET is_retired = 1")
    rows = [
        (each.id, each.name, each.scope.value, each.parent, each.description, int(each.is_retired), version)
        for each in codebook.labels
    ]
    connection.executemany(_KEEP_LABEL, rows)
    project.save_setting(_CURRENT, str(version))
    from annotations.codebook import layout  # noqa: PLC0415  # loaded on use

    project.save_setting(_REMEMBERED, _memory(f"{layout()} {version}", codebook))
    return version


def _memory(stamp: str, codebook: Codebook) -> str:
    return f"{stamp}\n{msgspec.json.encode(codebook).decode()}"


def current_codebook(project: Project) -> Codebook | None:
    """Return the codebook that is in force, None if none was ever applied.

    Raises:
        CodebookError: If the stored source is not a codebook (any more).
    """
    with project.reading():
        row = project.connection.execute(
            "SELECT source, name FROM codebook_versions WHERE id = ?", (current_codebook_version(project),)
        ).fetchone()
    if row is None:
        return None
    from annotations.codebook_toml import parse_codebook  # noqa: PLC0415  # loaded on use

    return parse_codebook(row[0], f"the project's codebook {row[1]}")


def codebook_in_force(project: Project) -> Codebook:
    """Return the codebook that is in force, the default one where none was ever applied, without reading TOML again.

    What was read once is remembered in the project, for TOML costs a tenth of what opening costs. A memory that another
    release of Postil wrote is not used: its records may have had other fields.

    Raises:
        CodebookError: If the stored source is not a codebook (any more).
    """
    from annotations.codebook import DEFAULT_CODEBOOK, Codebook, layout  # noqa: PLC0415  # loaded on use

    version = current_codebook_version(project)
    file = DEFAULT_CODEBOOK.stat() if version is None else None
    stamp = f"{layout()} {version}" if file is None else f"{layout()} {file.st_size} {file.st_mtime_ns}"
    remembered, _, values = project.setting(_REMEMBERED).partition("\n")
    if remembered == stamp:
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(values, type=Codebook)
    from annotations.codebook_toml import default_codebook  # noqa: PLC0415  # what was remembered needs no TOML

    codebook = current_codebook(project) or default_codebook()
    if not project.is_read_only:
        with suppress(ProjectError):  # locked: then the next time
            project.save_setting(_REMEMBERED, _memory(stamp, codebook))
    return codebook


def current_codebook_version(project: Project) -> int | None:
    """Return the row of the version that is in force, None if no codebook was ever applied."""
    value = project.setting(_CURRENT)
    return int(value) if value.isdecimal() else None


def codebook_versions(project: Project) -> list[CodebookVersion]:
    """Return every version that was applied, in the order of their first application."""
    current = current_codebook_version(project)
    with project.reading():
        rows = project.connection.execute(
            """
            SELECT id, name, sha256, source, applied_at,
                (SELECT COUNT(*) FROM annotations AS a WHERE a.codebook_version_id = v.id)
            FROM codebook_versions AS v ORDER BY id
            """
        ).fetchall()
    return [
        CodebookVersion(
            id=row[0],
            name=row[1],
            sha256=row[2],
            source=row[3],
            applied_at=row[4],
            is_current=row[0] == current,
            annotations=row[5],
        )
        for row in rows
    ]


def codebook_of_version(project: Project, version: int) -> Codebook:
    """Return the codebook as it was in a version.

    Raises:
        UnknownNameError: If the project has no such version.
        CodebookError: If the stored source is not a codebook (any more).
    """
    from annotations.codebook_toml import parse_codebook  # noqa: PLC0415  # loaded on use

    with project.reading():
        query = "SELECT source, name FROM codebook_versions WHERE id = ?"
        row = project.connection.execute(query, (version,)).fetchone()
        newest = project.connection.execute("SELECT MAX(id) FROM codebook_versions").fetchone()[0]
    if row is None:
        hint = f"It has 1 to {newest}." if newest else "No codebook was applied to it yet."
        raise UnknownNameError(f"The project has no version {version} of its codebook", hint)
    return parse_codebook(row[0], f"the project's codebook {row[1]}")


def label_uses(project: Project) -> dict[str, int]:
    """Return how many annotations carry each label, by id; labels that none carries are left out."""
    query = "SELECT l.label, COUNT(*) FROM annotations AS a JOIN labels AS l ON l.id = a.label_id GROUP BY l.id"
    with project.reading():
        return dict(project.connection.execute(query))


def label_names(project: Project) -> dict[str, str]:
    """Return the name of each label that the project ever had, by id: annotations may carry retired ones."""
    with project.reading():
        return dict(project.connection.execute("SELECT label, name FROM labels ORDER BY id"))


def _check_scopes(connection: Connection, codebook: Codebook) -> None:
    """Refuse a codebook that gives a label in use another scope: its annotations could not stand."""
    scopes = {label.id: label.scope.value for label in codebook.labels}
    for label, scope, uses in connection.execute(
        """
        SELECT l.label, l.scope, COUNT(*) FROM labels AS l JOIN annotations AS a ON a.label_id = l.id
        GROUP BY l.id ORDER BY l.id
        """
    ):
        if scopes.get(label, scope) != scope:
            raise RuleError(
                f"The label {label} is put on a {scope} in this project, {uses} times; "
                f"the codebook {codebook.name} puts it on a {scopes[label]}",
                "Give the new label another id, and retire the old one.",
            )
