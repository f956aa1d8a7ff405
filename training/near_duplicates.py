"""Exact and near duplicates among texts: MinHash candidates, confirmed by exact overlap."""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence

from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]

Shingles = frozenset[Hashable]
PERMUTATIONS = 64


def words(text: str) -> list[str]:
    """Return the lower-case words of a text, without punctuation.

    >>> words("Kyiv's Army, again.")
    ['kyiv', 's', 'army', 'again']
    """
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int) -> Shingles:
    """Return the set of word runs of a length; a shorter text is one run."""
    found = words(text)
    last = max(1, len(found) - length + 1)
    return frozenset(tuple(found[i : i + length]) for i in range(last))


def jaccard(left: Shingles, right: Shingles) -> float:
    """Return the share of common members among all members."""
    return len(left & right) / max(1, len(left | right))


def contained(
    short: Sequence[str], long: Sequence[str], threshold: float, *, length: int
) -> Iterator[tuple[int, int, float]]:
    """Yield indices (of `short`, of `long`) where the second holds so many runs of the first.

    Similarity cannot see a sentence inside a paragraph, nor can MinHash, so every run is looked up.
    Texts shorter than `length` words are left out.
    """
    holders: defaultdict[Hashable, list[int]] = defaultdict(list)
    sizes = {}
    for index, text in enumerate(short):
        if len(words(text)) >= length:
            members = runs(text, length)
            sizes[index] = len(members)
            for run in members:
                holders[run].append(index)
    for place, text in enumerate(long):
        found = Counter(index for run in runs(text, length) for index in holders.get(run, ()))
        for index, count in sorted(found.items()):
            if count >= threshold * sizes[index]:
                yield index, place, count / sizes[index]


def near_pairs(
    texts: Sequence[str],
    threshold: float,
    *,
    length: int = 2,
) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of indices whose overlap of word runs is at least `threshold`, and the overlap.

    The LSH is asked below the threshold, so that estimates that fall short lose few pairs.
    """
    shingles = [runs(text, length) for text in texts]
    lsh = MinHashLSH(threshold=max(0.1, threshold - 0.2), num_perm=PERMUTATIONS)
    for index, signature in enumerate(_signatures(shingles)):
        for other in sorted(lsh.query(signature)):
            overlap = jaccard(shingles[other], shingles[index])
            if overlap >= threshold:
                yield other, index, overlap
        lsh.insert(index, signature)


def _signatures(shingles: Sequence[Shingles]) -> Iterator[MinHash]:
    """Yield the MinHash signature of every set, the same in every run."""
    encoded = [sorted(repr(run).encode() for run in members) for members in shingles]
    yield from MinHash.generator(encoded, num_perm=PERMUTATIONS, seed=1)


class Clusters:
    """Union-find over keys; a cluster is named by its smallest key, whatever the order."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, key: str) -> str:
        """Return the name of the key's cluster."""
        root = key
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(key, key)) != root:
            self._parent[key], key = root, parent
        return root

    def union(self, left: str, right: str) -> None:
        """Put two keys into one cluster."""
        first, second = sorted((self.find(left), self.find(right)))
        self._parent[second] = first
