"""`atlantis.yaml` as `sync` keeps it: what may be planned is listed, what exists stays listed, and the rest is somebody's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.atlantis import region
from tests.support import cli, peered

FOREIGN = f"""\
version: 3
autodiscover: {{mode: disabled}}
projects:
- &dns {{name: legacy/dns, dir: legacy/dns, workspace: default}}
- {{<<: *dns, name: legacy/mail, dir: legacy/mail}}   # trailing blanks:  \t
{region.BEGIN}
{region.END}
- {{<<: *dns, name: legacy/vpn, dir: legacy/vpn}}
- name: legacy/über
  dir: legacy/ueber
  autoplan: &always {{when_modified: ["**"]}}
- name: legacy/last
  dir: legacy/last
  autoplan: *always
workflows:
  legacy:
    plan:
      steps:
      - run: |
          echo "- name: no project of ours"
      - plan: {{extra_args: ["-lock=false"]}}"""


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    """The company, with the stacks of two accounts: one is vended, the other is not."""
    accounts = [*peered.COMPANY, peered.Account("dev-new", "new", vended=False)]
    root = cli.written(tmp_path / "zone", peered.unsettled(accounts))
    for name in ("prod-ml", "dev-new"):
        cli.must(root, "account", name)
    cli.must(root, "sync")
    return root


def _listed(root: Path) -> list[str]:
    return region.listed((root / region.FILE).read_bytes())


def test_only_what_can_be_planned_is_listed(zone: Path) -> None:
    """Every pair that has a stack, and the stacks of accounts that answered; each once, in order."""
    pairs = sorted(
        f"peering/{name}" for name in peered.live_pairs({str(p.relative_to(zone)): p.read_bytes() for p in zone.glob("peering/*/main.tf")})
    )

    assert _listed(zone) == [*pairs, "stacks/prod-ml/us-east-1/ecr", "stacks/prod-ml/us-east-1/network"]
    assert all((zone / directory).is_dir() for directory in _listed(zone))


def test_each_project_looks_at_the_module_it_calls(zone: Path) -> None:
    """A stack that calls another version is planned when that one changes."""
    main = zone / "stacks/prod-ml/us-east-1/ecr/main.tf"
    main.write_text(main.read_text().replace("modules/ecr/1.0.0", "modules/ecr/2.0.0"))

    cli.must(zone, "sync")

    text = (zone / region.FILE).read_text()
    assert text.count('"../../../../modules/ecr/2.0.0"]') == 1 and "modules/ecr/1.0.0" not in text
    assert text.count('"../../modules/peering/1.0.0"]') == 5


@pytest.mark.parametrize("lost", ["inventory.json", "aft-account-request/terraform/prod-ml.tf", "stacks/prod-ml/us-east-1/ecr/backend.tf"])
def test_ignorance_takes_no_project_away(lost: str, zone: Path) -> None:
    """A stack whose account is not known any more is still there, and Atlantis has to plan it."""
    before = _listed(zone)
    (zone / lost).unlink()

    cli.run(zone, "sync")

    assert _listed(zone) == before


def test_a_syntax_error_takes_no_project_away(zone: Path) -> None:
    """Nor does a request that cannot be read."""
    before = _listed(zone)
    (zone / "aft-account-request/terraform/prod-ml.tf").write_text("module {{{")

    assert cli.run(zone, "sync").status == 3 and _listed(zone) == before


def test_a_tombstone_stays_listed_until_it_is_gone(zone: Path) -> None:
    """Atlantis has to plan the destroy."""
    cli.must(zone, "account", "prod-ml", "--tag", "environment=dev")

    assert "peering/prod-hub--prod-ml" in _listed(zone)


def test_a_foreign_file_keeps_every_byte_outside(zone: Path) -> None:
    """Anchors, workflows and projects of somebody's own."""
    (zone / region.FILE).write_text(FOREIGN)

    cli.must(zone, "sync")

    text = (zone / region.FILE).read_text()
    head, tail = FOREIGN.split(f"{region.BEGIN}\n")[0], FOREIGN.split(f"{region.END}\n")[1]
    assert text.startswith(head) and text.endswith(tail) and len(_listed(zone)) == 7
    assert cli.must(zone, "sync", "--check").out.startswith("Nothing to do")


def test_a_file_without_a_region_is_left_alone(zone: Path) -> None:
    """It is somebody's; where our region would go is said, with status 2."""
    (zone / region.FILE).write_text("version: 3\nprojects: []\n")

    done, lint = cli.run(zone, "sync"), cli.run(zone, "lint")

    assert done.status == lint.status == 2 and (zone / region.FILE).read_text() == "version: 3\nprojects: []\n"
    assert "atlantis.yaml:2: there is no region of ours, so 7 projects are not listed" in done.err
    assert "write autodiscover: {mode: disabled}" in lint.err


def test_two_branches_that_add_projects_merge(zone: Path) -> None:
    """One block per project: what is added in different places is no conflict."""
    cli.must(zone, "account", "prod-pay")
    cli.commit(zone)
    cli.git(zone, "switch", "--quiet", "-c", "one")
    cli.must(zone, "account", "dev-ml")
    cli.commit(zone)
    cli.git(zone, "switch", "--quiet", "-")
    cli.must(zone, "account", "staging-pay")
    cli.commit(zone)

    cli.git(zone, "merge", "--quiet", "one")

    assert {"stacks/dev-ml/us-east-1/ecr", "stacks/staging-pay/us-east-1/ecr"} <= set(_listed(zone))
    assert cli.must(zone, "sync", "--check").out.startswith("Nothing to do")


def test_generate_writes_this_file_and_no_other(zone: Path) -> None:
    """It lists what is there, a pair that sync has not written yet excepted, and takes away what is gone."""
    content = (zone / region.FILE).read_bytes()
    shutil.rmtree(zone / "peering/dev-hub--dev-web")
    (zone / region.FILE).write_bytes(region.without(content, ["stacks/prod-ml/us-east-1/ecr"]))
    before = cli.snapshot(zone)

    checked = cli.run(zone, "atlantis", "generate", "--check")
    cli.must(zone, "atlantis", "generate")

    after = cli.snapshot(zone)
    assert checked.status == 2
    assert {path for path in before if before[path] != after.get(path)} == {region.FILE}
    assert _listed(zone) == [name for name in region.listed(content) if name != "peering/dev-hub--dev-web"]


def test_all_that_a_stack_calls_is_watched(zone: Path) -> None:
    """On one line, from any file, in JSON, and what a module calls again; its own directory is watched as a whole."""
    stack = zone / "stacks/prod-ml/us-east-1/ecr"
    (stack / "more.tf").write_text('module "o" { source = "../../../../modules/own/1.0.0" }\nmodule "s" { source = "./sub" }\n')
    (stack / "more.tf.json").write_text('{"module": {"x": {"source": "../../../../modules/other"}}}')
    for name in ("modules/own/1.0.0", "modules/other", "lib/x"):
        (zone / name).mkdir(parents=True)
    (zone / "modules/own/1.0.0/main.tf").write_text('module "x" {\n  source = "../../../lib/x"\n}\n')

    cli.must(zone, "sync")

    block = (zone / region.FILE).read_text().split("- name: stacks/prod-ml/us-east-1/ecr\n")[1].split("- name:")[0]
    patterns = ("**", *(f"../../../../{name}" for name in ("modules/ecr/1.0.0", "modules/own/1.0.0", "modules/other", "lib/x")))
    assert f"when_modified: [{', '.join(f'{chr(34)}{pattern}{chr(34)}' for pattern in patterns)}]" in block
