"""Answers that are a file, such as a printed paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request
from werkzeug.http import dump_options_header

from libs.common.web.declaration import FileQuery
from libs.common.web.edge import edge
from libs.common.web.reading import read_query
from libs.common.web.serving import refuse_unknown


@dataclass(frozen=True)
class File:
    """A file to be shown or kept under ``name``; ``make`` gives its bytes. Not ``shown``, a browser only keeps it.

    It is made when the look at the database is over, for no connection should wait while a paper is printed.
    """

    name: str
    make: Callable[[], bytes]
    shown: bool = True


def answer_file(declared: FileQuery, ids: dict[str, str]) -> Response:
    """Look, make the file and answer with it."""
    parameters = read_query(request)
    arguments = []
    if declared.filters is None:
        refuse_unknown(parameters)
    else:
        arguments.append(declared.filters.load(parameters))
    found: File = edge().database.read(lambda connection: declared.function(connection, *arguments, **ids))
    response = Response(found.make(), content_type=declared.media_type)
    how = "inline" if found.shown else "attachment"
    response.headers["Content-Disposition"] = dump_options_header(how, {"filename": found.name})
    return response
