"""Rules of a request's form, its names and addresses: what AFT and AWS would refuse after the merge (see each rule's why)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.accounts import names
from generator.accounts.case import Case, Rule
from generator.accounts.model import SOURCE, Values
from generator.accounts.read import EXPECTED_KEYS
from generator.accounts.units import wrong_unit
from generator.hcl.evaluate import Unknown
from generator.problems import Problem, expected

_CONTROL, _CUSTOMIZATIONS = "control_tower_parameters", "account_customizations_name"
_LABEL = re.compile(r"[^\W\d][\w-]*")
# what reading says of a value that is there and no text
_NO_TEXT = {"null": "is null", "not text": "is a list or an object", "not a map": "is no map"}
_BARE = re.compile(r"(.*) without quotes: AFT needs text")
_TABLES = {"account-request-table": "aft-request", "account-request-table-hash": "id"}
_ROOT = "Root"


def _maps(case: Case) -> Mapping[str, Values]:
    request = case.account.record.request
    return {
        _CONTROL: request.control_tower,
        "account_tags": request.tags,
        "change_management_parameters": request.change,
        "custom_fields": request.custom_fields,
    }


def _keys(case: Case) -> Iterator[Problem]:
    """AFT drops unknown keys silently, and a missing one is a plan error."""
    for name, legal in EXPECTED_KEYS.items():
        values = _maps(case)[name]
        if "*" in values:
            continue
        for key in values:
            if key not in legal:
                yield case.problem("unknown-key", (name, key), f'{name} has the key "{key}"', expected(key, legal), key)
        for key in legal:
            if key not in values:
                yield case.problem("missing-key", (name,), f"{name} lacks {key}", "add it", key)


def _unquoted(case: Case) -> Iterator[Problem]:
    """The module's maps take anything; what is no text dies in a Lambda, or arrives as another value."""
    given = {(name, key): value for name, values in _maps(case).items() for key, value in values.items()}
    for path, value in {**given, (_CUSTOMIZATIONS, "*"): case.account.record.request.customizations}.items():
        said = _no_text(value.why) if isinstance(value, Unknown) else None
        if said is not None:
            what, remedy = said
            place = ".".join(part for part in path if part != "*")
            yield case.problem("unquoted-value", path, f"{place} {what}", remedy, place)


def _no_text(why: str) -> tuple[str, str] | None:
    bare = _BARE.fullmatch(why)
    if bare is not None:
        return f"is {bare[1]} without quotes", f'write "{bare[1]}"'
    return (_NO_TEXT[why], "write text in quotes, {} for no map, and jsonencode(…) for nested data") if why in _NO_TEXT else None


def _source(case: Case) -> Iterator[Problem]:
    request = case.account.record.request
    if request.source.rstrip("/") != SOURCE:
        yield case.problem("request-source", ("source",), f'source is "{request.source}"', f'write "{SOURCE}"')
    for name, usual in _TABLES.items():
        value = request.others.get(name, usual)
        if value != usual:
            yield case.problem("request-table", (name,), f'{name} is "{value}", and AFT reads "{usual}"', "remove it", str(value))


def _label(case: Case) -> Iterator[Problem]:
    label = case.account.record.request.label
    if not _LABEL.fullmatch(label.partition("[")[0]):  # an instance has its key in brackets
        remedy = "use letters, digits, _ and -, starting with a letter or _"
        yield case.problem("illegal-label", (), f'the module is called "{label}", which Terraform refuses', remedy, label)


def _name(case: Case) -> Iterator[Problem]:
    account, organization, path = case.account, case.organization, (_CONTROL, "AccountName")
    if not isinstance(account.name, str):
        return
    for what, remedy in names.wrong_name(account.name):
        yield case.problem("illegal-name", path, f'the name "{account.name}" {what}', remedy, account.name)
    found = names.parse(account.name, organization)
    field = organization.tags[organization.environment_tag].from_name or ""
    said = found.get(field, account.environment) if found else account.environment
    if isinstance(said, str) and isinstance(account.environment, str) and said != account.environment:
        message = f'the name says "{said}", the tag {organization.environment_tag} says "{account.environment}"; the tag decides'
        yield case.problem("name-differs", path, message, "nothing, if that is meant", said)


def _name_in_use(case: Case) -> Iterator[Problem]:
    """AFT looks a new account's name up in the whole organization; an account that is there already has its own."""
    account = case.account
    if case.live is not None or not isinstance(account.email, str) or not isinstance(account.name, str):
        return
    for other in case.inventory.accounts.values():
        if other.name == account.name and other.state == "ACTIVE":
            message = f'the name "{account.name}" is that of {other.id} ({other.email}), and AFT refuses it for a new account'
            remedy = f"choose another name, or write {other.email} if that account is meant"
            yield case.problem("name-in-use", (_CONTROL, "AccountName"), message, remedy, account.name)


def _email(case: Case) -> Iterator[Problem]:
    email, path = case.account.email, (_CONTROL, "AccountEmail")
    if not isinstance(email, str) or not email:
        return
    spelled = case.live.email if case.live is not None else None
    for what, remedy in names.wrong_email(email, email == spelled):
        yield case.problem("illegal-email", path, f'the address "{email}" {what}', remedy, email)
    if spelled is not None and spelled != email:
        message = f'the address is "{email}", and AWS has "{spelled}": AFT does not find its row'
        yield case.problem("email-spelling", path, message, f'write "{spelled}"', email)


def _user(case: Case) -> Iterator[Problem]:
    """The first user: AFT can never change it, so a slip stays."""
    values = case.account.record.request.control_tower
    address = values.get("SSOUserEmail")
    for what, remedy in names.wrong_user_email(address) if isinstance(address, str) else ():
        message = f'SSOUserEmail is "{address}", which {what}'
        yield case.problem("illegal-sso-email", (_CONTROL, "SSOUserEmail"), message, remedy, str(address))
    for key in ("SSOUserFirstName", "SSOUserLastName"):
        if values.get(key) == "":
            yield case.problem("empty-sso-name", (_CONTROL, key), f"{key} is empty", "write the name", key)


def _unit(case: Case) -> Iterator[Problem]:
    unit, path = case.account.record.request.control_tower.get("ManagedOrganizationalUnit"), (_CONTROL, "ManagedOrganizationalUnit")
    legal = {known.managed_name for known in case.organization.units.values()}
    management = case.live is not None and case.live.id == case.organization.accounts["management"]
    if not isinstance(unit, str) or unit in legal or (unit == _ROOT and management):
        return
    wrong = wrong_unit(unit)
    if wrong is not None:
        yield case.problem("illegal-ou", path, f'the unit "{unit}" {wrong[0]}', wrong[1], unit)
    elif unit == _ROOT:
        message = f'the unit "{unit}" is that of Control Tower\'s management account alone'
        yield case.problem("illegal-ou", path, message, expected(unit, legal), unit)
    else:
        path_form = "; Control Tower refuses a path, name the unit alone" if "/" in unit else ""
        remedy = f"{_meant(case, unit)}; or add it to organizational_units once it is registered{path_form}"
        yield case.problem("unknown-ou", path, f'the unit "{unit}" is not in scaffold.yaml', remedy, unit)


def _meant(case: Case, unit: str) -> str:
    """What to write: the unit of that name in its right form, with or without its id; else what is nearest."""
    name = re.sub(r" \(ou-.*\)", "", unit).casefold()
    units = [known.managed_name for known in case.organization.units.values()]
    named = [known.managed_name for known in case.organization.units.values() if known.name.casefold() == name]
    return f'write "{named[0]}"' if len(named) == 1 else expected(unit, units)


def _customizations(case: Case) -> Iterator[Problem]:
    """Whether there is such a folder is told where the tree is known."""
    record, path = case.account.record, (_CUSTOMIZATIONS,)
    name = record.request.customizations
    if not record.canonical and path not in record.lines and name == "":
        message = f"{_CUSTOMIZATIONS} is not written, and an old copy of the module makes null of that"
        yield case.problem("no-customizations-name", path, message, f'write {_CUSTOMIZATIONS} = ""')
    if isinstance(name, str) and name and illegal_path(name):
        remedy = "write a folder of aft-account-customizations, without a leading / and without two dots"
        yield case.problem("illegal-customizations-name", path, f'{_CUSTOMIZATIONS} is "{name}"', remedy, name)


def illegal_path(name: str) -> bool:
    """Would a customizations name lead out of its folder, or nowhere?"""
    return "\\" in name or not name.isprintable() or any(part in ("", ".", "..") for part in name.split("/"))


RULES: tuple[Rule, ...] = (
    _keys,
    _unquoted,
    _source,
    _label,
    _name,
    _name_in_use,
    _email,
    _user,
    _unit,
    _customizations,
)
