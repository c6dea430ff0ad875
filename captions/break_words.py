"""The words that tell where a text may break: those of each language that are few and known, by part of speech.

Data only. A word that could be of another part too stands where it keeps more together, unless its other use is the
common one; where neither is clear it is left out, as a wrong word makes bad breaks and a missing one none. All are in
lower case, NFC, with straight apostrophes, and without the marks around them but for the dots of abbreviations.

The parts are those of Universal Dependencies (universaldependencies.org/u/pos), as far as a break depends on them, and
some that numbers and names need. Written for this purpose: lists by part of speech that may be shipped are of a few
languages only, those of subtitle editors tell no part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag, auto


class Part(IntFlag):
    """A part of speech; a word may have several."""

    OTHER = auto()  #: any word of the open classes, and what no list holds
    DETERMINER = auto()  #: leads to a noun: article, possessive, demonstrative
    PRONOUN = auto()  #: leads to a verb: subject, or object before its verb
    OBJECT = auto()  #: a pronoun after its verb
    AUXILIARY = auto()  #: leads to a verb or a predicate, copulas and modals too
    PREPOSITION = auto()
    COORDINATION = auto()  #: a conjunction between equals, which is no adverb after a pronoun ("aber" is)
    SUBORDINATION = auto()  #: any other conjunction or relative word that opens a clause
    NEGATION = auto()
    PARTICLE = auto()  #: leads to any word: mark of the infinitive, "very"
    ENCLITIC = auto()  #: belongs to the word before: postposition, particle of a question, auxiliary after its verb
    TITLE = auto()  #: leads to a name
    ABBREVIATION = auto()  #: ends with a dot, and neither a sentence nor what it leads to
    NUMERAL = auto()
    YEAR = auto()  #: a number that may be a year, and then counts nothing
    UNIT = auto()  #: what a number counts, or a word after it
    MONTH = auto()
    NUMBERED = auto()  #: a noun whose number follows: "page 12"
    NAME = auto()  #: has a capital, where that makes a name
    CAPITAL = auto()  #: has a capital
    FINAL = auto()  #: one of the words that lead to others, with a mark after it: it leads to none
    OPENING = auto()  #: an opening mark without a word


@dataclass(frozen=True)
class Language:
    """A language's words by part of speech, with spaces between them; what capitals and dots mean in it.

    `elides`: words lose their vowel before another, and are written together with it ("l'homme", "dell'uomo").
    """

    words: Mapping[Part, str]
    capitals_are_names: bool = True
    ordinals_have_dots: bool = False
    elides: bool = False


COMMON: Mapping[Part, str] = {
    Part.UNIT: """
        % ‰ ° °c °f € $ £ ¥ ₽ ₴ ₺ ₹ km m cm mm µm kg mg g ml l km/h mph kb mb gb tb hz khz mhz ghz kw mw kwh h
        usd eur gbp
    """,
    Part.NUMBERED: "€ $ £ ¥ ₹ # № §",
}
"""What is written alike in all languages; no units that are words somewhere ("s", "w", "a", "in")."""

_NORWEGIAN = Language(
    {
        Part.ABBREVIATION: """
            dr. prof. hr. fr. st. f.eks. bl.a. dvs. d.v.s. ca. nr. kl. pga. mht. inkl. ekskl. evt. hhv.
        """,
        Part.DETERMINER: """
            en et ei ein eit den det de dei denne dette disse desse hver hvert kvar kvart noen noe nokon noko ingen alle
            hvilken hvilket hvilke
        """,
        Part.PRONOUN: "jeg eg du han hun ho vi me dere de man",
        Part.OBJECT: "meg deg seg ham henne oss dem",
        Part.AUXILIARY: """
            er var har hadde blir ble blei kan kunne skal skulle vil ville må måtte bør burde får vart vere være
        """,
        Part.PREPOSITION: """
            av fra frå i for innen inni med mellom mot om over på rundt siden til under uten utan ved langs gjennom
            etter foran bak blant hos bland ifølge
        """,
        Part.COORDINATION: "og eller men samt",
        Part.SUBORDINATION: """
            at fordi hvis dersom når da mens selv som enn slik før hvor hvordan korleis kvifor hvorfor om
        """,
        Part.NEGATION: "ikke ikkje aldri",
        Part.PARTICLE: "å veldig svært",
        Part.TITLE: "herr fru doktor professor kong dronning prins prinsesse sankt",
        Part.NUMERAL: """
            to tre fire fem seks sju syv åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tjue
            tyve tretti førti femti seksti sytti åtti nitti hundre tusen million millioner milliard milliarder
        """,
        Part.UNIT: """
            hundre tusen million millioner milliard milliarder prosent kroner krone øre dollar euro grader grad meter
            kilometer centimeter millimeter mil kilo kilogram gram tonn liter sekund sekunder minutt minutter time timer
            dag dager dagar uke uker veke veker måned måneder månad månader år ganger gonger watt volt
        """,
        Part.MONTH: "januar februar mars april mai juni juli august september oktober november desember",
        Part.NUMBERED: "side kapittel nummer år klokka klokken bind",
    },
    ordinals_have_dots=True,
)

LANGUAGES: Mapping[str, Language] = {
    "ar": Language(
        {
            Part.DETERMINER: "هذا هذه ذلك تلك هؤلاء كل",
            Part.PRONOUN: "أنا أنت هو هي نحن هم",
            Part.PREPOSITION: "في من إلى على عن مع بين عند تحت فوق",
            Part.COORDINATION: "أو ثم لكن",
            Part.SUBORDINATION: "أن لأن إذا عندما الذي التي الذين حتى",
            Part.NEGATION: "لا لم لن",
            Part.PARTICLE: "قد سوف",
        },
    ),
    "cs": Language(
        {
            Part.ABBREVIATION: """
                dr. prof. doc. ing. mgr. bc. mudr. judr. phdr. rndr. p. sv. č. čp. str. s. ul. nám. tzv. tzn. tj. např.
                resp. cca. mj. kpt. plk.
            """,
            Part.DETERMINER: """
                ten ta to toho tomu tom tím tu té tou ty těch těm těmi tento tato toto této tohoto tomuto těchto můj
                moje mého mému mým mou mé tvůj tvoje tvého tvé tvou svůj svoje svého svému svým svou své náš naše našeho
                naší naším našich váš vaše vašeho vaší vašich jeho její jejich každý každá každé každého žádný žádná
                žádné
            """,
            Part.PRONOUN: "já ty on ona ono my vy oni ony",
            Part.OBJECT: "se si mi ti mu ho mě tě jsem jsi jsme jste bych bys by bychom byste",
            Part.AUXILIARY: """
                je jsou byl byla bylo byli byly budu budeš bude budeme budete budou může mohou můžu můžeš můžeme můžete
                musí musím musíš musíme musíte musel musela chci chceš chce chceme chcete chtějí
            """,
            Part.PREPOSITION: """
                v ve z ze s k ke ku o u do na od ode po pod pode pro před přes při bez beze mezi nad za kolem podle
                proti kromě během vedle kvůli
            """,
            Part.COORDINATION: "a i ani nebo či ale avšak",
            Part.SUBORDINATION: """
                že aby když kdyby protože jestli jestliže pokud až než jak jako zatímco ačkoli ačkoliv přestože který
                která které kterého kterou kterým kteří kterých kde kdy
            """,
            Part.NEGATION: "ne",
            Part.PARTICLE: "velmi příliš",
            Part.TITLE: "pan pane pana panem panu paní slečna doktor doktore profesor profesore svatý svatá král kníže",
            Part.NUMERAL: """
                jeden dva dvě tři čtyři pět šest sedm osm devět deset jedenáct dvanáct třináct čtrnáct patnáct šestnáct
                sedmnáct osmnáct devatenáct dvacet třicet čtyřicet padesát šedesát sedmdesát osmdesát devadesát sto
                tisíc tisíce milion miliony milionů miliarda miliardy miliard
            """,
            Part.UNIT: """
                sto tisíc tisíce milion miliony milionů miliarda miliardy miliard procent procenta procento korun koruny
                koruna kč eur eura euro dolarů dolary dolar stupňů stupně metrů metry metr kilometrů kilometry kilometr
                centimetrů milimetrů kilo kila kilogramů gramů tun tuny litrů litry litr sekund sekundy sekunda minut
                minuty minuta minutu hodin hodiny hodina hodinu dní dny den týdnů týdny týden měsíců měsíce měsíc let
                roky rok roku letech krát
            """,
            Part.MONTH: """
                ledna února března dubna května června července srpna září října listopadu prosince leden únor březen
                duben květen červen červenec srpen říjen listopad prosinec lednu únoru březnu dubnu květnu červnu
                červenci srpnu říjnu prosinci
            """,
            Part.NUMBERED: "strana straně stranu kapitola kapitole kapitolu číslo čísla roku roce rok díl",
        },
        ordinals_have_dots=True,
    ),
    "da": Language(
        {
            Part.ABBREVIATION: """
                dr. prof. hr. fr. frk. skt. f.eks. bl.a. dvs. d.v.s. ca. nr. kl. pga. ift. mht. vedr. inkl. ekskl. evt.
                hhv.
            """,
            Part.DETERMINER: """
                en et den det de denne dette disse min mit mine din dit dine sin sit sine vores jeres deres hans hendes
                dens dets hver hvert nogle nogen noget ingen intet alle hvilken hvilket hvilke
            """,
            Part.PRONOUN: "jeg du han hun vi i de man",
            Part.OBJECT: "mig dig sig ham hende os jer dem",
            Part.AUXILIARY: "er var har havde bliver blev kan kunne skal skulle vil ville må måtte bør burde får været",
            Part.PREPOSITION: """
                af for fra i inden med mellem mod om omkring over på siden til under ved uden langs gennem efter foran
                bag blandt hos ifølge
            """,
            Part.COORDINATION: "og eller men samt",
            Part.SUBORDINATION: "at der fordi hvis når da mens selvom som end før hvor hvordan hvorfor om ligesom",
            Part.NEGATION: "ikke aldrig",
            Part.PARTICLE: "meget",
            Part.TITLE: "herr fru doktor professor kong dronning prins prinsesse sankt",
            Part.NUMERAL: """
                to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve
                tredive fyrre halvtreds tres halvfjerds firs halvfems hundrede tusind tusinde million millioner milliard
                milliarder
            """,
            Part.UNIT: """
                hundrede tusind tusinde million millioner milliard milliarder procent kroner krone øre dollar euro
                grader grad meter kilometer centimeter millimeter mil kilo kilogram gram ton liter sekund sekunder minut
                minutter time timer dag dage uge uger måned måneder år gange watt volt
            """,
            Part.MONTH: "januar februar marts april maj juni juli august september oktober november december",
            Part.NUMBERED: "side kapitel nummer år klokken bind",
        },
        ordinals_have_dots=True,
    ),
    "de": Language(
        {
            Part.ABBREVIATION: """
                dr. prof. hr. fr. st. z.b. d.h. u.a. o.ä. bzw. ca. nr. bspw. evtl. ggf. inkl. sog. vgl. dipl. ing. z. d.
                u. a. o. v. i. s. b. h.
            """,
            Part.DETERMINER: """
                der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines dieser
                diese dieses diesen diesem jeder jede jedes jeden jedem jener jene jenes jenen jenem mein meine meinen
                meinem meiner meines dein deine deinen deinem deiner deines sein seine seinen seinem seiner seines ihr
                ihre ihren ihrem ihrer ihres unser unsere unseren unserem unserer unseres euer eure euren eurem eurer
                eures welcher welche welches welchen welchem alle allen aller viele vielen vieler mehrere mehreren
                einige einigen einiger beide beiden beider manche manchen solche solchen
            """,
            Part.PRONOUN: "ich du er sie es wir ihr man wer",
            Part.OBJECT: "mich dich ihn ihm ihnen uns euch sich mir dir",
            Part.AUXILIARY: """
                bin bist ist sind seid war warst waren wart wäre wärst wären habe hast hat haben habt hatte hattest
                hatten hätte hättest hätten werde wirst wird werden werdet wurde wurdest wurden würde würdest würden
                kann kannst können könnt konnte konnten könnte könntest könnten muss musst müssen müsst musste mussten
                müsste müssten soll sollst sollen sollt sollte solltest sollten will willst wollen wollt wollte wollten
                darf darfst dürfen dürft durfte durften dürfte dürften mag magst mögen mochte möchte möchtest möchten
            """,
            Part.PREPOSITION: """
                ab an am ans auf aufs aus außer bei beim bis durch durchs für fürs gegen gegenüber hinter in im ins mit
                nach neben ohne seit statt trotz über um ums unter von vom vor vorm während wegen zu zum zur zwischen
            """,
            Part.COORDINATION: "und oder sondern sowie",
            Part.SUBORDINATION: """
                dass ob weil wenn als obwohl damit bevor nachdem sobald solange falls indem sodass wie wo wobei womit
                warum weshalb aber denn
            """,
            Part.NEGATION: "nicht nie niemals",
            Part.PARTICLE: "sehr",
            Part.TITLE: "herr herrn frau doktor professor sankt kaiser papst onkel tante",
            Part.NUMERAL: """
                eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn
                siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert
                tausend million millionen milliarde milliarden mio. mrd.
            """,
            Part.UNIT: """
                hundert tausend million millionen milliarde milliarden mio. mrd. prozent euro cent dollar franken pfund
                grad uhr meter metern kilometer kilometern zentimeter zentimetern millimeter millimetern meilen meile
                kilo kilogramm gramm tonnen tonne liter litern hektar sekunde sekunden minute minuten stunde stunden tag
                tage tagen woche wochen monat monate monaten jahr jahre jahren jahrhundert mal stück watt volt
            """,
            Part.MONTH: "januar jänner februar märz april mai juni juli august september oktober november dezember",
            Part.NUMBERED: "seite seiten kapitel nummer paragraf paragraph absatz abschnitt band jahr jahre",
        },
        capitals_are_names=False,
        ordinals_have_dots=True,
    ),
    "en": Language(
        {
            Part.ABBREVIATION: "mr. mrs. ms. dr. prof. st. vs. e.g. i.e.",
            Part.DETERMINER: "a an the my your his her its our their this these those every each no",
            Part.PRONOUN: """
                i you he she we they i'm you're he's she's it's we're they're i've you've we've they've i'll you'll
                he'll she'll we'll they'll i'd you'd he'd she'd we'd they'd
            """,
            Part.AUXILIARY: """
                am is are was were be been has have had do does did will would can could shall should may might must
                don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't isn't aren't wasn't weren't hasn't
                haven't hadn't mustn't ain't gonna gotta
            """,
            Part.PREPOSITION: """
                about above across after against along among around at before behind below between beyond by during for
                from in inside into near of off on onto over through to toward towards under up with within without
            """,
            Part.COORDINATION: "and but or nor so yet",
            Part.SUBORDINATION: """
                because if unless when while although though that which who whose where since until than then as
            """,
            Part.NEGATION: "not",
            Part.PARTICLE: "very",
            Part.ENCLITIC: "jr. sr.",
            Part.TITLE: """
                mr mrs ms miss sir dr doctor professor president senator queen king prince princess saint captain
                general lord lady uncle aunt
            """,
            Part.NUMERAL: """
                one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
                seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
                million billion trillion
            """,
            Part.UNIT: """
                hundred thousand million billion trillion percent per dollars dollar cents cent euros euro pounds pound
                pence degrees degree meters meter metres metre kilometers kilometer kilometres kilometre centimeters
                centimetres millimeters millimetres miles mile feet foot inches inch yards yard kilos kilograms grams
                tons tonnes liters litres gallons acres seconds second minutes minute hours hour days day weeks week
                months month years year decades centuries times watts volts a.m. p.m. am pm o'clock
            """,
            Part.MONTH: """
                january february march april may june july august september october november december jan. feb. aug.
                sept. oct. nov. dec.
            """,
            Part.NUMBERED: "page pages chapter chapters number no. volume episode paragraph highway",
        },
    ),
    "es": Language(
        {
            Part.ABBREVIATION: """
                sr. sra. srta. sres. dr. dra. d. dña. ud. uds. prof. profa. lic. ing. p.ej. p. ej. núm. pág. págs. vol.
                cap. av. avda. aprox. ee.
            """,
            Part.DETERMINER: """
                el la los las un una unos unas mi mis tu tus su sus nuestro nuestra nuestros nuestras vuestro vuestra
                vuestros vuestras este esta estos estas ese esa esos esas aquel aquella aquellos aquellas cada todo toda
                todos todas algún alguna algunos algunas ningún ninguna cualquier otro otra otros otras lo muchos muchas
                pocos pocas varios varias
            """,
            Part.PRONOUN: """
                yo tú él ella nosotros nosotras vosotros vosotras ellos ellas usted ustedes me te se nos os le les la
                las los lo
            """,
            Part.AUXILIARY: """
                he has ha hemos habéis han había habías habíamos habían habré habrá habrán habría habrían haya hayas
                hayan hay soy eres es somos sois son era eras éramos eran fui fue fueron será serán sería serían sea
                sean estoy estás está estamos estáis están estaba estabas estábamos estaban estuvo puedo puedes puede
                podemos podéis pueden podía podían podría podrías podríamos podrían debo debes debe debemos deben
                debería deberían voy vas va vamos vais van iba íbamos iban
            """,
            Part.PREPOSITION: """
                a al ante bajo con contra de del desde durante en entre hacia hasta mediante para por según sin sobre
                tras
            """,
            Part.COORDINATION: "y e o u pero ni sino",
            Part.SUBORDINATION: "que porque si cuando aunque mientras como donde quien quienes cuyo cuya pues",
            Part.NEGATION: "no",
            Part.PARTICLE: "muy tan",
            Part.TITLE: """
                señor señora señorita don doña doctor doctora profesor profesora san santo santa rey reina príncipe
                princesa papa general capitán tío tía
            """,
            Part.NUMERAL: """
                dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete
                dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento
                doscientos doscientas trescientos quinientos mil millón millones
            """,
            Part.UNIT: """
                cien cientos mil millón millones por euros euro dólares dólar pesos peso céntimos centavos grados grado
                metros metro kilómetros kilómetro centímetros milímetros millas kilos kilo kilogramos gramos toneladas
                litros litro segundos segundo minutos minuto horas hora días día semanas semana meses mes años año
                siglos veces vatios voltios
            """,
            Part.MONTH: """
                enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
            """,
            Part.NUMBERED: "página páginas capítulo capítulos número año volumen artículo",
        },
    ),
    "fr": Language(
        {
            Part.ABBREVIATION: "m. mm. mme. mlle. dr. pr. st. ste. p.ex. cf. av. env. p.",
            Part.OTHER: "quelqu'un quelqu'une l'un l'une",
            Part.DETERMINER: """
                le la les l' un une des mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces
                chaque quelque quelques plusieurs aucun aucune tout toute tous toutes quel quelle quels quelles certains
                certaines
            """,
            Part.PRONOUN: """
                je j' tu il elle on nous vous ils elles me m' te t' se s' lui leur le la les l' y ce c' qui s'il s'ils
            """,
            Part.AUXILIARY: """
                ai as a avons avez ont avais avait avions aviez avaient aurai auras aura aurons aurez auront aurais
                aurait auraient aie ait aient suis es est sommes êtes sont étais était étions étiez étaient serai seras
                sera serons serez seront serais serait seraient soit soient fut furent peux peut pouvons pouvez peuvent
                pouvais pouvait pouvaient pourrai pourra pourront pourrais pourrait pourraient dois doit devons devez
                doivent devait devaient devrait devraient vais vas va vont est-ce faut
            """,
            Part.PREPOSITION: """
                à au aux avec chez contre dans de d' du depuis derrière dès devant durant en entre envers hors jusque
                jusqu' malgré par parmi pendant pour sans sauf selon sous sur vers
            """,
            Part.COORDINATION: "et ou mais ni car",
            Part.SUBORDINATION: """
                que qu' qui s'il s'ils dont où quand lorsque lorsqu' si parce puisque puisqu' comme afin quoique donc
            """,
            Part.NEGATION: "ne n'",
            Part.PARTICLE: "très",
            Part.ENCLITIC: "pas guère",
            Part.TITLE: """
                monsieur madame mademoiselle messieurs mesdames mme mlle dr docteur professeur maître saint sainte roi
                reine prince princesse pape général capitaine président oncle tante
            """,
            Part.NUMERAL: """
                deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente
                quarante cinquante soixante septante nonante cent cents mille million millions milliard milliards
            """,
            Part.UNIT: """
                cent cents mille million millions milliard milliards pour euros euro dollars dollar francs franc
                centimes degrés degré mètres mètre kilomètres kilomètre centimètres millimètres miles kilos kilo
                kilogrammes grammes tonnes litres litre hectares secondes seconde minutes minute heures heure jours jour
                semaines semaine mois ans an années année siècles fois watts volts
            """,
            Part.MONTH: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            Part.NUMBERED: "page pages chapitre chapitres numéro tome article l'an",
        },
        elides=True,
    ),
    "he": Language(
        {
            Part.DETERMINER: "כל",
            Part.PRONOUN: "אני אתה הוא היא אנחנו הם הן",
            Part.PREPOSITION: "של על עם את אל מן בין לפני אחרי בלי",
            Part.COORDINATION: "או אבל",
            Part.SUBORDINATION: "כי אם אשר כאשר",
            Part.NEGATION: "לא אין",
        },
    ),
    "hi": Language(
        {
            Part.DETERMINER: "यह ये वह वे इस उस इन उन हर मेरा मेरी मेरे हमारा हमारी हमारे",
            Part.PRONOUN: "मैं हम तुम आप",
            Part.COORDINATION: "और या लेकिन",
            Part.SUBORDINATION: "कि क्योंकि अगर जब",
            Part.NEGATION: "नहीं मत",
            Part.ENCLITIC: "का के की को ने से में पर तक लिए है हैं था थे थी थीं हूँ",
            Part.TITLE: "श्री श्रीमती",
        },
    ),
    "id": Language(
        {
            Part.ABBREVIATION: "dr. prof. ir. drs. tn. ny. sdr. jl. no. hlm. a.n.",
            Part.DETERMINER: "sebuah seorang seekor para setiap semua beberapa seluruh",
            Part.PRONOUN: "saya aku kamu anda dia ia kami kita mereka kalian",
            Part.OBJECT: "ini itu",
            Part.AUXILIARY: "akan sudah telah sedang bisa dapat harus boleh adalah belum masih pernah",
            Part.PREPOSITION: """
                di ke dari pada untuk dengan oleh tentang dalam antara sampai hingga tanpa bagi kepada terhadap sejak
                seperti
            """,
            Part.COORDINATION: "dan atau tetapi tapi namun serta",
            Part.SUBORDINATION: """
                bahwa karena jika kalau ketika saat yang sehingga agar supaya sebelum sesudah setelah meskipun walaupun
                sementara
            """,
            Part.NEGATION: "tidak bukan jangan tak",
            Part.PARTICLE: "sangat",
            Part.TITLE: "bapak pak ibu bu tuan nyonya nona doktor dokter profesor presiden raja ratu pangeran",
            Part.NUMERAL: """
                satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus seratus ribu
                seribu juta miliar triliun
            """,
            Part.UNIT: """
                puluh ratus ribu juta miliar triliun persen rupiah dolar euro sen derajat meter kilometer sentimeter
                milimeter mil kilo kilogram gram ton liter hektar detik menit jam hari minggu bulan tahun abad kali
                orang buah watt volt
            """,
            Part.MONTH: "januari februari maret april mei juni juli agustus september oktober november desember",
            Part.NUMBERED: "halaman bab nomor tahun pukul jam pasal",
        },
    ),
    "it": Language(
        {
            Part.ABBREVIATION: """
                sig. sig.ra sigg. dott. dott.ssa dr. prof. prof.ssa avv. ing. on. s. es. p.es. pag. pagg. n. cap. vol.
                ca.
            """,
            Part.OTHER: "l'uno l'una",
            Part.DETERMINER: """
                il lo la i gli le l' un uno una un' mio mia miei mie tuo tua tuoi tue suo sua suoi sue nostro nostra
                nostri nostre vostro vostra vostri vostre loro questo questa questi queste quest' quel quello quella
                quei quegli quelle quell' ogni qualche alcuni alcune nessun nessuna tutto tutta tutti tutte altri altre
                molti molte
            """,
            Part.PRONOUN: "io tu lui lei noi voi loro mi m' ti t' si s' ci c' vi v' ne lo la li le gli l'",
            Part.AUXILIARY: """
                sono sei è siamo siete ero eri era eravamo eravate erano sarò sarai sarà saremo sarete saranno sarei
                sarebbe sarebbero sia siano fu furono ho hai ha abbiamo avete hanno avevo avevi aveva avevamo avevano
                avrò avrai avrà avremo avranno avrei avrebbe avrebbero abbia abbiano posso puoi può possiamo potete
                possono poteva potevano potrei potrebbe potrebbero devo devi deve dobbiamo dovete devono doveva dovevano
                dovrebbe dovrebbero voglio vuoi vuole vogliamo volete vogliono vorrei sto stai sta stiamo state stanno
                stava stavano
            """,
            Part.PREPOSITION: """
                a ad al allo alla ai agli alle all' con col contro da dal dallo dalla dai dagli dalle dall' di d' del
                dello della dei degli delle dell' dopo dentro durante fino fra in nel nello nella nei negli nelle nell'
                per presso senza sopra sotto su sul sullo sulla sui sugli sulle sull' tra verso
            """,
            Part.COORDINATION: "e ed o od oppure ma né",
            Part.SUBORDINATION: """
                che ch' perché se quando mentre come dove dov' sebbene affinché poiché cui quindi però
            """,
            Part.NEGATION: "non",
            Part.PARTICLE: "molto",
            Part.TITLE: """
                signor signora signorina don donna dottor dottore dottoressa professor professore professoressa san
                santo santa re regina principe principessa papa generale capitano zio zia
            """,
            Part.NUMERAL: """
                due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici
                diciassette diciotto diciannove venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento
                duecento trecento mille mila duemila tremila milione milioni miliardo miliardi
            """,
            Part.UNIT: """
                cento mila milione milioni miliardo miliardi per euro dollari dollaro lire centesimi gradi grado metri
                metro chilometri chilometro centimetri millimetri miglia chili chilo chilogrammi grammi tonnellate litri
                litro ettari secondi secondo minuti minuto ore ora giorni giorno settimane settimana mesi mese anni anno
                secoli volte watt volt
            """,
            Part.MONTH: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            Part.NUMBERED: "pagina pagine capitolo capitoli numero anno volume articolo ore",
        },
        elides=True,
    ),
    "nb": _NORWEGIAN,
    "nl": Language(
        {
            Part.ABBREVIATION: """
                dhr. mevr. mw. dr. drs. ir. ing. prof. mr. st. bijv. d.w.z. m.b.t. o.a. t.a.v. i.p.v. ca. nr. nrs. blz.
            """,
            Part.DETERMINER: """
                de het een t n deze dit die dat mijn jouw je uw zijn haar ons onze jullie hun elk elke ieder iedere geen
                alle veel enkele sommige welk welke
            """,
            Part.PRONOUN: "ik jij je u hij zij ze we wij jullie men het er",
            Part.OBJECT: "mij me jou hem zich hen",
            Part.AUXILIARY: """
                ben bent is zijn was waren heb hebt heeft hebben had hadden word wordt worden werd werden zal zult
                zullen zou zouden kan kunt kunnen kon konden moet moeten moest moesten mag mogen mocht mochten wil wilt
                willen wilde wilden ga gaat gaan ging gingen
            """,
            Part.PREPOSITION: """
                aan achter bij binnen boven buiten door gedurende in langs met na naar naast om onder op over per rond
                sinds te ten ter tegen tijdens tot tussen uit van vanaf via volgens voor zonder
            """,
            Part.COORDINATION: "en of want",
            Part.SUBORDINATION: """
                dat omdat als wanneer terwijl hoewel zodat voordat nadat totdat tenzij of waar waarom hoe wie die toen
                dan zoals maar
            """,
            Part.NEGATION: "niet nooit",
            Part.PARTICLE: "zeer heel erg te",
            Part.TITLE: """
                meneer mevrouw mijnheer dokter doctor professor sint koning koningin prins prinses paus oom tante
            """,
            Part.NUMERAL: """
                twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien
                achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend
                miljoen miljard
            """,
            Part.UNIT: """
                honderd duizend miljoen miljard procent euro dollar cent graden graad meter kilometer centimeter
                millimeter mijl kilo kilogram gram ton liter hectare seconde seconden minuut minuten uur uren dag dagen
                week weken maand maanden jaar jaren eeuw keer maal watt volt
            """,
            Part.MONTH: "januari februari maart april mei juni juli augustus september oktober november december",
            Part.NUMBERED: "pagina bladzijde hoofdstuk nummer artikel deel jaar",
        },
    ),
    "nn": _NORWEGIAN,
    "no": _NORWEGIAN,
    "pl": Language(
        {
            Part.ABBREVIATION: """
                dr. prof. mgr. inż. hab. ks. św. płk. kpt. np. tzw. tzn. tj. m.in. ul. al. nr. str. art.
            """,
            Part.DETERMINER: """
                ten ta to te ci tego temu tym tej tę tą tych tymi tamten tamta tamto mój moja moje mojego mojej moją
                moich twój twoja twoje twojego twojej twoją twoich swój swoja swoje swojego swojej swoją swoich nasz
                nasza nasze naszego naszej naszą naszych wasz wasza wasze waszego waszej każdy każda każde każdego
                każdej żaden żadna żadne jakiś jakaś jakieś wszystkie wszystkich
            """,
            Part.PRONOUN: "ja ty on ona ono my wy oni one",
            Part.OBJECT: "się mnie cię go ją mu mi nas was ich im",
            Part.AUXILIARY: """
                jest są jestem jesteś jesteśmy jesteście był była było byli były będę będziesz będzie będziemy będziecie
                będą mogę możesz może możemy możecie mogą muszę musisz musi musimy musicie muszą chcę chcesz chce chcemy
                chcą można trzeba został została zostało zostali zostały
            """,
            Part.PREPOSITION: """
                w we z ze o u do na od ode po pod pode dla przed przez przy bez beze między nad za ku wśród według około
                oprócz podczas wobec mimo obok
            """,
            Part.COORDINATION: "i a oraz albo lub ale lecz ani czy",
            Part.SUBORDINATION: """
                że żeby aby ponieważ bo jeśli jeżeli gdy gdyby kiedy chociaż choć zanim aż jak jako niż który która
                które którego której którą którzy których którym gdzie więc
            """,
            Part.NEGATION: "nie",
            Part.PARTICLE: "bardzo",
            Part.ENCLITIC: "by",
            Part.TITLE: """
                pan pana panu panem pani panią państwo dr mgr ks doktor profesor święty święta król królowa książę
                generał kapitan papież wujek ciocia
            """,
            Part.NUMERAL: """
                jeden dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście
                czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście dwadzieścia trzydzieści
                czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt sto dwieście
                trzysta czterysta pięćset tysiąc tysiące tysięcy milion miliony milionów miliard miliardy miliardów tys.
                mln mld
            """,
            Part.UNIT: """
                tysiąc tysiące tysięcy milion miliony milionów miliard miliardy miliardów tys. mln mld procent procenta
                złotych złote złoty zł groszy euro dolarów dolary dolar stopni stopnie stopień metrów metry metr
                kilometrów kilometry kilometr centymetrów milimetrów mil kilo kilogramów gramów ton tony litrów litry
                litr hektarów sekund sekundy sekunda minut minuty minuta minutę godzin godziny godzina godzinę dni dzień
                tygodni tygodnie tydzień miesięcy miesiące miesiąc lat lata rok roku latach razy
            """,
            Part.MONTH: """
                stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
                styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
                styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrześniu październiku listopadzie grudniu
            """,
            Part.NUMBERED: "strona stronie stronę rozdział rozdziale numer roku rok tom",
        },
        ordinals_have_dots=True,
    ),
    "pt": Language(
        {
            Part.ABBREVIATION: """
                sr. sra. srta. dr. dra. d. prof. profa. eng. exmo. exma. p.ex. pág. págs. núm. vol. cap. av. aprox.
            """,
            Part.DETERMINER: """
                o a os as um uma uns umas meu minha meus minhas teu tua teus tuas seu sua seus suas nosso nossa nossos
                nossas este esta estes estas esse essa esses essas aquele aquela aqueles aquelas cada todo toda todos
                todas algum alguma alguns algumas nenhum nenhuma qualquer outro outra outros outras muitos muitas vários
                várias
            """,
            Part.PRONOUN: "eu tu ele ela nós vós eles elas você vocês me te se nos lhe lhes",
            Part.AUXILIARY: """
                sou és é somos são era eras éramos eram fui foi foram será serão seria seriam seja sejam estou estás
                está estamos estão estava estavas estávamos estavam esteve tenho tens tem temos têm tinha tínhamos
                tinham terá terão teria há havia posso podes pode podemos podem podia podiam poderia poderiam devo deve
                devemos devem deveria deveriam vou vais vai vamos vão ia iam
            """,
            Part.PREPOSITION: """
                a à ao aos às ante após até com contra de do da dos das desde durante em no na nos nas num numa entre
                para pra pro perante por pelo pela pelos pelas sem sob sobre segundo deste desta desse dessa neste nesta
                nesse nessa naquele naquela daquele daquela
            """,
            Part.COORDINATION: "e ou mas nem",
            Part.SUBORDINATION: "que porque se quando embora enquanto como onde quem cujo cuja pois porém",
            Part.NEGATION: "não",
            Part.PARTICLE: "tão",
            Part.TITLE: """
                senhor senhora senhorita dom dona doutor doutora professor professora são santo santa rei rainha
                príncipe princesa papa general capitão tio tia
            """,
            Part.NUMERAL: """
                dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze dezesseis
                dezasseis dezessete dezassete dezoito dezenove dezanove vinte trinta quarenta cinquenta sessenta setenta
                oitenta noventa cem cento duzentos duzentas trezentos quinhentos mil milhão milhões bilhão bilhões
            """,
            Part.UNIT: """
                cem mil milhão milhões bilhão bilhões por euros euro dólares dólar reais real centavos cêntimos graus
                grau metros metro quilômetros quilómetros quilômetro quilómetro centímetros milímetros milhas quilos
                quilo quilogramas gramas toneladas litros litro hectares segundos segundo minutos minuto horas hora dias
                dia semanas semana meses mês anos ano séculos vezes watts volts
            """,
            Part.MONTH: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            Part.NUMBERED: "página páginas capítulo capítulos número ano volume artigo",
        },
    ),
    "ru": Language(
        {
            Part.ABBREVIATION: "т.е. т.к. т. е. напр. ул. стр. с. см. св. проф. акад. тов. гл.",
            Part.DETERMINER: """
                этот эта это эти этого этой этому этим этих эту тот та те того той тому тех ту мой моя моё мое мои моего
                моей моих твой твоя твоё твое твои твоего твоей свой своя своё свое свои своего своей своих свою наш
                наша наше наши нашего нашей наших нашу ваш ваша ваше ваши вашего вашей ваших каждый каждая каждое
                каждого каждой какой-то какая-то какое-то все всех весь вся
            """,
            Part.PRONOUN: "я ты он она оно мы вы они",
            Part.AUXILIARY: """
                был была было были буду будешь будет будем будете будут могу можешь может можем можете могут должен
                должна должно должны можно нужно надо нельзя
            """,
            Part.PREPOSITION: """
                в во из изо за к ко на над надо о об обо от ото по под подо при про с со у без для до между перед передо
                через среди около после против ради кроме из-за из-под вокруг вместо
            """,
            Part.COORDINATION: "и а но или либо",
            Part.SUBORDINATION: """
                что чтобы если когда потому поэтому хотя пока как чем который которая которое которые которого которой
                которых которым которую где куда ведь
            """,
            Part.NEGATION: "не ни",
            Part.PARTICLE: "очень самый самая самое самые",
            Part.ENCLITIC: "же ж ли бы б",
            Part.TITLE: """
                господин госпожа г-н г-жа доктор профессор товарищ святой святая князь царь король королева генерал
                капитан президент дядя тётя тетя
            """,
            Part.NUMERAL: """
                один одна два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать
                четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать тридцать сорок
                пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста четыреста пятьсот тысяча тысячи
                тысяч миллион миллиона миллионов миллиард миллиарда миллиардов тыс. млн млрд
            """,
            Part.UNIT: """
                тысяча тысячи тысяч тысячу миллион миллиона миллионов миллиард миллиарда миллиардов тыс. млн млрд
                процент процента процентов рубль рубля рублей руб доллар доллара долларов евро градус градуса градусов
                метр метра метров километр километра километров км м см мм кг г сантиметров миллиметров кило килограмм
                килограмма килограммов граммов тонн тонны литр литра литров гектаров секунда секунды секунд минута
                минуту минуты минут час часа часов день дня дней неделя неделю недели недель месяц месяца месяцев год
                года году лет годах годов век веке раз раза
            """,
            Part.MONTH: """
                января февраля марта апреля мая июня июля августа сентября октября ноября декабря январь февраль март
                апрель май июнь июль август сентябрь октябрь ноябрь декабрь январе феврале марте апреле мае июне июле
                августе сентябре октябре ноябре декабре
            """,
            Part.NUMBERED: "страница странице страницу глава главе главу номер том №",
        },
    ),
    "sv": Language(
        {
            Part.ABBREVIATION: "dr. prof. hr. fr. t.ex. bl.a. dvs. d.v.s. ca. c:a nr. s.k. kl. fr.o.m. t.o.m. resp.",
            Part.DETERMINER: """
                en ett den det de denna detta dessa min mitt mina din ditt dina sin sitt sina vår vårt våra er ert era
                deras hans hennes dess varje någon något några ingen inget inga alla vilken vilket vilka många
            """,
            Part.PRONOUN: "jag du han hon vi ni de man",
            Part.OBJECT: "mig dig sig honom henne oss dem",
            Part.AUXILIARY: """
                är var har hade blir blev kan kunde ska skall skulle vill ville måste bör borde får fick varit
            """,
            Part.PREPOSITION: """
                av från i inom inuti med mellan mot om omkring över på runt sedan till under ur utan vid längs genom
                efter framför bakom bland hos enligt åt för
            """,
            Part.COORDINATION: "och eller men samt",
            Part.SUBORDINATION: "att eftersom om när då medan fastän som än innan hur varför där",
            Part.NEGATION: "inte aldrig ej",
            Part.PARTICLE: "väldigt att",
            Part.TITLE: "herr fru fröken doktor professor kung drottning prins prinsessan sankt",
            Part.NUMERAL: """
                två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo
                trettio fyrtio femtio sextio sjuttio åttio nittio hundra tusen miljon miljoner miljard miljarder
            """,
            Part.UNIT: """
                hundra tusen miljon miljoner miljard miljarder procent kronor krona öre dollar euro grader grad meter
                kilometer centimeter millimeter mil kilo kilogram gram ton liter hektar sekund sekunder minut minuter
                timme timmar dag dagar vecka veckor månad månader år gånger watt volt
            """,
            Part.MONTH: "januari februari mars april maj juni juli augusti september oktober november december",
            Part.NUMBERED: "sida sidan sidorna kapitel nummer år klockan band",
        },
    ),
    "tr": Language(
        {
            Part.ABBREVIATION: "dr. prof. doç. yrd. sn. no. örn. bkz. mah. cad. sok.",
            Part.DETERMINER: "bir bu şu o her bazı birkaç hiçbir benim senin onun bizim sizin onların",
            Part.PRONOUN: "ben sen biz siz onlar",
            Part.COORDINATION: "ve veya ya ama fakat ancak",
            Part.SUBORDINATION: "çünkü eğer",
            Part.PARTICLE: "çok en daha",
            Part.ENCLITIC: """
                mi mı mu mü miyim mıyım muyum müyüm misin mısın musun müsün miyiz mıyız muyuz müyüz misiniz mısınız
                musunuz müsünüz de da ki bile ise için ile gibi kadar göre rağmen değil değilim değilsin değiliz değildi
                değildir var yok
            """,
            Part.TITLE: "sayın doktor profesör kral kraliçe prens prenses",
            Part.NUMERAL: """
                iki üç dört beş altı yedi sekiz dokuz on yirmi otuz kırk elli altmış yetmiş seksen doksan yüz bin milyon
                milyar trilyon
            """,
            Part.UNIT: """
                yüz bin milyon milyar trilyon lira kuruş dolar avro euro derece metre kilometre santimetre milimetre mil
                kilo kilogram gram ton litre hektar saniye dakika saat gün hafta ay yıl yılı yılında yüzyıl kez kere
                kişi tane watt volt
            """,
            Part.MONTH: "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
            Part.NUMBERED: "sayfa bölüm numara saat yüzde",
        },
        ordinals_have_dots=True,
    ),
    "uk": Language(
        {
            Part.ABBREVIATION: "напр. вул. стор. див. св. проф. акад. т. с. п.",
            Part.DETERMINER: """
                цей ця це ці цього цієї цьому цим цих цю той та те ті того тієї тому тих ту мій моя моє мої мого моєї
                моїх твій твоя твоє твої твого свій своя своє свої свого своєї своїх свою наш наша наше наші нашого
                нашої наших нашу ваш ваша ваше ваші вашого вашої кожен кожна кожне кожного кожної всі всіх весь вся
            """,
            Part.PRONOUN: "я ти він вона воно ми ви вони",
            Part.AUXILIARY: """
                був була було були буду будеш буде будемо будете будуть можу можеш може можемо можете можуть повинен
                повинна повинно повинні треба можна
            """,
            Part.PREPOSITION: """
                в у з із зі за до на над о об від по під при про без для між перед через серед біля після проти крім
                задля заради навколо замість
            """,
            Part.COORDINATION: "і й та а але або чи",
            Part.SUBORDINATION: """
                що щоб якщо коли бо тому хоча поки як ніж який яка яке які якого якої яких яким яку де куди адже
            """,
            Part.NEGATION: "не ні ані",
            Part.PARTICLE: "дуже",
            Part.ENCLITIC: "же ж би б",
            Part.TITLE: """
                пан пане пана пані доктор професор святий свята князь король королева генерал капітан президент дядько
                тітка
            """,
            Part.NUMERAL: """
                один одна два дві три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять
                чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять двадцять тридцять сорок
                п'ятдесят шістдесят сімдесят вісімдесят дев'яносто сто двісті триста чотириста п'ятсот тисяча тисячі
                тисяч мільйон мільйони мільйонів мільярд мільярди мільярдів тис. млн млрд
            """,
            Part.UNIT: """
                тисяча тисячі тисяч тисячу мільйон мільйони мільйонів мільярд мільярди мільярдів тис. млн млрд відсоток
                відсотки відсотків гривня гривні гривень грн долар долари доларів євро градус градуси градусів метр
                метри метрів кілометр кілометри кілометрів км м см мм кг сантиметрів міліметрів кіло кілограм кілограми
                кілограмів грамів тонн тонни літр літри літрів гектарів секунда секунди секунд хвилина хвилину хвилини
                хвилин година годину години годин день дні днів тиждень тижні тижнів місяць місяці місяців рік року роки
                років році роках століття раз рази разів
            """,
            Part.MONTH: """
                січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня січень лютий
                березень квітень травень червень липень серпень вересень жовтень листопад грудень січні лютому березні
                квітні травні червні липні серпні вересні жовтні листопаді грудні
            """,
            Part.NUMBERED: "сторінка сторінці сторінку розділ розділі номер том №",
        },
    ),
}
