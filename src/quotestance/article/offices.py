"""Whom an office means: "the Ukrainian foreign minister", "the Belarusian leader"."""

from collections.abc import Iterable

from quotestance.article.entities import PLACES, PROPER, RELATED, Entity, canonical
from quotestance.article.mentions import bare, is_role
from quotestance.article.roles import GENDERED, PORTFOLIO

_PAST = frozenset(("former", "ex", "assistant", "late"))
"""Words of a role that make it another office: a former minister is not the minister."""


def best_by_office(recent: Iterable[Entity], content: list[str]) -> Entity | None:
    """Return whom of those met before the words of an office fit best, the latest of equals."""
    roles = [word for word in content if is_role(word)]
    head = canonical(roles[-1] if roles else content[-1])
    heads = {head, *RELATED.get(head, ())}
    others = {canonical(word) for word in content} - {head}
    gender = next((GENDERED[word] for word in content if word in GENDERED), None)
    best, rank = None, (-1, -1, -1)
    for entity in recent:
        hits = heads & entity.role_words
        if not hits or (gender and entity.gender not in (gender, None)):
            continue
        shared = len(others & entity.role_words)
        if others and not shared and head not in entity.role_words:
            continue
        if _holds_another(content, others, entity):
            continue
        score = (shared, int(head in entity.role_words), entity.seen)
        if score > rank:
            best, rank = entity, score
    return best


def only_holder(people: Iterable[Entity], content: list[str]) -> Entity | None:
    """Return the one person of the article, named later, whose role has all these words."""
    wanted = {canonical(word) for word in content if is_role(word) or word in PORTFOLIO}
    if len(wanted) < 2:
        return None
    fits = [
        entity
        for entity in people
        if wanted <= entity.role_words
        and not _elsewhere(content, entity)
        and not _PAST & (entity.role_words - set(content))
    ]
    return fits[0] if len(fits) == 1 else None


def placed_leader(recent: Iterable[Entity], content: list[str]) -> Entity | None:
    """Resolve "the Belarusian leader": the one head of a state or a government not placed."""
    if content[-1] != "leader" or not set(content) & PLACES:
        return None
    fits = [
        entity
        for entity in recent
        if entity.role_words & {"president", "chancellor", "premier", "prime"}
        and not entity.role_words & PLACES
    ]
    return fits[0] if len(fits) == 1 else None


def _holds_another(content: list[str], others: set[str], entity: Entity) -> bool:
    """Tell "the Dutch defence minister" from the Dutch foreign minister and from a former one."""
    named, held = others & PROPER, PROPER & entity.role_words
    if (named and held and not named & held) or _elsewhere(content, entity):
        return True
    titles, own = named - PLACES, held - PLACES
    if titles and own and not titles & own:
        return True
    past = _PAST & entity.role_words
    return bool(past and not past & set(content) and others & PLACES)


def _elsewhere(content: list[str], entity: Entity) -> bool:
    """Tell "the Ukrainian foreign minister" from Russia's, whom "foreign" and "minister" fit."""
    places = {canonical(bare(word)) for word in content} & PLACES
    return bool(places and PLACES & entity.role_words and not places & entity.role_words)
