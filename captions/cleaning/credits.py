"""Phrases that recognisers put where nobody speaks: what stood below the videos that they learnt from.

Whether one was said is for `unsaid` to tell. Sources: the lists that people made of what Whisper hears in silence
(github.com/openai/whisper/discussions/928, and with it ScrAIbe's hallucinations.py), Vexa-ai/vexa issues 155 and 617
(Japanese, Turkish), amicalhq/amical issue 71 (Japanese), PocketShell issue 452 (Korean), ggml-org/whisper.cpp issue
2660 (French).
"""

from __future__ import annotations

import re

from captions.anchors import key

LONGEST = 160  # letters of what is compared: credits are short, and a long sentence is none

_WHOLE = """
thanks for watching
thank you for watching
thanks for watching this video
thank you for watching this video
thank you so much for watching
thank you very much for watching
thanks for listening
thank you for listening
please subscribe
subscribe to the channel
subscribe to my channel
please subscribe to my channel
please subscribe to the channel
and subscribe to my channel
please like and subscribe
like and subscribe
dont forget to subscribe
dont forget to like and subscribe
and dont forget to subscribe
see you in the next video
see you next time
ill see you in the next video
ill see you next time
vielen dank fürs zuschauen
danke fürs zuschauen
vielen dank für ihre aufmerksamkeit
bis zum nächsten mal
merci davoir regardé cette vidéo
merci davoir regardé
abonnez vous
noubliez pas de vous abonner
gracias por ver el video
gracias por ver
suscríbete
suscríbete al canal
no olvides suscribirte
obrigado por assistir
inscreva se no canal
grazie per aver guardato il video
grazie per la visione
iscrivetevi al canale
bedankt voor het kijken
dziękuję za uwagę
dziękuję za obejrzenie
dzięki za oglądanie
спасибо за просмотр
подписывайтесь на канал
продолжение следует
дякую за перегляд
izlediğiniz için teşekkür ederim
izlediğiniz için teşekkürler
abone olmayı unutmayın
ご視聴ありがとうございました
ご清聴ありがとうございました
次の動画でお会いしましょう
チャンネル登録お願いします
チャンネル登録よろしくお願いします
시청해주셔서 감사합니다
구독과 좋아요 부탁드립니다
谢谢观看
感谢观看
謝謝觀看
感謝觀看
谢谢大家
请不吝点赞订阅转发打赏支持明镜与点点栏目
請不吝點贊訂閱轉發打賞支持明鏡與點點欄目
شكرا على المشاهدة
اشتركوا في القناة
"""

_BEGINNINGS = """
subtitles by the amara org community
untertitel der amara org
untertitelung aufgrund der amara org
untertitel im auftrag des
untertitelung im auftrag des
untertitelung des zdf
untertitel von stephanie geiges
sous titres réalisés par
sous titres réalisés para
sous titres réalisés pour
sous titres faits par
sous titres fait par
sous titres par
sous titrage st
sous titrage société radio canada
subtítulos realizados por
subtítulos por la comunidad
subtítulos creados por
subtítulos hechos por
subtitulado por la comunidad
legendas pela comunidade
transcrição e legendas
sottotitoli creati dalla comunità
sottotitoli e revisione a cura di
sottotitoli a cura di
ondertitels ingediend door
ondertiteld door de amara
ondertiteling door de amara
napisy stworzone przez
napisy wykonane przez
tłumaczenie i napisy stworzone przez
редактор субтитров
субтитры сделал
субтитры создавал
субтитры подогнал
altyazı mk
字幕by
字幕由amara
小編字幕由amara
中文字幕志愿者
ترجمة نانسي
"""


def _letters(text: str) -> str:
    return "".join(key(word) for word in text.split())


def _one_of(text: str) -> str:
    return "|".join(re.escape(_letters(line)) for line in text.splitlines() if line)


_CREDIT = re.compile(f"(?>{_one_of(_BEGINNINGS)}).*|(?:{_one_of(_WHOLE)})+")


def is_credit(text: str) -> bool:
    """Whether a sentence is one of the phrases, or several of them, or a credit for subtitles and for whom."""
    letters = _letters(text)
    return len(letters) <= LONGEST and _CREDIT.fullmatch(letters) is not None
