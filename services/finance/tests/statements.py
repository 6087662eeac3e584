"""Statements as banks write them, for tests."""

from __future__ import annotations

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
IBAN = "DE02120300000000202051"


def an_entry(
    amount: str = "300.00",
    *,
    sign: str = "CRDT",
    on: str = "2026-03-02",
    ref: str = "",
    text: str = "",
    payer: str = "",
    account: str = "",
    more: str = "",
    transfers: str = "",
    currency: str = "USD",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
) -> str:
    side = "Dbtr" if sign == "CRDT" else "Cdtr"
    parties = f"<{side}><Pty><Nm>{payer}</Nm></Pty></{side}>" if payer else ""
    parties += f"<{side}Acct><Id><IBAN>{account}</IBAN></Id></{side}Acct>" if account else ""
    one = f"<TxDtls><RltdPties>{parties}</RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    reference = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{on}</Dt></BookgDt>{reference}{more}<NtryDtls>{transfers or one}</NtryDtls></Ntry>"
    )


def a_balance(code: str, amount: str, sign: str = "CRDT", currency: str = "USD") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd></Bal>'
    )


def a_statement(*entries: str, balances: str = "", account: str = IBAN, number: str = "2026-42") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{NAMESPACE}"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>{number}</Id>'
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>USD</Ccy></Acct>{balances}{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>\n"
    )
