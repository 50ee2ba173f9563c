"""What is made of posts in a row is what is made of each of them."""

from __future__ import annotations

from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.importers.reading import telling
from annotations.importers.reading.assemble import assemble
from annotations.lazy_posts import ReorderedPosts
from annotations.model import Post, PostKind, Thread
from annotations.shape import size_class
from annotations.sources.problems import Problems
from annotations.store import lots as making
from annotations.store.lots import Lot, Said, hear, make_lot, say
from annotations.store.packing import pack_post, post_of, unpack_values, values_of
from annotations.store.post_writing import content_columns
from annotations.store.prepared import PreparedThread
from annotations.store.signatures import signature
from annotations.store.tree import find_unclean
from annotations.work import Work

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
CLEAN = TEXTS.map(lambda text: "".join(sign for sign in text if not find_unclean(sign)))
METAS = st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS), max_size=4)


def posts(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Post]]:
    """Return posts, none of which need fit another."""
    one = st.builds(
        Post,
        key=texts,
        parent=st.none() | texts,
        kind=st.sampled_from(PostKind),
        text=texts,
        author=st.none() | texts,
        created_at=st.none() | texts,
        uncertain=st.lists(texts, max_size=2).map(tuple),
        meta=METAS,
    )
    return st.lists(one, max_size=9)


@given(posts(TEXTS))
def test_a_row_says_what_the_post_says(some: list[Post]) -> None:
    values = [unpack_values(pack_post(post)) for post in some]
    assert [post_of(each) for each in values] == some
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "POSTS", 3)
        lot = make_lot(values)
    assert lot.rows == [(post.key, *content_columns(post)) for post in some]
    words = [[word for post in some[at : at + 3] for word in (post.author, post.text) if word] for at in (0, 3, 6)]
    assert lot.signatures == [signature(each) for each in words[: len(some) // 3]]
    both = hear(values)
    assert both.said == say(values)
    assert both.rows == lot.rows or not both.said.raw
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(both), type=Lot) == both


@given(posts(TEXTS))
def test_what_is_not_clean_is_noticed(some: list[Post]) -> None:
    said = say([values_of(post) for post in some])
    fields = [field for post in some for field in (post.key, post.parent, post.author, post.created_at, post.text)]
    assert said.is_clean is not any(find_unclean(field or "") for field in fields)


@given(posts(CLEAN))
def test_it_is_counted_and_hashed_post_by_post(some: list[Post]) -> None:
    said = say([values_of(post) for post in some])
    raw = ""
    for post in some:
        fields = (post.parent, post.author, post.created_at, post.text)
        raw += "\x1e" + "\x1f".join([post.key, *("\x1d" if field is None else field for field in fields)])
    assert said == Said(
        raw.encode(),
        True,  # noqa: FBT003  # it is clean
        bytes(size_class(post.text) for post in some),
        sum(len(post.text) for post in some),
        sum(bool(post.uncertain) for post in some),
        sum(post.kind is PostKind.ARTICLE for post in some),
    )


RECORDS = st.lists(
    st.builds(
        Post,
        key=st.sampled_from("abcdef"),
        parent=st.sampled_from(["", "0", *"abcdefxy"]),
        text=st.sampled_from(["Fog", "Rain", "Fog\nand rain"]),
        created_at=st.sampled_from([None, "2026-01-01T00:00:00Z"]),
    ),
    max_size=12,
)


@given(RECORDS, st.integers(1, 5))
def test_a_thread_on_the_disk_is_known_without_its_posts_as_with_them(records: list[Post], lot: int) -> None:
    """Whatever is wrong with its records: structure, hash, sizes and rows."""
    article = Post(key="0", parent=None, kind=PostKind.ARTICLE, text="Harbour")
    whole = assemble(article, records, Problems("fog"))
    lazy = assemble(article, ReorderedPosts(records, range(len(records)), {}), Problems("fog"))
    threads = [Thread(key="fog", title="Fog", posts=each, format="test") for each in (whole, lazy)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("annotations.importers.reading.assembled_posts.LOT", lot)
        one, other = (PreparedThread(thread, "/dump", "", Work()) for thread in threads)
        late = PreparedThread(threads[1], "/dump", "", Work(), is_urgent=True)
        rows = [[row for made in each.lots(2) for row in made.rows] for each in (one, other, late)]
    assert msgspec.structs.astuple(one.survey) == msgspec.structs.astuple(other.survey)
    assert one.survey == late.survey
    assert rows[0] == rows[1] == rows[2]


def test_the_other_process_is_told_all_that_this_one_knows() -> None:
    """What goes there and comes back says the same."""
    asked = telling.Places(
        "0", [None, ""], [4, 7], {1: values_of(Post(key="x", parent="0"))}, {0: telling.Fate(1, "a~2", None)}, "/spool"
    )
    there = telling._places_decoder().decode(msgspec.msgpack.encode(asked))
    assert msgspec.msgpack.encode(there) == msgspec.msgpack.encode(asked)
    records = [values_of(Post(key=key, parent="")) for key in "ab"]
    here, after = (telling.put_in_place(each, iter(records)) for each in (asked, there))
    assert list(map(post_of, here)) == list(map(post_of, after))
    assert [each[0] for each in here] == ["a~2", "x", "b"]
    assert sha256(b"").hexdigest() in make_lot(here).rows[0]
