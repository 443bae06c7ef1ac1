"""Invented articles, for tests and measurements."""

from __future__ import annotations

import random

WORDS = (
    "harbour ferry council pier gull storm mayor budget timber crane tide lantern school bridge fog engine "
    "market fish auction roof library winter crew island signal rope anchor quay ledger baker tram parish "
    "committee vote water tower canal lock barge sluice copper slate chalk orchard meadow ridge"
).split()


def sentence(random: random.Random, words: int) -> str:
    """Return a sentence of so many words, with a comma in it and a number now and then."""
    chosen = [random.choice(WORDS) for _ in range(words)]
    chosen[words // 2] += ","
    if random.random() < 0.2:
        chosen[-1] = str(random.randrange(2, 9000))
    return " ".join(chosen).capitalize() + "."


def article(random: random.Random, paragraphs: int = 4) -> str:
    """Return an article of so many paragraphs."""
    texts = (" ".join(sentence(random, random.randrange(8, 16)) for _ in range(3)) for _ in range(paragraphs))
    return "\n\n".join(texts)


def edited(random: random.Random, text: str, share: float) -> str:
    """Return the text with a share of its words put otherwise."""
    words = text.split(" ")
    for at in range(len(words)):
        if random.random() < share and "\n" not in words[at]:
            words[at] = random.choice(WORDS)
    return " ".join(words)
