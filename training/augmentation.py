"""Augmentation of training statements: exchanged targets, other names, misspelt words."""

import random
import re
from dataclasses import replace

from quotestance.labels import STANCES, TARGETS
from training.corpus import UNKNOWN, Example

# Names that a statement can be about instead: (alliances, countries).
_ALLIANCES = (
    "the CSTO",
    "AUKUS",
    "the African Union",
    "ASEAN",
    "the Warsaw Pact",
    "the Arab League",
)
_COUNTRIES = ("Taiwan", "Georgia", "Moldova", "Armenia", "Sudan", "Israel", "Syria", "Finland")
_ENEMY = "Russia"
_ENEMY_WORDS = (
    "russia", "moscow", "kremlin", "putin", "aggressor", "occupier", "invader", "soviet",
)  # fmt: skip
_OTHERS = (
    "Japan", "the World Bank", "Brazil", "the United Nations", "Hamas", "India", "Greenland",
    "the Red Cross", "China", "Venezuela", "the Olympic Committee", "Mexico",
)  # fmt: skip
_ALLIANCE_WORDS = ("alliance", "allies", "bloc", "west", "atlantic", "brussels", "member")
_UKRAINE_WORDS = (
    "kyiv", "kiev", "zelensk", "donbas", "crimea", "kherson", "kharkiv", "odesa", "odessa",
    "maidan", "bandera", "mariupol", "donetsk", "luhansk", "lugansk", "banko", "neighbo",
)  # fmt: skip


def exchange(example: Example, chance: random.Random) -> Example:
    """Say the same of another alliance or country: its label goes along, the target is neutral.

    Only where the target is named and nothing else in the statement stands for it; else a target
    that the statement does not mention is added as neutral. This is what makes the target matter.
    """
    if example.targets != TARGETS:
        return example
    side, nato, ukraine = example.stances
    neutral = STANCES.index("neutral")
    low = example.text.lower()
    whole = UNKNOWN not in example.stances
    if whole and "NATO" in example.text and not any(w in low for w in _ALLIANCE_WORDS):
        name = chance.choice(_ALLIANCES)
        text = example.text.replace("NATO", name)
        # With NATO gone the joint label is Ukraine's own; where both had one it stays unknown.
        joint = ukraine if nato != neutral else side
        labels = (joint, neutral, ukraine, nato)
        return replace(example, text=text, targets=(*TARGETS, name), stances=labels)
    if whole and "Ukraine" in example.text and not any(w in low for w in _UKRAINE_WORDS):
        unopposed = not any(word in low for word in _ENEMY_WORDS)
        name = chance.choice((*_COUNTRIES, _ENEMY, _ENEMY) if unopposed else _COUNTRIES)
        text = example.text.replace("Ukrainians", f"people of {name}")
        text = text.replace("Ukrainian", name).replace("Ukraine", name)
        if unopposed:
            joint = nato if ukraine != neutral else side
            labels = (joint, nato, neutral, ukraine)
            if name == _ENEMY and ukraine != neutral:
                # To stand with one side of the war may, or may not, be to stand against the other.
                labels = (UNKNOWN, nato if nato == neutral else UNKNOWN, UNKNOWN, ukraine)
            return replace(example, text=text, targets=(*TARGETS, name), stances=labels)
    name = chance.choice(_OTHERS)
    if name.removeprefix("the ").lower() in low:
        return example
    return replace(example, targets=(*TARGETS, name), stances=(*example.stances, neutral))


# What NATO is called where its name is not said, and how often: none also means something else.
_ALIASES = ("the alliance",) * 4 + ("the Alliance", "the Atlantic alliance", "the bloc")
# Where NATO is a noun of its own; "every NATO base", "non-NATO" and "#NATO" take no article.
_NATO = re.compile(
    r"(?<![-#@\w])(?<!\b[Aa] )(?<!\b[Tt]he )NATO(?=$|'|’|[.,;:!?)\"”]|"
    r" (?:is|was|has|had|will|would|must|can|cannot|could|may|might|does|did|should|ought|"
    r"and|or|but|to|in|of|for|on|at|as|with|from|by|into|that|which|who|because|when|before|"
    r"after|without|against|if|not|it|he|she|they|we|I)\b)"
)


def rename(example: Example, chance: random.Random) -> Example:
    """Call NATO by another name that the reader understands; every label stays."""
    first = _NATO.search(example.text)
    if first is None or example.targets != TARGETS:
        return example
    alias = chance.choice(_ALIASES)
    text = _NATO.sub(alias, example.text)
    if first.start() == 0:
        text = text[0].upper() + text[1:]
    return replace(example, text=text)


_WORD = re.compile(r"[A-Za-z]{4,}")


def misspell(example: Example, chance: random.Random) -> Example:
    """Misspell one word in ten, at least one, as fast fingers do; every label stays.

    A letter inside a word of four letters or more is left out, doubled or exchanged with the next.
    """
    words = list(_WORD.finditer(example.text))
    if not words:
        return example
    text = example.text
    hit = chance.sample(words, max(1, len(words) // 10))
    for word in sorted(hit, key=lambda found: -found.start()):
        at = word.start() + chance.randrange(1, len(word[0]) - 1)
        letter, following = text[at], text[at + 1]
        exchanged = (following + letter, 2) if following != letter else (letter * 2, 1)
        slip, taken = chance.choice((("", 1), (letter * 2, 1), exchanged))
        text = text[:at] + slip + text[at + taken :]
    return replace(example, text=text)
