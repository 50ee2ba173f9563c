"""Which keys mean what: commands, presets, and the reading of key sequences such as `g r` or `f x`.

A key is named as Textual names it (`down`, `ctrl+r`, `space`), a printable one by its character. A sequence is keys
with a space between; `<char>` stands for any printable character, `<digit>` for 1 to 9. One table holds every
command, from which the bindings, the help screen and the command palette are made.
"""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ANY_CHARACTER = "<char>"
ANY_DIGIT = "<digit>"


class Context(StrEnum):
    """Where the keys go."""

    THREAD = "thread"
    """A post of the thread is in focus; there is no text cursor."""
    TEXT = "text"
    """The text cursor stands in a post."""
    VISUAL = "visual"
    """Text is selected."""


EVERYWHERE = frozenset(Context)
IN_THREAD = frozenset({Context.THREAD})
IN_TEXT = frozenset({Context.TEXT, Context.VISUAL})
NOT_VISUAL = frozenset({Context.THREAD, Context.TEXT})


class Command(Struct, frozen=True):
    """Something that a key does.

    Args:
        id: Its stable name, by which a configuration remaps it.
        keys: The sequences that start it.
        action: The name of the screen's action (without `action_`).
        description: What it does, for the help screen and the palette.
        group: The heading under which the help lists it.
        contexts: Where it works.
    """

    id: str
    keys: tuple[str, ...]
    action: str
    description: str
    group: str
    contexts: frozenset[Context] = EVERYWHERE


class Match(Struct, frozen=True):
    """A command that the keys so far have named, and the character that stood for `<char>` or `<digit>`."""

    command: Command
    argument: str = ""


class Reading(Enum):
    """What the keys so far amount to when they are no command."""

    PENDING = auto()
    """The beginning of at least one sequence."""
    UNKNOWN = auto()
    """No sequence begins so."""


class Keymap:
    """The sequences of all commands, by context.

    Args:
        commands: All of them.
        changes: Other sequences for some, by command id.

    Raises:
        WrongUsageError: If a change names no command, or two commands of one context have the same sequence.
    """

    def __init__(self, commands: Iterable[Command], changes: Mapping[str, tuple[str, ...]] | None = None) -> None:
        changes = changes or {}
        known = {command.id: command for command in commands}
        if unknown := sorted(changes.keys() - known.keys()):
            raise WrongUsageError(f"The keymap names {unknown[0]!r}, which is no command", "The help lists them all.")
        self.keys = {name: changes.get(name, command.keys) for name, command in known.items()}
        self.commands = known
        self._sequences: dict[Context, dict[tuple[str, ...], Command]] = {context: {} for context in Context}
        self._beginnings: dict[Context, set[tuple[str, ...]]] = {context: set() for context in Context}
        for name, command in known.items():
            for sequence in self.keys[name]:
                self._add(command, tuple(sequence.split(" ")))

    def _add(self, command: Command, sequence: tuple[str, ...]) -> None:
        for context in command.contexts:
            other = self._sequences[context].setdefault(sequence, command)
            if other is not command:
                raise WrongUsageError(
                    f"{' '.join(sequence)} is the key of both {other.id} and {command.id}", "Give one of them another."
                )
            self._beginnings[context].update(sequence[:length] for length in range(1, len(sequence)))

    def read(self, keys: tuple[str, ...], context: Context) -> Match | Reading:
        """Tell what `keys`, pressed one after the other, mean in `context`."""
        sequences = self._sequences[context]
        beginnings = self._beginnings[context]
        if command := sequences.get(keys):
            return Match(command)
        last = keys[-1]
        if last in "123456789" and (command := sequences.get((*keys[:-1], ANY_DIGIT))):
            return Match(command, last)
        character = " " if last == "space" else last
        if len(character) == 1 and (command := sequences.get((*keys[:-1], ANY_CHARACTER))):
            return Match(command, character)
        return Reading.PENDING if keys in beginnings else Reading.UNKNOWN

    def first_key(self, command_id: str) -> str:
        """Return how a command's first sequence is written on the screen, or "" if it has none."""
        sequences = self.keys[command_id]
        return show_keys(sequences[0]) if sequences else ""


_SHOWN = {
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "backspace": "Backspace",
    ANY_CHARACTER: "x",
    ANY_DIGIT: "1…9",
}


def show_keys(sequence: str) -> str:
    """Return how a sequence is written on the screen: `g r` as `gr`, `ctrl+r` as `^r`."""
    return "".join(_SHOWN.get(key) or _show_key(key) for key in sequence.split(" "))


def _show_key(key: str) -> str:
    return key.upper() if key[0] == "f" and key[1:].isdigit() else key.replace("ctrl+", "^")


MOVE = "Move in the thread"
FOLD = "Fold"
TEXT = "In the text"
LABEL = "Label"
FIND = "Find"
VIEW = "View"

COMMANDS: tuple[Command, ...] = (
    Command("post.next", ("j", "down"), "next_post", "Next post; a tall one scrolls first", MOVE, IN_THREAD),
    Command("post.previous", ("k", "up"), "previous_post", "Previous post", MOVE, IN_THREAD),
    Command("post.next_sibling", ("J",), "next_sibling", "Next sibling", MOVE, NOT_VISUAL),
    Command("post.previous_sibling", ("K",), "previous_sibling", "Previous sibling", MOVE, NOT_VISUAL),
    Command("post.out", ("h", "left"), "out", "Fold; if folded or without replies, the parent", MOVE, IN_THREAD),
    Command("post.in", ("l", "right"), "into", "Unfold; if unfolded, the first reply", MOVE, IN_THREAD),
    Command("post.parent", ("P",), "parent", "Parent", MOVE, NOT_VISUAL),
    Command("post.peek", ("=",), "peek", "Peek at the parent; again: further up", MOVE),
    Command("post.chain", ("g r",), "chain", "Top of this chain", MOVE, NOT_VISUAL),
    Command("post.next_top", ("] ]",), "next_top", "Next top-level comment", MOVE, NOT_VISUAL),
    Command("post.previous_top", ("[ [",), "previous_top", "Previous top-level comment", MOVE, NOT_VISUAL),
    Command("post.next_unread", ("] u",), "next_unread", "Next unread, opening folds", MOVE, NOT_VISUAL),
    Command("post.previous_unread", ("[ u",), "previous_unread", "Previous unread", MOVE, NOT_VISUAL),
    Command("post.next_labeled", ("] a",), "next_labeled", "Next annotation", MOVE, NOT_VISUAL),
    Command("post.previous_labeled", ("[ a",), "previous_labeled", "Previous annotation", MOVE, NOT_VISUAL),
    Command("post.next_dispute", ("] d",), "next_disagreement", "Next disagreement of annotators", MOVE, NOT_VISUAL),
    Command("post.previous_dispute", ("[ d",), "previous_disagreement", "Previous disagreement", MOVE, NOT_VISUAL),
    Command("post.next_new", ("] n",), "next_new", "Next new since I was here", MOVE, NOT_VISUAL),
    Command("post.previous_new", ("[ n",), "previous_new", "Previous new", MOVE, NOT_VISUAL),
    Command("post.follow", ("g f",), "follow_author", "Follow this author, or no longer", MOVE, NOT_VISUAL),
    Command("post.next_followed", ("] f",), "next_followed", "Next by an author who is followed", MOVE, NOT_VISUAL),
    Command("post.previous_followed", ("[ f",), "previous_followed", "Previous by such an author", MOVE, NOT_VISUAL),
    Command("post.next_original", ("] o",), "next_original", "Next by the original poster", MOVE, NOT_VISUAL),
    Command("post.previous_original", ("[ o",), "previous_original", "Previous by them", MOVE, NOT_VISUAL),
    Command("page.read_on", ("space",), "read_on", "Read on: page; at the end the next unread", MOVE),
    Command("page.down", ("pagedown", "ctrl+f"), "page_down", "Page down", MOVE),
    Command("page.up", ("pageup", "ctrl+b"), "page_up", "Page up", MOVE),
    Command("page.back", ("b",), "page_up", "Page back", MOVE, IN_THREAD),
    Command("page.half_down", ("ctrl+d",), "half_down", "Half a page down", MOVE),
    Command("page.half_up", ("ctrl+u",), "half_up", "Half a page up", MOVE),
    Command("page.first", ("home", "g g"), "first", "First post, or start of the text", MOVE),
    Command("page.last", ("end", "G"), "last", "Last post, or end of the text", MOVE),
    Command("post.done", ("X",), "done", "Done with this chain: reviewed, folded, next top-level", MOVE, IN_THREAD),
    Command("jump.back", ("ctrl+o",), "jump_back", "Back in the jump list", MOVE),
    Command("mark.set", (f"m {ANY_CHARACTER}",), "set_mark", "Mark this place", MOVE),
    Command("mark.go", (f"' {ANY_CHARACTER}",), "go_mark", "Go to a marked place", MOVE),
    Command("fold.toggle", ("enter", "z a"), "toggle_fold", "Fold or unfold", FOLD, NOT_VISUAL),
    Command("fold.open", ("z o",), "open_fold", "Unfold", FOLD, NOT_VISUAL),
    Command("fold.close", ("z c",), "close_fold", "Fold", FOLD, NOT_VISUAL),
    Command("fold.all", ("z M",), "fold_all", "Fold all", FOLD, NOT_VISUAL),
    Command("fold.none", ("z R",), "unfold_all", "Unfold all", FOLD, NOT_VISUAL),
    Command("fold.more", ("z m",), "fold_more", "Fold one level more", FOLD, NOT_VISUAL),
    Command("fold.less", ("z r",), "fold_less", "Unfold one level more", FOLD, NOT_VISUAL),
    Command("fold.depth", (f"z {ANY_DIGIT}",), "fold_depth", "Unfold to a depth", FOLD, NOT_VISUAL),
    Command("view.flat", ("z i",), "toggle_flat", "Flatten or indent", FOLD, NOT_VISUAL),
    Command("view.markup", ("z s",), "toggle_markup", "Texts as they are read or as they are stored", FOLD, NOT_VISUAL),
    Command("align.top", ("z t",), "align_top", "Bring to the top", FOLD, NOT_VISUAL),
    Command("align.middle", ("z z",), "align_middle", "Bring to the middle", FOLD, NOT_VISUAL),
    Command("align.bottom", ("z b",), "align_bottom", "Bring to the bottom", FOLD, NOT_VISUAL),
    Command("text.enter", ("i",), "enter_text", "Put the text cursor into the post", TEXT, IN_THREAD),
    Command("text.left", ("h", "left"), "text_left", "Character to the left", TEXT, IN_TEXT),
    Command("text.right", ("l", "right"), "text_right", "Character to the right", TEXT, IN_TEXT),
    Command("text.down", ("j", "down"), "text_down", "Line down", TEXT, IN_TEXT),
    Command("text.up", ("k", "up"), "text_up", "Line up", TEXT, IN_TEXT),
    Command("text.word", ("w",), "next_word", "Next word", TEXT, EVERYWHERE),
    Command("text.word_back", ("b",), "previous_word", "Previous word", TEXT, IN_TEXT),
    Command("text.word_end", ("e",), "word_end", "End of the word", TEXT, IN_TEXT),
    Command("text.sentence", (")",), "next_sentence", "Next sentence; selecting: the end of this", TEXT, EVERYWHERE),
    Command("text.sentence_back", ("(",), "previous_sentence", "Previous sentence", TEXT, EVERYWHERE),
    Command("text.paragraph", ("}",), "next_paragraph", "Next paragraph; selecting: the end of this", TEXT, EVERYWHERE),
    Command("text.paragraph_back", ("{",), "previous_paragraph", "Previous paragraph", TEXT, EVERYWHERE),
    Command("text.line_start", ("0",), "line_start", "Start of the line", TEXT, IN_TEXT),
    Command("text.line_end", ("$",), "line_end", "End of the line", TEXT, IN_TEXT),
    Command("text.find", (f"f {ANY_CHARACTER}",), "find_character", "To a character", TEXT, IN_TEXT),
    Command("text.jump", ("i",), "jump_to_word", "To any word in view, by its letters", TEXT, IN_TEXT),
    Command("select.pick", ('"',), "pick_span", "Select from word to word by letters; twice: span after span", TEXT),
    Command("select.start", ("v",), "select", "Select from here", TEXT),
    Command("select.by_sentence", ("V",), "select_by_sentence", "Select by sentences", TEXT),
    Command("select.swap", ("o",), "swap_ends", "Other end of the selection", TEXT, frozenset({Context.VISUAL})),
    Command("select.sentence", ("s",), "select_sentence", "Select the sentence; again: one more", TEXT),
    Command("select.shrink", ("S",), "shrink_selection", "Select a sentence less; the clause; the word", TEXT),
    Command("select.paragraph", ("p",), "select_paragraph", "Select the paragraph", TEXT),
    Command("leave", ("escape",), "leave", "Leave the selection, the text, the search", TEXT),
    Command("label.type", ("t",), "type_label", "Type a label's name", LABEL),
    Command("label.relation", ("r",), "relate", "Relate to another post or span", LABEL),
    Command("label.repeat", (".",), "repeat_label", "The last label again", LABEL),
    Command(
        "label.attributes", ("a",), "edit_annotation", "Attributes and note of the annotation, or of the post", LABEL
    ),
    Command("label.other_end", ("g o",), "other_end", "The other end of a relation here", LABEL, NOT_VISUAL),
    Command("post.note", ("g N",), "note_post", "Note on this post", LABEL),
    Command("label.take_off", ("d",), "take_off", "Take off the annotation under the cursor", LABEL),
    Command("label.cycle", ("o",), "cycle_annotation", "Another of several annotations here", LABEL, NOT_VISUAL),
    Command("label.start_left", ("<",), "start_left", "Its start, or the selection’s, a word to the left", LABEL),
    Command("label.start_right", (">",), "start_right", "Its start a word to the right", LABEL),
    Command("label.end_left", (",",), "end_left", "Its end a word to the left", LABEL),
    Command("label.end_right", (";",), "end_right", "Its end a word to the right", LABEL),
    Command("rule.next", ("] !",), "next_violation", "Next post that breaks a rule", LABEL, NOT_VISUAL),
    Command("rule.previous", ("[ !",), "previous_violation", "Previous post that breaks a rule", LABEL, NOT_VISUAL),
    Command("label.undo", ("u",), "undo", "Undo", LABEL),
    Command("label.redo", ("ctrl+r",), "redo", "Redo", LABEL),
    Command("label.review", ("x",), "review", "Reviewed, nothing to label; next in the queue", LABEL, NOT_VISUAL),
    Command("queue.next", ("g n",), "next_in_queue", "Next in the queue", LABEL, NOT_VISUAL),
    Command("queue.choose", ("g q",), "choose_queue", "Choose the queue", LABEL, NOT_VISUAL),
    Command("post.flag", ("!",), "flag", "Flag to come back to, or take the flag off", LABEL, NOT_VISUAL),
    Command("queue.advance", ("g a",), "toggle_advance", "Go on to the next post after a label", LABEL, NOT_VISUAL),
    Command("find.start", ("/",), "search", "Search this thread", FIND),
    Command("find.next", ("n",), "next_match", "Next match", FIND, NOT_VISUAL),
    Command("find.previous", ("N",), "previous_match", "Previous match", FIND, NOT_VISUAL),
    Command("find.everywhere", ("g /",), "search_all", "Search all threads", FIND),
    Command("find.filter", ("\\",), "filter", "Show only some posts", FIND, NOT_VISUAL),
    Command("view.other_pane", ("tab", "shift+tab"), "other_pane", "Other pane", VIEW),
    Command("view.wider", ("+",), "wider", "Wider text", VIEW),
    Command("view.narrower", ("-",), "narrower", "Narrower text", VIEW),
    Command("view.layout", ("g p",), "next_layout", "Side by side, stacked, one pane", VIEW),
    Command("view.source", ("g s",), "source_record", "What the project holds of this post", VIEW),
    Command("view.reload", ("ctrl+l", "f5"), "reload", "Show the thread as it is after another import", VIEW),
    Command("view.others", ("g v",), "toggle_others", "Show what the others put, or hide it", VIEW),
    Command("view.detached", ("g D",), "detached", "What imports could not place", VIEW),
    Command("view.import", ("g i",), "import", "Import files", VIEW),
    Command("view.export", ("g e",), "export", "Export: write a dataset", VIEW),
    Command("view.dashboard", ("g d",), "dashboard", "The dashboard: what is labeled, in charts", VIEW, NOT_VISUAL),
    Command("view.guidelines", ("*", "g l"), "guidelines", "What the label here means: the codebook", VIEW),
    Command("view.codebook", ("g L",), "codebook", "Change the codebook", VIEW),
    Command("view.theme", ("g t",), "next_theme", "Next theme", VIEW),
    Command("view.open_link", ("g x",), "open_link", "Open a link by its number, or the source page", VIEW),
    Command("view.copy", ("y y", "ctrl+c"), "copy", "Copy the selection or the post", VIEW),
    Command("view.help", ("?", "f1"), "show_help", "Help", VIEW),
    Command("view.library", ("g h",), "library", "The library: all threads", VIEW),
    Command("view.history", ("g H",), "history", "The history: who did what, and when", VIEW, NOT_VISUAL),
    Command("view.post_history", ("g y",), "post_history", "The history of this post or annotation", VIEW, NOT_VISUAL),
    Command("view.quit", ("q",), "leave_screen", "Back, out", VIEW),
)

PRESETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "vim": {},
    "mutt": {
        "post.next_unread": ("tab", "] u"),
        "view.other_pane": ("ctrl+w w", "shift+tab"),
    },
    "tuir": {
        "fold.toggle": ("space", "enter", "z a"),
        "page.read_on": ("ctrl+space",),
        "post.parent": ("K", "P"),
        "post.previous_sibling": ("ctrl+k",),
    },
}
