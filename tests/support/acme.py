"""What AWS shows of the example landing zone: as it should be, and with what an audit is for."""

from __future__ import annotations

from generator.landing_zone.model import LandingZone
from generator.snapshot.model import Account, Doors, Gap, Place, Route, RouteTable, Side, Snapshot
from tests.support import audited

SUSPENDED = "200000000999"
HOME, ABROAD, DENIED = "us-east-1", "eu-west-1", "ap-south-1"
STRANGER = Side("900000000001", HOME, "vpc-0f00000000000bad1")


def clean(zone: LandingZone) -> Snapshot:
    """Everything is as it was reviewed. An account is suspended, and a region is denied to all; both are accepted."""
    seen = audited.clean(zone)
    accounts = {**seen.accounts, SUSPENDED: Account(SUSPENDED, "old-sandbox", "aws+old-sandbox@acme.example", "SUSPENDED", {})}
    denied = (Gap(id, DENIED, "denied by policy: UnauthorizedOperation") for id in seen.accounts)
    here = {place: contents._replace(doors=Doors(int(place.region == HOME), 0, 0)) for place, contents in seen.places.items()}
    return Snapshot(seen.taken, accounts, here, (Gap(SUSPENDED, None, "account is SUSPENDED"), *denied))


def rogue(zone: LandingZone) -> Snapshot:
    """What an audit is for: a connection by hand, a stranger who asks, a lost route, one too wide, a tag, and a role that is silent."""
    networks = {name: (account.id, network) for account in zone.inventory.accounts.values() for name, network in account.networks.items()}

    def side(name: str) -> Side:
        account, network = networks[name]
        return Side(account, network.region, network.vpc_id, network.cidr_blocks, network.ipv6_cidr_blocks, False)

    def table(name: str, number: int) -> str:
        return networks[name][1].route_table_ids[number]

    seen = audited.with_connection(clean(zone), audited.between(side("prod-ml"), side("dev-pay"), "pcx-0bad0000000000001"))
    asked = audited.between(STRANGER, side("prod-shop"), "pcx-0bad0000000000002", "pending-acceptance")
    seen = audited.with_connection(seen, asked._replace(expires="2026-11-29T07:00:00Z"))
    seen = audited.tables(seen, table("staging-pay", 0), _less(networks["staging-vpn"][1].cidr_blocks[0]))
    seen = audited.tables(seen, table("dev-vpn", 1), _wider(networks["dev-shop"][1].cidr_blocks[0]))
    seen = audited.accounts(seen, networks["dev-shop"][0], _in_staging)
    return audited.blind(seen, Place(networks["dev-ml"][0], ABROAD), cause="denied: AccessDenied")


def _in_staging(account: Account) -> Account:
    return account._replace(tags={**(account.tags or {}), "environment": "staging"})


def _less(destination: str) -> audited.TableChange:
    return lambda table: table._replace(routes=tuple(route for route in table.routes if route.destination != destination))


def _wider(destination: str) -> audited.TableChange:
    def changed(table: RouteTable) -> RouteTable:
        target = next(route.target for route in table.routes if route.destination == destination)
        return table._replace(routes=(*table.routes, Route("10.0.0.0/8", target, "active")))

    return changed
