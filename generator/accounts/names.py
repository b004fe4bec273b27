"""Names and e-mail addresses of accounts: patterns of the organization, limits of AWS.

Limits: Organizations allows 1-50 printable ASCII characters in an account name and 6-64 in an e-mail
address; Service Catalog wants `[a-zA-Z0-9][a-zA-Z0-9._-]*` once spaces have become hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.accounts.model import slug
from generator.organization.model import Organization
from generator.organization.read import fields, legal_values

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]*\Z")
_LOCAL = re.compile(r"(?!\.)[^\s\"'()<>\[\]:;,\\|%&\x00-\x1f\x7f]+\Z")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z")


def parse(name: str, organization: Organization) -> Mapping[str, str] | None:
    """The fields that the organization's name pattern finds in a name; None where it does not fit.

    A field that a tag takes its value from may only be one of that tag's legal values.
    """
    pattern = re.escape(organization.account_pattern).replace(r"\{", "{").replace(r"\}", "}")
    for field in fields(organization.account_pattern):
        legal = [value for key in _tags_from(field, organization) for value in legal_values(organization, key)]
        choice = "|".join(re.escape(value) for value in sorted(legal, key=len, reverse=True)) or "[a-z0-9]+(?:-[a-z0-9]+)*"
        pattern = pattern.replace("{" + field + "}", f"(?P<{field}>{choice})")
    match = re.fullmatch(pattern, name)
    return match.groupdict() if match else None


def _tags_from(field: str, organization: Organization) -> list[str]:
    return [key for key, rule in organization.tags.items() if rule.from_name == field]


def email(name: str, organization: Organization) -> str:
    """The address the organization's pattern gives an account, in lower case as AFT needs it."""
    return organization.email_pattern.replace("{name}", slug(name)).lower()


def wrong_name(name: str) -> Iterator[tuple[str, str]]:
    """`(what is wrong, what to do)` for an account name."""
    if not name:
        yield "is empty", "name it"
        return
    if len(name) > 50:
        yield f"has {len(name)} characters, and AWS allows 50", "shorten it"
    if not NAME.match(name.strip(" ").replace(" ", "-")):
        yield "has a character AFT cannot provision", "use letters, digits and . _ -, starting with a letter or digit"
    elif not slug(name):
        yield "has no letter and no digit", "use letters, digits and hyphens"


def wrong_email(address: str, spelled: bool = False) -> Iterator[tuple[str, str]]:
    """`(what is wrong, what to do)` for an account's e-mail address; `spelled`: AWS itself has it with these letters."""
    local, _, domain = address.partition("@")
    form = "write name@domain.example"
    if not 6 <= len(address) <= 64:
        yield f"has {len(address)} characters, and AWS allows 6 to 64", "shorten the account's name or names.email"
    if not address.isascii():
        yield "has a character outside ASCII", "use ASCII only"
    elif address.count("@") != 1:
        yield "has no @" if "@" not in address else "has more than one @", form
    elif "." not in domain:
        yield "has no dot behind the @", form
    elif not _LOCAL.match(local):
        yield "has a name before the @ that AWS does not take", "use letters, digits and + - _ . there, not starting with a dot"
    elif not _DOMAIN.match(domain):
        yield "has a domain that AWS does not take", "use letters, digits, hyphens and dots there, with a letter or digit at both ends"
    elif address != address.lower() and not spelled:
        remedy = 'write it in lower case, unless AWS has the account already: "scaffold pull" learns how it spells it'
        yield "has capitals, and AFT later looks it up as AWS spells it", remedy


def wrong_user_email(address: str) -> Iterator[tuple[str, str]]:
    """The same for the first user's address: the form that Control Tower's product wants, capitals allowed."""
    if not _ADDRESS.match(address):
        yield "is no e-mail address", "write name@domain.example"
