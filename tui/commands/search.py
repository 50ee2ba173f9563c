"""`postil search`: posts by what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotations.store.search import search
from annotations.store.threads import find_thread
from tui.commands.options import with_surroundings
from tui.commands.output import count, say, write_json, write_text
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.store.search import Hit
    from tui.commands.surroundings import Surroundings


@click.command("search")
@click.argument("query")
@click.option("--thread", "thread_key", metavar="KEY", help="Only in this thread.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=50, show_default=True, help="N hits at most.")
@click.option("--json", "as_json", is_flag=True, help="Print an object a line for each hit.")
@with_surroundings
@click.pass_obj
def command(here: Surroundings, query: str, thread_key: str | None, limit: int, *, as_json: bool) -> None:
    """Find posts by the words in their texts and authors.

    All words of QUERY must occur. "Quotes" hold words together, a star ends the beginning of a word, OR and NOT
    between words mean what they say.
    """
    with here.open_project() as project:
        thread_id = None if thread_key is None else find_thread(project, thread_key).id
        hits = search(project, query, limit, thread_id)
    for hit in hits:
        if as_json:
            write_json(_hit_json(hit))
        else:
            write_text("  ".join(one_line(word) for word in (hit.thread, hit.post, hit.author or "-", hit.snippet)))
    if not hits:
        say(f"Nothing found for “{one_line(query)}”")
    elif len(hits) == limit:
        say(f"Only the first {count(limit, 'hit')}: --limit shows more")


def _hit_json(hit: Hit) -> dict[str, object]:
    return {
        "thread": hit.thread,
        "post": hit.post,
        "author": hit.author,
        "snippet": hit.snippet,
        "spans": [{"start_char": span.start, "end_char": span.end} for span in hit.spans],
    }
