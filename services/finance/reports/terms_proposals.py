"""Proposals for customers' terms out of what they paid month by month, who paid most first."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, Connection, cast, func, select

from libs.common.money import Money
from services.finance.domain.terms_proposal import Paid, TermsProposal, proposal_for
from services.finance.store.accounts import to_account
from services.finance.store.month_tables import receivable_month
from services.finance.store.tables import account
from services.finance.store.teams import SIGHT

MOST = 500


def terms_proposals(connection: Connection, since: str, *, only_owner: str | None) -> list[TermsProposal]:
    """Return the proposals for customers who paid anything since the month ``since``, at most so many."""
    found: list[TermsProposal] = []
    for paid in _paid(connection, since, only_owner):
        proposal = proposal_for(paid)
        if proposal is not None:
            found.append(proposal)
        if len(found) == MOST:
            break
    return found


def _paid(connection: Connection, since: str, only_owner: str | None) -> Iterator[Paid]:
    sums = {
        name: cast(func.sum(receivable_month.c[name]), BigInteger).label(name)
        for name in ("paid_minor", "late_minor", "late_days")
    }
    by_customer = (
        select(receivable_month.c.customer_id, receivable_month.c.currency, *sums.values())
        .where(receivable_month.c.month >= since)
        .group_by(receivable_month.c.customer_id, receivable_month.c.currency)
        .having(sums["paid_minor"] > 0)
        .subquery()
    )
    query = select(account, *(by_customer.c[name] for name in sums)).join(
        by_customer,
        (by_customer.c.customer_id == account.c.customer_id) & (by_customer.c.currency == account.c.currency),
    )
    if only_owner is not None:
        query = query.where(SIGHT.holds(account.c.owner_id, only_owner))
    for row in connection.execute(query.order_by(by_customer.c.paid_minor.desc(), account.c.customer_id)):
        known = to_account(row)
        yield Paid(
            customer_id=known.customer_id,
            number=known.number,
            name=known.name,
            owner_id=known.owner_id,
            paid=Money(int(row.paid_minor), row.currency),
            late=Money(int(row.late_minor), row.currency),
            late_days=int(row.late_days),
            exposure=known.exposure,
            limit=known.limit,
        )
