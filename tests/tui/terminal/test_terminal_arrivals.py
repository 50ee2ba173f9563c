"""Another program imports a thread, or labels in it, while it is read: the reader says so without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tui.terminal.conftest import ROOT

if TYPE_CHECKING:
    from tests.tui.terminal.conftest import Desk


def test_an_import_by_another_program_is_told_and_shown_at_a_key(desk: Desk) -> None:
    text = (ROOT / "sample_data" / "harbour-tunnel.txt").read_text(encoding="utf-8")
    source = desk.folder / "harbour-tunnel.txt"
    source.write_text(text, encoding="utf-8")
    assert desk.command("import", "-q", str(source)) == ""
    terminal = desk.open()
    terminal.press("tab")
    terminal.write("jjj")
    terminal.see_status("READ", " · 4/54")
    first = text.index("  • Dolores Pike\n")
    source.write_text(f"{text[:first]}  • Early bird\n\n    I was here before.\n\n{text[first:]}", encoding="utf-8")
    assert desk.command("import", "-q", str(source)) == ""
    terminal.see_status("Imported again, 1 new comment: ^l shows it", " · 4/54")
    terminal.write("\x0c")
    terminal.see_status("1 new comment: ]n next", " · 5/55")
    terminal.write("[n")
    terminal.see_status(" · 1/55")
    terminal.see("I was here before.")
    assert not desk.problems()
