"""The reader on texts with markup: links, repeats, the text as it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotations.model import Post, PostKind, Thread
from annotations.store.labels import annotations_in_thread
from annotations.store.project import Project
from annotations.store.threads import save_thread
from tui.app import PostilApp
from tui.keymap import Context
from tui.screens.reader import ReaderScreen
from tui.theme_names import DARK
from tui.widgets.post_layout import GUTTER

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

ARTICLE = (
    "Ferry to start in June\n\nThe ferry is to start in June, and until then the eastern quarter is reached by the dam."
)
COMMENTS = {
    "1": "Figures: https://one.example/a and [minutes](https://two.example/b), *not* these.",
    "1.1": "You say that until then the eastern quarter is reached by the dam. By whom?",
    "1.1.1": "You are right.",
    "2": "<p>It was <b>never</b> so. It&#x27;s 4 &gt; 3.<p>Read <a href='https://three.example/c'>bank.example</a>.</p>",
    "3": " ".join(f"https://n{number}.example" for number in range(1, 13)),
}


@pytest.fixture
def app(tmp_path: Path) -> MarkedApp:
    """The app on a thread of Markdown and HTML."""
    path = tmp_path / "ferry.db"
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=ARTICLE)]
    posts += [Post(key=key, parent=key.rpartition(".")[0] or "0", text=text) for key, text in COMMENTS.items()]
    thread = Thread(key="ferry", title="Ferry", posts=tuple(posts), format="t", url="https://paper.example/ferry")
    with Project.open(path, create=True) as project:
        save_thread(project, thread, location="/ferry.txt", source_sha256="0" * 64)
    return MarkedApp(path)


class MarkedApp(PostilApp):
    """The app without a browser."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "ann", theme=DARK)
        self.opened: list[str] = []

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        del new_tab
        self.opened.append(url)


def reader(pilot: Pilot[None]) -> ReaderScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


async def go(pilot: Pilot[None], position: int) -> None:
    """Go to a comment of the thread."""
    screen = reader(pilot)
    screen.set_focus(screen.thread_pane)
    screen.thread_pane.go_to(position)
    await pilot.pause()


async def test_one_of_several_links_is_opened_by_its_number(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 1)
        await pilot.press("g", "x")
        assert reader(pilot).said == "Open link 1…2?"
        assert [(offer.key, offer.text) for offer in reader(pilot).offers()[1]] == [
            ("1", "one.example"), ("2", "two.example"), ("Esc", "none"),
        ]  # fmt: skip
        assert app.opened == []
        await pilot.press("2")
        assert app.opened == ["https://two.example/b"]
        assert "two.example" in reader(pilot).said
        assert annotations_in_thread(reader(pilot).session.project, reader(pilot).thread.id) == []


async def test_the_question_ends_at_escape_and_at_a_number_that_is_none(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 1)
        await pilot.press("g", "x", "escape")
        assert reader(pilot).said == "No link opened"
        await pilot.press("g", "x", "7")
        assert reader(pilot).said == "There is no link 7 here"
        assert annotations_in_thread(reader(pilot).session.project, reader(pilot).thread.id) == []
        await pilot.press("g", "x", "j")
        assert reader(pilot).thread_pane.position == 2
        assert app.opened == []


async def test_of_more_than_nine_links_two_digits_name_one(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 5)
        await pilot.press("g", "x", "1", "2")
        assert app.opened == ["https://n12.example"]
        await pilot.press("g", "x", "4")
        await pilot.press("g", "x", "1", "enter")
        assert app.opened[1:] == ["https://n4.example", "https://n1.example"]


async def test_the_link_under_the_cursor_and_the_only_one_need_no_number(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 1)
        await pilot.press("i", "w", "w", "g", "x")
        assert app.opened == ["https://one.example/a"]
        await go(pilot, 4)
        await pilot.press("g", "x")
        assert app.opened[1:] == ["https://three.example/c"]
        assert reader(pilot).said.startswith("Opened a page of three.example")


async def test_without_a_link_it_is_the_page_of_the_thread(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 3)
        await pilot.press("g", "x")
        assert app.opened == ["https://paper.example/ferry"]


async def test_a_click_on_the_number_opens_and_one_on_the_link_does_not(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 1)
        pane = reader(pilot).thread_pane
        body = pane.painted(1).body
        _, column = body.cell_of(body.text.index(" and"))
        row = next(y for y, shown in enumerate(pane.viewport.rows()) if shown == (1, 1))
        await pilot.click(pane, offset=(GUTTER + column - 3, row))
        assert app.opened == []
        assert (pane.is_in_text, pane.caret) == (True, body.text.index(" and") - 2)
        await pilot.click(pane, offset=(GUTTER + column - 1, row))
        assert app.opened == ["https://one.example/a"]


async def test_the_text_is_shown_as_it_is_stored_and_back(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 4)
        screen = reader(pilot)
        read = screen.thread_pane.painted(4).body.drawn(0)
        assert read == "It was never so. It's 4 > 3."
        await pilot.press("z", "s")
        assert screen.thread_pane.painted(4).body.drawn(0).startswith("<p>It was <b>never</b>")
        assert screen.article.is_source
        assert screen.said == "Texts as they are stored"
        await pilot.press("z", "s")
        assert screen.thread_pane.painted(4).body.drawn(0) == read


async def test_the_cursor_leaves_what_is_hidden_when_it_hides(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 4)
        pane = reader(pilot).thread_pane
        await pilot.press("z", "s", "i")
        assert pane.caret == 0
        await pilot.press("z", "s")
        assert pane.caret == 3
        await pilot.press("w", "w", "l")
        assert pane.text[pane.caret :].startswith("ever</b>")


async def test_a_sentence_between_tags_is_labeled_as_it_is_stored(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 4)
        screen = reader(pilot)
        await pilot.press("s")
        assert screen.context is Context.VISUAL
        span = screen.thread_pane.selected_span()
        assert span is not None
        assert COMMENTS["2"][slice(*span)] == "It was <b>never</b> so."
        await pilot.press("s", "c")
        [annotation] = annotations_in_thread(screen.session.project, screen.thread.id)
        assert annotation.quote is not None
        assert annotation.quote.exact == "It was <b>never</b> so. It&#x27;s 4 &gt; 3."
        await pilot.pause()
        assert "“It was never so. It's 4 > 3.”" in str(screen.inspector.render())


async def test_words_of_the_article_are_found_in_a_comment_after_it_is_drawn(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 2)
        await pilot.pause()
        pane = reader(pilot).thread_pane
        [(start, end)] = pane.view_of(2).repeats
        assert pane.text[start:end] == "until then the eastern quarter is reached by the dam."
        assert pane.view_of(3).repeats == ()
        await pilot.press("4")
        assert pane.view_of(2).repeats == ((start, end),)


async def test_repeats_are_drawn_as_quotes(app: MarkedApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await go(pilot, 2)
        await pilot.pause()
        pane = reader(pilot).thread_pane
        [(start, _)] = pane.view_of(2).repeats
        line, column = pane.painted(2).body.cell_of(start)
        row = next(y for y, shown in enumerate(pane.viewport.rows()) if shown == (2, line + 1))
        strip = pane.render_line(row).crop(GUTTER + pane.painter.geometry.indent(2) + column)
        styles = [segment.style for segment in strip if segment.text.strip()]
        assert styles[0] == pane.painter.styles.plain("quote", is_focused=True)
