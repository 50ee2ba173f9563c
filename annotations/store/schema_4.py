"""The statements of the fourth migration: adjudication.

SQLite changes no CHECK of a table that is there: `annotators` is made anew for the kind `gold`, of which a project has one
at most; how that is done without a change to what refers to it, `annotations.store.schema_3` says. `gold_origins` and
`gold_waiting` say what was true when an adjudicator decided: they are added to, never changed, and undo leaves them as they
are. A row of the one counts as long as its annotation stands, one of the other as long as its command does.
"""

from __future__ import annotations

STATEMENTS = """\
PRAGMA legacy_alter_table=ON;

CREATE TABLE annotators_4 (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'model', 'gold'))
);

INSERT INTO annotators_4 (id, name, kind) SELECT id, name, kind FROM annotators;

DROP TABLE annotators;

ALTER TABLE annotators_4 RENAME TO annotators;

PRAGMA legacy_alter_table=OFF;

CREATE UNIQUE INDEX annotators_gold ON annotators (kind) WHERE kind = 'gold';

ALTER TABLE events ADD COLUMN adjudicator_id INTEGER REFERENCES annotators (id);

CREATE INDEX events_adjudicator ON events (adjudicator_id) WHERE adjudicator_id IS NOT NULL;

CREATE TABLE gold_origins (
    annotation_uuid TEXT PRIMARY KEY,
    sources TEXT NOT NULL,
    votes INTEGER NOT NULL,
    seen_by INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE gold_waiting (
    id INTEGER PRIMARY KEY,
    command_uuid TEXT NOT NULL,
    post_id INTEGER NOT NULL REFERENCES posts (id),
    to_post_id INTEGER NOT NULL REFERENCES posts (id),
    sources TEXT NOT NULL,
    votes INTEGER NOT NULL,
    seen_by INTEGER NOT NULL
);

CREATE INDEX gold_waiting_post ON gold_waiting (post_id);

CREATE INDEX gold_waiting_to_post ON gold_waiting (to_post_id)"""
