"""All themes: every text can be read on every ground that it is drawn on."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from annotations.codebook import LABEL_COLOURS
from tui.theme_names import CONTRAST
from tui.theme_names import THEMES as THEME_NAMES
from tui.themes import GUIDE_HUES, theme_named
from tui.widgets.pane_styles import MINIMUM_CONTRAST, TOKEN_HUES, PaneStyles, contrast_ratio

if TYPE_CHECKING:
    from rich.color import Color as RichColor
    from textual.theme import Theme

THEMES = [theme_named(name) for name in THEME_NAMES]
PURPOSES = [
    "body",
    "headline",
    "author",
    "unread author",
    "muted",
    "context",
    "marker",
    "unread",
    "reviewed",
    "warning",
    "quote",
    "link",
]
ODD_COLOURS = ("#000000", "#ffffff", "#ff0000", "#ffff00", "#0000ff", "#808080")


def variables(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def contrast(foreground: RichColor | None, background: RichColor | None) -> float:
    assert foreground is not None
    assert background is not None
    return contrast_ratio(Color.from_rich_color(foreground), Color.from_rich_color(background))


@pytest.fixture(params=THEMES, ids=lambda theme: theme.name)
def styles(request: pytest.FixtureRequest) -> PaneStyles:
    return PaneStyles(variables(request.param), GUIDE_HUES)


def test_there_are_light_and_dark_themes_to_choose_from() -> None:
    assert sum(theme.dark for theme in THEMES) >= 3
    assert sum(not theme.dark for theme in THEMES) >= 2
    assert [theme.name for theme in THEMES] == list(THEME_NAMES)
    assert all(name.startswith("postil-") for name in THEME_NAMES)


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("is_focused", [True, False])
def test_text_can_be_read(styles: PaneStyles, *, is_focused: bool, is_active: bool) -> None:
    for purpose in [*PURPOSES, *TOKEN_HUES, "code", "strong", "emphasis", "bar"]:
        style = styles.plain(purpose, is_focused=is_focused, is_active=is_active)
        assert contrast(style.color, style.bgcolor) >= MINIMUM_CONTRAST, purpose


def test_the_theme_of_contrast_has_more_of_it() -> None:
    styles = PaneStyles(variables(theme_named(CONTRAST)), GUIDE_HUES)
    for purpose in [*PURPOSES, *TOKEN_HUES]:
        style = styles.plain(purpose, is_focused=True)
        assert contrast(style.color, style.bgcolor) >= 7, purpose  # WCAG 2.2, success criterion 1.4.6, level AAA


@pytest.mark.parametrize("colour", [*LABEL_COLOURS, *ODD_COLOURS])
def test_chips_and_signs_can_be_read(styles: PaneStyles, colour: str) -> None:
    chip = styles.chip(colour)
    assert contrast(chip.color, chip.bgcolor) >= MINIMUM_CONTRAST
    for is_focused in (True, False):
        sign = styles.sign(colour, is_focused=is_focused)
        assert contrast(sign.color, sign.bgcolor) >= MINIMUM_CONTRAST


@pytest.mark.parametrize("count", [1, 2, 3])
def test_labeled_text_can_be_read_under_one_two_and_three_labels(styles: PaneStyles, count: int) -> None:
    for colours in combinations([*LABEL_COLOURS, *ODD_COLOURS], count):
        for is_focused in (True, False):
            style = styles.span(colours, is_focused=is_focused)
            assert contrast(style.color, style.bgcolor) >= MINIMUM_CONTRAST, colours


def test_selection_cursor_and_matches_can_be_read(styles: PaneStyles) -> None:
    for style in (styles.selected, styles.cursor, styles.found):
        assert contrast(style.color, style.bgcolor) >= MINIMUM_CONTRAST


def test_depth_numbers_can_be_read_at_every_depth(styles: PaneStyles) -> None:
    for level in range(12):
        for is_focused in (True, False):
            style = styles.depth(level, is_focused=is_focused)
            assert contrast(style.color, style.bgcolor) >= MINIMUM_CONTRAST


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
@pytest.mark.parametrize(
    "text", ["foreground", "accent", "primary", "secondary", "error", "success", "warning", "muted"]
)
def test_the_lines_at_the_bottom_can_be_read(theme: Theme, ground: str, text: str) -> None:
    colours = variables(theme)
    assert contrast_ratio(Color.parse(colours[text]), Color.parse(colours[ground])) >= MINIMUM_CONTRAST
