"""The entities of an article, and the words by which roles are compared."""

from dataclasses import dataclass, field

from quotestance.article.mentions import Sort, bare
from quotestance.article.roles import GENDERED

_SAME = {
    "spokesperson": "spokesman", "spokeswoman": "spokesman", "head": "chief", "chair": "chairman",
    "chairwoman": "chairman", "chairperson": "chairman", "leader": "chief", "boss": "chief",
    "premier": "minister", "envoy": "ambassador", "lawmaker": "mp", "legislator": "mp",
    "congressman": "mp", "congresswoman": "mp", "senator": "mp", "sen": "mp", "rep": "mp",
    "parliamentarian": "mp", "deputy": "mp", "politician": "mp", "gen": "general",
    "col": "colonel", "capt": "captain", "lt": "lieutenant", "gov": "governor",
    "professor": "prof", "researcher": "prof", "scientist": "prof", "academic": "prof",
    "analyst": "expert", "scholar": "expert", "director": "chief", "commander": "commander",
    "secretary-general": "general", "adviser": "advisor",
    "diplomat": "diplomat", "attorney": "lawyer",
    "kremlin": "russian", "russia": "russian", "moscow": "russian", "ukraine": "ukrainian",
    "kyiv": "ukrainian", "kiev": "ukrainian", "alliance": "nato", "u.s": "american",
    "defense": "defence", "policeman": "officer", "policewoman": "officer",
    "poland": "polish", "germany": "german", "france": "french", "britain": "british",
    "hungary": "hungarian", "finland": "finnish", "turkey": "turkish", "estonia": "estonian",
    "latvia": "latvian", "lithuania": "lithuanian", "italy": "italian", "spain": "spanish",
    "netherlands": "dutch", "sweden": "swedish", "norway": "norwegian", "denmark": "danish",
    "slovakia": "slovak", "romania": "romanian", "georgia": "georgian", "moldova": "moldovan",
    "china": "chinese", "belarus": "belarusian", "america": "american",
}  # fmt: skip
RELATED = {
    "diplomat": ("minister", "secretary", "ambassador", "chief", "spokesman"),
    "chief": ("general", "secretary", "minister", "president", "commander"),
    "official": ("spokesman", "secretary", "chief", "minister", "advisor", "ambassador"),
    "mp": ("president", "minister", "chief"),
    "expert": ("prof", "fellow", "chief"),
    "soldier": ("captain", "private", "sergeant", "lieutenant", "veteran", "commander"),
    "officer": ("captain", "colonel", "major", "lieutenant", "general", "commander"),
    "man": (), "woman": (),
}  # fmt: skip


@dataclass(slots=True)
class Entity:
    """A possible speaker: a person by full name, or an institution or group by its phrase."""

    name: str
    sort: Sort
    words: tuple[str, ...]
    role: str | None = None
    gender: str | None = None
    strong: bool = False
    seen: int = -1
    """Where it was last mentioned, with its bonus; -1 before that."""
    role_words: set[str] = field(default_factory=set)

    def learn(self, role: str | None, *, gender: str | None = None) -> None:
        """Take in a role and what it tells of the gender."""
        if role:
            self.role = self.role or role
            words = [bare(word.lower().rstrip(".,")) for word in role.split()]
            if "press" in words and "secretary" in words:
                self.role_words.add("spokesman")
            self.role_words.update(canonical(word) for word in words)
            gender = gender or next((GENDERED[w] for w in words if w in GENDERED), None)
        self.gender = self.gender or gender


def canonical(word: str) -> str:
    """Return the word that stands for this one and its like: "head" is "chief"."""
    return _SAME.get(word, word)


PLACES = frozenset(
    "kremlin nato eu un u.s us ukrainian russian polish german french british american hungarian "
    "finnish turkish estonian latvian lithuanian italian spanish dutch swedish norwegian danish "
    "czech slovak romanian georgian moldovan chinese belarusian european".split()
)
"""Whose an office is."""

PROPER = PLACES | frozenset("white state foreign defense defence prime interior finance".split())

OFFICES = frozenset(
    """official source spokesman minister president chancellor general chief chairman commander
    ambassador diplomat mp governor mayor advisor expert prof secretary judge justice king queen
    pope bishop archbishop cardinal patriarch prosecutor lawyer premier commissioner senator
    colonel major admiral envoy negotiator prince princess delegate reporter journalist
    correspondent editor author writer soldier officer witness participant colleague
    defendant accused captain lieutenant sergeant""".split()
)
"""Roles that an article gives before it uses them: "the general" is nobody who was not one."""
