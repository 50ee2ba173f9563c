"""What is set: precedence, where the file is, every mistake with its place, keys that fit together."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotations.codebook import LABEL_KEYS
from tui.app import PostilApp
from tui.command_tables import APP_COMMANDS, command_tables, dialog_commands
from tui.configuration import (
    PATH_VARIABLE,
    Configuration,
    ConfigurationError,
    configuration_path,
    keymap_for,
)
from tui.configuration_loading import VARIABLES, load_configuration
from tui.configuration_reading import Origin, Settings, read_settings
from tui.configuration_settings import SETTINGS
from tui.configuration_writing import file_to_begin_with, write_file
from tui.keymap import COMMANDS, PRESETS, Context, Match
from tui.theme_names import PAPER

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(
    file: Path,
    text: str | bytes,
    environment: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Settings:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(file, environment or {}, options or {})


def problems(file: Path, text: str | bytes) -> list[str]:
    """Return the mistakes of a file without its path: `line: reason`."""
    found = read(file, text).problems
    assert all(problem.startswith(str(file)) for problem in found)
    return [problem.removeprefix(f"{file}:") for problem in found]


def test_without_anything_the_defaults_hold(file: Path) -> None:
    assert load_configuration({}, {PATH_VARIABLE: str(file)}) == Configuration()
    assert read_settings(file, {}, {}).configuration() == Configuration()


def test_every_setting_of_the_file_arrives(file: Path) -> None:
    settings = read(
        file,
        """
        keymap = "mutt"
        theme = "postil-paper"
        width = 72
        layout = "one"
        plain = true
        advance = false
        annotator = "  Ann  Bee "
        project = "labels.db"
        codebook = "mine.toml"
        [keys]
        "label.undo" = "ctrl+z"
        post.next = ["n", "down"]
        "find.next" = []
        """,
    )
    assert settings.configuration() == Configuration(
        keymap="mutt",
        theme=PAPER,
        width=72,
        layout="one",
        is_plain=True,
        advances=False,
        annotator="Ann Bee",
        project=Path("labels.db"),
        codebook=file.parent / "mine.toml",
        keys={"label.undo": ("ctrl+z",), "post.next": ("n", "down"), "find.next": ()},
    )
    assert [value.where for value in settings.values[:2]] == [f"{file}:2", f"{file}:3"]
    assert [value.line for value in settings.keys] == [12, 13, 14]


def test_home_is_written_as_a_tilde(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    configuration = read(file, 'project = "~/labels.db"\ncodebook = "~/book.toml"').configuration()
    assert configuration.project == Path("/home/ann/labels.db")
    assert configuration.codebook == Path("/home/ann/book.toml")


@pytest.mark.parametrize(
    ("variable", "given", "field", "value"),
    [
        ("POSTIL_KEYMAP", "tuir", "keymap", "tuir"),
        ("POSTIL_THEME", "postil-paper", "theme", "postil-paper"),
        ("POSTIL_WIDTH", "60", "width", 60),
        ("POSTIL_LAYOUT", "side", "layout", "side"),
        ("POSTIL_PLAIN", "1", "is_plain", True),
        ("POSTIL_PLAIN", "off", "is_plain", False),
        ("POSTIL_ADVANCE", "No", "advances", False),
        ("POSTIL_IDLE", "90", "idle", 90),
        ("POSTIL_ANNOTATOR", "bo", "annotator", "bo"),
        ("POSTIL_PROJECT", "x.db", "project", Path("x.db")),
        ("POSTIL_CODEBOOK", "book.toml", "codebook", Path("book.toml")),
    ],
)
def test_a_variable_is_stronger_than_the_file(file: Path, variable: str, given: str, field: str, value: object) -> None:
    file.write_text('keymap = "mutt"\ntheme = "postil-light"\nwidth = 44\nlayout = "one"\nannotator = "file"\n')
    environment = {PATH_VARIABLE: str(file), variable: given}
    assert getattr(load_configuration({}, environment), field) == value
    without = {PATH_VARIABLE: str(file.with_name("none")), variable: given}
    assert getattr(load_configuration({}, without), field) == value, "without a file too"


def test_an_option_is_the_strongest(file: Path) -> None:
    settings = read(
        file,
        'theme = "postil-light"\nplain = true',
        {"POSTIL_THEME": "postil-dark", "POSTIL_PROJECT": "e.db"},
        {"theme": "postil-paper", "plain": False, "project": Path("o.db"), "annotator": "opt"},
    )
    configuration = settings.configuration()
    assert (configuration.theme, configuration.is_plain) == ("postil-paper", False)
    assert (configuration.project, configuration.annotator) == (Path("o.db"), "opt")
    found = {value.name: (value.origin, value.where) for value in settings.values}
    assert found["theme"] == (Origin.OPTION, "--theme")
    assert found["width"] == (Origin.DEFAULT, "")


def test_an_empty_variable_says_nothing(file: Path) -> None:
    environment = dict.fromkeys((*VARIABLES, "POSTIL_PROJECT", "POSTIL_ANNOTATOR"), "")
    assert load_configuration({}, {PATH_VARIABLE: str(file), **environment}) == Configuration()


def test_every_variable_of_a_setting_is_looked_at() -> None:
    assert {setting.variable for setting in SETTINGS} == {*VARIABLES, "POSTIL_PROJECT", "POSTIL_ANNOTATOR"}
    assert {setting.field for setting in SETTINGS} == {*Configuration.__struct_fields__} - {"keys"}


@pytest.mark.parametrize(
    ("platform", "environment", "path"),
    [
        ("linux", {}, "/home/ann/.config/postil/config.toml"),
        ("linux", {"XDG_CONFIG_HOME": "/xdg"}, "/xdg/postil/config.toml"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, "/home/ann/.config/postil/config.toml"),
        ("freebsd14", {}, "/home/ann/.config/postil/config.toml"),
        ("darwin", {"XDG_CONFIG_HOME": "/xdg"}, "/home/ann/Library/Application Support/postil/config.toml"),
        ("win32", {"APPDATA": "/roaming"}, "/roaming/postil/config.toml"),
        ("win32", {}, "/home/ann/AppData/Roaming/postil/config.toml"),
        ("linux", {"POSTIL_CONFIG": "mine.toml", "XDG_CONFIG_HOME": "/xdg"}, "mine.toml"),
    ],
)
def test_the_file_stands_in_the_platforms_place(
    platform: str, environment: dict[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert configuration_path(environment, platform) == Path(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('theme = "postil-drak"', "1: there is no theme “postil-drak”: did you mean postil-dark?"),
        ("theme = 3", '1: theme must be text in quotes, as in theme = "postil-dark", not a number'),
        ('\nkeymap = "emacs"', "2: there is no keymap “emacs”: it is one of vim, mutt, tuir"),
        ('width = "88"', "1: width must be a whole number, without quotes"),
        ("width = 88.5", "1: width must be a whole number, without quotes, not a number"),
        ("width = true", "1: width must be a whole number, without quotes, not true or false"),
        ("width = 20", "1: width must lie between 40 and 160 columns"),
        ("idle = 0", "1: idle must lie between 5 and 3600 seconds"),
        ('idle = "60"', "1: idle must be a whole number, without quotes"),
        ('plain = "yes"', "1: plain must be true or false, without quotes, not text"),
        ("advance = 1", "1: advance must be true or false, without quotes, not a number"),
        ('layout = "sde"', "1: there is no layout “sde”: did you mean side?"),
        ('annotator = " "', "1: annotator must be a name, on one line"),
        ('annotator = "a\\nb\\u0007"', "1: annotator must be a name, on one line"),
        ("annotator = 7", '1: annotator must be text in quotes, as in annotator = "ann", not a number'),
        ("project = 2020-01-01", "1: project must be the path of a file, in quotes, not a date or time"),
        ('project = ""', "1: project must be the path of a file"),
        ('codebook = ["a"]', "1: codebook must be the path of a file, in quotes, not a list"),
        ('colour = "red"', "1: unknown setting “colour”: there are keymap, theme"),
        ("wdith = 88", "1: unknown setting “wdith”: did you mean width?"),
        ("[key]\nx = 1", "1: unknown setting “key”: did you mean keys?"),
        ('"post.next" = "j"', "1: unknown setting “post.next”: a command's keys stand under the heading [keys]"),
        ('keys = "vim"', "1: keys is a table: [keys]"),
        ('width = 88\ntheme = "postil-dark\n', "2: the closing quote is missing on this line"),
        ("width = 88\nplain = True", "2: no value that TOML knows"),
        ("width 88", "1: a setting is written as its name, an equals sign and its value"),
        ("[keys\n", "1: the bracket of this heading is not closed"),
        ("width = 88\nwidth = 90", "2: this setting was given before"),
        ('[keys]\n"a" = ["x"\n', "2: a list begins here whose closing ] is missing"),
        ("x = " + "[" * 5_000, "1: brackets or dots are nested too deeply"),
        ("x" + ".x" * 5_000 + " = 1", "1: brackets or dots are nested too deeply"),
        (b'width = 88\ntheme = "\xff"', "2: no UTF-8 text: save the file as UTF-8"),
    ],
)
def test_a_mistake_is_said_with_its_line(file: Path, text: str | bytes, reason: str) -> None:
    (found,) = problems(file, text)
    assert found.startswith(reason)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}, {}).problems == (f"{tmp_path} cannot be read: Is a directory",)
    dangling = tmp_path / "link.toml"
    dangling.symlink_to(tmp_path / "nowhere.toml")
    assert read_settings(dangling, {}, {}).problems == (f"{dangling} cannot be read: No such file or directory",)
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"# " + b"x" * 2**18)
    assert "bytes: is it the right file?" in read_settings(huge, {}, {}).problems[0]


def test_crlf_and_a_byte_order_mark_do_not_matter(file: Path) -> None:
    settings = read(file, b'\xef\xbb\xbftheme = "postil-paper"\r\nwidth = 50\r\n')
    assert (settings.problems, settings.values[2].line) == ((), 2)


def test_all_mistakes_are_said_at_once(file: Path) -> None:
    settings = read(
        file,
        'theme = "x"\nwidth = 1\nnonsense = 1\n[keys]\n"post.nxt" = "j"\n"label.undo" = "gg"\n',
        {"POSTIL_LAYOUT": "x", "POSTIL_PLAIN": "maybe", "POSTIL_WIDTH": "wide"},
    )
    with pytest.raises(ConfigurationError, match="8 mistakes") as failure:
        settings.configuration()
    assert failure.value.exit_code == 2
    assert [problem.split(":")[0] for problem in failure.value.problems[:3]] == [
        "$POSTIL_WIDTH",
        "$POSTIL_LAYOUT",
        "$POSTIL_PLAIN",
    ]
    lines = [problem.removeprefix(f"{file}:").split(":")[0] for problem in failure.value.problems[3:]]
    assert lines == ["1", "2", "3", "5", "6"]


def test_a_mistake_leaves_the_rest_to_be_shown(file: Path) -> None:
    settings = read(file, 'theme = "x"\nwidth = 60\n[keys]\n"label.undo" = "ctrl+z"\n"nothing" = "j"')
    assert [value.value for value in settings.values[1:3]] == ["postil-dark", 60]
    assert [value.name for value in settings.keys] == ["label.undo"]


def clashes(file: Path, keys: str, preset: str = "vim") -> list[str]:
    return problems(file, f'keymap = "{preset}"\n[keys]\n{keys}')


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('"post.next" = "tab"', "tab is the key of view.other_pane (Other pane) too: give one of them another"),
        ('"post.next" = "g"', "g hides g r, the key of post.chain"),
        ('"label.undo" = "s x"', "s x never comes to its end, because s is the key of select.sentence"),
        ('"label.undo" = "g <char>"', ""),
        ('"label.undo" = "1"', "1 is a key of labels: these have 1 2 3"),
        ('"label.undo" = "c"', "c is a key of labels"),
        ('"label.undo" = "A x"', "A is a key of labels"),
        ('"label.undo" = "gz"', "“gz” is no key: a sequence has a space between its keys, as in “g z”"),
        ('"label.undo" = "Ctrl+Z"', "“Ctrl+Z” is no key: did you mean ctrl+z?"),
        ('"label.undo" = "^z"', "“^z” is no key: did you mean ctrl+z?"),
        ('"label.undo" = "question_mark"', "“question_mark” is no key: did you mean ??"),
        ('"label.undo" = "PgUp"', "“PgUp” is no key: did you mean pageup?"),
        ('"label.undo" = "pagdown"', "“pagdown” is no key: did you mean pagedown?"),
        ('"label.undo" = "shift+z"', "“shift+z” is no key: with shift a character is another one, such as Z"),
        ('"label.undo" = ""', "“” is no key"),
        ('"label.undo" = " "', "“ ” is no key: the space bar is written space"),
        ('"label.undo" = "g  z"', "“g  z” is no key"),
        ('"label.undo" = "<char>"', "“<char>”: <char> may only stand at the end, behind a key"),
        ('"label.undo" = "g escape"', "“g escape”: escape takes keys back"),
        ('"label.undo" = 3', 'label.undo must be keys in quotes, as in "j", or a list of them, not a number'),
        ('"label.undo" = ["ctrl+z", true]', "label.undo must be keys in quotes"),
        ('"label.undoo" = "ctrl+z"', "there is no command “label.undoo”: did you mean label.undo?"),
        ('"zzz" = "ctrl+z"', "there is no command “zzz”: “postil config --keys” lists them"),
        ('"label.undo" = "ctrl+q"', "ctrl+q never comes here: it is the key of app.quit (Quit) everywhere"),
        ('"app.quit" = "ctrl+r"', "ctrl+r is the key of label.redo too: give one of them another"),
        ('"app.quit" = "ctrl+p"', "ctrl+p is the key of app.palette (Command palette) too"),
        ('"app.quit" = "%"', "app.quit works wherever one types, so that it needs a key such as ctrl+x or f9, not %"),
        ('"paper.down" = "g g"', "paper.down belongs to a dialog, where a command has one key"),
        ('"paper.down" = []', "paper.down needs a key"),
        ('"paper.down" = "k"', "k is the key of paper.up (Up) too: give one of them another"),
    ],
)
def test_keys_that_cannot_be(file: Path, line: str, reason: str) -> None:
    found = clashes(file, line)
    assert found == [] if not reason else found[0].startswith(f"3: {reason}")


@pytest.mark.parametrize(
    "keys",
    [
        '"post.next" = "tab"\n"view.other_pane" = "ctrl+n"',
        '"post.next" = "u"\n"label.undo" = "ctrl+z"',
        '"app.quit" = "ctrl+x"\n"label.undo" = "ctrl+q"',
        '"paper.down" = ["n", ","]',
        '"text.left" = "ctrl+left"\n"post.parent" = "alt+up"\n"view.help" = "f12"',
        '"post.next" = ["j", "j"]',
        '"post.next" = "ü"',
    ],
)
def test_keys_that_fit_together(file: Path, keys: str) -> None:
    assert clashes(file, keys) == []


def test_a_key_may_mean_one_thing_in_a_text_and_another_in_the_thread(file: Path) -> None:
    assert clashes(file, '"page.back" = "e"') == []
    (found,) = clashes(file, '"text.word_back" = "~"\n"text.enter" = "e"\n"text.word_end" = "~"')
    assert found.startswith("5: ~ is the key of text.word_back (Previous word) too")


def test_a_change_is_held_against_the_preset(file: Path) -> None:
    assert clashes(file, '"view.help" = ["?", "ctrl+w w"]') == []
    (found,) = clashes(file, '"view.help" = ["?", "ctrl+w w"]', preset="mutt")
    assert found.startswith("3: ctrl+w w is the key of view.other_pane")


def test_a_command_named_twice_is_said(file: Path) -> None:
    (found,) = clashes(file, '"post.next" = "j"\npost.next = "n"')
    assert found == "4: post.next was given its keys before, on line 3"


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_presets_and_changes_make_the_keymap(preset: str) -> None:
    keymap = keymap_for(
        COMMANDS, Configuration(keymap=preset, keys={"label.undo": ("ctrl+z",), "other.screen": ("j",)})
    )
    match = keymap.read(("ctrl+z",), Context.THREAD)
    assert isinstance(match, Match)
    assert match.command.id == "label.undo"
    for name, keys in PRESETS[preset].items():
        assert keymap.keys[name] == keys


def test_the_first_file_says_what_holds_without_it(file: Path) -> None:
    text = file_to_begin_with()
    assert read(file, text).configuration() == Configuration()
    wanted = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ") and " = " in line]
    settings = [line for line in wanted if not line.startswith('"')]
    keys = [line for line in wanted if line.startswith('"')]
    assert [line.split(" = ")[0] for line in settings] == [setting.name for setting in SETTINGS]
    found = read(file, "\n".join([*settings, "[keys]", *keys]))
    assert found.problems == ()
    by_name = {value.name: value.value for value in found.values}
    for setting in SETTINGS:
        if not setting.example:
            assert by_name[setting.name] == setting.default
    every = {command.id: command.keys for commands in command_tables().values() for command in commands}
    every |= {bound.id: bound.keys for bound in APP_COMMANDS}
    assert {value.name: value.value for value in found.keys} == every
    assert max(map(len, text.splitlines())) <= 160


def test_the_first_file_is_never_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "config.toml"
    write_file(path)
    assert path.read_text(encoding="utf-8") == file_to_begin_with()
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_file(path)
    assert path.read_text() == "mine"


def test_every_command_has_one_name_and_keys_that_are_free() -> None:
    names = [command.id for commands in command_tables().values() for command in commands]
    names += [bound.id for bound in (*APP_COMMANDS, *dialog_commands())]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert len(names) > 100


def test_the_apps_own_commands_are_its_bindings() -> None:
    bindings = {
        binding.id: (binding.key, binding.description)
        for binding in PostilApp.BINDINGS
        if not isinstance(binding, tuple)
    }
    assert bindings == {bound.id: (",".join(bound.keys), bound.description) for bound in APP_COMMANDS}


def test_no_label_key_is_one_of_the_apps() -> None:
    taken = {key for commands in command_tables().values() for command in commands for key in command.keys}
    assert not taken & set(LABEL_KEYS)


def test_what_holds_for_the_tests_is_nobodys_own_configuration() -> None:
    assert not Path(os.environ[PATH_VARIABLE]).exists()
