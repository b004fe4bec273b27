"""Generated expressions, by us and by Terraform: the same value, or unknown; and unknown where Terraform refuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.files import MemoryTree
from generator.hcl import functions, syntax
from generator.hcl.encodings import jsonencode
from generator.hcl.evaluate import Local, Scope, evaluate
from generator.hcl.values import Value, doubt_of, tuple_of
from tests.support import terraform
from tests.unit.hcl import generated, of_files

pytestmark = pytest.mark.terraform

NUMBER = int(os.environ.get("SCAFFOLD_EXPRESSIONS", "500"))
SEED = int(os.environ.get("SCAFFOLD_SEED", "4"))
LEAST_KNOWN = 0.8
LOCALS = "locals {\n" + "".join(f"  {name} = {value}\n" for name, value in generated.LOCALS.items()) + "}\n"


def _ours(expressions: list[str]) -> list[str | None]:
    """The JSON of each value; None where it is unknown."""
    lines = "".join(f"  e{number} = {expression}\n" for number, expression in enumerate(expressions))
    blocks, problems = syntax.parse(f"{LOCALS}locals {{\n{lines}}}\n".encode(), "a.tf")
    assert problems == []
    locals_ = {name: Local(found, "a.tf") for block in blocks for name, found in block.attributes.items()}
    scope = Scope("a.tf", locals_, folder=MemoryTree(of_files.FILES))
    return [_json(evaluate(locals_[f"e{number}"].expression, scope)) for number in range(len(expressions))]


def _json(value: Value) -> str | None:
    if doubt_of(value) is not None:
        return None
    found = jsonencode(tuple_of((value,)))
    assert isinstance(found, str)
    return found


def _terraforms(expressions: list[str], folder: Path) -> list[str | None]:
    """The same by `terraform plan`, which evaluates outputs; None where it refuses, or says that it will know later."""
    (folder / "locals.tf").write_text(LOCALS + 'variable "later" {\n  default = "it"\n}\n')
    for path, content in of_files.FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    outputs = (f'output "e{number}" {{\n  value = try(jsonencode([{text}]), "refused")\n}}\n' for number, text in enumerate(expressions))
    (folder / "outputs.tf").write_text("".join(outputs))
    shown = terraform.plan_json(folder, terraform.environment(folder))["planned_values"]["outputs"]
    found = [shown[f"e{number}"].get("value", "refused") for number in range(len(expressions))]
    return [None if value == "refused" else value for value in found]


def test_every_function_of_the_table_is_asked_for() -> None:
    """A function that nobody compares is a function that nobody knows."""
    assert set(functions.FUNCTIONS) - generated.FUNCTIONS == {"fileset", "fileexists"}


def test_generated_expressions_have_terraforms_value_or_none(tmp_path: Path) -> None:
    """Never another value, never a value where Terraform has none; and not unknown out of caution alone."""
    expressions = list(generated.expressions(SEED, NUMBER))
    ours, theirs = _ours(expressions), _terraforms(expressions, tmp_path)

    wrong = [(text, mine, its) for text, mine, its in zip(expressions, ours, theirs, strict=True) if mine is not None and mine != its]
    valid = [mine for text, mine, its in zip(expressions, ours, theirs, strict=True) if its is not None and _can_be_known(text)]
    known = [mine for mine in valid if mine is not None]

    assert wrong == []
    assert len(valid) > 300
    assert len(known) >= LEAST_KNOWN * len(valid), f"{len(known)} of {len(valid)} are known"


def test_files_have_terraforms_value_or_none(tmp_path: Path) -> None:
    """Nothing outside of the folder is looked at, though Terraform would; and what it makes there itself is not counted."""
    ours, theirs = _ours([*of_files.KNOWN, *of_files.UNKNOWN]), _terraforms(of_files.KNOWN, tmp_path)

    assert ours[: len(of_files.KNOWN)] == theirs
    assert set(ours[len(of_files.KNOWN) :]) == {None}


def _can_be_known(expression: str) -> bool:
    return generated.LATER not in expression and "local.partly" not in expression
