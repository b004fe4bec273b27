"""Which of many words are one word, spelled otherwise: `Prod` beside `prod`, `cost_center` beside `CostCenter`, `enviroment`.

A slip is told only where the word that was meant is three times as frequent: of two words that are both in use neither is one.
Words that differ in digits are different words: `dev1` and `dev2`, `1.1` and `1.10`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping

RARE = 3
"""A word that is a slip of another one is that many times rarer."""
_SHORTEST = 4
# a hyphen between two digits tells numbers apart
_SEPARATOR = re.compile(r"(?<![0-9])[-_ ]+|[-_ ]+(?![0-9])")


def folded(text: str) -> str:
    """A word without case and separators; numbers keep theirs."""
    return _SEPARATOR.sub("", text.casefold()) or text


def near_misses(counts: Mapping[str, int], legal: Callable[[str], bool] = lambda word: True) -> dict[str, str]:
    """Each word that is probably another one, with that one; `legal` words are preferred to be the one that is meant."""
    groups: dict[str, list[str]] = defaultdict(list)
    for word in counts:
        groups[folded(word)].append(word)
    # of equally frequent spellings the one in lower case
    best = {
        fold: min(words, key=lambda word: (not legal(word), -counts[word], word != word.lower(), word)) for fold, words in groups.items()
    }
    total = {fold: sum(counts[word] for word in words) for fold, words in groups.items()}
    meant = {fold: _meant(fold, total) for fold in groups}
    return {
        word: best[meant[fold]]
        for fold, words in sorted(groups.items())
        for word in sorted(words)
        if word != best[meant[fold]]
    }  # fmt: skip


def _meant(fold: str, total: Mapping[str, int]) -> str:
    """The frequent word that a rare one is a slip of, else itself."""
    frequent = [other for other in total if total[other] >= RARE * total[fold] and is_slip(fold, other)]
    return min(frequent, key=lambda other: (-total[other], other), default=fold)


def is_slip(one: str, other: str) -> bool:
    """Do two words differ by one letter: left out, doubled, another one, or two that changed places?"""
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    if len(short) < _SHORTEST or len(long) <= _SHORTEST or short == long:
        return False
    if len(short) + 1 == len(long):
        return any(short == long[:place] + long[place + 1 :] and long[place].isalpha() for place in range(len(long)))
    differing = [place for place in range(len(short)) if short[place] != long[place]] if len(short) == len(long) else []
    letters = all(short[place].isalpha() and long[place].isalpha() for place in differing)
    return letters and (len(differing) == 1 or _swapped(short, long, differing))


def _swapped(one: str, other: str, differing: list[int]) -> bool:
    match differing:
        case [first, second]:
            return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return False
