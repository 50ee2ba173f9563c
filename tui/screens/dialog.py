"""What all dialogs have in common: a click beside one closes it, and its hint names the keys as they are configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar, runtime_checkable

from textual.binding import Binding
from textual.screen import ModalScreen

from tui.keymap import show_keys

if TYPE_CHECKING:
    from textual import events

    from tui.configuration import Configuration

Result = TypeVar("Result")


@runtime_checkable
class Configured(Protocol):
    """An app in which keys can be other than a dialog's own."""

    configuration: Configuration


class Dialog(ModalScreen[Result | None], Generic[Result]):
    """A dialog over another screen; it returns a result, or None where the analyst goes back."""

    HINT: ClassVar[str] = ""
    """The line at the bottom; the id of a binding in braces stands for its first key."""

    def on_click(self, event: events.Click) -> None:
        """Go back at a click on what lies behind the dialog."""
        if event.widget is self and self.is_current:
            event.stop()
            self.dismiss(None)

    @property
    def hint_words(self) -> str:
        """The hint, with the keys that the bindings have now."""
        words = self.HINT
        for binding_id, keys in self._keys().items():
            words = words.replace(f"{{{binding_id}}}", show_keys(keys[0]) if keys else "(no key)")
        return words

    @classmethod
    def named_bindings(cls) -> dict[str, Binding]:
        """Return the bindings that have an id, by it, those that are inherited included."""
        found = {}
        for owner in reversed(cls.__mro__):
            for binding in vars(owner).get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.id:
                    found[binding.id] = binding
        return found

    def _keys(self) -> dict[str, tuple[str, ...]]:
        """Return the keys of each binding that has an id."""
        configured = self.app.configuration.keys if isinstance(self.app, Configured) else {}
        return {
            name: configured.get(name, tuple(binding.key.split(","))) for name, binding in self.named_bindings().items()
        }
