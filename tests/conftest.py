"""Options of the whole suite: golden files are rewritten, and speed is measured, only on request."""

from __future__ import annotations

import pytest
from hypothesis import settings

# a busy machine is no defect: nothing here is measured in seconds
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden`, `--benchmarks` and `--checkov`."""
    parser.addoption("--update-golden", action="store_true", help="Rewrite the golden files from what the program does now.")
    parser.addoption("--benchmarks", action="store_true", help="Run the benchmarks, and print each ratio with its goal.")
    parser.addoption("--checkov", metavar="PATH", help="Check what is planned with this checkov.")


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Are golden files rewritten in this run?"""
    return bool(pytestconfig.getoption("--update-golden"))
