"""A made-up contact file, such as an agent's program exports, for trying out the portal."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta

from messaging.contact_columns import recognise_all
from messaging.contact_files import read_lines
from messaging.contact_rows import ContactRow, RowReader

NUM_CONTACTS = 200
_SEED = 20261122
# Lists parted by semicolons, as in the file itself.
_HEADERS = (
    "Nazwisko i imię;Firma;Telefon kom.;E-mail;Nr polisy;Rodzaj;Towarzystwo;Koniec ochrony;"
    "Składka;Nr rej.;Marka i model;Badanie techniczne"
)
_WOMEN = (
    "Agnieszka;Anna;Barbara;Danuta;Elżbieta;Ewa;Grażyna;Halina;Iwona;Joanna;Justyna;Katarzyna;"
    "Łucja;Magdalena;Małgorzata;Monika;Natalia;Paulina;Wioletta;Żaneta"
)
_MEN = (
    "Andrzej;Bartłomiej;Dariusz;Grzegorz;Jacek;Jan;Józef;Kazimierz;Krzysztof;Łukasz;Maciej;Marek;"
    "Michał;Paweł;Piotr;Rafał;Sławomir;Stanisław;Tomasz;Wojciech"
)
_LAST_NAMES = (  # of a woman, of a man
    "Kowalska Kowalski;Wiśniewska Wiśniewski;Wójcik Wójcik;Kamińska Kamiński;"
    "Lewandowska Lewandowski;Zielińska Zieliński;Szymańska Szymański;Woźniak Woźniak;"
    "Dąbrowska Dąbrowski;Kozłowska Kozłowski;Jankowska Jankowski;Mazur Mazur;"
    "Kwiatkowska Kwiatkowski;Krawczyk Krawczyk;Grabowska Grabowski;Pawłowska Pawłowski;"
    "Michalska Michalski;Król Król;Wieczorek Wieczorek;Jabłońska Jabłoński;Wróbel Wróbel;"
    "Majewska Majewski;Stępień Stępień;Górska Górski;Witkowska Witkowski;Sikora Sikora"
)
_COMPANIES = (
    "Auto-Trans Sp. z o.o.;Piekarnia Pod Wieżą s.c.;Budmix Sp. z o.o.;PHU Złota Rączka;"
    "Hurtownia Owoców Śliwka Sp. j.;Przewozy Odra Sp. z o.o.;Gospodarstwo Rolne Łąkowe;"
    "Stolarnia Dąb s.c."
)
_INSURERS = "PZU;Warta;Ergo Hestia;Allianz;Uniqa;Generali;Compensa;Link4;Wiener;TUZ"
_CARS = (
    "Skoda Octavia;Toyota Yaris;Volkswagen Golf;Opel Astra;Ford Focus;Renault Clio;Kia Ceed;"
    "Hyundai i30;Dacia Duster;Fiat Tipo;Peugeot 308;Audi A4;BMW 320d;Citroën C3;Mazda 3"
)
_KINDS = "OC;OC/AC;AC"
_PLATES = "OP;OPO;OB;OK;ONY;DW;SK;KR;WE;PO"
_MOBILE_PREFIXES = (
    "501;504;512;515;530;533;600;604;606;660;663;668;691;694;697;721;725;728;731;781;785;788;791;"
    "794;880;883;886"
)
# The sandbox's gateway gives numbers with these endings a meaning of their own.
_RESERVED_ENDINGS = (0, 111, 222)
_ASCII = str.maketrans("ąćęłńóśźż", "acelnoszz")


def example_csv(today: date) -> bytes:
    """200 contacts, the same for the same day: UTF-8 with a byte order mark, parted by ;.

    Policies end and inspections fall due within a year from `today`.
    """
    random_source = random.Random(_SEED)  # noqa: S311 - made-up people, not secrets
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_HEADERS.split(";"))
    writer.writerows(_contact(random_source, today) for _ in range(NUM_CONTACTS))
    return text.getvalue().encode("utf-8-sig")


def example_rows(today: date) -> list[ContactRow]:
    """The same contacts, read as the import reads them."""
    headers, *lines = read_lines(example_csv(today))
    reader = RowReader(recognise_all(headers.cells, {}))
    return [row for row in map(reader.read, lines) if isinstance(row, ContactRow)]


def _contact(source: random.Random, today: date) -> list[str]:
    name, company, email = _client(source)
    return [
        name,
        company,
        _phone(source),
        email,
        f"{source.randrange(10**9, 10**10)}",
        *_policy(source, today),
        *_vehicle(source, today),
    ]


def _pick(source: random.Random, listing: str) -> str:
    return source.choice(listing.split(";"))


def _client(source: random.Random) -> tuple[str, str, str]:
    """Name, company and e-mail; every tenth client is a company, every third has no e-mail."""
    if source.random() < 0.1:
        return "", _pick(source, _COMPANIES), ""
    woman, man = _pick(source, _LAST_NAMES).split()
    is_woman = source.random() < 0.5
    last, first = (woman, _pick(source, _WOMEN)) if is_woman else (man, _pick(source, _MEN))
    email = f"{first}.{last}@example.com".lower().translate(_ASCII)
    return f"{last} {first}", "", email if source.random() < 0.67 else ""


def _phone(source: random.Random) -> str:
    prefix, middle = _pick(source, _MOBILE_PREFIXES), source.randrange(1000)
    ending = source.choice([ending for ending in range(1000) if ending not in _RESERVED_ENDINGS])
    return f"{prefix} {middle:03} {ending:03}"


def _policy(source: random.Random, today: date) -> tuple[str, str, str, str]:
    """Kind, insurer, last day and premium."""
    grosze = source.randrange(380_00, 3200_00, 50)
    zloty = f"{grosze // 100:,}".replace(",", " ")
    kind = _pick(source, _KINDS)
    return kind, _pick(source, _INSURERS), _day(source, today), f"{zloty},{grosze % 100:02}"


def _vehicle(source: random.Random, today: date) -> tuple[str, str, str]:
    """Registration number, make and model, next inspection."""
    plate = f"{_pick(source, _PLATES)} {source.randrange(10_000, 100_000)}"
    return plate, _pick(source, _CARS), _day(source, today)


def _day(source: random.Random, today: date) -> str:
    return f"{today + timedelta(days=source.randrange(1, 366)):%d.%m.%Y}"
