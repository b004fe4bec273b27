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
_PARTS = re.compile(r"[^\W_]+")
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
    total = {best[fold]: sum(counts[word] for word in words) for fold, words in groups.items()}
    frequent = [word for word, number in sorted(total.items(), key=lambda pair: (-pair[1], pair[0])) if number >= RARE]
    found: dict[str, str] = {}
    for fold, words in sorted(groups.items()):
        meant = next((word for word in frequent if total[word] >= RARE * total[best[fold]] and is_slip(best[fold], word)), best[fold])
        found |= {word: meant for word in sorted(words) if word != meant}
    return found


def is_slip(one: str, other: str) -> bool:
    """Do two words differ by one letter in one of their parts: left out, doubled, another one, or two that changed places?

    The last letter tells things apart, as in `team-a` and `teamb`: there only a doubled one and an `s` too many are slips.
    """
    first, second = (_PARTS.findall(word.casefold()) for word in (one, other))
    differing = [pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
    return len(first) == len(second) and len(differing) == 1 and _is_slip(*sorted(differing[0], key=lambda word: (len(word), word)))


def _is_slip(short: str, long: str) -> bool:
    """The same of one part, the shorter one first. Letters that changed places are a slip in a short part too."""
    if len(short) == len(long):
        differing = [place for place in range(len(short)) if short[place] != long[place]]
        letters = all(short[place].isalpha() and long[place].isalpha() for place in differing)
        other = len(differing) == 1 and differing[0] < len(short) - 1 and len(short) > _SHORTEST
        return letters and (other or (_swapped(short, long, differing) and len(short) >= _SHORTEST - 1))
    if len(short) < _SHORTEST or len(short) + 1 != len(long):
        return False
    inside = any(short == long[:place] + long[place + 1 :] and long[place].isalpha() for place in range(len(short)))
    return inside or long == f"{short}s"


def _swapped(one: str, other: str, differing: list[int]) -> bool:
    match differing:
        case [first, second]:
            return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return False
