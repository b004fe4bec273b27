"""Client VPN, and what it stands on, in the server that answers as AWS: what moto 5.2.5 lacks and our tests rely on.

One function for each gap; its docstring says what moto does and what AWS does. `moto_server` installs `SHIMS`.
"""

# mypy: disable-error-code="method-assign,assignment"
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses import EC2Response
from moto.iam.responses import IamResponse
from moto.moto_api._internal import mock_random

from generator import ranges

_ENDPOINT, _ASSOCIATION, _RULE, _ROUTE = "endpoint", "association", "rule", "route"
_CHANGEABLE = (
    "Description", "ServerCertificateArn", "SplitTunnel", "VpnPort", "SessionTimeoutHours", "DisconnectOnSessionTimeout",
    "SecurityGroupIds", "VpcId", "ConnectionLogOptions",
)  # fmt: skip


def find_subnets_by_zone_id() -> None:
    """Filter subnets by the id of their zone.

    moto: knows the filter by name only.
    AWS: has both.
    """
    original = Subnet.get_filter_value

    @functools.wraps(original)
    def get_filter_value(self: Any, filter_name: str, method_name: str | None = None) -> Any:
        return self._availability_zone.zone_id if filter_name == "availability-zone-id" else original(self, filter_name, method_name)

    Subnet.get_filter_value = get_filter_value


def remember_the_tags_of_identity_providers() -> None:
    """Give back the tags that an identity provider was made with.

    moto: drops them.
    AWS: GetSAMLProvider returns them, and the provider compares them.
    """
    original = IamResponse.create_saml_provider

    @functools.wraps(original)
    def create_saml_provider(self: Any) -> Any:
        answer: Any = original(self)
        self.backend.get_saml_provider(answer.result["SAMLProviderArn"]).tags = self._get_param("Tags", [])
        return answer

    IamResponse.create_saml_provider = create_saml_provider


def have_client_vpn() -> None:
    """Endpoints with their associations, authorization rules and routes.

    moto: has none of them.
    AWS: has them; they take minutes to be what they are at once here. The route to its VPC comes with an association, and a
    second one to the same range is refused, as is a client range that meets the VPC or a route.
    """
    original = EC2Backend.__init__

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.client_vpn = {kind: {} for kind in (_ENDPOINT, _ASSOCIATION, _RULE, _ROUTE)}

    EC2Backend.__init__ = init
    for action in _ACTIONS:
        setattr(EC2Response, action.__name__.removeprefix("_"), _answering(action))


def _answering(action: Callable[[Any, dict[str, Any]], dict[str, Any]]) -> Callable[[Any], ActionResult]:
    def answer(self: Any) -> ActionResult:
        return ActionResult(action(self.ec2_backend, self._get_params()))

    return answer


def _state(code: str) -> dict[str, dict[str, str]]:
    return {"Status": {"Code": code}}


def _endpoint(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    id = asked["ClientVpnEndpointId"]
    if id not in backend.client_vpn[_ENDPOINT]:
        raise EC2ClientError("InvalidClientVpnEndpointId.NotFound", f"Endpoint {id} does not exist")
    found: dict[str, Any] = backend.client_vpn[_ENDPOINT][id]
    return found


def _of(backend: Any, kind: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What an endpoint has of a kind; filtered, where the call says how."""
    id = _endpoint(backend, asked)["ClientVpnEndpointId"]
    found = [each for each in backend.client_vpn[kind].values() if each["ClientVpnEndpointId"] == id]
    for given in asked.get("Filters") or ():
        key = {"destination-cidr": "DestinationCidr", "group-id": "GroupId", "target-subnet": "TargetSubnet"}[given["Name"]]
        found = [each for each in found if each[key] in given["Values"]]
    return found


def _authentication(given: dict[str, Any]) -> dict[str, Any]:
    said = given["FederatedAuthentication"]
    arns = {"SamlProviderArn": said.get("SAMLProviderArn"), "SelfServiceSamlProviderArn": said.get("SelfServiceSAMLProviderArn")}
    return {"Type": given["Type"], "FederatedAuthentication": arns}


def _create_client_vpn_endpoint(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    id = f"cvpn-endpoint-{mock_random.get_random_hex(17)}"
    dns_name = f"*.{id}.prod.clientvpn.{backend.region_name}.amazonaws.com"
    portal = f"https://self-service.clientvpn.amazonaws.com/endpoints/{id}" if asked.get("SelfServicePortal") == "enabled" else None
    backend.client_vpn[_ENDPOINT][id] = {
        **{key: asked.get(key) for key in (*_CHANGEABLE, "ClientCidrBlock", "DnsServers", "TransportProtocol")},
        "ClientVpnEndpointId": id, "DnsName": dns_name, "VpnProtocol": "openvpn", "SelfServicePortalUrl": portal,
        "AuthenticationOptions": [_authentication(given) for given in asked["AuthenticationOptions"]],
        "ClientConnectOptions": {"Enabled": False, "Status": {"Code": "applied"}}, "ClientLoginBannerOptions": {"Enabled": False},
        "ClientRouteEnforcementOptions": {"Enforced": False}, **_state("pending-associate"),
    }  # fmt: skip
    for given in asked.get("TagSpecifications") or ():
        backend.create_tags([id], {tag["Key"]: tag["Value"] for tag in given["Tags"]})
    return {"ClientVpnEndpointId": id, "DnsName": dns_name, **_state("pending-associate")}


def _describe_client_vpn_endpoints(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    wanted = asked.get("ClientVpnEndpointIds") or list(backend.client_vpn[_ENDPOINT])
    found = [_endpoint(backend, {"ClientVpnEndpointId": id}) for id in wanted]
    return {"ClientVpnEndpoints": [{**each, "Tags": _tags(backend, each["ClientVpnEndpointId"])} for each in found]}


def _tags(backend: Any, id: str) -> list[dict[str, str]]:
    return [{"Key": tag["key"], "Value": tag["value"]} for tag in backend.describe_tags({"resource-id": [id]})]


def _modify_client_vpn_endpoint(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    _endpoint(backend, asked).update({key: asked[key] for key in _CHANGEABLE if asked.get(key) is not None})
    return {"Return": True}


def _delete_client_vpn_endpoint(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    del backend.client_vpn[_ENDPOINT][_endpoint(backend, asked)["ClientVpnEndpointId"]]
    return _state("deleting")


def _refuse_overlap(endpoint: dict[str, Any], destination: str) -> None:
    if ranges.parse(endpoint["ClientCidrBlock"]).overlaps(ranges.parse(destination)):
        raise EC2ClientError("InvalidParameterValue", f"{destination} overlaps the client CIDR range {endpoint['ClientCidrBlock']}")


def _associate_client_vpn_target_network(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    endpoint, subnet = _endpoint(backend, asked), backend.get_subnet(asked["SubnetId"])
    zones = {backend.get_subnet(each["TargetNetworkId"]).availability_zone for each in _of(backend, _ASSOCIATION, asked)}
    if subnet.availability_zone in zones:
        raise EC2ClientError("InvalidClientVpnSubnetId.DuplicateAz", f"{subnet.availability_zone} has an association already")
    id, vpc = f"cvpn-assoc-{mock_random.get_random_hex(17)}", backend.get_vpc(subnet.vpc_id)
    _refuse_overlap(endpoint, vpc.cidr_block)
    backend.client_vpn[_ASSOCIATION][id] = {
        "AssociationId": id, "VpcId": vpc.id, "TargetNetworkId": subnet.id, "ClientVpnEndpointId": endpoint["ClientVpnEndpointId"],
        "SecurityGroups": endpoint["SecurityGroupIds"], **_state("associated"),
    }  # fmt: skip
    endpoint.update(VpcId=vpc.id, **_state("available"))
    _route(backend, endpoint, subnet.id, vpc.cidr_block, "associate")
    return {"AssociationId": id, **_state("associating")}


def _describe_client_vpn_target_networks(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    wanted = asked.get("AssociationIds")
    found = _of(backend, _ASSOCIATION, asked)
    return {"ClientVpnTargetNetworks": [each for each in found if not wanted or each["AssociationId"] in wanted]}


def _disassociate_client_vpn_target_network(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Gone, then "not found": the provider would sleep for four minutes before it looked."""
    gone = backend.client_vpn[_ASSOCIATION].pop(asked["AssociationId"], None)
    if gone is not None:
        routes = backend.client_vpn[_ROUTE]
        for key in [key for key in routes if key[:2] == (gone["ClientVpnEndpointId"], gone["TargetNetworkId"])]:
            del routes[key]
    raise EC2ClientError("InvalidClientVpnAssociationIdNotFound", f"{asked['AssociationId']} is not there")


def _apply_security_groups_to_client_vpn_target_network(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    _endpoint(backend, asked).update(SecurityGroupIds=asked["SecurityGroupIds"], VpcId=asked["VpcId"])
    return {"SecurityGroupIds": asked["SecurityGroupIds"]}


def _authorize_client_vpn_ingress(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    endpoint = _endpoint(backend, asked)["ClientVpnEndpointId"]
    key = endpoint, asked["TargetNetworkCidr"], asked.get("AccessGroupId") or ""
    backend.client_vpn[_RULE][key] = {
        "ClientVpnEndpointId": endpoint, "DestinationCidr": key[1], "GroupId": key[2], "Description": asked.get("Description"),
        "AccessAll": bool(asked.get("AuthorizeAllGroups")), **_state("active"),
    }  # fmt: skip
    return _state("authorizing")


def _describe_client_vpn_authorization_rules(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    return {"AuthorizationRules": _of(backend, _RULE, asked)}


def _revoke_client_vpn_ingress(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    key = asked["ClientVpnEndpointId"], asked["TargetNetworkCidr"], asked.get("AccessGroupId") or ""
    if backend.client_vpn[_RULE].pop(key, None) is None:
        raise EC2ClientError("InvalidClientVpnEndpointAuthorizationRuleNotFound", f"{key} is not there")
    return _state("revoking")


def _create_client_vpn_route(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    endpoint = _endpoint(backend, asked)
    _refuse_overlap(endpoint, asked["DestinationCidrBlock"])
    if asked["TargetVpcSubnetId"] not in {each["TargetNetworkId"] for each in _of(backend, _ASSOCIATION, asked)}:
        raise EC2ClientError("InvalidClientVpnActiveAssociationNotFound", f"{asked['TargetVpcSubnetId']} is not associated")
    _route(backend, endpoint, asked["TargetVpcSubnetId"], asked["DestinationCidrBlock"], "add-route", asked.get("Description"))
    return _state("creating")


def _route(backend: Any, endpoint: dict[str, Any], subnet: str, destination: str, origin: str, description: str | None = None) -> None:
    key = endpoint["ClientVpnEndpointId"], subnet, destination
    if key in backend.client_vpn[_ROUTE]:
        raise EC2ClientError("InvalidClientVpnDuplicateRoute", "Route already exists")
    backend.client_vpn[_ROUTE][key] = {
        "ClientVpnEndpointId": key[0], "TargetSubnet": subnet, "DestinationCidr": destination, "Type": "Nat", "Origin": origin,
        "Description": description, **_state("active"),
    }  # fmt: skip


def _describe_client_vpn_routes(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    return {"Routes": _of(backend, _ROUTE, asked)}


def _delete_client_vpn_route(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    key = asked["ClientVpnEndpointId"], asked["TargetVpcSubnetId"], asked["DestinationCidrBlock"]
    if backend.client_vpn[_ROUTE].pop(key, None) is None:
        raise EC2ClientError("InvalidClientVpnRouteNotFound", f"{key} is not there")
    return _state("deleting")


_ACTIONS = (
    _create_client_vpn_endpoint, _describe_client_vpn_endpoints, _modify_client_vpn_endpoint, _delete_client_vpn_endpoint,
    _associate_client_vpn_target_network, _describe_client_vpn_target_networks, _disassociate_client_vpn_target_network,
    _apply_security_groups_to_client_vpn_target_network, _authorize_client_vpn_ingress, _describe_client_vpn_authorization_rules,
    _revoke_client_vpn_ingress, _create_client_vpn_route, _describe_client_vpn_routes, _delete_client_vpn_route,
)  # fmt: skip

SHIMS: tuple[Callable[[], None], ...] = (find_subnets_by_zone_id, remember_the_tags_of_identity_providers, have_client_vpn)
