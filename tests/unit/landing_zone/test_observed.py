"""What is concluded from requests that other people wrote, and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.accounts.model import Record, Request
from generator.accounts.read import Reading, read_folder
from generator.files import MemoryTree
from generator.hcl.unknown import Unknown
from generator.landing_zone.address_use import likely_home
from generator.landing_zone.observed import Observed, observe
from generator.landing_zone.tag_use import Tag, pattern_of
from tests.support import sixty
from tests.support.zones import REQUEST

NOWHERE = Unknown("x.tf", 1, "var.x is not known here")


def request(name: str, unit: str = "Sandbox", email: str = "", fields: dict[str, str] | None = None, **tags: Any) -> Record:
    """A request of an account with these tags; `__` in a key stands for a colon, `ALL` for a map that is unknown."""
    control = {**REQUEST.control_tower, "AccountName": name, "AccountEmail": email or f"aws+{name}@acme.com"}
    control["ManagedOrganizationalUnit"] = unit
    said = {key.replace("__", ":").replace("ALL", "*"): value for key, value in tags.items()}
    made = replace(REQUEST, label=name, control_tower=control, tags=said, custom_fields=fields or {})
    return Record(made, f"terraform/{name}.tf", 1, True)


def seen(*records: Record) -> Observed:
    """The observation of these requests."""
    return observe(Reading(records), "us-east-1")


def tag(found: Observed, key: str) -> Tag:
    """What was seen of a key."""
    (each,) = [each for each in found.tags if each.key == key]
    return each


def many(number: int, **tags: str) -> list[Record]:
    """So many requests with these tags; `{}` in a value stands for the number."""
    said: list[dict[str, Any]] = [{key: value.format(n) for key, value in tags.items()} for n in range(number)]
    return [request(f"dev-app-{n}", **each) for n, each in enumerate(said)]


# Tags


@pytest.mark.parametrize(("number", "values", "pattern"), [(3, ("t0", "t1", "t2"), None), (4, (), "[a-z][a-z0-9-]*")])
def test_few_values_are_listed_and_many_get_a_pattern(number: int, values: tuple[str, ...], pattern: str | None) -> None:
    """More than three that stand once each are names, not a list."""
    found = tag(seen(*many(number, team="t{}")), "team")

    assert (found.listed, found.pattern) == (values, pattern)


def test_a_key_on_all_is_required_and_one_that_is_not_is_told() -> None:
    """A misspelt key on one request makes it no less required: lint finds that one."""
    with_all = many(4, owner="web")

    assert tag(seen(*with_all), "owner").required
    assert tag(seen(*with_all, request("x", Owner="web")), "owner").required
    without = tag(seen(*with_all, request("x")), "owner")
    assert not without.required and without.lacking == ("x",)


def test_tags_that_are_unknown_lack_nothing() -> None:
    """A map that cannot be told is on no side; a value that cannot be told is a key that is there, and lists are left open."""
    whole = tag(seen(*many(4, owner="web"), request("x", ALL=NOWHERE)), "owner")
    one = tag(seen(*many(4, owner="web"), request("x", owner=NOWHERE)), "owner")

    assert whole.required and not whole.lacking and whole.listed == ("web",)
    assert one.required and one.unknown == 1 and not one.listed and one.pattern is None


def test_two_keys_that_stand_together_are_two_keys() -> None:
    """However alike they look."""
    both = seen(*many(4, Owner="web", owner="data"))

    assert {each.key for each in both.tags} == {"Owner", "owner"} and not both.misses


@pytest.mark.parametrize(
    ("values", "pattern"),
    [
        (["01001", "01002"], "[0-9]{5}"),
        (["1", "200"], "[0-9]{1,3}"),
        (["a", "b-1"], "[a-z][a-z0-9-]*"),
        (["1a", "b"], "[a-z0-9][a-z0-9-]*"),
        (["CC-1", "AB"], "[A-Z]+[A-Z0-9-]*"),
        (["a@b.c"], r"[a-z0-9][a-z0-9._+-]*@[a-z0-9.-]+"),
        (["Team A", "b"], r"[A-Za-z0-9][A-Za-z0-9 ._:/=+@-]*"),
        (["é"], None),
        (["", "a"], None),
    ],
)
def test_a_pattern_admits_what_it_was_made_of(values: list[str], pattern: str | None) -> None:
    """The narrowest of a few; none rather than a wrong one."""
    assert pattern_of(values) == pattern


# Roles


def test_the_environment_is_found_by_name_and_by_behaviour() -> None:
    """A name space does not hide it, and a key of another name that says it counts where no other does."""
    named = seen(*many(3, acme__env="dev", stage__x="a"))
    behaving = seen(*many(3, acme__zone="dev", owner="web"))

    assert (named.environment.key, named.environment.sure) == ("acme:env", True)
    assert (behaving.environment.key, behaving.environment.sure) == ("acme:zone", True) and "its values" in behaving.environment.why


def test_what_cannot_be_told_is_said() -> None:
    """No key, two keys, or one that most requests lack."""
    none = seen(*many(3, project="x{}"))
    two = seen(*many(3, env="dev", environment="dev"))
    rare = seen(*many(3, project="x"), request("prod-x", env="prod"))

    assert none.environment.key is None and none.owner.key is None and not none.environment.sure
    assert two.environment.key == "env" and not two.environment.sure and "environment could be meant" in two.environment.why
    assert rare.environment.key == "env" and not rare.environment.sure


def test_a_rare_key_of_the_same_meaning_is_a_near_miss() -> None:
    """`enviroment` beside `acme:env`; one that is as frequent is a key of its own."""
    rare = seen(*many(3, acme__env="dev"), request("x", enviroment="dev"))
    frequent = seen(*many(3, acme__env="dev"), request("x", enviroment="dev"), request("y", enviroment="dev"))

    assert [(miss.found, miss.meant) for miss in rare.misses] == [("enviroment", "acme:env")]
    assert not frequent.misses and {each.key for each in frequent.tags} == {"acme:env", "enviroment"}


def test_environments_are_in_lower_case_and_have_the_unit_of_most() -> None:
    """Of `Prod` on all, each is a spelling that lint tells."""
    found = seen(*(request(f"prod-{n}", "Prod", env="Prod") for n in range(3)), request("prod-9", "Other", env="Prod"))
    (prod,) = found.settings

    assert (prod.name, prod.unit, prod.production, prod.written) == ("prod", "prod", True, {"Prod": 4})
    assert [(miss.found, miss.meant, len(miss.accounts)) for miss in found.misses] == [("Prod", "prod", 4)]


# Units, names, addresses


def test_units_are_split_into_name_and_id() -> None:
    """Two of one name keep both ids; a form that AFT takes otherwise is not proposed."""
    nested = ["Prod (ou-ab12-cdef3456)", "Prod (ou-ab12-aaaa1111)", "Dev(ou-ab12-cdef3456)", "Root", "A/B"]
    found = seen(*(request(f"x{n}", unit) for n, unit in enumerate(nested))).units

    assert {(unit.name, unit.id) for unit in found.catalogue.values()} == {("Prod", "ou-ab12-cdef3456"), ("Prod", "ou-ab12-aaaa1111")}
    assert len(found.catalogue) == 2 and set(found.illegal or {}) == set(nested[2:])


def test_the_rarer_of_two_forms_of_a_unit_is_told() -> None:
    """With its id and without; as frequent ones are two units."""
    units = ["Prod (ou-ab12-cdef3456)"] * 2 + ["Prod"]
    rarer = seen(*(request(f"x{n}", unit) for n, unit in enumerate(units))).units
    equal = seen(*(request(f"x{n}", unit) for n, unit in enumerate(units[1:]))).units

    assert [(miss.found, miss.meant) for miss in rarer.misses] == [("Prod", units[0])] and len(rarer.catalogue) == 1
    assert not equal.misses and len(equal.catalogue) == 2


@pytest.mark.parametrize(
    ("names", "pattern", "others"),
    [
        (["dev-a", "prod-b", "other"], "{environment}-{workload}", ("other",)),
        (["a-dev", "b-prod"], "{workload}-{environment}", ()),
        (["acme-dev-a", "acme-prod-b"], "acme-{environment}-{workload}", ()),
        (["one", "two", "dev-c"], "{workload}", ()),
    ],
)
def test_the_pattern_of_names(names: list[str], pattern: str, others: tuple[str, ...]) -> None:
    """By the environment that the tag says; what most do, and who does not."""
    found = seen(*(request(name, env="prod" if "prod" in name else "dev") for name in names)).names

    assert (found.text, found.others, found.sure) == (pattern, others, pattern != "{workload}")


def test_the_pattern_of_addresses() -> None:
    """In lower case, as AFT wants it; an address that says no name is told."""
    odd = request("dev-x", email="finance@acme.com")
    found = seen(request("dev-a", email="AWS+dev-a@acme.com"), request("dev-b", email="aws+dev-b@acme.com"), odd).emails

    assert (found.text, found.matching, found.others) == ("aws+{name}@acme.com", 2, ("dev-x",))


def test_pools_keep_clear_of_what_is_there() -> None:
    """Networks and other fields that hold a range; what is no range is told with its place, and an unknown region too."""
    fields = [{"vpc_cidr": "10.0.0.0/16", "vpn": "10.20.0.0/16"}, {"vpc_cidr": "10.0.0.0/20", "region": "eu-west-1"}, {"vpc_cidr": "10.50"}]
    fields.append({"networks/mars-1": "10.1.0.0/16"})
    found = seen(*(request(f"dev-{n}", fields=each) for n, each in enumerate(fields))).addresses
    home, away = found.regions

    assert [[str(block) for block in each.reserved] for each in (home, away)] == [["10.0.0.0/16", "10.20.0.0/16"], ["10.0.0.0/20"]]
    assert not any(pool.overlaps(block) for pool in (home.pool, away.pool) for each in found.regions for block in each.reserved)
    assert not home.pool.overlaps(away.pool)
    shared = [(str(outer), str(inner), names) for outer, inner, names in found.overlaps]
    assert shared == [("10.0.0.0/16", "10.0.0.0/20", ("dev-0", "dev-1"))]
    assert [value for _, value, _ in found.wrong] == ["10.50"] and [region for _, region, _ in found.elsewhere] == ["mars-1"]


def test_where_no_pool_is_free_that_is_said() -> None:
    """All private space is taken."""
    blocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
    found = seen(*(request(f"dev-{n}", fields={"used": block}) for n, block in enumerate(blocks))).addresses

    assert [region.clear for region in found.regions] == [False]


def test_the_order_of_requests_means_nothing() -> None:
    """Nor of files."""
    reading = read_folder(MemoryTree(sixty.files()), "terraform")

    assert observe(reading, "us-east-1") == observe(replace(reading, records=reading.records[::-1]), "us-east-1")


def test_styles_are_counted() -> None:
    """A request in our own form, one of several, and a fork in a file of its own."""
    made = request("a")
    repeated = replace(made, file="terraform/b.tf", repeated="terraform/b.tf:1")
    data = replace(made, file="terraform/b.yaml", repeated="terraform/b.tf:1")
    fork = Record(replace(made.request, source="git::https://example.com/x"), "terraform/c.tf", 1, False)

    assert list(seen(made, repeated, data, fork).styles.values()) == [1, 1, 1, 1, 1]


def test_an_empty_request_is_looked_at() -> None:
    """Nothing in it is known, and nothing breaks."""
    bare = Record(Request("x", {}, {}, {}, {}), "terraform/x.tf", 1, False)
    found = seen(bare)

    assert found.total == 1 and not found.units.catalogue and found.user is None and found.domain is None


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        (["eu-central-1"], "eu-central-1"),
        (["eu-west-1", "eu-central-1", "eu-west-1"], "eu-west-1"),
        (["eu-west-1", "eu-central-1"], "eu-central-1"),
        (["", "", "eu-central-1"], "us-east-1"),
        (["mars-1", "mars-1", "eu-central-1"], "eu-central-1"),
        ([], "us-east-1"),
    ],
)
def test_the_home_region_is_guessed_where_most_networks_are(regions: list[str], expected: str) -> None:
    """The first by name of two; a network that says none is in the home region, whichever it is, and unknown ones are none."""
    fields = [{"vpc_cidr": "10.0.0.0/20", **({"region": region} if region else {})} for region in regions]
    records = [request(f"dev-{n}", fields=each) for n, each in enumerate(fields)]

    assert likely_home([*records, request("dev-none", fields={"region": "ap-south-1"})], "us-east-1") == expected
