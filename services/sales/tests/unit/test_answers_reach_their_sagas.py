"""Each answer that a saga waits for is handed to it, also where two sagas wait for the same kind of answer."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from libs.common.saga import Saga
from services.sales.sagas.order_change import ORDER_CHANGE
from services.sales.sagas.order_to_cash import ORDER_TO_CASH
from services.sales.subscribers import finance, holding, inventory, sales

LISTENING = (finance, holding, inventory, sales)


def handed(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Return each type of message, with the saga that its handler hands it to."""
    for found in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(found, ast.FunctionDef):
            calls = [each for each in ast.walk(found) if isinstance(each, ast.Call)]
            sagas = [
                ast.unparse(each.args[1])
                for each in calls
                if ast.unparse(each.func) in ("handle", "saga.handle")
            ]
            for listens in found.decorator_list:
                if isinstance(listens, ast.Call) and ast.unparse(listens.func) == "subscriptions.on":
                    for saga in sagas:
                        yield ast.literal_eval(listens.args[0]), saga


@pytest.mark.parametrize(("name", "saga"), [("ORDER_TO_CASH", ORDER_TO_CASH), ("ORDER_CHANGE", ORDER_CHANGE)])
def test_each_answer_is_handed_to_the_saga_that_waits_for_it(name: str, saga: Saga) -> None:
    reached = {type_ for module in LISTENING for type_, to in handed(module) if to == name}
    assert saga.reply_types - reached == set()
