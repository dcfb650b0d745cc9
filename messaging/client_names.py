"""Telling persons from companies, and first names from last names, in one-piece names."""

from __future__ import annotations

import re
from typing import NamedTuple

from accounts.folding import fold

_COMPANY = re.compile(
    r"\b(sp|spolka|spolki|spoldzielnia|wspolnota|firma|biuro|zaklad|przedsiebiorstwo|fundacja"
    r"|stowarzyszenie|gmina|parafia|szkola|gospodarstwo|hurtownia|sklep|serwis|phu|pphu|fhu|ppuh"
    r"|z o o|zoo|s a|sa|s c|sc|s j|sj|s k|llc|gmbh)\b"
)
# First names common in Poland, folded; only used where the order of the words is not known.
_COMMON_FIRST_NAMES = """
    adam adrian agata agnieszka aldona aleksander aleksandra alicja alina andrzej aneta angelika
    anita anna antoni arkadiusz artur barbara bartlomiej bartosz beata bogdan boguslaw bozena
    bronislaw celina cezary czeslaw damian daniel danuta dariusz dawid dominik dominika dorota
    edward edyta elzbieta emil emilia ewa ewelina filip franciszek gabriela genowefa grazyna
    grzegorz halina hanna helena henryk hubert ilona irena ireneusz iwona izabela jacek jadwiga
    jakub jan janina janusz jaroslaw jerzy joanna jolanta jozef julia justyna kacper kamil kamila
    karol karolina katarzyna kazimierz kinga konrad krystian krystyna krzysztof laura lena leszek
    lidia lucja lucyna lukasz maciej magdalena malgorzata marcin marek maria marian mariola
    mariusz marta martyna marzena mateusz michal mieczyslaw mikolaj milena miroslaw monika natalia
    oliwia olga patrycja patryk paulina pawel piotr przemyslaw radoslaw rafal renata robert roman
    ryszard sandra sebastian slawomir stanislaw stanislawa stefan stefania sylwester sylwia szymon
    tadeusz teresa tomasz urszula waldemar wanda weronika wieslaw wieslawa wiktor wiktoria
    wioletta witold wladyslaw wlodzimierz wojciech zbigniew zdzislaw zaneta zenon zofia zuzanna
    zygmunt
"""
_FIRST_NAMES = frozenset(_COMMON_FIRST_NAMES.split())


class ClientName(NamedTuple):
    """A person's names or a company's; what does not apply is empty."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""


def split_last_first(text: str) -> ClientName:
    """`Kowalska-Nowak Anna Maria`: the last name comes first. A company stays in one piece."""
    if is_company(text):
        return ClientName(company=text)
    last, _, first = text.replace(",", " ").strip().partition(" ")
    return ClientName(recase(first), recase(last))


def split_first_last(text: str) -> ClientName:
    """`Anna Maria Kowalska-Nowak`: the last name comes last. A company stays in one piece."""
    if is_company(text):
        return ClientName(company=text)
    first, _, last = text.strip().rpartition(" ")
    return ClientName(recase(first), recase(last))


def split_client(text: str) -> ClientName:
    """A name in either order, told by common first names; if that fails, the last name last."""
    words = fold(text).split()
    is_last_first = "," in text or (
        len(words) > 1 and words[0] not in _FIRST_NAMES and words[-1] in _FIRST_NAMES
    )
    return split_last_first(text) if is_last_first else split_first_last(text)


def is_company(text: str) -> bool:
    """True if a word of the name belongs to firms and institutions (`Sp. z o.o.`, `PHU`)."""
    return bool(_COMPANY.search(fold(text)))


def recase(name: str) -> str:
    """`KOWALSKA-NOWAK`, as old programs export, is `Kowalska-Nowak`; mixed case stays."""
    return " ".join(word.title() if word.isupper() else word for word in name.split())
