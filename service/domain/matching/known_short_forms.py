"""Short forms that neither the `nicknames` library nor the likeness of words explains."""

# A name or several, a colon, and what their bearers go by.
KNOWN = """
    abimbola: bimbo; abraham: bram; adeline adele: della; adrian: ade; agnes: nancy nessie; albert
    alberto roberto humberto: beto; aleksandra: ola; aleksei alexei alexey: lyosha alyosha;
    alexander: lex xan eck alick; alexander aleksander aleksandr: sasha olek; alexander alexandra:
    sasha xander alec shura sander lexi; alfred: freddie; alasdair: ali; amelia: mia; amelia emilia:
    millie mimi emmy; anastasia: nastya asya; anatoly: tolya tolik; andreas: drea; andreas: antti
    dries; andrzej: jedrek; aneurin: nye; angela: lina; angus: gus; anne: nancy; anthony antonio:
    toni tonio nino; antoinette: toni nettie; anton: toni; antonia: toni; antonin: tonda; antonio:
    tonino toto tonho tono; antonius: ton teun; archibald: baldie; athanasios: thanos sakis;
    augustus augustine: gussie; barbara: basia; beatrix: trixie; beatriz: bia; bernadette: detta;
    albert robert herbert hubert: bertie; caroline carolina: lina callie; catherine katherine
    kathryn: kit kitty kate katie kat cat cath cathy kathleen caitlin cate; catriona: trina; cecilia
    cecily: cece cis cissie sissy celia sis; cheryl: sheri; christina christine: kirsty;
    christopher: kris; christos: takis; ciara: keira kiera; claudia: cacau; concetta: tina;
    consuelo: chelo; cornelia: connie conny nele; cornelis cornelius: kees con neil; derek: del;
    diana: dee; dmitri dmitry: dima mitya; dolores: lola lolita lolo; domenico: mimmo; dominic:
    nick; dorothea: dolly dot; dorothy: dodo; douglas: duggie; edmund: neddy; edmund edwin: ted
    teddy; eduardo: lalo dudu duda; ekaterina: katya; eleanor elinor helen ellen helena: nell nellie
    nora lena ella elle ellie; elisabeth elizabeth: ilse sissi betje lisl liesbeth bettina buffy;
    elizabeth elisabeth: betsy bess bessie libby lizzie liz eliza elsie elspeth lisa lise liesl
    betty lilibet elle; emanuele emmanuel manuel: manny lele manolis; enrique: quique kike; eoghan
    eoin: owen ewan; esther hester: hettie essie hetty; eugenie: gene; evan: ifan ieuan; evgenia
    evgeniya yevgenia yevgeniya: zhenya; felicity: fliss; ferdinand fernando: ferdy nando ferdie;
    filippo: pippo; florence: flossie; frances francesca: frankie fanny cesca; francesco: ciccio
    checco; francisca: paqui paquita; francisco: paco pancho curro chico xico kiko; frederica: rick;
    frederick frederik friedrich: fritz frits rik fiete; fyodor: fedya; gabrielle: gabe; genevieve:
    ginnie ginny viv; georg: jorg jurgen schorsch; george georgina georgia: dod; gerard: jerry;
    gerard: gerrit; gillian: jill; giovanni: nanni; giuseppe: beppe peppe pino peppino; guillermo:
    memo; gurpreet: gary; gustavo: guga; gwendolen gwendoline: wendy; hamish seamus: jim jimmy;
    harold harry: hal hank; harriet henrietta: hattie hetty hettie etta; hector: ettore; heinrich:
    heiner hinnerk; helena: lenka; hendrik: henk rik; henrietta: ettie; hieronymus: jeroen; hugh:
    shug; ignacio: nacho; imelda: mel; irene: renee; isaac: zac zak; isabel isabella isobel: izzy
    bella ibby belle; isabella isabel: tib tibby; istvan stefan: pista; ivan: vanya; jacob: coby;
    jakub: kuba jeppe; james: seamus hamish; jan: honza; jeremiah jeremy: jem; jerzy: jurek; jesus:
    chuy chus suso; joan joanne: jody; joanna: asia; joao: joca; joaquin: quino ximo; jocelyn: joss;
    johanna: hanne hanni; johannes: hans jan juha jukka jens joop; john: sean iain evan; jonathan:
    johnny; jose: pepe ze zeca chema; josef: sepp pepa jupp; joseph: pepe beppe; josephine: fifi
    posy joe; karl: kalle; katarina katerina katharina: trine kari karin; katarzyna: kasia;
    kathleen: kate; konrad: kurt; konstantin: kostya; konstantinos: kostas dinos; krzysztof: kris;
    kwabena: kobby; kwame: nana; lars: lasse; laszlo: laci; laura lauren laurence lawrence: laurie
    lori larry loz ren; lech: leszek; leonardo leopold: len lenny; leopold: poldi; linda: lyn;
    llewellyn: lyn; louis louise louisa: lula lulu; lucy lucille lucinda lucia: lulu cindy; ludmila
    lyudmila: luda lida; luis: lucho; magdalene: lena; maksim: max; malgorzata: gosia; manuel:
    manolo lolo nelo; margaret: mae greta margot mags maisie peigi; margarete margarita: grete
    gretel rita greta; maria: mia; maria marie: ria mieke maite malu meike maike mies maija;
    marjorie: marge; martha: pattie; mary: minnie moll mollie mair; mats: masse; matthias: matze;
    maureen: mo; michael: mitch; michelle: shell; mikael: micke; mohammed muhammad mohamed mohammad:
    mo mohd muhd md; moses: moe; natalia natalie: tasha talia; nicholas: colin; nicholas nicola:
    nick nicky klaus nikki cole; nicolaas nikolaus: klaas; nikolai: kolya; nikolaos: nicos; nils:
    nisse; oleksandr: sashko; oliver: noll; olivia: liv livvy; osborne: oz; oswald: oz ozzie;
    panagiotis: panos takis; patricia: trixie tish; pedro: perico; penelope: nell; persephone:
    percy; peter: piers pedro; philip: flip; philippa: pip pippa; phyllis: phil; pyotr: petya;
    rachel: rae; raffaella: lella; rajendran: rajan; rajkumar: raju; ralph: rafe; ramon: moncho;
    raphael: rafe raf; rebecca: bex becs; reginald: rex; reuben: ruby; robert roberta: bob bobby
    robin bobbie; roderick: rory; roger: rodge; rosalind rosamund rosemary: rose romy; rosario:
    charo; rupert: rob; ryszard: rysiek; salvatore: turi rino; santiago: chago diego; sarah: sal;
    sean: shaun shawn; sebastian: baz; sergei: seryozha; sergei sergey: serhii serhiy; sharon:
    shaza; siegfried: siggy; siobhan: shiv shivaun chevonne; sofia: sonya; sophia sofia: fifi;
    stanislaw: staszek; stanislawa: stasia; stephanie: stef fanny; stephen: stevie; subramanian:
    subbu; susan susannah suzanne: suki zanna sukie; suzanna suzannah: zan; tatiana: tanya; tatiana
    tatyana: tania tanya; terence: tel; teresa theresa: tracy tere; thaddeus: tad; theodora
    theodore: ted dora teddy; theodore: tod; thomas: tam tommo; thomasina: tom; ulrich: udo uwe uli;
    ursula: ulla uschi; urszula: ula; vanessa: ness nessie; victor victoria: vicky tori toria viv;
    vikram: vicky; viktor: vitya; vilhelm: ville; vittorio: vito; vladimir: vova volodya; vladislav
    vyacheslav yaroslav: slava; vsevolod: seva; walter: wat; wilhelmina: billie elma; william:
    guillermo gwilym wim; winifred: freda; yevgeny evgeny: zhenya; zainab: zee; zbigniew: zbyszek;
    zinaida: zena; zuzanna: zuzia
"""
