"""`python -m uepnet` is the program `uepnet`."""

from uepnet.cli.app import main

if __name__ == "__main__":
    main()
