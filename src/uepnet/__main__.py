"""The program `uepnet`, which is `python -m uepnet` too."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C while it is being loaded ends it without a word, as later."""
    try:
        from uepnet.cli.app import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
