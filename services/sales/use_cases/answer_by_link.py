"""What a customer does through a link: look whether it opens, decline, and what is kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from libs.common.db import Transaction
from libs.common.ids import secret_digest
from services.sales.domain.customer_link import (
    AnsweredAlready,
    Caller,
    CustomerLink,
    LinkAct,
    require_open,
)
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.store import links, quotations
from services.sales.use_cases.answer_quotation import AboutQuotation, decline_quotation


@dataclass(frozen=True)
class AnswerByLink:
    """Who answers, through which link, from where. ``chosen`` and ``reason`` as the customer gave them."""

    token: str
    name: str
    caller: Caller
    chosen: tuple[int, ...] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class OpenedLink:
    """A link that opens its quotation, which is kept to this transaction; ``answer`` where it was given before."""

    link: CustomerLink
    quotation: Quotation
    answer: LinkAct | None

    def still_to_answer(self, deed: Literal["accepted", "declined"]) -> bool:
        """Tell whether it is not ``deed`` by a link already; refuse what was answered otherwise, by whomever."""
        if self.answer is not None and self.answer.deed == deed:
            return False
        if self.quotation.state != "sent":
            raise AnsweredAlready(
                f"{self.quotation.number} is {self.quotation.state}", state=self.quotation.state
            )
        return True


def open_link(tx: Transaction, token: str, terms: Terms) -> OpenedLink:
    """Return what the token opens, locked.

    The link is read again once the quotation is locked: until then it could be revoked.
    """
    known, quotation = links.by_token(tx.connection, secret_digest(token)), None
    if known is not None:
        quotation = quotations.lock_priced(tx.connection, known.quotation_id)
    link = links.by_token(tx.connection, secret_digest(token))
    opened = require_open(link, quotation, terms.today(tx.now))
    assert link is not None
    return OpenedLink(link, opened, links.act_of(tx.connection, opened.id))


def decline_by_link(tx: Transaction, command: AnswerByLink, terms: Terms) -> None:
    """Note that the customer does not want it; said again, it changes nothing."""
    opened = open_link(tx, command.token, terms)
    if not opened.still_to_answer("declined"):
        return
    decline_quotation(tx, AboutQuotation(opened.quotation.id), command.reason)
    keep_evidence(tx, opened, "declined", command)


def keep_evidence(
    tx: Transaction, opened: OpenedLink, deed: Literal["accepted", "declined"], command: AnswerByLink
) -> None:
    """Keep who did it, when, from where, and to which revision."""
    act = LinkAct(
        id=tx.new_id(),
        link_id=opened.link.id,
        quotation_id=opened.quotation.id,
        revision=opened.quotation.revision,
        deed=deed,
        name=command.name,
        address=command.caller.address,
        user_agent=command.caller.user_agent,
        at=tx.now,
        chosen=command.chosen,
        reason=command.reason,
    )
    links.add_act(tx, act)
