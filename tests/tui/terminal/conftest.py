"""A terminal of our own: it runs Postil in a pseudo-terminal and sees what a person would see.

`Terminal` does what a terminal program does: it gives the program a size, sends keys and the mouse as bytes, and reads
what comes back onto a screen (pyte's). It answers that it can draw whole frames at once (mode 2026), so that what a test
sees is never half drawn, and it draws a grapheme cluster into the cells of its first character, as kitty, foot, Ghostty,
WezTerm and iTerm2 do; pyte alone drops what follows a joiner. All of it stands in one file, because the import mode of
these tests lets a conftest import no neighbour.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pyte
import pytest
from wcwidth import wcswidth, wcwidth

from annotations.importers import flattened
from annotations.sources.source import read_source
from annotations.store.check import check
from annotations.store.labels import annotations_in_thread
from annotations.store.listing import list_threads
from annotations.store.posts import load_post
from annotations.store.project import Project
from annotations.store.threads import save_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from annotations.model import Annotation, StoredPost, Thread

_T = TypeVar("_T")

ROOT = Path(__file__).parents[3]
_CACHE = TemporaryDirectory(prefix="postil-tests-")  # gone when the tests are over
DEADLINE = 30.0
"""Seconds that a condition may take on a machine that is busy with something else; as a rule it takes 0.05."""
DOUBLE = 2
"""Cells of a wide character."""
KEYS = {
    "enter": "\r",
    "tab": "\t",
    "space": " ",
    "escape": "\x1b[27u",  # as kitty sends it: there is nothing to wait for
    "bare escape": "\x1b",  # as others do: it may be the beginning of something, until a moment has passed
    "up": "\x1b[A",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "pagedown": "\x1b[6~",
    "ctrl+q": "\x11",
}
"""What a terminal sends for keys that have a name; all others send their character."""
_BEGIN_FRAME, _END_FRAME = "\x1b[?2026h", "\x1b[?2026l"
_TOKEN = re.compile(
    r"[^\x00-\x1f\x7f]+|\x1b\[([<=>?]?)([\d;:]*)([ -/]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|.", re.DOTALL
)
"""Text, a control sequence in its parts, a command to the window, a single control character."""
_JOINER, _EMOJI_SIGN = "\u200d", "\ufe0f"


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return the environment of a terminal with all colours; a change to None takes a variable away."""
    mine = ("POSTIL_", "TEXTUAL", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM_PROGRAM", "LC_TERMINAL", "LC_ALL"):
        kept.pop(name, None)
    kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    kept["XDG_CACHE_HOME"] = _CACHE.name  # nothing is left in the developer's own
    kept["POSTIL_CONFIG"] = os.environ["POSTIL_CONFIG"]  # there is none, whatever the developer has at home
    for name, value in (changes or {}).items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = value
    return kept


class Glass(pyte.Screen):
    """The screen: pyte's, but a cluster takes the cells of its first character (two if U+FE0F makes it a picture)."""

    def draw(self, data: str) -> None:
        """Draw characters at the cursor; the right margin holds what does not fit, as with wrapping off."""
        line, attributes = self.buffer[self.cursor.y], self.cursor.attrs
        if data.isascii() and self.cursor.x + len(data) <= self.columns:
            for x, character in enumerate(data, self.cursor.x):
                line[x] = _cell(attributes, character)
            self.cursor.x += len(data)
            return
        for character in data:
            before = self.cursor.x - 1
            while before > 0 and line[before].data == "":
                before -= 1
            width = wcwidth(character)
            last = line[before].data if before >= 0 else ""
            if last and (width <= 0 or _joins(last, character)):
                line[before] = line[before]._replace(data=last + character)
                if character == _EMOJI_SIGN and before == self.cursor.x - 1 and wcswidth(last + character) == DOUBLE:
                    line[self.cursor.x] = _cell(attributes, "")
                    self.cursor.x = min(self.cursor.x + 1, self.columns)
                continue
            if width <= 0:
                continue
            at = min(self.cursor.x, self.columns - width)
            line[at] = _cell(attributes, character)
            if width == DOUBLE:
                line[at + 1] = _cell(attributes, "")
            self.cursor.x = min(at + width, self.columns)

    def restyle(self, parameters: str) -> None:
        """Take the colours and attributes of a sequence; the same ones come again and again."""
        known = (self.cursor.attrs, parameters)
        if known not in _STYLES:
            self.select_graphic_rendition(*(int(part or 0) for part in parameters.split(";")))
            _STYLES[known] = self.cursor.attrs
        self.cursor.attrs = _STYLES[known]


_STYLES: dict[tuple[Any, str], Any] = {}


@lru_cache(maxsize=100_000)
def _cell(attributes: Any, character: str) -> Any:  # noqa: ANN401  # pyte's Char
    return attributes._replace(data=character)


def _joins(last: str, character: str) -> bool:
    """Tell whether a character that is not of zero width belongs to the cluster before it."""
    is_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    is_flag = all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (last, character) if len(letter) == 1)
    return last.endswith(_JOINER) or is_tone or (is_flag and len(last) == 1)


class Terminal:
    """A program that runs in a terminal.

    Args:
        command: What to run.
        columns: The terminal's width in cells.
        rows: Its height.
        variables: Changes to the environment.
        folder: Where it runs.
        is_controlling: Whether the program belongs to the terminal, so that it is told when the window is closed.
    """

    def __init__(  # noqa: PLR0913  # how a program is run
        self,
        command: Sequence[str],
        columns: int,
        rows: int,
        *,
        variables: Mapping[str, str | None] | None = None,
        folder: Path = ROOT,
        is_controlling: bool = True,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.glass = Glass(columns, rows)
        self.output = ""
        self.modes: dict[int, bool] = {}
        self._stream = pyte.Stream(self.glass)
        self._decode = getincrementaldecoder("utf-8")("strict").decode
        self._pending = ""
        self._lines: list[str] | None = None
        self._master, self._slave = pty.openpty()
        self._set_size()
        self.settings = termios.tcgetattr(self._slave)
        self.process = subprocess.Popen(
            command,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=folder,
            env=environment(variables),
            start_new_session=True,
            preexec_fn=_take_terminal if is_controlling else None,  # noqa: PLW1509  # the new session must own the terminal; no thread runs here
        )

    # --- what a person does -------------------------------------------------------------------------------------

    def write(self, characters: str) -> None:
        """Send characters as they are."""
        os.write(self._master, characters.encode())

    def press(self, *keys: str) -> None:
        """Press keys: a name of `KEYS`, or characters to be typed one after the other."""
        for key in keys:
            self.write(KEYS.get(key, key))

    def _mouse(self, button: int, x: int, y: int, *, is_release: bool = False) -> str:
        return f"\x1b[<{button};{x + 1};{y + 1}{'m' if is_release else 'M'}"

    def click(self, x: int, y: int, times: int = 1) -> None:
        """Click at a cell; the clicks of a double or triple click arrive together."""
        self.write((self._mouse(0, x, y) + self._mouse(0, x, y, is_release=True)) * times)

    def drag(self, *cells: tuple[int, int], is_pressed: bool = True, is_released: bool = True) -> None:
        """Press at the first cell, move over the others, and let go at the last one, all at once."""
        events = [self._mouse(32, x, y) for x, y in cells]
        if is_pressed:
            events[0] = self._mouse(0, *cells[0])
        if is_released:
            events.append(self._mouse(0, *cells[-1], is_release=True))
        self.write("".join(events))

    def wheel(self, x: int, y: int, notches: int) -> None:
        """Turn the wheel above a cell: down if positive."""
        self.write(self._mouse(65 if notches > 0 else 64, x, y) * abs(notches))

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size; the kernel tells the program by SIGWINCH."""
        self.pump()
        self.columns, self.rows = columns, rows
        self.glass.resize(rows, columns)
        self._lines = None
        self._set_size()

    def _set_size(self) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))

    # --- what a person sees -------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without what is blank at their ends."""
        if self._lines is None:
            self._lines = ["".join(text for _, text in self.cells(y)).rstrip() for y in range(self.rows)]
        return self._lines

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    @property
    def status(self) -> str:
        """The last row."""
        return self.lines[-1]

    @property
    def has_picture(self) -> bool:
        """Whether the program has drawn a whole frame on a screen of its own; one cell has no room for words."""
        has_words = bool(self.text.strip()) or self.columns * self.rows == 1
        return self.modes.get(1049, False) and has_words and _END_FRAME in self.output

    def cells(self, y: int) -> list[tuple[int, str]]:
        """Return the clusters of a row, each with its first column."""
        line = self.glass.buffer[y]
        return [(x, line[x].data) for x in range(self.columns) if line[x].data]

    def style(self, x: int, y: int) -> Any:  # noqa: ANN401  # pyte's Char
        """Return the colours and attributes of a cell."""
        return self.glass.buffer[y][x]

    def find(self, text: str, *, left: int = 0, right: int | None = None, top: int = 0) -> tuple[int, int] | None:
        """Return the column and row at which `text` begins first, between two columns and from a row on."""
        stop = self.columns if right is None else right
        for y in range(top, self.rows):
            cells = [(x, cluster) for x, cluster in self.cells(y) if left <= x < stop]
            places = [x for x, cluster in cells for _ in cluster]
            at = "".join(cluster for _, cluster in cells).find(text)
            if at >= 0:
                return places[at], y
        return None

    def place(self, text: str, **limits: int) -> tuple[int, int]:
        """Wait until `text` is on the screen; return where it begins. Limits as those of `find`."""
        return self.wait(lambda: self.find(text, **limits), f"{text!r} to be on the screen")

    # --- waiting ------------------------------------------------------------------------------------------------

    def pump(self, seconds: float = 0) -> bool:
        """Take in what the program has written, waiting for it up to `seconds`; return whether it wrote."""
        has_read = False
        while select.select([self._master], [], [], 0 if has_read else seconds)[0]:
            try:
                found = os.read(self._master, 65536)
            except OSError:  # nobody has the terminal open any more
                break
            if not found:
                break
            has_read = True
            self._take(self._decode(found))
        return has_read

    def _take(self, text: str) -> None:
        self.output += text
        self._pending += text
        if "\x1b[?2026$p" in text:
            self.write("\x1b[?2026;2$y")
        begun, ended = self._pending.rfind(_BEGIN_FRAME), self._pending.rfind(_END_FRAME)
        cut = begun if begun > ended else len(self._pending)
        shown, self._pending = self._pending[:cut], self._pending[cut:]
        if shown:
            self._lines = None
        for token in _TOKEN.finditer(shown):
            prefix, parameters, _, final = token.groups()
            if final is None:
                if token[0] >= " ":
                    self.glass.draw(token[0])
                else:
                    self._stream.feed(token[0])
            elif final == "m" and not prefix:
                self.glass.restyle(parameters)
            elif prefix == "?" and final in "hl":
                self.modes |= {int(mode): final == "h" for mode in parameters.split(";")}
            elif not prefix:
                self._stream.feed(token[0])

    def wait(self, condition: Callable[[], _T | None], what: str, seconds: float = DEADLINE) -> _T:
        """Wait until `condition` returns something true, and return it; fail with the screen after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            self.pump()
            if found := condition():
                return found
            if self.process.poll() is not None and not self.pump(0.2) and not condition():
                pytest.fail(f"{what}: the program ended with {self.process.returncode} before\n{self.picture()}")
            if time.monotonic() > deadline:
                pytest.fail(f"{what}: not within {seconds} s\n{self.picture()}")
            self.pump(0.05)

    def see(self, *texts: str) -> None:
        """Wait until all the texts are on the screen at once."""
        self.wait(lambda: all(text in self.text for text in texts), f"to see {texts}")

    def see_status(self, *texts: str) -> None:
        """Wait until the status line says all the texts."""
        self.wait(lambda: all(text in self.status for text in texts), f"to see {texts} in the status line")

    def wait_exit(self, seconds: float = DEADLINE) -> int:
        """Wait for the program's end; return its exit code, negative for a signal."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                pytest.fail(f"the program did not end within {seconds} s\n{self.picture()}")
            self.pump(0.05)
        self.pump()
        return self.process.returncode

    def picture(self) -> str:
        """Return the screen in a frame, for messages."""
        rule = "+" + "-" * self.columns + "+"
        rows = ["".join(self.glass.buffer[y][x].data for x in range(self.columns)) for y in range(self.rows)]
        return "\n".join([rule, *(f"|{row}|" for row in rows), rule])

    # --- the end ------------------------------------------------------------------------------------------------

    @property
    def present_settings(self) -> list[Any]:
        """How the line discipline is set now."""
        return termios.tcgetattr(self._slave)

    def kill(self) -> None:
        """Kill the program at once, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE)

    def close(self) -> None:
        """Close the terminal's window; the program is told by SIGHUP."""
        for name in ("_slave", "_master"):
            if (descriptor := getattr(self, name)) >= 0:
                os.close(descriptor)
                setattr(self, name, -1)
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Put(NamedTuple):
    """A label that stands: which, on what, and by whom; a whole post has no quote and the range (0, 0)."""

    label: str
    post: str
    quote: str = ""
    start: int = 0
    end: int = 0
    annotator: str = "ann"


def _put(annotation: Annotation, post: StoredPost) -> Put:
    span = annotation.target.span
    if span is not None:
        assert annotation.quote is not None
        assert post.text[span.start : span.end] == annotation.quote.exact
        return Put(annotation.label, post.key, annotation.quote.exact, span.start, span.end, annotation.annotator)
    return Put(annotation.label, post.key, annotator=annotation.annotator)


class Desk:
    """A folder with a project, and the terminals that were opened on it.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project_path = folder / "postil.db"
        self._terminals: list[Terminal] = []

    def save(self, thread: Thread) -> None:
        """Make the project with one thread."""
        with Project.open(self.project_path, create=True) as project:
            save_thread(project, thread, location=f"/{thread.key}.txt", source_sha256="0" * 64)

    def open(
        self,
        columns: int = 120,
        rows: int = 40,
        *,
        annotator: str = "ann",
        variables: Mapping[str, str | None] | None = None,
        is_controlling: bool = True,
    ) -> Terminal:
        """Open the reader on the project; return once it shows its status line."""
        command = [sys.executable, "-m", "tui.cli", "--project", str(self.project_path), "--annotator", annotator]
        terminal = Terminal(
            command, columns, rows, variables=variables, folder=self.folder, is_controlling=is_controlling
        )
        self._terminals.append(terminal)
        terminal.wait(lambda: terminal.has_picture, "the first picture")
        return terminal

    def start(self, *arguments: str, columns: int = 80, rows: int = 24) -> Terminal:
        """Start a command of `postil` in a terminal, as from a shell; return at once."""
        command = [sys.executable, "-m", "tui.cli", "--project", str(self.project_path), *arguments]
        terminal = Terminal(command, columns, rows, folder=self.folder)
        self._terminals.append(terminal)
        return terminal

    def open_shell(self, *command: str, columns: int = 80, rows: int = 24) -> Terminal:
        """Open a shell in this folder; return at once."""
        terminal = Terminal(command, columns, rows, folder=self.folder)
        self._terminals.append(terminal)
        return terminal

    def put(self, annotator: str | None = None) -> list[Put]:
        """Return what stands in the project, in the order in which it was put: all of it, or one annotator's."""
        with Project.open(self.project_path) as project:
            found: list[tuple[int, Put]] = []
            for summary in list_threads(project):
                for annotation in annotations_in_thread(project, summary.thread.id):
                    if annotator is None or annotation.annotator == annotator:
                        post = load_post(project, annotation.target.post_id or 0)
                        found.append((annotation.id, _put(annotation, post)))
        return [put for _, put in sorted(found)]

    def problems(self) -> list[str]:
        """Return what is wrong with the project: nothing, if all is well."""
        with Project.open(self.project_path) as project:
            return check(project)

    def command(self, *arguments: str) -> str:
        """Run `postil` as a script would; it must succeed. Return what it writes to standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "tui.cli", *arguments, "--project", str(self.project_path)],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            check=False,
            timeout=2 * DEADLINE,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def close(self) -> None:
        """Close all windows."""
        for terminal in self._terminals:
            terminal.close()


@pytest.fixture(scope="session")
def harbour_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project that holds the sample thread, as bytes: to copy one is faster than to import."""
    path = tmp_path_factory.mktemp("terminal") / "postil.db"
    source = read_source(ROOT / "sample_data" / "harbour-tunnel.txt")
    with Project.open(path, create=True) as project:
        for thread in flattened.read(source):
            save_thread(project, thread, location=source.location, source_sha256=source.sha256)
    return path.read_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A folder without a project yet."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def harbour(desk: Desk, harbour_bytes: bytes) -> Desk:
    """A folder with a project that holds the sample thread."""
    desk.project_path.write_bytes(harbour_bytes)
    return desk
