"""captionbot: people decide here. Every command is in bot.desk; the surfaces show its replies."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("captionwatch")
except PackageNotFoundError:  # run from a checkout that was never installed
    VERSION = "0"
