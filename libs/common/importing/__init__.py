"""Bringing rows in: what a kind of row holds, reading its cells, and taking rows in one transaction. See README.md."""

from libs.common.importing.batch import Batch, Document, Loader, group_by
from libs.common.importing.columns import Column, Format, may, must
from libs.common.importing.problems import Problem, Problems
from libs.common.importing.rows import SEPARATOR, Block, Reader, Row

__all__ = [
    "SEPARATOR",
    "Batch",
    "Block",
    "Column",
    "Document",
    "Format",
    "Loader",
    "Problem",
    "Problems",
    "Reader",
    "Row",
    "group_by",
    "may",
    "must",
]
