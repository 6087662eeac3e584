"""ISO 20022 camt.053, the bank's statement as banks send it: read strictly, whatever its version.

Read are the booked entries (``Ntry`` with status ``BOOK``); an entry that stands for several transfers is taken apart
where the bank gives the amount of each. Message definition: ISO 20022, BankToCustomerStatement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from libs.common.money import Money
from services.finance.domain import bank
from services.finance.domain.bank import StatedLine, Statement, StatementUnreadable, made_up_reference, tidy

_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}\}")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
Node = Any


def read_camt053(text: str) -> tuple[Statement, ...]:
    """Return the statements of a file; ``StatementUnreadable`` says what is wrong with it."""
    root = _parsed(text)
    if root.tag != "Document" or root.find("BkToCstmrStmt") is None:
        raise _unreadable("this is no camt.053 document", "choose the bank's export that is named camt.053")
    found = tuple(_statement(node) for node in root.iterfind("BkToCstmrStmt/Stmt"))
    if not found:
        raise _unreadable("there is no statement in it", "send a file with a Stmt")
    return found


def _parsed(text: str) -> Node:
    try:
        # The text is decoded already; what its declaration says of the encoding is about the file.
        root = fromstring(_DECLARATION.sub("", text.removeprefix("\ufeff")), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        said = tidy(str(error), 200)
        raise _unreadable(f"it is not plain XML: {said}", "send the file as the bank gave it") from None
    for node in root.iter():
        node.tag = _NAMESPACE.sub("", node.tag)
    return root


def _statement(node: Node) -> Statement:
    account = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id")
    if not account:
        raise _unreadable("a statement does not say of which account it is", "Acct/Id/IBAN must be there")
    opening, closing = _balance(node, "OPBD", "PRCD"), _balance(node, "CLBD")
    entries = [entry for entry in node.iterfind("Ntry") if _is_booked(entry)]
    currency = _currency(node, entries, closing)
    lines: list[StatedLine] = []
    for entry in entries:
        lines += _lines(entry, currency, len(lines))
    number = _text(node, "Id") or _text(node, "ElctrncSeqNb") or ""
    return Statement(
        account=tidy(account, bank.LONGEST_ACCOUNT),
        number=tidy(number, bank.LONGEST_NUMBER),
        currency=currency,
        lines=tuple(lines),
        opening=opening,
        closing=closing,
    )


def _currency(node: Node, entries: list[Node], closing: Money | None) -> str:
    said = _text(node, "Acct/Ccy") or (closing.currency if closing else None)
    if said:
        return said
    first = entries[0].find("Amt") if entries else None
    return "" if first is None else str(first.get("Ccy", ""))


def _balance(node: Node, *codes: str) -> Money | None:
    for balance in node.iterfind("Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") in codes:
            return _signed(balance)
    return None


def _is_booked(entry: Node) -> bool:
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK"


def _lines(entry: Node, currency: str, before: int) -> Iterator[StatedLine]:
    whole = _signed(entry)
    if whole.currency != currency:
        raise _unreadable(
            f"an entry in {whole.currency} in an account of {currency}", "every Amt must be in its currency"
        )
    transfers = entry.findall("NtryDtls/TxDtls")
    amounts = [_transferred(each, entry) for each in transfers]
    parts = list(zip(transfers, amounts, strict=True))
    known = [amount for amount in amounts if amount is not None and amount.currency == currency]
    if len(parts) < 2 or len(known) != len(parts) or Money.total(known, currency) != whole:
        parts = [(transfers[0] if len(transfers) == 1 else None, whole)]
    for place, (transfer, amount) in enumerate(parts):
        assert amount is not None
        yield _line(entry, transfer, amount, before + place + 1)


def _line(entry: Node, transfer: Node, amount: Money, line_no: int) -> StatedLine:
    booked_on = _day(entry)
    text = _remittance(transfer) if transfer is not None else ""
    text = tidy(text or _text(entry, "AddtlNtryInf") or "", bank.LONGEST_TEXT)
    side = "Dbtr" if amount.minor > 0 else "Cdtr"
    payer = _first(transfer, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
    account = _first(transfer, f"RltdPties/{side}Acct/Id/IBAN", f"RltdPties/{side}Acct/Id/Othr/Id")
    payer = tidy(payer, bank.LONGEST_NAME) if payer else None
    given = _first(transfer, "Refs/AcctSvcrRef", "Refs/TxId") or _text(entry, "AcctSvcrRef")
    reference = tidy(given or "", bank.LONGEST_REFERENCE - 10)
    return StatedLine(
        line_no=line_no,
        reference=reference or made_up_reference(booked_on, amount, text, payer),
        booked_on=booked_on,
        amount=amount,
        text=text,
        payer=payer,
        payer_account=tidy(account, bank.LONGEST_ACCOUNT) if account else None,
        is_reversal=_text(entry, "RvslInd") in ("true", "1"),
    )


def _remittance(transfer: Node) -> str:
    free = [node.text or "" for node in transfer.iterfind("RmtInf/Ustrd")]
    structured = [node.text or "" for node in transfer.iterfind("RmtInf/Strd/CdtrRefInf/Ref")]
    numbers = [node.text or "" for node in transfer.iterfind("RmtInf/Strd/RfrdDocInf/Nb")]
    end_to_end = _text(transfer, "Refs/EndToEndId") or ""
    said = [*free, *structured, *numbers]
    return " ".join(said if any(said) or end_to_end == "NOTPROVIDED" else [end_to_end])


def _transferred(transfer: Node, entry: Node) -> Money | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        node = transfer.find(path)
        if node is not None:
            sign = _text(transfer, "CdtDbtInd") or _text(entry, "CdtDbtInd")
            return _money(node, sign)
    return None


def _signed(node: Node) -> Money:
    amount = node.find("Amt")
    if amount is None:
        raise _unreadable("a balance or an entry has no amount", "each must have an Amt")
    return _money(amount, _text(node, "CdtDbtInd"))


def _money(amount: Node, sign: str | None) -> Money:
    if sign not in ("CRDT", "DBIT"):
        raise _unreadable(
            "an amount does not say whether it came in or went out", "CdtDbtInd is CRDT or DBIT"
        )
    try:
        found = Money.of((amount.text or "").strip(), amount.get("Ccy", ""))
    except ValueError as error:
        raise _unreadable(
            f"an amount cannot be read: {error}", 'such as <Amt Ccy="EUR">12.50</Amt>'
        ) from None
    return found if sign == "CRDT" else -found


def _day(entry: Node) -> date:
    text = _text(entry, "BookgDt/Dt") or (_text(entry, "BookgDt/DtTm") or "")[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unreadable(
            "an entry does not say on which day it was booked", "BookgDt/Dt: 2026-03-02"
        ) from None


def _first(node: Node, *paths: str) -> str | None:
    return next((text for path in paths if (text := _text(node, path))), None) if node is not None else None


def _text(node: Node, path: str) -> str | None:
    text = node.findtext(path)
    return text.strip() if text and text.strip() else None


def _unreadable(message: str, cure: str) -> StatementUnreadable:
    return StatementUnreadable(message, field="content", cure=cure)
