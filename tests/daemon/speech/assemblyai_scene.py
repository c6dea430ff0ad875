"""The engine assemblyai before a loopback AssemblyAI: what its own tests and the contract of all engines stand on."""

import contextlib

import numpy as np

from daemon.speech.audio import SAMPLE_RATE, Audio
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.assemblyai import Options
from daemon.speech.engines.contract import API_KEY
from sandbox.assemblyai import API_KEY as KEY
from sandbox.assemblyai import AssemblyAI, make_app, running
from tests.daemon.speech.recordings import tone
from tests.sandbox.sounds import TALK


def ignored(_):
    """Nobody looks at the progress."""


class Kept:
    """Receipts in memory; `all` are those that were kept, one after the other."""

    def __init__(self, receipt=None):
        self.receipt, self.all = receipt, []

    def read(self):
        return self.receipt or None

    def keep(self, receipt):
        self.receipt = receipt
        self.all.append(receipt)


class Scene:
    """`cloud` is the service and what came to it, `engine()` one that talks to it, `hear()` its work as a whole."""

    name = "assemblyai"
    kind = ENGINES["assemblyai"]

    def __init__(self, cloud, url):
        self.cloud, self.url = cloud, url
        self.receipts = Kept()
        cloud.say(TALK)

    def options(self, **changed):
        plain = Options(base_url=self.url, poll_seconds=0.02, timeout_seconds=5).model_dump(mode="json")
        return {**plain, API_KEY: KEY, **changed}

    def engine(self, **changed):
        return self.kind.load(self.options(**changed))

    def audio(self, seconds=8.0):
        return Audio(tone(seconds, SAMPLE_RATE), SAMPLE_RATE, seconds)

    def silence(self, seconds=8.0):
        """A recording in which nobody speaks; the service is told so."""
        self.cloud.say([])
        return Audio(np.zeros(int(seconds * SAMPLE_RATE), np.float32), SAMPLE_RATE, seconds)

    def hangs(self, operation="transcript.get"):
        """From now on an answer never comes."""
        self.cloud.fault(operation, "hold", times=None)

    def hear(self, progress=ignored, seconds=8.0, asked=None, **changed):
        """What the engine makes of a recording; `asked` are fields of a Request."""
        request = Request(receipts=self.receipts, **(asked or {}))
        return self.engine(**changed).transcribe(self.audio(seconds), request, progress)

    @property
    def bodies(self):
        """The requests for a transcript as they came."""
        return [job.request for job in self.cloud.jobs.values()]


@contextlib.contextmanager
def scene():
    cloud = AssemblyAI()
    with running(make_app(cloud)) as url:
        yield Scene(cloud, url)
