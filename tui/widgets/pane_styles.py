"""The styles in which a pane draws posts, made from the theme's variables."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from rich.style import Style
from textual.color import Color

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TINTS = (0.26, 0.2, 0.14, 0.1, 0.06, 0.03)
"""How much of a label's hue a labeled span's background takes: the first with which its text can be read."""
MINIMUM_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, level AA."""
MINIMUM_SIGN_CONTRAST = 3.0
"""WCAG 2.2, success criterion 1.4.11: what is no text, but is needed to understand it."""
FADES = (0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1)
"""How much of the background a guide takes: the first with which it can be seen."""

TOKEN_HUES = {
    "keyword": "purple",
    "builtin": "teal",
    "string": "green",
    "number": "orange",
    "comment": "grey",
    "function": "blue",
    "property": "blue",
    "operator": "pink",
    "heading": "yellow",
}

ADDED = {
    "heading": Style(bold=True),
    "strong": Style(bold=True),
    "emphasis": Style(italic=True),
    "struck": Style(strike=True),
}
"""What emphasis adds to the style of the text that it is in."""


def contrast_ratio(one: Color, other: Color) -> float:
    """Return the contrast of two opaque colours, from 1 to 21, as WCAG 2.2 defines it."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: Color) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  # the standard's figures
        for part in colour.normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class PaneStyles:
    """Rich styles by purpose, for one theme.

    Args:
        variables: The theme's variables, colours in any form that Textual reads.
        guides: The hues of the depth guides.
    """

    def __init__(self, variables: Mapping[str, str], guides: Sequence[str]) -> None:
        self._variables = variables
        self.background = self._colour("background")
        self.focused_background = self._colour("focused-post")
        self.foreground = self._colour("foreground")
        self.muted = self._colour("muted")
        self.accent = self._colour("accent")
        self.success = self._colour("success")
        self.warning = self._colour("warning")
        self.primary = self._colour("primary")
        self.panel = self._colour("panel")
        self._guides = [self.hue(name) for name in guides]
        self._spans: dict[tuple[tuple[str, ...], bool, bool], Style] = {}
        self._plain: dict[tuple[str, bool, bool], Style] = {}
        self._dimmed = Style(color=self.muted.rich_color)

    def _colour(self, name: str) -> Color:
        return Color.parse(self._variables[name])

    @lru_cache(maxsize=256)  # noqa: B019  # the styles live as long as the theme
    def hue(self, colour: str) -> Color:
        """Return a label's colour, moved towards the foreground until it can be read on the background."""
        if colour.startswith("#"):
            found = Color.parse(colour)
        else:
            found = Color.parse(self._variables.get(f"label-{colour}", self._variables["label-grey"]))
        for step in range(11):
            mixed = found.blend(self.foreground, step / 10)
            grounds = (self.background, self.focused_background, self._chip_ground(mixed))
            if all(contrast_ratio(mixed, ground) >= MINIMUM_CONTRAST for ground in grounds):
                return mixed
        return self.foreground

    def _chip_ground(self, hue: Color) -> Color:
        return self.background.blend(hue, 0.14)

    def _ground(self, *, is_focused: bool) -> Color:
        return self.focused_background if is_focused else self.background

    def plain(self, purpose: str, *, is_focused: bool = False, is_active: bool = True) -> Style:
        """Return the style of text of a purpose: `body`, `author`, `muted`, `marker`, `bar` and their kind."""
        key = (purpose, is_focused, is_active)
        if key not in self._plain:
            self._plain[key] = self._make(purpose, is_focused=is_focused, is_active=is_active)
        return self._plain[key]

    def _make(self, purpose: str, *, is_focused: bool, is_active: bool) -> Style:
        ground = self._ground(is_focused=is_focused)
        on = {
            "body": Style(color=self.foreground.rich_color),
            "headline": Style(color=self.foreground.rich_color, bold=True),
            "author": Style(color=self.foreground.rich_color),
            "unread author": Style(color=self.foreground.rich_color, bold=True),
            "muted": Style(color=self.muted.rich_color),
            "context": Style(color=self.muted.rich_color),
            "marker": Style(color=self.muted.rich_color),
            "unread": Style(color=self.accent.rich_color, bold=True),
            "reviewed": Style(color=self.success.rich_color),
            "original": Style(color=self.primary.rich_color, bold=True),
            "followed": Style(color=self.warning.rich_color, bold=True),
            "new": Style(color=self.success.rich_color, bold=True),
            "warning": Style(color=self.warning.rich_color),
            "bar": Style(color=(self.accent if is_active else self.muted).rich_color),
            "quote": Style(color=self.muted.rich_color, italic=True),
            "link": Style(color=self.primary.rich_color, underline=True),
            "code": Style(color=self.hue("teal").rich_color),
            "thumb": Style(color=self.muted.rich_color),
            "track": Style(color=self.panel.rich_color),
        }.get(purpose)
        if on is None:
            on = Style(color=self.hue(TOKEN_HUES.get(purpose, "grey")).rich_color)
        return on + Style(bgcolor=ground.rich_color)

    def dressed(self, style: Style, purpose: str, *, is_focused: bool) -> Style:
        """Return a style as a kind of text changes it: emphasis and its marks add to it, all else replaces it."""
        added = self._dimmed if purpose == "markup" else ADDED.get(purpose)
        return self.plain(purpose, is_focused=is_focused) if added is None else style + added

    @lru_cache(maxsize=256)  # noqa: B019  # as above
    def guide(self, level: int, *, is_focused: bool) -> Style:
        """Return the style of the guide of a depth; level 0 is the outermost."""
        colour = self._faded[level % len(self._faded)]
        return Style(color=colour.rich_color, bgcolor=self._ground(is_focused=is_focused).rich_color)

    @cached_property
    def _faded(self) -> list[Color]:
        """The colours of the guides: as quiet as they may be."""
        return [self._fade(guide) for guide in self._guides]

    def _fade(self, guide: Color) -> Color:
        grounds = (self.background, self.focused_background)
        for share in FADES:
            colour = guide.blend(self.background, share)
            if all(contrast_ratio(colour, ground) >= MINIMUM_SIGN_CONTRAST for ground in grounds):
                return colour
        return guide

    @lru_cache(maxsize=256)  # noqa: B019  # as above
    def depth(self, level: int, *, is_focused: bool) -> Style:
        """Return the style of a depth's number, in its guide's hue."""
        colour = self._guides[level % len(self._guides)]
        return Style(color=colour.rich_color, bgcolor=self._ground(is_focused=is_focused).rich_color)

    @lru_cache(maxsize=256)  # noqa: B019  # as above
    def chip(self, colour: str) -> Style:
        """Return the style of a label's chip."""
        hue = self.hue(colour)
        return Style(color=hue.rich_color, bgcolor=self._chip_ground(hue).rich_color)

    @lru_cache(maxsize=256)  # noqa: B019  # as above
    def sign(self, colour: str, *, is_focused: bool) -> Style:
        """Return the style of a label's sign in the margin."""
        return Style(
            color=self.hue(colour).rich_color, bgcolor=self._ground(is_focused=is_focused).rich_color, bold=True
        )

    def span(self, colours: tuple[str, ...], *, is_focused: bool, is_pointed_at: bool = False) -> Style:
        """Return what labeled text adds to its style.

        One line below it says that a label covers it, two lines that several do, bold type that the label is the one
        that keys act on: none of this is told by colour alone.

        Args:
            colours: The labels' that cover it, outermost first.
            is_focused: Whether it is in the post in focus.
            is_pointed_at: Whether one of them is the label that keys act on.
        """
        key = (colours, is_focused, is_pointed_at)
        if key not in self._spans:
            plain = self._ground(is_focused=is_focused)
            for share in TINTS:
                ground = plain
                for colour in colours:
                    ground = ground.blend(self.hue(colour), share)
                if contrast_ratio(self.foreground, ground) >= MINIMUM_CONTRAST:
                    break
            self._spans[key] = Style(
                color=self.foreground.rich_color,
                bgcolor=ground.rich_color,
                underline=True,  # also where there are two lines: a terminal that knows of one only draws that
                underline2=len(colours) > 1 or None,
                bold=is_pointed_at or None,
            )
        return self._spans[key]

    @property
    def selected(self) -> Style:
        """What selected text adds to its style."""
        return Style(color=self.background.rich_color, bgcolor=self.primary.rich_color)

    @property
    def cursor(self) -> Style:
        """What the text cursor adds to the style of its cell."""
        return Style(color=self.background.rich_color, bgcolor=self.accent.rich_color, bold=True)

    @property
    def quiet_hint(self) -> Style:
        """The style of the first of two letters by which a word is chosen."""
        return Style(color=self.accent.rich_color, bgcolor=self.panel.rich_color)

    @property
    def found(self) -> Style:
        """What a search's match adds to its style."""
        return Style(color=self.background.rich_color, bgcolor=self.warning.rich_color)
