"""The reader and the codebook: rules that are broken, what labels mean, a codebook that changes meanwhile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotations.errors import PostilError
from annotations.model import PostKind
from annotations.store import codebooks
from tui.screens.reader_arrivals import ReaderArrivals
from tui.text.visible import one_line

if TYPE_CHECKING:
    from annotations.codebook import Codebook, Label
    from annotations.thread_violations import ThreadViolations
    from annotations.violations import RuleBook, Violation
    from tui.widgets.post_canvas import PostCanvas

_UNKNOWN = -1
"""The codebook's version before it was looked at."""


class ReaderRules(ReaderArrivals):
    """Where rules are broken, and the codebook in force."""

    _violations: ThreadViolations | None = None
    _rule_book: RuleBook | None = None
    _violation_shown: int | None = None
    _codebook_version: int | None = _UNKNOWN
    _knows_rules = False

    class RulesLookedOver(Message):
        """The thread was looked over for broken rules."""

        def __init__(self, found: ThreadViolations, step: int, error: PostilError | None) -> None:
            super().__init__()
            self.found = found
            self.step = step
            self.error = error

    def begin(self) -> None:
        """Begin without the rules: the first frame does not wait for them."""
        super().begin()
        self.call_after_refresh(self._show_rules)

    def _show_rules(self) -> None:
        self._knows_rules = True
        self.show_status()

    # --- the post in focus ------------------------------------------------------------------------------------------

    @property
    def broken_rules(self) -> list[Violation]:
        """What is broken on the post in focus; of the article, on the thread too."""
        pane = self.pane
        if pane.outline is None or not self._knows_rules:
            return []
        view = pane.view_of(pane.position)
        if not view.annotations and not view.is_reviewed:
            return []  # nothing is loaded as long as nothing is labeled
        from annotations.violations import RuleBook  # noqa: PLC0415  # loaded on use

        codebook = self.session.codebook
        if self._rule_book is None or self._rule_book.codebook is not codebook:
            self._rule_book = RuleBook(codebook)
        counted = {label for limit in self._rule_book.per_thread for label in limit.ids}
        return self._rule_book.of_post(
            view.annotations,
            is_comment=view.post.kind is PostKind.COMMENT,
            is_reviewed=view.is_reviewed,
            in_thread={label: self.thread_source.count_of(label) for label in counted},
        )

    def rule_warning(self) -> str:
        """Return what is broken on the post in focus beside what is still required, in a few words."""
        messages = [found.message for found in self.broken_rules if found.rule != "required"]
        messages = [one_line(message) for message in dict.fromkeys(messages)]
        if not messages:
            return ""
        return messages[0] if len(messages) == 1 else f"{messages[0]} (+{len(messages) - 1})"

    # --- from one to the next ---------------------------------------------------------------------------------------

    def action_next_violation(self) -> None:
        """Go to the next post on which a rule is broken."""
        self._find_violation(1)

    def action_previous_violation(self) -> None:
        """Go to the previous post on which a rule is broken."""
        self._find_violation(-1)

    def _find_violation(self, step: int) -> None:
        from annotations.thread_violations import ThreadViolations  # noqa: PLC0415  # loaded on use

        session = self.session
        found = self._violations
        if found is not None and found.codebook is session.codebook and found.follow(session.project):
            self._go_to_violation(found, step)
            return
        # Each look fills one of its own: a second key may come before the first look is over.
        fresh = ThreadViolations(session.codebook, self.thread.id, session.annotator.id)
        look = partial(self._look_for_violations, fresh, step)
        self.run_worker(look, name="rules", group="rules", exclusive=True, thread=True)

    def _look_for_violations(self, found: ThreadViolations, step: int) -> None:
        """Look the thread over, beside the app, and go on in the app."""
        from annotations.store.project import Project  # noqa: PLC0415  # loaded on use

        error = None
        try:
            with Project.open(self.session.project.path, read_only=True) as project:
                found.look(project)
        except PostilError as met:
            error = met
        self.post_message(self.RulesLookedOver(found, step, error))

    def on_reader_rules_rules_looked_over(self, message: RulesLookedOver) -> None:
        """Go where a rule is broken, or say why that is not known."""
        message.stop()
        if message.error is not None:
            self.complain(message.error)
        elif not self.has_left:
            self._violations = message.found
            self._go_to_violation(message.found, message.step)
        self.show_status()

    def _go_to_violation(self, found: ThreadViolations, step: int) -> None:
        position = self.thread_pane.position if self.pane is self.thread_pane else 0
        following = position if found.is_broken(position) and position != self._violation_shown else None
        following = found.next(position, step) if following is None else following
        if following is None:
            where = "below" if step > 0 else "above"
            self.say(f"No other rule is broken {where}" if found else "No rule is broken in this thread")
            return
        self.show_pane(self.thread_pane if following else self.article)
        if following and following != position:
            self.thread_pane.go_to(following, is_jump=True)
        self._violation_shown = following
        self._show_violation()

    def follow(self, pane: PostCanvas) -> None:
        """Forget which broken rule was shown once another post is in focus."""
        super().follow(pane)
        if pane is self.thread_pane and pane.position != self._violation_shown:
            self._violation_shown = None

    def _show_violation(self) -> None:
        """Say what is broken here; the words that it is about are selected where they are to be labeled anew."""
        pane = self.pane
        broken = self.broken_rules
        if not broken:
            if pane is self.article:
                self.say(self._thread_warning())
            return
        first = broken[0]
        more = f" (and {len(broken) - 1} more here)" if len(broken) > 1 else ""
        self.say(f"{one_line(first.message)}{more}")
        annotations = {found.id: found for found in pane.view_of(pane.position).annotations}
        about = annotations.get(first.annotation or 0)
        if about is None or about.target.span is None or about.detached:
            return
        span = about.target.span
        pane.go_to_text(pane.position, span.start)
        if first.rule == "split":
            pane.select_span(span.start, span.end)

    def _thread_warning(self) -> str:
        """Return what is broken on the thread as a whole."""
        from annotations.store.labels import annotations_of_thread  # noqa: PLC0415  # loaded on use
        from annotations.violations import RuleBook  # noqa: PLC0415  # loaded on use

        put = annotations_of_thread(self.session.project, self.thread.id, self.session.annotator.id)
        broken = RuleBook(self.session.codebook).of_thread(put, has_begun=True)
        return one_line(broken[0].message) if broken else ""

    def put(self, label: Label) -> None:
        """Put a label; into a project without a codebook another terminal may have brought one."""
        if self._codebook_version in {None, _UNKNOWN}:
            self.look_for_codebook()
        super().put(label)

    # --- the codebook -----------------------------------------------------------------------------------------------

    def look_for_codebook(self) -> None:
        """Go on with the codebook that another terminal has put in force."""
        version = codebooks.current_codebook_version(self.session.project)
        if version == self._codebook_version or version is None:
            return
        self._codebook_version = version
        codebook = codebooks.codebook_in_force(self.session.project)
        if codebook.sha256 != self.session.codebook.sha256:
            self.take_codebook(codebook)
            self.say(f"The codebook has changed: {self.key_of('view.guidelines')} shows it")
            self.show_status()

    def take_codebook(self, codebook: Codebook) -> None:
        """Label by another codebook from now on; what is on the screen shows its names and colours."""
        self.session.codebook = codebook
        for pane in (self.article, self.thread_pane):
            if pane.outline is not None:
                pane.update_posts(self.thread_source.load(sorted(pane.all_held)))
        self.show_status()

    def action_guidelines(self) -> None:
        """Show the codebook, the label under the cursor first."""
        from tui.screens.guidelines import Guidelines  # noqa: PLC0415  # loaded on use

        annotation = self.inspected
        label = annotation.label if annotation else None
        screen = Guidelines(self.session.codebook, label)

        def leave(_: None) -> None:
            if screen.wants_change:
                self._edit_codebook(label or "")

        self.app.push_screen(screen, leave)

    def action_codebook(self) -> None:
        """Change the codebook."""
        annotation = self.inspected
        self._edit_codebook(annotation.label if annotation else "")

    def _edit_codebook(self, label: str) -> None:
        from tui.screens.codebook import CodebookScreen  # noqa: PLC0415  # loaded on use

        self.flush()
        screen = CodebookScreen(self.session, label, is_plain=self.configuration.is_plain)
        self.app.push_screen(screen, self._leave_codebook)

    def _leave_codebook(self, _: object = None) -> None:
        """Show the thread by the codebook as it is now."""
        self._codebook_version = _UNKNOWN
        codebook = codebooks.codebook_in_force(self.session.project)
        self.take_codebook(codebook)
