"""Contracts: what a message promises, written the same way every time, and which changes keep the promise."""

from __future__ import annotations

import copy
import dataclasses
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from libs.common.contract import check_subscriber, check_view, compat, contract_of, fullest, smallest
from libs.common.contract.__main__ import main
from libs.common.envelope import encode, event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class Line:
    line_id: str
    quantity: Quantity
    price: Price
    lot: str | None = None


@event("sample.order.placed.v1", key="order_id")
@dataclass(frozen=True)
class OrderPlaced:
    """An order came in.

    Its total is of its lines.
    """

    order_id: str
    number: str
    total: Money
    placed_on: date
    at: datetime
    urgent: bool
    count: int
    discount: Decimal
    promised_on: date | None
    lines: tuple[Line, ...]
    figures: dict[str, str] = field(default_factory=dict)
    note: str | None = None
    parent: Line | None = None
    tags: tuple[str, ...] = ()


CONTRACT = contract_of(OrderPlaced)


def test_a_contract_is_a_valid_schema_that_its_examples_fit() -> None:
    Draft202012Validator.check_schema(CONTRACT)
    validator = Draft202012Validator(CONTRACT)
    assert len(CONTRACT["examples"]) == 2
    for example in CONTRACT["examples"]:
        validator.validate(example)


def test_it_says_whose_it_is_and_what_it_means() -> None:
    assert CONTRACT["title"] == "sample.order.placed.v1"
    assert (CONTRACT["x-kind"], CONTRACT["x-key"]) == ("event", "order_id")
    assert CONTRACT["description"].startswith("An order came in.")
    assert "description" not in CONTRACT["properties"]["lines"]["items"]


def test_only_fields_without_a_default_are_required() -> None:
    optional = {"figures", "note", "parent", "tags"}
    assert set(CONTRACT["required"]) == {entry.name for entry in dataclasses.fields(OrderPlaced)} - optional
    assert set(smallest(OrderPlaced)) == set(CONTRACT["required"])


def test_what_is_really_sent_fits_the_contract() -> None:
    sent = OrderPlaced(
        order_id="o", number="SO-1", total=Money(-5, "USD"), placed_on=date(2026, 1, 1),
        at=datetime.fromisoformat("2026-01-01T00:00:00+08:00"), urgent=False, count=-3, discount=Decimal("-0.10"),
        promised_on=None, lines=(Line("l", Quantity(-1), Price(1, "JPY")),), figures={"a": "b"},
    )  # fmt: skip
    Draft202012Validator(CONTRACT).validate(encode(sent))


def test_a_wrong_message_does_not_fit() -> None:
    for name, value in (
        ("total", "5"),
        ("lines", None),
        ("count", 1.5),
        ("discount", "1e5"),
        ("figures", {"a": 1}),
    ):
        wrong = fullest(OrderPlaced) | {name: value}
        assert list(Draft202012Validator(CONTRACT).iter_errors(wrong)), name


def test_the_same_class_gives_the_same_contract() -> None:
    assert json.dumps(contract_of(OrderPlaced)) == json.dumps(CONTRACT)


def test_types_that_have_no_form_on_the_wire_are_refused() -> None:
    @event("sample.order.weighed.v1", key="order_id")
    @dataclass(frozen=True)
    class Weighed:
        order_id: str
        weight: float

    with pytest.raises((TypeError, KeyError)):
        contract_of(Weighed)


def _changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    new = copy.deepcopy(CONTRACT)
    change(new)
    return new


def _line(new: dict[str, Any]) -> Any:
    return new["properties"]["lines"]["items"]


@pytest.mark.parametrize(
    "change",
    [
        lambda new: new["properties"].update(later={"type": "string"}),
        lambda new: _line(new)["properties"].update(later={"type": "integer"}),
        lambda new: new.update(description="Other words."),
        lambda new: new["properties"]["number"].update(description="How people call it."),
        lambda new: new.update(examples=[]),
        lambda new: new["required"].reverse(),
    ],
)
def test_adding_what_is_optional_breaks_nobody(change: Callable[[dict[str, Any]], object]) -> None:
    assert compat(CONTRACT, _changed(change)) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda new: new["properties"].pop("note"), "note: removed"),
        (lambda new: _line(new)["properties"].pop("lot"), "lines[].lot: removed"),
        (lambda new: new["properties"].update(number={"type": "integer"}), "number: type changed"),
        (
            lambda new: new["properties"].update(number={"anyOf": [{"type": "string"}, {"type": "null"}]}),
            "number: ",
        ),
        (lambda new: new["properties"].update(note={"type": "string"}), "note: "),
        (lambda new: new["properties"]["note"]["anyOf"][0].update(type="integer"), "note: type changed"),
        (lambda new: new["properties"].update(lines={"type": "string"}), "lines: "),
        (lambda new: new["properties"]["number"].update(maxLength=5), "number: maxLength changed"),
        (lambda new: new["properties"]["number"].update(enum=["a"]), "number: enum changed"),
        (lambda new: new["properties"]["discount"].update(pattern="^1$"), "discount: pattern changed"),
        (lambda new: new["properties"]["at"].update(format="date"), "at: format changed"),
        (lambda new: new.update(additionalProperties=False), "message: additionalProperties changed"),
        (lambda new: new["required"].append("note"), "note: was optional and is now required"),
        (lambda new: new["required"].remove("number"), "number: was always there and may now be absent"),
        (lambda new: _line(new)["required"].remove("price"), "lines[].price: was always there"),
        (lambda new: new["properties"]["total"]["properties"].pop("currency"), "total.currency: removed"),
        (lambda new: new.update({"x-key": "number"}), "message: x-key changed"),
        (
            lambda new: (new["properties"].update(later={"type": "string"}), new["required"].append("later")),
            "later: new and required",
        ),
        (lambda new: _line(new)["properties"].pop("quantity"), "lines[].quantity: removed"),
    ],
)
def test_everything_else_is_named(change: Callable[[dict[str, Any]], object], named: str) -> None:
    found = compat(CONTRACT, _changed(change))
    assert any(fault.startswith(named) for fault in found), found


@dataclass(frozen=True)
class LineView:
    line_id: str
    quantity: Quantity


@dataclass(frozen=True)
class GoodView:
    order_id: str
    lines: tuple[LineView, ...]
    promised_on: date | None
    note: str | None = None


@dataclass(frozen=True)
class MisspeltView:
    order_id: str
    lines: tuple[LineView, ...]
    remark: str | None = None


@dataclass(frozen=True)
class MisspeltLine:
    line_id: str
    qty: Quantity | None = None


@dataclass(frozen=True)
class MisspeltLineView:
    lines: tuple[MisspeltLine, ...]


@dataclass(frozen=True)
class GreedyView:
    note: str


@dataclass(frozen=True)
class WrongView:
    number: int


def test_a_view_of_a_few_fields_fits() -> None:
    assert check_view(GoodView, CONTRACT) == []
    assert check_subscriber(GoodView, smallest(OrderPlaced) | {"unknown": [1]}) == []


@pytest.mark.parametrize(
    ("view", "named"),
    [
        (MisspeltView, "MisspeltView.remark is read but never sent"),
        (MisspeltLineView, "MisspeltLineView.lines.qty is read but never sent"),
        (GreedyView, "GreedyView: note is missing"),
        (WrongView, "WrongView: number must be int"),
    ],
)
def test_a_view_that_does_not_fit_is_named(view: type, named: str) -> None:
    assert any(fault.startswith(named) for fault in check_view(view, CONTRACT))


EVENTS = '''
from dataclasses import dataclass
from libs.common.envelope import command, event

@event("{name}.parcel.sent.v1", key="parcel_id")
@dataclass(frozen=True)
class Sent:
    """A parcel left."""
    parcel_id: str
    weight: {weight}
    {more}

@command("other.collect.v1", key="parcel_id")
@dataclass(frozen=True)
class Collect:
    parcel_id: str
'''
APP = """
from libs.common.tests.web.sample import sample_noun
from libs.common.web import create_service_app

def create_app(database, keys):
    return create_service_app("{name}", database, [sample_noun()], keys=keys, title="Parcels")
"""


@dataclass
class Service:
    """A service on disk, whose source a test rewrites."""

    folder: Path
    name: str

    def tell(self, *, weight: str = "str", more: str = "") -> None:
        (self.folder / "events.py").write_text(EVENTS.format(name=self.name, weight=weight, more=more))
        self.forget()

    def forget(self) -> None:
        for module in [module for module in sys.modules if module.partition(".")[0] == self.name]:
            del sys.modules[module]

    def files(self) -> dict[str, bytes]:
        contracts = self.folder / "contracts"
        return {
            str(path.relative_to(contracts)): path.read_bytes() for path in sorted(contracts.rglob("*.json"))
        }


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    name = "parcel_service"
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (folder / "__init__.py").write_text('"""Parcels."""\n')
    (folder / "app.py").write_text(APP.format(name=name))
    made = Service(folder, name)
    made.tell()
    return made


def test_contracts_are_written_beside_the_code(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([service.name]) == 0
    files = service.files()
    assert set(files) == {
        "events/parcel_service.parcel.sent.v1.json",
        "events/other.collect.v1.json",
        "http.json",
    }
    assert json.loads(files["events/other.collect.v1.json"])["x-kind"] == "command"
    validate(json.loads(files["http.json"]))
    assert capsys.readouterr().out.count("wrote") == 3


def test_writing_again_changes_nothing(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    main([service.name])
    before = service.files()
    capsys.readouterr()
    service.forget()
    assert main([service.name]) == 0
    assert service.files() == before
    assert capsys.readouterr().out == ""


def test_files_of_messages_that_are_gone_are_removed(service: Service) -> None:
    main([service.name])
    stale = service.folder / "contracts" / "events" / "parcel_service.parcel.lost.v1.json"
    stale.write_text("{}")
    assert main([service.name]) == 0
    assert not stale.exists()


def test_an_optional_field_may_be_added(service: Service) -> None:
    main([service.name])
    service.tell(more="note: str | None = None")
    assert main([service.name]) == 0
    assert b'"note"' in service.files()["events/parcel_service.parcel.sent.v1.json"]


def test_a_breaking_change_is_refused_and_writes_nothing(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    main([service.name])
    before = service.files()
    service.tell(weight="int")
    assert main([service.name]) == 1
    assert service.files() == before
    assert "weight: type changed from 'string' to 'integer'" in capsys.readouterr().err
    assert main(["--replace", service.name]) == 0
    assert service.files() != before


def test_a_package_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ModuleNotFoundError):
        main(["services.nowhere"])
