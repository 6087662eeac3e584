"""What import contracts cannot say: sizes, names, and calls that belong to one room.

A rule looks at one Python file and returns its faults. Each rule carries a sample that it must refuse and one that
it must let pass; test_tidy.py tries both, so a rule that went blind is seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from tests.architecture.tree import is_test

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
Finder = Callable[[PurePath, str], Iterator[str]]

FUNCTION_LINES = 70
MEDIAN_FUNCTION_LINES = 10
_FILE_LINES = {"domain": 250, "other": 400}
_NO_NAMES = {"utils", "util", "helpers", "helper", "misc", "manager", "managers", "common_functions", "stuff"}
_BUSINESS_WORDS = {
    "campaign", "credit", "crm", "customer", "customers", "finance", "inventory", "invoice", "invoices", "lead",
    "opportunity", "payment", "payments", "quotation", "quotations", "receivable", "shipment", "sku", "stock",
    "supplier", "ticket", "tickets", "warehouse",
}  # fmt: skip
_LEFT_OF = {"open_minor", "unallocated_minor"}
"""Amounts of which an index holds those only that are above zero."""


@dataclass(frozen=True)
class Rule:
    """One rule, with a sample that breaks it and one that does not."""

    name: str
    find: Finder
    broken: tuple[str, str]
    sound: tuple[str, str]


@lru_cache(maxsize=1)
def parsed(text: str) -> ast.Module:
    """Return the tree of one file; the rules look at a file one after the other, and none of them changes it."""
    return ast.parse(text)


# --- sizes -----------------------------------------------------------------------------------------------------


def room_of_size(path: PurePath) -> str:
    """Return which limit of lines holds for ``path``."""
    return "domain" if "domain" in path.parts and not is_test(path) else "other"


def long_files(path: PurePath, text: str) -> Iterator[str]:
    """Find a file that has become several."""
    lines, limit = text.count("\n"), _FILE_LINES[room_of_size(path)]
    if lines > limit and "migrations" not in path.parts:
        yield f"{path}: {lines} lines, {limit} at most"


def functions(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, line and length of every function; docstrings, decorators and functions within do not count."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, _FUNCTION):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            whole = (body[-1].end_lineno or 0) - body[0].lineno + 2 if body else 1
            within = [each for each in _inner(node) if isinstance(each, _FUNCTION)]
            yield node.name, node.lineno, whole - sum(_lines(each) for each in within)


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is inside ``node``, without looking into the functions found there."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _FUNCTION):
            yield from _inner(child)


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return (function.end_lineno or first) - first + 1


def long_functions(path: PurePath, text: str) -> Iterator[str]:
    """Find a function that has become several."""
    for name, line, length in functions(text):
        if length > FUNCTION_LINES and "migrations" not in path.parts:
            yield f"{path}:{line}: {name} has {length} lines, {FUNCTION_LINES} at most"


# --- names -----------------------------------------------------------------------------------------------------


def empty_names(path: PurePath, _text: str) -> Iterator[str]:
    """Find a file or folder whose name says that it is not one thing."""
    for part in (*path.parts[:-1], path.stem):
        if part in _NO_NAMES:
            yield f"{path}: {part} is not the name of one thing"


def words_of(identifier: str) -> set[str]:
    """Split ``an_identifier`` or ``AnIdentifier`` into lower-case words."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every name that the code gives to something, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


def business_words(path: PurePath, text: str) -> Iterator[str]:
    """Find a word of the business among the names of libs/common, which a hospital could use as well."""
    if path.parts[:2] != ("libs", "common") or is_test(path):
        return
    for name, line in identifiers(parsed(text)):
        for word in sorted(words_of(name) & _BUSINESS_WORDS):
            yield f"{path}:{line}: {name} says {word}; mechanism has no business words"


# --- calls that belong to one room -----------------------------------------------------------------------------


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` of an attribute chain; the empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for, in full."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


@lru_cache(maxsize=1)
def uses(text: str) -> frozenset[tuple[str, int]]:
    """Return the full name and the line of everything that is used of an imported module."""
    tree = parsed(text)
    names = imported_names(tree)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, _, rest = dotted(node).partition(".")
            if first in names:
                found.add((names[first] + (f".{rest}" if rest else ""), node.lineno))
    return frozenset(found)


def _only_in(what: str, pattern: str, rooms: tuple[str, ...]) -> Finder:
    banned = re.compile(pattern)

    def find(path: PurePath, text: str) -> Iterator[str]:
        if is_test(path) or any(path.match(room) for room in rooms):
            return
        for name, line in sorted(uses(text), key=lambda use: use[1]):
            if banned.fullmatch(name):
                yield f"{path}:{line}: {name}; {what}"

    return find


clock_reads = _only_in(
    "take the time as an argument, or from tx.now and a Clock",
    r"datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today|time\.(time|time_ns|localtime|gmtime)",
    ("libs/common/clock.py",),
)
waits = _only_in(
    "a wait belongs to libs.common.clock.pause or to an Event that shutdown can set",
    r"time\.sleep",
    ("libs/common/clock.py",),
)
identity = _only_in(
    "take ids from tx.new_id(), an Ids, or derived_id()",
    r"uuid\.uuid[1-8]|uuid_utils\..*",
    ("libs/common/ids.py",),
)
lots = _only_in(
    "chance makes a run unrepeatable; secrets and random belong to tokens, passwords, trace ids and jitter",
    r"random\..*|secrets\..*",
    (
        "libs/common/db/retry.py",
        "libs/common/observability/trace.py",
        "libs/common/messaging/*.py",
        "libs/common/worker/*.py",
        "libs/common/web/intake.py",
        "libs/common/web/tokens.py",
        "gateway/auth/*.py",
        "gateway/clients/*.py",
        "meridian/*.py",
        "meridian/*/*.py",
    ),
)
environment = _only_in(
    "only settings read the environment",
    r"os\.(environ(\..*)?|getenv|putenv)|environs\..*",
    (
        "libs/common/settings.py",
        "gateway/settings.py",
        "services/*/settings.py",
        "meridian/*.py",
        "meridian/local/*.py",
    ),
)


def commits(path: PurePath, text: str) -> Iterator[str]:
    """Find a commit outside the unit of work."""
    if path.parts[:3] == ("libs", "common", "db") or is_test(path):
        return
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield f"{path}:{node.lineno}: commit() belongs to libs.common.db; hand a function to Database.transact"


def days_elsewhere(path: PurePath, text: str) -> Iterator[str]:
    """Find a scenario that takes UTC's day for the company's, and so fails for a third of each day."""
    if path.parts[:2] not in (("tests", "e2e"), ("tests", "security")):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"\bnow\((UTC)?\)[^.]*\.date\(\)", line):
            yield f"{path}:{number}: the day of UTC; take System.today"


def leftovers(path: PurePath, text: str) -> Iterator[str]:
    """Find a mark of unfinished work, or code that only pretends."""
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK|NotImplemented" + r"Error)\b")
    for number, line in enumerate(text.splitlines(), 1):
        if marks.search(line):
            yield f"{path}:{number}: {line.strip()[:80]}"


def zeros_as_parameters(path: PurePath, text: str) -> Iterator[str]:
    """Find a filter of what is left of an amount that a plan which is kept cannot answer by its index."""
    if is_test(path) or path.parts[0] != "services" or not {"store", "reports"} & set(path.parts):
        return
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Gt):
            left, right = node.left, node.comparators[0]
            amount = isinstance(left, ast.Attribute) and left.attr in _LEFT_OF
            if amount and isinstance(right, ast.Constant) and right.value == 0:
                yield f"{path}:{node.lineno}: say above_zero(...), so that a kept plan can use the index"


_DOMAIN = "services/crm/domain/sample.py"
_USE_CASE = "services/crm/use_cases/sample.py"
_COMMON = "libs/common/saga/sample.py"
_TEST = "services/crm/tests/domain/test_sample.py"

RULES = (
    Rule("a file is one thing", long_files, (_DOMAIN, "x = 1\n" * 251), (_USE_CASE, "x = 1\n" * 251)),
    Rule("so is a file of tests", long_files, (_TEST, "x = 1\n" * 401), (_TEST, "x = 1\n" * 400)),
    Rule(
        "a function fits on a screen",
        long_functions,
        (_USE_CASE, "def f():\n" + "    x = 1\n" * 70),
        (_USE_CASE, 'def f():\n    """' + "word\n" * 80 + '"""\n' + "    x = 1\n" * 60),
    ),
    Rule(
        "a name says what the thing is",
        empty_names,
        ("services/crm/utils.py", ""),
        ("services/crm/domain/customer.py", ""),
    ),
    Rule(
        "common has no business words",
        business_words,
        (_COMMON, "class InvoiceSaga:\n    pass\n"),
        (_COMMON, "def order_by(item, ledger_row):\n    misleading = item\n    return misleading\n"),
    ),
    Rule(
        "the time is an argument",
        clock_reads,
        (_USE_CASE, "from datetime import UTC, datetime as dt\nx = dt.now(UTC)\n"),
        ("libs/common/clock.py", "from datetime import UTC, datetime\nx = datetime.now(UTC)\n"),
    ),
    Rule(
        "only one place sleeps",
        waits,
        ("libs/common/worker/sample.py", "import time\ntime.sleep(1)\n"),
        ("libs/common/worker/sample.py", "import time\nstarted = time.monotonic()\n"),
    ),
    Rule(
        "ids are arguments",
        identity,
        (_USE_CASE, "import uuid\nx = uuid.uuid4()\n"),
        (_USE_CASE, "import uuid\nx = uuid.UUID('0' * 32)\n"),
    ),
    Rule(
        "chance has its rooms",
        lots,
        (_USE_CASE, "from random import random\nx = random()\n"),
        ("libs/common/messaging/sample.py", "import random\nx = random.random()\n"),
    ),
    Rule(
        "settings read the environment",
        environment,
        (_USE_CASE, "import os\nx = os.environ['X']\n"),
        ("services/crm/settings.py", "import os\nx = os.environ['X']\n"),
    ),
    Rule(
        "one place commits",
        commits,
        ("services/crm/store/sample.py", "connection.commit()\n"),
        ("libs/common/db/database.py", "connection.commit()\n"),
    ),
    Rule(
        "a scenario's day is the company's",
        days_elsewhere,
        ("tests/e2e/test_sample.py", "today = datetime.now(UTC).date()\n"),
        ("tests/e2e/test_sample.py", "today = world.system.today\n"),
    ),
    Rule(
        "an index of what is left can be used",
        zeros_as_parameters,
        ("services/finance/reports/sample.py", "x = payment.c.unallocated_minor > 0\n"),
        ("services/finance/reports/sample.py", "x = above_zero(payment.c.unallocated_minor)\n"),
    ),
    Rule(
        "nothing is left unfinished",
        leftovers,
        (_USE_CASE, "x = 1  # TO" + "DO later\n"),
        (_USE_CASE, "todos = 1  # what is left to do\n"),
    ),
)
