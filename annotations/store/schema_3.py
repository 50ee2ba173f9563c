"""The statements of the third migration.

SQLite changes no CHECK of a table that is there: `events` is made anew for actions it did not know, and `annotations`
for relations that lead to a whole thread or start there. A relation without `post_id` starts at its thread, one with
`to_thread_id` leads to it. While a table is renamed, views that others have added may speak of one that is not there:
SQLite minds that, and would change their words, but for `legacy_alter_table` (sqlite.org/lang_altertable.html).
"""

from __future__ import annotations

STATEMENTS = """\
PRAGMA legacy_alter_table=ON;

CREATE TABLE events_3 (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at TEXT NOT NULL,
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    command_uuid TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('do', 'undo', 'redo', 'import')),
    action TEXT NOT NULL CHECK (
        action IN ('apply', 'retract', 'change', 'review', 'unreview', 'note', 'flag', 'unflag')
    ),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    post_id INTEGER REFERENCES posts (id),
    annotation_uuid TEXT,
    before TEXT,
    after TEXT,
    UNIQUE (origin, sequence)
);

INSERT INTO events_3 (id, uuid, origin, sequence, at, annotator_id, command_uuid, cause, action, thread_id, post_id,
    annotation_uuid, before, after)
SELECT id, uuid, origin, sequence, at, annotator_id, command_uuid, cause, action, thread_id, post_id,
    annotation_uuid, before, after
FROM events;

DROP TABLE events;

ALTER TABLE events_3 RENAME TO events;

CREATE INDEX events_annotator ON events (annotator_id);

CREATE INDEX events_command ON events (command_uuid);

CREATE INDEX events_thread ON events (thread_id);

CREATE INDEX events_post ON events (post_id);

CREATE INDEX events_annotation ON events (annotation_uuid);

CREATE INDEX events_at ON events (at);

CREATE TRIGGER events_are_kept BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

CREATE TRIGGER events_are_final BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TABLE annotations_3 (
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
    to_thread_id INTEGER REFERENCES threads (id),
    note TEXT NOT NULL DEFAULT '',
    attributes TEXT NOT NULL DEFAULT '{}',
    codebook_version_id INTEGER NOT NULL REFERENCES codebook_versions (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    is_detached INTEGER NOT NULL DEFAULT 0,
    CHECK ((start_char IS NULL) = (end_char IS NULL) AND (start_char IS NULL) = (exact IS NULL)),
    CHECK (start_char IS NULL OR (post_id IS NOT NULL AND 0 <= start_char AND start_char < end_char)),
    CHECK (to_post_id IS NULL OR to_thread_id IS NULL),
    CHECK (to_annotation_id IS NULL OR to_post_id IS NOT NULL),
    CHECK (
        from_annotation_id IS NULL OR (post_id IS NOT NULL AND (to_post_id IS NOT NULL OR to_thread_id IS NOT NULL))
    )
);

INSERT INTO annotations_3 (id, uuid, annotator_id, label_id, thread_id, post_id, start_char, end_char, exact, prefix,
    suffix, from_annotation_id, to_post_id, to_annotation_id, note, attributes, codebook_version_id, created_at,
    updated_at, is_detached)
SELECT id, uuid, annotator_id, label_id, thread_id, post_id, start_char, end_char, exact, prefix,
    suffix, from_annotation_id, to_post_id, to_annotation_id, note, attributes, codebook_version_id, created_at,
    updated_at, is_detached
FROM annotations;

DROP TABLE annotations;

ALTER TABLE annotations_3 RENAME TO annotations;

PRAGMA legacy_alter_table=OFF;

CREATE INDEX annotations_annotator ON annotations (annotator_id);

CREATE INDEX annotations_label ON annotations (label_id);

CREATE INDEX annotations_thread ON annotations (thread_id, annotator_id, post_id);

CREATE INDEX annotations_post ON annotations (post_id, annotator_id, start_char);

CREATE INDEX annotations_from ON annotations (from_annotation_id) WHERE from_annotation_id IS NOT NULL;

CREATE INDEX annotations_to_post ON annotations (to_post_id) WHERE to_post_id IS NOT NULL;

CREATE INDEX annotations_to_annotation ON annotations (to_annotation_id) WHERE to_annotation_id IS NOT NULL;

CREATE INDEX annotations_to_thread ON annotations (to_thread_id) WHERE to_thread_id IS NOT NULL;

CREATE INDEX annotations_codebook_version ON annotations (codebook_version_id);

CREATE INDEX annotations_detached ON annotations (thread_id) WHERE is_detached = 1;

CREATE UNIQUE INDEX annotations_once ON annotations (
    annotator_id, label_id, thread_id, COALESCE(post_id, 0), COALESCE(start_char, -1), COALESCE(end_char, -1),
    COALESCE(from_annotation_id, 0), COALESCE(to_post_id, 0), COALESCE(to_annotation_id, 0), COALESCE(to_thread_id, 0)
) WHERE is_detached = 0;

DROP VIEW relations;

CREATE VIEW relations AS
SELECT a.id AS annotation, t.key AS thread, p.key AS from_post, s.exact AS from_quote, l.name AS relation,
    q.key AS to_post, o.exact AS to_quote, r.name AS annotator, a.note, a.attributes, a.created_at, a.updated_at
FROM annotations AS a
JOIN threads AS t ON t.id = a.thread_id
LEFT JOIN posts AS p ON p.id = a.post_id
LEFT JOIN posts AS q ON q.id = a.to_post_id
LEFT JOIN annotations AS s ON s.id = a.from_annotation_id
LEFT JOIN annotations AS o ON o.id = a.to_annotation_id
JOIN labels AS l ON l.id = a.label_id
JOIN annotators AS r ON r.id = a.annotator_id
WHERE l.scope = 'relation';

CREATE TABLE post_notes (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    note TEXT NOT NULL,
    written_at TEXT NOT NULL,
    PRIMARY KEY (annotator_id, post_id)
) WITHOUT ROWID;

CREATE INDEX post_notes_post ON post_notes (post_id);

CREATE VIEW noted_posts AS
SELECT t.key AS thread, p.key AS post, p.kind, p.author, r.name AS annotator, n.note, p.text, n.written_at
FROM post_notes AS n
JOIN posts AS p ON p.id = n.post_id
JOIN threads AS t ON t.id = p.thread_id
JOIN annotators AS r ON r.id = n.annotator_id;

CREATE TABLE flags (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    flagged_at TEXT NOT NULL,
    PRIMARY KEY (annotator_id, post_id)
) WITHOUT ROWID;

CREATE INDEX flags_post ON flags (post_id);

CREATE TABLE queues (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    queue TEXT NOT NULL,
    at_post_id INTEGER REFERENCES posts (id),
    revision INTEGER NOT NULL,
    members BLOB,
    PRIMARY KEY (annotator_id, thread_id)
) WITHOUT ROWID;

CREATE INDEX queues_thread ON queues (thread_id);

CREATE INDEX queues_post ON queues (at_post_id) WHERE at_post_id IS NOT NULL;

CREATE TABLE times (
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    seconds REAL NOT NULL,
    PRIMARY KEY (annotator_id, post_id)
) WITHOUT ROWID;

CREATE INDEX times_post ON times (post_id);

ALTER TABLE threads ADD COLUMN reordered_revision INTEGER NOT NULL DEFAULT 0;

ALTER TABLE threads ADD COLUMN source_key TEXT NOT NULL DEFAULT '';

UPDATE threads SET source_key = COALESCE(json_extract(report, '$.key'), '') WHERE json_valid(report);

DROP INDEX threads_source;

CREATE INDEX threads_source_title ON threads (source, title, source_sha256);

CREATE INDEX threads_source_key ON threads (source, source_key, title, source_sha256);

CREATE INDEX threads_content ON threads (content_sha256, source, source_key);

CREATE TABLE read_marks (
    id INTEGER PRIMARY KEY,
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    block INTEGER NOT NULL CHECK (block >= 0),
    marks TEXT NOT NULL,
    marked_at TEXT NOT NULL,
    UNIQUE (annotator_id, thread_id, block)
);

CREATE INDEX read_marks_thread ON read_marks (thread_id);

CREATE VIEW read_posts AS
SELECT t.key AS thread, p.key AS post, p.kind, p.author, r.name AS annotator
FROM read_marks AS m
JOIN threads AS t ON t.id = m.thread_id
JOIN annotators AS r ON r.id = m.annotator_id
JOIN posts AS p ON p.thread_id = m.thread_id AND p.position BETWEEN m.block * 1024 AND m.block * 1024 + 1023
    AND substr(m.marks, p.position % 1024 + 1, 1) = '1';

CREATE TABLE text_signatures (
    first_post_id INTEGER PRIMARY KEY REFERENCES posts (id),
    last_post_id INTEGER NOT NULL REFERENCES posts (id),
    signs BLOB NOT NULL,
    pairs BLOB NOT NULL
);

CREATE INDEX text_signatures_last ON text_signatures (last_post_id);

INSERT INTO posts_fts (posts_fts, rank) VALUES ('hashsize', 8388608)"""
