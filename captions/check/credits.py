"""Phrases that recognisers put where nobody speaks: what stood below the videos that they learnt from.

Whether one was said is not told here. Sources: what people found that Whisper hears in silence
(github.com/openai/whisper/discussions/928, Vexa-ai/vexa issues 155 and 617, McCloudS/subgen issue 21).
"""

from __future__ import annotations

import re

from captions.anchors import key

LONGEST = 160  # letters: credits are short

_WHOLE = """
thanks for watching
thank you for watching
thank you so much for watching
thank you very much for watching
please subscribe
please like and subscribe
like and subscribe
subscribe to my channel
please subscribe to my channel
dont forget to subscribe
dont forget to like and subscribe
see you in the next video
ill see you in the next video
vielen dank fürs zuschauen
danke fürs zuschauen
merci davoir regardé cette vidéo
gracias por ver el video
suscríbete al canal
obrigado por assistir
grazie per la visione
bedankt voor het kijken
dziękuję za uwagę
спасибо за просмотр
продолжение следует
дякую за перегляд
izlediğiniz için teşekkür ederim
ご視聴ありがとうございました
チャンネル登録お願いします
시청해주셔서 감사합니다
谢谢观看
感谢观看
謝謝觀看
请不吝点赞订阅转发打赏支持明镜与点点栏目
شكرا على المشاهدة
اشتركوا في القناة
"""

_BEGINNINGS = """
subtitles by the amara org community
untertitel der amara org
untertitelung aufgrund der amara org
untertitel im auftrag des
untertitelung des zdf
sous titres réalisés par
sous titres réalisés para
sous titrage st
sous titrage société radio canada
subtítulos realizados por
subtítulos por la comunidad
legendas pela comunidade
sottotitoli creati dalla comunità
sottotitoli e revisione a cura di
ondertitels ingediend door
napisy stworzone przez
редактор субтитров
субтитры сделал
субтитры создавал
altyazı mk
字幕by
字幕由amara
"""


def _letters(text: str) -> str:
    return "".join(key(word) for word in text.split())


def _one_of(text: str) -> str:
    return "|".join(re.escape(_letters(line)) for line in text.splitlines() if line)


_CREDIT = re.compile(f"(?>{_one_of(_BEGINNINGS)}).*|(?:{_one_of(_WHOLE)})+")


def is_credit(text: str) -> bool:
    """Whether a text is one of the phrases, or several of them, or a credit for subtitles and for whom."""
    letters = _letters(text[: 4 * LONGEST])
    return len(letters) <= LONGEST and _CREDIT.fullmatch(letters) is not None
