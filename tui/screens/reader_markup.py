"""The reader's actions on what is in a text beside its words: links are opened, markup is shown as it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.reader_places import ReaderPlaces
from tui.text.visible import one_line
from tui.widgets.label_bar import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.decoration import Link
    from tui.widgets.post_pane import PostPane


class ReaderMarkup(ReaderPlaces):
    """Open links by number; see a text as it is read or as it is stored."""

    def begin(self) -> None:
        """Begin without a question."""
        self._offered_links: tuple[PostPane, int, Sequence[Link]] | None = None
        self._link_typed = ""
        super().begin()

    def action_toggle_markup(self) -> None:
        """Show texts as they are stored, or as they are read."""
        is_source = not self.thread_pane.is_source
        for pane in (self.article, self.thread_pane):
            pane.show_source(is_source=is_source)
        self.say("Texts as they are stored" if is_source else "Texts as they are read")

    def action_open_link(self) -> None:
        """Open the link under the cursor, the post's only one, one of several by its number, or the thread's page."""
        pane = self.pane
        links = pane.links
        under = [link for link in links if pane.is_in_text and link.start <= pane.caret < link.end]
        if under:
            self._open(under[0].target)
        elif len(links) == 1:
            self._open(links[0].target)
        elif links:
            self._offered_links, self._link_typed = (pane, pane.position, links), ""
            self.say(f"Open link 1…{len(links)}?")
        else:
            self._open_page()

    def _open_page(self) -> None:
        from tui.text.links import clean_target  # noqa: PLC0415  # loaded on use

        url = self.thread.url or ""
        target = clean_target(url if "://" in url or not url else f"https://{url}")
        if target:
            self._open(target)
        else:
            self.say("No link here, and the thread has no page")

    def _open(self, target: str) -> None:
        from tui.text.links import host_of  # noqa: PLC0415  # loaded on use

        self.app.open_url(target)
        self.say(f"Opened a page of {one_line(host_of(target))}: {one_line(target)}")

    def take_first(self, key: str) -> bool:
        """Take a key as a link's number while it is asked for."""
        if self._offered_links is None:
            return super().take_first(key)
        pane, position, links = self._offered_links
        is_there = pane is self.pane and pane.position == position
        if is_there and key == "escape":
            self._stop_asking("No link opened")
            return True
        if is_there and key == "enter" and self._link_typed:
            self._offered_links = None
            self._open(links[int(self._link_typed) - 1].target)
            self.show_status()
            return True
        if not (is_there and len(key) == 1 and key in "0123456789"):
            self._stop_asking("")
            return super().take_first(key)
        self._link_typed += key
        number = int(self._link_typed)
        if not 1 <= number <= len(links):
            self._stop_asking(f"There is no link {self._link_typed} here")
        elif number * 10 > len(links):
            self._offered_links = None
            self._open(links[number - 1].target)
            self.show_status()
        else:
            self.say(f"Open link {self._link_typed}… of {len(links)}? Enter opens {self._link_typed}")
            self.show_status()
        return True

    def _stop_asking(self, words: str) -> None:
        self._offered_links = None
        self.said = words
        self.show_status()

    def offers(self) -> tuple[str, Sequence[Offer]]:
        """Return where the links lead while a number is asked for."""
        if self._offered_links is None:
            return super().offers()
        from tui.text.links import host_of  # noqa: PLC0415  # loaded on use

        links = self._offered_links[2]
        offers = [
            Offer(key=str(number), text=one_line(host_of(link.target)), command=str(number))
            for number, link in enumerate(links[:9], start=1)
        ]
        return "Link", [*offers, Offer(key="Esc", text="none", command="escape")]

    def on_post_pane_link_chosen(self, message: PostPane.LinkChosen) -> None:
        """Open the link whose number was clicked."""
        self._open(message.link.target)
        self.show_status()
