"""What the daemon and the bot agree on: tables, lifecycles, settings. The only thing that they share."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("captionwatch")
except PackageNotFoundError:  # run from a checkout that was never installed
    VERSION = "0"
