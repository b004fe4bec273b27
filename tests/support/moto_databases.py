"""RDS and ElastiCache in the server that answers as AWS: what moto 5.2.5 lacks and our tests rely on.

One function for each gap; its docstring says what moto does and what AWS does. `moto_server` installs `SHIMS`.
"""

# mypy: disable-error-code="method-assign,assignment"
from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.elasticache.exceptions import ReplicationGroupNotFound, UserNotFound
from moto.elasticache.models import ElastiCacheBackend as Caches
from moto.elasticache.responses import ElastiCacheResponse as CacheResponse
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend
from moto.rds.exceptions import DBInstanceNotFoundError
from moto.rds.models import DBInstance, DBParameterGroup, RDSBackend
from moto.settings import load_iam_aws_managed_policies

_ONE_OF_AWS = re.compile(r"arn:[a-z-]+:iam::aws:policy/(?:.+/)?([^/]+)")
# What a member of a replication group takes over from what was asked for the group.
_TAKEN_OVER = (
    "cache_subnet_group_name", "transit_encryption_enabled", "preferred_maintenance_window", "notification_topic_arn",
    "auto_minor_version_upgrade", "snapshot_retention_limit", "snapshot_window", "auth_token", "cache_security_group_names",
    "security_group_ids", "snapshot_arns", "log_delivery_configurations", "cache_parameter_group_name", "engine",
)  # fmt: skip
_NOT_OF_A_MEMBER = (
    "az_mode", "preferred_availability_zone", "network_type", "ip_discovery", "snapshot_name", "outpost_mode",
    "preferred_outpost_arn", "preferred_availability_zones", "preferred_outpost_arns", "cache_node_ids_to_remove",
    "cache_node_ids_to_reboot", "tags", "num_cache_nodes",
)  # fmt: skip


class _NotThere(ServiceException):
    """An error answer of ours. A class of its own, since moto looks up the code by the class's module."""


def know_the_policies_of_aws() -> None:
    """Let a role take a policy that AWS made.

    moto: has them only where it loaded all of them, which makes each new account slow.
    AWS: every account has them.
    """
    original = IAMBackend.attach_role_policy

    @functools.wraps(original)
    def attach(self: Any, policy_arn: str, role_name: str) -> None:
        match = _ONE_OF_AWS.match(policy_arn)
        if match and policy_arn not in self.managed_policies and not load_iam_aws_managed_policies():
            policy = AWSManagedPolicy.from_data(match[1], self.account_id, self.region_name, _managed_policies()[match[1]])
            self.managed_policies[policy.arn] = policy
        original(self, policy_arn, role_name)

    IAMBackend.attach_role_policy = attach


@functools.cache
def _managed_policies() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(aws_managed_policies_data)
    return found


def say_who_set_a_parameter() -> None:
    """Mark what was set in a parameter group.

    moto: says nothing of where a value comes from.
    AWS: "user", which the provider asks for; without it every plan sets the parameters again.
    """
    original = DBParameterGroup.update_parameters

    @functools.wraps(original)
    def update(self: Any, new_parameters: Any) -> None:
        original(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    DBParameterGroup.update_parameters = update


def remember_performance_insights() -> None:
    """Give back what a database was made with.

    moto: drops the arguments of Performance Insights.
    AWS: DescribeDBInstances returns them.
    """
    original = DBInstance.__init__

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.performance_insights_enabled = kwargs.get("enable_performance_insights", False)
        if self.performance_insights_enabled:
            self.performance_insights_kms_key_id = kwargs.get("performance_insights_kms_key_id")
            self.performance_insights_retention_period = kwargs.get("performance_insights_retention_period", 7)

    DBInstance.__init__ = init


def describe_rules_between_groups() -> None:
    """Give back the description of a rule that names a group.

    moto: knows the descriptions of rules with ranges only.
    AWS: every rule has its own.
    """

    def description(self: Any) -> str | None:
        said: str | None = self.ip_range.get("Description") or self.source_group.get("Description")
        return said

    SecurityGroupRule.description = property(description)


def delete_at_once() -> None:
    """Do a delete, then answer that there is nothing of that name.

    moto: "deleting", and gone by the next look; but the provider sleeps up to a minute before that look.
    AWS: "deleting" for minutes. Told "not found" by the delete itself, the provider is done.
    """
    database, user = RDSBackend.delete_db_instance, Caches.delete_user

    @functools.wraps(database)
    def delete_db_instance(self: Any, db_instance_identifier: str, *args: Any, **kwargs: Any) -> None:
        database(self, db_instance_identifier, *args, **kwargs)
        raise DBInstanceNotFoundError(db_instance_identifier)

    @functools.wraps(user)
    def delete_user(self: Any, user_id: str) -> None:
        user(self, user_id)
        self.users.pop(user_id)
        raise UserNotFound(user_id)

    def delete_replication_group(self: Any, replication_group_id: str, retain_primary_cluster: Any = None) -> None:
        group = self.replication_groups.pop(replication_group_id, None)
        for cluster_id in group.member_clusters if group else ():
            self.cache_clusters.pop(cluster_id, None)
        raise ReplicationGroupNotFound(replication_group_id)

    RDSBackend.delete_db_instance, Caches.delete_user = delete_db_instance, delete_user
    Caches.delete_replication_group = delete_replication_group


def make_the_members_of_a_group() -> None:
    """Make a cache cluster of each node of a replication group.

    moto: makes one node whatever number is asked for, and no cluster.
    AWS: each node is a cluster, and the provider reads version, groups and windows from the first.
    """
    original = Caches.create_replication_group

    @functools.wraps(original)
    def create(self: Any, **asked: Any) -> Any:
        if not asked.get("num_node_groups") and (asked.get("num_cache_clusters") or 0) > 1:
            asked["replicas_per_node_group"] = asked["num_cache_clusters"] - 1
        group = original(self, **asked)
        for cluster_id in group.member_clusters:
            _member(self, group, cluster_id, asked)
        return group

    Caches.create_replication_group = create


def _member(backend: Any, group: Any, cluster_id: str, asked: dict[str, Any]) -> None:
    version = asked["engine_version"]
    backend.create_cache_cluster(
        cache_cluster_id=cluster_id, replication_group_id=group.replication_group_id, port=group.port,
        cache_node_type=group.cache_node_type, engine_version=f"{version}.0" if version.count(".") == 1 else version,
        **{name: asked.get(name) for name in _TAKEN_OVER}, **dict.fromkeys(_NOT_OF_A_MEMBER),
    )  # fmt: skip
    node = backend.cache_clusters[cluster_id]
    node.cache_parameter_group = {
        "CacheParameterGroupName": node.cache_parameter_group_name, "ParameterApplyStatus": "in-sync", "CacheNodeIdsToReboot": [],
    }  # fmt: skip
    node.security_groups = [{"SecurityGroupId": id, "Status": "active"} for id in node.security_group_ids]
    node.at_rest_encryption_enabled = group.at_rest_encryption_enabled
    node.transit_encryption_mode = group.transit_encryption_mode
    node.network_type = node.ip_discovery = "ipv4"


def have_groups_of_parameters_and_users() -> None:
    """Keep parameter groups and user groups, and take their ARNs.

    moto: has neither, and no way to delete a subnet group.
    AWS: has them; parameters that somebody set are listed with the source "user".
    """
    original = Caches.__init__

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.arn_regex = re.compile(r"^arn:[a-z-]+:elasticache:.*:[0-9]*:.*$")
        self.parameter_groups, self.user_groups = {}, {}

    Caches.__init__ = init
    for action in _ACTIONS:
        setattr(CacheResponse, action.__name__.removeprefix("_"), _answering(action))


def _answering(action: Callable[[Any, dict[str, Any]], Any]) -> Callable[[Any], ActionResult]:
    def answer(self: Any) -> ActionResult:
        return ActionResult(action(self.elasticache_backend, self._get_params()))

    return answer


def _make(backend: Any, groups: dict[str, Any], kind: str, name: str, said: dict[str, Any], asked: dict[str, Any]) -> Any:
    """A new group, with the tags that were asked for."""
    arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:{kind}:{name}"
    groups[name] = {**said, "ARN": arn}
    if asked.get("Tags"):
        backend.tagging_service.tag_resource(arn, asked["Tags"])
    return groups[name]


def _the(groups: dict[str, Any], name: str, code: str) -> Any:
    if name not in groups:
        raise _NotThere(code, f"{name} not found")
    return groups[name]


def _delete_cache_subnet_group(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    name = asked["CacheSubnetGroupName"]
    _the(backend.cache_subnet_groups, name, "CacheSubnetGroupNotFoundFault")
    del backend.cache_subnet_groups[name]
    return {}


def _parameter_group(backend: Any, asked: dict[str, Any]) -> Any:
    return _the(backend.parameter_groups, asked["CacheParameterGroupName"], "CacheParameterGroupNotFound")


def _create_cache_parameter_group(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    name = asked["CacheParameterGroupName"]
    said = {key: asked.get(key) for key in ("CacheParameterGroupName", "CacheParameterGroupFamily", "Description")}
    made = _make(backend, backend.parameter_groups, "parametergroup", name, {**said, "Parameters": {}}, asked)
    return {"CacheParameterGroup": made}


def _describe_cache_parameter_groups(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    return {"CacheParameterGroups": [_parameter_group(backend, asked)]}


def _modify_cache_parameter_group(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    parameters = {given["ParameterName"]: given["ParameterValue"] for given in asked["ParameterNameValues"]}
    _parameter_group(backend, asked)["Parameters"].update(parameters)
    return {"CacheParameterGroupName": asked["CacheParameterGroupName"]}


def _describe_cache_parameters(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    found = _parameter_group(backend, asked)["Parameters"].items()
    return {"Parameters": [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in found]}


def _delete_cache_parameter_group(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    _parameter_group(backend, asked)
    del backend.parameter_groups[asked["CacheParameterGroupName"]]
    return {}


def _user_group(backend: Any, asked: dict[str, Any]) -> Any:
    return _the(backend.user_groups, asked["UserGroupId"], "UserGroupNotFound")


def _create_user_group(backend: Any, asked: dict[str, Any]) -> Any:
    users = [backend.users[id] for id in asked.get("UserIds") or ()]
    if asked["Engine"].lower() == "redis" and "default" not in {user.name for user in users}:
        raise _NotThere("DefaultUserRequired", "User group needs to contain a user with the user name default.")
    said = {"UserGroupId": asked["UserGroupId"], "Status": "active", "Engine": asked["Engine"].lower(), "ReplicationGroups": []}
    said |= {"UserIds": [user.id for user in users], "MinimumEngineVersion": "6.0"}
    return _make(backend, backend.user_groups, "usergroup", asked["UserGroupId"], said, asked)


def _describe_user_groups(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    return {"UserGroups": [_user_group(backend, asked)]}


def _delete_user_group(backend: Any, asked: dict[str, Any]) -> Any:
    """Gone, then "not found": see `delete_at_once`."""
    _user_group(backend, asked)
    del backend.user_groups[asked["UserGroupId"]]
    raise _NotThere("UserGroupNotFound", "deleted")


_ACTIONS = (
    _create_cache_parameter_group, _describe_cache_parameter_groups, _modify_cache_parameter_group, _describe_cache_parameters,
    _delete_cache_parameter_group, _create_user_group, _describe_user_groups, _delete_user_group, _delete_cache_subnet_group,
)  # fmt: skip

SHIMS: tuple[Callable[[], None], ...] = (
    know_the_policies_of_aws,
    say_who_set_a_parameter,
    remember_performance_insights,
    describe_rules_between_groups,
    delete_at_once,
    make_the_members_of_a_group,
    have_groups_of_parameters_and_users,
)
