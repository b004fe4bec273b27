"""`python -m generator` is the `scaffold` command."""

from generator.cli.main import run

if __name__ == "__main__":
    run()
