"""Which European language a text is in, by its script and its commonest words: for engines that do not say. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

UNDETERMINED = "und"  # BCP-47
LEAST_MATCHES = 3  # common words that must be found: fewer is chance
LEAD = 1.25  # of the best over the second: neighbours share many words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_COMMON = {
    "bg": """
        и на да се за не от по че това са като или който което при има към тяхното бъде ще съм но този всички
    """,
    "cs": """
        a se na v je že to s z do o k jsou by jako ale podle nebo který které jsem když jsme má mají pro být
        svobodní co aby už
    """,
    "da": """
        og i at det en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun
        nu over da fra du ud jeg hvad blev
    """,
    "de": """
        der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er
        hat dass sie nach wird bei ich wir aber oder
    """,
    "el": """
        και το να του η της με που την από για είναι τα στο ο οι τον θα δεν τους
    """,
    "en": """
        the of and to in a is that it was for on are as with his they be at this have from or had by not but what
        all were we when your can said there
    """,
    "es": """
        de la que el en y los del se las por un para con no una su al lo como más pero sus le ya o este sí porque
        esta entre cuando muy sin sobre también me hasta
    """,
    "et": """
        ja on ei et kui see ka oma mis ta aga või nii siis ma veel oli ning selle seda kes olen kõik nad ole mida
        nende
    """,
    "fi": """
        ja on ei että se hän oli mutta ovat kun niin myös joka tai mitä minä sen olla kuin ole ollut jotka mukaan
        vain jo nyt ne me heillä tämä kaikki hänen
        heidän minun sinä
    """,
    "fr": """
        de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ils mais
        comme ou nous vous je cette être ont à
    """,
    "hr": """
        i je u se na da su za od s a ne što koji kao ili bi ali to nije sam smo iz te bio ima samo već sve po o jer
        kako
    """,
    "hu": """
        a az és hogy nem is egy van ez meg de csak már még mint volt azt ha vagy ki ami minden kell fel le amely
        lesz ezt sem
    """,
    "it": """
        di e il la che in un a per è una sono non con del si da le dei come della nel più anche al alla gli ma ha lo
        questo quando io essi ho
    """,
    "lt": """
        ir yra į kad su iš tai ne o kaip bet ar jis buvo už kurie apie tik per dar nuo aš jie savo taip prie
    """,
    "lv": """
        un ir no ar uz ka par tas kas bet vai to nav arī kā pie es viņš bija ne šo tikai mēs jau viņi pēc
    """,
    "mt": """
        li ta u il ma tal fil f' b' din dan hija huwa għal mill minn biex jew kollha fuq kien għandu bħal hemm bil
        mal lill wieħed fi
    """,
    "nl": """
        de en van het een in is dat op te zijn met voor niet aan er om ook als dan maar bij uit nog door naar hij
        wordt over ze werd deze we wat ik je
    """,
    "pl": """
        i w na z się do nie że to o jest jak za po co ale od tak czy dla przez być już ich tylko przy ma są jego
        który oraz pod jestem mnie
    """,
    "pt": """
        de que e o a do da em um para com não uma os no se na por mais as dos como mas foi ao ele das tem seu sua ou
        ser quando muito há nos já está eu também são
    """,
    "ro": """
        de și în a la cu nu o că pe din care un se este mai pentru sunt au fi sau ca ce după prin fost să ele am dar
        lui acest prea
    """,
    "ru": """
        и в не на я что он с это как но по из у за от так же все о к для бы мы вы они их было или который уже только
        она
    """,
    "sk": """
        a v sa na je že to s z do o k sú by ako ale podľa alebo ktorý ktoré som keď sme má majú pre byť čo aby už
        rodia
    """,
    "sl": """
        in je v na se da za so z ki ne pa s po tudi od kot to ali bi iz sem pri kar lahko ker bil ni vsi med ter
        biti
    """,
    "sv": """
        och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan man när
        år hon under också skall
    """,
    "uk": """
        і в не на що з та до у за це як він я від по але ми є чи ви їх для які було або який вже тільки її щоб
    """,
}


def _languages_of_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, words in _COMMON.items():
        for word in set(words.split()):
            found[word] = (*found.get(word, ()), code)
    return found


_LANGUAGES_OF = _languages_of_words()

EUROPEAN = frozenset(_COMMON)
"""Primary subtags of the languages that `guess` tells apart."""


def guess(text: str) -> str | None:
    """The primary subtag of the language that most of a text's common words are of; None if they do not tell.

    A word that is common in several languages counts for each of them with its share.
    """
    shares: defaultdict[str, float] = defaultdict(float)
    matches: Counter[str] = Counter()
    for word in _WORD.findall(text.casefold()):
        languages = _LANGUAGES_OF.get(word, ())
        matches.update(languages)
        for code in languages:
            shares[code] += 1 / len(languages)
    best, second = sorted([*shares, "", ""], key=lambda code: shares.get(code, 0.0), reverse=True)[:2]
    told = matches[best] >= LEAST_MATCHES and shares[best] >= LEAD * shares.get(second, 0.0)
    return best if told else None


_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
SCRIPT_SHARE = 0.2  # of a text's letters; kana are fewer than that in no Japanese, and Chinese has none


def of_script(text: str) -> str | None:
    """The primary subtag of the commonest language of a text's script, where that is not Latin, Greek or Cyrillic.

    Persian counts as Arabic here: what is asked is how wide and how fast its writing is read.
    """
    letters = sum(map(str.isalpha, text))
    found = (code for code, script in _SCRIPTS.items() if len(script.findall(text)) > SCRIPT_SHARE * letters)
    return next(found, None)
