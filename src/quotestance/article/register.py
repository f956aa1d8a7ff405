"""Who is who in an article: full names with roles, and what a later mention refers to."""

from quotestance.article.appositions import after_office, last_of_pair, role_after, role_before
from quotestance.article.entities import OFFICES, Entity, canonical
from quotestance.article.mentions import (
    DETERMINERS,
    OPENERS,
    PARTICLES,
    Mention,
    Sort,
    bare,
    describe,
    is_role,
    name_end,
)
from quotestance.article.names import FIRST_NAMES, gender_of
from quotestance.article.offices import best_by_office, only_holder, placed_leader
from quotestance.article.phrases import left_phrase
from quotestance.article.referents import (
    DOCUMENT_HEADS,
    EMPTY,
    GENERAL,
    VAGUE_HEADS,
    bare_role,
    ends_in_body,
    is_set_in,
    spelled_out,
    told_gender,
)
from quotestance.article.roles import BODIES, FEMALE, GENDERED, MALE, TITLES
from quotestance.article.tokens import Token

SPEAKER_BONUS, TOPIC_BONUS, SUBJECT_BONUS = 300, 350, 200
"""How many characters nearer a mention counts if it spoke, was a sentence's subject, or
stood at a sentence's head."""
_REACH = 6000
_NEAR = 800
_PREFER_KNOWN = 100
_EPITHETS = ("ed", "ant", "ful", "ous", "ing")


class Register:
    """The entities of one article. Fill it with `scan`, then ask in reading order."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, ...], Entity] = {}
        self._by_word: dict[str, list[Entity]] = {}
        self._others: dict[str, Entity] = {}
        self._events: list[tuple[int, Entity, int]] = []
        self._next_event = 0
        self._last: Entity | None = None
        self._group: Entity | None = None
        self._recent: dict[int, Entity] = {}
        self.topic: Entity | None = None
        """Whom the sentence just read is about, if it quoted nobody."""

    def scan(self, tokens: list[Token], *, headline: bool = False) -> None:
        """Collect the full names of a paragraph, with their roles."""
        i = 0
        while i < len(tokens):
            if not tokens[i].is_cap:
                i += 1
                continue
            j = name_end(tokens, i)
            self._scan_run(tokens, i, j, headline=headline)
            i = max(j, i + 1)

    def _scan_run(self, tokens: list[Token], i: int, j: int, *, headline: bool) -> None:
        while i < j - 1 and tokens[i].low in OPENERS:
            i += 1
        first = i
        while i > 0 and first - i < 4 and (is_role(tokens[i - 1].low)):
            i -= 1
        mention = describe(tokens, i, j)
        phrase = left_phrase(tokens, j - 1, max(0, i - 8))
        mention = after_office(tokens, phrase, mention) if phrase else mention
        if mention.sort is not Sort.PERSON:
            return
        if len(mention.words) < 2:
            self._scan_single(tokens, j, mention)
            return
        known = mention.words[0].lower() in FIRST_NAMES
        if (headline and not known and mention.role is None) or ends_in_body(mention):
            return
        role = mention.role
        if role is not None or i < first:
            if phrase:
                role = describe(tokens, *last_of_pair(tokens, *phrase)).role or role
        if role is None and i > 1 and tokens[i - 1].text == ",":
            role = role_before(tokens, i - 1)
        named = i > 0 and tokens[i - 1].low in ("named", "called")
        evidence = (
            named
            or is_set_in(tokens, i, j)
            or role is not None
            or mention.title is not None
            or known
        )
        after = role_after(tokens, j)
        entity = self.person(mention.words)
        entity.strong = entity.strong or evidence or after is not None
        entity.learn(role or after, gender=told_gender(mention))
        if role and after:
            entity.learn(after)

    def _scan_single(self, tokens: list[Token], j: int, mention: Mention) -> None:
        """Take in who has one name only: "Olesia, 34, said", "Taras, a soldier, said"."""
        aged = j + 2 < len(tokens) and tokens[j].text == "," and tokens[j + 1].text.isdigit()
        role = role_after(tokens, j) if j < len(tokens) else None
        word = mention.words[0].lower()
        if (aged or role) and word not in self._by_word and word not in OPENERS:
            entity = self.person(mention.words)
            entity.strong = True
            entity.learn(role)

    def index(self, tokens: list[Token]) -> None:
        """Note where known people are mentioned; call after every `scan`."""
        opening = True
        for k, token in enumerate(tokens):
            if token.is_cap:
                self._note_single(tokens, k)
                for entity in self._meant(tokens, k)[:1]:
                    if bare(token.low) in (entity.words[-1].lower(), entity.words[0].lower()):
                        bonus = SUBJECT_BONUS if opening else 0
                        if k > 2 and tokens[k - 1].is_cap and is_set_in(tokens, k - 1, k + 1):
                            bonus = TOPIC_BONUS
                        if token.low.endswith("'s"):
                            bonus -= 80
                        if k and tokens[k - 1].low in ("with", "by", "to", "against", "from"):
                            bonus -= 120
                        self._events.append((token.start, entity, bonus))
            elif token.text in ".!?":
                opening = True
                continue
            if token.low in ("and", "after", "that", "said") or token.text in ",:":
                # ", and Doe": a second clause with a subject of its own.
                opening = k > 0 and tokens[k - 1].text == "," and token.low == "and"

    def _meant(self, tokens: list[Token], k: int) -> list[Entity]:
        """Return who may be meant by a word of a name, the one first whose first name it has."""
        found = self._by_word.get(bare(tokens[k].low), [])[:50]
        first = tokens[k - 1].low if k and tokens[k - 1].is_cap else None
        return sorted(found, key=lambda entity: entity.words[0].lower() != first)

    def _note_single(self, tokens: list[Token], k: int) -> None:
        """Take in a first name that stands alone, and the gender that "Mr" tells."""
        low = bare(tokens[k].low)
        before = tokens[k - 1] if k else None
        if low in FIRST_NAMES and low not in self._by_word and not (before and before.is_cap):
            after = tokens[k + 1] if k + 1 < len(tokens) else None
            if after is None or not after.is_cap:
                self.person((bare(tokens[k].text),)).strong = True
        title = TITLES.get(before.low.rstrip(".")) if before else None
        if title:
            for entity in self._by_word.get(low, ())[:1]:
                entity.learn(None, gender=title)

    def person(self, words: tuple[str, ...]) -> Entity:
        """Return the person of that full name, made if new."""
        key = tuple(word.lower().rstrip(".") for word in words)
        known = self._people.get(key) or self._variant(key) or self._with_epithet(key)
        if known is None:
            known = Entity(" ".join(words), Sort.PERSON, words, gender=gender_of(list(words)))
            self._people[key] = known
            for word in {key[-1], *key[:-1]}:
                self._by_word.setdefault(word, []).append(known)
        return known

    def _variant(self, key: tuple[str, ...]) -> Entity | None:
        """Return the same person under a longer or shorter full name ("Donald J. Trump")."""
        for entity in self._by_word.get(key[-1], ()):
            words = [word.lower().rstrip(".") for word in entity.words]
            if words[0] == key[0] and words[-1] == key[-1]:
                return entity
        return None

    def _with_epithet(self, key: tuple[str, ...]) -> Entity | None:
        """Read "Defiant Doe": one whom the article names otherwise by a known first name."""
        if len(key) != 2 or key[0] in FIRST_NAMES or not key[0].endswith(_EPITHETS):
            return None
        for entity in self._by_word.get(key[1], ()):
            if len(entity.words) > 1 and entity.words[0].lower() in FIRST_NAMES:
                return entity
        return None

    def knows(self, mention: Mention) -> bool:
        """Tell whether the article names somebody by the mention's last word."""
        return mention.words[-1].lower() in self._by_word

    def resolve(self, mention: Mention) -> Entity | None:
        """Return whom the mention means, or None where that would be a guess."""
        self._advance(mention.start)
        if mention.sort is Sort.PRONOUN:
            return self._pronoun(mention)
        if mention.sort is Sort.PERSON:
            return self._named(mention)
        if mention.sort is Sort.ROLE:
            return self._by_role(mention)
        return self._other(mention)

    def mentioned(self, entity: Entity, at: int) -> None:
        """Record that a sentence is about the entity: a pronoun after it may mean it."""
        entity.seen = max(entity.seen, at + TOPIC_BONUS)
        self._recent[id(entity)] = entity
        if entity.sort is Sort.GROUP:
            self._group = entity

    def spoke(self, entity: Entity, at: int) -> None:
        """Record that the entity spoke there: it is what a later pronoun will mean."""
        entity.seen = max(entity.seen, at + SPEAKER_BONUS)
        self._recent[id(entity)] = entity
        self._last = entity
        self.topic = None

    def _advance(self, to: int) -> None:
        while self._next_event < len(self._events) and self._events[self._next_event][0] < to:
            at, entity, bonus = self._events[self._next_event]
            entity.seen = max(entity.seen, at + bonus)
            self._recent[id(entity)] = entity
            self._next_event += 1

    def _named(self, mention: Mention) -> Entity:
        particles = all(word.lower() in PARTICLES for word in mention.words[:-1])
        if len(mention.words) > 1 and not particles:
            entity = self.person(mention.words)
        else:
            entity = self._surname(mention) or self.person(mention.words)
        entity.strong |= bool(len(entity.words) > 1 or mention.role or mention.title)
        entity.learn(mention.role, gender=told_gender(mention))
        return entity

    def _surname(self, mention: Mention) -> Entity | None:
        word = mention.words[-1].lower()
        wanted = told_gender(mention)
        found = [
            entity
            for entity in self._by_word.get(word, ())[:50]
            if len(entity.words) > 1 and not (wanted and entity.gender and entity.gender != wanted)
        ]
        last = [entity for entity in found if entity.words[-1].lower() == word] or found
        if mention.role:
            role = {canonical(w.lower().rstrip(".")) for w in mention.role.split()}
            last = [entity for entity in last if role & entity.role_words] or last
        strong = [entity for entity in last if entity.strong] or last
        return max(strong, key=lambda entity: entity.seen, default=None)

    def _pronoun(self, mention: Mention) -> Entity | None:
        word = mention.words[0]
        if word in ("he", "she"):
            gender = MALE if word == "he" else FEMALE
            topic = self.topic
            if topic and topic.sort is Sort.PERSON and topic.strong and topic.gender is None:
                topic.gender = gender
            found = self._nearest(mention.start, gender)
            if found is not None and found.gender is None:
                found.gender = gender
            return found
        if word in ("they", "it"):
            last = self._last
            group = self._group
            if word == "it" and self.topic and self.topic.sort is Sort.BODY:
                return self.topic
            if word == "they" and group and (last is None or group.seen > last.seen + 50):
                last = group
            if last is None or mention.start - last.seen > 1500:
                return None
            plural = last.sort is Sort.GROUP or last.sort is Sort.BODY
            return last if plural and (word == "they" or last.sort is Sort.BODY) else None
        return None

    def _nearest(self, at: int, gender: str) -> Entity | None:
        fits = [
            entity
            for entity in self._recent.values()
            if entity.sort in (Sort.PERSON, Sort.ROLE)
            and entity.gender in (gender, None)
            and (entity.strong or entity.sort is Sort.ROLE)
            and at - entity.seen < _REACH
        ]
        self._recent = {key: e for key, e in self._recent.items() if at - e.seen < _REACH}
        sure = max((e for e in fits if e.gender == gender), key=lambda e: e.seen, default=None)
        best = max(fits, key=lambda entity: entity.seen, default=None)
        # A person known to fit is meant rather than a somewhat nearer one of unknown gender.
        if sure is not None and best is not None and best.seen - sure.seen < _PREFER_KNOWN:
            return sure
        return best

    def _by_role(self, mention: Mention) -> Entity | None:
        low = [bare(word.lower().rstrip(".,")) for word in mention.words]
        definite = low[0] in ("the", "this", "that", "his", "her", "its", "their") or (
            mention.words[0].endswith(("'s", "’s"))
        )
        if low[0] in ("a", "an", "one", "another", "some") or (not definite and not bare_role(low)):
            return self._phrase(mention)
        content = [word for word in low if word not in DETERMINERS and word not in EMPTY]
        content = spelled_out(content)
        if not content:
            return None
        best = (
            best_by_office(self._recent.values(), content)
            or only_holder(self._people.values(), content)
            or placed_leader(self._recent.values(), content)
        )
        if best is not None:
            return best
        if low[0] in ("my", "his", "her", "their") and is_role(content[-1]):
            return self._phrase(mention)
        aged = content[-1].endswith("-year-old")
        if not is_role(content[-1]) and not aged and content[-1] not in VAGUE_HEADS:
            return self._phrase(mention)
        if low[0] in ("the", "this", "that") and (aged or canonical(content[-1]) not in OFFICES):
            plain = self._unnamed_office(mention.start, content)
            if plain is not None:
                return plain
        if len(content) == 1 and not any(word[0].isupper() for word in mention.words[1:]):
            return self._described(content[0], mention)
        return self._phrase(mention)

    def _unnamed_office(self, at: int, content: list[str]) -> Entity | None:
        """Resolve "the 56-year-old farmer": who was named last, if no office speaks against it."""
        gender = next((GENDERED[word] for word in content if word in GENDERED), None)
        fits = [
            entity
            for entity in self._recent.values()
            if entity.sort is Sort.PERSON
            and entity.strong
            and at - entity.seen < _NEAR
            and not (gender and entity.gender not in (gender, None))
        ]
        last = max(fits, key=lambda entity: entity.seen, default=None)
        return last if last is not None and not last.role_words & OFFICES else None

    def _described(self, word: str, mention: Mention) -> Entity | None:
        """Resolve "the farmer", "the man" to an unnamed speaker met before, or to nobody."""
        gender = GENDERED.get(word)
        if word in ("man", "woman", "boy", "girl") and gender:
            return self._nearest(mention.start, gender)
        return None

    def _other(self, mention: Mention) -> Entity | None:
        words = list(mention.words)
        low = [word.lower() for word in words]
        if words and low[-1] in DOCUMENT_HEADS and len(words) > 1:
            return self._document(mention, words)
        content = [word for word in low if word not in DETERMINERS]
        last = self._last
        taken_up = low[0] in ("the", "this") and len(content) == 1 and content[0] in GENERAL
        if taken_up and last is not None and last.sort is Sort.BODY:
            if mention.start - last.seen < _NEAR:
                return last
        if (
            low[0] in ("the", "this", "its")
            and len(content) == 1
            and content[0] in BODIES
            and (words[-1].islower())
        ):
            for entity in sorted(self._recent.values(), key=lambda e: -e.seen):
                if entity.sort is Sort.BODY and content[0] in entity.name.lower().split():
                    return entity
        return self._phrase(mention)

    def _document(self, mention: Mention, words: list[str]) -> Entity | None:
        """Return whose document it is: "the NATO statement" speaks for NATO."""
        owner = [word for word in words[:-1] if word.lower() not in DETERMINERS]
        while owner and owner[0].islower():
            owner = owner[1:]
        owner = [bare(word) for word in owner if not word.islower()]
        if not owner:
            if words[-1].lower() in DOCUMENT_HEADS - {"letter", "memo", "tweet"}:
                last = self.topic or self._last
                if last and last.sort in (Sort.BODY, Sort.GROUP):
                    return last
                return self._phrase(mention) if len(words) > 2 else None
            return self._phrase(mention)
        if len(owner) == 1 and len(self._by_word.get(owner[0].lower(), ())) > 0:
            return self._surname(Mention(mention.start, mention.end, Sort.PERSON, (owner[0],)))
        return self._named_body(" ".join(owner), Sort.BODY)

    def _phrase(self, mention: Mention) -> Entity:
        words = list(mention.words)
        sort = mention.sort
        if sort is not Sort.ROLE and words[0].lower() == "the" and len(words) > 1:
            words = words[1:]
        elif sort is Sort.ROLE and words[0].lower() == "the":
            words = words if words[-1] in ("other", "others") else words[1:] or words
        name = " ".join(words).replace(" ,", ",")
        entity = self._named_body(name, sort)
        if sort is Sort.ROLE:
            # "one of the officials" is one person: "the official" may come later.
            one = words[0].lower() == "one"
            entity.learn(" ".join([*words[:-1], words[-1].rstrip("s")]) if one else name)
        return entity

    def _named_body(self, name: str, sort: Sort) -> Entity:
        key = name.lower()
        if key not in self._others:
            self._others[key] = Entity(name, sort, tuple(name.split()))
        return self._others[key]
