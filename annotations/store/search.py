"""Full-text search over authors and texts.

A query is words, all of which must occur. "Double quotes" hold words together, a star behind a word finds all that
begins so, and AND, OR and NOT in capitals between words mean what they say. Everything else is text: no query is an
error.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotations.span import Span
from annotations.store.early_hits import early_hits, is_slow_prefix
from annotations.store.signatures import likely_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from annotations.store.project import Project

    _Row: TypeAlias = tuple[Any, ...]

LONGEST_QUERY = 1000
"""Code points of a query that are looked at."""

SNIPPET = 120
"""Code points of a snippet, at most."""

_LEAD = 40
"""Code points of a snippet in front of its first match, at most."""

_MOST_TERMS = 50
"""Terms of a query that are looked at; SQLite limits the depth of its expression tree."""

_EVERY_ROW = 2**62

_OPEN, _CLOSE = "\x02", "\x03"
"""What SQLite puts around a match; no clean text holds them."""

_UNCLEAN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TERM = re.compile(r'"(?P<phrase>[^"]*)(?:"(?P<star>\*?)|$)|(?P<word>[^\s"]+)')
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_WORD_SIGN = re.compile(r"[^\W_]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no space between words, in which the index therefore holds whole clauses as one word:
Thai, Lao, Burmese, Khmer, Kana, Han."""

_MATCHES = """
    SELECT p.id, p.thread_id, t.key, p.key, p.position, p.author, p.text, highlight(posts_fts, 1, ?1, ?2)
    FROM posts_fts JOIN posts AS p ON p.id = posts_fts.rowid JOIN threads AS t ON t.id = p.thread_id
    WHERE posts_fts MATCH ?3
"""

_POSTS = """
    SELECT p.id, p.thread_id, t.key, p.key, p.position, p.author, p.text, NULL
    FROM posts AS p JOIN threads AS t ON t.id = p.thread_id
"""
_BY_ROW = _POSTS + "WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id"  # noqa: S608  # our own words
_IN_ROWS = " AND p.id BETWEEN ?2 AND ?3 AND (?4 IS NULL OR p.thread_id = ?4) ORDER BY p.id LIMIT ?5"
_CONTAINING = _POSTS + "WHERE (instr(p.text, ?1) OR instr(p.author, ?1))" + _IN_ROWS
_CONTAINING_CASED = _POSTS + "WHERE (p.text LIKE ?1 ESCAPE '\\' OR p.author LIKE ?1 ESCAPE '\\')" + _IN_ROWS


class Hit(Struct, frozen=True, kw_only=True):
    """A post in which a query was found.

    Args:
        thread: The thread's key.
        thread_id: The thread's row.
        post: The post's key.
        post_id: The post's row.
        position: Its place in pre-order.
        author: Who wrote it.
        spans: Where the query's words stand in the post's text; empty if they stand in the author's name alone.
        snippet: A piece of the text around the first match, on one line.
        matches: Where the query's words stand in the snippet, in code points.
    """

    thread: str
    thread_id: int
    post: str
    post_id: int
    position: int
    author: str | None
    spans: tuple[Span, ...]
    snippet: str
    matches: tuple[Span, ...]


def search(project: Project, query: str, limit: int = 50, thread_id: int | None = None) -> list[Hit]:
    """Return the first posts in which `query` is found, in the order in which they came into the project.

    Args:
        project: The project.
        query: What somebody typed, anything at all.
        limit: How many hits at most.
        thread_id: Only in this thread.
    """
    query = _UNCLEAN.sub(" ", query[:LONGEST_QUERY])
    expression = fts_expression(query)
    literal = query.strip().strip('"').strip()
    if limit <= 0 or not literal:
        return []
    with project.reading():
        place = (*_row_range(project, thread_id), thread_id)
        # Words of scripts without spaces, and what has no words (a smiley), are looked for in the texts themselves.
        is_one_word = _UNSPACED.search(literal) is not None and not re.search(r"\s", literal)
        rows = [] if is_one_word or not expression else _indexed(project, expression, place, limit)
        if is_one_word or not expression or (not rows and _UNSPACED.search(query)):
            rows = _containing(project, literal, place, limit)
    return [_hit(row, literal) for row in rows]


def fts_expression(query: str) -> str:
    """Return a query as an FTS5 expression that is always valid; "" if it holds no word.

    Source: sqlite.org/fts5.html, section 3: a quoted string may hold anything.
    """
    parts: list[str] = []
    operator = ""
    for term in _terms(query):
        if term in _OPERATORS and parts:  # of several in a row, as in AND NOT, the last one counts
            operator = term
            continue
        quoted = _quote(term)
        if not quoted:
            continue
        if parts:
            parts.append(operator or "AND")
        parts.append(quoted)
        operator = ""
        if len(parts) >= 2 * _MOST_TERMS:
            break
    return " ".join(parts)


def _terms(query: str) -> Iterator[str]:
    """Yield words, operators, and phrases with their opening quote and, if they have one, their star."""
    for match in _TERM.finditer(query):
        word = match["word"]
        yield word if word is not None else f'"{match["phrase"]}{match["star"] or ""}'


def _quote(term: str) -> str:
    """Return a word or phrase as FTS5 takes it, "" if there is nothing in it that the index could hold."""
    text = term.lstrip('"').rstrip("*")
    if not _WORD_SIGN.search(text):
        return ""
    return f'"{text}"*' if term.endswith("*") else f'"{text}"'


def _indexed(project: Project, expression: str, place: tuple[int, int, int | None], limit: int) -> list[_Row]:
    """Return the first posts that the index finds."""
    low, high, thread_id = place
    if is_slow_prefix(project, expression):
        early = early_hits(project, expression, (low, high), thread_id, (_OPEN, _CLOSE), limit)
        if early is not None:
            marked = dict(early)
            rows = project.connection.execute(_BY_ROW, (json.dumps(list(marked)),)).fetchall()
            return [(*row[:-1], marked[row[0]]) for row in rows]
    return project.connection.execute(
        _MATCHES + "AND posts_fts.rowid BETWEEN ?4 AND ?5 AND (?6 IS NULL OR p.thread_id = ?6) "
        "ORDER BY posts_fts.rowid LIMIT ?7",
        (_OPEN, _CLOSE, expression, low, high, thread_id, limit),
    ).fetchall()


def _containing(project: Project, literal: str, place: tuple[int, int, int | None], limit: int) -> list[_Row]:
    """Return the first posts whose text or author holds what was typed, of those whose signature does not deny it."""
    low, high, thread_id = place
    statement, sought = _CONTAINING, literal
    if literal.lower() != literal.upper():
        statement, sought = _CONTAINING_CASED, "%" + re.sub(r"([\\%_])", r"\\\1", literal) + "%"
    found: list[_Row] = []
    for first, last in likely_rows(project.connection, literal, low, high):
        found += project.connection.execute(statement, (sought, first, last, thread_id, limit - len(found)))
        if len(found) >= limit:
            break
    return found


def _row_range(project: Project, thread_id: int | None) -> tuple[int, int]:
    """Return rows between which all posts of a thread stand: the index skips what is outside."""
    if thread_id is None:
        return 0, _EVERY_ROW
    row = project.connection.execute(
        "SELECT p.id, t.posts, t.revision FROM threads AS t JOIN posts AS p ON p.thread_id = t.id AND p.position = 0 "
        "WHERE t.id = ?",
        (thread_id,),
    ).fetchone()
    if row is None:
        return 0, 0
    first, posts, revision = row
    if revision == 1:  # as an import inserts them: one behind the other
        return first, first + posts - 1
    last = project.connection.execute("SELECT MAX(id) FROM posts WHERE thread_id = ?", (thread_id,)).fetchone()[0]
    return min(first, last), last


def _hit(row: _Row, literal: str) -> Hit:
    post_id, thread_id, thread, post, position, author, text, highlighted = row
    spans = tuple(_find_all(text, literal) if highlighted is None else _marked(highlighted))
    snippet, matches = _snippet(text, spans)
    return Hit(
        thread=thread,
        thread_id=thread_id,
        post=post,
        post_id=post_id,
        position=position,
        author=author,
        spans=spans,
        snippet=snippet,
        matches=matches,
    )


def _marked(highlighted: str) -> Iterator[Span]:
    """Yield the marked places, as offsets in the text without marks."""
    offset = 0
    is_match = False
    for piece in re.split(f"[{_OPEN}{_CLOSE}]", highlighted):
        if is_match and piece:
            yield Span(offset, offset + len(piece))
        offset += len(piece)
        is_match = not is_match


def _find_all(text: str, sought: str) -> Iterator[Span]:
    """Yield where `text` holds `sought`, as SQLite's LIKE finds it: without regard to case in ASCII."""
    for match in re.finditer(re.escape(sought), text, re.IGNORECASE):
        yield Span(*match.span())


def _snippet(text: str, spans: Iterable[Span]) -> tuple[str, tuple[Span, ...]]:
    """Return a piece of the text around the first span, and what of the spans lies in it."""
    places = tuple(spans)
    start = max(0, places[0].start - _LEAD) if places else 0
    if start:
        space = text.find(" ", start, places[0].start)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + SNIPPET)
    if end < len(text):
        space = text.rfind(" ", max(start + 1, places[0].end if places else 0), end)
        end = space if space >= 0 else end
    before = "…" if start else ""
    after = "…" if end < len(text) else ""
    shift = len(before) - start
    matches = tuple(
        Span(place.start + shift, min(place.end, end) + shift) for place in places if start <= place.start < end
    )
    return before + re.sub(r"\s", " ", text[start:end]) + after, matches
