"""The closed vocabularies of authored statements; `data/README.md` says what each word means."""

REGISTERS: tuple[str, ...] = tuple(
    "diplomatic parliamentary spokesperson battlefield talk_show op_ed social_post "
    "street_interview academic think_tank satire news_report news_analysis".split()
)
SIDES: tuple[str, ...] = ("allied", "ukrainian", "russian", "non_aligned", "sceptic", "expert")
THEMES: tuple[str, ...] = tuple(
    "arms money membership sanctions talks nuclear casualties refugees history energy grain "
    "burden_sharing exercises elections corruption mobilisation prisoners children occupation "
    "borders air_defence drones black_sea reconstruction language_church media war_crimes cyber "
    "prices volunteers training bases guarantees neutrality ceasefire nuclear_plants daily_life "
    "espionage veterans global_south culture_sport enlargement_history".split()
)
ENGLISH: dict[str, str] = {"n": "native", "t": "translated"}
TARGET_FORMS: dict[str, str] = {"d": "named", "a": "aliased", "i": "implied", "x": "absent"}

PHENOMENA: dict[str, str] = {
    "quote_in_quote": "another's words inside the speaker's own (hard case 1)",
    "reported_speech": "the position of the person whose view is reported (hard case 2)",
    "half_quote": "a quoted fragment inside the reporter's sentence",
    "two_voices": "two sides in one sentence; neutral where neither has the last word",
    "anonymous_source": "an unnamed official, diplomat or soldier is reported",
    "negation": "the label hangs on a negation (hard case 3)",
    "contrast": "the position is reached after a but, although, still (hard case 3)",
    "sentiment_against_stance": "warm words against the target, or bitter ones for it (4)",
    "third_party": "praise or blame of a third party decides, or must not (5)",
    "war_in_passing": "the war as a date or cause of something else (6)",
    "people_against_government": "pity for the people, attack on their leaders (7)",
    "pawns": "Ukrainians as tools of others (7)",
    "conditional": "support or refusal under a condition (8)",
    "membership_refused": "an entry is refused (9)",
    "reproach": "blame from those who want more (10)",
    "membership_fact": "membership and joint work as a bare fact (11)",
    "aid_opposed": "arms or money refused, on whatever ground (12)",
    "warning": "a move will be answered, or the war is called a danger to all (13)",
    "threat": "harm is promised",
    "both_sides": "both sides denounced, or both called on (14)",
    "comparison": "others suffer too (15)",
    "irony": "the opposite is meant (16)",
    "loaded_names": "a side's vocabulary without that side's position (17)",
    "hedge": "perhaps, it seems, one might say",
    "rhetorical_question": "a question that asserts",
    "passive_blame": "blame in the passive, with no agent named",
    "presupposition": "the position is taken for granted instead of stated",
    "praise_as_attack": "praise that is meant to hurt",
    "off_target": "strong words about something else",
    "aliased": "the target goes by another name",
    "implied": "the target is not named and yet beyond doubt",
    "target_split": "different positions toward NATO and Ukraine",
    "pledge": "a firm promise in plain words",
    "call_for_talks": "talks, restraint or peace are called for",
    "fact": "figures, dates, procedure",
    "short": "under a dozen words",
    "plain": "no particular difficulty",
}

STARTER_PHENOMENA: dict[str, tuple[str, ...]] = {
    "alias": ("aliased",),
    "anonymous": ("anonymous_source",),
    "hedged": ("hedge",),
    "implicit": ("implied",),
    "split": ("target_split",),
    "quote": ("quote_in_quote",),
    "quote_opp": ("quote_in_quote",),
    "quotes_opponent": ("quote_in_quote",),
    "partial_quote": ("half_quote",),
    "reported": ("reported_speech",),
    "neg_turn": ("contrast",),
    "sentiment_vs_stance": ("sentiment_against_stance",),
    "sent_vs_stance": ("sentiment_against_stance",),
    "sentiment_gap": ("sentiment_against_stance",),
    "loaded_neutral": ("loaded_names",),
    "hostile_words": ("loaded_names",),
    "loaded_fact": ("loaded_names", "fact"),
    "offtarget_loaded": ("off_target", "loaded_names"),
    "talks": ("call_for_talks",),
    "people_vs_gov": ("people_against_government",),
    "people_government": ("people_against_government",),
}
"""Tags of the starter set in the common vocabulary; a tag in neither is dropped."""

STARTER_THEMES: dict[str, str] = {
    "burden": "burden_sharing",
    "church": "language_church",
    "exercise": "exercises",
    "aid": "money",
    **{theme: theme for theme in THEMES if theme not in ("talks", "membership")},
}
"""Tags of the starter set that name a theme."""


def common_phenomena(tags: list[str]) -> list[str]:
    """Return the tags of the starter set in the common vocabulary, sorted.

    >>> common_phenomena(["alias", "neg_turn", "econ"])
    ['aliased', 'contrast']
    """
    kept = {tag for tag in tags if tag in PHENOMENA}
    return sorted(kept.union(*(STARTER_PHENOMENA.get(tag, ()) for tag in tags)))
