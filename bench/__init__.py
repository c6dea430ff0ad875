"""The numbers: each module with a `main` is a command, `python -m bench.NAME` from the repository's root."""
