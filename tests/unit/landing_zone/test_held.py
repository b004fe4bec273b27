"""What holds a stack against its destruction, and what does not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.files import MemoryTree
from generator.landing_zone.held import held

HERE, MODULE = "stacks/prod-ml/us-east-1/rds-orders", "modules/rds/1.0.0"
CALL = 'module "rds" {\n  source = "../../../../modules/rds/1.0.0"\n%s}\n'


def _held(main: str, module: str = "", **others: str) -> list[str]:
    """The first words of every warning about a stack."""
    files: Mapping[str, str] = {"main": main, **others}
    tree = {f"{HERE}/{name}.tf": text.encode() for name, text in files.items()} | {f"{MODULE}/main.tf": module.encode()}
    found = list(held(MemoryTree(tree), HERE))
    assert all(problem.severity.value == "warning" and problem.file == HERE and problem.remedy for problem in found)
    return [problem.message for problem in found]


PROTECTED, SNAPSHOT = "  deletion_protection = var.production\n", "  skip_final_snapshot = !var.production\n"
CASES = {
    "said": (CALL % "  deletion_protection = true\n", "", "deletion protection"),
    "the module's default": (CALL % "", PROTECTED, "deletion protection"),
    "a load balancer": ("  enable_deletion_protection = true\n", "", "deletion protection"),
    "a table": ("  deletion_protection_enabled = true\n", "", "deletion protection"),
    "a snapshot": (CALL % "  skip_final_snapshot = false\n", "", "final snapshot"),
    "the module's snapshot": (CALL % "", SNAPSHOT, "final snapshot"),
    "images": (CALL % "", 'resource "aws_ecr_repository" "this" {}\n', "hold images"),
    "images that are kept": (CALL % "", 'resource "aws_ecr_repository" "this" {\n  force_delete = false\n}\n', "hold images"),
    "a bucket": ('resource "aws_s3_bucket" "own" {}\n', "", "hold objects"),
    "a lifecycle": ("lifecycle {\n  prevent_destroy = true\n}\n", "", "prevent_destroy goes with the block"),
    "a VPC": (CALL % "", 'resource "aws_vpc" "this" {}\n', "has an interface in it"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_holds_is_named(case: str) -> None:
    """By itself, in the stack and in what it calls."""
    main, module, words = CASES[case]

    (message,) = _held(main, module)

    assert words in message


FREE = {
    "said": (CALL % "  deletion_protection = false # gone on Friday\n", PROTECTED),
    "a snapshot": (CALL % "  skip_final_snapshot = true\n", SNAPSHOT),
    "the module says it": (CALL % "", "  deletion_protection = false\n"),
    "images": (CALL % "  force_delete = true\n", 'resource "aws_ecr_repository" "this" {\n  force_delete = var.force_delete\n}\n'),
    "a bucket": ('resource "aws_s3_bucket" "own" {\n  force_destroy = true\n}\n', ""),
    "a bucket's neighbour": ('resource "aws_s3_bucket_versioning" "own" {}\n', ""),
    "a lifecycle": ("lifecycle {\n  prevent_destroy = false\n}\n", ""),
    "a comment": ("# deletion_protection = true\n", ""),
}


@pytest.mark.parametrize("case", FREE)
def test_what_lets_go_is_not(case: str) -> None:
    """The twin of each."""
    assert _held(*FREE[case]) == []


def test_one_that_is_free_frees_no_other() -> None:
    """Two values in one stack: the one that holds counts; a module that is not called holds nothing."""
    assert len(_held("  deletion_protection = false\n", other="  deletion_protection = true\n")) == 1
    assert _held('module "other" {\n  source = "../../../../modules/other/1.0.0"\n}\n', PROTECTED) == []
