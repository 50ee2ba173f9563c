"""What a worker's thread has found, handed over to its screen, unless that has been left meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

_Given = ParamSpec("_Given")


def hand_over(
    screen: Screen[Any], take: Callable[_Given, object], *arguments: _Given.args, **named: _Given.kwargs
) -> None:
    """Call in the app what takes a worker's results; to be called in the worker's thread.

    A screen that is being left has lost its widgets before it is told so itself: nothing is handed to it any more.
    """
    app = screen.app

    def take_if_there() -> None:
        if app.is_running and screen in app.screen_stack:
            take(*arguments, **named)

    if app.is_running:
        app.call_from_thread(take_if_there)
