"""What is read only if somebody asks for it is the same as what is read at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.model import Post
from annotations.store import lazy_meta
from annotations.store.lazy_meta import LazyMeta
from annotations.store.post_writing import content_columns
from annotations.store.posts import to_json

TEXTS = st.text(st.characters(codec="utf-8"))
METAS = st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS), max_size=4)


@given(METAS)
def test_it_is_the_mapping_that_was_written(meta: dict[str, object]) -> None:
    lazy = LazyMeta(to_json(meta))
    assert lazy == meta
    assert meta == lazy
    assert dict(lazy) == meta
    assert (len(lazy), bool(lazy), list(lazy)) == (len(meta), bool(meta), list(meta))
    assert to_json(lazy) == to_json(meta)


def test_it_is_not_read_to_be_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(lazy_meta, "load_json")
    post = Post(key="1", parent="0", text="fog", meta=LazyMeta('{"score":3}'))
    assert content_columns(post)[-1] == '{"score":3}'
    with pytest.raises(NameError):
        assert post.meta["score"]
