"""`python -m quotestance` is the command line."""

from quotestance.cli import main

main()
