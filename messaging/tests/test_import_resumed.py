"""An import that a worker left behind, was cancelled in the middle, or met another one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.jobs import forget_jobs, queued_jobs
from messaging import contact_imports as imports
from messaging import import_jobs, import_parts
from messaging.models import Contact, ContactImport, ContactImportFile, ContactImportPart
from messaging.tests.worker_process import WorkerProcess
from sandbox.testing import wait_for

NUM_ROWS = 23


def file_of(number: int) -> bytes:
    rows = (f"Nowak;Jan{n};60{n:07};P{n}\n" for n in range(number))
    return ("Nazwisko;Imię;Telefon;Nr polisy\n" + "".join(rows)).encode()


def ready_import(agency: Agency, owner: User, number: int = NUM_ROWS) -> ContactImport:
    """Read, checked, waiting for the last step."""
    started = imports.start(
        agency=agency, started_by=owner, file_name="klienci.csv", content=file_of(number)
    )
    import_jobs.read_file(started.pk)
    started.refresh_from_db()
    imports.confirm_columns(started, started.columns)
    import_jobs.check(started.pk)
    started.refresh_from_db()
    return started


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_parts, "PART_SIZE", 5)


@pytest.fixture
def ready(small_parts: None, agency: Agency, owner: User) -> ContactImport:
    forget_jobs()
    return ready_import(agency, owner)


def work_on_parts(contact_import: ContactImport, number: int, monkeypatch: Any) -> None:
    """Let a worker die after so many parts, in the middle of the next one's transaction."""
    write_rows = import_jobs.write_rows
    done: list[int] = []

    def write(agency: Agency, rows: Any, **options: Any) -> Any:
        written = write_rows(agency, rows, **options)
        if len(done) == number:
            raise KeyboardInterrupt
        done.append(1)
        return written

    with monkeypatch.context() as patch:
        patch.setattr(import_jobs, "write_rows", write)
        with pytest.raises(KeyboardInterrupt):
            import_jobs.run(contact_import.pk, 60)
    contact_import.refresh_from_db()


def test_what_a_dead_worker_left_is_carried_on_and_nothing_comes_twice(
    ready: ContactImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.run(ready)
    work_on_parts(ready, 2, monkeypatch)
    assert (ready.num_parts_done, ready.num_created, Contact.objects.count()) == (2, 10, 10)
    import_jobs.run(ready.pk, 60)
    assert Contact.objects.count() == 10, "another worker may still have it"
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        forget_jobs()
        imports.resume()
        assert [job.args for job in queued_jobs()] == [(ready.pk,)]
        import_jobs.run(ready.pk, 60)
    ready.refresh_from_db()
    assert (ready.state, ready.num_created, ready.num_unchanged) == ("done", NUM_ROWS, 0)
    assert Contact.objects.count() == NUM_ROWS


def test_an_import_that_kills_every_worker_is_given_up(
    ready: ContactImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.run(ready)
    now = timezone.now()
    for attempt in range(imports.MAX_ATTEMPTS):
        with time_machine.travel(now + timedelta(minutes=3 * attempt)):
            work_on_parts(ready, 0, monkeypatch)
    with time_machine.travel(now + timedelta(hours=1)):
        imports.resume()
    ready.refresh_from_db()
    assert (ready.state, ready.error) == ("failed", "gave_up")
    assert not Contact.objects.exists()


def test_a_long_import_is_handed_to_the_next_job(ready: ContactImport) -> None:
    imports.run(ready)
    forget_jobs()
    import_jobs.run(ready.pk, -1)
    assert [job.func for job in queued_jobs()] == ["messaging.tasks.import_contacts"]
    ready.refresh_from_db()
    assert (ready.state, ready.claimed_at) == ("running", None)


def test_what_was_imported_before_the_cancelling_stays(
    ready: ContactImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.run(ready)
    work_on_parts(ready, 2, monkeypatch)
    assert imports.cancel(ready)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        import_jobs.run(ready.pk, 60)
        imports.resume()
    ready.refresh_from_db()
    assert (ready.state, ready.num_created, Contact.objects.count()) == ("cancelled", 10, 10)


def test_a_worker_notices_the_cancelling(
    ready: ContactImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.run(ready)
    write_rows = import_jobs.write_rows

    def cancel_then_write(agency: Agency, rows: Any, **options: Any) -> Any:
        ContactImport.objects.update(state="cancelled", finished_at=timezone.now())
        return write_rows(agency, rows, **options)

    monkeypatch.setattr(import_jobs, "write_rows", cancel_then_write)
    import_jobs.run(ready.pk, 60)
    ready.refresh_from_db()
    assert ready.state == "cancelled"
    assert ready.num_parts_done == 0


def test_two_imports_of_an_agency_do_not_run_at_once(
    ready: ContactImport, agency: Agency, other_agency: Agency, employee: User
) -> None:
    imports.run(ready)
    second = ready_import(agency, employee)
    with pytest.raises(imports.AnotherRuns):
        imports.run(second)
    import_jobs.run(ready.pk, 60)
    assert imports.run(second)
    import_jobs.run(second.pk, 60)
    second.refresh_from_db()
    assert (second.num_created, second.num_unchanged) == (0, NUM_ROWS)


@pytest.fixture
def employee(agency: Agency) -> User:
    return User.objects.create_user(
        "e@zolc.example", "haslo-piotra-1", full_name="Piotr", role="employee", agency=agency
    )


def test_a_client_who_is_gone_when_the_row_is_stored_is_refused(
    small_parts: None, agency: Agency, owner: User
) -> None:
    import_jobs.run(_started(ready_import(agency, owner)).pk, 60)
    content = "Nazwisko;Imię;Telefon;Nr polisy\nNowak;Jan1;;P1\nNowak;Jan2;;P2\n".encode()
    started = imports.start(agency=agency, started_by=owner, file_name="k", content=content)
    import_jobs.read_file(started.pk)
    started.refresh_from_db()
    imports.confirm_columns(started, started.columns)
    import_jobs.check(started.pk)
    Contact.objects.get(first_name="Jan2").delete()
    import_jobs.run(_started(started).pk, 60)
    started.refresh_from_db()
    assert (started.num_unchanged, started.num_refused) == (1, 1)
    (refused,) = import_parts.refused_lines(started)
    assert (refused.line.number, refused.problems[0].code) == (3, "nobody")


def _started(contact_import: ContactImport) -> ContactImport:
    contact_import.refresh_from_db()
    assert imports.run(contact_import)
    return contact_import


def test_what_the_file_held_is_forgotten(ready: ContactImport) -> None:
    assert not ContactImportFile.objects.exists()
    imports.run(ready)
    import_jobs.run(ready.pk, 60)
    assert not [part for part in ready.parts.all() if bytes(part.lines) or bytes(part.rows)]
    imports.forget(timezone.now() + timedelta(hours=23))
    assert ContactImportPart.objects.exists()
    imports.forget(timezone.now() + timedelta(hours=25))
    assert not ContactImportPart.objects.exists()
    ready.refresh_from_db()
    assert ready.num_created == NUM_ROWS


def test_a_file_that_nobody_came_back_for_is_forgotten(ready: ContactImport) -> None:
    imports.forget(timezone.now() + timedelta(hours=25))
    assert not ContactImportPart.objects.exists()
    ready.refresh_from_db()
    assert ready.state == "cancelled"


def test_pages_of_refused_lines_come_from_the_parts_that_hold_them(
    small_parts: None, agency: Agency, owner: User
) -> None:
    rows = "".join(f"Nowak;{n % 3 or '600100200'}\n" for n in range(40))
    started = imports.start(
        agency=agency, started_by=owner, file_name="k", content=f"Nazwisko;Telefon\n{rows}".encode()
    )
    import_jobs.read_file(started.pk)
    started.refresh_from_db()
    imports.confirm_columns(started, started.columns)
    import_jobs.check(started.pk)
    every = [line.line.number for line in import_parts.refused_lines(started)]
    assert every == [n + 2 for n in range(40) if n % 3]
    for start in range(0, len(every), 7):
        page = import_parts.refused_between(started, start, start + 7)
        assert [line.line.number for line in page] == every[start : start + 7]


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_process_leaves_nothing_half_done(agency: Agency, owner: User) -> None:
    started = ready_import(agency, owner, 12_000)
    forget_jobs()
    imports.run(started)
    with WorkerProcess():
        wait_for(lambda: _parts_done(started) >= 2, seconds=60)
    before = _parts_done(started)
    assert Contact.objects.count() == before * import_parts.PART_SIZE
    # The lease of the dead worker is over.
    ContactImport.objects.update(claimed_at=timezone.now() - imports.LEASE)
    with WorkerProcess():
        wait_for(lambda: _is_finished_by_the_sweep(started), seconds=60)
    started.refresh_from_db()
    assert (started.state, started.num_created) == ("done", 12_000)
    assert Contact.objects.count() == 12_000


def _is_finished_by_the_sweep(contact_import: ContactImport) -> bool:
    """The sweep asks again: a job that Redis gave to the dying worker is lost with it."""
    imports.resume()
    return ContactImport.objects.get(pk=contact_import.pk).is_finished


def _parts_done(contact_import: ContactImport) -> int:
    return ContactImport.objects.get(pk=contact_import.pk).num_parts_done
