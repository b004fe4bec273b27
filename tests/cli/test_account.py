"""`scaffold account` on new and on existing accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import cli

REQUEST = "aft-account-request/terraform/prod-ml.tf"
NETWORK = "stacks/prod-ml/us-east-1/network"
EU = """  eu-west-1:
    zones: [euw1-az1, euw1-az2, euw1-az3]
    prefix: 20
    pools: {default: [10.64.0.0/12]}

# What a new account gets.
"""


def _add_europe(zone: Path) -> None:
    cli.replace(zone / "scaffold.yaml", "\n# What a new account gets.\n", EU)


def _data(zone: Path, stack: str) -> dict[str, object]:
    document = json.loads((zone / stack / "account.tf.json").read_text())
    account: dict[str, object] = document["locals"]["account"]
    return account


def test_an_existing_stack_with_a_missing_file_is_completed(zone: Path) -> None:
    """Only what is missing is written; a seeded file that a team edited stays."""
    before = cli.snapshot(zone)
    (zone / NETWORK / "versions.tf").unlink()
    (zone / NETWORK / "outputs.tf").unlink()
    (zone / NETWORK / "main.tf").write_text("# ours\n")

    cli.must(zone, "account", "prod-ml")

    assert cli.snapshot(zone) == {**before, f"{NETWORK}/main.tf": b"# ours\n"}


def test_nothing_given_is_nothing_done(zone: Path) -> None:
    """The same command twice changes nothing."""
    before = cli.snapshot(zone)

    done = cli.must(zone, "account", "prod-ml", "--owner", "ml-platform")

    assert done.out.startswith("Nothing to do") and cli.snapshot(zone) == before


def test_an_occupied_directory_is_refused_before_anything_is_written(fresh: Path) -> None:
    """Somebody's own root module stands where the stack would go."""
    place = fresh / "stacks/prod-ml/us-east-1/ecr"
    place.mkdir(parents=True)
    (place / "main.tf").write_text("# ours\n")
    before = cli.snapshot(fresh)

    done = cli.run(fresh, "account", "prod-ml", "--owner", "ml-platform")

    assert done.status == 1 and "stacks/prod-ml/us-east-1/ecr" in done.err and cli.snapshot(fresh) == before


def test_a_stack_asked_for_in_an_occupied_directory_is_refused(fresh: Path) -> None:
    """`--with` is no way around it."""
    cli.must(fresh, "account", "prod-ml", "--owner", "ml-platform", "--without", "ecr")
    (fresh / "stacks/prod-ml/us-east-1/ecr").mkdir()
    (fresh / "stacks/prod-ml/us-east-1/ecr/notes.txt").write_text("ours\n")
    before = cli.snapshot(fresh)

    done = cli.run(fresh, "account", "prod-ml", "--with", "ecr", "--tag", "tier=data")

    assert done.status == 1 and "notes.txt" in done.err and cli.snapshot(fresh) == before


def test_a_standard_stack_can_be_left_out(fresh: Path) -> None:
    """`--without` leaves neither its stack nor its module behind; what is there already stays, and that is said."""
    cli.must(fresh, "account", "prod-ml", "--owner", "ml-platform", "--without", "ecr")

    assert not (fresh / "stacks/prod-ml/us-east-1/ecr").exists() and not (fresh / "modules/ecr").exists()
    assert (fresh / NETWORK / "main.tf").exists()

    done = cli.must(fresh, "account", "prod-ml", "--without", "network", "--without", "ecr")
    assert done.out.startswith("Nothing to do") and (fresh / NETWORK / "main.tf").exists()
    assert done.err.startswith(f"note: {NETWORK}: this stack is there and stays: --without leaves out only what is not there yet;")


def test_a_further_network_in_the_home_region_has_a_name(fresh: Path) -> None:
    """Its stack is network-NAME, its range another one, and the request declares it."""
    cli.must(fresh, "account", "prod-ml", "--owner", "ml-platform", "--network", "us-east-1/batch")

    home, further = _data(fresh, NETWORK)["network"], _data(fresh, f"{NETWORK}-batch")["network"]
    assert isinstance(home, dict) and isinstance(further, dict)
    assert (home["name"], further["name"]) == ("prod-ml", "prod-ml.us-east-1.batch") and home["cidr_block"] != further["cidr_block"]
    assert f'"networks/us-east-1/batch" = "{further["cidr_block"]}"' in (fresh / REQUEST).read_text()


def test_an_existing_account_gets_a_network_in_another_region(zone: Path) -> None:
    """One line of the request and one stack; the home network stays as it is."""
    _add_europe(zone)
    before = cli.snapshot(zone)

    cli.must(zone, "account", "prod-ml", "--network", "eu-west-1")

    changed = {name for name, content in cli.snapshot(zone).items() if before.get(name) != content}
    assert {name.rpartition("/")[0] for name in changed} == {"aft-account-request/terraform", "stacks/prod-ml/eu-west-1/network"}
    network = _data(zone, "stacks/prod-ml/eu-west-1/network")["network"]
    assert isinstance(network, dict) and network["name"] == "prod-ml.eu-west-1" and network["cidr_block"].startswith("10.6")


def test_the_environment_tag_and_its_copy_change_together(zone: Path) -> None:
    """The global customizations read the copy: tags do not reach them."""
    cli.must(zone, "account", "prod-ml", "--tag", "environment=staging")

    request = (zone / REQUEST).read_text()
    assert request.count('"environment"  = "staging"') == 1 and request.count('"environment" = "staging"') == 1
    assert _data(zone, NETWORK)["environment"] == "staging" and cli.run(zone, "lint").status == 0


def test_permanent_values_are_refused_and_equal_ones_are_not(zone: Path) -> None:
    """AFT takes the address and the home region once; saying them again is no change."""
    before = cli.snapshot(zone)

    changed = cli.run(zone, "account", "prod-ml", "--email", "new@acme.com", "--region", "eu-west-1")
    same = cli.run(zone, "account", "prod-ml", "--email", "aws+prod-ml@acme.com", "--region", "us-east-1")

    assert (changed.status, same.status) == (1, 0) and changed.err.count("permanent") == 2 and cli.snapshot(zone) == before


def test_before_anybody_has_looked_at_aws_nothing_is_said_to_be_missing_there(zone: Path) -> None:
    """An account may be there for years: its request is older than this tool."""
    (zone / "inventory.json").unlink(missing_ok=True)
    unlooked, listed = cli.must(zone, "status", "prod-ml").out, cli.must(zone, "accounts")
    (zone / "inventory.json").write_text('{"version": 1, "accounts": {}}\n')
    looked = cli.must(zone, "status", "prod-ml").out

    assert "not vended yet" not in unlooked and "requested, vended or not is not known" in unlooked
    assert "scaffold pull: there is no inventory.json, so what AWS has is not known" in unlooked
    assert listed.err == "note: there is no inventory.json, so which of them AWS has is not known; run scaffold pull\n"
    assert "requested, not vended yet" in looked and not cli.must(zone, "accounts").err


@pytest.mark.parametrize("command", [("account", "prod-ml", "--tag", "owner=x"), ("status", "prod-ml"), ("account", "Prod ML")])
def test_of_two_requests_with_one_slug_none_is_meant(zone: Path, command: tuple[str, ...]) -> None:
    """Whichever name is typed: their stacks would be one directory."""
    request = (zone / REQUEST).read_text().replace('"prod-ml" {', '"twin" {').replace("prod-ml@", "twin@").replace('"prod-ml"', '"Prod ML"')
    (zone / REQUEST).with_name("a-twin.tf").write_text(request)
    before = cli.snapshot(zone)

    done = cli.run(zone, *command)
    assert (done.status, done.out) == (1, "") and cli.snapshot(zone) == before
    assert "2 requests are of prod-ml (aft-account-request/terraform/a-twin.tf:1 and " in done.err


def test_a_misspelt_skeleton_to_leave_out_is_refused_on_an_existing_account(zone: Path) -> None:
    """A typo is never silently nothing."""
    assert cli.run(zone, "account", "prod-ml", "--without", "erc").status == 1


def test_an_unreadable_request_does_not_stop_other_accounts(zone: Path) -> None:
    """Those that were read can be changed, and status 3 says that something is missing from the picture."""
    cli.must(zone, "account", "dev-web", "--owner", "web")
    (zone / "aft-account-request/terraform/broken.tf").write_text('module "broken" {\n')

    done = cli.run(zone, "account", "dev-web", "--owner", "shop")
    listed = cli.run(zone, "accounts")

    assert done.status == listed.status == 3 and "broken.tf" in done.err and "broken.tf" in listed.err
    assert '"shop"' in (zone / "aft-account-request/terraform/dev-web.tf").read_text() and "dev-web" in listed.out


UNREAD = {
    "broken.tf": 'module "broken" {\n',
    "nameless.tf": 'module "x" {\n  source = "./modules/aft-account-request"\n\n  control_tower_parameters = var.all\n}\n',
    "repeated.tf": 'module "x" {\n  source   = "./modules/aft-account-request"\n  for_each = var.accounts\n}\n',
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_could_not_be_read_may_be_the_account_already(zone: Path, name: str) -> None:
    """A second request for one account fails in AFT after the merge: a new one waits until everything can be told."""
    (zone / f"aft-account-request/terraform/{name}").write_text(UNREAD[name])
    before = cli.snapshot(zone)

    done = cli.run(zone, "account", "dev-web", "--owner", "web")

    assert done.status == 1 and cli.snapshot(zone) == before
    assert f"whether dev-web exists already cannot be told: aft-account-request/terraform/{name}" in done.err


def test_the_address_of_an_account_that_aws_has_is_said(fresh: Path) -> None:
    """AFT would take that account over: a warning, no refusal."""
    live = {"name": "old", "email": "aws+prod-ml@acme.com", "state": "ACTIVE", "reachable": True, "stale": False, "networks": {}}
    (fresh / "inventory.json").write_text(json.dumps({"version": 1, "accounts": {"123456789012": live}}))

    done = cli.must(fresh, "account", "prod-ml", "--owner", "ml-platform")

    assert "warning: AWS already has an account with the address aws+prod-ml@acme.com" in done.err


def test_a_comment_and_a_layout_of_their_own_survive_a_change(zone: Path) -> None:
    """A request that people have edited is changed in the one value that was asked for."""
    file = zone / REQUEST
    cli.replace(file, '    "owner"       = "ml-platform"', '    "owner" = "ml-platform" # since March')
    before = file.read_text()

    cli.must(zone, "account", "prod-ml", "--tag", "tier=data")

    assert file.read_text() == before.replace('"app"', '"data"')


def test_a_reason_is_stored_on_an_existing_account(zone: Path) -> None:
    """AFT re-runs a request only if something in it changes; the reason is what may."""
    done = cli.run(zone, "account", "prod-ml", "--reason", "run AFT again")

    assert done.status == 0 and "1 update." in done.out
    assert 'change_reason       = "run AFT again"' in (zone / "aft-account-request/terraform/prod-ml.tf").read_text()


def test_a_change_of_environment_names_what_no_longer_fits(zone: Path) -> None:
    """The unit, the range and the arguments of main.tf stay; each is said with its command."""
    done = cli.run(zone, "account", "prod-ml", "--tag", "environment=dev")

    assert done.status == 0
    for said in ("scaffold account prod-ml --ou sandbox", "outside the pool of dev", 'it would say: nat_gateways = "single"'):
        assert said in done.err


def test_what_else_is_stale_is_counted_and_not_written(zone: Path) -> None:
    """A setting that changed every providers.tf is not the business of a new owner."""
    conventions = zone / "scaffold.yaml"
    conventions.write_text(conventions.read_text().replace("-atlantis\n", "-plans\n", 1))
    providers = zone / "stacks/prod-ml/us-east-1/network/providers.tf"
    before = providers.read_bytes()

    done = cli.run(zone, "account", "prod-ml", "--owner", "somebody-else")

    assert "generated files of this account that are stale for another reason" in done.err and providers.read_bytes() == before


def test_a_value_does_not_speak_to_the_terminal(zone: Path) -> None:
    """An escape sequence in a tag is printed as what it is."""
    done = cli.run(zone, "account", "prod-ml", "--tag", "tier=\x1b[2Japp")

    assert done.status == 1 and "\x1b" not in done.err and "\\x1b[2Japp" in done.err


@pytest.mark.parametrize(
    ("command", "warned"),
    [
        (("account", "dev-web", "--owner", "web"), True),
        (("account", "prod-ml", "--network", "us-east-1/batch"), True),
        (("account", "prod-ml", "--tag", "tier=data"), False),
    ],
)
def test_what_is_written_from_a_placeholder_is_warned_of(zone: Path, command: tuple[str, ...], warned: bool) -> None:
    """A new stack's files say the invented value for good; a changed request says none."""
    conventions = zone / "scaffold.yaml"
    lines = conventions.read_text().splitlines()
    marked = [number for number, line in enumerate(lines) if line.startswith(("organization: ", "home_region: "))]
    for number in marked:
        lines[number] = f"{lines[number].partition(' #')[0]} # PLACEHOLDER: what is right"
    conventions.write_text("\n".join(lines) + "\n")

    done = cli.must(zone, *command)

    said = f"warning: scaffold.yaml:{marked[0] + 1}: 2 lines still say PLACEHOLDER, this one first (what is right)"
    remedy = "write what is right first: what is written from them into main.tf stays"
    assert len(marked) == 2 and (f"{said}; {remedy}" in done.err) is warned and ("PLACEHOLDER" in done.err) is warned


def test_a_request_in_a_checkout_of_its_own_is_a_pull_request_of_its_own(fresh: Path) -> None:
    """That of the request comes first: from it AFT vends the account."""
    (fresh / "aft-account-request").rename(fresh.parent / "requests")
    with (fresh / "scaffold.yaml").open("a") as conventions:
        conventions.write("paths: {requests: ../requests}\n")

    done = cli.must(fresh, "account", "prod-ml", "--owner", "ml-platform")

    assert (fresh.parent / "requests/terraform/prod-ml.tf").is_file()
    first = "  1. The request is in ../requests: open a pull request there and merge it; AFT vends the account (about an hour).\n"
    assert f"{first}  2. Open a second pull request here, with the other files, and merge it.\n  3. scaffold pull" in done.out
