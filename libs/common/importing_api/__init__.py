"""The edge of bringing rows in over HTTP: what they hold, a look at what would come of them, the act. See README.md."""

from libs.common.importing_api.mount import ImportMount, plainly
from libs.common.importing_api.noun import imports_noun
from libs.common.importing_api.taking import Outcome, RowsRefused

__all__ = ["ImportMount", "Outcome", "RowsRefused", "imports_noun", "plainly"]
