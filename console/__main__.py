"""`python -m console` is the command `g2a-console`."""

from console.start import main

main()
