"""What all tests share: Hypothesis does not time an example, because a busy machine is no defect."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("postil", deadline=None)
settings.load_profile("postil")
