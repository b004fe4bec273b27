"""What a change does to requests: which was which, what AFT refuses of it, and that what was not read is never gone or new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from generator.accounts.add import Spec
from generator.accounts.model import FOLDER, Request
from generator.accounts.write import path, write
from generator.landing_zone.account_changes import What, account_changes, joined
from generator.landing_zone.add import Wanted, account
from generator.landing_zone.request_changes import problems
from generator.landing_zone.stack_specs import StackSpec
from generator.problems import Problem, Severity
from tests.support import peered, zones
from tests.support.peered import Account
from tests.support.records import described, replaced

Files = Mapping[str, bytes]
CUSTOMIZATIONS = "aft-account-customizations"


def request(name: str, label: str = "", **values: Any) -> Request:
    """The request of an account; `values` are fields of `Request`, `email` its address."""
    control = {**zones.REQUEST.control_tower, "AccountName": name, "AccountEmail": values.pop("email", f"aws+{name}@acme.com")}
    found = replace(zones.REQUEST, label=label or name, control_tower={**control, **values.pop("control_tower", {})})
    return replace(found, **values)


def files(*requests: Request, more: Files | None = None) -> dict[str, bytes]:
    """A landing zone with these requests, each in the file of its label."""
    return {**zones.files(), **{path(each.label): write(each).encode() for each in requests}, **(more or {})}


def found(before: Files, after: Files) -> list[Problem]:
    """The problems of a change."""
    return problems(zones.zone(after), zones.zone(before))


def told(before: Files, after: Files) -> list[tuple[str, str | None]]:
    """Their rules and values."""
    return [(problem.id, problem.value) for problem in found(before, after)]


ML = request("prod-ml")
BROKEN = {f"{FOLDER}/broken.tf": b'module "x" {\n'}
COMPUTED = write(request("dev-web")).replace('= "dev-web"', "= var.name", 1)


# Which was which


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (ML, request("prod-mlx", "other")),
        (ML, request("prod-mlx", "other", email="aws+prod-ml@acme.com")),
        (ML, request("prod-mlx", email="new@acme.com", label="prod-ml")),
        (ML, request("prod-ml", "other", email="new@acme.com")),
        (ML, request("prod-ml", email="AWS+prod-ml@acme.com")),
    ],
)
def test_requests_join_by_address_then_by_slug_then_by_label(was: Request, now: Request) -> None:
    """Whatever of the three is the same: it is the account. Only where all are others, one went and one came."""
    pairs = joined(zones.zone(files(was)).accounts, zones.zone(files(now)).accounts)

    same = was.label == now.label or was.control_tower["AccountName"] == now.control_tower["AccountName"]
    same |= str(was.control_tower["AccountEmail"]).lower() == str(now.control_tower["AccountEmail"]).lower()
    assert len(pairs) == (1 if same else 2)


def test_the_address_outranks_the_name() -> None:
    """Two accounts that exchange their names are two renames, and none came or went."""
    one, two = request("prod-a"), request("prod-b")
    swapped = [request("prod-b", "prod-a", email="aws+prod-a@acme.com"), request("prod-a", "prod-b", email="aws+prod-b@acme.com")]

    assert told(files(one, two), files(*swapped)) == [("permanent-field", "prod-b"), ("permanent-field", "prod-a")]


def test_a_copied_request_is_the_same_twice() -> None:
    """Two of everything on both sides: nothing came or went. A copy that is added is one that came, however wrong it is."""
    copy = {f"{FOLDER}/copy.tf": write(ML).encode()}

    assert told(files(ML, more=copy), files(ML, more=copy)) == []
    assert [change.what for change in account_changes(zones.zone(files(ML)), zones.zone(files(ML, more=copy)))] == [What.ADDED]


def test_a_label_that_several_requests_have_says_nothing() -> None:
    """Of the instances of one module, none is another by its label: one went and one came."""
    was, now = (zones.zone(files(request("prod-a"), request(name))).accounts for name in ("prod-b", "prod-c"))
    instances = [
        [replace(account, record=replace(account.record, request=replace(ML, label="all"))) for account in side] for side in (was, now)
    ]

    pairs = joined(*instances)

    assert {(old.slug if old else None, new.slug if new else None) for old, new in pairs} == {
        ("prod-a", "prod-a"),
        ("prod-b", None),
        (None, "prod-c"),
    }


# Values


def test_a_change_that_changes_nothing_of_an_account_says_nothing() -> None:
    """Nor does another reason, another unit, a tag or a field that comes or changes."""
    control = {**ML.control_tower, "ManagedOrganizationalUnit": "Sandbox"}
    tags, fields = {**ML.tags, "tier": "data", "pci": "no"}, {**ML.custom_fields, "note": "x"}
    change = {"change_requested_by": "me", "change_reason": "again"}

    assert told(files(ML), files(ML)) == []
    assert told(files(ML), files(replace(ML, control_tower=control, tags=tags, custom_fields=fields, change=change))) == []


@pytest.mark.parametrize("key", ["AccountName", "AccountEmail", "SSOUserEmail", "SSOUserFirstName", "SSOUserLastName"])
def test_what_can_never_change_is_refused_with_both_values(key: str) -> None:
    """The line is that of the new value, the remedy is the old one."""
    (problem,) = found(files(ML), files(request("prod-ml", control_tower={key: "other@acme.com"})))

    old = str(ML.control_tower[key])
    assert (problem.id, problem.severity, problem.value) == ("permanent-field", Severity.ERROR, "other@acme.com")
    assert f'"{old}"' in problem.message and f'"{old}"' in problem.remedy and problem.line is not None and problem.line > 3


def test_capitals_in_an_address_are_another_address() -> None:
    """The row's key has them, so AFT sees a new request and a removed one."""
    assert told(files(ML), files(request("prod-ml", email="AWS+prod-ml@acme.com"))) == [("permanent-field", "AWS+prod-ml@acme.com")]


def test_a_value_that_was_missing_may_be_added() -> None:
    """The plan failed before, so nothing was made of it."""
    less = {key: value for key, value in ML.control_tower.items() if key != "SSOUserLastName"}

    assert told(files(replace(ML, control_tower=less)), files(ML)) == []


def test_of_a_value_that_was_unknown_no_change_is_claimed() -> None:
    """It may be the same; that nobody can tell is said. Where it is unknown still, nothing is."""
    before = {**files(), path("dev-web"): COMPUTED.encode()}

    assert told(before, files(request("dev-web"))) == [("unread-before", "dev-web")]
    assert told(before, before) == told(files(request("dev-web")), before) == []


def test_a_tag_that_goes_stays_on_the_account() -> None:
    """A warning with the command; the key is quoted for the shell, it is people's text."""
    hostile = "pci'; rm -rf ~; '"
    before = files(replace(ML, tags={**ML.tags, hostile: "no"}))

    (problem,) = found(before, files(ML))

    assert (problem.id, problem.severity, problem.value) == ("removed-tag", Severity.WARNING, hostile)
    assert """--tag-keys 'pci'"'"'; rm -rf ~; '"'"''""" in problem.remedy


def test_a_map_that_is_unknown_loses_no_tag() -> None:
    """Its keys cannot be told."""
    computed = (
        write(ML).split("  account_tags = {")[0]
        + "  account_tags = var.tags\n\n  change_management"
        + write(ML).split("change_management")[1]
    )

    assert told(files(ML), {**files(), path("prod-ml"): computed.encode()}) == []


# Labels


def _moved(*moves: tuple[str, str]) -> dict[str, bytes]:
    blocks = (f"moved {{\n  from = module.{old}\n  to   = module.{new}\n}}\n" for old, new in moves)
    return {f"{FOLDER}/moved.tf": "".join(blocks).encode()}


RENAMED = request("prod-ml", "ml")


@pytest.mark.parametrize(
    ("more", "accepted"),
    [
        ({}, False),
        (_moved(("prod-ml", "ml")), True),
        (_moved(("ml", "prod-ml")), False),
        (_moved(("prod-ml", "other")), False),
        (_moved(("prod-ml", "other"), ("other", "ml")), True),
        (_moved(("prod-ml", "other"), ("other", "prod-ml")), False),
        ({f"{FOLDER}/moved.tf": b"/* moved {\n  from = module.prod-ml\n  to = module.ml\n} */\n"}, False),
        ({f"{FOLDER}/moved.tf": b"moved {\n  from = module.prod-ml\n"}, False),
        ({f"{FOLDER}/deep/moved.tf": _moved(("prod-ml", "ml"))[f"{FOLDER}/moved.tf"]}, False),
    ],
)
def test_another_label_wants_a_moved_block(more: dict[str, bytes], accepted: bool) -> None:
    """In a file that Terraform reads, in this direction, through as many as there are."""
    assert told(files(ML), files(RENAMED, more=more)) == ([] if accepted else [("renamed-label", "module.ml")])


# Customizations


def _folder(name: str, **contents: bytes) -> dict[str, bytes]:
    return {f"{CUSTOMIZATIONS}/{name}/terraform/{file}.tf": content for file, content in contents.items()}


def _names(folder: str) -> Request:
    return replace(ML, customizations=folder)


OLD = files(_names("ml"), more=_folder("ml", ecr=b"1", queue=b"2"))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (files(_names("web"), more=_folder("web", ecr=b"1", queue=b"2")), None),
        (files(_names("web"), more=_folder("web", ecr=b"1")), "terraform/queue.tf"),
        (
            files(_names("web"), more={**_folder("ml", ecr=b"1", queue=b"2"), **_folder("web", ecr=b"2")}),
            "terraform/ecr.tf, terraform/queue.tf",
        ),
        (files(_names("web")), "destroys what ml built"),
        (files(_names("")), "AFT skips the stage"),
    ],
)
def test_another_customizations_folder_is_refused_unless_it_is_the_same_renamed(after: Files, said: str | None) -> None:
    """With what AFT would destroy."""
    problem = found(OLD, after)

    assert [each.id for each in problem] == (["changed-customizations"] if said else [])
    assert said is None or said in problem[0].message


def test_a_first_customizations_folder_destroys_nothing() -> None:
    """There was no state."""
    assert told(files(ML), OLD) == []


def test_a_folder_that_nobody_here_can_see_is_refused() -> None:
    """It may hold anything."""
    assert told(files(_names("a")), files(_names("b"))) == [("changed-customizations", "b")]


# Ranges, and requests that go: a company whose networks are peered

WEB = path("prod-web")


def _company() -> dict[str, bytes]:
    """Two accounts that are peered; prod-web has a network stack too, and all of it is applied."""
    settled = peered.landing_zone([Account("prod-vpn", tier="vpn"), Account("prod-web")], peered.ALONE)
    wanted = Wanted(Spec("prod-web"), None, (StackSpec("network"),))
    return peered.synced(zones.settled(settled, account(zones.zone(settled), wanted).files))


COMPANY = _company()


def _range_of(content: Files) -> str:
    return next(line for line in content[WEB].decode().splitlines() if "vpc_cidr" in line)


def test_the_range_of_a_network_that_stands_never_changes() -> None:
    """That it differs from the VPC's is a rule of every day; that it goes, or its region changes, is told of the change."""
    line = _range_of(COMPANY)
    other = replaced(COMPANY, WEB, (line, line.replace("10.", "11.")))
    gone = replaced(COMPANY, WEB, (f"{line}\n", ""))
    moved = replaced(COMPANY, WEB, ('"region"       = "us-east-1"', '"region"       = "eu-west-1"'))

    assert told(COMPANY, other) == []
    assert [id for id, _ in told(COMPANY, gone)] == [id for id, _ in told(COMPANY, moved)] == ["changed-range"]
    assert "vpc-" in found(COMPANY, gone)[0].message


def test_the_range_of_a_network_that_nobody_made_may_change() -> None:
    """The account waits: nothing stands there."""
    line = _range_of(COMPANY)
    waiting = {**COMPANY, "inventory.json": b'{"version": 1, "accounts": {}}'}
    fresh = {name: body for name, body in waiting.items() if not name.startswith(("stacks/", "peering/prod"))}

    assert told(fresh, replaced(fresh, WEB, (line, line.replace("10.", "11.")))) == []


def test_the_range_of_a_stack_that_was_applied_is_kept_though_the_inventory_is_gone() -> None:
    """Its data file knows the account."""
    line = _range_of(COMPANY)
    blind = {**COMPANY, "inventory.json": b'{"version": 1, "accounts": {}}'}

    assert [id for id, _ in told(blind, replaced(blind, WEB, (line, line.replace("10.", "11."))))] == ["changed-range"]


def without(content: Files, *prefixes: str) -> dict[str, bytes]:
    """The files but those below some paths."""
    return {name: body for name, body in content.items() if not name.startswith(prefixes)}


def test_a_request_goes_after_everything_of_its_account() -> None:
    """Stacks, then peerings, each holds it back with its own step; then it may go."""
    stacks, pairs = without(COMPANY, WEB), without(COMPANY, WEB, "stacks/prod-web/")
    nothing = without(COMPANY, WEB, "stacks/prod-web/", "peering/prod-vpn--prod-web/")

    (whole,), (less,), (done,) = (found(COMPANY, after) for after in (stacks, pairs, nothing))

    assert [each.id for each in (whole, less, done)] == ["removed-too-early", "removed-too-early", "removed-request"]
    assert "--retire --destroy " in whole.remedy and "peering prune" in whole.remedy
    assert "--destroy " not in less.remedy and "peering prune" in less.remedy and "peering/prod-vpn--prod-web" in less.message
    assert done.severity is Severity.WARNING and whole.severity is Severity.ERROR


def test_a_request_whose_stacks_still_wait_may_go() -> None:
    """A create that failed is removed and added again: nothing was ever applied for it. A root module of somebody's own may have been."""
    waiting = zones.with_account(zones.files(), Spec("prod-web"))
    foreign = {"stacks/prod-web/us-east-1/own/main.tf": b'resource "x" "y" {}\n'}

    assert any(name.startswith("stacks/prod-web/") for name in waiting)
    assert [id for id, _ in told(waiting, without(waiting, WEB))] == ["removed-request"]
    assert [id for id, _ in told(waiting, {**without(waiting, WEB), **foreign})] == ["removed-too-early"]


def test_an_account_that_accounts_yaml_describes_from_now_on_keeps_its_peerings() -> None:
    """Its request goes, it stays: only stacks hold it back."""
    after = without(COMPANY, WEB, "stacks/prod-web/")
    account = 'prod-web: {id: "111122223333", tags: {environment: prod, owner: platform, tier: app}}'

    assert [id for id, _ in told(COMPANY, described(after, account))] == ["removed-request"]


# What was not read


def test_a_request_is_not_gone_while_a_file_is_unreadable() -> None:
    """It may stand in there."""
    after = files(more=BROKEN)

    assert told(files(ML), after) == []
    assert [change.what for change in account_changes(zones.zone(files(ML)), zones.zone(after))] == [What.UNREAD]


def test_a_request_is_not_new_where_the_base_was_unreadable() -> None:
    """It may have stood in there, under other values; ten of them are no crowd of new ones."""
    many = [request(f"dev-n{number}") for number in range(10)]

    assert {id for id, _ in told(files(more=BROKEN), files(*many))} == {"unread-before"}
    assert {change.what for change in account_changes(zones.zone(files(more=BROKEN)), zones.zone(files(*many)))} == {What.UNSEEN}


def test_an_unreadable_base_hides_no_account_that_was_read() -> None:
    """What stands on both sides is compared."""
    assert told(files(ML, more=BROKEN), files(request("prod-mlx", email="aws+prod-ml@acme.com"), more=BROKEN)) == [
        ("permanent-field", "prod-mlx"),
        ("renamed-label", "module.prod-mlx"),
    ]


def test_an_unknown_value_hides_no_request() -> None:
    """Only an unknown address does: it may be anybody's."""
    tag = write(request("dev-web")).replace('"app"', "var.tier")
    address = write(request("dev-web")).replace('"aws+dev-web@acme.com"', "var.address")
    before = files(ML)

    assert [id for id, _ in told(before, {**files(), path("dev-web"): tag.encode()})] == ["removed-request"]
    assert told(before, {**files(), path("dev-web"): address.encode()}) == []


@pytest.mark.parametrize(
    ("number", "setting", "expected"), [(5, "", 0), (6, "", 1), (6, "lint: {requests: 6}\n", 0), (2, "lint: {requests: 1}\n", 1)]
)
def test_many_new_requests_get_a_note_about_the_time(number: int, setting: str, expected: int) -> None:
    """AFT takes one every five minutes."""
    more = {"scaffold.yaml": zones.files()["scaffold.yaml"] + setting.encode()}
    after = files(*(request(f"dev-n{each}") for each in range(number)), more=more)

    notes = found(files(more=more), after)

    assert [(each.id, each.severity, each.value) for each in notes] == [("many-requests", Severity.NOTE, str(number))] * expected
    assert all(f"{number * 5} minutes" in each.message for each in notes)
