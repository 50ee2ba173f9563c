"""What is read only if somebody asks for it is the same as what is read at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.model import Post, PostKind
from annotations.shape import size_class
from annotations.store import lazy_meta
from annotations.store.lazy_meta import LazyMeta
from annotations.store.post_writing import content_columns
from annotations.store.posts import to_json
from annotations.store.weighed import weigh, weigh_all, weights_of

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


@given(
    st.builds(
        Post,
        key=TEXTS,
        parent=st.none() | TEXTS,
        kind=st.sampled_from(PostKind),
        text=TEXTS,
        author=st.none() | TEXTS,
        created_at=st.none() | TEXTS,
        uncertain=st.lists(TEXTS, max_size=2).map(tuple),
        meta=METAS,
    ),
    TEXTS,
)
def test_a_weighed_post_is_stored_as_the_post_is(post: Post, key: str) -> None:
    weighed = weigh(post)
    assert weighed.row == (post.key, *content_columns(post))
    assert weighed.size == size_class(post.text)
    assert weighed.unweighed() == post
    other = Post(key=key, parent=key, text=post.text, uncertain=(key,), meta={"key": key})
    assert weighed.altered(other) == weigh(other)
    kept = weights_of(weigh_all([post, other]))
    assert weigh_all([post, other], kept) == weigh_all([post, other]) == [weighed, weigh(other)]
