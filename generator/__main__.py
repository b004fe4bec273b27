"""The console script, and `python -m generator`."""

import sys

_INTERRUPTED = 130


def run() -> None:
    """Run the command line. Who interrupts it while it still imports itself sees no more of it than later."""
    try:
        from generator.cli.main import main
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(_INTERRUPTED)
    sys.exit(main())


if __name__ == "__main__":
    run()
