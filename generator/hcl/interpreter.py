"""One evaluator for each kind of expression. Whoever wants a value asks `evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from generator.hcl import functions, operators
from generator.hcl.evaluate import Scope, evaluate
from generator.hcl.expressions import (
    ELEMENT,
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Object,
    Opaque,
    Reference,
    Scalar,
    Sequence,
    Splat,
    Template,
    Text,
    Unary,
)
from generator.hcl.unification import convert, type_of, unify
from generator.hcl.unknown import Doubt, Unknown
from generator.hcl.values import (
    Fails,
    Fields,
    Items,
    Kind,
    Later,
    Place,
    Unsure,
    Value,
    as_flag,
    as_number,
    as_text,
    bounded,
    doubt_of,
    entries,
    name_of,
    number_of,
    tuple_of,
    weight_of,
)

_DEEPEST = 20
_PER_STEP = 10
# what has no type at all for Terraform where it is refused
_UNTYPED = (Reference, Attribute, Index, Call)
_WORDS: Mapping[str, Value] = {"true": True, "false": False, "null": None}
# of the folder that Terraform runs in, which is the one that is read
_PATHS = (("path", "module"), ("path", "root"))


def value_of(expression: Expression, scope: Scope) -> Value:
    """The value of an expression within another; Exhausted where there is more to evaluate than is done."""
    try:
        scope.budget.spend()
        return _EVALUATORS[type(expression)](expression, scope)
    except Fails as error:
        return scope.unknown(expression.span, str(error), Doubt.REFUSED)
    except Unsure as error:
        return scope.unknown(expression.span, str(error), Doubt.UNSURE)
    except Later as error:
        return scope.unknown(expression.span, str(error))


def _spend(scope: Scope, *values: Value) -> None:
    """Looking at large values is work too."""
    scope.budget.spend(sum(weight_of(value) // _PER_STEP for value in values))


def _place(expression: Expression, scope: Scope) -> Place:
    return scope.file, expression.span.line


def _text(expression: Text, scope: Scope) -> Value:
    return expression.value


def _scalar(expression: Scalar, scope: Scope) -> Value:
    return _WORDS[expression.source] if expression.source in _WORDS else number_of(expression.source)


def _template(expression: Template, scope: Scope) -> Value:
    if len(expression.parts) == 1:
        return value_of(expression.parts[0], scope)  # "${x}" is x itself, not its text
    values = [value_of(part, scope) for part in expression.parts]
    doubt = doubt_of(tuple_of(values))
    _spend(scope, *values)
    return doubt if doubt is not None else bounded("".join(map(as_text, values)))


def _object(expression: Object, scope: Scope) -> Value:
    values: dict[str, Value] = {}
    places: dict[str, Place | None] = {}
    for item in expression.items:
        key = value_of(item.key, scope)
        if isinstance(key, Unknown):
            return replace(key, why=f"a key is computed: {key.why}")
        if as_text(key) in values:  # Terraform takes the last one; whoever wrote it meant something else
            return scope.unknown(item.key.span, "it has one key twice")
        values[as_text(key)] = value_of(item.value, scope)
        places[as_text(key)] = _place(item.key, scope)
    return Fields(Kind.OBJECT, values, places)


def _sequence(expression: Sequence, scope: Scope) -> Value:
    return tuple_of([value_of(item, scope) for item in expression.items], [_place(item, scope) for item in expression.items])


def _reference(expression: Reference, scope: Scope) -> Value:
    names = expression.names
    if names[0] in scope.variables:
        return _deeper(scope.variables[names[0]], names, 1, expression, scope)
    if names in _PATHS:
        return "."
    if names[0] != "local" or len(names) < 2:
        return scope.unknown(expression.span, f"{'.'.join(names)} is known to Terraform only")
    return _deeper(_local(names[1], expression, scope), names, 2, expression, scope)


def _local(name: str, expression: Reference, scope: Scope) -> Value:
    local = scope.locals.get(name)
    if local is None:
        return scope.unknown(expression.span, f"local.{name} {scope.undefined}")
    if name in scope.open:
        return scope.unknown(expression.span, f"local.{name} refers to itself")
    if len(scope.open) >= _DEEPEST:
        return scope.unknown(expression.span, f"more than {_DEEPEST} local values name each other")
    if name not in scope.done:
        scope.done[name] = evaluate(local.expression, replace(scope, file=local.file, open=(*scope.open, name), variables={}))
    return scope.done[name]


def _deeper(value: Value, names: tuple[str, ...], depth: int, expression: Reference, scope: Scope) -> Value:
    for number in range(depth, len(names)):
        value = _attribute_of(value, names[number], ".".join(names[:number]))
    return value


def _blocking(value: Value) -> Unknown | None:
    """Why nothing can be taken out of a value: it is unknown as a whole, or Terraform may refuse a part and so the whole."""
    found = doubt_of(value)
    return found if isinstance(value, Unknown) or (found is not None and found.doubt > Doubt.LATER) else None


def _is_refused(value: Value) -> bool:
    found = doubt_of(value)
    return found is not None and found.doubt is Doubt.REFUSED


def _attribute_of(value: Value, name: str, source: str) -> Value:
    """The attribute of an object or a map."""
    if (doubt := _blocking(value)) is not None:
        return doubt
    if not isinstance(value, Fields):
        raise Fails(f'{source} is {name_of(value)}, and has no "{name}"')
    if name not in value.values:
        raise Fails(f'{source} has no "{name}"')
    return value.values[name]


def _attribute(expression: Attribute, scope: Scope) -> Value:
    return _attribute_of(value_of(expression.source, scope), expression.name, "what stands before it")


def _index(expression: Index, scope: Scope) -> Value:
    value, key = value_of(expression.source, scope), value_of(expression.key, scope)
    for doubt in filter(None, map(_blocking, (value, key))):
        return doubt
    if isinstance(value, Fields):
        return _attribute_of(value, as_text(key), "what stands before it")
    if not isinstance(value, Items) or value.kind is Kind.SET:
        raise Fails(f"{name_of(value)} has no elements by number")
    number = as_number(key).whole
    if not 0 <= number < len(value.values):
        raise Fails(f"there is no element {number}")
    return value.values[number]


def _splat(expression: Splat, scope: Scope) -> Value:
    source = value_of(expression.source, scope)
    if (doubt := _blocking(source)) is not None:
        return doubt
    if source is None:
        return tuple_of(())
    elements = source if isinstance(source, Items) else tuple_of((source,))
    if not elements.values and not isinstance(expression.each, Reference | Attribute):
        raise Unsure("an index of every element of an empty list")
    made = tuple(value_of(expression.each, scope.bound({ELEMENT: element})) for element in elements.values)
    return Items(Kind.TUPLE if elements.kind is Kind.TUPLE else Kind.LIST, made, elements.places)


def _conditional(expression: Conditional, scope: Scope) -> Value:
    condition = value_of(expression.condition, scope)
    then, otherwise = value_of(expression.then, scope), value_of(expression.otherwise, scope)
    if isinstance(condition, Unknown):
        return _either(condition, then, otherwise)
    chosen, other = (then, otherwise) if as_flag(condition) else (otherwise, then)
    unchosen = expression.otherwise if chosen is then else expression.then
    if _is_refused(chosen) or _is_untyped(unchosen, other):
        return chosen  # as it is: beside null, and beside what Terraform refuses, it keeps its type
    if isinstance(chosen, Items | Fields) and not chosen.values and (empty := _empty(chosen, other)) is not None:
        return empty
    for doubt in filter(None, map(doubt_of, (chosen, other))):
        return doubt  # the type of one branch decides what the other becomes
    _spend(scope, chosen, other)
    if chosen is None or other is None:
        return _beside_null(chosen, other)
    return convert(chosen, unify([type_of(chosen), type_of(other)]))


def _is_untyped(expression: Expression, value: Value) -> bool:
    """Does a branch that is not taken leave the other as it is?"""
    if isinstance(expression, Scalar):
        return value is None
    return _is_refused(value) and isinstance(expression, _UNTYPED)


def _beside_null(chosen: Value, other: Value) -> Value:
    """A null that is computed may have a type, which text does not mind."""
    if all(isinstance(value, str | None) for value in (chosen, other)):
        return chosen
    raise Unsure("a null whose type may decide")


def _empty(chosen: Items | Fields, other: Value) -> Value:
    """`can(x) ? { a = x } : {}` stays empty, whatever part of the other branch is refused or not known; None where types decide."""
    if not isinstance(other, Items | Fields) or doubt_of(other) is None:
        return None
    parts = list(other.values.values() if isinstance(other, Fields) else other.values)
    sure = all(isinstance(part, str) or (isinstance(part, Unknown) and part.doubt is not Doubt.UNSURE) for part in parts)
    kinds = {Kind.OBJECT: Kind.MAP, Kind.TUPLE: Kind.LIST}
    return replace(chosen, kind=kinds[chosen.kind]) if sure and chosen.kind is other.kind and chosen.kind in kinds else None


def _either(condition: Unknown, then: Value, otherwise: Value) -> Unknown:
    """Nobody knows which, and Terraform may refuse both for their types."""
    if doubt_of(then) is None and doubt_of(otherwise) is None:
        try:
            unify([type_of(then), type_of(otherwise)])
        except Fails as error:
            raise Unsure(str(error)) from None
    return condition


def _binary(expression: Binary, scope: Scope) -> Value:
    values = [value_of(side, scope) for side in (expression.left, expression.right)]
    doubt = doubt_of(tuple_of(values))
    _spend(scope, *values)
    if doubt is None:
        return operators.binary(expression.operator, *values)
    # newer versions of Terraform do not look at the right side where the left one decides
    return replace(doubt, doubt=Doubt.UNSURE) if expression.operator in ("&&", "||") and doubt.doubt else doubt


def _unary(expression: Unary, scope: Scope) -> Value:
    operand = value_of(expression.operand, scope)
    doubt = doubt_of(operand)
    return doubt if doubt is not None else operators.unary(expression.operator, operand)


def _for(expression: For, scope: Scope) -> Value:
    source = value_of(expression.source, scope)
    if (doubt := _blocking(source)) is not None:
        return doubt
    made: list[tuple[str, Value, Place | None]] = []
    _check_condition(expression, source, scope)
    for key, value, place in entries(source):
        pair = (value,) if len(expression.names) == 1 else (key, value)
        inner = scope.bound(dict(zip(expression.names, pair, strict=True)))
        wanted = True if expression.condition is None else value_of(expression.condition, inner)
        if isinstance(wanted, Unknown):
            return wanted
        if as_flag(wanted):
            name = "" if expression.key is None else value_of(expression.key, inner)
            if isinstance(name, Unknown):
                return name
            made.append((as_text(name), value_of(expression.value, inner), place))
    if expression.key is None:
        return tuple_of([value for _, value, _ in made], [place for _, _, place in made])
    return _by_key(made, expression.grouped)


def _check_condition(expression: For, source: Value, scope: Scope) -> None:
    """Terraform looks at the condition of an empty collection too."""
    if expression.condition is not None and isinstance(source, Items | Fields) and not source.values:
        element = scope.unknown(expression.source.span, "an element of an empty collection")
        found = doubt_of(value_of(expression.condition, scope.bound(dict.fromkeys(expression.names, element))))
        if isinstance(expression.condition, Conditional) or (found is not None and found.doubt > Doubt.LATER):
            raise Unsure("the condition of a for expression over nothing may be refused")


def _by_key(made: list[tuple[str, Value, Place | None]], grouped: bool) -> Fields:
    found: dict[str, list[Value]] = {}
    for key, value, _ in made:
        found.setdefault(key, []).append(value)
    if not grouped and len(found) < len(made):
        raise Fails("two elements have one key")
    values: dict[str, Value] = {key: tuple_of(values) if grouped else values[0] for key, values in found.items()}
    return Fields(Kind.OBJECT, values, {key: place for key, _, place in reversed(made)})


def _call(expression: Call, scope: Scope) -> Value:
    if expression.function in _LAZY and not expression.spread:
        return _LAZY[expression.function](expression, scope)
    arguments = [value_of(argument, scope) for argument in expression.arguments]
    if expression.spread:
        last = arguments.pop()
        if isinstance(last, Unknown):
            return last
        if not isinstance(last, Items) or last.kind is Kind.SET:
            raise Unsure("what stands before ... is no list")
        arguments += last.values
    _spend(scope, *arguments)
    return functions.call(expression.function, arguments, functions.Folder(scope.folder, scope.prefix))


def _try(expression: Call, scope: Scope) -> Value:
    """The first argument that Terraform does not refuse; none can be passed over that is only unknown."""
    doubt: Unknown | None = None
    for argument in expression.arguments:
        value = value_of(argument, scope)
        doubt = doubt_of(value)
        if not _is_refused(value):
            return value if doubt is None else doubt
    if doubt is None:
        raise Unsure("try without an argument")
    return doubt


def _can(expression: Call, scope: Scope) -> Value:
    if len(expression.arguments) != 1:
        raise Unsure("can wants one argument")
    value = value_of(expression.arguments[0], scope)
    doubt = doubt_of(value)
    return doubt is None if doubt is None or _is_refused(value) else doubt


def _opaque(expression: Opaque, scope: Scope) -> Value:
    raise Later(expression.why)


_LAZY: Mapping[str, Callable[[Call, Scope], Value]] = {"try": _try, "can": _can}
_EVALUATORS: Mapping[type[Expression], Callable[..., Value]] = {
    Text: _text,
    Scalar: _scalar,
    Template: _template,
    Object: _object,
    Sequence: _sequence,
    Reference: _reference,
    Attribute: _attribute,
    Index: _index,
    Splat: _splat,
    Conditional: _conditional,
    Binary: _binary,
    Unary: _unary,
    For: _for,
    Call: _call,
    Opaque: _opaque,
}
