"""`generator/landing_zone/RULES.md`: the reference of `scaffold lint`, made from the catalogue and from what the command prints."""

from __future__ import annotations

import json
from pathlib import Path

from generator.landing_zone import baseline
from generator.organization.catalogue import GROUPS, RULES, Kind, LintRule
from tests.support import cli

PAGE = cli.REPOSITORY / "generator/landing_zone/RULES.md"
HEAD = """\
# The rules of `scaffold lint`

`scaffold lint` checks everything offline. `scaffold lint --base REF` fails only for what the change causes, and tells besides what the
change itself does that cannot be undone. `scaffold lint --explain ID` prints one of these rules, `scaffold lint --rules` all of them.

What an organization decides about a rule is its *kind*:

| kind | severity | a single finding |
| --- | --- | --- |
| advice | chosen in `scaffold.yaml`: `lint: {rules: {ID: off, note, warning or error}}` | can be accepted |
| duty | always on: what it finds fails later, in AFT, AWS, Terraform or Atlantis | can be accepted |
| promise | always on: it keeps unread from being taken for clean, and things from being lost | is never accepted |

The severities below are the usual ones. Only an error changes the exit status (2); what could not be read gives status 3, whatever is
chosen or accepted.

## The baseline

`scaffold lint --write-baseline --reason TEXT --expires YYYY-MM-DD [--rule ID]…` writes what is found now into `lint-baseline.yaml` (or
`--baseline FILE`); `--check` and `--diff` show it first. An accepted finding is counted in one note, and comes back on the day after its
last. An entry is known by its fingerprint: rule, file, value and words of the finding, without the numbers of lines. The command keeps the
reason and the day of an entry that holds still, and drops one that meets no finding, unless something could not be read.

```yaml
version: 1
accepted:
  - rule: illegal-name
    fingerprint: "0123456789abcdef"
    file: "aft-account-request/terraform/main.tf"
    message: "prod+ml: the name \\"prod+ml\\" has a character AFT cannot provision"
    reason: "older than the rules; renamed with CHG-42"
    expires: 2027-03-31
```

## `scaffold lint --format json`

One object on stdout: `schema` is `scaffold.lint/1`, `status` the exit status.

| key | holds |
| --- | --- |
"""
KEYS = {
    "data.accounts": "how many accounts were checked",
    "data.accepted[]": "each accepted finding: `id`, `severity`, `file`, `line`, `message`, `fingerprint`, `reason`, `expires`",
    "data.changes[]": "with `--write-baseline` only: `path`, `action`, `owner`",
    "problems[]": "each finding: `id` (below), `severity`, `file`, `line`, `value`, `message`, `remedy`; null where there is none",
}
EXPLAINED = "With `--explain`, `data` is one rule (`id`, `severity`, `kind`, `source`, `why`, `remedy`); with `--rules`, a list of them."


def _page() -> str:
    keys = "".join(f"| `{key}` | {text} |\n" for key, text in KEYS.items())
    return f"{HEAD}{keys}\n{EXPLAINED}\n" + "".join(_group(name, rules) for name, rules in GROUPS.items())


def _group(name: str, rules: tuple[LintRule, ...]) -> str:
    rows = "".join(f"| `{rule.id}` | {rule.severity.value} | {rule.kind.value} | {rule.source} | {_cell(rule)} |\n" for rule in rules)
    return f"\n## {name}\n\n| rule | severity | kind | from | why, and what to do |\n| --- | --- | --- | --- | --- |\n{rows}"


def _cell(rule: LintRule) -> str:
    return f"{rule.why}. **Do:** {rule.remedy}".replace("|", "\\|").replace("{{", "`{{`").replace("[", "\\[").replace("*.", "\\*.")


def test_the_reference_is_current(update_golden: bool) -> None:
    """Whoever adds a rule runs `make golden`, and a reviewer reads its line."""
    if update_golden:
        PAGE.write_text(_page())

    assert PAGE.read_text() == _page()


def test_the_object_that_lint_prints_has_the_keys_that_are_documented(tmp_path: Path) -> None:
    """No more and no fewer: of the findings, of what was accepted, of what was written, and of a rule."""
    cli.must(tmp_path, "init")
    cli.accounts(tmp_path, ["prod-ml"])
    cli.replace(tmp_path / "aft-account-request/terraform/prod-ml.tf", '"Production"', '"Legacy"')
    found = json.loads(cli.run(tmp_path, "lint", "--format", "json").out)
    arguments = ("lint", "--write-baseline", "--reason", "old", "--expires", "2099-12-31", "--format", "json")
    written = json.loads(cli.must(tmp_path, *arguments).out)
    rule = json.loads(cli.must(tmp_path, "lint", "--explain", "no-main", "--format", "json").out)["data"]

    assert {f"data.{key}" for key in written["data"]} == {key.removesuffix("[]") for key in KEYS if key.startswith("data.")}
    assert set(found["data"]) == {"accounts", "accepted"}
    rows = {"data.accepted[]": written["data"]["accepted"], "data.changes[]": written["data"]["changes"], "problems[]": found["problems"]}
    for key, (first, *_) in rows.items():
        assert [word for word in KEYS[key].split("`")[1::2] if word.isidentifier()] == list(first)
    assert [word for word in EXPLAINED.split("`")[1::2] if word in rule] == list(rule)


def test_the_example_of_a_baseline_is_one() -> None:
    """What the page shows can be read."""
    example = HEAD.partition("```yaml\n")[2].partition("```")[0]
    found = baseline.read(example.encode(), baseline.FILE)

    assert not found.problems and [entry.rule for entry in found.entries] == ["illegal-name"]


def test_each_kind_is_explained() -> None:
    """And every rule has one of them."""
    assert all(f"| {kind.value} |" in HEAD for kind in Kind) and {rule.kind for rule in RULES.values()} == set(Kind)
