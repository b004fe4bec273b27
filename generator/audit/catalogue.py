"""Every finding there can be: how much it matters, why, and what to do. `--explain` prints it, and FINDINGS.md is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from generator.audit.model import Severity


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding: its severity, a title, why it matters, and what to do in general."""

    severity: Severity
    title: str
    why: str
    remedy: str


_CRITICAL, _HIGH, _MEDIUM, _LOW, _INFO = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
_APPLY = "comment `atlantis plan -p peering/A--B` on a pull request, read it, and apply it"

KINDS = MappingProxyType(
    {
        # what exists against what may exist
        "policy-denies-live": Kind(
            _CRITICAL,
            "a declared connection that the policy denies is live",
            "Traffic passes between two networks that must not meet. Terraform made it once: a tag or a rule changed since.",
            "run scaffold sync, which writes the tombstone, and let Atlantis apply it; or correct the policy or the tag",
        ),
        "rogue-denied": Kind(
            _CRITICAL,
            "a live connection that nobody declares and no rule allows",
            "Somebody with rights in both accounts connected two VPCs by hand, past every review.",
            "delete it; CloudTrail (CreateVpcPeeringConnection) says who made it, and an SCP that leaves peerings to Atlantis prevents it",
        ),
        "outside-organization": Kind(
            _CRITICAL,
            "a live connection with an account outside the organization",
            "Nobody here can see, tag or audit the other side.",
            "delete the connection, or bring the account into the organization",
        ),
        "undetermined-live": Kind(
            _HIGH,
            "a live connection about which the policy cannot decide",
            "A tag of one side is missing or cannot be told, or which network its VPC is: whether the two may meet is not known.",
            "correct the account's request or accounts.yaml, run scaffold pull, and audit again",
        ),
        "kept-in-doubt": Kind(
            _HIGH,
            "a live pair stays as it is, since it could not be made so now",
            "Something of it changed since the review (ranges, an account, a quota), and sync does not touch it until a person decides.",
            "see scaffold peering plan for what to do",
        ),
        "sides-disagree": Kind(
            _HIGH,
            "the two sides of a connection say different things of it",
            "AWS shows one connection to both accounts. Two moments of a reading explain another status; nothing explains another VPC.",
            "audit again in a minute; if it stays, look at the connection in both accounts",
        ),
        "live-undeclared-allowed": Kind(
            _MEDIUM,
            "a live connection that the policy allows, and no stack declares",
            "It is legal, and nobody keeps it: its routes and options are checked by no plan.",
            "scaffold peering adopt A B takes it over without a change in AWS",
        ),
        "pending-from-unknown": Kind(
            _HIGH,
            "a request for a connection that nobody declares",
            "Whoever accepts it connects the two VPCs; requests from strangers are made in the hope that somebody does.",
            "reject it: aws ec2 reject-vpc-peering-connection",
        ),
        "declared-not-live": Kind(
            _HIGH,
            "a declared connection that AWS does not show on either side",
            "What was reviewed is not there: it was never applied, or somebody deleted it and AWS has forgotten it since.",
            f"{_APPLY}; CloudTrail (DeleteVpcPeeringConnection) says who deleted it",
        ),
        "declared-but-denied": Kind(
            _HIGH,
            "a stack declares a connection that the policy denies, and it is not live",
            "The next apply of that stack would connect two networks that must not meet.",
            "run scaffold sync and merge the tombstone that it writes",
        ),
        "allowed-not-planned": Kind(
            _INFO,
            "the policy allows a pair that has no stack",
            "It waits for something, cannot be made, or scaffold sync has not been run since.",
            "scaffold peering plan says what it waits for",
        ),
        "pending-acceptance": Kind(
            _MEDIUM,
            "a declared connection waits to be accepted",
            "AWS lets a request expire after seven days. High from 48 hours before that on.",
            _APPLY,
        ),
        "in-transition": Kind(
            _LOW,
            "a declared connection is being made or deleted",
            "AWS says initiating-request, provisioning or deleting, which passes in seconds.",
            "audit again in a minute; if it stays, ask who is working on it",
        ),
        "unknown-status": Kind(
            _HIGH,
            "a connection has a status that this release does not know",
            "AWS documents nine; what a tenth means for traffic nobody here can say, so it counts as live.",
            "look at it in AWS, and install a newer scaffold",
        ),
        "expired": Kind(_HIGH, "a declared connection expired before it was accepted", "AWS waits seven days for the accepter.", _APPLY),
        "failed": Kind(
            _HIGH,
            "a declared connection failed",
            "AWS lets it fail at once where any ranges of the two VPCs overlap, or an id is wrong.",
            "give one network other ranges, or deny the pair in the policy",
        ),
        "rejected": Kind(
            _HIGH,
            "a declared connection was rejected",
            "Somebody on the accepter's side said no; asking again without a word would be rude.",
            "talk to the owner of the accepter's account; then apply again, or deny the pair in the policy",
        ),
        "deleted-out-of-band": Kind(
            _HIGH,
            "a declared connection was deleted, and its stack still has it",
            "Routes to it are blackholes.",
            f"CloudTrail (DeleteVpcPeeringConnection) says who did it; then {_APPLY}",
        ),
        "duplicate-pair": Kind(
            _MEDIUM,
            "two connections between the same two VPCs",
            "AWS promises one; which of them the routes use is a matter of luck.",
            "delete the one that no state holds",
        ),
        "wrong-region-or-vpc": Kind(
            _HIGH,
            "a connection carries the marker of a pair, or joins its accounts, and its VPCs are others",
            "Somebody copied the marker, or the network was rebuilt while the old connection stayed.",
            "find out which VPCs are meant; then delete the connection, or correct the network",
        ),
        "wrong-direction": Kind(
            _INFO,
            "a declared connection was requested by the other side",
            "It works the same; but Terraform would replace it to turn it round.",
            "record the requester in the pair's peering.tf.json by scaffold peering adopt",
        ),
        "account-closed": Kind(
            _HIGH,
            "one side's account is closed, suspended or gone from the organization",
            "Its VPC ends with it, and until then nobody looks after it.",
            "take the pair down: remove the account's request or its entry in accounts.yaml after its stacks are destroyed",
        ),
        # routes
        "route-missing-requester": Kind(
            _HIGH,
            "a route of the requester is missing",
            "A subnet of that table cannot reach the other side, and answers to it are lost.",
            _APPLY,
        ),
        "route-missing-accepter": Kind(
            _HIGH,
            "a route of the accepter is missing",
            "A subnet of that table cannot reach the other side, and answers to it are lost.",
            _APPLY,
        ),
        "one-sided-routes": Kind(
            _HIGH,
            "only one side has routes over the connection",
            "No connection of TCP comes about: packets arrive, and answers find no way back.",
            _APPLY,
        ),
        "route-blackhole": Kind(
            _HIGH,
            "a route leads to a connection that carries nothing",
            "Its packets vanish; AWS keeps the route after the connection is gone.",
            f"delete the route, or make the connection again: {_APPLY}",
        ),
        "route-conflict": Kind(
            _HIGH,
            "an expected range leads somewhere else",
            "A table takes a range once, so the peering has no route in it; Terraform cannot create it either.",
            "the table's owner decides which of the two is meant, and removes the other",
        ),
        "route-shadowed": Kind(
            _MEDIUM,
            "a longer prefix takes a part of an expected range elsewhere",
            "The longest prefix decides, so this part of the other network is not reached over the peering.",
            "remove the longer route, or say in the network's README why it is there",
        ),
        "route-too-wide": Kind(
            _HIGH,
            "a route over a connection is wider than the other side",
            "More than the reviewed ranges is sent to another account. AWS refuses no route for that, 0.0.0.0/0 included.",
            "replace it by routes to the other side's ranges",
        ),
        "table-unlisted": Kind(
            _MEDIUM,
            "a route table is tagged for peers, and the pair's stack does not list it",
            "Its subnets do not reach the other side; the stack was written before the table was made.",
            "run scaffold pull and scaffold sync, review the change, and apply it",
        ),
        "route-undeclared": Kind(
            _MEDIUM,
            "a route over a declared connection that its stack does not declare",
            "Somebody added it by hand: a table that no peer is to reach, or a range that nobody reviewed.",
            "delete it, or tag the table scaffold:peering = routed, run scaffold pull and scaffold sync",
        ),
        "orphan-route": Kind(
            _LOW,
            "a route leads to a connection that AWS does not show any more",
            "It carries nothing, and takes one of the table's places.",
            "delete it: aws ec2 delete-route",
        ),
        # ranges, options, markers
        "cidr-mismatch": Kind(
            _HIGH,
            "a reviewed range is not a range of the VPC any more",
            "What was reviewed is not what is connected; its routes lead nowhere.",
            "run scaffold pull and scaffold sync, review the change, and apply it",
        ),
        "cidr-added": Kind(
            _HIGH,
            "a VPC got a range after the pair was reviewed",
            "Nobody reviewed that it is connected, and the other side has no route to it.",
            "run scaffold pull and scaffold sync, review the change, and apply it",
        ),
        "overlap-latent": Kind(
            _MEDIUM,
            "two peers of one VPC have ranges that overlap",
            "A table takes a range once and the longest prefix decides, so answers can go to the wrong peer.",
            "give one of the two other ranges, or deny one of the pairs",
        ),
        "dns-option-off": Kind(
            _MEDIUM,
            "a side does not resolve the other's private names, and should",
            "Names of load balancers and databases resolve to public addresses there.",
            _APPLY,
        ),
        "dns-option-on-unwanted": Kind(
            _LOW, "a side resolves the other's private names, and should not", "The pair was reviewed without.", _APPLY
        ),
        "vpc-dns-attribute-off": Kind(
            _MEDIUM,
            "DNS support or DNS host names are off in a VPC of a pair with DNS",
            "The option on the connection has no effect without them.",
            "switch both on in the network's stack, or run scaffold pull and scaffold sync to give the pair up its DNS",
        ),
        "ownership-tag-missing": Kind(
            _LOW,
            "a side of a declared connection does not carry its marker",
            "Tags of a connection are seen only by the account that set them; without, people on that side cannot tell who keeps it.",
            _APPLY,
        ),
        # tags
        "tag-drift-decision": Kind(
            _CRITICAL,
            "by the tags that AWS has, the policy would decide otherwise about a pair",
            "Git decides, but whoever reads the tags in AWS sees another account. Medium where it was merged just now (--settling).",
            "find out which of the two is right; correct the request, or let AFT run: tags are written by its account request",
        ),
        "tag-drift-stale-live": Kind(
            _MEDIUM,
            "an account still has a tag that its request does not have any more",
            "AFT writes tags and never removes one.",
            "remove it in the management account: aws organizations untag-resource",
        ),
        "tag-drift-missing-live": Kind(
            _MEDIUM,
            "a tag of the request is not on the account",
            "AFT has not run since, or failed.",
            "look at AFT's pipeline, and run it again",
        ),
        "tag-value-differs": Kind(
            _MEDIUM,
            "a tag has another value on the account than in its request",
            "Somebody changed it in AWS, or AFT has not run since.",
            "correct the request, or run AFT's pipeline again",
        ),
        "tag-unclassified": Kind(
            _HIGH,
            "the declared tags of an account cannot be judged",
            "No rule connects it, and none disconnects it: what is live stays live.",
            "correct the account's tags in its request or in accounts.yaml",
        ),
        # quotas, time
        "quota-near": Kind(
            _MEDIUM,
            "80 % of a quota are used",
            "The next pairs will be refused.",
            "ask AWS for more (Service Quotas), or move the hub to a transit gateway",
        ),
        "quota-reached": Kind(
            _HIGH,
            "a quota is used up",
            "AWS refuses the next connection or route.",
            "ask AWS for more (Service Quotas), or move the hub to a transit gateway",
        ),
        "exception-expiring": Kind(
            _INFO,
            "an allow or an exception of the policy ends within 30 days",
            "The next scaffold sync after it writes tombstones.",
            "renew it, or let it end",
        ),
        "exception-unused": Kind(
            _INFO,
            "an exception of the policy that no pair needs",
            "It would let a pair pass that nobody thought of.",
            "remove it from the policy",
        ),
        "snapshot-stale": Kind(
            _MEDIUM,
            "the snapshot is older than a day, or of a day to come",
            "What was made since is not in it.",
            "take a new one: scaffold peering audit --live --save FILE",
        ),
    }
)
