"""Steps of workflows: what each entry is, and in which words Atlantis refuses it."""

from __future__ import annotations

import pytest

from generator.atlantis import model
from generator.atlantis.fields import Findings
from tests.unit.atlantis.judged import short, top

GOOD = [
    "init",
    "policy_check",
    "run: terraform fmt",
    "run: 1",
    "multienv: ./x",
    "plan: {extra_args: [-lock, 'false']}",
    "plan: {extra_args: }",
    "init: {}",
    "run: {command: x}",
    "run: {command: x, output: strip_refreshing}",
    "run: {command: x, output: [hide, {filter_regex: 'a+'}]}",
    "run: {command: x, shell: bash, shellArgs: -c}",
    "run: {command: x, shell: bash, shellArgs: [-e, -c]}",
    "env: {name: X, value: '1'}",
    "env: {name: X, command: date, shell: bash}",
    "multienv: {command: x, output: hide}",
]
SINGLE = "step element can only contain a single key, found 2:"
ONLY = "built-in steps only support a single extra_args key, found"
BAD = {
    "terraform fmt": "\"terraform fmt\" is not a valid step type, maybe you omitted the 'run' key",
    "run": "\"run\" is not a valid step type, maybe you omitted the 'run' key",
    "plan: ": '"plan" is not a valid step type',
    "plan: x": '"plan" is not a valid step type',
    "cmd: x": '"cmd" is not a valid step type',
    "{}": "step element is empty",
    "{run: x, env: y}": f"{SINGLE} env,run",
    "[x]": "steps[0] is a list",
    "run: [x]": "steps[0].run is a list",
    "run: {extra_args: [x]}": '"run" is not a valid step type',
    "plan: {extra_args: x}": '"plan" is not a valid step type',
    "plan: {args: [x]}": f'{ONLY} "args" in step plan',
    "plan: {extra_args: [x], args: [y]}": f"{ONLY} 2: args,extra_args",
    "plan: {extra_args: [[x]]}": "extra_args[0] is a list",
    "run: {output: hide}": '"run" step must have a "command" key set',
    "run: {command: x, name: y}": 'found extra keys "name"',
    "run: {command: x, output: none}": 'run step "output" option must be one of "show", "hide", "strip_refreshing"',
    "run: {command: x, output: [{filter_regex: '('}]}": 'run step "filter_regex" option "(": error parsing regexp',
    "run: {command: x, shellArgs: -c}": 'workflow steps only support "shellArgs" key in combination with "shell" key',
    "env: {name: x, shell: bash}": 'workflow steps only support "shell" key in combination with "command" key',
    "run: {command: x, shell: bash, shellArgs: [1]}": '"run" step "shellArgs" option must contain only strings',
    "run: {command: x, shell: bash, shellArgs: 1}": '"run" step "shellArgs" option must be a string or a list of strings',
    "env: {value: x}": 'env steps must have a "name" key set',
    "env: {name: x, value: y, command: z}": 'env steps only support one of the "value" or "command" keys, found both',
    "env: {name: x, default: y}": 'found key "default"',
    "multienv: {command: x, output: strip_refreshing}": 'multienv step "output" option must be one of "show", "hide"',
    "multienv: {name: x}": '"multienv" step must have a "command" key set',
}
LENIENT = {
    "env": ("step-without-effect", "Atlantis does nothing"),
    "run: ": ("empty-command", "Atlantis runs an empty command"),
    "run: terraform plan -out $PLANFILE": ("comment-ignored", "-destroy too"),
    "run: {command: tofu plan}": ("comment-ignored", "-destroy too"),
}


def _step(entry: str) -> str:
    return f"workflows:\n  x:\n    plan:\n      steps:\n      - {entry}"


@pytest.mark.parametrize("entry", GOOD)
def test_what_atlantis_accepts(entry: str) -> None:
    """Nothing is said."""
    assert top(_step(entry)) == []


@pytest.mark.parametrize("entry", BAD)
def test_what_atlantis_refuses(entry: str) -> None:
    """One error, in its words, with the step's line."""
    (found,) = top(_step(entry))

    assert BAD[entry] in found.message and found.severity.value == "error" and found.line == 6 and found.remedy


@pytest.mark.parametrize("entry", LENIENT)
def test_what_atlantis_accepts_and_cannot_be_meant(entry: str) -> None:
    """A warning."""
    id, said = LENIENT[entry]

    (found,) = top(_step(entry))

    assert short([found]) == [("warning", id)] and said in found.message and found.line == 6


def test_a_plan_of_one_s_own_may_use_the_comment_or_stand_elsewhere() -> None:
    """Then nothing of what is typed is lost."""
    assert top(_step("run: terraform plan $(printf '%s' $COMMENT_ARGS | sed 's/,/ /g')")) == []
    assert top(_step("run: terraform plan").replace("plan:\n", "apply:\n")) == []


def test_an_empty_list_of_steps_is_not_the_default() -> None:
    """No steps are: nothing runs."""
    found = top("workflows:\n  x:\n    import: {steps: []}")

    assert short(found) == [("warning", "no-steps")] and "workflows.x.import.steps" in found[0].message
    assert top("workflows: {x: {plan: {steps: }, apply: , state_rm: {}}}") == []


def test_unknown_stages_and_keys_are_refused() -> None:
    """As everywhere."""
    stage, key = top("workflows: {x: {destroy: {}}}"), top("workflows: {x: {plan: {step: []}}}")

    assert "field destroy not found in type raw.Workflow" in str(stage[0]) and "field step not found in type raw.Stage" in str(key[0])


def test_the_model_holds_the_steps() -> None:
    """By stage, with their commands and lines."""
    found = Findings("atlantis.yaml")
    node = model.parse(b"version: 3\nworkflows:\n  x:\n    import:\n      steps:\n      - init\n      - run: y\n", found)
    assert node is not None
    config = model.read(node, found)

    assert config is not None and config.workflows is not None and not found.problems
    workflow = config.workflows["x"]
    assert workflow is not None
    ((name, stage),) = workflow.stages()
    assert name == "import" and stage.steps is not None
    assert [(step.line, step.name, step.command) for step in stage.steps] == [(6, "init", None), (7, "run", "y")]
