"""The scheduled audit: AWS is read once, what is critical wakes somebody, and nothing that could not be looked into is green."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.workflows import Machine, script

AUDIT, TELL, WRITE, SHOW, FAIL = (
    script("audit", name)
    for name in (
        "Audit",
        "Tell of what is critical",
        "Write the report's other forms",
        "Show it under Code scanning",
        "Fail where something was found, or could not be looked into",
    )
)
FINDING = "critical  rogue-denied  a.tf:1  [0123456789abcdef]\n          dev--prod: pcx-1 is active\n          delete it"
SCAFFOLD = """\
printf '%s\\n' "$*" >> "$RUNNER_TEMP/ran"
case "$*" in
  *--live*) echo read > "$RUNNER_TEMP/audit.json"; cat "$RUNNER_TEMP/said" ;;
  *sarif*) echo '{"version": "2.1.0"}'; exit "${FORM:-$STATUS}" ;;
  *markdown*) echo '## Peering audit' ;;
esac
exit "$STATUS\""""
TOOL = """\
printf '%s\\n' "$@" > "$RUNNER_TEMP/{name}"
for each in "$@"; do
  case $each in sarif=@*) cp "${{each#sarif=@}}" "$RUNNER_TEMP/sent" ;; esac
done"""
GITHUB = {"GITHUB_RUN_ID": "7", "GITHUB_SHA": "abc", "GITHUB_REF": "refs/heads/main"}
RED = [(2, "high      route-missing-requester  a.tf:1\n  critical of it"), (3, "unread    account 1: AccessDenied")]


@dataclass(frozen=True, slots=True)
class Job:
    """A runner on which scaffold says what a test has it say."""

    machine: Machine

    def run(self, status: int, report: str, **env: str) -> int:
        """The whole job, step after step; its status."""
        (self.machine.temp / "said").write_text(f"{report}\n")
        summary = str(self.machine.temp / "summary")
        told = {"STATUS": str(status), "TOPIC": "", "WEBHOOK": "", **GITHUB, "GITHUB_STEP_SUMMARY": summary, **env}
        first = self.machine.run(AUDIT, self.machine.root, env=told)
        if first.status != 0:
            return first.status
        told["STATUS"] = self.machine.outputs()["status"]
        for step in (TELL, WRITE, *((SHOW,) if told["STATUS"] != "3" else ())):
            done = self.machine.run(step, self.machine.root, env=told)
            if done.status != 0:
                return done.status
        return self.machine.run(FAIL, self.machine.root, env=told).status

    def said(self, name: str) -> list[str]:
        """The words that a tool was called with; none, if it was not."""
        file = Path(self.machine.temp / name)
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def job(machine: Machine) -> Job:
    """Tools that note what they are asked."""
    machine.tool("scaffold", SCAFFOLD)
    for name in ("aws", "gh", "curl"):
        machine.tool(name, TOOL.format(name=name))
    return Job(machine)


def test_a_clean_night_wakes_nobody(job: Job) -> None:
    """The report is in the run's summary and under Code scanning."""
    assert job.run(0, "Clean.", TOPIC="arn:aws:sns:us-east-1:1:t", WEBHOOK="https://hooks.example/x") == 0

    assert job.said("aws") == job.said("curl") == [] and job.said("summary") == ["## Peering audit"]
    sent = gzip.decompress(base64.b64decode((job.machine.temp / "sent").read_bytes()))
    assert json.loads(sent) == {"version": "2.1.0"}
    assert {"commit_sha=abc", "ref=refs/heads/main", "POST"} <= {*job.said("gh")}


def test_aws_is_read_once(job: Job) -> None:
    """Every other form is made of the snapshot."""
    job.run(0, "Clean.")

    assert [("--live" in line, "--snapshot" in line) for line in job.said("ran")] == [(True, False), (False, True), (False, True)]


@pytest.mark.parametrize("status", [2, 3])
def test_something_critical_wakes_somebody(job: Job, status: int) -> None:
    """Also where a place could not be looked into besides; by topic and by webhook, with the link and what to do."""
    assert job.run(status, f"{FINDING}\n\nSnapshot of", TOPIC="arn:aws:sns:us-east-1:1:t", WEBHOOK="https://hooks.example/x") == status

    assert (
        job.said("aws")[:4] == ["sns", "publish", "--topic-arn", "arn:aws:sns:us-east-1:1:t"]
        and job.said("curl")[-1] == "https://hooks.example/x"
    )
    text = (job.machine.temp / "critical.txt").read_text()
    assert "/actions/runs/7" in text and FINDING in text and "Snapshot" not in text


@pytest.mark.parametrize(("status", "report"), RED)
def test_what_is_not_critical_wakes_nobody(job: Job, status: int, report: str) -> None:
    """The run is red, which the morning sees."""
    assert job.run(status, report, TOPIC="arn:aws:sns:us-east-1:1:t") == status and job.said("aws") == []


@pytest.mark.parametrize("status", [1, 64, 130])
def test_an_audit_that_could_not_run_is_no_report(job: Job, status: int) -> None:
    """It stops there."""
    assert job.run(status, "") == status and job.said("gh") == []


def test_hundreds_of_critical_findings_wake_somebody_too(job: Job) -> None:
    """The worst night of all: what SNS takes of them, with the first ones whole."""
    assert job.run(2, "\n".join([FINDING] * 900), TOPIC="arn:aws:sns:us-east-1:1:t") == 2

    text = (job.machine.temp / "critical.txt").read_text()
    assert job.said("aws")[:2] == ["sns", "publish"] and FINDING in text and len(text) < 250_000


def test_a_reading_that_could_not_look_everywhere_closes_no_alert(job: Job) -> None:
    """What is not in the latest upload counts as repaired."""
    assert job.run(3, "unread    account 1: AccessDenied") == 3 and job.said("gh") == []


def test_a_form_that_says_something_else_is_none(job: Job) -> None:
    """A report of another status than the audit's would hide something."""
    assert job.run(0, "Clean.", FORM="2") == 1 and job.said("gh") == []
