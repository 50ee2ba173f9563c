"""What other annotators put, shown beside one's own labels when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model import Target
from annotations.session import LabelingSession
from annotations.span import Span
from annotations.store.project import Project
from tui.screens.reader import ReaderScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.app import PostilApp as FixedApp
    from tui.widgets.post_view import PostView


def shown(screen: ReaderScreen, position: int) -> PostView:
    return (screen.thread_pane if position else screen.article).view_of(position)


def chips(view: PostView) -> Sequence[str]:
    return [chip.text for chip in view.chips]


async def test_the_labels_of_others_are_seen_when_asked_for_and_follow_them(make_app: Callable[..., FixedApp]) -> None:
    async with make_app().run_test(size=(120, 40)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        await pilot.press("g", "v")
        assert screen.said == "Nobody else has labeled anything in this thread"
        await pilot.press("tab", "1")
        thread_id = screen.thread.id
        with Project.open(screen.session.project.path) as project:
            elsewhere = LabelingSession(project, project.annotator("bob [b]"), screen.session.codebook)
            rows = screen.thread_source.post_ids(0, 3)
            elsewhere.apply("sarcasm", Target(thread_id=thread_id, post_id=rows[1]))
            elsewhere.apply("claim", Target(thread_id=thread_id, post_id=rows[0], span=Span(0, 4)))
            elsewhere.apply("controversial", Target(thread_id=thread_id))
            screen._look_at_others()
            assert chips(shown(screen, 1)) == ["Agree"], "who labels alone sees nothing of what others put"
            await pilot.press("g", "v")
            assert chips(shown(screen, 1)) == ["Agree", "bob [b]: Sarcasm"]
            article = shown(screen, 0)
            assert [(mark.start, mark.end, mark.annotation) for mark in article.marks] == [(0, 4, 0)]
            assert [tag.text for tag in article.tags] == ["bob\xa0[b]:\xa0Claim"]
            assert chips(article)[0].startswith("bob [b]: ")
            elsewhere.apply("insult", Target(thread_id=thread_id, post_id=rows[2]))
        screen._look_at_others()
        assert chips(shown(screen, 2)) == ["bob [b]: Insult"], "what comes is shown as it comes"
        await pilot.press("k", "1")
        assert chips(shown(screen, 1)) == ["bob [b]: Sarcasm"], "a key acts on one's own labels alone"
        assert screen.session.progress(thread_id).labeled == 0
        await pilot.press("g", "v")
        assert chips(shown(screen, 2)) == []
        assert not shown(screen, 0).marks
        assert not shown(screen, 0).tags
