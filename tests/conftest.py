"""What all tests share: nobody's own configuration, and a Hypothesis that does not time an example.

A busy machine is no defect.
"""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import settings

from tui.configuration import ANNOTATOR_VARIABLE, PATH_VARIABLE, PROJECT_VARIABLE
from tui.configuration_loading import VARIABLES

for _name in (PROJECT_VARIABLE, ANNOTATOR_VARIABLE, *VARIABLES):
    os.environ.pop(_name, None)
os.environ[PATH_VARIABLE] = str(Path(__file__).parent / "there-is-no-configuration.toml")

settings.register_profile("postil", deadline=None)
settings.load_profile("postil")
