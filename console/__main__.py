"""`python -m console` is the command `g2a-console`."""

from console.cli import main

main()
