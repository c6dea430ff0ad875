"""AssemblyAI's codes of languages, and the BCP-47 tags that they are elsewhere.

Source: assemblyai.com/docs, supported languages: those of universal-2, which include all of universal-3-5-pro.
"""

from __future__ import annotations

import re

NAMES = """
    en es fr de it pt nl af sq am ar hy as az ba eu be bn bs br bg my ca zh hr cs da et fo fi gl ka el gu ht ha haw
    he hi hu is id ja jw kn kk km ko lo la lv ln lt lb mk mg ms ml mt mi mr mn ne no nn oc pa ps fa pl ro ru sa sr sn
    sd si sk sl so su sw sv tl tg ta tt te th bo tr tk uk ur uz vi cy yi yo"""
CODES = frozenset(NAMES.split())
OTHER_CODES = {"jv": "jw", "nb": "no", "fil": "tl", "iw": "he", "in": "id", "ji": "yi", "cmn": "zh"}
"""Where a tag's language has another code here; each is a name that BCP-47 has for the same language."""

REGIONS = {"en-au": "en_au", "en-gb": "en_uk", "en-us": "en_us", "de-ch": "de_ch"}
TAGS = {"jw": "jv", "en_au": "en-AU", "en_uk": "en-GB", "en_us": "en-US", "de_ch": "de-CH"}
UNKNOWN = "und"  # BCP-47's own word for it
TAGGED = frozenset((CODES | OTHER_CODES.keys()) - {"jw"})
"""All languages that can be asked for, as primary subtags."""


def code_of(tag: str) -> str | None:
    """The code for a BCP-47 tag; None where AssemblyAI does not know the language."""
    plain = tag.replace("_", "-").lower()
    primary = plain.split("-")[0]
    code = OTHER_CODES.get(primary, primary)
    return REGIONS.get("-".join(plain.split("-")[:2]), code if code in CODES else None)


def tag_of(code: object) -> str:
    """The BCP-47 tag for what an answer has as a code; UNKNOWN for what is none."""
    if not isinstance(code, str) or not re.fullmatch(r"[a-z]{2,3}(_[a-z]{2})?", code):
        return UNKNOWN
    language, _, region = code.partition("_")
    return TAGS.get(code, f"{language}-{region.upper()}" if region else language)


def written(tag: str) -> str:
    """A tag with its language in lower case, as it is usually written."""
    primary, dash, rest = tag.partition("-")
    return primary.lower() + dash + rest
