"""What one block of Terraform must not say: programs that would run, roles that are another's, modules that nobody looks at.

What cannot be told is taken for the worst: a plan has read it before anybody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.hcl.syntax import Block, Expression, Object, Opaque, Reference, Template, Text
from generator.peering import existing
from generator.problems import Problem, Severity

MODULES = "modules"
HARMLESS = ("aws", "terraform", "random", "time", "null", "tls", "local", "archive")
"""Providers that run nothing but themselves, and are HashiCorp's. `external` and `local_command` are found by name."""
DECLARING = ("data", "resource", "ephemeral", "action")
_RUNNING = ("external", "local_command")
_ROLE = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):")
_TELLING = frozenset({"alias", "region", "allowed_account_ids", "forbidden_account_ids", "max_retries", "retry_mode", "version"})
"""Arguments of a provider that leave it in the account of its role."""
_TAGGING = ("default_tags", "ignore_tags")
_OFFICIAL = re.compile(r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?hashicorp/([a-z0-9-]+)\Z|terraform\.io/builtin/(terraform)\Z")
_LOCAL = ("./", "../", "/", ".\\", "..\\")


@dataclass(frozen=True, slots=True)
class Place:
    """A directory that holds Terraform. `home` is the stack of ours, or `modules`, that it belongs to; empty: a root module of somebody's.

    `links` are the symbolic links of the tree.
    """

    directory: str
    home: str
    links: frozenset[str] = frozenset()

    @property
    def ours(self) -> bool:
        """Is it the root module of a stack of ours?"""
        return self.directory == self.home != MODULES


def programs(path: str, block: Block) -> Iterator[Problem]:
    """Programs that Terraform would run on Atlantis' server."""
    for declared in _declared(block):
        if declared.labels[:1] and declared.labels[0] in _RUNNING:
            name = ".".join((declared.type, *declared.labels))
            message = f"{name} runs a program at every plan, with Atlantis' credentials, before anybody approved it"
            remedy = "compute it with Terraform's functions, or write the value down"
            yield Problem(id="external-program", file=path, line=declared.span.line, message=message, remedy=remedy)
    for inner in block.blocks:
        if inner.type == "provisioner":
            message = f"the provisioner of {'.'.join(block.labels) or block.type} runs a program on Atlantis' server"
            yield Problem(id="provisioner", file=path, line=inner.span.line, message=message, remedy="do it outside Terraform")


def _declared(block: Block) -> Iterator[Block]:
    """The block, and the data sources that a check holds."""
    if block.type in DECLARING:
        yield block
    elif block.type == "check":
        yield from (inner for inner in block.blocks if inner.type == "data")


def strangers(path: str, block: Block) -> Iterator[tuple[str, Problem]]:
    """`(name, warning)` of each provider that is none of HashiCorp's harmless ones: it is a program that runs at plan."""
    for declared in _declared(block):
        name = declared.labels[0].partition("_")[0] if declared.labels else ""
        if name not in HARMLESS and name not in _RUNNING:
            yield name, _stranger(path, declared.span.line, name)
    if block.type == "provider" and block.labels[:1] and block.labels[0] not in (*HARMLESS, *_RUNNING):
        yield block.labels[0], _stranger(path, block.span.line, block.labels[0])
    for name, source, line in _required(block):
        if _OFFICIAL.match(source or "") is None:
            yield name, _stranger(path, line, source or name)


def _stranger(path: str, line: int, name: str) -> Problem:
    message = f"a provider is a program that runs at plan: {name} is none of HashiCorp's that run nothing but themselves"
    remedy = "let somebody who may read Atlantis' credentials look at it"
    return Problem(id="foreign-provider", file=path, line=line, message=message, remedy=remedy, severity=Severity.WARNING, value=name)


def _required(block: Block) -> Iterator[tuple[str, str | None, int]]:
    """Name, source (None where it cannot be told) and line of every provider that a block requires."""
    for required in block.blocks if block.type == "terraform" else ():
        if required.type != "required_providers":
            continue
        for name, said in required.attributes.items():
            items = {_text(item.key): _text(item.value) for item in said.items} if isinstance(said, Object) else {}
            # without a source, or as a mere version, it is HashiCorp's of that name
            yield name, items.get("source", None if isinstance(said, Opaque) else f"hashicorp/{name}"), required.span.line
        for inner in required.blocks:
            source = inner.attributes.get("source")
            yield inner.type, f"hashicorp/{inner.type}" if source is None else _text(source), required.span.line


def renamed(path: str, block: Block) -> Iterator[Problem]:
    """A provider under another's name, which the rules for its blocks would not see."""
    for name, source, line in _required(block):
        match = _OFFICIAL.match(source or "")
        if match is not None and name != (match[1] or match[2]):
            message = f"the provider {source} is called {name} here, so that nobody can tell whose role it takes"
            yield Problem(
                id="renamed-provider", file=path, line=line, message=message, remedy=f"call it {match[1] or match[2]}", value=name
            )


def roles(path: str, block: Block, place: Place, accounts: frozenset[str]) -> Iterator[Problem]:
    """A provider of a stack of ours must say by itself that it works in the stack's account."""
    if block.type != "provider" or block.labels != ("aws",):
        return
    arguments = {*block.attributes, *(inner.type for inner in block.blocks if inner.type != "assume_role")}
    assumed = [inner for inner in block.blocks if inner.type == "assume_role"]
    more = sorted(name for name in arguments if not (name in _TELLING or name in _TAGGING or name.startswith("skip_")))
    if more or not assumed:
        why = f"it says {', '.join(more)}" if more else "it assumes no role"
        yield _untold(path, block, why)
    for inner in assumed:
        yield from _role(path, inner, place, accounts)


def _role(path: str, inner: Block, place: Place, accounts: frozenset[str]) -> Iterator[Problem]:
    said = inner.attributes.get("role_arn")
    literal = _beginning(said)
    match = _ROLE.match(literal or "")
    if match is not None and match[1] not in accounts:
        own = " and ".join(sorted(accounts)) or "not known"
        message = f"this provider assumes a role of account {match[1]}, and the stack's own is {own}"
        remedy = "make a stack of that account for it, or name the role of its own account"
        yield Problem(id="foreign-role", file=path, line=inner.span.line, message=message, remedy=remedy, value=literal)
    elif match is None and not _as_we_write(said, place):
        yield _untold(path, inner, "its role is computed" if literal is None or isinstance(said, Template) else f"its role is {literal!r}")


def _untold(path: str, block: Block, why: str) -> Problem:
    message = f"the role of this provider cannot be told to be the stack's own: {why}"
    remedy = "assume a role of the stack's account, its ARN written down or as providers.tf has it, and nothing else"
    return Problem(id="foreign-role", file=path, line=block.span.line, message=message, remedy=remedy)


def _as_we_write(said: Expression | None, place: Place) -> bool:
    """The expressions of providers.tf. What else a local is called, or where it is not of our data file, anybody may have set it."""
    if place.directory.startswith(f"{existing.ROOT}/"):
        return isinstance(said, Reference) and said.names in (("local", "requester", "role_arn"), ("local", "accepter", "role_arn"))
    if not isinstance(said, Template) or len(said.parts) != 5:
        return False
    parts = [part.value if isinstance(part, Text) else ".".join(part.names) if isinstance(part, Reference) else "" for part in said.parts]
    kinds = [isinstance(part, Text) for part in said.parts]
    own = ["arn:", "local.account.partition", ":iam::", "local.account.id"]
    return kinds == [True, False, True, False, True] and parts[:4] == own and parts[4].startswith(":role/")


def _beginning(expression: Expression | None) -> str | None:
    """A literal; of a template the part before its first interpolation."""
    if isinstance(expression, Template):
        expression = expression.parts[0] if expression.parts else None
    return _text(expression)


def _text(expression: Expression | None) -> str | None:
    return expression.value if isinstance(expression, Text) else None


def configured(path: str, block: Block) -> Iterator[Problem]:
    """A module takes its providers from the stack that calls it."""
    if block.type == "provider" and (block.blocks or not set(block.attributes) <= {"alias", "version"}):
        message = (
            f"a module configures the provider {' '.join(block.labels)}: the stack that calls it works with a role that it does not name"
        )
        remedy = "take the block away, and name the provider in configuration_aliases"
        yield Problem(id="module-provider", file=path, line=block.span.line, message=message, remedy=remedy)


def modules(path: str, block: Block, place: Place) -> Iterator[Problem]:
    """Modules that a block calls, and that nobody looks at here."""
    said = block.attributes.get("source") if block.type == "module" else None
    if said is None:
        return
    source = _text(said)
    if source is None and place.home:
        message = "the source of this module is computed: nobody looks at it here"
        yield Problem(id="foreign-module", file=path, line=block.span.line, message=message, remedy=f"write the path below {MODULES}/")
    elif source is not None and (problem := unseen(source, path, place, block.span.line)) is not None:
        yield problem


def unseen(source: str, path: str, place: Place, line: int | None = None) -> Problem | None:
    """The problem with a module's source; None where its files are looked at too."""
    if not source.startswith(_LOCAL) and "file:" not in source:
        return _remote(source, path, line) if place.home else None
    target = _resolved(place.directory, source)
    homes = (MODULES, place.home) if place.home else (MODULES, "stacks", existing.ROOT)
    if target is not None and any(_below(target, home) for home in homes) and not any(_below(target, link) for link in place.links):
        return None
    message = f"the module {source} is neither below {MODULES}/ nor in the stack's own directory: nobody looks at it here"
    severity = Severity.ERROR if place.home else Severity.WARNING
    remedy = f"move it below {MODULES}/"
    return Problem(id="foreign-module", file=path, line=line, message=message, remedy=remedy, severity=severity, value=source)


def _remote(source: str, path: str, line: int | None) -> Problem:
    message = f"the module {source} comes from elsewhere: nobody looked at it here, and its programs run at plan"
    remedy = f"copy a release of it below {MODULES}/, or review what that version holds"
    return Problem(id="remote-module", file=path, line=line, message=message, remedy=remedy, severity=Severity.WARNING, value=source)


def _below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(f"{directory}/")


def _resolved(directory: str, source: str) -> str | None:
    """The path below the tree's root; None where it leaves it, or enters what Terraform keeps for itself."""
    if not source.startswith(("./", "../")) or "\\" in source:
        return None
    parts: Sequence[str] = directory.split("/")
    # two slashes part a package from a folder in it
    for part in source.split("/"):
        if part == ".." and not parts:
            return None
        parts = parts[:-1] if part == ".." else parts if part in ("", ".") else (*parts, part)
    return None if ".terraform" in parts else "/".join(parts)
