"""Several threads in a real terminal: from the library into a thread, by a search into another, back, and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Post, PostKind, Thread

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk


def small_thread(key: str, title: str, *comments: str) -> Thread:
    posts = [Post(key="0", parent=None, kind=PostKind.ARTICLE, text=f"{title}\n\nNothing more is known.")]
    posts += [Post(key=str(number), parent="0", author="ada", text=text) for number, text in enumerate(comments, 1)]
    return Thread(key=key, title=title, posts=tuple(posts), format="flattened")


def test_a_day_with_several_threads(desk: Desk) -> None:
    desk.save(small_thread("ferry", "The ferry is late", "It was late yesterday.", "Who pays?"))
    desk.save(small_thread("tram", "東京の路面電車", "The tram is slow.", "It rings before dawn."))
    terminal = desk.open()
    terminal.see("LIBRARY", "The ferry is late", "東京の路面電車", "1 of 2")
    terminal.press("j", "\r")
    terminal.see("The tram is slow.", "TEXT")
    terminal.press("\t1")
    terminal.see_status(" 1 labeled")
    terminal.press("g/late yest")
    terminal.see("1 hit ", "It was late yesterday.")
    terminal.press("\r")
    terminal.see("Nothing more is known.", "Who pays?", "READ")
    terminal.press("\x0f")
    terminal.see("The tram is slow.")
    terminal.see_status(" 1 labeled")
    terminal.press("q")
    terminal.see("LIBRARY", "just now")
    terminal.press("/ferri")
    terminal.see("The ferry is late", "1 of 1")
    terminal.press("\r", "\x1b")
    terminal.see("東京の路面電車", " of 2")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert [put.label for put in desk.put()] == ["agree"]
    assert desk.problems() == []
