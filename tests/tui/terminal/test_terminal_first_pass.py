"""A first pass over 100 comments in a real terminal costs a key each; a killed process costs none of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Post, PostKind, Thread

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk

COMMENTS = 100
LABELS = "1234"
NAMES = {"1": "agree", "2": "disagree", "3": "asks", "4": "neutral"}


def long_thread() -> Thread:
    """Return a thread of 100 comments, in chains of five."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text="A long debate\n\nIt went on and on.")]
    for number in range(1, COMMENTS + 1):
        parent = "0" if number % 5 == 1 else str(number - 1)
        posts.append(Post(key=str(number), parent=parent, author=f"writer {number % 9}", text=f"Comment {number}."))
    return Thread(key="debate", title="A long debate", posts=tuple(posts), format="test")


def test_a_hundred_keys_label_a_hundred_comments(desk: Desk) -> None:
    desk.save(long_thread())
    keys = [LABELS[number % len(LABELS)] for number in range(COMMENTS)]
    terminal = desk.open(100, 30)
    terminal.press("tab")
    terminal.press("".join(keys))
    terminal.see_status("Every comment is done")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert [(put.post, put.label) for put in desk.put()] == [
        (str(number), NAMES[key]) for number, key in enumerate(keys, start=1)
    ]
    assert desk.problems() == []


def test_a_killed_process_keeps_queue_place_and_time_but_for_seconds(desk: Desk) -> None:
    """Flags and labels are there at once; the queue is as it was chosen; the time is what was measured till then."""
    desk.save(long_thread())
    terminal = desk.open(100, 30)
    terminal.press("tab", "gq")
    terminal.see("What comes next")
    terminal.press("jjj", "enter")
    terminal.see("Seed:")
    terminal.press("7", "enter")
    terminal.see_status("Random order, seed 7")
    terminal.press("!", "1")
    terminal.see_status("1 of 100 done")
    terminal.wait(lambda: '"seconds": 0.0' not in desk.command("threads", "--json"), "some time to be written")
    terminal.kill()
    terminal = desk.open(100, 30)
    terminal.see_status("Random 7: 1 of 100 done")
    terminal.press("1")
    terminal.see_status("2 of 100 done")
    assert len(desk.put()) == 2
    assert desk.problems() == []
