"""Is the project sound: every invariant that the rest of Postil relies on, looked at in what is stored."""

from __future__ import annotations

import hashlib
import sqlite3
from itertools import islice
from typing import TYPE_CHECKING

from annotations.store.check_corpus import check_ends, check_revisions, check_spans, check_threads
from annotations.store.check_history import (
    check_annotations,
    check_flags,
    check_notes,
    check_reviews,
    check_sequence,
)
from annotations.store.check_reading import check_reading, check_signatures
from annotations.store.codebooks import current_codebook_version
from annotations.store.failures import primary_code, project_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotations.store.project import Project

MOST_PROBLEMS = 100
"""Problems of one kind that are listed; who has more has seen enough."""

_IN_THE_FILE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""Errors that say something about the project; others (locked, no memory) only keep from looking."""

_JSON_COLUMNS = (
    ("threads", "report"),
    ("threads", "meta"),
    ("posts", "uncertain"),
    ("posts", "meta"),
    ("annotations", "attributes"),
    ("events", "before"),
    ("events", "after"),
)


def check(project: Project) -> list[str]:
    """Return what is wrong with the project, a sentence each; an empty list if it is sound.

    It reads everything, a thread in memory at a time, and writes nothing. The search index is looked at only where
    the project can be written, for SQLite asks for that.

    Raises:
        ProjectError: If it cannot look: the project is locked, the disk fails.
        WorkCancelledError: If the project's work is cancelled.
    """
    problems: list[str] = []
    for look, stage, start, stop in _looks():
        project.work.begin(stage, part=(start, stop))
        try:
            found = list(islice(look(project), MOST_PROBLEMS + 1))
        except sqlite3.DatabaseError as error:
            if primary_code(error) not in _IN_THE_FILE:
                raise project_error(error, project.path) from error
            found = [f"{project_error(error, project.path).message}: {error}."]
        problems.extend(found[:MOST_PROBLEMS])
        if len(found) > MOST_PROBLEMS:
            problems.append("There is more of the same.")
        if found and look is _check_file:  # whatever else is read from a damaged file only repeats it
            break
    return problems


def _looks() -> Iterator[tuple[Callable[[Project], Iterator[str]], str, float, float]]:
    """Yield what looks for problems, with what it looks at and between which parts of the whole."""
    start = 0.0
    for look, stage, stop in (
        (_check_file, "Checking the file", 0.24),
        (_check_references, "Checking the file", 0.25),
        (_check_settings, "Checking the settings", 0.25),
        (_check_json, "Checking the metadata", 0.28),
        (_check_codebook, "Checking the codebook", 0.28),
        (check_threads, "Checking the posts", 0.78),
        (check_revisions, "Checking earlier texts", 0.79),
        (check_spans, "Checking the labels", 0.8),
        (check_ends, "Checking the labels", 0.8),
        (check_annotations, "Checking the history", 0.82),
        (check_reviews, "Checking the history", 0.83),
        (check_flags, "Checking the history", 0.83),
        (check_notes, "Checking the history", 0.83),
        (check_sequence, "Checking the history", 0.83),
        (check_reading, "Checking what was read", 0.83),
        (check_signatures, "Checking the search index", 0.86),
        (_check_index, "Checking the search index", 1.0),
    ):
        yield look, stage, start, stop
        start = stop


def _check_file(project: Project) -> Iterator[str]:
    """Let SQLite look at its own pages, indexes and constraints."""
    for (line,) in project.connection.execute(f"PRAGMA integrity_check({MOST_PROBLEMS})"):
        if line != "ok":
            yield f"The file is damaged: {line}."


def _check_references(project: Project) -> Iterator[str]:
    for table, row, parent, _ in project.connection.execute("PRAGMA foreign_key_check"):
        where = f"row {row}" if row is not None else "a row"
        yield f"In the table {table}, {where} refers to a row of {parent} that is not there."


def _check_settings(project: Project) -> Iterator[str]:
    if not project.setting("origin"):
        yield "The project has no origin, by which its history is told from that of others."


def _check_json(project: Project) -> Iterator[str]:
    for table, column in _JSON_COLUMNS:
        query = f"SELECT rowid FROM {table} WHERE {column} IS NOT NULL AND NOT json_valid({column})"  # noqa: S608  # constants
        for (row,) in project.connection.execute(query):
            yield f"In the table {table}, row {row} has a {column} that is not JSON."


def _check_codebook(project: Project) -> Iterator[str]:
    versions = project.connection.execute("SELECT id, name, sha256, source FROM codebook_versions").fetchall()
    for version, name, sha256, source in versions:
        if hashlib.sha256(source.encode()).hexdigest() != sha256:
            yield f"The source of the codebook {name} (version {version}) is not what was applied."
    current = current_codebook_version(project)
    if versions and current not in {version for version, *_ in versions}:
        yield "The project does not say which of its codebooks is in force."


def _check_index(project: Project) -> Iterator[str]:
    """Compare the search index with the texts; rank 1 says to do so (sqlite.org/fts5.html, section 6.4)."""
    if project.is_read_only:
        return
    is_sound = True
    with project.transaction() as connection:
        try:
            connection.execute("INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if primary_code(error) not in _IN_THE_FILE:
                raise
            is_sound = False
    if not is_sound:
        yield (
            "The search index does not match the texts; this makes it anew: "
            "sqlite3 FILE \"INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')\"."
        )
