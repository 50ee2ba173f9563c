"""The statements of the fifth migration: threads are found by their address, their name in the source and their title.

So that a source which has changed is known again wherever it lies now, see `annotations.store.elsewhere`.
"""

from __future__ import annotations

STATEMENTS = """\
CREATE INDEX threads_url ON threads (url, source);

CREATE INDEX threads_named ON threads (source_key, source);

CREATE INDEX threads_title ON threads (title, source)"""
