"""The mouse, as a terminal reports it: what is clicked, dragged and turned is what is selected, folded and labeled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk, Terminal

FAMILY = "👨‍👩‍👧‍👧"
ARTICLE = (
    "Bridge 桥 for sale\n\n"
    f"Nobody asked the town. The 桥梁 went to a family {FAMILY} from 東京都 for 4 million. Ferries e\u0301tude follow.\n\n"
    + "\n\n".join(f"Paragraph {number} says that the bridge is old." for number in range(1, 40))
)
DEEP = f"深い 답글 {FAMILY}👍🏽 naı\u0308ve 漢字 end"


def wide_thread() -> Thread:
    """Return an article and a chain of six comments with wide characters and clusters in them."""
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE)]
    for depth in range(1, 7):
        key = ".".join("1" * depth)
        text = DEEP if depth == 6 else f"Level {depth} of the chain. 橋 {FAMILY} second sentence."
        posts.append(Post(key=key, parent=key.rpartition(".")[0] or "0", author=f"author{depth}", text=text))
    posts.append(Post(key="2", parent="0", author="last", text="The last one."))
    return Thread(key="wide", title="Bridge 桥 for sale", posts=tuple(posts), format="flattened")


@pytest.fixture
def wide(desk: Desk) -> Desk:
    """A folder with that thread."""
    desk.save(wide_thread())
    return desk


def selected(terminal: Terminal) -> tuple[int, int] | None:
    """Return the offsets that the line below the panes says are selected."""
    said = re.search(r"selected, characters (\d+) to (\d+)", terminal.text)
    return (int(said[1]), int(said[2])) if said else None


def see_selected(terminal: Terminal, text: str, exact: str) -> None:
    """Wait until exactly this part of a text is selected."""
    start = text.index(exact)
    terminal.wait(lambda: selected(terminal) == (start, start + len(exact)), f"{exact!r} to be selected")


def focused(terminal: Terminal, author: str, *, marker: str = "") -> bool:
    """Tell whether the bar stands beside the header of this author's comment."""
    return any(re.search(rf"▌.*{marker} {author}(?!\w)", line) for line in terminal.lines)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 30)])
def test_what_lies_under_the_mouse_is_selected_and_labeled(wide: Desk, columns: int, rows: int) -> None:
    terminal = wide.open(columns, rows)
    side = columns if rows < 30 else columns // 2
    x, y = terminal.place("Nobody")

    # a click places the cursor
    terminal.click(x + 7, y)
    terminal.press("v")
    asked = ARTICLE.index("asked")
    terminal.wait(lambda: selected(terminal) == (asked, asked + 1), "the letter under the mouse to be selected")
    terminal.press("v")
    terminal.see_status("TEXT")

    # a drag selects, forwards and backwards, by whole clusters, from either half of a wide one
    terminal.drag((x, y), (x + 3, y), (x + 11, y))
    see_selected(terminal, ARTICLE, "Nobody asked")
    tokyo, line = terminal.place("東京")
    terminal.drag((tokyo + 1, line), (tokyo + 5, line))
    see_selected(terminal, ARTICLE, "東京都")
    terminal.drag((tokyo + 5, line), (tokyo + 2, line), (tokyo, line))
    see_selected(terminal, ARTICLE, "東京都")
    terminal.press("c")
    terminal.see_status("Claim on “東京都”")
    family, line = terminal.place(FAMILY, right=side)
    terminal.drag((family + 1, line), (family - 4, line), (family - 7, line))
    see_selected(terminal, ARTICLE, f"family {FAMILY}")
    terminal.press("1")
    terminal.see_status("Evidence on “family")
    accent, line = terminal.place("e\u0301tude")
    terminal.drag((accent + 4, line), (accent, line))
    see_selected(terminal, ARTICLE, "e\u0301tude")

    # a double click selects the word, a triple click the sentence
    terminal.click(x + 8, y, times=2)
    see_selected(terminal, ARTICLE, "asked")
    terminal.press("2")
    terminal.see_status("Source on “asked”")
    terminal.click(x + 8, y, times=3)
    see_selected(terminal, ARTICLE, "Nobody asked the town.")
    terminal.press("c")
    terminal.see_status("Claim on “Nobody asked")

    # the same in a comment, deep down in the thread
    terminal.press("escape", "tab")
    terminal.see_status("READ")
    terminal.wait(
        lambda: side < columns or "↳" in terminal.lines[8], "the thread to take the larger part of the height"
    )
    select_in_a_deep_comment(terminal)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert [(one.label, one.post, one.quote) for one in wide.put()] == [
        ("claim", "0", "東京都"),
        ("evidence", "0", f"family {FAMILY}"),
        ("source", "0", "asked"),
        ("claim", "0", "Nobody asked the town."),
        ("claim", "1.1.1.1.1.1", DEEP[DEEP.index("답글") : DEEP.index(" 漢字")]),
        ("claim", "1.1.1.1.1.1", "漢字"),
    ]


def select_in_a_deep_comment(terminal: Terminal) -> None:
    terminal.press("G", "k")
    terminal.see_status(" · 6/7")
    terminal.wait(lambda: re.search("▌.*답글", terminal.text), "the deep comment in focus")
    x, y = terminal.place("답글")
    terminal.drag((x, y), (x + 6, y))
    see_selected(terminal, DEEP, f"답글 {FAMILY}")
    naive, y = terminal.place("naı\u0308ve")
    terminal.drag((naive + 4, y), (x, y))
    see_selected(terminal, DEEP, DEEP[DEEP.index("답글") : DEEP.index(" 漢字")])
    terminal.press("c")
    terminal.see_status("Claim on “답글")
    kanji, y = terminal.place("漢字")
    terminal.click(kanji + 3, y, times=2)
    see_selected(terminal, DEEP, "漢字")
    terminal.press("c")
    terminal.see_status("Claim on “漢字”")


def test_clicks_fold_at_markers_and_guides(harbour: Desk) -> None:
    terminal = harbour.open(120, 40)
    x, y = terminal.place("▾ tidewatcher")
    terminal.click(x, y)
    terminal.see("▸ tidewatcher  +9 replies", "Bex")
    assert focused(terminal, "tidewatcher", marker="▸")
    terminal.click(x, y)
    terminal.see("▾ tidewatcher", "▾ Rashid K.")

    # each guide beside a deep comment belongs to another of the posts above it
    for level, folded in enumerate(("▸ Dolores Pike  +11 replies", "▸ tidewatcher  +9", "▸ Dolores Pike  +7")):
        x, y = terminal.place("▾ Rashid K.")
        guides = [column for column, sign in terminal.cells(y) if sign == "│" and 60 < column < x]
        assert len(guides) == 4
        terminal.click(guides[level], y)
        terminal.see(folded)
        terminal.wait(lambda: "Rashid K." not in terminal.text, "the reply to be hidden")
        x, y = terminal.place(folded)
        terminal.click(x, y)
        terminal.see("▾ Rashid K.")

    # a click on a header puts the focus on the post and folds nothing
    x, y = terminal.place("Rashid K.")
    terminal.click(x, y)
    terminal.wait(lambda: focused(terminal, "Rashid K."), "the focus on the post")
    terminal.see("▾ Rashid K.")
    terminal.see_status("1.1.1.1.1 · 5/54")


def test_wheel_and_scroll_bar(harbour: Desk) -> None:
    terminal = harbour.open(120, 40)
    terminal.see("Council votes", "Dolores Pike")
    right = terminal.columns - 1

    # the wheel scrolls the pane below the mouse and leaves the other one alone
    terminal.wheel(5, 5, 2)
    terminal.wait(lambda: "Council votes 21 to 18 for £412m harbour tunnel as" not in terminal.text[: 60 * 3], "scroll")
    terminal.see("Twenty-three minutes a week.")
    terminal.wheel(90, 5, 2)
    terminal.wait(lambda: "Twenty-three minutes a week." not in terminal.text, "the thread to scroll")
    terminal.wheel(90, 5, -9)
    terminal.wheel(5, 5, -9)
    terminal.see("Article", "Council votes", "▾ Dolores Pike")

    # the scroll bar's thumb is dragged to the end and back
    terminal.drag((right, 1), (right, 10), (right, 33))  # the line above the thread has no bar
    terminal.wait(lambda: _bar(terminal, right)[-1] == "┃", "the thumb at the end")
    terminal.see_status("READ")
    terminal.press("G")
    terminal.see_status(" · 54/54")
    last = terminal.text
    terminal.drag((right, 33), (right, 1))
    terminal.wait(lambda: _bar(terminal, right)[0] == "┃" and "▾ Dolores Pike" in terminal.text, "the start")
    assert last != terminal.text


def _bar(terminal: Terminal, column: int) -> str:
    cells = (terminal.style(column, y).data for y in range(terminal.rows))
    return "".join(sign for sign in cells if sign in "┃│").rstrip()


def test_a_click_on_the_label_bar_puts_the_label(harbour: Desk) -> None:
    terminal = harbour.open(120, 40)
    terminal.press("tab")
    terminal.see_status("READ")
    x, y = terminal.place("2 Disagree")
    terminal.click(x + 4, y)
    terminal.see_status("Disagree on 1 (Dolores Pike)")
    terminal.see("Dolores Pike   Disagree")
    x, y = terminal.place("9 Controversial topic")  # on the bar's second row
    terminal.click(x, y)
    terminal.see_status("Controversial topic on")
    x, y = terminal.place("u undo")
    terminal.click(x, y)
    terminal.see_status("Undone: Controversial topic")
    x, y = terminal.place("3 Asks")
    terminal.click(x - 1, y)  # between two labels there is nothing
    terminal.click(x, y)
    terminal.see_status("Asks on 1.1 (tidewatcher)")
    x, y = terminal.place("s select sentence")
    terminal.click(x, y)
    terminal.see("Selection", "c Claim")
    x, y = terminal.place("c Claim")
    terminal.click(x, y)
    terminal.see_status("Claim on")
    assert [(one.label, one.post) for one in harbour.put()] == [
        ("disagree", "1"),
        ("asks", "1.1"),
        ("claim", "1.1.1"),
    ]


def test_a_drag_stays_in_the_pane_where_it_began(wide: Desk) -> None:
    terminal = wide.open(120, 30)
    terminal.see("author1", "Nobody asked")
    x, y = terminal.place("Nobody")
    there = terminal.place("Level 1")

    # into the other pane: only the article is selected, and the thread stays where it was
    terminal.drag((x, y), (x + 5, y), is_released=False)
    see_selected(terminal, ARTICLE, "Nobody")
    terminal.drag((there[0], y), (there[0] + 10, y), is_pressed=False)
    terminal.wait(lambda: selected(terminal) not in {None, (19, 25)}, "the selection to grow")
    assert terminal.status.startswith(" SELECT")
    assert " article " in terminal.status
    grounds = {terminal.style(column, there[1]).bg for column in range(there[0], there[0] + 20)}
    assert len(grounds) == 1, "nothing of the comment is drawn as selected"
    start, end = selected(terminal) or (0, 0)
    assert ARTICLE[start:end].startswith("Nobody asked the town")
    terminal.press("c")
    terminal.see_status("Claim on “Nobody asked")
    terminal.press("tab", "i", "v")
    terminal.see_status("SELECT", "1 · 1/7")
    terminal.press("escape", "escape")
    terminal.see_status("READ")

    # from a comment upwards over others: only the comment where it began
    x, y = terminal.place("Level 3")
    above = terminal.place("author1")
    terminal.drag((x + 6, y), (x + 3, y - 2), above)
    terminal.wait(lambda: selected(terminal) == (0, 7), "the comment's beginning")
    terminal.see_status("1.1.1 · 3/7")

    # below the pane: it scrolls for as long as the button is held
    x, y = terminal.place("Paragraph 3")
    terminal.drag((x, y), (x + 10, y), is_released=False)
    see_selected(terminal, ARTICLE, "Paragraph 3")
    terminal.drag((x, terminal.rows - 1), is_pressed=False, is_released=False)
    terminal.wait(lambda: (selected(terminal) or (0, 0))[1] > ARTICLE.index("Paragraph 30"), "scrolling by the drag")
    terminal.drag((x, terminal.rows - 1), is_pressed=False)
    terminal.press("c")
    terminal.see_status("Claim on “Paragraph 3 says")
    assert [one.post for one in wide.put()] == ["0", "0"]
