"""The schema of a project and how it came about: append-only, applied when a project is opened.

`PRAGMA application_id` says that a file is a project, `PRAGMA user_version` which schema it has; both are read
before sqlite-utils is imported, so that a project that is up to date opens without it.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from annotations.work import Work

if TYPE_CHECKING:
    from sqlite_utils import Database

project_migrations = Migrations("postil")

watching: ContextVar[Work] = ContextVar("watching", default=Work())  # noqa: B039  # nobody watches this one
"""What is told how far a migration is; the library hands on nothing but the database."""

_AT_ONCE = 12_800
"""Posts between two words about how far a migration is: a tenth of a second."""


@project_migrations()
def first_schema(db: Database) -> None:
    """Create the corpus, the codebook, the labels and the history."""
    for statement in _FIRST_SCHEMA.split(";\n\n"):
        db.conn.execute(statement)
    db.table("posts").enable_fts(["author", "text"], create_triggers=False)


@project_migrations()
def authors_and_arrivals(db: Database) -> None:
    """Find an author's comments without a walk, tell what an import added, and keep whom an annotator follows."""
    for statement in _AUTHORS_AND_ARRIVALS.split(";\n\n"):
        db.conn.execute(statement)


@project_migrations()
def third_schema(db: Database) -> None:
    """Make room for what labeling needs beyond labels."""
    from annotations.store.read_marks import gather_reads  # noqa: PLC0415  # read when a project is not up to date
    from annotations.store.schema_3 import STATEMENTS  # noqa: PLC0415  # the same
    from annotations.store.signatures import index_signs  # noqa: PLC0415  # the same

    for statement in STATEMENTS.split(";\n\n"):
        db.conn.execute(statement)
    gather_reads(db.conn)
    db.conn.execute("DROP TABLE reads")
    (behind,) = db.conn.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM posts").fetchone()
    work = watching.get()
    work.begin("Bringing the project up to date", behind - 1, "comments", part=(0.1, 1))
    for first in range(1, behind, _AT_ONCE):
        index_signs(db.conn, first, min(first + _AT_ONCE, behind))
        work.advance(min(first + _AT_ONCE, behind) - 1)


@project_migrations()
def fourth_schema(db: Database) -> None:
    """Make room for adjudication: the gold set's annotator, who adjudicated, and what gold labels were made of."""
    from annotations.store.schema_4 import STATEMENTS  # noqa: PLC0415  # read when a project is not up to date

    for statement in STATEMENTS.split(";\n\n"):
        db.conn.execute(statement)


@project_migrations()
def fifth_schema(db: Database) -> None:
    """Find threads by their address, their name in the source and their title."""
    from annotations.store.schema_5 import STATEMENTS  # noqa: PLC0415  # read when a project is not up to date

    for statement in STATEMENTS.split(";\n\n"):
        db.conn.execute(statement)


_FIRST_SCHEMA = """\
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE annotators (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'model'))
);

CREATE TABLE threads (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    url TEXT,
    posts INTEGER NOT NULL,
    max_depth INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    imported_at TEXT NOT NULL,
    report TEXT NOT NULL DEFAULT '{}',
    meta TEXT NOT NULL DEFAULT '{}'
);

CREATE INDEX threads_source ON threads (source);

CREATE INDEX threads_source_sha256 ON threads (source_sha256);

CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    key TEXT NOT NULL,
    parent_id INTEGER REFERENCES posts (id),
    position INTEGER,
    depth INTEGER NOT NULL,
    subtree_size INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('article', 'comment')),
    author TEXT,
    created_at TEXT,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    uncertain TEXT NOT NULL DEFAULT '[]',
    meta TEXT NOT NULL DEFAULT '{}'
);

CREATE UNIQUE INDEX posts_position ON posts (thread_id, position);

CREATE UNIQUE INDEX posts_key ON posts (thread_id, key);

CREATE INDEX posts_parent ON posts (parent_id);

CREATE TABLE post_revisions (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id),
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    UNIQUE (post_id, revision)
);

CREATE TABLE thread_shapes (
    thread_id INTEGER PRIMARY KEY REFERENCES threads (id),
    depths BLOB NOT NULL,
    sizes BLOB NOT NULL
);

CREATE TABLE codebook_versions (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    applied_at TEXT NOT NULL
);

CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('span', 'post', 'thread', 'relation')),
    parent TEXT,
    description TEXT NOT NULL DEFAULT '',
    is_retired INTEGER NOT NULL DEFAULT 0,
    codebook_version_id INTEGER NOT NULL REFERENCES codebook_versions (id)
);

CREATE INDEX labels_codebook_version ON labels (codebook_version_id);

CREATE TABLE annotations (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    label_id INTEGER NOT NULL REFERENCES labels (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    post_id INTEGER REFERENCES posts (id),
    start_char INTEGER,
    end_char INTEGER,
    exact TEXT,
    prefix TEXT,
    suffix TEXT,
    from_annotation_id INTEGER REFERENCES annotations (id),
    to_post_id INTEGER REFERENCES posts (id),
    to_annotation_id INTEGER REFERENCES annotations (id),
    note TEXT NOT NULL DEFAULT '',
    attributes TEXT NOT NULL DEFAULT '{}',
    codebook_version_id INTEGER NOT NULL REFERENCES codebook_versions (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    is_detached INTEGER NOT NULL DEFAULT 0,
    CHECK ((start_char IS NULL) = (end_char IS NULL) AND (start_char IS NULL) = (exact IS NULL)),
    CHECK (start_char IS NULL OR (post_id IS NOT NULL AND 0 <= start_char AND start_char < end_char)),
    CHECK (to_post_id IS NOT NULL OR (from_annotation_id IS NULL AND to_annotation_id IS NULL))
);

CREATE INDEX annotations_annotator ON annotations (annotator_id);

CREATE INDEX annotations_label ON annotations (label_id);

CREATE INDEX annotations_thread ON annotations (thread_id, annotator_id, post_id);

CREATE INDEX annotations_post ON annotations (post_id, annotator_id, start_char);

CREATE INDEX annotations_from ON annotations (from_annotation_id) WHERE from_annotation_id IS NOT NULL;

CREATE INDEX annotations_to_post ON annotations (to_post_id) WHERE to_post_id IS NOT NULL;

CREATE INDEX annotations_to_annotation ON annotations (to_annotation_id) WHERE to_annotation_id IS NOT NULL;

CREATE INDEX annotations_codebook_version ON annotations (codebook_version_id);

CREATE UNIQUE INDEX annotations_once ON annotations (
    annotator_id, label_id, thread_id, COALESCE(post_id, 0), COALESCE(start_char, -1), COALESCE(end_char, -1),
    COALESCE(from_annotation_id, 0), COALESCE(to_post_id, 0), COALESCE(to_annotation_id, 0)
) WHERE is_detached = 0;

CREATE TABLE reviews (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    reviewed_at TEXT NOT NULL,
    PRIMARY KEY (annotator_id, post_id)
) WITHOUT ROWID;

CREATE INDEX reviews_post ON reviews (post_id);

CREATE TABLE reads (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    read_at TEXT NOT NULL,
    PRIMARY KEY (annotator_id, post_id)
) WITHOUT ROWID;

CREATE INDEX reads_post ON reads (post_id);

CREATE TABLE places (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    place TEXT NOT NULL,
    left_at TEXT NOT NULL,
    PRIMARY KEY (annotator_id, thread_id)
) WITHOUT ROWID;

CREATE INDEX places_thread ON places (thread_id);

CREATE TABLE commands (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    summary TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped')),
    at TEXT NOT NULL
);

CREATE INDEX commands_state ON commands (annotator_id, state);

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at TEXT NOT NULL,
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    command_uuid TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('do', 'undo', 'redo', 'import')),
    action TEXT NOT NULL CHECK (action IN ('apply', 'retract', 'change', 'review', 'unreview')),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    post_id INTEGER REFERENCES posts (id),
    annotation_uuid TEXT,
    before TEXT,
    after TEXT,
    UNIQUE (origin, sequence)
);

CREATE INDEX events_annotator ON events (annotator_id);

CREATE INDEX events_command ON events (command_uuid);

CREATE INDEX events_thread ON events (thread_id);

CREATE INDEX events_post ON events (post_id);

CREATE INDEX events_annotation ON events (annotation_uuid);

CREATE TRIGGER events_are_kept BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

CREATE TRIGGER events_are_final BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE VIEW labeled_posts AS
SELECT a.id AS annotation, t.key AS thread, p.key AS post, p.kind, p.author, l.name AS label, r.name AS annotator,
    a.note, a.attributes, p.text, a.created_at, a.updated_at
FROM annotations AS a
JOIN threads AS t ON t.id = a.thread_id
JOIN posts AS p ON p.id = a.post_id
JOIN labels AS l ON l.id = a.label_id
JOIN annotators AS r ON r.id = a.annotator_id
WHERE l.scope = 'post';

CREATE VIEW labeled_spans AS
SELECT a.id AS annotation, t.key AS thread, p.key AS post, p.kind, p.author, l.name AS label, r.name AS annotator,
    a.start_char, a.end_char, a.exact AS quote, a.note, a.attributes, a.is_detached, a.created_at, a.updated_at
FROM annotations AS a
JOIN threads AS t ON t.id = a.thread_id
JOIN posts AS p ON p.id = a.post_id
JOIN labels AS l ON l.id = a.label_id
JOIN annotators AS r ON r.id = a.annotator_id
WHERE l.scope = 'span';

CREATE VIEW labeled_threads AS
SELECT a.id AS annotation, t.key AS thread, t.title, l.name AS label, r.name AS annotator,
    a.note, a.attributes, a.created_at, a.updated_at
FROM annotations AS a
JOIN threads AS t ON t.id = a.thread_id
JOIN labels AS l ON l.id = a.label_id
JOIN annotators AS r ON r.id = a.annotator_id
WHERE l.scope = 'thread';

CREATE VIEW relations AS
SELECT a.id AS annotation, t.key AS thread, p.key AS from_post, s.exact AS from_quote, l.name AS relation,
    q.key AS to_post, o.exact AS to_quote, r.name AS annotator, a.note, a.attributes, a.created_at, a.updated_at
FROM annotations AS a
JOIN threads AS t ON t.id = a.thread_id
JOIN posts AS p ON p.id = a.post_id
JOIN posts AS q ON q.id = a.to_post_id
LEFT JOIN annotations AS s ON s.id = a.from_annotation_id
LEFT JOIN annotations AS o ON o.id = a.to_annotation_id
JOIN labels AS l ON l.id = a.label_id
JOIN annotators AS r ON r.id = a.annotator_id
WHERE l.scope = 'relation'"""


_AUTHORS_AND_ARRIVALS = """\
ALTER TABLE posts ADD COLUMN added_revision INTEGER NOT NULL DEFAULT 1;

CREATE INDEX posts_author ON posts (thread_id, author, position) WHERE author IS NOT NULL;

CREATE INDEX posts_added ON posts (thread_id, added_revision, position) WHERE added_revision > 1;

CREATE TABLE visits (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    known_revision INTEGER NOT NULL,
    seen_revision INTEGER NOT NULL,
    PRIMARY KEY (annotator_id, thread_id)
) WITHOUT ROWID;

CREATE INDEX visits_thread ON visits (thread_id);

INSERT INTO visits (annotator_id, thread_id, known_revision, seen_revision)
SELECT p.annotator_id, p.thread_id, t.revision, t.revision
FROM places AS p
JOIN threads AS t ON t.id = p.thread_id;

CREATE TABLE follows (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    author TEXT NOT NULL,
    followed_at TEXT NOT NULL,
    PRIMARY KEY (annotator_id, author)
) WITHOUT ROWID"""
