"""What may be wrong with the keys that a configuration gives to commands."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from annotations.codebook import LABEL_KEYS
from annotations.codebook_words import closest, shown
from tui.command_tables import APP_COMMANDS, Bound, command_tables, dialog_commands
from tui.keymap import ANY_CHARACTER, ANY_DIGIT, PRESETS, Command
from tui.keymap import COMMANDS as READER_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui.keymap import Context

_FUNCTION_KEYS = frozenset(f"f{number}" for number in range(1, 25))
NAMED = _FUNCTION_KEYS.union(
    ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"),
    ("backspace", "enter", "escape", "tab", "space"),
)
"""The keys that have a name, as Textual calls them."""
MODIFIERS = ("ctrl", "shift", "alt", "super", "hyper", "meta")
_SPELLINGS = {
    "bs": "backspace",
    "comma": ",",
    "del": "delete",
    "esc": "escape",
    "full_stop": ".",
    "ins": "insert",
    "minus": "-",
    "page_down": "pagedown",
    "page_up": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "pgup": "pageup",
    "plus": "+",
    "question_mark": "?",
    "return": "enter",
    "slash": "/",
    "spacebar": "space",
}


def check_keys(changes: Mapping[str, tuple[str, ...]], preset: str) -> list[tuple[str, str]]:
    """Return what is wrong with changes of keys: the command's id and the reason, in the order of the changes.

    Args:
        changes: The sequences of commands, by id.
        preset: The preset that they change.
    """
    tables = _tables_needed(changes)
    known = {command.id for command in chain.from_iterable(tables.values())}
    apps = [bound.id for bound in APP_COMMANDS]
    dialogs = dialog_commands() if changes.keys() - known - set(apps) else []
    names = [*known, *apps, *(bound.id for bound in dialogs)]
    problems = []
    sound: dict[str, tuple[str, ...]] = {}
    for name, sequences in changes.items():
        reasons = [f"there is no command {shown(name)}{_meant(name, names)}"] if name not in names else []
        reasons += [reason for sequence in sequences if (reason := _check_sequence(sequence))]
        if not reasons and name not in known:
            reasons += _check_bound(name, sequences, is_of_app=name in apps)
        if reasons:
            problems += [(name, reason) for reason in reasons]
        else:
            sound[name] = sequences
    for commands in tables.values():
        problems += _clashes(commands, sound, PRESETS.get(preset, {}))
    problems += _bound_clashes(dialogs, sound)
    problems += _app_clashes(chain.from_iterable(tables.values()), sound, PRESETS.get(preset, {}))
    places = {name: place for place, name in enumerate(changes)}
    return sorted(problems, key=lambda problem: places[problem[0]])


def _tables_needed(changes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Command, ...]]:
    """Return the reader's table where only its keys are changed, else all: each that is loaded takes its time."""
    if changes.keys() <= {command.id for command in READER_COMMANDS}:
        return {"reader": READER_COMMANDS}
    return command_tables()


def _meant(name: str, names: Iterable[str]) -> str:
    close = closest(name, names)
    return f": did you mean {close[0]}?" if close else ": “postil config --keys” lists them"


def _check_sequence(sequence: str) -> str:
    """Return what is wrong with a sequence of keys, "" if nothing is."""
    keys = sequence.split(" ")
    if not sequence or "" in keys:
        return f"{shown(sequence)} is no key: the space bar is written space, and one space stands between two keys"
    for place, key in enumerate(keys):
        if key in {ANY_CHARACTER, ANY_DIGIT}:
            if place == 0 or place < len(keys) - 1:
                return f"{shown(sequence)}: {key} may only stand at the end, behind a key"
        elif reason := _check_key(key):
            return reason
    if keys[0] in LABEL_KEYS:
        return f"{keys[0]} is a key of labels: these have {' '.join(LABEL_KEYS)}"
    if "escape" in keys and len(keys) > 1:
        return f"{shown(sequence)}: escape takes keys back that are no command yet, so that it stands alone"
    return ""


def _check_key(key: str) -> str:
    *modifiers, base = key.split("+") if len(key) > 1 and not key.endswith("+") else [key]
    if len(key) == 1 and key.isprintable():
        return ""
    is_character = len(base) == 1 and base.isprintable() and base == base.lower()
    if modifiers == ["shift"] and is_character:
        return f"{shown(key)} is no key: with shift a character is another one, such as {base.upper()}"
    if all(modifier in MODIFIERS for modifier in modifiers) and (base in NAMED or (is_character and modifiers)):
        return ""
    lowered = key.lower().replace("control", "ctrl").replace("^", "ctrl+").replace("ctrl-", "ctrl+")
    lowered = _SPELLINGS.get(lowered, lowered)
    if lowered != key and not _check_key(lowered):
        return f"{shown(key)} is no key: did you mean {lowered}?"
    if key.isprintable() and key.isascii() and "+" not in key and len(key) <= 3:  # noqa: PLR2004  # as in gr or z<x>
        return f"{shown(key)} is no key: a sequence has a space between its keys, as in {shown(' '.join(key))}"
    close = closest(key, NAMED)
    meant = f": did you mean {close[0]}?" if close else ": a key is a character, or a name such as down or ctrl+d"
    return f"{shown(key)} is no key{meant}"


def _check_bound(name: str, sequences: tuple[str, ...], *, is_of_app: bool) -> Iterator[str]:
    """Yield what is wrong with the keys of a command that Textual starts."""
    if not sequences:
        yield f"{name} needs a key: without one there might be no way back"
    for sequence in sequences:
        if " " in sequence or ANY_CHARACTER in sequence:
            yield f"{name} belongs to a dialog, where a command has one key and no sequence such as {shown(sequence)}"
        elif is_of_app and (len(sequence) == 1 or sequence in NAMED - _FUNCTION_KEYS):
            yield f"{name} works wherever one types, so that it needs a key such as ctrl+x or f9, not {sequence}"


def _clashes(
    commands: Iterable[Command], changes: Mapping[str, tuple[str, ...]], preset: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield the changed commands of a screen whose keys start, begin or hide another one in the same context."""
    taken: dict[Context, dict[tuple[str, ...], Command]] = {}
    told = set()
    # What is not changed comes first, so that it is the change that is blamed.
    ordered = sorted(commands, key=lambda command: command.id in changes)
    for command in ordered:
        for sequence in changes.get(command.id, preset.get(command.id, command.keys)):
            keys = tuple(sequence.split(" "))
            for context in sorted(command.contexts):
                others = taken.setdefault(context, {})
                other = _other(others, keys) if command.id in changes else None
                if other is None or other == (command, keys):
                    others.setdefault(keys, command)
                elif (other[0].id, command.id, sequence) not in told:
                    told.add((other[0].id, command.id, sequence))
                    yield command.id, _clash_words(sequence, *other)


def _other(taken: Mapping[tuple[str, ...], Command], keys: tuple[str, ...]) -> tuple[Command, tuple[str, ...]] | None:
    """Return the command that has the same keys, or of which one's keys are the beginning of the other's."""
    if keys in taken:
        return taken[keys], keys
    for others, command in taken.items():
        shorter, longer = sorted((others, keys), key=len)
        if longer[: len(shorter)] == shorter and len(shorter) < len(longer):
            return command, others
    return None


def _clash_words(sequence: str, other: Command, keys: tuple[str, ...]) -> str:
    theirs = " ".join(keys)
    named = f"{other.id} ({other.description})"
    if theirs == sequence:
        return f"{sequence} is the key of {named} too: give one of them another"
    if theirs.startswith(sequence):
        return f"{sequence} hides {theirs}, the key of {named}: give one of them another"
    return f"{sequence} never comes to its end, because {theirs} is the key of {named}: give one of them another"


def _bound_clashes(dialogs: Iterable[Bound], changes: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the changed commands of dialogs whose key another command of the same dialog has."""
    taken: dict[tuple[str, str], Bound] = {}
    for bound in sorted((*dialogs, *APP_COMMANDS), key=lambda bound: bound.id in changes):
        for key in changes.get(bound.id, bound.keys):
            other = taken.setdefault((bound.owner, key), bound)
            if other is not bound and bound.id in changes:
                yield bound.id, f"{key} is the key of {other.id} ({other.description}) too: give one of them another"


def _app_clashes(
    commands: Iterable[Command], changes: Mapping[str, tuple[str, ...]], preset: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield the changed commands, of a screen or of the app, where the app would take a screen's key."""
    firm = [bound for bound in APP_COMMANDS if not bound.gives_way]
    taken = {key: bound for bound in firm for key in changes.get(bound.id, bound.keys)}
    apps = {bound.id for bound in APP_COMMANDS}
    keys_of = {command.id: changes.get(command.id, preset.get(command.id, command.keys)) for command in commands}
    keys_of |= {name: keys for name, keys in changes.items() if name not in apps}
    for name, sequences in keys_of.items():
        for sequence in sequences:
            app = taken.get(sequence.split(" ")[0])
            if app is not None and name in changes:
                yield name, f"{sequence} never comes here: it is the key of {app.id} ({app.description}) everywhere"
            elif app is not None and app.id in changes:
                yield app.id, f"{sequence} is the key of {name} too: give one of them another"
