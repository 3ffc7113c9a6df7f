"""`python -m counterfoil` is the same as the `counterfoil` command."""

from counterfoil.entrypoints.cli.main import main

if __name__ == "__main__":
    main()
