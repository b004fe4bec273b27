"""`scaffold init`, and what git makes of the files it emits."""

from __future__ import annotations

from pathlib import Path

from tests.support import cli


def test_a_directory_with_a_differing_file_is_refused(tmp_path: Path) -> None:
    """Somebody's README is never overwritten, and nothing is written beside it."""
    (tmp_path / "README.md").write_text("ours\n")
    before = cli.snapshot(tmp_path)

    done = cli.run(tmp_path, "init")

    assert done.status == 1 and "README.md" in done.err and not done.out
    assert cli.snapshot(tmp_path) == before


def test_a_directory_with_other_files_is_fine(tmp_path: Path) -> None:
    """A repository that has a licence already."""
    (tmp_path / "LICENSE").write_text("ours\n")

    assert cli.run(tmp_path, "init").status == 0 and (tmp_path / "LICENSE").read_text() == "ours\n"


def test_twice_is_nothing_to_do(fresh: Path) -> None:
    """The second run says so, and leaves the next steps out."""
    done = cli.run(fresh, "init")

    assert done.status == 0 and done.out.startswith("Nothing to do") and "Next" not in done.out


def test_the_names_go_where_they_belong(tmp_path: Path) -> None:
    """What init is told is what scaffold.yaml says; the new landing zone has no error."""
    names = ["--organization", "umbrella", "--organization-id", "o-zz99zz99zz", "--domain", "umbrella.example"]

    cli.must(tmp_path, "init", *names, "--home-region", "eu-west-1", "--platform", "444455556666")

    written = (tmp_path / "scaffold.yaml").read_text()
    assert all(name in written for name in ("umbrella", "o-zz99zz99zz", "umbrella.example", "eu-west-1", '"444455556666"', "euw1-az1"))
    assert "acme" not in written and cli.run(tmp_path, "lint").status == 0


def test_git_ignores_no_emitted_file(zone: Path) -> None:
    """AFT's own ignore file would hide backend.tf and the lock files."""
    (zone / "providers/.terraform.lock.hcl").write_text("# lock\n")
    cli.must(zone, "sync")
    cli.git(zone, "init", "--quiet")
    emitted = [name for name in cli.snapshot(zone) if not name.startswith(".git/")]

    assert sum(name.endswith("/.terraform.lock.hcl") for name in emitted) == 7
    assert _ignored(zone, emitted) == []


def _ignored(root: Path, paths: list[str]) -> list[str]:
    cli.git(root, "add", "--all")
    return sorted(set(paths) - set(cli.git(root, "-c", "core.quotePath=off", "ls-files").splitlines()))


def test_git_sees_nothing_of_a_run(zone: Path) -> None:
    """The lock file and the staging folder of a run are ignored from the start."""
    cli.commit(zone)
    cli.must(zone, "account", "dev-web", "--owner", "web")

    changed = cli.git(zone, "status", "--porcelain", "--untracked-files=all").splitlines()

    assert changed and all(line.startswith(("?? aft-account-request/", "?? stacks/dev-web/")) for line in changed)


def test_illegal_names_are_said_by_the_option_they_came_by(tmp_path: Path) -> None:
    """Not as mistakes in a scaffold.yaml that does not exist yet; both at once, and nothing is written."""
    done = cli.run(tmp_path, "init", "zone", "--organization", "Ac me", "--management", "123")

    assert done.status == 1 and not (tmp_path / "zone").exists()
    assert '--organization is "Ac me"' in done.err and '--management is "123"' in done.err
