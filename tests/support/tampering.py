"""Plans of a pair that somebody changed, each with the one reason for which it has to be refused."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.verified import CONNECTION, Plan, answer, change, everything

CREATE, STANDING, TOMBSTONE = "create", "no-op", "tombstone"
Edit = Callable[[Plan], object]


@dataclass(frozen=True, slots=True)
class Tampering:
    """What is done to which plan, and the id of the problem that says so."""

    of: str
    edit: Edit
    id: str


def after(place: str, **values: Any) -> Edit:
    """An object that will have other values."""
    return lambda plan: change(plan, place)["change"]["after"].update(values)


def unknown(place: str, **values: Any) -> Edit:
    """An object of which less is known."""
    return lambda plan: change(plan, place)["change"]["after_unknown"].update(values)


def acts(place: str, *actions: str) -> Edit:
    """Something else happens to an object."""
    return lambda plan: change(plan, place)["change"].update(actions=list(actions))


def provider(side: str, **expressions: Any) -> Edit:
    """A provider that is configured otherwise."""
    return lambda plan: plan["configuration"]["provider_config"][f"aws.{side}"]["expressions"].update(expressions)


def call(plan: Plan) -> dict[str, Any]:
    """The one module call."""
    found: dict[str, Any] = plan["configuration"]["root_module"]["module_calls"]["peering"]
    return found


def configured(place: str, **values: Any) -> Edit:
    """An object that is configured otherwise."""
    return lambda plan: next(each for each in call(plan)["module"]["resources"] if each["address"] == place).update(values)


def another_route(plan: Plan) -> None:
    """A route to everywhere, beside the others."""
    extra = copy.deepcopy(change(plan, "aws_route.requester"))
    extra["index"] = f"{extra['index'].partition('|')[0]}|0.0.0.0/0"
    extra["address"] = f'module.peering.aws_route.requester["{extra["index"]}"]'
    extra["change"]["after"]["destination_cidr_block"] = "0.0.0.0/0"
    plan["resource_changes"].append(extra)


def another_resource(plan: Plan) -> None:
    """An object that is no part of a peering."""
    extra = copy.deepcopy(change(plan, "aws_vpc_peering_connection.this"))
    extra.update(address="aws_iam_user.extra", type="aws_iam_user", name="extra")
    del extra["module_address"]
    plan["resource_changes"].append(extra)


def external_data(plan: Plan) -> None:
    """A data source that runs a program."""
    said = {"address": "data.external.extra", "mode": "data", "type": "external", "name": "extra", "values": {}}
    plan["prior_state"]["values"]["root_module"]["resources"] = [said]


def without(plan: Plan, place: str) -> None:
    """An object that is nowhere in the plan."""
    address = change(plan, place)["address"]
    for listed in everything(plan):
        listed[:] = [each for each in listed if each.get("address") != address]


def elsewhere(plan: Plan) -> None:
    """A route that leads to a gateway is taken over, and will lead to the connection."""
    said = change(plan, _ROUTE)["change"]
    said.update(actions=["update"], importing={"id": route_id(plan)})
    said["before"] = {**said["before"], "gateway_id": "igw-0bad", "vpc_peering_connection_id": ""}


def route_id(plan: Plan, place: str = "aws_route.requester") -> str:
    """The id by which the provider takes over a route."""
    return str(change(plan, place)["index"]).replace("|", "_")


def replaced(place: str, **before: Any) -> Edit:
    """An object that is tainted, so that it is replaced; `before` is what it was instead."""

    def edit(plan: Plan) -> None:
        entry = change(plan, place)
        entry["action_reason"] = "replace_because_tainted"
        said = entry["change"]
        made = {name: value for name, value in said["after"].items() if name != "id"}
        said.update(actions=["delete", "create"], before={**said["before"], **before}, after=made, after_unknown={"id": True})

    return edit


def was(place: str, **values: Any) -> Edit:
    """An object that was something else before."""
    return lambda plan: change(plan, place)["change"].update(before={**change(plan, place)["change"]["before"], **values})


def in_state(plan: Plan, place: str, **values: Any) -> None:
    """An object in the state before the plan, with other values than the plan's entry says."""
    entry = change(plan, place)
    said = {"address": entry["address"], "mode": "managed", "values": {**entry["change"]["before"], **values}}
    plan["prior_state"]["values"]["root_module"]["child_modules"][0]["resources"].append(said)


def another_in_state(plan: Plan) -> None:
    """A connection in the state at an address of its own, which the plan would delete."""
    entry = change(plan, _CONNECTION)
    address = "module.peering.aws_vpc_peering_connection.other"
    gone = {**entry["change"], "actions": ["delete"], "before": {**entry["change"]["before"], "id": "pcx-0bad"}, "after": None}
    plan["resource_changes"].append({**entry, "address": address, "name": "other", "change": gone})


def check(status: str) -> Edit:
    """A condition of the module with another outcome."""
    return lambda plan: plan["checks"][0].update(status=status)


def cut(plan: Plan) -> None:
    """A list of changes that lacks what the plan names elsewhere."""
    plan["resource_changes"] = [each for each in plan["resource_changes"] if each["type"] != "aws_route"]


_ROLE = {"role_arn": {"constant_value": "arn:aws:iam::444444444444:role/admin"}, "session_name": {"constant_value": "atlantis"}}
_CONNECTION, _ACCEPTER = "aws_vpc_peering_connection.this", "aws_vpc_peering_connection_accepter.this"
_ROUTE, _OPTIONS = "aws_route.requester", "aws_vpc_peering_connection_options.accepter"
_OTHER_TAGS = {"Name": "prod-ml--prod-vpn", "managed-by": "scaffold", "peering": "prod-ml--prod-pay"}
_OWNED = {"Name": "prod-ml--prod-vpn", "managed-by": "scaffold", "peering": "prod-ml--prod-vpn", "owner": "ml"}

TAMPERED: Mapping[str, Tampering] = {
    # what is joined
    "another VPC": Tampering(CREATE, after(_CONNECTION, vpc_id="vpc-0badbadbadbadbad0"), "wrong-value"),
    "another peer VPC": Tampering(CREATE, after(_CONNECTION, peer_vpc_id="vpc-0badbadbadbadbad0"), "wrong-value"),
    "another peer account": Tampering(CREATE, after(_CONNECTION, peer_owner_id="455555555555"), "wrong-value"),
    "another peer region": Tampering(CREATE, after(_CONNECTION, peer_region="us-west-2"), "wrong-value"),
    "a VPC known only after apply": Tampering(CREATE, unknown(_CONNECTION, vpc_id=True), "unknown-value"),
    "another connection is accepted": Tampering(STANDING, after(_ACCEPTER, vpc_peering_connection_id="pcx-0bad"), "wrong-value"),
    "a connection that stands is accepted": Tampering(CREATE, after(_ACCEPTER, vpc_peering_connection_id="pcx-0bad"), "wrong-value"),
    "the flag was decided otherwise": Tampering(
        CREATE, after(_OPTIONS, accepter=[{"allow_remote_vpc_dns_resolution": False}]), "wrong-dns"
    ),
    "the marker of another pair": Tampering(CREATE, after(_ACCEPTER, tags_all=_OTHER_TAGS), "other-pair"),
    "an account's own tag": Tampering(CREATE, after(_CONNECTION, tags_all=_OWNED), "wrong-tags"),
    "a tag known only after apply": Tampering(CREATE, unknown(_CONNECTION, tags_all={"owner": True}), "unknown-value"),
    # routes
    "one more route": Tampering(CREATE, another_route, "wrong-route"),
    "a route to everywhere": Tampering(CREATE, after(_ROUTE, destination_cidr_block="0.0.0.0/0"), "wrong-value"),
    "a route of another table": Tampering(CREATE, after(_ROUTE, route_table_id="rtb-0badbadbadbadbad0"), "wrong-value"),
    "a route to a gateway": Tampering(STANDING, after(_ROUTE, gateway_id="igw-0bad"), "wrong-target"),
    "a route to an interface": Tampering(STANDING, after(_ROUTE, network_interface_id="eni-0bad"), "wrong-target"),
    "a route to another connection": Tampering(STANDING, after(_ROUTE, vpc_peering_connection_id="pcx-0bad"), "wrong-value"),
    "an argument nobody knows": Tampering(STANDING, after(_ROUTE, odb_network_arn="arn:aws:odb"), "wrong-target"),
    "a route that is nowhere": Tampering(STANDING, lambda plan: without(plan, _ROUTE), "missing-object"),
    "a connection that is nowhere": Tampering(CREATE, lambda plan: without(plan, _CONNECTION), "missing-object"),
    # what happens
    "the connection is deleted": Tampering(STANDING, acts(_CONNECTION, "delete"), "no-tombstone"),
    "the connection is replaced": Tampering(STANDING, acts(_CONNECTION, "delete", "create"), "no-tombstone"),
    "the accepter is replaced, made first": Tampering(STANDING, acts(_ACCEPTER, "create", "delete"), "no-tombstone"),
    "the options are deleted": Tampering(STANDING, acts(_OPTIONS, "delete"), "no-tombstone"),
    "a wanted route is deleted": Tampering(STANDING, acts(_ROUTE, "delete"), "wanted-route"),
    "the connection is forgotten": Tampering(STANDING, acts(_CONNECTION, "forget"), "wrong-action"),
    "a tombstone makes something": Tampering(TOMBSTONE, acts(_ROUTE, "create"), "wrong-action"),
    "a tombstone deletes another route": Tampering(
        TOMBSTONE, lambda plan: change(plan, _ROUTE)["change"]["before"].update(vpc_peering_connection_id=""), "foreign-object"
    ),
    "another connection is taken over": Tampering(
        STANDING, lambda plan: change(plan, _CONNECTION)["change"].update(importing={"id": "pcx-0bad"}), "wrong-import"
    ),
    "a route that led elsewhere is taken over": Tampering(STANDING, elsewhere, "wrong-import"),
    "a route is taken over by another id": Tampering(
        STANDING, lambda plan: change(plan, _ROUTE)["change"].update(importing={"id": "rtb-0bad_10.0.0.0/8"}), "wrong-import"
    ),
    "a route that was not there is taken over": Tampering(
        CREATE, lambda plan: change(plan, _ROUTE)["change"].update(importing={"id": route_id(plan)}), "wrong-import"
    ),
    "a connection of other VPCs is taken over": Tampering(
        STANDING,
        lambda plan: [
            was(_CONNECTION, vpc_id="vpc-0bad")(plan),
            change(plan, _CONNECTION)["change"].update(actions=["update"], importing={"id": CONNECTION}),
        ],
        "wrong-import",
    ),
    "taken over by what is known only after apply": Tampering(
        STANDING, lambda plan: change(plan, _ROUTE)["change"].update(importing={"unknown": True}), "plan-shape"
    ),
    "a tainted connection": Tampering(STANDING, replaced(_CONNECTION), "no-tombstone"),
    "a tainted route": Tampering(STANDING, replaced(_ROUTE), "wanted-route"),
    "a tainted accepter of another connection": Tampering(
        STANDING, replaced(_ACCEPTER, id="pcx-0bad", vpc_peering_connection_id="pcx-0bad"), "foreign-object"
    ),
    "tainted options of another connection": Tampering(
        STANDING, replaced(_OPTIONS, id="pcx-0bad", vpc_peering_connection_id="pcx-0bad"), "foreign-object"
    ),
    "a tainted accepter accepts another connection": Tampering(
        STANDING,
        lambda plan: [replaced(_ACCEPTER)(plan), after(_ACCEPTER, vpc_peering_connection_id="pcx-0bad")(plan)],
        "wrong-value",
    ),
    "the connection is replaced by a trigger": Tampering(
        STANDING,
        lambda plan: [replaced(_CONNECTION)(plan), change(plan, _CONNECTION).update(action_reason="replace_by_triggers")],
        "no-tombstone",
    ),
    "a trigger that replaces": Tampering(
        CREATE, configured(_CONNECTION, replace_triggered_by=[{"references": ["terraform_data.x"]}]), "wrong-configuration"
    ),
    # what there was
    "the connection was another one": Tampering(STANDING, was(_CONNECTION, id="pcx-0bad"), "foreign-object"),
    "the connection was one of other VPCs": Tampering(STANDING, was(_CONNECTION, peer_vpc_id="vpc-0bad"), "foreign-object"),
    "the state has another connection": Tampering(STANDING, lambda plan: in_state(plan, _CONNECTION, id="pcx-0bad"), "foreign-object"),
    "the state has the connection of other VPCs": Tampering(
        STANDING, lambda plan: in_state(plan, _CONNECTION, vpc_id="vpc-0bad"), "foreign-object"
    ),
    "the state has one more connection": Tampering(STANDING, another_in_state, "foreign-object"),
    "a tombstone of another pair's connection": Tampering(
        TOMBSTONE, was(_CONNECTION, vpc_id="vpc-0bad", tags_all={"managed-by": "scaffold"}), "foreign-object"
    ),
    "a tombstone whose state has another pair's connection": Tampering(
        TOMBSTONE, lambda plan: in_state(plan, _CONNECTION, vpc_id="vpc-0bad", tags_all={}), "foreign-object"
    ),
    "a tombstone deletes a route to another connection": Tampering(
        TOMBSTONE, was(_ROUTE, vpc_peering_connection_id="pcx-0bad"), "foreign-object"
    ),
    # what is known only after apply
    "a peer account known only after apply": Tampering(CREATE, unknown(_CONNECTION, peer_owner_id=True), "unknown-value"),
    "a table known only after apply": Tampering(CREATE, unknown(_ROUTE, route_table_id=True), "unknown-value"),
    "a range known only after apply": Tampering(CREATE, unknown(_ROUTE, destination_cidr_block=True), "unknown-value"),
    "a gateway known only after apply": Tampering(CREATE, unknown(_ROUTE, gateway_id=True), "unknown-value"),
    "a flag known only after apply": Tampering(
        CREATE, unknown(_OPTIONS, accepter=[{"allow_remote_vpc_dns_resolution": True}]), "unknown-value"
    ),
    "everything known only after apply": Tampering(
        CREATE, lambda plan: change(plan, _ROUTE)["change"].update(after_unknown=True), "plan-shape"
    ),
    # what else there is
    "one more resource": Tampering(CREATE, another_resource, "foreign-object"),
    "another provider's": Tampering(
        CREATE, lambda plan: change(plan, _ROUTE).update(provider_name="registry.terraform.io/x/aws"), "foreign-object"
    ),
    "moved here": Tampering(STANDING, lambda plan: change(plan, _CONNECTION).update(previous_address="aws_vpc.x"), "foreign-object"),
    "a deposed object": Tampering(STANDING, lambda plan: change(plan, _ROUTE).update(deposed="0badbad0"), "plan-unknown"),
    "a program was run": Tampering(CREATE, external_data, "foreign-object"),
    "moved from another module": Tampering(
        STANDING, lambda plan: change(plan, _ROUTE).update(previous_address="module.peering_x.aws_route.requester"), "foreign-object"
    ),
    "an action is invoked": Tampering(CREATE, lambda plan: plan.update(action_invocations=[{"address": "action.x"}]), "plan-unknown"),
    "a change is put off": Tampering(CREATE, lambda plan: plan.update(deferred_changes=[{"reason": "x"}]), "plan-unknown"),
    "an action is put off": Tampering(CREATE, lambda plan: plan.update(deferred_action_invocations=[{"reason": "x"}]), "plan-unknown"),
    "a condition does not hold": Tampering(CREATE, check("fail"), "failed-check"),
    "a condition could not be asked": Tampering(CREATE, check("error"), "failed-check"),
    "a condition has an outcome nobody knows": Tampering(CREATE, check("of-2031"), "failed-check"),
    "a condition without an outcome": Tampering(CREATE, lambda plan: plan["checks"][0].pop("status"), "plan-shape"),
    "one more output": Tampering(CREATE, lambda plan: plan["output_changes"].update(extra={"actions": ["create"]}), "plan-unknown"),
    # how it was made
    "another role": Tampering(CREATE, provider("accepter", assume_role=[_ROLE]), "wrong-provider"),
    "another region": Tampering(CREATE, provider("requester", region={"constant_value": "us-west-2"}), "wrong-provider"),
    "the other side's account": Tampering(
        CREATE, provider("requester", allowed_account_ids={"references": ["local.accepter.id"]}), "wrong-provider"
    ),
    "an endpoint of its own": Tampering(
        CREATE, provider("requester", endpoints=[{"ec2": {"constant_value": "http://x"}}]), "wrong-provider"
    ),
    "a third provider": Tampering(
        CREATE, lambda plan: plan["configuration"]["provider_config"].update(x={"name": "external"}), "wrong-provider"
    ),
    "another module": Tampering(CREATE, lambda plan: call(plan).update(source="../../modules/peering/0.9.0"), "wrong-module"),
    "one more module": Tampering(
        CREATE, lambda plan: plan["configuration"]["root_module"]["module_calls"].update(extra=call(plan)), "wrong-configuration"
    ),
    "a provisioner": Tampering(CREATE, configured(_CONNECTION, provisioners=[{"type": "local-exec"}]), "wrong-configuration"),
    "the other side's provider": Tampering(CREATE, configured(_ROUTE, provider_config_key="aws.accepter"), "wrong-configuration"),
    "a target of its own": Tampering(
        CREATE, lambda plan: _expressions(plan, _ROUTE).update(network_interface_id={"constant_value": "eni-0bad"}), "wrong-configuration"
    ),
    "a target that is referred to": Tampering(
        CREATE, lambda plan: _expressions(plan, _ROUTE).update(vpc_peering_connection_id={"references": ["var.x"]}), "wrong-configuration"
    ),
    # what AWS said
    "the VPC is another account's": Tampering(
        CREATE, lambda plan: answer(plan, "accepter").update(owner_id="455555555555"), "wrong-network"
    ),
    "the VPC is elsewhere": Tampering(
        CREATE, lambda plan: answer(plan, "requester").update(arn=answer(plan, "accepter")["arn"]), "wrong-network"
    ),
    "the VPC has one more range": Tampering(
        CREATE,
        lambda plan: answer(plan, "accepter")["cidr_block_associations"].append({"cidr_block": "10.9.0.0/16", "state": "associated"}),
        "wrong-network",
    ),
    "nobody looked at the VPC": Tampering(CREATE, lambda plan: plan.pop("prior_state"), "wrong-network"),
    # the document
    "it ended with an error": Tampering(CREATE, lambda plan: plan.update(errored=True), "plan-incomplete"),
    "it is a part": Tampering(CREATE, lambda plan: plan.update(complete=False), "plan-incomplete"),
    "nobody says whether it ended well": Tampering(CREATE, lambda plan: plan.pop("errored"), "plan-shape"),
    "what will be is missing": Tampering(CREATE, lambda plan: change(plan, _ROUTE)["change"].pop("after"), "plan-shape"),
    "actions are a word": Tampering(CREATE, lambda plan: change(plan, _ROUTE)["change"].update(actions="no-op"), "plan-shape"),
    "the list is cut": Tampering(CREATE, cut, "plan-shape"),
    "an object is there twice": Tampering(CREATE, lambda plan: plan["resource_changes"].append(change(plan, _ROUTE)), "plan-shape"),
    "another format": Tampering(CREATE, lambda plan: plan.update(format_version="2.0"), "plan-format"),
}


def _expressions(plan: Plan, place: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in call(plan)["module"]["resources"] if each["address"] == place)["expressions"]
    return found
