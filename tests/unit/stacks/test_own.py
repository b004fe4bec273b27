"""A landing zone's own skeletons: layered over the built-in ones, and refused where they could run code or write elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from cookiecutter.main import cookiecutter

from generator.files import Listing, MemoryTree
from generator.problems import Refused
from generator.stacks import own
from generator.stacks.skeletons import Skeletons
from tests.support.cli import written
from tests.support.own_skeletons import ROOT, below, manifest, next_version, queue
from tests.support.zones import SKELETONS

BUILT_IN = frozenset(SKELETONS.stacks)


class _Linked(MemoryTree):
    """A tree in which one entry is a symbolic link."""

    def __init__(self, files: Mapping[str, bytes], directory: str, name: str) -> None:
        super().__init__(files)
        self._directory, self._name = directory, name

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        found = super().list(directory)
        return Listing(found.files, found.directories, (self._name,)) if directory == self._directory else found


def _within(files: Mapping[str, bytes], name: str = "queue") -> Skeletons:
    return SKELETONS.within(MemoryTree(below(f"skeletons/{name}", files)))


def _refused(files: Mapping[str, bytes], name: str = "queue") -> str:
    """Why a skeleton of these files cannot be used; all others can."""
    found = _within(files, name)
    assert {*BUILT_IN} - {name} == set(found.stacks)
    with pytest.raises(Refused) as error:
        found.get(name)
    return str(error.value)


def test_one_adds_a_skeleton() -> None:
    """It is found, rendered and released as a built-in one is."""
    found = _within(queue())

    assert {*found.stacks} == {*BUILT_IN, "queue"} and found.broken == {}
    assert found.render("queue", {"instance": "mail", "production": "yes"})["main.tf"] == (
        'module "queue" {\n  source = "../../../../modules/queue/1.0.0"\n\n  name = "mail"\n  keep_days = 14\n}\n'
    )
    assert set(found.module("queue")) == {"main.tf"}
    assert (found.source("queue"), found.source("rds")) == ("skeletons/queue", "built-in")


def test_one_replaces_a_built_in_skeleton_whole() -> None:
    """No file of the built-in one shines through, and what is built in can still be had."""
    found = _within(queue(said={"module": "rds", "version": "2.0.0"}), "rds")

    assert {*found.stacks} == BUILT_IN and found.broken == {}
    assert set(found.module("rds")) == {"main.tf"} and found.get("rds").version == "2.0.0"
    assert found.source("rds") == "skeletons/rds, over the built-in one"
    assert found.builtin.get("rds").version == "1.0.0" and len(found.builtin.module("rds")) > 1


def test_a_version_never_changes() -> None:
    """One that replaces a skeleton has that one's module or another version."""
    assert "raise the version" in _refused(next_version("rds", "1.0.0", 'variable "more" {}\n'), "rds")
    assert _within(next_version("rds", "1.0.0"), "rds").broken == {}
    assert _within(next_version("rds", "1.0.1", 'variable "more" {}\n'), "rds").broken == {}


def test_without_one_the_built_in_ones_are_the_same_object() -> None:
    """What they have compiled serves every landing zone of a command: this one, and its base."""
    assert SKELETONS.within(MemoryTree({"skeletons/README.md": b""})) is SKELETONS
    assert _within(queue()).within(MemoryTree({})) is SKELETONS


@pytest.mark.parametrize("name", ["root-module", "landing-zone", "peering"])
def test_the_frame_is_not_replaced(name: str) -> None:
    """What every stack is held by, and what connects networks, comes from the program; all commands go on with that."""
    found = _within(queue(), name)

    assert "frame" in str(found.broken[name][0]) and found.all[name] == SKELETONS.all[name]


@pytest.mark.parametrize("name", ["add", "Queue", "queue_", "-queue", "queue--x", "1queue", "q" * 41])
def test_a_name_that_no_skeleton_can_have(name: str) -> None:
    """`add` is a word of the command; the others would be no part of a directory's name."""
    found = _within(queue(), name)

    assert set(found.broken) == {name} and {*found.stacks} == BUILT_IN


UNSAFE: dict[str, tuple[dict[str, bytes], str]] = {
    "hook": ({"hooks/pre_gen_project.py": b"import os\n"}, "a hook, which would run code"),
    "hook in capitals": ({"Hooks/post_gen_project.sh": b""}, "a hook, which would run code"),
    "extensions": ({"cookiecutter.json": manifest(_extensions=["os.system"])}, "it has _extensions"),
    "extensions of jinja": ({"cookiecutter.json": manifest(_jinja2_env_vars={"extensions": ["os.system"]})}, "_jinja2_env_vars has"),
    "undefined": ({"cookiecutter.json": manifest(_jinja2_env_vars={"undefined": "x"})}, "_jinja2_env_vars has"),
    "options no mapping": ({"cookiecutter.json": manifest(_jinja2_env_vars=["trim_blocks"])}, "_jinja2_env_vars has"),
    "option of a type": ({"cookiecutter.json": manifest(_jinja2_env_vars={"trim_blocks": "yes"})}, "_jinja2_env_vars has"),
    "case": ({"README.md": b"", "Readme.md": b""}, "in case only"),
    "git": ({".git/config": b""}, "into git's own"),
    "many": ({f"module/{number}.tf": b"" for number in range(200)}, "at most 200"),
    "large": ({"module/big.tf": b"#" * 2_000_001}, "at most 2000000"),
}
NOT_UNSAFE: dict[str, dict[str, bytes]] = {
    "a file that is called hooks": {"hooks": b""},
    "delimiters": {"cookiecutter.json": manifest(_jinja2_env_vars={"trim_blocks": True, "comment_start_string": "{#!"})},
    "a file that is called git": {"module/git.tf": b"", ".gitignore": b""},
}


@pytest.mark.parametrize("case", UNSAFE)
def test_what_is_unsafe_is_refused(case: str) -> None:
    """With the file, and with what to do."""
    more, said = UNSAFE[case]

    assert said in _refused({**queue(), **more}) and own.unsafe(MemoryTree({**queue(), **more}), "x")


@pytest.mark.parametrize("case", NOT_UNSAFE)
def test_the_near_twin_is_not(case: str) -> None:
    """Only what the rule means."""
    assert own.unsafe(MemoryTree({**queue(), **NOT_UNSAFE[case]}), "x") == []


@pytest.mark.parametrize("directory", ["", ROOT, "module"])
def test_a_symbolic_link_is_refused(directory: str) -> None:
    """Wherever it is: what it points to is no part of the skeleton."""
    (problem,) = own.unsafe(_Linked(queue(), directory, "stolen.tf"), "skeletons/queue")

    assert problem.id == "unsafe-skeleton" and (problem.file or "").endswith("stolen.tf") and "symbolic link" in problem.message


def test_a_linked_skeleton_is_refused() -> None:
    """Its folder is not followed either; and it hides the built-in one rather than pass for it."""
    found = SKELETONS.within(_Linked({}, "skeletons", "rds"))

    assert "symbolic link" in str(found.broken["rds"][0]) and "rds" not in found.stacks


class _Named:
    """A tree of one file, with a name that no honest tree would give."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        return b""

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return Listing((self._name,)) if not directory else Listing()


@pytest.mark.parametrize("name", ["../x.tf", "/etc/passwd", "a/../../x", "a\\..\\x", "a\nb", "C:x", "."])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    """A tree that was made by hand can have one."""
    (problem,) = own.unsafe(_Named(name), "x")

    assert problem.id == "unsafe-skeleton" and problem.value == name


WRONG: dict[str, tuple[dict[str, bytes | None], str]] = {
    "no manifest": ({"cookiecutter.json": None}, "there is no such file"),
    "no json": ({"cookiecutter.json": b"{"}, "it is no JSON ("),
    "no object": ({"cookiecutter.json": b"[]"}, "it is no JSON object"),
    "not ours": ({"cookiecutter.json": b'{"stack": "x"}'}, "it has no _scaffold"),
    "summary": ({"cookiecutter.json": manifest({"summary": None})}, "has no summary"),
    "summary of a type": ({"cookiecutter.json": manifest({"summary": 3})}, "has summary of another type"),
    "summary for a terminal": ({"cookiecutter.json": manifest({"summary": "x\x1b[2J"})}, "has no summary in one line"),
    "reserved": (
        {"cookiecutter.json": manifest({"inputs": {"instance": {"type": "string", "help": "x", "reserved": [[]]}}})},
        "has a part of another type",
    ),
    "help for a terminal": (
        {"cookiecutter.json": manifest({"inputs": {"instance": {"type": "string", "help": "x\x1b[2J"}}})},
        "has a part of another type",
    ),
    "version": ({"cookiecutter.json": manifest({"version": "1.0"})}, 'the version "1.0"'),
    "path for a version": ({"cookiecutter.json": manifest({"version": "../../x"})}, 'the version "../../x"'),
    "no version": ({"cookiecutter.json": manifest({"version": None})}, 'the version ""'),
    "needs": ({"cookiecutter.json": manifest({"needs": "networks"})}, 'needs "networks"; write one of account, network'),
    "module of another": ({"cookiecutter.json": manifest({"module": "rds"})}, 'the module "rds"; write "queue"'),
    "module unnamed": ({"cookiecutter.json": manifest({"module": None})}, "names no module"),
    "module empty": ({"module/main.tf": None}, "module/ holds no file"),
    "input without default": (
        {"cookiecutter.json": manifest({"inputs": {"size": {"type": "string", "help": "x"}}})},
        "size has no default",
    ),
    "input undescribed": ({"cookiecutter.json": manifest({"inputs": {"instance": {"type": "string"}}})}, "its type and help"),
    "input of a type": (
        {"cookiecutter.json": manifest({"inputs": {"instance": {"type": "string", "help": "x", "reserved": "all"}}})},
        "has a part of another type",
    ),
    "pattern": (
        {"cookiecutter.json": manifest({"inputs": {"instance": {"type": "string", "help": "x", "pattern": "("}}})},
        "no regular expression",
    ),
    "instance unsaid": ({"cookiecutter.json": manifest({"inputs": {}})}, "there is no input instance"),
    "an expression": ({"cookiecutter.json": manifest(production="{{ cookiecutter.instance }}")}, "never a template"),
    "an expression of terraform": ({"cookiecutter.json": manifest(production="${path.root}")}, "never a template"),
    "no root": ({f"{ROOT}/main.tf": None, f"{ROOT}/outputs.tf": None}, "there is no folder whose name"),
    "two roots": ({"{{cookiecutter.more}}/main.tf": b""}, "there are 2 folders"),
    "no main": ({f"{ROOT}/main.tf": None}, "has no main.tf"),
    "managed": ({f"{ROOT}/backend.tf": b""}, "has backend.tf, which scaffold writes"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_file(case: str) -> None:
    """Nothing else stops working; and nothing of it is unsafe, so it can be copied in and repaired."""
    changes, said = WRONG[case]
    merged = {**queue(), **changes}
    files = {path: content for path, content in merged.items() if content is not None}

    refusal = _refused(files)

    assert said in refusal and refusal.startswith("skeletons/queue/cookiecutter.json: ")
    assert own.unsafe(MemoryTree(files), "x") == []


def test_one_that_calls_another_module_than_its_own_is_told_with_the_line() -> None:
    """`_scaffold.module` is what is written beside the stacks; the source in main.tf is what they call."""
    (problem,) = _within({**queue(), "cookiecutter.json": manifest({"module": "jobs"})}, "jobs").problems()
    (unnamed,) = _within(queue(), "jobs").problems()

    assert (problem.id, problem.place) == ("broken-skeleton", f"skeletons/jobs/{ROOT}/main.tf:2")
    assert 'it calls the module "queue", and _scaffold has the module "jobs"; write "jobs"' in str(problem)
    assert f'_scaffold has the module "queue"; write "jobs", there and in the source of skeletons/jobs/{ROOT}/main.tf:2: ' in str(unnamed)


@pytest.mark.parametrize(
    "source",
    ["../../../../modules/jobs/1.0.0", "github.com/acme/modules/queue/x", "{{ cookiecutter.modules }}/{{ cookiecutter.stack }}/1", "./x"],
)
def test_a_source_that_is_its_own_or_cannot_be_told_is_none(source: str) -> None:
    """A module from elsewhere has no folder here; and one that calls its own may call others beside it."""
    beside = 'module "queue" {\n  source = "{{ cookiecutter.modules }}/queue/1.0.0"\n}\n' if "jobs" in source else ""
    files = {**queue({"module": "jobs"}), f"{ROOT}/main.tf": f'module "x" {{\n  source = "{source}"\n}}\n{beside}'.encode()}

    assert [*_within(files, "jobs").problems()] == []


TEMPLATES = {
    "undefined": "{{ cookiecutter.whom }}",
    "syntax": "{% if %}",
    "sandbox": "{{ ''.__class__.__mro__ }}",
    "include": "{% include 'x' %}",
    "arithmetic": "{{ 1 / 0 }}",
    "of a type": "{{ 3 | dictsort }}",
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "nesting": f"{{{{ {'(' * 3_000}1{')' * 3_000} }}}}",
    "nested loops": "{% for x in [1] %}" * 150 + "{% endfor %}" * 150,
}
LARGE = ["'x' * 10 ** 10", "10 ** 10 * [1]", "(1, 2) * 3_000_000", "10 ** (10 ** 8)", "2 ** 100_000 * 2 ** 100_000"]


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_template_that_fails_is_a_refusal(case: str) -> None:
    """Not a defect of the program: it says whose template it is."""
    with pytest.raises(Refused, match="skeletons/queue: a template of it cannot be rendered"):
        _within({**queue(), f"{ROOT}/main.tf": TEMPLATES[case].encode()}).render("queue", {})


@pytest.mark.parametrize("expression", LARGE)
def test_a_template_that_would_take_all_memory_is_a_refusal(expression: str) -> None:
    """Before it is computed: nothing interrupts that. What a template needs is far below."""
    files = queue()
    files[f"{ROOT}/main.tf"] = f"{{{{ {expression} }}}}".encode()
    with pytest.raises(Refused, match=r"skeletons/queue: a template of it cannot be rendered: .* is too large"):
        _within(files).render("queue", {})

    files[f"{ROOT}/main.tf"] = b"{{ 'ab' * 3 }} {{ 2 ** 10 * 3 }} {{ 2.5 * 2 }} {{ (-1) ** 10_000_000 }} {{ 'x' * -1 }}."

    assert _within(files).render("queue", {})["main.tf"] == "ababab 3072 5.0 1 ."


@pytest.mark.parametrize(("error", "said"), [(MemoryError(), "more memory than there is"), (RecursionError("x"), "nests too deep")])
def test_what_has_no_words_of_its_own_is_said(error: Exception, said: str) -> None:
    """A reader cannot know what is meant by nothing, or by the depth of calls in this program."""
    with pytest.raises(Refused, match=f"a template of it cannot be rendered: it .*{said}"), own.refusing("queue"):
        raise error


@pytest.mark.parametrize("name", ["{{ '..' }}/x.tf", "{{ cookiecutter.folder }}/x.tf"])
def test_a_name_that_leads_out_once_it_is_rendered_is_told_before_it_is_used(name: str) -> None:
    """`lint` renders a skeleton once, as it is by default: that has to be enough. A name that stays inside is none."""
    files = {**queue(), "cookiecutter.json": manifest(folder="../../up"), f"{ROOT}/{name}": b"x"}

    said = [str(problem) for problem in _within(files).problems()]

    assert len(said) == 1 and said[0].startswith("skeletons/queue: the name of a template becomes '../") and "leave the root" in said[0]
    assert not [*_within({**files, "cookiecutter.json": manifest(folder="up"), f"{ROOT}/{name}": b""}).problems()] or "'..'" in name


def test_delimiters_that_cannot_be_told_apart_are_a_refusal() -> None:
    """What says how a template is written may be wrong, too."""
    with pytest.raises(Refused, match="cannot be rendered"):
        _within(queue(_jinja2_env_vars={"block_start_string": "{{"})).render("queue", {})


def test_bytes_that_are_no_text_are_copied_only_where_that_is_said() -> None:
    """As cookiecutter does."""
    files = {**queue(), f"{ROOT}/logo.png": b"\xff\xfe"}
    with pytest.raises(Refused, match="_copy_without_render"):
        _within(files).render("queue", {})

    files["cookiecutter.json"] = manifest(_copy_without_render=["*.png"])

    assert _within(files).render("queue", {})["logo.png"] == b"\xff\xfe"


@pytest.mark.parametrize(("value", "said"), [('x"', "unsafe-value"), ("Jobs", "wrong-value"), ("jobs", "")])
def test_a_value_must_match_its_pattern(value: str, said: str) -> None:
    """Given by code as by anybody."""
    found = _within(queue())
    if not said:
        assert f'"{value}"' in str(found.render("queue", {"instance": value})["main.tf"])
        return
    with pytest.raises(Refused) as error:
        found.render("queue", {"instance": value})
    assert error.value.problems[0].id == said


def test_a_pattern_that_admits_a_quote_does_not_let_one_in() -> None:
    """The rule of every template holds above any pattern."""
    document = json.loads(manifest())
    document["_scaffold"]["inputs"]["instance"]["pattern"] = ".*"
    found = _within({**queue(), "cookiecutter.json": json.dumps(document).encode()})

    with pytest.raises(Refused, match="instance of the skeleton queue"):
        found.render("queue", {"instance": 'x" + "'})


def test_of_choices_the_first_is_the_default() -> None:
    """cookiecutter's form of them."""
    files = {**queue(size=["small", "large"]), f"{ROOT}/main.tf": b"{{ cookiecutter.size }}\n"}

    assert _within(files).render("queue", {})["main.tf"] == "small\n"


def test_the_queue_is_a_skeleton_of_cookiecutter(tmp_path: Path) -> None:
    """Whoever has one for that tool can use it here; ours is one there."""
    written(tmp_path / "queue", queue())
    made = cookiecutter(str(tmp_path / "queue"), no_input=True, output_dir=str(tmp_path / "out"), default_config=True)

    assert Path(made, "main.tf").read_text() == _within(queue()).render("queue", {})["main.tf"]
