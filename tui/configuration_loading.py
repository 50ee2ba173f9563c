"""What is set: by the command line, else by an environment variable, else by the configuration file, else the default.

This module is on the way to the first frame: what reads and checks the file is loaded when there is one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui.configuration import (
    ANNOTATOR_VARIABLE,
    DEFAULT_PROJECT,
    PROJECT_VARIABLE,
    Configuration,
    configuration_path,
    is_file_there,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = (
    *("POSTIL_KEYMAP", "POSTIL_THEME", "POSTIL_WIDTH", "POSTIL_LAYOUT", "POSTIL_PLAIN", "POSTIL_ADVANCE"),
    *("POSTIL_IDLE", "POSTIL_CODEBOOK"),
)
"""The variables of the other settings."""


def load_configuration(
    options: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None
) -> Configuration:
    """Return what is set.

    Args:
        options: What the command line says, by the names of the file's settings.
        environment: The environment variables; None for those of this process.

    Raises:
        ConfigurationError: If the file or a variable has mistakes; it names all of them.
    """
    environment = os.environ if environment is None else environment
    options = options or {}
    path = configuration_path(environment)
    is_more_set = any(environment.get(name) for name in VARIABLES) or is_file_there(path)
    if options.keys() <= {"project", "annotator"} and not is_more_set:
        project = options.get("project") or environment.get(PROJECT_VARIABLE)
        annotator = options.get("annotator") or environment.get(ANNOTATOR_VARIABLE, "")
        return Configuration(annotator=str(annotator), project=Path(str(project)) if project else DEFAULT_PROJECT)
    from tui.configuration_reading import read_settings  # noqa: PLC0415  # loaded on use

    return read_settings(path, environment, options, has_lines=False).configuration()
