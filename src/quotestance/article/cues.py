"""Verbs that introduce speech, in all their forms."""

from enum import Enum

_SAY = """
say tell add note warn insist claim argue state declare announce write tweet post explain stress
emphasize emphasise reiterate acknowledge admit concede ask reply respond answer shout yell joke
quip continue conclude confirm deny allege assert contend maintain observe remark recall predict
suggest complain lament boast brag caution comment report reveal exclaim cry snap fume rage thunder
plead beg whisper mutter testify recount read repeat counter retort underline underscore highlight
opine proclaim profess repost message muse tease chant scream roar demand echo estimate forecast
clarify mention reckon elaborate sigh laugh grumble protest stipulate conclude specify signal
express relay affirm agree correct find show concede inform assure reassure advise hint imply
speculate interject assess
"""
_ACT = "urge call pledge vow promise accuse threaten appeal order beseech"
_JUDGE = """
describe brand denounce label dismiss hail praise slam condemn criticise criticize reject blame
blast
deride decry characterise characterize welcome applaud deplore ridicule mock portray cite bemoan
tout lambast lambaste voice invoke term liken compare defend attack outline propose believe think
hope fear feel regard view want consider cast refer deem speak
smile shrug grin chuckle beam scoff grimace growl hiss sneer sob
"""
_IRREGULAR = {
    "find": "found finds finding",
    "show": "showed shows showing shown",
    "say": "said says saying say",
    "tell": "told tells telling tell",
    "write": "wrote writes writing written write",
    "read": "read reads reading",
    "cast": "cast casts casting",
    "think": "thought thinks thinking think",
    "feel": "felt feels feeling feel",
    "speak": "spoke speaks speaking speak",
    "beseech": "besought beseeches beseeching beseech",
}
_DOUBLED = frozenset("admit snap quip brag beg refer grin shrug sob".split())


class Cue(Enum):
    """What a cue verb can govern."""

    SAY = "say"
    """A that-clause, a bare clause, or quoted words."""
    ACT = "act"
    """An infinitive or a noun phrase that says what the speaker wants or does by speaking."""
    JUDGE = "judge"
    """Quoted words only; without them it is no clear report of speech."""


def _forms(verb: str) -> list[str]:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb].split()
    if verb in _DOUBLED:
        return [verb, f"{verb}s", f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"]
    if verb.endswith("e"):
        return [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    plural = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
    return [verb, plural, f"{verb}ed", f"{verb}ing"]


CUES: dict[str, Cue] = {
    form: kind
    for kind, verbs in ((Cue.JUDGE, _JUDGE), (Cue.ACT, _ACT), (Cue.SAY, _SAY))
    for verb in verbs.split()
    for form in _forms(verb)
}

NOUNS_TOO = frozenset(
    """states claims reports calls notes comments posts demands charges answers report comment post
    state claim call note demand answer promise promises pledge pledges vow vows offer offers order
    orders view views fear fears hope hopes attack attacks signal signals message messages reply
    tweet tweets praise blame cry cries joke jokes appeal appeals estimate estimates forecast label
    concern speaking read protest protests invite mention brand term terms cast counter voice laugh
    found finds finding showed shows showing shown blast echo defends outline continue
    continues continued continuing counter correct corrects corrected correcting""".split()
)
"""Forms that are nouns as often as verbs: they count only right before a clause or a mark."""

# Said of the words of a third person: the subject of "heard" is not the speaker.
NOT_SPEECH = frozenset("heard hear hears know knows knew known".split())

BARE_CLAUSE = frozenset(
    form
    for verb in """say add note warn insist claim argue state declare announce stress explain admit
    acknowledge concede confirm allege assert maintain predict suggest reiterate write tweet
    estimate reveal assess""".split()
    for form in _forms(verb)
)
"""Forms after which "that" may be left out."""

TO_HEARER = frozenset("told tells tell telling informed assured reassured advised reminded".split())
"""Forms that name the hearer before the clause."""
INFINITIVE = frozenset(
    form
    for verb in "urge call pledge vow promise threaten appeal demand order beg plead".split()
    for form in _forms(verb)
) | {"asked", "asks", "told", "warned"}
"""Forms whose wish stands in an infinitive: "urged members to continue"."""
