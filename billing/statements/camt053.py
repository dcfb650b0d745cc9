"""CAMT.053 statements (ISO 20022), versions 02 and 08, read by the names of elements whatever their namespace.

Untrusted XML: a document type, and so any entity, is refused by defusedxml; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, tostring
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from billing.statements.account_numbers import normalise_account
from billing.statements.rows import (
    EntryKind,
    ParsedStatement,
    Refusal,
    StatementError,
    StatementRow,
    UnreadableLine,
    UnreadableReason,
)

_WARSAW = ZoneInfo("Europe/Warsaw")
_AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2})0{0,3})?", re.ASCII)
_SIGNS = {"CRDT": 1, "DBIT": -1}
_KINDS = {
    (1, False): EntryKind.CREDIT,
    (-1, False): EntryKind.DEBIT,
    (-1, True): EntryKind.REVERSAL_OF_CREDIT,
    (1, True): EntryKind.REVERSAL_OF_DEBIT,
}
# The payer of a credit; for money that left, the one who got it.
_PARTIES = {1: ("Dbtr", "Cdtr"), -1: ("Cdtr", "Dbtr")}
# Polish transfers have titles of four lines of 35 characters; an Ustrd may hold one line or all.
_TITLE_LINE, _WHOLE_TITLE = 35, 140


def looks_like_camt053(data: bytes) -> bool:
    """Tell whether the start of the file names a bank-to-customer statement."""
    start = data[:4096]
    return b"<" in start and b"BkToCstmrStmt" in start


def parse_camt053(data: bytes) -> list[ParsedStatement]:
    """Read every statement of a file; entries that are not booked yet (PDNG, INFO) are left out.

    A row's `line_number` is the position of its entry in its statement, counted from 1. Raises StatementError when
    the XML is damaged or has a document type, or when a statement lacks its account or a balance.
    """
    statements: list[ParsedStatement] = []
    entries: list[StatementRow | UnreadableLine] = []
    num_entries = 0
    try:
        for _event, element in iterparse(BytesIO(data), forbid_dtd=True):
            element.tag = element.tag.rpartition("}")[2]
            if element.tag == "Ntry":
                num_entries += 1
                entries += _entry(element, num_entries)
                element.clear()
            elif element.tag == "Stmt":
                statements.append(_statement(element, entries))
                entries, num_entries = [], 0
                element.clear()
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise StatementError(Refusal.DAMAGED) from error
    if not statements:
        raise StatementError(Refusal.DAMAGED)
    return statements


def _statement(
    element: Element, entries: Sequence[StatementRow | UnreadableLine]
) -> ParsedStatement:
    currency, opening = _balance(element, "OPBD", "PRCD")
    closing_currency, closing = _balance(element, "CLBD")
    account = normalise_account(_text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id"))
    if not re.fullmatch(r"\d{26}", account):
        raise StatementError(Refusal.FOREIGN_ACCOUNT)
    if currency != closing_currency:
        raise StatementError(Refusal.DAMAGED)
    return ParsedStatement(
        format="camt053",
        account=account,
        currency=currency,
        number=(_text(element, "ElctrncSeqNb") or _text(element, "Id"))[:35],
        opening_grosze=opening,
        closing_grosze=closing,
        rows=tuple(entry for entry in entries if isinstance(entry, StatementRow)),
        unreadable=tuple(entry for entry in entries if isinstance(entry, UnreadableLine)),
    )


def _balance(statement: Element, *codes: str) -> tuple[str, int]:
    """Currency and signed grosze of the balance with the first of the codes that is there."""
    balances = {_text(each, "Tp/CdOrPrtry/Cd"): each for each in statement.findall("Bal")}
    found = next((balances[code] for code in codes if code in balances), None)
    if found is None:
        raise StatementError(Refusal.DAMAGED)
    amount, sign = _grosze(found), _SIGNS.get(_text(found, "CdtDbtInd"))
    if amount is None or sign is None:
        raise StatementError(Refusal.DAMAGED)
    return _currency(found), sign * amount


def _entry(entry: Element, position: int) -> Iterator[StatementRow | UnreadableLine]:
    """Yield the rows of a booked entry: one per transfer where the bank lists their amounts."""
    if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) != "BOOK":
        return
    amount, sign = _grosze(entry), _SIGNS.get(_text(entry, "CdtDbtInd"))
    if amount is None or sign is None:
        yield UnreadableLine(position, _raw(entry), UnreadableReason.AMOUNT)
        return
    booked_on = _day(entry)
    if booked_on is None:
        yield UnreadableLine(position, _raw(entry), UnreadableReason.DATE, sign * amount)
        return
    transfers = entry.findall("NtryDtls/TxDtls") or [Element("TxDtls")]
    amounts = [amount] if len(transfers) == 1 else [_transfer_grosze(each) for each in transfers]
    if sum(filter(None, amounts)) != amount or None in amounts:
        # One of them may name a code, but the amount is not all theirs.
        yield UnreadableLine(position, _raw(entry), UnreadableReason.BATCH, sign * amount)
        return
    for transfer, part in zip(transfers, amounts, strict=True):
        yield _row(entry, transfer, booked_on, sign * (part or 0), position)


def _raw(entry: Element) -> str:
    return tostring(entry, encoding="unicode")


def _row(
    entry: Element, transfer: Element, booked_on: date, amount: int, position: int
) -> StatementRow:
    sign = 1 if amount >= 0 else -1
    # A returned transfer (RtrInf) is our own money coming back.
    is_reversal = _text(entry, "RvslInd") in ("true", "1") or transfer.find("RtrInf") is not None
    kind = _KINDS[sign, is_reversal]
    parties = _PARTIES[-sign if is_reversal else sign]
    return StatementRow(
        booked_on=booked_on,
        amount_grosze=amount,
        currency=_currency(entry),
        kind=kind,
        title=_title(entry, transfer),
        payer_name=next(filter(None, (_name(transfer, party) for party in parties)), ""),
        payer_account=next(filter(None, (_account(transfer, party) for party in parties)), ""),
        bank_reference=_text(transfer, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef"),
        line_number=position,
    )


def _title(entry: Element, transfer: Element) -> str:
    """The title; lines of it that the bank wrote apart go on in mid-word, as in its other formats."""
    lines = [each.text or "" for each in transfer.findall("RmtInf/Ustrd")]
    width = _TITLE_LINE if all(len(line) <= _TITLE_LINE for line in lines) else _WHOLE_TITLE
    lines = [line.ljust(width) for line in lines]
    lines += [each.text or "" for each in transfer.findall("RmtInf/Strd/CdtrRefInf/Ref")]
    title = " ".join("".join(lines).split())
    return title or _text(transfer, "AddtlTxInf") or _text(entry, "AddtlNtryInf")


def _name(transfer: Element, party: str) -> str:
    path = f"RltdPties/{party}"
    return _text(transfer, f"{path}/Nm") or _text(transfer, f"{path}/Pty/Nm")


def _account(transfer: Element, party: str) -> str:
    path = f"RltdPties/{party}Acct/Id"
    return normalise_account(_text(transfer, f"{path}/IBAN") or _text(transfer, f"{path}/Othr/Id"))


def _day(entry: Element) -> date | None:
    """The booking day in Warsaw."""
    try:
        if day := _text(entry, "BookgDt/Dt"):
            return date.fromisoformat(day[:10])
        moment = datetime.fromisoformat(_text(entry, "BookgDt/DtTm"))
    except ValueError:
        return None
    return (moment.astimezone(_WARSAW) if moment.tzinfo else moment).date()


def _transfer_grosze(transfer: Element) -> int | None:
    inner = transfer.find("AmtDtls/TxAmt")
    return _grosze(transfer if inner is None else inner)


def _grosze(parent: Element) -> int | None:
    match = _AMOUNT.fullmatch(_text(parent, "Amt"))
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def _currency(parent: Element) -> str:
    amount = parent.find("Amt")
    return "" if amount is None else amount.get("Ccy", "")[:3]


def _text(parent: Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()
