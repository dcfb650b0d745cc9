from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import contact_files
from messaging.contact_file_errors import ContactFileError
from messaging.contact_files import MAX_BYTES, read_lines
from messaging.contact_rows import ContactRow
from messaging.tests.import_files import ReadFile, read_file

HEADERS = "Nazwisko i imię;Telefon;Nr polisy"


def read(text: str, encoding: str = "utf-8") -> ReadFile:
    return read_file(text.encode(encoding))


def read_one(text: str) -> ContactRow:
    contact_file = read(text)
    assert contact_file.problems == []
    (row,) = contact_file.rows
    return row


def refusal(data: bytes) -> ContactFileError:
    with pytest.raises(ContactFileError) as refused:
        read_file(data)
    return refused.value


def test_every_column_is_read_into_its_type() -> None:
    row = read_one(
        "Nazwisko i imię;Firma;Tel. kom.;E-mail;Seria i numer;Rodzaj;TU;Okres do;Składka;Nr rej.;"
        "Marka i model;Badanie techn.\n"
        "Wiśniewska Anna;Kwiaty s.c.;600 100 200;Anna@Example.com;77/12;OC;Warta;31.12.2026;"
        "1 234,50 zł;op 4521k;Skoda Octavia;2026-12-15\n"
    )
    assert row == ContactRow(
        line_number=2,
        first_name="Anna",
        last_name="Wiśniewska",
        company="Kwiaty s.c.",
        phone="+48600100200",
        email="anna@example.com",
        policy_number="77/12",
        policy_kind="OC",
        insurer="Warta",
        policy_ends_on=date(2026, 12, 31),
        premium=123450,
        registration_number="OP4521K",
        make_model="Skoda Octavia",
        inspection_due=date(2026, 12, 15),
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859-2", "cp852"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, separator: str, line_end: str) -> None:
    lines = ["Imię;Nazwisko;Telefon;Nr polisy;Składka", "Łucja;Święć-Żądło;600100200;A1;99.90", ""]
    contact_file = read(line_end.join(lines).replace(";", separator), encoding)
    (row,) = contact_file.rows
    assert (row.first_name, row.last_name, row.premium) == ("Łucja", "Święć-Żądło", 9990)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("KOMÓRKA", "phone"),
        ("Nr  telefonu:", "phone"),
        ("mail", "email"),
        ("nr_polisy", "policy_number"),
        ("Policy number", "policy_number"),
        ("Koniec ochrony", "policy_ends_on"),
        ("Data konca", "policy_ends_on"),
        ("BT", "inspection_due"),
        ("Data badań", "inspection_due"),
        ("Towarzystwo", "insurer"),
        ("REJESTRACJA", "registration_number"),
    ],
)
def test_headers_are_recognised_however_they_are_spelled(header: str, field: str) -> None:
    values = {
        "phone": "601200300",
        "email": "a@example.com",
        "policy_ends_on": "31.12.2026",
        "inspection_due": "31.12.2026",
    }
    # A date needs to know of which policy or vehicle it is.
    whose = (
        "Seria i numer;Nr rej.;" if field in ("policy_ends_on", "inspection_due", "insurer") else ""
    )
    numbers = "A1;OP1;" if whose else ""
    row = read_one(
        f"Klient;{header};{whose}Telefon\nJan Nowak;{values.get(field, 'X1')};{numbers}600100200\n"
    )
    expected = {"phone": "+48601200300", "email": "a@example.com"}
    if field.endswith(("_on", "_due")):
        assert getattr(row, field) == date(2026, 12, 31)
    else:
        assert getattr(row, field) == expected.get(field, "X1")


@pytest.mark.parametrize(
    ("header", "name", "expected"),
    [
        ("Nazwisko i imię", "Kowalska-Nowak Anna Maria", ("Anna Maria", "Kowalska-Nowak", "")),
        ("Nazwisko i imię", "Kowalski, Jan", ("Jan", "Kowalski", "")),
        ("Nazwisko i imię", "NOWAK JAN", ("Jan", "Nowak", "")),
        ("Nazwisko i imię", "Auto-Trans Sp. z o.o.", ("", "", "Auto-Trans Sp. z o.o.")),
        ("Imię i nazwisko", "Anna Maria Kowalska", ("Anna Maria", "Kowalska", "")),
        ("Klient", "Jan Kowalski", ("Jan", "Kowalski", "")),
        ("Klient", "Kowalski Jan", ("Jan", "Kowalski", "")),
        ("Ubezpieczający", "ŻÓŁĆ ŁUCJA", ("Łucja", "Żółć", "")),
        ("Ubezpieczający", "WÓJCIK STANISŁAW", ("Stanisław", "Wójcik", "")),
        ("Ubezpieczający", "P.H.U. „Złota Rączka” s.c.", ("", "", "P.H.U. „Złota Rączka” s.c.")),
        ("Firma", "Budmix", ("", "", "Budmix")),
        ("Nazwisko", "Kowalski", ("", "Kowalski", "")),
    ],
)
def test_names_in_one_piece_are_divided(
    header: str, name: str, expected: tuple[str, str, str]
) -> None:
    row = read_one(f"{header};Telefon\n{name};600100200\n")
    assert (row.first_name, row.last_name, row.company) == expected


def test_a_company_column_does_not_hide_the_person() -> None:
    row = read_one("Firma;Nazwisko i imię;Telefon\nBudmix;Nowak Jan;600100200\n")
    assert (row.first_name, row.last_name, row.company) == ("Jan", "Nowak", "Budmix")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        ("2.1.2027", date(2027, 1, 2)),
        ("22.11.2026 r.", date(2026, 11, 22)),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11-22 00:00:00", date(2026, 11, 22)),
        ("22-11-2026", date(2026, 11, 22)),
        ("22/11/2026", date(2026, 11, 22)),
        ("46348", date(2026, 11, 22)),
        ("46348,0", date(2026, 11, 22)),
        ("", None),
    ],
)
def test_dates_as_people_and_spreadsheets_write_them(written: str, expected: date | None) -> None:
    row = read_one(f"Klient;Telefon;Nr polisy;Okres do\nA;600100200;A1;{written}\n")
    assert row.policy_ends_on == expected


@pytest.mark.parametrize(
    ("written", "grosze"),
    [
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1.234,50 zł", 123450),
        ("1234.5", 123450),
        ("1234", 123400),
        ("0,05 PLN", 5),
        ("12 345 678,90", 1234567890),
        ("", None),
    ],
)
def test_amounts_are_read_as_grosze(written: str, grosze: int | None) -> None:
    row = read_one(f"Klient;Telefon;Nr polisy;Składka\nA;600100200;A1;{written}\n")
    assert row.premium == grosze


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("Telefon", "77 454 12 12", "landline"),
        ("Okres do", "31.02.2026", "bad_date"),
        ("Okres do", "22.11.26", "bad_date"),
        ("Okres do", "11/22/2026", "bad_date"),
        ("Okres do", "99999", "bad_date"),
        ("Składka", "1.234", "bad_amount"),
        ("Składka", "-5,00", "bad_amount"),
        ("Składka", "1 23,00", "bad_amount"),
        ("Składka", "12,345", "bad_amount"),
        ("Składka", "9" * 30, "bad_amount"),
        ("E-mail", "jan@", "bad_email"),
        ("Nr polisy", "9" * 41, "too_long"),
        ("Nr rej.", "OP4521K" * 2, "too_long"),
        ("TU", "x" * 101, "too_long"),
        ("Klient", "", "no_name"),
        ("Klient", "x" * 101, "too_long"),
    ],
)
def test_a_line_with_a_bad_cell_is_left_out_and_explained(
    header: str, value: str, code: str
) -> None:
    cells = {"Klient": "Nowak Jan", "Telefon": "600100200", "Nr polisy": "A1", "TU": "PZU"}
    if header == "Telefon":
        # With them the client might be known.
        del cells["Nr polisy"], cells["TU"]
    cells |= {header: value}
    good = ";".join({**cells, "Klient": "Wójcik Ewa", "Telefon": "601200300", header: ""}.values())
    contact_file = read(f"{';'.join(cells)}\n\n{';'.join(cells.values())}\n{good}\n")
    problem = contact_file.problems[0]
    assert (problem.line, problem.header, problem.value, problem.code) == (3, header, value, code)
    assert 3 not in [row.line_number for row in contact_file.rows]


def test_all_problems_of_a_line_are_listed_and_the_other_lines_are_kept() -> None:
    contact_file = read(
        "Klient;Telefon;Nr polisy;Okres do\nJan Nowak;123;;jutro\nEwa Nowak;600100200;A1;31.12.2026\n"
    )
    assert [problem.code for problem in contact_file.problems] == [
        "wrong_length",
        "bad_date",
        "no_policy_number",
    ]
    assert [row.first_name for row in contact_file.rows] == ["Ewa"]


def test_several_phone_columns_give_the_first_mobile() -> None:
    text = "Klient;Telefon 1;Telefon 2\nJan Nowak;77 454 12 12;600 100 200\n"
    assert read_one(text).phone == "+48600100200"


def test_make_and_model_in_two_columns_are_read_together() -> None:
    row = read_one("Klient;Telefon;Nr rej.;Marka;Model\nJan Nowak;600100200;OP1;Skoda;Octavia\n")
    assert row.make_model == "Skoda Octavia"


def test_a_client_with_two_policies_may_have_two_lines() -> None:
    contact_file = read(f"{HEADERS}\nNowak Jan;600100200;A1\nNowak Jan;600100200;A2\n")
    assert [row.policy_number for row in contact_file.rows] == ["A1", "A2"]


def test_empty_lines_are_skipped_and_lines_keep_the_numbers_of_the_file() -> None:
    contact_file = read(f'\n{HEADERS}\n;;\n\n"Nowak\nJan";600100200;A1\nNowak Ewa;601200300;A2\n')
    assert [(row.line_number, row.first_name) for row in contact_file.rows] == [
        (5, "Jan"),
        (7, "Ewa"),
    ]


def test_quoted_cells_hold_separators_and_quotes() -> None:
    row = read_one('Firma;Telefon\n"Zakład ""Oś""; Opole";="600100200"\n')
    assert row.company == 'Zakład "Oś"; Opole'


def test_empty_cells_beyond_the_headers_do_no_harm() -> None:
    assert read_one(f"{HEADERS}\nNowak Jan;600100200;A1;;;\n").policy_number == "A1"


def test_headers_that_are_not_known_are_reported_and_left_out() -> None:
    assert read(f"{HEADERS};Kolor\nNowak Jan;600100200;A1;x\n").skipped == ["Kolor"]


@given(st.one_of(st.binary(), st.text(alphabet=';,"\n\r\t 0aą=\x1f\f').map(str.encode)))
def test_no_file_is_too_strange_to_get_an_answer(ending: bytes) -> None:
    with suppress(ContactFileError):
        assert list(read_lines(ending))
    with suppress(ContactFileError):
        read = read_file(b"Klient;Telefon;Nr polisy;Skladka;Okres do\n" + ending)
        assert read.rows or read.problems


def some_archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\r\n", "empty"),
        (b';;\n"";\n', "empty"),
        (HEADERS.encode(), "headers_only"),
        (f"{HEADERS}\n;;\n\n".encode(), "headers_only"),
        (some_archive(), "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old_workbook"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (f"{HEADERS}\nNowak\0 Jan;600100200;A1\n".encode(), "binary"),
        (b"x" * (MAX_BYTES + 1), "too_big"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_as_many_contacts_as_allowed_are_read_and_one_more_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contact_files, "MAX_ROWS", 20)
    full = f"{HEADERS}\n" + "Nowak Jan;600100200;A1\n" * 20
    assert len(read(full).rows) == 20
    assert refusal(f"{full}Nowak Ewa;601200300;A2\n".encode()).code == "too_many_rows"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{HEADERS}\nNowak Ewa;601200300;A2\nNowak;Jan;600100200;A1\n", "too_many_cells"),
        (f'{HEADERS}\nNowak Ewa;601200300;A2\n"Nowak Jan;600100200;A1\n', "broken_quote"),
        (f'{HEADERS}\nNowak Ewa;601200300;A2\n"Firma "X"";600100200;A1\n', "broken_quote"),
    ],
)
def test_a_broken_line_is_located(text: str, code: str) -> None:
    error = refusal(text.encode())
    assert error.code == code
    assert error.line == 3
