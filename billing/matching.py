"""Whose a payment is: credited where its title names exactly one agency, suggested or left to staff otherwise."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction

from accounts import events
from accounts.folding import fold as fold_words
from accounts.id_lists import among
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from accounts.registration_codes import LENGTH, fold
from billing import booking
from billing.models import BankLine, LineSuggestion, PayerAccount
from billing.transfer_titles import CodeIndex, find_codes

State = BankLine.State
Reason = BankLine.Reason
Why = LineSuggestion.Reason

# More are no help.
MAX_SUGGESTIONS = 5
# Lines that are matched at once: databases take so many ids in a statement.
CHUNK = 5000
# Words that many firms have in their names, folded; and legal forms.
_COMMON_WORDS = frozenset(
    (
        *(
            "agencja",
            "agent",
            "agencyjne",
            "biuro",
            "brokerskie",
            "doradztwo",
            "finansowe",
            "firma",
        ),
        *(
            "handlowa",
            "kancelaria",
            "multiagencja",
            "ochrona",
            "oddzial",
            "oraz",
            "osrodek",
            "partner",
        ),
        *("polska", "posrednictwo", "przedsiebiorstwo", "punkt", "ubezpieczen", "ubezpieczenia"),
        *("ubezpieczeniowa", "ubezpieczeniowe", "uslugi", "uslugowo", "wspolnicy", "zaklad", "ul"),
        *("sa", "sc", "sj", "sp", "spolka", "spzoo", "oo"),
    )
)
_DIGITS = re.compile(r"(?<!\d)(\d[ -]?){9}\d(?!\d)")


@dataclass
class MatchCounts:
    """What became of the lines."""

    credited: int = 0
    suggested: int = 0
    unmatched: int = 0


@transaction.atomic
def match_lines(ids: Sequence[int]) -> MatchCounts:
    """Credit the waiting lines whose titles name exactly one agency's code, and suggest whose the others may be.

    The ladder: one code credits; several codes, the payer's account, one mistake in a code, a NIP and a name only
    suggest. A number of statements that does not grow with the lines, but with each CHUNK of them.
    """
    counts = MatchCounts()
    if ids:
        known = _Known()
        for start in range(0, len(ids), CHUNK):
            lines = BankLine.objects.filter(pk__in=among(ids[start : start + CHUNK]))
            _match_chunk(lines.order_by("booked_on", "id"), known, counts)
    return counts


def _match_chunk(lines: Iterable[BankLine], known: _Known, counts: MatchCounts) -> None:
    certain: list[tuple[BankLine, int]] = []
    doubtful: list[tuple[BankLine, list[str]]] = []
    for line in lines:
        codes = find_codes(line.title, known.codes)
        if len(codes) == 1:
            certain.append((line, known.by_code[codes[0]]))
        else:
            doubtful.append((line, codes))
    agencies = _agencies(pk for _line, pk in certain)
    counts.credited += booking.credit_lines([(line, agencies[pk]) for line, pk in certain])
    suggestions = list(_suggestions(doubtful, known))
    # Tried again, a line may have had others.
    LineSuggestion.objects.filter(line__in=[line for line, _codes in doubtful]).delete()
    LineSuggestion.objects.bulk_create(suggestions)
    _note_reasons(doubtful)
    num_suggested = len({suggestion.line_id for suggestion in suggestions})
    counts.suggested += num_suggested
    counts.unmatched += len(doubtful) - num_suggested


def suggest(lines: Sequence[BankLine]) -> list[list[LineSuggestion]]:
    """Whose each line may be, the likeliest first, also where a code makes it sure. Neither is stored."""
    known = _Known()
    coded = [(line, find_codes(line.title, known.codes)) for line in lines]
    suggestions = list(_suggestions(coded, known))
    agencies = _agencies(suggestion.agency_id for suggestion in suggestions)
    found: defaultdict[int, list[LineSuggestion]] = defaultdict(list)
    for suggestion in suggestions:
        suggestion.agency = agencies[suggestion.agency_id]
        found[id(suggestion.line)].append(suggestion)
    return [found[id(line)] for line in lines]


def _agencies(ids: Iterable[int]) -> dict[int, Agency]:
    """The agencies by id, in one query."""
    wanted = Agency.objects.filter(pk__in=among(sorted(set(ids))))
    return {agency.pk: agency for agency in wanted}


def match_waiting() -> MatchCounts:
    """Try the queue again: for an agency or a code that was not there before. Idempotent."""
    waiting = BankLine.objects.filter(state=State.UNMATCHED, amount__gt=0)
    waiting = waiting.exclude(reason=Reason.POSSIBLE_TWIN)
    undone = waiting.filter(undone_payments__isnull=False)
    # What staff took back from an agency, no code gives back to it.
    oldest_first = waiting.exclude(pk__in=undone).order_by("booked_on", "id")
    return match_lines(list(oldest_first.values_list("pk", flat=True)))


def try_again_for_new_agency(created: bool, **kwargs: object) -> None:
    """A code that was in the queue may be the new agency's. What changes later, the periodic job finds."""
    if created and BankLine.objects.filter(state=State.UNMATCHED).exists():
        enqueue("billing.tasks.match_waiting")


def forget(payer: PayerAccount, *, by: User) -> None:
    """Suggest nothing by this account any more, until it pays for the agency again."""
    with transaction.atomic():
        payer.delete()
        events.record(EventKind.PAYER_FORGOTTEN, payer.account[-4:], agency=payer.agency, person=by)


class _Known:
    """What is known of all agencies, by their ids, prepared for many titles.

    As rows: objects of ten thousand agencies take longer than the lines that name a few of them.
    """

    def __init__(self) -> None:
        rows = Agency.objects.order_by("pk").values_list(
            "pk", "registration_code", "nip", "search_name"
        )
        self._rows = list(rows)
        self.by_code = {code: pk for pk, code, _nip, _name in self._rows}
        self.codes = CodeIndex(self.by_code)

    @cached_property
    def by_nip(self) -> Mapping[str, list[int]]:
        return _listed((nip, pk) for pk, _code, nip, _name in self._rows if nip)

    @cached_property
    def words(self) -> dict[int, frozenset[str]]:
        """The words of each agency's name."""
        return {pk: _words(name) for pk, _code, _nip, name in self._rows}

    @cached_property
    def by_word(self) -> Mapping[str, list[int]]:
        return _listed((word, pk) for pk, words in self.words.items() for word in words)

    @cached_property
    def by_gap(self) -> Mapping[str, list[int]]:
        return _listed((gap, pk) for pk, code, _nip, _name in self._rows for gap in _gaps(code))


def _listed(pairs: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, pk in pairs:
        found[key].append(pk)
    return found


def _suggestions(
    doubtful: Sequence[tuple[BankLine, list[str]]], known: _Known
) -> Iterator[LineSuggestion]:
    by_account = _payers(line for line, _codes in doubtful)
    for line, codes in doubtful:
        found: dict[int, Why] = {}
        ladder = (
            (Why.CODE, [known.by_code[code] for code in codes]),
            (Why.ACCOUNT, by_account.get(line.payer_account, [])),
            (Why.TYPO, _with_one_mistake(line.title, known)),
            (Why.NIP, _by_nip(line.title, known)),
            (Why.NAME, _by_name(line.payer_name, known)),
        )
        for why, agencies in ladder:
            for pk in agencies:
                found.setdefault(pk, why)
        for pk, why in list(found.items())[:MAX_SUGGESTIONS]:
            yield LineSuggestion(line=line, agency_id=pk, reason=why)


def _payers(lines: Iterable[BankLine]) -> Mapping[str, list[int]]:
    """The agencies that each account has paid for, the newest first."""
    accounts = {line.payer_account for line in lines if line.payer_account}
    learned = PayerAccount.objects.filter(account__in=accounts).order_by("-learned_at")
    return _listed(learned.values_list("account", "agency_id"))


def _with_one_mistake(title: str, known: _Known) -> list[int]:
    """The one agency whose code differs from a piece of the title in a single character; none if several do."""
    text = fold(title)
    found = {
        pk
        for start in range(len(text) - LENGTH + 1)
        for gap in _gaps(text[start : start + LENGTH])
        for pk in known.by_gap.get(gap, ())
    }
    return list(found) if len(found) == 1 else []


def _gaps(code: str) -> list[str]:
    """A code of ours with a star for each of its characters in turn."""
    if len(code) != LENGTH:
        return []
    return [f"{code[:place]}*{code[place + 1 :]}" for place in range(LENGTH)]


def _by_nip(title: str, known: _Known) -> list[int]:
    numbers = {"".join(filter(str.isdigit, match[0])) for match in _DIGITS.finditer(title)}
    return [pk for nip in sorted(numbers) for pk in known.by_nip.get(nip, ())]


def _by_name(payer: str, known: _Known) -> list[int]:
    """Agencies all of whose own words stand in the payer's name, at least two of them."""
    shared = Counter(pk for word in _words(fold_words(payer)) for pk in known.by_word.get(word, ()))
    return sorted(pk for pk, number in shared.items() if 2 <= number == len(known.words[pk]))


def _words(folded: str) -> frozenset[str]:
    words = frozenset(re.findall(r"[a-z0-9]+", folded.lower()))
    return frozenset(word for word in words - _COMMON_WORDS if len(word) > 1)


def _note_reasons(doubtful: Sequence[tuple[BankLine, list[str]]]) -> None:
    for reason, wanted in ((Reason.SEVERAL_CODES, True), (Reason.NO_CODE, False)):
        ids = [line.pk for line, codes in doubtful if bool(codes) is wanted]
        BankLine.objects.filter(pk__in=ids, state=State.UNMATCHED).update(reason=reason)
