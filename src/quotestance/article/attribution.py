"""Who says each quotation of a passage, and by which cue."""

from dataclasses import dataclass

from quotestance.article.claims import claimed
from quotestance.article.entities import Entity
from quotestance.article.halves import is_half
from quotestance.article.labels import answerer, label_before
from quotestance.article.marks import Quoted
from quotestance.article.mentions import Mention, Sort, describe, is_possessive, is_role
from quotestance.article.passages import Passage
from quotestance.article.phrases import right_phrase
from quotestance.article.register import Register
from quotestance.article.setoff import SetOff, announced
from quotestance.article.subjects import is_cue, sentence_subject, subject_before
from quotestance.article.tags import Tag, cue_before, tag_after
from quotestance.article.tokens import Token


@dataclass(slots=True)
class Attributed:
    """A direct quotation with its cue and speaker; `group` numbers the utterance."""

    quoted: Quoted
    passage: int
    sentence: int
    token: int
    cue: Token | None
    mention: Mention | None
    entity: Entity | None
    group: int
    half: bool = False
    """Whether the words are a part of the writer's own sentence."""
    tagged: bool = False
    """Whether the attribution follows the quotation."""
    carried: bool = False
    """Whether the speaker comes from a part before it."""


@dataclass(slots=True)
class Carry:
    """What the reading brings from one sentence to the next."""

    entity: Entity | None = None
    mention: Mention | None = None
    cue: Token | None = None
    group: int = -1
    where: tuple[int, int] = (-9, 0)
    """Passage and sentence of the last attribution."""
    quoted: bool = False
    """Whether that was a direct quotation."""
    half: bool = False
    """Whether that was woven into the writer's sentence."""


class Attributor:
    """Attributes quotations in reading order; one for an article."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.carry = Carry()
        self.groups = 0
        self.announcement: tuple[Token, Mention | None] | None = None
        self.source: Mention | None = None
        self.last_passage: Passage | None = None

    def new_group(self) -> int:
        """Return a fresh group number."""
        self.groups += 1
        return self.groups - 1

    def heard(self, entity: Entity | None, mention: Mention | None, at: tuple[int, int]) -> None:
        """Record a speaker of reported speech: the next quotation may be carried on from it."""
        if entity is not None and mention is not None:
            entity.strong |= entity.sort is Sort.PERSON
            self.register.spoke(entity, mention.start)
            self.carry = Carry(entity, mention, None, -1, at)

    def set_off(
        self, passage: Passage, number: int, span: SetOff, mention: Mention | None
    ) -> Attributed:
        """Attribute a passage that is speech as a whole to its label, or to who was announced."""
        quoted = Quoted(span.start, span.start, span.end, span.end, single=False)
        entity = self.register.resolve(mention) if mention and span.known else None
        cue = None
        if mention is None and self.announcement is not None:
            at, tag = self.announcement
            cue, mention = at, tag
            entity = self.register.resolve(tag) if tag else None
        if entity is not None and mention is not None:
            self.register.spoke(entity, span.start)
        group = self.new_group()
        self.carry = Carry(entity, mention, cue, group, (number, 0), quoted=False)
        return Attributed(quoted, number, 0, 0, cue, mention, entity, group)

    def close(self, passage: Passage) -> None:
        """Note at a passage's end whether it announces the next one's speaker."""
        tokens = passage.tokens
        self.last_passage = passage if passage.sentences else None
        if len(tokens) > 2 and tokens[0].low == "source" and tokens[1].text == ":":
            phrase = right_phrase(tokens, 2, len(tokens))
            self.source = describe(tokens, *phrase) if phrase else None
        tag = announced(passage)
        self.announcement = (passage.tokens[tag[0]], tag[1]) if tag else None

    def sentence(self, passage: Passage, number: int, index: int) -> list[Attributed]:
        """Attribute the quotations of sentence `index` of passage `number`."""
        low, high = passage.sentences[index]
        found: list[Attributed] = []
        for q in range(low, high):
            if q not in passage.quotes:
                continue
            item = self._quotation(passage, (number, index), q, found)
            found.append(item)
            if item.entity is not None and item.mention is not None:
                item.entity.strong |= item.entity.sort is Sort.PERSON and not passage.headline
                self.register.spoke(item.entity, item.mention.start)
            self.carry = Carry(
                item.entity, item.mention, item.cue, item.group, (number, index), True, item.half
            )
        return found

    def _quotation(
        self, passage: Passage, at: tuple[int, int], q: int, before: list[Attributed]
    ) -> Attributed:
        tokens, quoted = passage.tokens, passage.quotes[q]
        low, high = passage.sentences[at[1]]
        if quoted.continues and self.carry.group >= 0 and self.carry.quoted:
            item = self._carried(passage, at, q)
            later = tag_after(tokens, q + 1, high)
            if later is not None:
                item.cue, item.mention, item.tagged = tokens[later[0]], later[1], True
                item.entity = self.register.resolve(later[1]) if later[1] else None
            return item
        half = is_half(passage, q, low)
        claim = claimed(tokens, q, low)
        if claim is not None and claim[1] is not None:
            return self._told(passage, at, q, claim, before, half=half, tagged=False)
        half = half or claim is not None
        tag = None if half or _is_governed(tokens, q, low) else tag_after(tokens, q + 1, high)
        tagged = tag is not None
        if tag is None:
            tag = self._before(tokens, q, low, half=half)
        if tag is None and before and not tagged:
            return self._same_sentence(before[-1], at, q, quoted, half=half)
        if (tag is None or tag[1] is None) and half and q + 1 < high:
            tag = tag_after(tokens, q + 1, high) or tag
        if tag is not None:
            return self._told(passage, at, q, tag, before, half=half, tagged=tagged)
        return self._untagged(passage, at, q, half=half)

    def _told(
        self, passage: Passage, at: tuple[int, int], q: int, tag: Tag,
        before: list[Attributed], *, half: bool, tagged: bool,
    ) -> Attributed:  # fmt: skip
        cue, mention = passage.tokens[tag[0]], tag[1]
        entity = self.register.resolve(mention) if mention else None
        group = self._group_of(before, cue, mention, half=half)
        return Attributed(
            passage.quotes[q], at[0], at[1], q, cue, mention, entity, group, half, tagged
        )

    def _group_of(
        self, before: list[Attributed], cue: Token, mention: Mention | None, *, half: bool
    ) -> int:
        if (
            before
            and not _differ(before[-1].mention, mention)
            and half == before[-1].half
            and (half or before[-1].cue == cue or before[-1].tagged)
        ):
            return before[-1].group
        return self.new_group()

    def _before(self, tokens: list[Token], q: int, low: int, *, half: bool) -> Tag | None:
        label = label_before(tokens, q, low)
        if label is not None:
            label = self._quote_label(tokens, label, low)
        if label is not None:
            return label
        tag = cue_before(tokens, q, low)
        if tag is not None and (tag[1] is not None or half):
            return tag
        if q > low and tokens[q - 1].text == ":":
            subject = sentence_subject(tokens, low, q)
            if subject is not None:
                return q - 1, answerer(subject)
        return None

    def _quote_label(self, tokens: list[Token], label: Tag, low: int) -> Tag | None:
        """Read "Quote: …" and "Quote from Doe: …" as wires have them after "Source: Doe"."""
        if tokens[low].low not in ("quote", "quotes", "quotation"):
            mention = label[1]
            known = mention is None or self.register.knows(mention)
            return label if known or not tokens[low].text.isupper() else None
        if low + 2 < label[0] and tokens[low + 1].low in ("from", "by", "of"):
            phrase = right_phrase(tokens, low + 2, label[0])
            return label[0], describe(tokens, *phrase) if phrase else None
        return label[0], self.source

    def _same_sentence(
        self, last: Attributed, at: tuple[int, int], q: int, quoted: Quoted, *, half: bool
    ) -> Attributed:
        return Attributed(
            quoted, at[0], at[1], q, last.cue, last.mention, last.entity, last.group, half
        )

    def _carried(self, passage: Passage, at: tuple[int, int], q: int) -> Attributed:
        carry = self.carry
        # A new paragraph that opens with the writer's words begins a new utterance.
        unbroken = carry.where[0] == at[0] or at[1] == 0 or passage.quotes[q].continues
        joins = carry.group >= 0 and not carry.half and unbroken
        group = carry.group if joins else self.new_group()
        item = Attributed(
            passage.quotes[q], at[0], at[1], q, carry.cue, carry.mention, carry.entity, group
        )
        item.carried = True
        return item

    def _untagged(self, passage: Passage, at: tuple[int, int], q: int, *, half: bool) -> Attributed:
        """Decide about a quotation with no attribution in its own sentence."""
        low, high = passage.sentences[at[1]]
        quoted = passage.quotes[q]
        alone = high - low == 1 or all(
            not passage.tokens[i].is_word for i in range(low, high) if i not in passage.quotes
        )
        nothing = Attributed(quoted, at[0], at[1], q, None, None, None, -1, half)
        if alone:
            ahead = self._told_next(passage, at)
            if ahead is not None:
                cue, mention = passage.tokens[ahead[0]], ahead[1]
                entity = self.register.resolve(mention) if mention else None
                nothing.cue, nothing.mention, nothing.entity = cue, mention, entity
            elif self.announcement is not None and at[1] == 0 and self.announcement[1]:
                nothing.cue, nothing.mention = self.announcement
                nothing.entity = self.register.resolve(self.announcement[1])
            elif (subject := self._subject_of_last(passage, at)) is not None:
                nothing.mention, nothing.entity = subject
            elif self._near(at) and (
                self.carry.entity is not None
                or (self.carry.mention is not None and self.carry.where[0] == at[0])
            ):
                return self._carried(passage, at, q)
        elif self._near(at) and _goes_on(passage, low, q):
            return self._carried(passage, at, q)
        elif self._near(at) and self._same_subject(passage, low, q):
            carry = self.carry
            nothing.mention, nothing.entity = carry.mention, carry.entity
        nothing.group = self.new_group()
        return nothing

    def _subject_of_last(
        self, passage: Passage, at: tuple[int, int]
    ) -> tuple[Mention, Entity] | None:
        """Read "Doe laughed. “Never,”": the sentence before, if it told of a person, speaks."""
        if self.carry.where == (at[0], at[1] - 1):
            return None
        index = at[1] - 1
        if at[1] == 0:
            if self.last_passage is None:
                return None
            passage = self.last_passage
            index = len(passage.sentences) - 1
            if self.carry.where == (at[0] - 1, index):
                return None
        low, high = passage.sentences[index]
        if any(i in passage.quotes for i in range(low, high)):
            return None
        subject = sentence_subject(passage.tokens, low, high)
        if subject is None or subject.sort in (Sort.BODY, Sort.GROUP):
            return None
        gesture = any(t.low in _GESTURES for t in passage.tokens[low:high])
        if at[1] == 0 and not gesture and subject.sort is not Sort.PERSON:
            return None
        entity = self.register.resolve(subject)
        if entity is None or entity.sort is not Sort.PERSON or not entity.strong:
            return None
        return subject, entity

    def told_of(self, passage: Passage, index: int) -> None:
        """Note whom a sentence is about, for the pronouns that follow."""
        low, high = passage.sentences[index]
        subject = sentence_subject(passage.tokens, low, high)
        self.register.topic = None
        if subject is None or subject.sort is Sort.PRONOUN:
            return
        if subject.sort is Sort.ROLE and not any(_is_role_or_roles(w) for w in subject.words):
            return
        if subject.sort is Sort.ROLE and is_possessive(subject.words[0]):
            return
        entity = self.register.resolve(subject)
        if entity is None:
            return
        self.register.topic = entity
        if subject.sort is not Sort.BODY:
            self.register.mentioned(entity, subject.start)

    def _near(self, at: tuple[int, int]) -> bool:
        passage, sentence = self.carry.where
        if passage == at[0]:
            return at[1] - sentence <= 2
        return passage == at[0] - 1

    def _told_next(self, passage: Passage, at: tuple[int, int]) -> Tag | None:
        """Look for “A.” “B,” Doe said: the tag of the next quotation, if this opens the passage."""
        if at[1] + 1 >= len(passage.sentences) or self.carry.where[0] == at[0]:
            return None
        low, high = passage.sentences[at[1] + 1]
        if low in passage.quotes:
            return tag_after(passage.tokens, low + 1, high)
        return None

    def _same_subject(self, passage: Passage, low: int, q: int) -> bool:
        """Tell whether the sentence's subject is who spoke last, or members of it."""
        subject = sentence_subject(passage.tokens, low, q)
        entity = self.carry.entity
        if subject is None or entity is None:
            return False
        if subject.sort is Sort.PRONOUN:
            return self.register.resolve(subject) is entity
        own = {word.lower() for word in entity.name.split() if word[0].isupper()}
        return bool(own & {word.lower() for word in subject.words})


_GESTURES = frozenset(
    """asked shook nodded smiled laughed shrugged paused sighed grinned frowned answered replied
    blinked hesitated pointed looked""".split()
)


def _differ(one: Mention | None, other: Mention | None) -> bool:
    """Tell whether both are named, at different places of the text."""
    return one is not None and other is not None and one.start != other.start


def _is_role_or_roles(word: str) -> bool:
    return is_role(word.lower()) or is_role(word.lower().rstrip("s"))


def _goes_on(passage: Passage, low: int, q: int) -> bool:
    """Tell "And again: “…”": a few small words and a colon go on with who spoke."""
    words = [token.low for token in passage.tokens[low : q - 1]]
    colon = q > low and passage.tokens[q - 1].text == ":"
    return colon and len(words) <= 4 and words[:1] in (["and"], ["then"], ["again"], ["or"])


def _is_governed(tokens: list[Token], q: int, low: int) -> bool:
    """Tell "Doe said “…”, Roe replied": a cue with its own subject right before the marks."""
    k = q - 1
    while k > low and (tokens[k].low == "that" or tokens[k].text in (",", ":")):
        k -= 1
    return k > low and is_cue(tokens, k) and subject_before(tokens, k, low) is not None
