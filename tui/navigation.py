"""Which screens there are, and the ways between them.

A reader and the library stand in a mode each; the search lies over either. The library and the search stay as they were
left, of readers there is one at a time: what it has to remember (place, what was read) is in the project before it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from annotations.errors import PostilError
from annotations.store import listing, overview
from tui.screens.going import Back, JumpBack, ToImported, ToLibrary, ToSearch, ToThread
from tui.text.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.screen import Screen

    from annotations.model import Annotator, StoredThread
    from annotations.store.project import Project
    from tui.configuration import Configuration
    from tui.screens.corpus_search import CorpusSearchScreen
    from tui.screens.going import Going, PostPlace
    from tui.screens.library import LibraryScreen
    from tui.screens.reader import ReaderScreen

    MakeReader: TypeAlias = Callable[[StoredThread], ReaderScreen]

Origin = Literal["", "library", "search"]
"""From where a reader was opened, and where `q` leads: "" is out."""


class Stop(Struct, frozen=True):
    """A thread on the way: its row, and where `q` led from there."""

    thread_id: int
    origin: Origin


class Navigation:
    """The ways between screens.

    Args:
        app: The app, not running yet.
        project: The project.
        annotator: Who reads.
        configuration: What the analyst has set.
        make_reader: Makes the reader of a thread; raises PostilError.
    """

    def __init__(
        self,
        app: App[None],
        project: Project,
        annotator: Annotator,
        configuration: Configuration,
        make_reader: MakeReader,
    ) -> None:
        self._app = app
        self._project = project
        self._annotator = annotator
        self._configuration = configuration
        self._make_reader = make_reader
        self._reader: ReaderScreen | None = None
        self._origin: Origin = ""
        self._library: LibraryScreen | None = None
        self._search: CorpusSearchScreen | None = None
        self._searched_from: Stop | None = None
        self._trail: list[Stop] = []
        self._modes: dict[Screen[None], str] = {}
        self._opened = 0

    def begin(self, thread_key: str | None) -> None:
        """Choose where to start: in the reader of a thread, or in the library if there are several and none is named.

        Raises:
            PostilError: If the project has no such thread, or none at all.
        """
        if thread_key is not None:
            self._reader = self._make_reader(listing.find_thread(self._project, thread_key))
        elif overview.count_threads(self._project, at_most=2) > 1:
            self._library = self._make_library(None)
        elif thread_id := overview.last_thread_id(self._project, self._annotator.id):
            self._reader = self._make_reader(listing.load_thread(self._project, thread_id))
        else:
            raise PostilError(f"{self._project.path} holds no thread yet", "Import one: postil import FILE")

    def first_screen(self) -> Screen[None]:
        """Return the app's first screen: a reader is that itself, because a screen below it would be laid out in vain."""
        if self._reader is not None:
            return self._reader
        from textual.screen import Screen  # noqa: PLC0415  # where the app starts in a reader, it is of no use

        return Screen()

    def start(self) -> None:
        """Show the library, if that is where to start; the app runs by now."""
        if self._library is not None:
            self._add("library", self._library)
            self._app.switch_mode("library")

    def follow(self, going: Going) -> None:
        """Go where a screen asks to go; what hinders it is said, and the screen stays."""
        try:
            self._follow(going)
        except PostilError as error:
            self._app.notify(one_line(str(error)), severity="error", markup=False, timeout=8)
            self._stay()

    def _follow(self, going: Going) -> None:
        match going:
            case ToThread():
                self._to_thread(going.thread_id, going.place)
            case ToLibrary():
                self._to_library()
            case ToImported():
                self._to_imported(going)
            case ToSearch():
                self._to_search()
            case Back():
                self._back()
            case JumpBack():
                self._jump_back()

    def flush(self) -> None:
        """Let the reader keep its place and what was read."""
        if self._reader is not None and self._reader.has_begun:
            self._reader.flush()

    def stir(self) -> None:
        """Let the reader know that there was a key, or the mouse."""
        if self._reader is not None:
            self._reader.stir()

    def attend(self, *, is_here: bool) -> None:
        """Let the reader know that the terminal is in front, or no longer."""
        if self._reader is not None and self._app.screen is not self._search:
            self._reader.attend(is_here=is_here)

    def _stay(self) -> None:
        if self._reader is not None:
            self._reader.has_left = False

    # --- threads ------------------------------------------------------------------------------------------------

    def _to_thread(self, thread_id: int, place: PostPlace | None) -> None:
        if self._app.screen is not self._search:
            came_from = Stop(self._reader.thread.id, self._origin) if self._reader is not None else None
            self._open(Stop(thread_id, "library"), place)
            if came_from is not None and place is not None:  # from the history
                self._trail.append(came_from)
            return
        before = Stop(self._reader.thread.id, self._origin) if self._reader is not None else None
        self._open(Stop(thread_id, "search"), place)
        if before is not None and before.thread_id != thread_id:
            self._trail.append(before)

    def _to_imported(self, going: ToImported) -> None:
        if len(going.thread_ids) == 1:
            self._open(Stop(going.thread_ids[0], "library"), is_changed=going.is_changed)
            self._stay()  # it may be the reader that asked
        else:
            self._to_library()

    def _open(self, stop: Stop, place: PostPlace | None = None, *, is_changed: bool = False) -> None:
        """Show a thread, in the reader that is there if it is that thread's as it is now."""
        reader = self._reader
        if reader is not None and reader.thread.id == stop.thread_id and not is_changed:
            self._close_search()
            if place is not None:
                reader.go_to_place(place)
        else:
            self.flush()
            reader = self._make_reader(listing.load_thread(self._project, stop.thread_id))
            reader.first_place = place
            self._close_search()
            self._opened += 1
            mode = f"reader {self._opened}"
            self._add(mode, reader)
            self._app.switch_mode(mode)
            self._drop_reader()
            self._reader = reader
        self._origin = stop.origin

    def _drop_reader(self) -> None:
        """Let the reader go; another screen is shown by now."""
        reader = self._reader
        if reader is None:
            return
        self._reader = None
        mode = self._modes.pop(reader, None)
        if mode is not None:
            self._app.remove_mode(mode)
        else:
            reader.remove()  # the app's first screen: Textual keeps its place, nothing leads there any more

    def _jump_back(self) -> None:
        if self._trail:
            self._open(self._trail.pop())
        elif self._reader is not None:
            self._reader.say("No jump to go back from")
            self._reader.show_status()

    # --- the other screens --------------------------------------------------------------------------------------

    def _to_library(self) -> None:
        thread_id = self._reader.thread.id if self._reader is not None else None
        if self._library is None:
            self._library = self._make_library(thread_id)
            self._add("library", self._library)
        self._library.wanted = thread_id
        self.flush()
        self._close_search()
        self._app.switch_mode("library")
        self._drop_reader()
        self._trail.clear()

    def _make_library(self, thread_id: int | None) -> LibraryScreen:
        from tui.configuration import keymap_for  # noqa: PLC0415  # loaded on use
        from tui.screens.library import LibraryScreen  # noqa: PLC0415  # loaded on use
        from tui.screens.library_keys import COMMANDS  # noqa: PLC0415  # loaded on use

        keymap = keymap_for(COMMANDS, self._configuration)
        return LibraryScreen(
            self._project, self._annotator, keymap, is_plain=self._configuration.is_plain, thread_id=thread_id
        )

    def _to_search(self) -> None:
        reader = self._reader if self._app.screen is self._reader else None
        self._searched_from = Stop(reader.thread.id, self._origin) if reader is not None else None
        if self._search is None:
            self._search = self._make_search()
            self._app.install_screen(self._search, "search")
        self._search.begin_from(reader.thread if reader is not None else None)
        self._app.push_screen(self._search)

    def _make_search(self) -> CorpusSearchScreen:
        from tui.configuration import keymap_for  # noqa: PLC0415  # loaded on use
        from tui.screens.corpus_search import CorpusSearchScreen  # noqa: PLC0415  # loaded on use
        from tui.screens.library_keys import SEARCH_COMMANDS  # noqa: PLC0415  # loaded on use

        keymap = keymap_for(SEARCH_COMMANDS, self._configuration)
        return CorpusSearchScreen(self._project, self._annotator, keymap, is_plain=self._configuration.is_plain)

    def _close_search(self) -> None:
        if self._search is not None and self._app.screen is self._search:
            self._app.pop_screen()

    def _back(self) -> None:
        """Go where the present screen was opened from; out, if that is nowhere."""
        screen = self._app.screen
        if self._search is not None and screen is self._search:
            self._back_from_search()
        elif screen is self._reader and self._origin == "search" and self._search is not None:
            self.flush()
            self._app.push_screen(self._search)
        elif screen is self._reader and self._origin == "library":
            self._to_library()
        else:
            self.flush()
            self._app.exit()

    def _back_from_search(self) -> None:
        """Go where one was before the search, not to the thread that was looked at from it."""
        stop = self._searched_from
        if stop is None:
            self._to_library()
            return
        self._open(stop)
        if self._trail and self._trail[-1].thread_id == stop.thread_id:
            self._trail.pop()

    def _add(self, mode: str, screen: Screen[None]) -> None:
        self._modes[screen] = mode
        self._app.add_mode(mode, lambda: screen)
