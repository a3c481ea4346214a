"""Names that people go by: the `nicknames` library, what it lacks, and how short forms are made."""

import re
from functools import cache, lru_cache

from nicknames import name_triplets

# Short forms that the library lacks: a name or several, a colon, and what their bearers go by.
_MORE = """
    abraham: abie bram; adelaide adeline adele: addie ada della; agnieszka: aga; agatha:
    aggie; aleksandra: ola; alexander alexandra: sasha sandy xander alec shura sander lexi;
    alfred: fred; alistair alasdair: ali; amelia emilia: millie mimi emmy; anastasia: nastya
    stacy ana; andrea andreas: drea andy; angela angelina: angie ange lina; anthony antonio:
    toni tonio nino; archibald: archie baldie; arabella isabella: bella belle; augustus
    augustine: gus gussie austin; barbara: basia babs barb; bartholomew: bart barty bat;
    beatrice beatrix: trixie trix bea bee; bernadette: bernie detta; bertram albert robert
    herbert hubert: bertie bert; bronwen: bron; catherine katherine kathryn: kit kitty kate
    katie kay kat cat cath cathy kathy kathleen caitlin; caroline carolina: caz carrie lina
    caro callie; cecilia cecily: cece cis cissie sissy celia; charles: chaz chas charlie
    chuck; charlotte: lottie charlie char lotta; christian: chris kit; christina christine:
    tina chrissie chris kirsty; christopher: kit kris topher chris; clementine clementina:
    clemmie clem; constance: connie; consuelo: chelo; cordelia: delia; daniel danielle: danny
    dani dan; deborah: debs debbie deb; delilah: lila; diana: di dee; dmitri dmitry: dima
    mitya; dolores: lola lolita; dominic: dom nic; dorothea dorothy: dolly dot dora; ebenezer:
    eben; edmund edward edwin: ned ted eddie teddy; eduardo: lalo edu; edith: edie; ekaterina:
    katya; eleanor elinor helen ellen helena: nell nellie nora lena ella elle ellie; elena:
    lena; elizabeth elisabeth: beth betsy bess bessie libby lizzie liz eliza elsie elspeth
    lisa lise liesl betty lilibet ela elle ellie; elzbieta: ela; emma: em emmie; enrique:
    quique; ernest: ernie; esther hester: hettie essie hetty; eugene eugenie: gene; evelyn:
    evie eve; ferdinand fernando: ferdy nando ferdie; florence: flo florrie flossie; frances
    francesca: fran frankie fanny cesca franny; francisco: paco pancho curro cisco; francis:
    frank; frederick frederica: freddie fred rick freda; friedrich: fritz; gabriel gabrielle:
    gabe gabby; geoffrey jeffrey: geoff jeff; george georgina georgia: georgie dod; gerald
    gerard: gerry jerry; gertrude: trudy gertie; giovanni: gianni vanni; giuseppe: beppe
    peppe; graham: gray; guadalupe: lupe; gwendolen gwendoline: gwen wendy; hamish seamus
    james: jim jimmy; hannah: nan; harold henry harry: hal harry hank; harriet henrietta:
    hattie hetty hettie etta; hector: ettore; heinrich: heinz; hendrik: henk rik; ignacio:
    nacho; isabel isabella isobel: izzy bella ibby belle; isaac: zac ike; ivan: vanya; jacob:
    jake coby; jacqueline: jackie jacqui; james: jamie jake jim jimmy jem seamus hamish;
    jeremiah jeremy: jerry jez jem; jessica: jess jessie; joan joanne joanna: jo joey jody;
    joanna: asia; john: jack ian sean iain johnny jon jean johan jan ivan juan evan jock;
    jonathan: jon jonny nathan; johannes: hans jan; jose: pepe; joseph: joe joey pepe beppe
    jos; josephine: jo josie fifi posy; joshua: josh; juan: juanito; judith: judy jude; julia
    juliet julian: jules; katarzyna: kasia; krzysztof: krzys; kenneth: ken kenny; lancelot:
    lance; laura lauren laurence lawrence: laurie lori larry loz ren; leonard leonardo leopold
    leo: len lenny leo; letitia: letty tish; lillian: lil lily; linda: lindy; louis louise
    louisa: lou lula lulu louie; lucy lucille lucinda lucia: lulu lu cindy; luis: lucho;
    lynette: lynn; madeleine madeline: maddie mads; magdalena: lena magda; malcolm: mal mac;
    malgorzata: gosia; margaret: maggie meg peggy mae may madge daisy greta rita margot mags
    peg marge margie; margarete margarita: grete gretel rita greta; maria: masha mia; mary:
    molly polly may mae mamie; martha: marty mattie patty; martin: marty; matilda: tilly
    mattie tilda maud; matthew: matt matty; maximilian maxwell: max; melanie: mel; melissa:
    mel lissa missy; michael: mick mike mikey mitch misha; michelle: shell chelle; mikhail:
    misha; miriam: mimi mitzi; mohammed muhammad mohamed mohammad: mo; montague: monty; moses:
    moe; natalia natalie: natasha nat tasha talia; nathaniel nathan: nat nate; nicholas:
    colin; nicholas nicola: nick nicky nico klaus nikki cole; nikolai: kolya; oliver: ollie
    noll; olivia: liv livvy ollie; oswald: oz ozzie; patricia: pat patty trish tricia trixie;
    patrick: paddy pat patsy; paulina pauline: polly; penelope: penny nell; persephone: percy;
    peter: pete piers pedro; philippa: pip pippa; philip: phil pip; priscilla: cilla prissy;
    prudence: pru; rachel: rach rae shelly; raphael: rafe raf rafa; raymond: ray; rebecca:
    becky bex becca; reginald: reg reggie rex; reuben: ruby rube; richard: dick rick rich
    dickie dickon; robert roberta: bob bobby rob robby robin bobbie; roderick: rod rory;
    rosalind rosamund rosemary: roz ros rosie rose romy; roxanne roxane roxana: roxy roxie;
    rudolph: rudy dolph; rupert: rob; samantha samuel samson: sam sammy sammie; sarah: sally
    sadie; sebastian: seb bastian baz; sergei: seryozha; siegfried: siggy; siobhan: shiv;
    sophia sofia: sophie fifi; stanislaw: stan stas staszek; stephanie: steff stef stevie
    steph fanny; stephen steven: steve stevie; susan susannah suzanne: sue susie suki zanna
    sukie; svetlana: sveta; tatiana: tanya; teresa theresa: tess tessa terry tracy tere;
    terence: terry tel; thaddeus: thady tad thad; theodora theodore: theo ted dora teddy;
    thomas: tom tommy tam; timothy: tim timmy; tobias: toby; tyrone tyler tyson: ty; ursula:
    ulla; valentine valerie: val; veronica: ronnie vera nica; victor victoria: vic vicky tori
    toria viv; vincent: vin vince vinny; virginia: ginny ginger; vivian vivienne: viv;
    vladimir: vova volodya vlad; walter: wally walt wat; wilfred: wilf fred; wilhelm: willi
    willy; wilhelmina: mina minnie billie elma; william: bill will liam billy guillermo gwilym
    wim willy; winifred: winnie freda fred; yevgeny evgeny: zhenya; zachariah zachary: zac
    zack zach; zofia: zosia
"""
_ENDING = re.compile(r"(?:ies|ie|ey|y|i|o|a|s)$")


def are_kin(one: str, other: str) -> bool:
    """Say whether one first name may be a form of the other, as Kate is of Katherine."""
    return other in nickname_kin(one) or _is_made_from(one, other) or _is_made_from(other, one)


@lru_cache(maxsize=1 << 14)
def nickname_kin(word: str) -> frozenset[str]:
    """Return the names in the lists of short forms that a bearer of this name may go by."""
    return _table().get(word, frozenset())


def stem(word: str) -> str:
    """Take the ending of a pet name off: ``robby`` and ``robbie`` give ``rob``."""
    short = _ENDING.sub("", word).replace("ph", "f")
    return short[:-1] if len(short) > 2 and short[-1:] == short[-2:-1] else short


def _is_made_from(pet: str, full: str) -> bool:
    """Say whether a short form is the beginning or end of the name, with an ending of its own."""
    start = stem(pet)
    is_pet_form = start != pet and len(start) >= 2 and len(full) > len(start) + 1
    return (is_pet_form and full.replace("ph", "f").startswith(start)) or (
        len(pet) >= 4 and full.endswith(pet)
    )


@cache
def _table() -> dict[str, frozenset[str]]:
    kin: dict[str, set[str]] = {}
    pairs = [(one.name1, one.name2) for one in name_triplets()]
    for line in _MORE.split(";"):
        full, _, short = line.partition(":")
        pairs += [(a, b) for a in full.split() for b in short.split() if a != b]
    for one, other in pairs:
        kin.setdefault(one, set()).add(other)
        kin.setdefault(other, set()).add(one)
    return {name: frozenset(names) for name, names in kin.items()}
