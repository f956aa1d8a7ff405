"""First names with the gender they usually tell: for pronouns, never shown to anyone."""

from quotestance.article.roles import FEMALE, MALE

_MALE = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew
anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason
jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel
gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose henry adam douglas nathan
peter zachary kyle walter ethan jeremy harold keith christian roger noah gerald carl terry sean
austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel logan alan
juan wayne roy ralph randy eugene vincent russell louis philip bobby johnny bradley antony tony
boris keir rishi gordon nigel simon graham ian neil colin stuart martin oliver harry hugh ben jim
jake lloyd mike mitch chuck marco pete bernie jd ted rand lindsey kirk hakeem chris sam tom nick
dmitry dmitri dmytro dmitriy vladimir volodymyr sergei sergey serhiy serhii oleksandr aleksandr
alexandr oleksiy oleksii alexei aleksei alexey mikhail mykhailo mykola nikolai nikolay andriy andrii
andrei andrey ivan yuri yuriy yurii oleg oleh igor ihor viktor victor vitaly vitaliy vitalii valery
valeriy valerii pavel pavlo petro pyotr roman rustem ruslan stepan taras vadim vadym vasyl vasily
yevgeny evgeny yevhen konstantin kostiantyn maksim maxim maksym denis denys kyrylo kirill anton
artem artyom bohdan bogdan hryhoriy grigory leonid lev gennady ilya illia nikita mykyta rodion
sasha fedor fyodor timofey arseniy arsen danylo yaroslav vyacheslav viacheslav vladislav stanislav
jens mark mateusz andrzej donald jaroslaw jarosław radoslaw radosław wladyslaw władysław jacek
marcin tomasz piotr pawel paweł krzysztof lech jan janusz zbigniew marek witold wojciech adam jerzy
olaf friedrich frank-walter boris wolfgang heiko jürgen juergen jurgen hans karl klaus dieter uwe
ulrich matthias thorsten stefan steffen lars sven bjorn björn ulf pål pal jonas magnus erik henrik
mette-marit anders sauli alexander petteri pekka antti juha matti esa mikko jussi kari timo
emmanuel jean pierre françois francois nicolas sebastien sébastien bruno laurent gerard gérard luc
michel philippe jacques yves thierry antoine marc alain olivier guillaume stephane stéphane
viktor peter péter zoltan zoltán laszlo lászló istvan istván gabor gábor tamas tamás robert
giorgio giuseppe matteo mario antonio guido luca sergio silvio roberto carlo paolo francesco
pedro josep jose josé carlos javier luis miguel juan felipe fernando alberto pablo diego jorge
rafael manuel ricardo joao joão antonio antónio paulo lula luiz gustavo nicolas nicolás andres
andrés
recep mevlut mevlüt hakan hulusi ahmet mehmet mustafa kemal ali hassan hussein mohammed muhammad
mohamed ahmad ahmed omar ibrahim yusuf khalid abdullah salman benjamin yoav benny isaac naftali
gitanas egils edgars arturs artis krisjanis krišjānis alar urmas kaspars andris valdis linas
klaus nicolae marcel bogdan rumen kiril boyko aleksandar alexandar milorad ivica zoran andrej
janez borut kyriakos alexis nikos giorgos andreas nikol ilham levan irakli bidzina emomali
xi wang li hun narendra subrahmanyam fumio shinzo yoshihide anwar joko antonio
grant rob dominic liam malcolm duncan alistair callum ewan gareth rhys declan conor
tim wes kurt dan doug drew eli evan finn fred geoff glen greg hal ike ira ivo jeb jeff jon
josh karim ken kofi kwame lee leo len luke max miles milo mitt ned niall ole omar otto owen
pavlo phil ray reed reid rex rick rod ron ross saul seth sid stan stewart sultan tariq theo
todd trent troy vince will zach karol aleksander mihai ion traian vasile zdravko milan petr
miroslav robert eduard jaroslav karel vaclav václav tomas tomáš tomás jakub ondrej dusan dušan
radu sorin ion lothar hugh curtis everett gleb piet artur falk andris owen roelof
alec jochen egon danylo bilal rupert alastair cedric edmund gustav leif magnus nils rasmus soren
søren egil torsten ulf kaarel taavi jaak tomas mihkel zsolt gyula attila csaba lech wiktor bartosz
luuk pieter matthijs hendrik joost wouter geert sander bram dirk jaap
"""
_FEMALE = """
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret
sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca
sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha
katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce
virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline
martha gloria teresa ann sara madison frances kathryn janice jean abigail alice julia judy sophia
grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte
marie kayla alexis lori kamala nikki hillary nancy karine jill liz tulsi pam kristi susie karoline
theresa liz penny rachel yvette angela annalena ursula christine nadine saskia sahra marine segolene
ségolène elisabeth élisabeth catherine florence valerie valérie brigitte giorgia elly laura roberta
mette magdalena ebba sanna elina marin anniken erna ine kaja kersti evika ingrida ingrid ruta
olga olha oksana olena elena yelena iryna irina natalia nataliya natalya nadia nadiya nadezhda
tatiana tetiana tetyana svetlana svitlana lyudmila liudmyla lyudmyla ludmila yulia yuliya julia
yuliia kateryna ekaterina yekaterina kristina halyna galina hanna anastasia anastasiia daria darya
dariia viktoria viktoriia valentina larisa larysa vira vera zoya ksenia kseniia alina alla inna
marina maryna margarita margaryta maria mariya mariia sofia sofiia polina lesia lesya solomiia
yevheniia evgenia ewa anna agnieszka malgorzata małgorzata katarzyna joanna beata zuzana maia
salome nino eka ekaterine mariam lela tina vjosa natasa nataša jadranka kolinda ana ivana jelena
marija vesna zorica dubravka penelope dora sofia katerina eleni maria carmen isabel ana yolanda
margarita pilar teresa nadia ines inês marta lucia lucía cristina claudia dilma michelle jacinda
penny marise julie tanya sviatlana svetlana aung priyanka indira sushma nirmala tzipi golda ayelet
leila layla fatima aisha amina zainab huda rania noor meryem emine elif ayse ayşe
fiona siobhan aoife niamh eilidh catriona morag nicola ruth jo amber priti suella kemi lucy beth
kate katie kathy ellie ella zoe chloe sophie louise claire clare jane joanne tracy gillian hilary
philippa rosie rose lily daisy freya ingeborg astrid birgit gudrun heike silke anke sabine
petra monika renate ute marit liv solveig kirsten karin annika linnea greta
lidia lesia yaryna oonagh bernadette asta dovile miriam samira karin birgitta opal delia inha
kirsten olena imogen
ulrike bridie halyna philippa dolly marta greta solene solène elsbeth judith milena rasa dana
ines astrid saoirse niamh roisin maeve brenda bettina carlotta chiara federica francesca ilaria
helle sigrid solvej signe kirsi paivi päivi riikka tarja katri tytti hille kristina zdenka
"""
_BOTH = frozenset(_MALE.split()) & frozenset(_FEMALE.split())
"""A Jean or an Alexis may be either: the pronoun tells."""
FIRST_NAMES: dict[str, str | None] = {
    **dict.fromkeys(_MALE.split(), MALE),
    **dict.fromkeys(_FEMALE.split(), FEMALE),
    **dict.fromkeys(_BOTH),
}
_MALE_IN_A = frozenset("luka nikola kuba garba noda toma".split())


def gender_of(name: list[str]) -> str | None:
    """Return the gender that a person's name (first name first) tells, or None."""
    first = name[0].lower()
    if first in FIRST_NAMES:
        return FIRST_NAMES[first]
    last = name[-1].lower()
    if len(name) > 1 and last.endswith(("ova", "eva", "skaya", "ska", "ská", "ová", "aite")):
        return FEMALE
    if len(name) > 1 and last.endswith(("skyi", "skiy", "sky", "ski", "vych", "ovich")):
        return MALE
    if first.endswith("a") and len(first) > 3 and first not in _MALE_IN_A:
        return FEMALE
    return None
