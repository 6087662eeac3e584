"""Looking at recommendations: of a customer, of all that somebody sees, and how they fared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
)

from libs.common.db import Prepared, matches
from libs.common.db.types import Id
from services.crm.domain.fortune import Fared, hit_rate_bp
from services.crm.domain.idea import KINDS, Kind
from services.crm.domain.opportunity import as_percent
from services.crm.domain.recommendation import (
    LIVE,
    PeriodWrong,
    Recommendation,
    RecommendationNotFound,
)
from services.crm.domain.sight import Owners, within
from services.crm.reports.recommendation_words import kind_name, reason
from services.crm.store import buyings, recommendations
from services.crm.store.buying_tables import recommendation
from services.crm.store.pipeline_tables import item, opportunity
from services.crm.store.tables import customer

_R = recommendation.c
_BECAUSE = item.alias("because")


@dataclass(frozen=True)
class RecommendationRow(Recommendation):
    """A recommendation with what is called how, and its reason in words."""

    customer_number: str = ""
    customer_name: str = ""
    owner_id: str | None = None
    sku: str = ""
    name: str = ""
    uom: str = ""
    kind_en: str = ""
    kind_zh: str = ""
    reason_en: str = ""
    reason_zh: str = ""

    @property
    def chance_percent(self) -> Decimal | None:
        """How likely the customer says yes."""
        return as_percent(self.chance_bp)


@dataclass(frozen=True)
class RecommendationSearch:
    """What to look for; ``owners`` are the salespeople whose customers the caller sees, ``None`` sees all."""

    customer_id: str | None = None
    owner_id: str | None = None
    kind: Kind | None = None
    state: str | None = None
    currency: str | None = None
    owners: Owners = None


@dataclass(frozen=True)
class KindFared:
    """Of ``shown`` recommendations of a kind ``accepted`` were accepted within thirty days; ``ordered`` led to one."""

    kind: Kind
    shown: int
    accepted: int
    ordered: int
    dismissed: int
    hit_rate_bp: int | None

    @property
    def hit_rate_percent(self) -> Decimal | None:
        """Accepted / shown."""
        return as_percent(self.hit_rate_bp)


@dataclass(frozen=True)
class HitRate:
    """How what was shown in a period fared, in all and by kind."""

    first: date
    last: date
    shown: int
    accepted: int
    hit_rate_bp: int | None
    kinds: tuple[KindFared, ...]

    @property
    def hit_rate_percent(self) -> Decimal | None:
        """Accepted / shown."""
        return as_percent(self.hit_rate_bp)


def one_recommendation(
    connection: Connection, recommendation_id: str, *, owners: Owners
) -> RecommendationRow:
    """Return the recommendation; refuse one that the caller may not know of."""
    row = connection.execute(_rows().where(_R.id == recommendation_id)).one_or_none()
    if row is None or not within(row.owner_id, owners):
        raise RecommendationNotFound("there is no such recommendation", field="recommendation_id")
    return _shown(row)


def list_recommendations(
    connection: Connection, wanted: RecommendationSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[RecommendationRow]:
    """Return up to ``limit`` recommendations, those from which most may be expected first."""
    query = _rows().where(*_conditions(wanted))
    if after is not None:
        expected, last = after
        place = tuple_(literal(int(expected), BigInteger), literal(last, Id))
        query = query.where(tuple_(_R.expected_minor, _R.id) < place)
    query = query.order_by(_R.expected_minor.desc(), _R.id.desc()).limit(limit)
    return [_shown(row) for row in connection.execute(query)]


def position_of(row: RecommendationRow) -> tuple[str, str]:
    """Return where a recommendation stands in the order of ``list_recommendations``."""
    return str(row.expected.minor), row.id


def hit_rate(connection: Connection, first: date, last: date, zone: ZoneInfo, owners: Owners) -> HitRate:
    """Return how recommendations fared that were first shown from ``first`` to ``last``, the company's days."""
    if last < first:
        raise PeriodWrong("the period ends before it begins", field="last", cure="choose a later day")
    begin, end = (_midnight(day, zone) for day in (first, last + timedelta(days=1)))
    counts = _fared(connection, begin, end, owners)
    kinds = tuple(counts.get(kind, KindFared(kind, 0, 0, 0, 0, None)) for kind in KINDS)
    total = Fared(sum(each.shown for each in kinds), sum(each.accepted for each in kinds))
    return HitRate(first, last, total.shown, total.accepted, hit_rate_bp(total), kinds)


def _fared(
    connection: Connection, begin: datetime, end: datetime, owners: Owners
) -> Mapping[Kind, KindFared]:
    hits, refused, orders = (
        func.sum(case((which, 1), else_=0))
        for which in (_R.hit, _R.state == "dismissed", opportunity.c.order_id.is_not(None))
    )
    query = select(_R.kind, func.count(), hits, orders, refused)
    query = query.outerjoin(opportunity, opportunity.c.id == _R.opportunity_id)
    query = query.where(_R.shown_at >= begin, _R.shown_at < end)
    if owners is not None:
        query = query.join(customer, customer.c.id == _R.customer_id).where(customer.c.owner_id.in_(owners))
    found = {}
    for kind, *counted in connection.execute(query.group_by(_R.kind)):
        shown, accepted, ordered, dismissed = (int(number) for number in counted)
        rate = hit_rate_bp(Fared(shown, accepted))
        found[kind] = KindFared(kind, shown, accepted, ordered, dismissed, rate)
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _conditions(wanted: RecommendationSearch) -> list[ColumnElement[bool]]:
    named = ("customer_id", "kind", "state", "currency")
    found = [matches(_R[name], getattr(wanted, name)) for name in named if getattr(wanted, name) is not None]
    if wanted.owner_id is not None:
        found.append(customer.c.owner_id == wanted.owner_id)
    if wanted.owners is not None:
        found.append(customer.c.owner_id.in_(wanted.owners))
    return found


def _rows() -> Select[Any]:
    named = (
        customer.c.number.label("customer_number"),
        customer.c.name.label("customer_name"),
        customer.c.owner_id,
        item.c.sku,
        item.c.name,
        item.c.uom,
        _BECAUSE.c.sku.label("because_sku"),
        _BECAUSE.c.name.label("because_name"),
    )
    query = select(*recommendations.COLUMNS, *named).join(customer, customer.c.id == _R.customer_id)
    return query.join(item, item.c.id == _R.item_id).outerjoin(_BECAUSE, _BECAUSE.c.id == _R.because_id)


def _shown(row: Any) -> RecommendationRow:
    plain = recommendations.read(row)
    names = {"item": f"{row.sku} {row.name}", "because": f"{row.because_sku} {row.because_name}"}
    told = ("customer_number", "customer_name", "owner_id", "sku", "name", "uom")
    return RecommendationRow(
        **vars(plain),
        **{name: getattr(row, name) for name in told},
        kind_en=kind_name(plain.kind, "en"),
        kind_zh=kind_name(plain.kind, "zh"),
        reason_en=reason(plain.kind, plain.figures, names, "en"),
        reason_zh=reason(plain.kind, plain.figures, names, "zh"),
    )


_OF_CUSTOMER = _R.customer_id == bindparam("of_customer")
_HOW_MANY_LIVE = Prepared(select(func.count()).where(_OF_CUSTOMER, _R.state.in_(LIVE)))
_BEST_OPEN = Prepared(
    _rows()
    .where(_OF_CUSTOMER, matches(_R.state, "open"))
    .order_by(_R.expected_minor.desc(), _R.id.desc())
    .limit(bindparam("most"))
)


def open_of(connection: Connection, customer_id: str, limit: int) -> tuple[int, list[RecommendationRow]]:
    """Return how many recommendations are live for a customer, and the best that are open."""
    live = connection.execute(_HOW_MANY_LIVE, {"of_customer": customer_id}).scalar_one()
    best = connection.execute(_BEST_OPEN, {"of_customer": customer_id, "most": limit})
    return int(live), [_shown(row) for row in best]


def better_items_of(connection: Connection) -> list[dict[str, str]]:
    """Return every item that has a better one, with that."""
    found = buyings.better(connection)
    return [{"item_id": item_id, "better_id": found[item_id]} for item_id in sorted(found)]
