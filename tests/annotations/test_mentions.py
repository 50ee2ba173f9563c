from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exporters.hiding.mentions import mentions

AUTHORS = {"Terence Silvestre Jr.", "ada", "-Jo", "O'Brien", "property", "Jo Ann"}


def names(text: str) -> list[str]:
    return [text[start:end] for start, end in mentions(text, AUTHORS.__contains__)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@ada hi", "ada"),
        (".@ada: hi", "ada"),
        ("(@ada)", "ada"),
        ("_@ada_", "ada"),
        ("@Ada’s idea", "Ada"),
        ("@ada.Then", "ada"),
        ("@stranger_9, no", "stranger_9"),
        ("@Terence Silvestre Jr. said", "Terence Silvestre Jr."),
        ("@Terence Silvestre said", "Terence"),
        ("@Jo Ann, no", "Jo Ann"),
        ("@-Jo no", "-Jo"),
        ("@O'Brien's", "O'Brien"),
        ("@ada@mas.to!", "ada@mas.to"),
        ("@alice.bsky.social.", "alice.bsky.social"),
        ("@ada你好", "ada"),
        ("@名字 你好", "名字"),
        ("＠ada", "ada"),
        ("@<span>eel</span>", "eel"),
        ('<a href="x" class="mention">@<bdi class="n">eel</bdi></a>', "eel"),
        ("https://medium.com/@ada/x", "ada"),
        ("thanks /u/some-one!", "some-one"),
        ("u/spez", "spez"),
        ("https://www.reddit.com/user/spez/comments", "spez"),
        ("https://mas.to/users/eel", "eel"),
        ("bsky.app/profile/alice.bsky.social", "alice.bsky.social"),
        ("`@property`", "property"),  # an author of the thread is one in code too
    ],
)
def test_a_mention(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "@ ada",
        "@3 apples",
        "@all @here @Everyone @channel",
        "`@media print`",
        "```\n@dataclass\nclass X\n```",
        "n/a, u/s, w/u/",
        "home/user/docs",
        "@",
        "ada said so",
    ],
)
def test_no_mention(text: str) -> None:
    assert names(text) == []


def test_several_in_one_text() -> None:
    assert names("@ada@bo @@cy") == ["ada", "bo", "cy"]
    assert names("@ada, @Bo and u/cyd: see ada@x.org `@x` @Jo Ann") == ["ada", "Bo", "cyd", "Jo Ann"]


@given(st.text("@ua/.A_ `<b>'-1名\n", max_size=60))
def test_whatever_the_text_names_are_in_it_in_order_and_apart(text: str) -> None:
    behind = 0
    for start, end in mentions(text, AUTHORS.__contains__):
        assert behind <= start < end <= len(text)
        behind = end
