"""Short forms that the `nicknames` library lacks, and other spellings of first names."""

# A name or several, a colon, and what their bearers go by.
KNOWN = """
    abimbola: bimbo; abraham: abie bram; adebayo: bayo; adelaide adeline adele: addie ada della;
    adrian: ade; agatha: aggie; agnes: nancy nessie; agnieszka: aga; albert alberto roberto
    humberto: beto; aleksandra: ola; aleksei alexei alexey: lyosha alyosha; alexander: lex xan
    eck alick; alexander aleksander aleksandr: sasha olek; alexander alexandra: sasha sandy
    xander alec shura sander lexi; alfred: fred freddie freddy; alistair alasdair: ali; amelia:
    mia; amelia emilia: millie mimi emmy; anastasia: nastya stacy ana asya; anatoly: tolya
    tolik; andrea andreas: drea andy; andreas: antti dries; andrzej: jedrek; aneurin: nye;
    angela angelina: angie ange lina; angus: gus; anne: nancy; anthony antonio: toni tonio nino;
    antoinette: toni nettie; anton: toni; antonia: toni; antonin: tonda; antonio: tonino toto
    tonho tono; antonius: ton teun; arabella isabella: bella belle; archibald: archie baldie;
    athanasios: thanos sakis; augustus augustine: gus gussie austin; barbara: basia babs barb;
    barry: baz; bartholomew: bart barty bat; beatrice beatrix: trixie trix bea bee; beatriz:
    bia; bernadette: bernie detta; bertram albert robert herbert hubert: bertie bert; bogdan:
    bohdan; boris: borya; bronwen: bron; carol: caz; caroline carolina: caz carrie lina caro
    callie; catherine katherine kathryn: kit kitty kate katie kay kat cat cath cathy kathy
    kathleen caitlin cate; catriona: trina; cecilia cecily: cece cis cissie sissy celia sis;
    charles: chaz chas charlie chuck; charlotte: lottie charlie char lotta; cheryl: sheri chez
    cher; christian: chris kit; christina christine: tina chrissie chris kirsty; christopher:
    kit kris topher chris; christos: takis; ciara: keira kiera; claudia: cacau; clementine
    clementina: clemmie clem; concetta: tina; constance: connie; consuelo: chelo; cordelia:
    delia; cornelia: connie conny nele; cornelis cornelius: kees con neil; daniel danielle:
    danny dani dan; dariusz: darek; darren: daz; deborah: debs debbie deb; delilah: lila; derek:
    del; desmond: dez; diana: di dee didi; dmitri dmitry: dima mitya; dolores: lola lolita lolo;
    domenico: mimmo; dominic: dom nic nick; dorothea dorothy: dolly dot dora; dorothy: dodo;
    douglas: duggie dougie; ebenezer: eben; edith: edie; edmund: neddy; edmund edward edwin: ned
    ted eddie teddy; eduardo: lalo edu dudu duda; ekaterina: katya; eleanor elinor helen ellen
    helena: nell nellie nora lena ella elle ellie; elena: lena; elisabeth elizabeth: ilse sissi
    betje lisl liesbeth bettina buffy; elizabeth elisabeth: beth betsy bess bessie libby lizzie
    liz eliza elsie elspeth lisa lise liesl betty lilibet ela elle ellie; elzbieta: ela;
    emanuele emmanuel manuel: manny lele manolis; emma: em emmie; enrique: quique kike; eoghan
    eoin: owen ewan; ernest: ernie; esther hester: hettie essie hetty; eugene eugenie: gene;
    evan: ifan ieuan; evangelos: vangelis; evelyn: evie eve; evgenia evgeniya yevgenia
    yevgeniya: zhenya; felicity: fliss flick; ferdinand fernando: ferdy nando ferdie; filippo:
    pippo; florence: flo florrie flossie; frances francesca: fran frankie fanny cesca franny;
    francesco: ciccio checco; francis: frank; francisca: paqui paquita; francisco: paco pancho
    curro cisco chico xico kiko; frederick frederica: freddie fred rick freda; frederick
    frederik friedrich: fritz frits rik fiete; friedrich: fritz; fyodor: fedya; gabriel
    gabrielle: gabe gabby; gareth gary: gaz gazza; genevieve: ginnie ginny viv; geoffrey
    jeffrey: geoff jeff; georg: jorg jurgen schorsch; george georgina georgia: georgie dod;
    gerald gerard: gerry jerry; gerard: gerrit; gertrude: trudy gertie; gillian: jill; giovanni:
    gianni vanni nanni; giuseppe: beppe peppe pino peppino; graham: gray; grigory: grisha;
    guadalupe: lupe; guillermo mehmet: memo; gurpreet: gary; gustavo: guga; gwendolen
    gwendoline: gwen wendy; hamish seamus james: jim jimmy; hannah: nan; harold henry harry: hal
    harry hank; harriet henrietta: hattie hetty hettie etta; hector: ettore; heinrich: heinz
    heiner hinnerk; helena: lenka; hendrik: henk rik; henrietta: ettie; hieronymus: jeroen;
    hugh: shug; hywel: howell; ignacio: nacho; imelda: mel; irene: renee rene; isaac: zac ike
    zak; isabel isabella isobel: izzy bella ibby belle; isabella isabel: tib tibby ib; istvan
    stefan: pista; ivan: vanya; jacob: jake coby; jacqueline: jackie jacqui; jakub: kuba jeppe;
    james: jamie jake jim jimmy jem seamus hamish; jan: honza; jaroslaw: jarek; jasvinder: jazz;
    jeremiah jeremy: jerry jez jem; jeremy: jem; jerzy: jurek; jessica: jess jessie; jesus: chuy
    chus suso; joachim: jochen achim; joan joanne joanna: jo joey jody; joanna: asia; joao:
    joca; joaquin: quino ximo; jocelyn: joss; johanna: hanne hanni; johannes: hans jan juha
    jukka jens joop; john: jack ian sean iain johnny jon jean johan jan ivan juan evan jock;
    jonathan: jon jonny nathan johnny; jose: pepe ze zeca chema; josef: sepp pepa jupp; joseph:
    joe joey pepe beppe jos; josephine: jo josie fifi posy joe; joshua: josh; juan: juanito;
    judith: judy jude; julia juliet julian: jules; karl: kalle; katarina katerina katharina:
    kata katka trine kari karin; katarzyna: kasia; kathleen: kate kath cathy; kenneth: ken
    kenny; kerry: kez; konrad: kurt; konstantin: kostya; konstantinos: kostas dinos; krzysztof:
    krzys kris; kwabena: kobby; kwame: nana; lancelot: lance; lars: lasse; laszlo: laci; laura
    lauren laurence lawrence: laurie lori larry loz ren; lech: leszek; leonard leonardo leopold
    leo: len lenny leo; leopold: poldi; letitia: letty tish; lillian: lil lily; linda: lindy
    lyn; llewellyn: lyn; louis louise louisa: lou lula lulu louie; lucy lucille lucinda lucia:
    lulu lu cindy; ludmila lyudmila: luda mila lida; luis: lucho; lynette: lynn; madeleine
    madeline: maddie mads; magdalena: lena magda; magdalene: lena; magnus: mans; maksim: max;
    malcolm: mal mac; malgorzata: gosia; mandeep: mandy; manuel: manolo lolo nelo; margaret:
    maggie meg peggy mae may madge daisy greta rita margot mags peg marge margie maisie peigi;
    margarete margarita: grete gretel rita greta; maria: masha mia; maria marie: ria mieke maite
    malu meike maike mies maija; marjorie: marge; martha: marty mattie patty pattie; martin:
    marty; mary: molly polly may mae mamie minnie moll mollie mair moira; matilda: tilly mattie
    tilda maud; mats: masse; matthew: matt matty; matthias: matze; maureen: mo; maximilian
    maxwell: max; melanie: mel; melissa: mel lissa missy; michael: mick mike mikey mitch misha;
    michelle: shell chelle; mikael: micke; mikhail: misha; miriam: mimi mitzi; miroslaw: mirek;
    mohammed muhammad mohamed mohammad: mo muhammed mohd muhd md; montague: monty; moses: moe;
    natalia: natasha; natalia natalie: natasha nat tasha talia; nathaniel nathan: nat nate;
    nicholas: colin; nicholas nicola: nick nicky nico klaus nikki cole; nicolaas nikolaus: klaas
    niek; nikolai: kolya; nikolaos: nikos nicos; nils: nisse; oleksandr: sashko; oliver: ollie
    noll; olivia: liv livvy ollie; oluwaseun: olu seun; osborne: oz; oswald: oz ozzie; pamela:
    pammy; panagiotis: panos takis; patricia: pat patty trish tricia trixie tish; patrick: paddy
    pat patsy; paulina pauline: polly; pavel: pasha; pedro: perico; penelope: penny nell;
    persephone: percy; peter: pete piers pedro; petros: petri; philip: phil pip flip; philippa:
    pip pippa; phyllis: phil phyl; priscilla: cilla prissy; prudence: pru; pyotr: petya; rachel:
    rach rae shelly; radoslaw: radek; raffaella: lella; rajendran: rajan; rajkumar: raju; ralph:
    rafe; ramon: moncho; raphael: rafe raf rafa; raymond: ray; rebecca: becky bex becca becs;
    reginald: reg reggie rex; reuben: ruby rube; richard: dick rick rich dickie dickon; robert
    roberta: bob bobby rob robby robin bobbie; roderick: rod rory; roger: rodge hodge; rosalind
    rosamund rosemary: roz ros rosie rose romy; rosario: charo; roxanne roxane roxana: roxy
    roxie; rudolph: rudy dolph; rupert: rob; ryszard: rysiek; salvatore: turi tore rino;
    samantha samuel samson: sam sammy sammie; santiago: chago diego; sarah: sally sadie sal
    zara; sean: shaun shawn; sebastian: seb bastian baz; sergei: seryozha; sergei sergey: serhii
    serhiy; sharon: shaz shaza; siegfried: siggy; siobhan: shiv shivaun chevonne; sofia: sonya;
    sophia sofia: sophie fifi; stanislaw: stan stas staszek; stanislawa: stasia; stephanie:
    steff stef stevie steph fanny; stephen steven: steve stevie; subramanian: subbu; susan
    susannah suzanne: sue susie suki zanna sukie; suzanna suzannah: zan; svetlana: sveta lana;
    tasneem tariq: taz; tatiana: tanya; tatiana tatyana: tania tanya; terence: terry tel; teresa
    theresa: tess tessa terry tracy tere; thaddeus: thady tad thad; theodora theodore: theo ted
    dora teddy; theodore: tod; thomas: tom tommy tam tommo; thomasina: tom; timothy: tim timmy;
    tobias: toby; tyrone tyler tyson: ty; ulrich: udo uwe uli; ursula: ulla uschi; urszula: ula;
    valentina: valya; valentine valerie: val; vanessa: ness nessie; vasily: vasya; veronica:
    ronnie vera nica; victor victoria: vic vicky tori toria viv; vikram: vicky; viktor: vitya;
    vilhelm: ville; vincent: vin vince vinny; virginia: ginny ginger; vittorio: vito; vivian
    vivienne: viv; vladimir: vova volodya vlad; vladislav vyacheslav yaroslav: slava; vsevolod:
    seva; walter: wally walt wat; wilfred: wilf fred; wilhelm: willi willy; wilhelmina: mina
    minnie billie elma; william: bill will liam billy guillermo gwilym wim willy; winifred:
    winnie freda fred; witold: witek; yasmin: yaz; yevgeny evgeny: zhenya; zachariah zachary:
    zac zack zach; zainab: zee; zbigniew: zbyszek; zinaida: zena; zofia: zosia; zuzanna: zuzia
"""
