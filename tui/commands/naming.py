"""Names of formats on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations import formats
from annotations.errors import UnknownNameError, WrongUsageError

if TYPE_CHECKING:
    from annotations.formats import Exporter, Importer


def named_importer(name: str) -> Importer:
    """Load the importer of that name.

    Raises:
        WrongUsageError: If there is none: the command line does not make sense, whatever is in the project.
        SourceError: If its module is broken.
    """
    try:
        return formats.importer(name)
    except UnknownNameError as error:
        raise WrongUsageError(error.message, error.hint) from error


def named_exporter(name: str) -> Exporter:
    """Load the exporter of that name.

    Raises:
        WrongUsageError: If there is none.
        ExportError: If its module is broken.
    """
    try:
        return formats.exporter(name)
    except UnknownNameError as error:
        raise WrongUsageError(error.message, error.hint) from error
