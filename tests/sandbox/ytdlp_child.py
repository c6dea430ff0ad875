"""yt-dlp in a process of its own, as a program uses it: one JSON request a line, one JSON answer a line.

Plugins are found once in the life of a process, when its first YoutubeDL is made.
"""

import json
import sys

import yt_dlp
import yt_dlp.globals


class Listener:
    def __init__(self):
        self.warnings = []

    def debug(self, message):
        pass

    def warning(self, message):
        self.warnings.append(message)

    def error(self, message):
        pass


def answer(request):
    listener = Listener()
    options = {"logger": listener, "cachedir": False, "color": "no_color", "noprogress": True, "retries": 0}
    try:
        with yt_dlp.YoutubeDL({**options, **request["options"]}) as ydl:
            info = ydl.sanitize_info(ydl.extract_info(request["url"], download=request["download"]))
    except yt_dlp.utils.DownloadError as error:
        cause = error.exc_info[1] if error.exc_info else None
        kind = type(cause.cause if getattr(cause, "cause", None) else cause).__name__
        return {"error": str(error), "kind": kind, "expected": getattr(cause, "expected", None)}
    return {"info": info, "warnings": listener.warnings}


if __name__ == "__main__":
    yt_dlp.globals.plugin_dirs.value = sys.argv[1:]
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
