"""Statement files for the tests: the samples in data/ and one written line by line."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"
LAYOUTS = (
    "mbank_companynet.sta",
    "mbank_retail_mt940.sta",
    "pko_layout_mt940.sta",
    "pekao_layout_mt940.sta",
    "millennium_bph_layout_mt940.sta",
)
OTHER_LAYOUTS = (
    "mbank_zestawienie_operacji.csv",
    "camt053_v02_windows1250.xml",
    "camt053_v08_utf8.xml",
)
EVERY_LAYOUT = (*LAYOUTS, *OTHER_LAYOUTS)
ACCOUNT = "76114020040000350243465646"
CREDIT = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?00PRZELEW?20KOD 7K3M-9QW3?32ANNA")


def sample(name: str) -> bytes:
    return (DATA / name).read_bytes()


def statement(
    *lines: str,
    opening: str = "C260310PLN100,00",
    closing: str | None = "C260310PLN158,00",
    account: str = f"/PL{ACCOUNT}",
    end: str = "-",
) -> str:
    """Write a statement of the given :61: and :86: lines; without any, of one credit of 58,00."""
    head = (":20:MT940", f":25:{account}", ":28C:49", f":60F:{opening}")
    foot = () if closing is None else (f":62F:{closing}",)
    return "\r\n".join((*head, *(lines or CREDIT), *foot, end, ""))
