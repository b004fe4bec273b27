"""What a change does to the conventions and to the policy: values of `scaffold.yaml`, rules and tests of `peering/policy.yaml`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from generator.documents import strict_yaml
from generator.files import Tree
from generator.organization.schema import FILE
from generator.peering.policy import Effect, Policy, Rule

_FIRST = ("state", "roles", "partition", "accounts")
"""What concerns every stack at once."""
_WORDS = {"sides": "between"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of `scaffold.yaml` that changes: None where it is absent before or after. `path` has dots (`state.bucket`)."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is another one now: None where it is absent before or after."""

    old: Rule | None
    new: Rule | None

    @property
    def rule(self) -> Rule:
        """The rule as it is, or was."""
        found = self.new or self.old
        assert found is not None  # one of the two is there
        return found

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What it did and does: one effect where that is the same."""
        return tuple(dict.fromkeys(rule.effect for rule in (self.old, self.new) if rule is not None))

    @property
    def what(self) -> str:
        """`removed`, `added`, or what of it changed."""
        if self.old is None or self.new is None:
            return "added" if self.old is None else "removed"
        compared = (each.name for each in fields(Rule) if each.compare)
        differ = [_WORDS.get(name, name) for name in compared if getattr(self.old, name) != getattr(self.new, name)]
        return f"changed ({', '.join(differ)})"


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """The rules that differ, those that deny first, and how many tests came and went."""

    rules: tuple[RuleChange, ...] = ()
    tests_added: int = 0
    tests_removed: int = 0


def setting_changes(before: Tree, after: Tree) -> list[Setting]:
    """Every value of `scaffold.yaml` that differs; first those that concern every stack at once."""
    old, new = (dict(_flat(_document(tree))) for tree in (before, after))
    paths = [path for path in sorted({*old, *new}) if old.get(path) != new.get(path)]
    return sorted((Setting(path, old.get(path), new.get(path)) for path in paths), key=_rank)


def _document(tree: Tree) -> Any:
    found, _ = strict_yaml.read(tree.read(FILE) or b"", FILE)
    return found.plain() if found is not None else {}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value with its path; a list is one value, since a place in it says nothing."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    elif path:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rank(setting: Setting) -> tuple[int, str]:
    top = setting.path.partition(".")[0]
    return (_FIRST.index(top) if top in _FIRST else len(_FIRST)), setting.path


def policy_changes(before: Policy | None, after: Policy | None) -> PolicyChange:
    """The rules and tests that differ; a policy that is missing or cannot be read has none."""
    was, now = before or Policy(), after or Policy()
    ids = sorted({rule.id for rule in (*was.rules, *now.rules)})
    found = [RuleChange(was.rule(id), now.rule(id)) for id in ids if was.rule(id) != now.rule(id)]
    old, new = Counter(was.tests), Counter(now.tests)
    listed = sorted(found, key=lambda change: (Effect.DENY not in change.effects, change.new is not None, change.rule.id))
    return PolicyChange(tuple(listed), (new - old).total(), (old - new).total())
