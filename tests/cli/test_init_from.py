"""`scaffold init --from`: what a user may point it at, and what it does to their files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.snapshot.model import Account, Contents, Place, Snapshot, Vpc
from generator.snapshot.write import write
from tests.support import cli, sixty

SIXTY = sixty.files()
REQUESTS = {path: content for path, content in SIXTY.items() if "/prod-" in path or "/dev-" in path or "/modules/" in path}
"""Twenty requests of the sixty: a file each."""
FROM = ("init", "--from", "../aft-account-request")


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    """An empty directory beside a checkout of requests."""
    cli.written(tmp_path / "aft-account-request", REQUESTS)
    (tmp_path / "zone").mkdir()
    return tmp_path / "zone"


def _before(zone: Path) -> dict[str, bytes]:
    """All files but those that a run leaves for itself."""
    return {path: content for path, content in cli.snapshot(zone.parent).items() if "/.scaffold/" not in f"/{path}"}


def test_it_writes_its_proposals_and_touches_nothing_else(zone: Path) -> None:
    """The checkout stays as it is; a second run has nothing to do, and the result works."""
    before = _before(zone)

    done = cli.must(zone, *FROM)
    after = _before(zone)
    again = cli.must(zone, *FROM)

    assert set(after) - set(before) == {"zone/scaffold.yaml", "zone/peering/policy.yaml"} and before.items() <= after.items()
    assert "create     scaffold.yaml" in done.out and "scaffold lint" in done.out
    assert "Nothing to do" in again.out and "Next" not in again.out
    assert cli.must(zone, "peering", "plan").status == 0 and cli.run(zone, "lint").status == 2


@pytest.mark.parametrize("more", [("--check",), ("--check", "--diff"), ("--check", "--format", "json")])
def test_a_check_writes_nothing(zone: Path, more: tuple[str, ...]) -> None:
    """Status 2: something would be written."""
    before = _before(zone)

    done = cli.run(zone, *FROM, *more)

    assert done.status == 2 and _before(zone) == before
    assert ("+version: 1" in done.out) is ("--diff" in more)


def test_what_is_there_is_never_overwritten(zone: Path) -> None:
    """Not a scaffold.yaml of another content; a policy of one's own stays, and is no hindrance."""
    cli.written(zone, {"scaffold.yaml": b"version: 1\n"})
    before = _before(zone)

    refused = cli.run(zone, *FROM)

    assert refused.status == 1 and "scaffold.yaml: this file exists and differs" in refused.err and _before(zone) == before
    (zone / "scaffold.yaml").unlink()
    cli.written(zone, {"peering/policy.yaml": b"version: 1\nrules: []\ntests: []\n"})
    cli.must(zone, *FROM)
    assert (zone / "peering/policy.yaml").read_bytes().endswith(b"tests: []\n")


@pytest.mark.parametrize(
    ("directory", "given", "path"),
    [
        ("zone", "../aft-account-request", 'paths: {requests: "../aft-account-request"}\n'),
        ("zone", "../aft-account-request/terraform", 'paths: {requests: "../aft-account-request"}\n'),
        ("zone", "..", 'paths: {requests: "../aft-account-request"}\n'),
        (".", ".", ""),
        (".", "aft-account-request", ""),
        ("aft-account-request", ".", 'paths: {requests: "."}\n'),
    ],
)
def test_the_folder_may_be_named_in_each_way(zone: Path, directory: str, given: str, path: str) -> None:
    """The checkout, its terraform/, the repository that holds it; and lint finds it again from where scaffold.yaml stands."""
    root = zone.parent / directory
    before = _before(zone)

    cli.must(root, "init", "--from", given)

    written = (root / "scaffold.yaml").read_text()
    assert written.endswith(path) if path else "paths:" not in written
    done = cli.run(root, "lint")
    assert "20 accounts checked" in done.out and before.items() <= _before(zone).items()
    told = path.removeprefix('paths: {requests: "').removesuffix('"}\n')
    assert [line for line in done.err.splitlines() if "paths in scaffold.yaml" in line] == (
        [f"aft-account-request/ is {told}/, as paths in scaffold.yaml says"] if path else []
    )


def _refused(zone: Path, *arguments: str, status: int = 1) -> str:
    before = _before(zone)
    done = cli.run(zone, *arguments)
    assert (done.status, done.out) == (status, "") and _before(zone) == before
    return done.err


def test_a_folder_without_requests_is_refused_with_what_to_do(zone: Path) -> None:
    """Empty, without terraform/, with an empty one, with requests where AFT does not read them, with several."""
    one = REQUESTS["terraform/dev-data-1.tf"]
    near = zone.parent / "near"
    cli.written(near, {"loose/a.tf": one, "two/x/terraform/a.tf": one, "two/y/aft-account-request/terraform/a.tf": one})
    for name in ("empty", "bare/terraform"):
        (near / name).mkdir(parents=True)

    assert "it has no terraform/" in _refused(zone, "init", "--from", "../near/empty")
    assert "run scaffold init without --from" in _refused(zone, "init", "--from", "../near/bare")
    assert "AFT reads terraform/ only" in _refused(zone, "init", "--from", "../near/loose")
    assert "requests stand in ../near/two/x, ../near/two/y" in _refused(zone, "init", "--from", "../near/two")


def test_two_folders_of_one_repository_are_not_guessed_between(zone: Path) -> None:
    """Requests in terraform/ and in aft-account-request/terraform/."""
    cli.written(zone.parent, {"terraform/a.tf": REQUESTS["terraform/dev-data-1.tf"]})

    assert "../terraform and in ../aft-account-request/terraform" in _refused(zone, "init", "--from", "..")


def test_what_is_no_folder_is_wrong_usage(zone: Path) -> None:
    """A path that is not there, and a file."""
    assert "does not exist" in _refused(zone, "init", "--from", "../nowhere", status=64)
    assert "is a file" in _refused(zone, "init", "--from", "../aft-account-request/terraform/dev-data-1.tf", status=64)


def test_scaffold_yaml_never_lands_in_the_folder_that_aft_applies(zone: Path) -> None:
    """Where the command was run in it by mistake."""
    inside = zone.parent / "aft-account-request/terraform"

    done = cli.run(inside, "init", "--from", ".")

    assert done.status == 1 and "the folder that AFT applies" in done.err and not (inside / "scaffold.yaml").exists()


def test_a_path_that_scaffold_yaml_cannot_say_is_refused(zone: Path) -> None:
    """Before anything is written."""
    cli.written(zone.parent / "my requests", REQUESTS)

    assert 'cannot say "../my requests"' in _refused(zone, "init", "--from", "../my requests")


def test_illegal_names_are_said_by_their_options(zone: Path) -> None:
    """As without --from."""
    assert '--management is "123"' in _refused(zone, *FROM, "--management", "123")


def test_a_file_that_cannot_be_read_is_told_and_never_absent(zone: Path) -> None:
    """Status 3, its line, and a word in the proposal; where nothing else is there, nothing is proposed."""
    cli.written(zone.parent / "aft-account-request", {"terraform/half.tf": sixty.BROKEN})

    done = cli.run(zone, *FROM)

    assert done.status == 3 and "../aft-account-request/terraform/half.tf:5: not HCL" in done.err
    assert "NOT EVERYTHING COULD BE READ" in (zone / "scaffold.yaml").read_text()
    alone = zone.parent / "alone"
    cli.written(alone, {"terraform/half.tf": sixty.BROKEN})
    assert "half.tf:5: not HCL" in _refused(zone, "init", "other", "--from", "../alone")


def test_names_that_are_told_are_no_placeholders(zone: Path) -> None:
    """Each option takes its line off the list; where nothing is told the domain names the organization."""
    told = json.loads(cli.run(zone, *FROM, "--check", "--format", "json").out)["data"]["placeholders"]
    options = ["--organization", "umb", "--organization-id", "o-zz99zz99zz", "--repository", "umb/x", "--management", "999988887777"]
    fewer = json.loads(cli.must(zone, *FROM, *options, "--home-region", "us-east-1", "--format", "json").out)["data"]["placeholders"]
    written = (zone / "scaffold.yaml").read_text()

    assert len(told) == 9 and len(fewer) == 2
    assert all(word in written for word in ('"umb"', '"o-zz99zz99zz"', '"umb/x"', '"999988887777"', '"umb-reader"'))


def test_the_home_region_is_the_one_where_networks_are(zone: Path) -> None:
    """A guess, so its line is marked, and no region is added that nobody uses; what is told is no guess."""
    moved = {path: content.replace(b"us-east-1", b"eu-central-1").replace(b"eu-west-1", b"eu-central-1") for path, content in SIXTY.items()}
    cli.written(zone.parent / "aft-account-request", moved)

    cli.must(zone, *FROM)
    written = (zone / "scaffold.yaml").read_text()
    cli.must(zone, "init", "../told", *FROM[1:], "--home-region", "us-east-1")

    assert 'home_region: "eu-central-1" # PLACEHOLDER: the home region of Control Tower, a guess' in written
    assert "us-east-1" not in written
    assert 'home_region: "us-east-1"\n' in (zone.parent / "told/scaffold.yaml").read_text()


KEYS = {
    "requests": {"total", "files", "styles"},
    "tags": {"key", "on", "lacking", "unknown", "values", "rule"},
    "illegal_keys": set(),
    "near_misses": {"what", "found", "meant", "accounts", "place", "lint"},
    "roles": {"environment", "owner"},
    "environments": {"name", "unit", "units", "production", "requests"},
    "units": {"key", "name", "id", "requests"},
    "illegal_units": set(),
    "names": {"pattern", "matching", "others", "sure"},
    "emails": {"pattern", "matching", "others", "sure"},
    "sso_user": {"email", "requests"},
    "addresses": {"regions", "overlaps", "wrong", "elsewhere"},
    "aws": set(),
    "placeholders": {"line", "what"},
    "changes": {"path", "action", "owner"},
}


def test_the_object_has_the_keys_that_are_documented(zone: Path) -> None:
    """The observation, as the text says it."""
    data = json.loads(cli.must(zone, *FROM, "--format", "json").out)["data"]

    assert set(data) == set(KEYS)
    for name, keys in KEYS.items():
        first = data[name][0] if isinstance(data[name], list) else data[name]
        assert not keys or set(first) == keys, name
    assert data["roles"]["environment"]["tag"] == "umb:env" and data["requests"]["total"] == 20


def test_a_saved_snapshot_shows_what_has_no_request(zone: Path) -> None:
    """An account made by hand is proposed in accounts.yaml; lint reads it, and misses its tags."""
    hub = Account("444455556666", "hub", "hub@umbrella.example", "ACTIVE", {"owner": "platform"})
    seen = Snapshot(
        "2026-11-24T09:30:00Z", {hub.id: hub}, {Place(hub.id, "us-east-1"): Contents((Vpc("vpc-0abc0abc", ("10.40.0.0/16",)),))}
    )
    (zone / "audit.json").write_bytes(write(seen))

    done = cli.must(zone, *FROM, "--snapshot", "audit.json")
    linted = cli.run(zone, "lint")

    assert "1 account without a request, and 1 VPC" in done.out and "accounts.yaml" in done.out
    assert "accounts.yaml:7: hub: the required tag umb:env is missing" in linted.err and "21 accounts checked" in linted.out


def test_the_organization_of_a_snapshot_is_no_guess(zone: Path) -> None:
    """Its id is that of the accounts' paths; another one that was told is refused."""
    hub = Account("444455556666", "hub", "hub@umbrella.example", "ACTIVE", {"owner": "platform"}, "o-umbrella99/r-ab12/")
    (zone / "audit.json").write_bytes(write(Snapshot("2026-11-24T09:30:00Z", {hub.id: hub})))

    told = _refused(zone, *FROM, "--snapshot", "audit.json", "--organization-id", "o-a1b2c3d4e5")
    cli.must(zone, *FROM, "--snapshot", "audit.json")

    assert "audit.json: it shows the organization o-umbrella99, and --organization-id says o-a1b2c3d4e5" in told
    assert '  id: "o-umbrella99"\n' in (zone / "scaffold.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("init", "--live"), "about --from"),
        (("init", "--reader", "x"), "about --from"),
        ((*FROM, "--live"), "--live wants --management ID and --reader ROLE"),
        ((*FROM, "--live", "--snapshot", "../aft-account-request/terraform/dev-data-1.tf"), "either --snapshot FILE, or --live"),
    ],
)
def test_options_that_mean_nothing_together_are_wrong_usage(zone: Path, arguments: tuple[str, ...], said: str) -> None:
    """Before anything is read."""
    assert said in _refused(zone, *arguments, status=64)


def test_an_illegal_role_is_refused(zone: Path) -> None:
    """By its option."""
    assert '--reader is "a b"' in _refused(zone, *FROM, "--reader", "a b")


@pytest.mark.parametrize("reader", ["Audit", "OrganizationAccountAccessRole"])
def test_a_role_that_is_there_is_not_made_again(zone: Path, reader: str) -> None:
    """AFT's run would end in every account; whether the other one is to be made is for people to say."""
    cli.must(zone, *FROM, "--reader", reader)
    text = (zone / "scaffold.yaml").read_text()

    assert f'reader: "{reader}"\n' in text and f"  create: false # PLACEHOLDER: {reader} is there already" in text
    assert "wrong-value" not in cli.run(zone, "lint").err and cli.must(zone, "peering", "plan").status == 0


def test_without_such_a_role_both_are_made(zone: Path) -> None:
    """Nothing is said of it: that is the default."""
    cli.must(zone, *FROM)

    assert "create:" not in (zone / "scaffold.yaml").read_text()
