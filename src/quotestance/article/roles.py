"""Words that tell a person's office, a group of people, or an institution."""

MALE, FEMALE = "male", "female"

TITLES: dict[str, str | None] = {
    "mr": MALE, "mrs": FEMALE, "ms": FEMALE, "miss": FEMALE, "sir": MALE, "lord": MALE,
    "lady": FEMALE, "dame": FEMALE, "king": MALE, "queen": FEMALE, "prince": MALE,
    "princess": FEMALE, "mx": None, "dr": None, "prof": None, "gen": None, "lt": None, "col": None,
    "maj": None, "capt": None, "sgt": None, "cpl": None, "adm": None, "brig": None, "cmdr": None,
    "sen": None, "rep": None, "gov": None, "rev": None, "hon": None, "pres": None, "amb": None,
    "sens": None, "reps": None, "pvt": None, "pfc": None, "det": None, "supt": None, "msgr": None,
    "fr": MALE, "monsieur": MALE, "madame": FEMALE, "herr": MALE, "frau": FEMALE,
    "imam": MALE, "rabbi": None, "pope": MALE, "sheikh": MALE, "baroness": FEMALE, "baron": MALE,
    "mme": FEMALE, "mlle": FEMALE, "duke": MALE, "duchess": FEMALE, "earl": MALE,
    "countess": FEMALE,
    "con": None, "insp": None, "const": None, "pc": None, "wpc": None, "dci": None, "spc": None,
    "pte": None, "lcpl": None, "ssgt": None, "cpt": None, "cdr": None, "vadm": None, "radm": None,
}  # fmt: skip
"""Titles in front of a name, lower case without the full stop, and the gender they tell."""

GENDERED: dict[str, str] = {
    **dict.fromkeys(
        """spokesman chairman congressman businessman serviceman frontman father husband son
        brother man boy policeman fireman councilman alderman actor monk priest grandfather uncle
        fisherman anchorman salesman trawlerman crewman dad grandad grandpa widower nephew boyfriend
        postman barman watchman headmaster bloke lad""".split(),
        MALE,
    ),
    **dict.fromkeys(
        """spokeswoman chairwoman congresswoman businesswoman servicewoman mother wife daughter
        sister woman girl policewoman councilwoman actress nun grandmother aunt widow
        anchorwoman mum mom grandma granny niece girlfriend waitress headmistress midwife seamstress
        barmaid""".split(),
        FEMALE,
    ),
}

PERSON_ROLES = frozenset(
    """spokesman spokeswoman spokesperson minister premier president chancellor chief leader
    secretary general chairman chairwoman chair chairperson head director commander commissioner
    ambassador envoy diplomat official officer lawmaker legislator senator congressman congresswoman
    representative mp deputy governor mayor councillor councilman councilwoman adviser advisor aide
    analyst expert professor researcher scientist historian economist lecturer scholar fellow author
    writer journalist reporter correspondent editor columnist broadcaster host blogger commentator
    soldier colonel major captain lieutenant sergeant corporal admiral marshal brigadier private
    veteran pilot medic doctor nurse surgeon teacher student farmer driver worker engineer manager
    executive founder owner entrepreneur banker trader investor strategist pollster campaigner
    activist protester demonstrator volunteer organiser organizer resident villager pensioner
    grandmother grandfather mother father wife husband son daughter brother sister widow woman man
    girl boy lawyer attorney prosecutor judge justice policeman policewoman detective sheriff priest
    bishop archbishop cardinal pope patriarch rabbi imam monk king queen prince princess actor
    actress singer musician artist director coach player captain striker goalkeeper athlete
    champion referee candidate nominee speaker whip coordinator negotiator mediator inspector
    rapporteur superintendent constable ombudsman chaplain dean principal rector treasurer
    comptroller architect designer developer programmer hacker insider source negotiators
    vice-president co-founder ceo cfo coo cto undersecretary under-secretary secretary-general
    taoiseach sultan emir sheikh ayatollah neighbour neighbor witness survivor refugee evacuee
    shopkeeper baker butcher carpenter plumber fisherman sailor miner electrician
    partner opponent critic ally rival boss supremo strongman dictator magnate oligarch billionaire
    tycoon filmmaker novelist poet playwright biologist chemist physicist psychologist sociologist
    politician statesman parliamentarian congressperson backbencher secretary attache consul
    participant attendee passenger tourist pedestrian customer patient victim hostage prisoner
    detainee inmate firefighter rescuer paramedic guard ranger trucker lecturer instructor trainer
    operator gunner infantryman conscript recruit cadet fighter serviceman servicewoman user
    respondent
    delegate pm fm colleague counterpart comrade friend caller mep msp cllr technician accused
    defendant parishioner mom dad
    commissioner-designate whistleblower signatory negotiator chef farmer banker publicist
    businessman businesswoman industrialist consultant specialist
    interpreter translator librarian curator critic theologian philosopher demographer
    geologist meteorologist astronomer economist accountant auditor commodore bombardier sapper
    midshipman airman trawlerman skipper crewman helmsman deckhand barrister solicitor magistrate
    juror plaintiff claimant jurist teenager toddler pundit mouthpiece bookseller publisher printer
    beekeeper welder machinist postman postwoman barman barmaid caretaker cleaner waiter waitress
    watchman watchmaker gardener locksmith seamstress shepherd choirmaster headteacher headmaster
    headmistress vicar reverend deacon clerk quartermaster hotelier retiree widower orphan
    midfielder winger sprinter skier biathlete boxer wrestler swimmer cyclist
    granny grandad grandma grandpa mum dads cousin nephew niece girlfriend boyfriend
    roommate classmate teammate photographer cameraman producer podcaster vlogger influencer
    streamer archivist archaeologist linguist oceanographer statistician mathematician
    epidemiologist virologist pharmacist dentist psychiatrist therapist midwife carer trustee
    convener convenor arbitrator signalman blacksmith brewer vintner grocer
    greengrocer hairdresser courier postmaster stationmaster lifeguard sec
    harbourmaster harbormaster bailiff undertaker taxidermist forester""".split()
)

PORTFOLIO = frozenset(
    """state defense defence affairs foreign staff energy interior treasury finance commerce prime
    vice deputy acting former interim permanent security justice education health transport
    agriculture economy environment labour labor home first lady chief joint attorney general high
    special national senior opposition majority minority house press executive managing supreme
    lead top deputy assistant associate retired ex-president under crown grand emeritus
    intelligence military political policy""".split()
)
"""Words that belong to a title rather than to a name when they stand before the name."""

POSTNOMINALS = frozenset("kc qc sc mp mep msp td mbe obe cbe kbe phd md frs esq retd ret".split())
"""Letters after a name that are no part of it."""

GROUPS = frozenset(
    """officials sources allies ministers lawmakers leaders diplomats analysts experts members
    countries nations governments critics supporters protesters demonstrators residents witnesses
    authorities prosecutors investigators police troops soldiers forces generals commanders people
    some many others activists volunteers researchers scientists economists aides advisers advisors
    negotiators envoys ambassadors republicans democrats conservatives liberals socialists senators
    rebels separatists militants lawyers doctors parents families relatives colleagues participants
    organisers organizers opponents observers states partners members reporters journalists voters
    workers employees unions firms companies markets investors traders bankers airlines farmers
    students teachers villagers refugees survivors veterans servicemen neighbours neighbors
    locals spokespeople presidents two three four five six several few most both councillors
    mayors governors judges bishops historians""".split()
)

BODIES = frozenset(
    """ministry department commission council parliament congress senate house kremlin government
    army navy airforce agency service bureau office committee party union bank university institute
    foundation group company corporation corp inc center centre court police embassy consulate
    assembly organization organisation alliance association federation pentagon administration
    cabinet duma rada bundestag bundesrat sejm knesset times post journal network fund board
    authority directorate headquarters church club press guard corps society watch international
    statement communique communiqué declaration report document letter memo resolution article
    newspaper magazine website outlet broadcaster channel station paper survey poll study bloc
    coalition presidency palace chancellery secretariat tribunal military command brigade battalion
    regiment fleet junta regime opposition campaign team think-tank ngo charity firm industry
    lobby panel mission delegation staff spokesperson's side tweet post message transcript
    readout filing indictment lawsuit ruling verdict bill text treaty pact accord charter agreement
    invitation leaflet notice sign caption slogan editorial op-ed column book memoir
    force ltd plc gmbh llc daily gazette herald tribune guardian telegraph observer reuters
    interfax tass afp dpa ansa ukrinform unian bloomberg axios politico cnn bbc nbc cbs abc sky
    intelligence whitehall downing capitol élysée elysee institution ombudsman's""".split()
)
"""Heads of names and phrases that stand for an institution or a document."""

DOCUMENTS = frozenset(
    """statement communique communiqué declaration report document letter memo resolution article
    tweet post message transcript readout filing indictment ruling verdict text editorial survey
    study""".split()
)

_PLACES = """
afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahrain
bangladesh belarus belgium bolivia bosnia botswana brazil britain bulgaria burma cambodia cameroon
canada chad chile china colombia congo croatia cuba cyprus czechia denmark ecuador egypt england
eritrea estonia ethiopia finland france gabon gambia georgia germany ghana greece greenland
guatemala guinea haiti honduras hungary iceland india indonesia iran iraq ireland israel italy
jamaica japan jordan kazakhstan kenya kosovo kuwait kyrgyzstan laos latvia lebanon liberia libya
liechtenstein lithuania luxembourg macedonia madagascar malawi malaysia mali malta mauritania mexico
moldova monaco mongolia montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua
niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal qatar
romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan
sweden switzerland syria taiwan tajikistan tanzania thailand togo tunisia turkey türkiye turkiye
turkmenistan uganda ukraine uruguay uzbekistan vatican venezuela vietnam wales yemen zambia zimbabwe
moscow kyiv kiev washington brussels berlin paris london warsaw helsinki stockholm oslo copenhagen
vilnius riga tallinn minsk budapest bratislava prague vienna bern rome madrid lisbon athens ankara
istanbul bucharest sofia belgrade zagreb sarajevo tirana skopje chisinau tbilisi yerevan baku
beijing
tokyo seoul pyongyang delhi islamabad kabul tehran jerusalem cairo riyadh doha geneva strasbourg
hague crimea donbas donbass donetsk luhansk kharkiv odesa odessa lviv mariupol kherson zaporizhzhia
bakhmut kursk belgorod petersburg europe asia africa america americas west east north south baltic
balkans nato eu un u.s u.k usa uk us european united states kingdom nations emirates arab union
hamas hezbollah taliban wagner gazprom naftogaz ottawa canberra dublin reykjavik kremlin geneva
""".split()
PLACES = frozenset(_PLACES)

CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december feb mar apr jun jul aug sept sep oct
    nov dec mon tue tues wed thu thur thurs fri sat sun today yesterday tonight tomorrow christmas
    easter ramadan""".split()
)
