"""Every `atlantis.yaml` that we write is one that Atlantis reads: no problem of any kind, whatever the landing zone is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.accounts.add import Spec
from generator.atlantis import model, patterns, region
from generator.atlantis.fields import Findings
from generator.atlantis.validate import validate
from generator.files import MemoryTree
from generator.landing_zone.desired import desired
from tests.support import peered, zones

NAMES = st.lists(
    st.builds("{}-{}".format, st.sampled_from(["prod", "staging", "dev"]), st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)),
    min_size=1,
    max_size=5,
    unique=True,
)
ACCOUNTS = NAMES.flatmap(
    lambda names: st.tuples(
        *(
            st.builds(peered.Account, st.just(name), st.sampled_from(["ml", "web"]), st.sampled_from(["app", "vpn"]), vended=st.booleans())
            for name in names
        )
    )
)
FEW = settings(max_examples=20, deadline=None)


def _completed(accounts: Sequence[peered.Account], completed: Sequence[str]) -> dict[str, bytes]:
    """The files once some of the accounts have their stacks, added in this order, and everything is settled."""
    content = peered.landing_zone(accounts, peered.ALONE)
    for name in completed:
        content = zones.with_account(content, Spec(name), None)
    return peered.synced(content)


def _config(content: bytes) -> model.RepoConfig:
    found = Findings(region.FILE)
    node = model.parse(content, found)
    assert node is not None
    config = model.read(node, found)
    assert config is not None
    return config


@FEW
@given(ACCOUNTS, st.data())
def test_a_generated_file_has_no_problem_at_all(accounts: Sequence[peered.Account], data: st.DataObject) -> None:
    """On a server that nobody has seen, in the tree it was written for: unrestricted keys only, and every directory exists."""
    completed = data.draw(st.lists(st.sampled_from([account.name for account in accounts]), unique=True))
    content = _completed(accounts, completed)

    assert validate(content[region.FILE], region.FILE, tree=MemoryTree(content)) == []
    projects = _config(content[region.FILE]).projects or ()
    assert [project.name for project in projects] == sorted({project.dir or "" for project in projects})
    assert [project.dir for project in projects] == region.listed(content[region.FILE])


@FEW
@given(ACCOUNTS, st.randoms(use_true_random=False))
def test_the_bytes_depend_on_no_order(accounts: Sequence[peered.Account], random: Random) -> None:
    """Not on that in which accounts were completed, nor on that in which files are found."""
    names = [account.name for account in accounts]
    content = _completed(accounts, names)
    shuffled = dict(random.sample(sorted(content.items()), len(content)))

    assert _completed(accounts, random.sample(names, len(names)))[region.FILE] == content[region.FILE]
    assert desired(zones.zone(shuffled)).files[region.FILE].content == content[region.FILE]


def _planned(content: Mapping[str, bytes], file: str) -> list[str]:
    projects = _config(content[region.FILE]).projects or ()
    return [
        project.dir or ""
        for project in projects
        if project.autoplan is not None and patterns.triggers(project.dir or "", project.autoplan.when_modified or (), [file])
    ]


@FEW
@given(ACCOUNTS)
def test_a_change_of_a_stack_plans_that_stack_and_one_of_a_module_those_that_call_it(accounts: Sequence[peered.Account]) -> None:
    """Each file of a listed directory plans its own project and no other."""
    content = _completed(accounts, [account.name for account in accounts])
    listed = region.listed(content[region.FILE])

    for directory in listed:
        for name in ("main.tf", "account.tf.json", ".terraform.lock.hcl", "new.tf"):
            assert _planned(content, f"{directory}/{name}") == [directory]
    for name in ("peering", "ecr", "network"):
        calls = [directory for directory in listed if f"modules/{name}/1.0.0" in content[f"{directory}/main.tf"].decode()]
        assert _planned(content, f"modules/{name}/1.0.0/main.tf") == calls


@given(
    st.lists(st.tuples(*[st.from_regex(r"[a-z0-9-]{1,9}", fullmatch=True)] * 2), unique=True, max_size=8), st.randoms(use_true_random=False)
)
def test_any_projects_make_a_file_without_problems(pairs: list[tuple[str, str]], random: Random) -> None:
    """Any slugs, in any order."""
    projects = [region.Project(f"peering/x{one}--{other}", ("*.tf*", "../../modules/peering/1.0.0")) for one, other in pairs]
    empty = region.new_file(parallel=True)

    content = region.with_projects(empty, projects)

    assert content is not None and validate(content, region.FILE) == []
    assert region.with_projects(empty, random.sample(projects, len(projects))) == content


def test_there_are_projects_of_every_kind_among_them() -> None:
    """The properties above speak of pairs, networks and registries, not of empty files."""
    content = _completed(peered.COMPANY, ["prod-ml", "dev-web"])

    listed = region.listed(content[region.FILE])
    assert {"peering/prod-hub--prod-ml", "stacks/prod-ml/us-east-1/network", "stacks/dev-web/us-east-1/ecr"} <= set(listed)
    assert _planned(content, "modules/peering/1.0.0/main.tf") == [directory for directory in listed if directory.startswith("peering/")]
