"""Counting the parts of 100,000 texts, and composing them, against the plain ways to do both.

The texts have 165 characters on average; 25 % have Polish letters, 5 % a euro sign or brackets, 1 % an emoji. Needs no
database. Run by bin/bench counting.
"""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Callable, Container
from time import process_time
from typing import Any

import django

NUM_TEXTS = 100_000
ROUNDS = 7
BODY = (
    "Dzien dobry, {imie}. Polisa OC {nr_polisy} pojazdu {nr_rej} konczy sie {data_konca}."
    " W sprawie wznowienia prosze o kontakt. Ubezpieczenia Nowak 601 234 567"
)
WORDS = (
    *("Dzien", "dobry.", "Polisa", "OC", "konczy", "sie", "dnia", "15.12.2026.", "Prosze", "o"),
    *("kontakt", "w", "sprawie", "wznowienia,", "Ubezpieczenia", "Nowak", "601", "234", "567"),
)
POLISH = ("kończy", "się", "proszę", "łączna", "składka", "ubezpieczeń", "żółw")


def main() -> None:
    """Print a line for each way."""
    django.setup()
    texts = make_texts()
    lengths = statistics.mean(map(len, texts))
    print(
        f"{NUM_TEXTS} texts, {lengths:.0f} characters on average; CPU ms, median of {ROUNDS} rounds in turn"
    )
    measure_counting(texts)
    measure_composing(make_values())


def make_texts() -> list[str]:
    """Texts of 30 to 300 characters, always the same."""
    source = random.Random(1)  # noqa: S311 - made-up texts
    return [make_text(source) for _ in range(NUM_TEXTS)]


def make_text(source: random.Random) -> str:
    length = source.randrange(30, 300)
    words = source.choices(WORDS, k=length // 6)
    kind = source.random()
    if kind < 0.25:
        words += source.choices(POLISH, k=3)
    elif kind < 0.30:
        words.append(source.choice(("€", "[OC/AC]")))
    elif kind < 0.31:
        words.append("😀")
    source.shuffle(words)
    return " ".join(words)[:length]


def make_values() -> list[dict[str, str]]:
    """The data of as many clients, as the book holds them."""
    source = random.Random(2)  # noqa: S311
    return [
        {
            "imie": source.choice(("Jan", "Katarzyna", "Łukasz", "Elżbieta")),
            "nr_polisy": f"POL/{number:08}",
            "nr_rej": f"OP {number:05}",
            "data_konca": f"{source.randrange(1, 29):02}.12.2026",
        }
        for number in range(NUM_TEXTS)
    ]


def measure_counting(texts: list[str]) -> None:
    from messaging.segments import BASIC_CHARACTERS, EXTENSION_CHARACTERS, count_parts
    from messaging.tests.exact_parts import BASIC, EXTENSION, exact_parts

    strings = BASIC_CHARACTERS, EXTENSION_CHARACTERS
    exact = [len(exact_parts(text)[2]) for text in texts]
    ways: dict[str, Callable[[], list[Any]]] = {
        "character by character": lambda: [per_character(text, *strings) for text in texts],
        "the same with sets": lambda: [per_character(text, BASIC, EXTENSION) for text in texts],
        "the tests' exact reference": lambda: [len(exact_parts(text)[2]) for text in texts],
        "count_parts": lambda: [count_parts(text) for text in texts],
    }
    for name, way in ways.items():
        if way() != exact:
            raise RuntimeError(f"{name}: not what the exact reference counts")
    print("counting:")
    compare(ways)


def per_character(text: str, basic: Container[str], extension: Container[str]) -> int:
    """As the standard is usually written down: a look at every character, then parts filled one by one."""
    units, is_gsm = 0, True
    for character in text:
        if character in basic:
            units += 1
        elif character in extension:
            units += 2
        else:
            is_gsm = False
            break
    if not is_gsm:
        units = sum(2 if ord(character) > 0xFFFF else 1 for character in text)
    single, part = (160, 153) if is_gsm else (70, 67)
    if units <= single:
        return 1 if units else 0
    parts, used = 1, 0
    for character in text:
        cost = 2 if (character in extension if is_gsm else ord(character) > 0xFFFF) else 1
        if used + cost > part:
            parts, used = parts + 1, 0
        used += cost
    return parts


def measure_composing(values: list[dict[str, str]]) -> None:
    from django.template import Context, Engine

    from messaging.composing import ReadyValues, compile_body
    from messaging.normalising import normalise

    template = Engine(autoescape=False).from_string(re.sub(r"{(\w+)}", r"{{ \1 }}", BODY))
    body = compile_body(BODY)
    ready = [ReadyValues.of(one) for one in values]
    ways: dict[str, Callable[[], list[Any]]] = {
        "Django's template": lambda: [template.render(Context(one)) for one in ready],
        "render": lambda: [body.render(one) for one in ready],
        "ReadyValues, once for each client": lambda: [ReadyValues.of(one) for one in values],
    }
    slow = [normalise(template.render(Context(one))) for one in values]
    if ways["render"]() != slow or ways["Django's template"]() != slow:
        raise RuntimeError("the texts differ")
    print("composing:")
    compare(ways)


def compare(ways: dict[str, Callable[[], list[Any]]]) -> None:
    """Measure the ways in turn; the first is what the others are held against."""
    rounds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            rounds[name].append(cpu_ms(way))
    first = statistics.median(next(iter(rounds.values())))
    for name, taken in rounds.items():
        median = statistics.median(taken)
        print(f"  {name}: {median:.0f}, {first / median:.1f} times as fast")


def cpu_ms(way: Callable[[], list[Any]]) -> float:
    start = process_time()
    way()
    return (process_time() - start) * 1000


if __name__ == "__main__":
    main()
