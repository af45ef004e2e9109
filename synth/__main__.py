"""`python -m synth` is the command line."""

from synth.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
