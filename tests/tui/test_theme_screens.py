"""Every screen in every theme, as it is drawn: no character whose contrast is below 4.5:1."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from textual.color import Color
from textual.widgets import OptionList

from annotations.model import Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.codebooks import codebook_in_force
from annotations.store.listing import find_thread
from annotations.store.posts import load_posts
from annotations.store.project import Project
from tests.tui.conftest import type_ahead
from tui.configuration import Configuration
from tui.theme_names import DARK, PAPER, THEMES
from tui.themes import GUIDE_HUES, choose_theme
from tui.widgets.pane_styles import MINIMUM_CONTRAST, MINIMUM_SIGN_CONTRAST, PaneStyles, contrast_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app import PostilApp

LINES = range(0x2500, 0x25A0)
"""Box drawing and block elements: guides and scroll bars, whose contrast is tested below, and ornament."""

STATES = {
    "reading": "tab j",
    "relating": "r",
    "picker": "escape t",
    "editor": "escape a",
    "queue": "escape g q",
    "queue asked": "j j j enter",
    "history": "escape escape exclamation_mark g H",
    "history filtered": "slash a g r e e",
    "history left": "escape escape exclamation_mark",
    "source": "escape g s",
    "folded": "escape z M",
    "searching": "slash c o",
    "asking": "escape backslash",
    "selecting": "escape tab s",
    "help": "escape question_mark",
    "guidelines": "escape g l",
    "guidelines searched": "slash c l a i m",
    "codebook": "escape escape g L",
    "label form": "e",
    "label renamed": "escape r",
    "codebook changed": "escape x",
    "codebook help": "question_mark",
    "codebook left": "escape u escape",
    "export": "escape g e",
    "export another": "j tab right",
    "dashboard": "escape g d",
    "dashboard further": "tab tab",
    "dashboard numbers": "v",
    "palette": "escape ctrl+p",
    "palette typed": "p",
    "import": "escape g i",
    "peek": "escape tab j j equals_sign",
    "all threads": "escape g slash f e r",
    "library": "escape g h",
}
"""What is pressed, one after the other, to see everything that the app has."""

SHORT = ("reading", "relating", "picker", "editor", "searching", "selecting", "export", "palette", "library")
"""What shows all kinds of widgets: enough for the themes in which the whole way is not gone."""


def unreadable(app: PostilApp) -> Iterator[str]:
    """Yield what stands on the screen with too little contrast; what a dialog veils is not there to be read."""
    screen = app.screen
    for y, strip in enumerate(screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            text, x = segment.text, x + segment.cell_length
            style = segment.style
            if style is None or all(sign.isspace() or ord(sign) in LINES for sign in text):
                continue
            if screen.is_modal and screen.get_widget_at(x - 1, y)[0] is screen:
                continue
            assert style.color is not None
            assert style.bgcolor is not None
            ratio = contrast_ratio(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
            if style.dim or ratio < MINIMUM_CONTRAST:
                yield f"{text.strip()} in {style.color.name} on {style.bgcolor.name}: {ratio:.2f}"


@pytest.fixture
def labeled(project_path: Path) -> None:
    """The project with crossing and nested spans, labels of posts and of the thread, a relation, a note, a review."""
    with Project.open(project_path) as project:
        thread = find_thread(project, "bridge")
        article, first, second, *_ = load_posts(project, thread.id, 0, 9)
        session = LabelingSession(project, project.annotator("ann"), codebook_in_force(project))
        put = partial(Target, thread_id=thread.id)
        for label, start, end in (("claim", 26, 64), ("evidence", 30, 90), ("claim", 40, 50)):
            session.toggle(label, put(post_id=article.id, span=Span(start, end)))
        for label in ("agree", "sarcasm", "insult"):
            session.toggle(label, put(post_id=first.id))
        session.toggle("controversial", put())
        session.toggle("rebuts", put(post_id=second.id, to_post_id=first.id))
        session.toggle_review(second.id)
        session.mark_read([first.id])


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.usefixtures("labeled")
@pytest.mark.parametrize("theme", THEMES)
async def test_everything_that_is_drawn_can_be_read(make_app: Callable[..., PostilApp], theme: str) -> None:
    app = make_app(theme=theme)
    failures = []
    seen = set()
    async with app.run_test(size=(100, 26)) as pilot:
        for severity in ("error", "warning", "information"):
            app.notify("What has happened", title="A title", severity=severity, timeout=600)
        for state in STATES if theme in {DARK, PAPER} else SHORT:
            await type_ahead(pilot, STATES[state])
            await settle(pilot)
            failures += [f"{state}: {what}" for what in unreadable(app)]
            seen.add(type(app.screen).__name__)
    assert failures == []
    assert seen >= {"ReaderScreen", "LabelPicker", "AnnotationEditor", "ExportScreen", "Palette", "LibraryScreen"}


@pytest.mark.usefixtures("labeled")
async def test_what_is_drawn_takes_another_theme(make_app: Callable[..., PostilApp]) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        for state, theme in (("reading", "postil-paper"), ("help", "postil-contrast"), ("palette", "postil-light")):
            await type_ahead(pilot, STATES[state])
            choose_theme(app, theme)
            await settle(pilot)
            assert list(unreadable(app)) == []


@pytest.mark.parametrize("theme", THEMES)
async def test_guides_and_the_scroll_bars_thumb_can_be_seen(make_app: Callable[..., PostilApp], theme: str) -> None:
    app = make_app(theme=theme)
    async with app.run_test(size=(40, 10)):
        styles = PaneStyles(app.theme_variables, GUIDE_HUES)
    seen = [styles.guide(level, is_focused=is_focused) for level in range(8) for is_focused in (True, False)]
    for style in [*seen, styles.plain("thumb")]:
        assert style.color is not None
        assert style.bgcolor is not None
        ratio = contrast_ratio(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
        assert ratio >= MINIMUM_SIGN_CONTRAST


async def test_the_key_goes_through_all_themes_and_says_their_names(make_app: Callable[..., PostilApp]) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        seen = [app.theme]
        for _ in THEMES:
            await pilot.press("g", "t")
            await pilot.pause()
            seen.append(app.theme)
            line = "".join(segment.text for segment in app.screen._compositor.render_strips()[-1])
            assert f"Theme {app.theme}: {THEMES[app.theme]}" in line
    assert seen == [*THEMES, DARK]


async def test_the_palette_offers_the_themes(make_app: Callable[..., PostilApp]) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p", *"themepaper")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await settle(pilot)
        assert app.theme == "postil-paper"
        assert set(app.available_themes) <= set(THEMES), "Textual's own have no colours for labels"


async def test_the_configured_theme_is_the_first(make_app: Callable[..., PostilApp]) -> None:
    app = make_app(theme=None, configuration=Configuration(theme="postil-ember"))
    async with app.run_test(size=(80, 24)):
        assert app.theme == "postil-ember"
        assert app.theme_variables["background"].lower().startswith("#17120c")


@pytest.mark.parametrize(("keys", "highlighted"), [("t", "1 Agree"), ("g q", "Comments"), ("ctrl+p p o s t", "")])
@pytest.mark.parametrize("is_plain", [True, False])
async def test_without_colour_a_highlighted_line_is_reversed(
    make_app: Callable[..., PostilApp],
    monkeypatch: pytest.MonkeyPatch,
    keys: str,
    highlighted: str,
    *,
    is_plain: bool,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(configuration=Configuration(is_plain=is_plain))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*keys.split())
        await settle(pilot)
        options = app.screen.query_one(OptionList)
        region = options.content_region
        strips = app.screen._compositor.render_strips()
        rows = []
        for strip in strips[region.y : region.bottom]:
            within = strip.crop(region.x, region.right)
            if all(segment.style is not None and segment.style.reverse for segment in within if segment.text.strip()):
                rows.append(within.text.strip())
            for segment in within:
                assert segment.style is None or (segment.style.color is None and segment.style.bgcolor is None)
        rows = [row for row in rows if row]
        assert 1 <= len(rows) <= 2, "one entry stands out, of one line or two"
        assert rows[0].startswith(highlighted)
