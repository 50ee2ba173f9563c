"""What is said of the tables and views of a project to those who look at them with Datasette."""

from __future__ import annotations

from typing import Any

_ANNOTATION = {
    "annotation": "The number of the annotation in this project",
    "thread": "The key of the thread",
    "post": "What its source calls the post, else its path; unique in its thread",
    "kind": "article or comment",
    "author": "Who wrote the post, as its source says",
    "label": "The label's name",
    "annotator": "Who put it",
    "note": "What the annotator remarks",
    "attributes": "The values of the label's attributes by their ids, JSON",
    "created_at": "When it was put, ISO 8601 in UTC",
    "updated_at": "When it was changed last",
}
_TEXT = {"text": "What the post says"}
_SPAN = {
    "start_char": "Where the words begin, in code points of the post's text, from 0",
    "end_char": "Where they end, the end not included",
}

TABLES: dict[str, dict[str, Any]] = {
    "labeled_posts": {
        "title": "Labels on posts",
        "description": "A row for each label that an annotator has put on a post as a whole.",
        "columns": _ANNOTATION | _TEXT,
        "facets": ["label", "annotator", "kind"],
    },
    "labeled_spans": {
        "title": "Labels on words",
        "description": "A row for each label that an annotator has put on words of a post.",
        "columns": _ANNOTATION
        | _SPAN
        | {
            "quote": "The words",
            "is_detached": "1 if the words are no longer in the post's text: then the offsets are old",
        },
        "facets": ["label", "annotator", "is_detached"],
    },
    "labeled_threads": {
        "title": "Labels on threads",
        "description": "A row for each label that an annotator has put on an article with all of its discussion.",
        "columns": {
            **{each: _ANNOTATION[each] for each in _ANNOTATION if each not in {"post", "kind", "author"}},
            "title": "The article's headline",
        },
        "facets": ["label", "annotator"],
    },
    "relations": {
        "title": "Relations",
        "description": "A row for each link from one post, or words of it, to another, or to a thread as a whole.",
        "columns": {
            **{each: _ANNOTATION[each] for each in ("annotation", "thread", "annotator", "note", "attributes")},
            "from_post": "The post where it starts; none for the thread",
            "from_quote": "The words at which it starts; none for the post itself",
            "relation": "The name of its label",
            "to_post": "The post to which it leads; none for the thread",
            "to_quote": "The words to which it leads; none for the post itself",
            "created_at": _ANNOTATION["created_at"],
            "updated_at": _ANNOTATION["updated_at"],
        },
        "facets": ["relation", "annotator"],
    },
    "noted_posts": {
        "title": "Notes on posts",
        "description": "A row for each note that an annotator has written on a post as a whole.",
        "columns": {
            **{each: _ANNOTATION[each] for each in ("thread", "post", "kind", "author", "annotator")},
            **_TEXT,
            "note": "The note",
            "written_at": "When it was written as it stands",
        },
        "facets": ["annotator"],
    },
    "read_posts": {
        "title": "Posts that were read",
        "description": "A row for each post that an annotator has had on the screen. To have read is not to have reviewed.",
        "columns": {each: _ANNOTATION[each] for each in ("thread", "post", "kind", "author", "annotator")},
    },
    "threads": {
        "title": "Threads",
        "description": "An article with all comments on it.",
        "label_column": "title",
        "columns": {
            "key": "Its name in this project",
            "title": "The article's headline",
            "source": "The file that it was imported from",
            "source_sha256": "The hash of that file as it was",
            "content_sha256": "The hash of what was read from it",
            "format": "The importer that read it",
            "url": "Where it stood",
            "posts": "How many posts it has, the article among them",
            "max_depth": "Steps from the article to the deepest comment",
            "revision": "How often it was imported in a changed form, 1 for the first time",
            "imported_at": "When it was imported last",
            "report": "What the importer remarked, JSON",
            "meta": "What the source says besides, JSON",
        },
        "facets": ["format"],
    },
    "posts": {
        "title": "Posts",
        "description": "Articles and comments; the box above searches their words.",
        "label_column": "key",
        "columns": {
            "thread_id": "The thread that it is in",
            "key": "What its source calls it, else its path; unique in its thread",
            "parent_id": "The post that it answers; none for the article",
            "position": "Its place in the thread, each parent before its children, the article at 0",
            "depth": "Steps to the article",
            "subtree_size": "Posts below it, itself counted",
            "kind": "article or comment",
            "author": "Who wrote it, as the source says",
            "created_at": "When it was written, ISO 8601 in UTC",
            "text": "What it says; offsets of labels are code points of it",
            "sha256": "The hash of the text",
            "revision": "How often its source has changed it, 1 as first imported",
            "uncertain": "What the importer had to guess about it, JSON",
            "meta": "What the source says besides, JSON",
        },
        "facets": ["kind"],
    },
    "annotations": {
        "title": "Annotations",
        "description": "Labels as they stand, whatever they are put on; the views on labeled posts, spans and threads, and on relations, are easier to read.",
        "columns": {
            "uuid": "Its name in the history and across projects",
            **_SPAN,
            "exact": "The words",
            "prefix": "What stands before them",
            "suffix": "What stands behind them",
            "from_annotation_id": "The annotation at which a relation starts",
            "to_post_id": "The post to which a relation leads",
            "to_annotation_id": "The annotation to which it leads",
            "to_thread_id": "The thread to which it leads",
            "is_detached": "1 if the words are no longer in the post's text",
        },
        "facets": ["label_id", "annotator_id"],
    },
    "labels": {
        "title": "Labels",
        "description": "The labels of the codebook and of its earlier versions.",
        "label_column": "name",
        "columns": {
            "label": "Its id, which stays",
            "name": "Its name, which may change",
            "scope": "What it is put on: span, post, thread or relation",
            "parent": "The wider label of which it is a kind",
            "description": "What it means",
            "is_retired": "1 if it is no longer put",
        },
        "facets": ["scope"],
    },
    "annotators": {
        "title": "Annotators",
        "description": "Who has worked on the project.",
        "label_column": "name",
        "columns": {"kind": "person or model; or gold, for what adjudication has settled"},
    },
    "reviews": {
        "title": "Reviews",
        "description": "Who has said of which post that it was seen and is done, with labels or without.",
        "facets": ["annotator_id"],
    },
    "flags": {"title": "Flags", "description": "Who has marked which post to come back to it."},
    "post_notes": {"title": "Notes, by number", "description": "What annotators have remarked on posts as a whole."},
    "times": {
        "title": "Times",
        "description": "How long each annotator was at each post, idle time left out.",
        "units": {"seconds": "s"},
    },
    "codebook_versions": {
        "title": "Versions of the codebook",
        "description": "Every codebook that was applied; annotations record under which one they were made.",
        "label_column": "name",
        "columns": {"source": "The codebook, TOML", "sha256": "The hash of the source"},
    },
    "events": {
        "title": "History",
        "description": "Everything that was ever done, in the order in which it was; nothing is deleted from it.",
        "columns": {
            "origin": "The project in which it happened",
            "sequence": "Its number there",
            "cause": "do, undo, redo or import",
            "action": "What was done",
            "before": "What was there before, JSON",
            "after": "What was there after, JSON",
            "adjudicator_id": "Who adjudicated, where it is the gold set's",
        },
        "sort_desc": "id",
        "facets": ["action", "annotator_id"],
    },
    "gold_origins": {
        "title": "Origins of gold labels",
        "description": "What the labels of the gold set were made of when they were settled; a row counts while its annotation stands.",
        "columns": {
            "annotation_uuid": "The gold annotation",
            "sources": "The uuids of the annotations that it was made of, JSON",
            "votes": "How many annotators had put the same",
            "seen_by": "How many had seen the place, and could have",
        },
    },
    "post_revisions": {
        "title": "Earlier texts",
        "description": "What posts said before their source was changed and imported again.",
    },
}

HIDDEN = (
    "_sqlite_migrations",
    "commands",
    "follows",
    "gold_waiting",
    "places",
    "queues",
    "read_marks",
    "settings",
    "sqlite_stat1",
    "text_signatures",
    "thread_shapes",
    "visits",
)
"""Tables that serve the app alone."""

QUERIES: dict[str, dict[str, str]] = {
    "label_counts": {
        "title": "How often each label was put, by annotator",
        "sql": """SELECT l.name AS label, l.scope, r.name AS annotator, COUNT(*) AS annotations
FROM annotations AS a
JOIN labels AS l ON l.id = a.label_id
JOIN annotators AS r ON r.id = a.annotator_id
GROUP BY l.id, r.id
ORDER BY annotations DESC, label, annotator""",
    },
    "unreviewed_comments": {
        "title": "Comments that nobody has reviewed",
        "sql": """SELECT t.key AS thread, p.key AS post, p.author, p.text
FROM posts AS p
JOIN threads AS t ON t.id = p.thread_id
WHERE p.kind = 'comment' AND p.position IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM reviews AS v WHERE v.post_id = p.id)
ORDER BY p.thread_id, p.position""",
    },
    "labeled_differently": {
        "title": "Posts that two annotators have labeled differently",
        "sql": """SELECT t.key AS thread, p.key AS post, r.name AS annotator, l.name AS label, s.name AS other_annotator, p.text
FROM annotations AS a
JOIN labels AS l ON l.id = a.label_id AND l.scope = 'post'
JOIN annotators AS r ON r.id = a.annotator_id AND r.kind <> 'gold'
JOIN posts AS p ON p.id = a.post_id
JOIN threads AS t ON t.id = p.thread_id
JOIN reviews AS v ON v.post_id = p.id AND v.annotator_id <> a.annotator_id
JOIN annotators AS s ON s.id = v.annotator_id AND s.kind <> 'gold'
WHERE NOT EXISTS (
    SELECT 1 FROM annotations AS b
    WHERE b.post_id = a.post_id AND b.annotator_id = v.annotator_id AND b.label_id = a.label_id)
ORDER BY p.thread_id, p.position, label""",
    },
}
