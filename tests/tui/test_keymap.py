"""Key sequences: what they mean where, and that no two commands want the same."""

from __future__ import annotations

import pytest

from annotations.codebook import LABEL_KEYS
from annotations.errors import WrongUsageError
from tui.keymap import COMMANDS, PRESETS, Command, Context, Keymap, Match, Reading, show_keys
from tui.screens.reader import ReaderScreen


@pytest.fixture(params=sorted(PRESETS))
def keymap(request: pytest.FixtureRequest) -> Keymap:
    return Keymap(COMMANDS, PRESETS[request.param])


def test_every_preset_is_free_of_conflicts(keymap: Keymap) -> None:
    assert keymap.commands.keys() == {command.id for command in COMMANDS}


def test_every_command_has_an_action() -> None:
    missing = [command.id for command in COMMANDS if not hasattr(ReaderScreen, f"action_{command.action}")]
    assert missing == []


@pytest.mark.parametrize("context", list(Context))
def test_no_command_begins_with_a_key_that_a_label_may_have(keymap: Keymap, context: Context) -> None:
    taken = [key for key in LABEL_KEYS if keymap.read((key,), context) is not Reading.UNKNOWN]
    assert taken == []


def test_no_sequence_hides_a_longer_one(keymap: Keymap) -> None:
    for context in Context:
        for command in COMMANDS:
            if context in command.contexts:
                for sequence in keymap.keys[command.id]:
                    keys = tuple(sequence.split(" "))
                    for length in range(1, len(keys)):
                        assert keymap.read(keys[:length], context) is Reading.PENDING, sequence


def named(keymap: Keymap, keys: str, context: Context) -> str:
    match = keymap.read(tuple(keys.split(" ")), context)
    assert isinstance(match, Match)
    return match.command.id + (f"={match.argument}" if match.argument else "")


@pytest.mark.parametrize(
    ("keys", "context", "command"),
    [
        ("j", Context.THREAD, "post.next"),
        ("j", Context.TEXT, "text.down"),
        ("down", Context.VISUAL, "text.down"),
        ("b", Context.THREAD, "page.back"),
        ("b", Context.TEXT, "text.word_back"),
        ("] ]", Context.TEXT, "post.next_top"),
        ("z 3", Context.THREAD, "fold.depth=3"),
        ("f x", Context.TEXT, "text.find=x"),
        ("f space", Context.TEXT, "text.find= "),
        ("' a", Context.THREAD, "mark.go=a"),
        ("g r", Context.THREAD, "post.chain"),
    ],
)
def test_a_key_means_what_the_context_makes_of_it(keys: str, context: Context, command: str) -> None:
    assert named(Keymap(COMMANDS), keys, context) == command


def test_a_beginning_waits_and_nonsense_is_unknown() -> None:
    keymap = Keymap(COMMANDS)
    assert keymap.read(("g",), Context.THREAD) is Reading.PENDING
    assert keymap.read(("g", "ü"), Context.THREAD) is Reading.UNKNOWN
    assert keymap.read(("z", "0"), Context.THREAD) is Reading.UNKNOWN
    assert keymap.read(("f3",), Context.THREAD) is Reading.UNKNOWN


def test_a_change_replaces_the_keys_of_a_command() -> None:
    keymap = Keymap(COMMANDS, {"label.undo": ("ctrl+z",)})
    assert named(keymap, "ctrl+z", Context.THREAD) == "label.undo"
    assert keymap.read(("u",), Context.THREAD) is Reading.UNKNOWN


def test_a_change_of_an_unknown_command_is_refused() -> None:
    with pytest.raises(WrongUsageError, match=r"label\.undoo"):
        Keymap(COMMANDS, {"label.undoo": ("u",)})


def test_two_commands_with_one_key_are_refused_by_name() -> None:
    one = Command("one", ("a",), "one", "", "")
    two = Command("two", ("b",), "two", "", "")
    with pytest.raises(WrongUsageError, match="both one and two"):
        Keymap((one, two), {"two": ("a",)})


def test_keys_are_written_as_people_write_them() -> None:
    assert [show_keys(keys) for keys in ("g r", "ctrl+r", "f <char>", "z <digit>", "] ]")] == [
        "gr",
        "^r",
        "fx",
        "z1…9",
        "]]",
    ]
