"""Is a Terraform plan of a peering stack the decision's, and nothing else? A table of rules; what is not known is refused.

The plan is what Terraform will do; the pair, its data and its files are what was decided and reviewed. Whoever may open a
pull request may put anything into a stack's directory, so nothing in a plan counts as harmless because it usually is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from generator.peering.addresses import ACCEPTANCE, CONNECTION, MODULE, OPTIONS, ROUTE, SINGLE
from generator.peering.data import SIDES
from generator.peering.existing import ROOT
from generator.peering.model import Decision
from generator.peering.plan import explained
from generator.peering.verify.case import PLACES, PROVIDER, Case, listed
from generator.peering.verify.document import DATA, Change, TerraformPlan
from generator.peering.verify.frame import configuration, data, directory, module
from generator.peering.verify.values import answers, before, gone, missing, routes, values
from generator.problems import Problem

Rule = Callable[[Case], Iterator[Problem]]
_OUTPUT = "connection_id"
_AGAIN = "repair what stopped it and plan again"
_UNCHANGED = 'give what "terraform show -json PLANFILE" prints, unchanged'
_WHOLE = "plan the whole stack again, without -target"


def marked(plan: TerraformPlan) -> list[str]:
    """The pairs whose marker the objects of a plan carry, in order."""
    said = [values.get("tags_all") for change in plan.changes for values in (change.before, change.after)]
    return sorted({str(tags["peering"]) for tags in said if isinstance(tags, dict) and "peering" in tags})


def pair_named(plan: TerraformPlan, stack: str | None) -> tuple[str, list[Problem]]:
    """Which pair (`A--B`) a plan is of, by `--stack` (`peering/A--B`) and by its markers, which have to agree; or why nobody can tell."""
    found = marked(plan)
    given = stack.rstrip("/").removeprefix(f"{ROOT}/") if stack is not None else None
    name = given or (found[0] if found else "")
    others = [other for other in found if other != name]
    if not name:
        remedy = f"say which: --stack {ROOT}/A--B, in Atlantis --stack $REPO_REL_DIR"
        message = "cannot tell which pair this plan is of: no object in it carries a marker"
        return "", [Problem(id="which-pair", message=message, remedy=remedy)]
    if others:
        message = f"this plan holds objects of {listed(others)}; it should be of {name} alone"
        remedy = "give the plan of the stack's own directory, and keep every object in the state of its own pair"
        return name, [Problem(id="other-pair", file=f"{ROOT}/{name}", message=message, remedy=remedy, value=others[0])]
    return name, []


def ended_well(case: Case) -> Iterator[Problem]:
    """Half a plan says nothing of the other half."""
    if case.plan.errored:
        yield case.refuse("plan-incomplete", "this plan ended with an error", _AGAIN)
    if not case.plan.complete:
        yield case.refuse("plan-incomplete", "this plan is not complete: something was left out or put off", _WHOLE)


def conditions(case: Case) -> Iterator[Problem]:
    """What the module asks of its inputs and of AWS holds; Terraform itself lets a failed `check` pass."""
    for failed in case.plan.failed:
        yield case.refuse("failed-check", f"a condition does not hold: {failed}", _AGAIN, failed)


def nothing_unknown(case: Case) -> Iterator[Problem]:
    """What this Terraform does, and nobody has judged, is not harmless."""
    keys = [*case.plan.unknown, *(f"{change.address}: {key}" for change in case.plan.changes for key in change.alien)]
    keys += [f"output_changes.{name}" for name in case.plan.outputs if name != _OUTPUT]
    for key in keys:
        message = f"the plan has {key}, of which scaffold does not know what it does"
        yield case.refuse("plan-unknown", message, "take out what makes Terraform say so, or update scaffold", key)


def only_ours(case: Case) -> Iterator[Problem]:
    """Every object is one of the module's, and of the AWS provider; and none came from elsewhere."""
    for change in (*case.plan.changes, *case.plan.drifted):
        if not _is_ours(change):
            message = f"{change.address} ({change.mode} {change.type}, {change.provider}) is no part of a peering"
            yield case.refuse("foreign-object", message, "give it a stack of its own", change.address)
        elif change.previous_address and not change.previous_address.startswith(f"{MODULE}."):
            message = f"{change.address} was {change.previous_address}, which is no part of a peering"
            yield case.refuse("foreign-object", message, "move nothing into a peering's state", change.previous_address)
    for found in case.plan.prior:
        if found.mode == DATA and found.address not in _ANSWERED:
            message = f"{found.address} was read, and it is no part of a peering"
            yield case.refuse("foreign-object", message, "take it out: reading it may run a program", found.address)


_ANSWERED = frozenset(f"{MODULE}.{place}" for place, (mode, _) in PLACES.items() if mode == DATA)


def _is_ours(change: Change) -> bool:
    if (change.module, change.provider) != (MODULE, PROVIDER) or change.place not in PLACES or change.mode != PLACES[change.place][0]:
        return False
    return change.address == f"{MODULE}.{change.place}" + (f'["{change.index}"]' if change.type == ROUTE else "")


def every_object(case: Case) -> Iterator[Problem]:
    """Terraform lists every object that there is or will be, also those that stay; a list that lacks one was cut."""
    there = Counter(change.address for change in case.plan.changes)
    known = [*(found.address for found in case.plan.prior if found.mode != DATA), *case.plan.planned]
    absent = [address for address in dict.fromkeys(known) if address not in there]
    if absent:
        message = f"resource_changes does not have {listed(absent)}, which the same plan names elsewhere"
        yield case.refuse("plan-shape", message, _UNCHANGED, absent[0])
    for address, number in there.items():
        if number > 1:
            yield case.refuse("plan-shape", f"resource_changes has {address} {number} times", _UNCHANGED, address)


_LIVE = frozenset({("no-op",), ("create",), ("update",)})
_HARMLESS: Mapping[bool, frozenset[tuple[str, ...]]] = MappingProxyType({False: _LIVE, True: frozenset({("delete",)})})
"""Tombstone or not -> what may happen to any object. A `forget` never: it leaves a peering that nobody manages."""
_REPLACED = ("delete", "create")
_ADOPTING = frozenset({ACCEPTANCE, *(f"{OPTIONS}.{side}" for side in SIDES)})
"""What a replacement does no harm to. Deleted, these leave AWS as it is: "will remove it from your statefile and management, but
will not destroy the VPC Peering Connection" (registry, `aws_vpc_peering_connection_accepter`), and the provider's delete of the
options does nothing. Made anew, they accept what is accepted already, and set the options that are set."""
_TAKING = ("delete", "replace")
_READ = frozenset({("read",), ("no-op",)})


def actions(case: Case) -> Iterator[Problem]:
    """A live pair is made and changed, a tombstone is destroyed; a live pair loses only routes that nothing wants any more.

    What is tainted may be replaced where that touches no connection and no route; which connection it was of, `before` asks.
    """
    wrong: dict[tuple[str, bool], list[str]] = {}
    for change in case.plan.changes:
        harmless = _READ if change.mode == DATA else _HARMLESS[case.tombstone]
        if change.actions not in harmless and not _is_adopted_again(case, change) and not _is_stale_route(case, change):
            wrong.setdefault((change.action, change.type == ROUTE), []).append(change.address)
    for (action, of_routes), addresses in wrong.items():
        yield _wrong_action(case, action, of_routes, addresses)


def _is_adopted_again(case: Case, change: Change) -> bool:
    return not case.tombstone and change.place in _ADOPTING and change.actions == _REPLACED


def _is_stale_route(case: Case, change: Change) -> bool:
    if (change.type, change.actions) != (ROUTE, ("delete",)) or change.place not in PLACES:
        return False
    said = change.before
    route = (said.get("route_table_id"), said.get("destination_cidr_block") or said.get("destination_ipv6_cidr_block"))
    wanted = case.data.routes(change.name)
    return change.index not in wanted and route not in wanted.values()


def _wrong_action(case: Case, action: str, of_routes: bool, addresses: list[str]) -> Problem:
    doing = f"the plan would {action} {listed(addresses)}"
    if action not in _TAKING:
        state = "a tombstone is only destroyed" if case.tombstone else "a peering is only made, changed, or taken down by a tombstone"
        remedy = 'run "scaffold sync" and plan again; if it stays, restore the stack\'s files from git'
        return case.refuse("wrong-action", f"{doing}, and {state}", remedy, action)
    if of_routes:
        remedy = f"find out why, and plan again; if it is tainted: terraform untaint '{addresses[0]}'"
        return case.refuse("wanted-route", f"{doing}, which the decision wants", remedy, addresses[0])
    remedy = (
        'if the pair is to go, deny it in the policy and run "scaffold sync", which writes the tombstone; a VPC that was replaced'
        f" needs that too, before the new one; what is tainted: terraform untaint '{addresses[0]}'"
    )
    return case.refuse("no-tombstone", f"{doing}, and this pair has no tombstone", remedy, addresses[0])


def decided(case: Case) -> Iterator[Problem]:
    """Something may change only as the policy says today: a pair is made where it is allowed, and taken down where it is denied.

    That it could not be made takes nothing down, nor does ignorance; and ignorance makes nothing.
    """
    acting = {action: number for action, number in case.plan.counts().items() if action != "no-op"}
    if acting and not _is_decided(case):
        what = "take this pair down" if case.tombstone else "change this pair"
        doing = ", ".join(f"{number} to {action}" for action, number in acting.items())
        message = f"the plan would {what} ({doing}), and {_why(case)}"
        yield case.refuse("not-decided", message, _remedy(case))


def _is_decided(case: Case) -> bool:
    found = case.decided
    if case.doubts:
        return False
    if case.tombstone:
        return found.decision is Decision.DENY
    return found.decision is Decision.ALLOW and found.feasible and not found.error


def _why(case: Case) -> str:
    found = case.decided
    reasons = "; ".join(refusal.message for refusal in found.refusals)
    if case.doubts:
        return f"what is decided of it is in doubt: {case.doubts[0].message}"
    if case.tombstone and found.decision is Decision.ALLOW:
        unable = f", though it could not be made now: {reasons}" if reasons else ""
        return f"the policy allows it ({explained(found.judgement)}){unable}"
    return found.error or reasons or f"the policy says {found.decision.value} ({explained(found.judgement)})"


def _remedy(case: Case) -> str:
    look = f'look with "scaffold peering explain {" ".join(case.pair)}"'
    if case.doubts:
        return case.doubts[0].remedy or look
    if case.tombstone and case.decided.decision is Decision.ALLOW:
        back = 'repair that and run "scaffold sync"' if case.decided.refusals else 'run "scaffold sync"'
        return f"{back}, which writes the stack again; or deny the pair in the policy, if it is to go"
    if case.tombstone:
        return f"{look} and repair what cannot be read or told; nothing is disconnected until then"
    return f'{look}, run "scaffold sync" and plan again'


def imports(case: Case) -> Iterator[Problem]:
    """Taking over what exists is harmless where it is this pair's: by the id of the connection, or of a route that is wanted.

    What it was and what it will be are judged as of any other object.
    """
    connection = case.plan.at(f"{MODULE}.{CONNECTION}")
    id = connection.after.get("id") if connection is not None else None
    for change in case.plan.changes:
        wanted = id if change.place in SINGLE else "_".join(case.data.routes(change.name).get(change.index, ()))
        if change.importing is not None and change.place in PLACES and change.importing != wanted:
            message = f"{change.address} would be taken over from {change.importing}, and {wanted or 'nothing'} is what this pair has there"
            yield case.refuse(
                "wrong-import", message, "import one connection by one id on both sides, and its own routes", change.importing
            )


RULES: tuple[Rule, ...] = (
    conditions,
    nothing_unknown,
    every_object,
    only_ours,
    directory,
    data,
    module,
    configuration,
    decided,
    actions,
    imports,
    routes,
    values,
    before,
    answers,
    missing,
    gone,
)


def refusals(case: Case, rules: Iterable[Rule] = RULES) -> list[Problem]:
    """Every reason to refuse a plan, in the order of the rules; empty for a plan that is the decision's.

    Of a plan that did not end well only that is said: what else it lacks follows from it.
    """
    return list(ended_well(case)) or [found for rule in rules for found in rule(case)]
