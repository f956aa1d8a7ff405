"""An article in the report: its paragraphs, with every quotation marked by its stance."""

from html import escape

from quotestance.article.paragraphs import split_paragraphs
from quotestance.article.quotation import Kind
from quotestance.article.rows import Judged
from quotestance.prediction import Decision

SIGNS = {"supportive": "+", "adversarial": "−", "neutral": "○", "unsure": "?", "quoted": "“"}
"""What tells the stances apart beside their colour; the underline differs too."""


def stance_class(judged: Judged, side: str) -> str:
    """Return the class of a quotation: its stance, "unsure", or "quoted" without a model."""
    if judged.prediction is None:
        return "quoted"
    decision = judged.prediction.stance[side]
    return "unsure" if decision.abstained else decision.label


def article_body(text: str, judged: list[Judged], side: str, prefix: str) -> str:
    """Return the article's paragraphs as HTML; marks have ids `<prefix>0` and so on."""
    outer = _outermost(judged)
    pieces, k = [], 0
    for paragraph in split_paragraphs(text):
        parts, at = [], paragraph.start
        while k < len(outer) and outer[k][0].quotation.start < paragraph.end:
            one, inner = outer[k]
            parts.append(escape(text[at : one.quotation.start]))
            parts.append(_mark(text, one, inner, side, f"{prefix}{k}"))
            at, k = one.quotation.end, k + 1
        parts.append(escape(text[at : max(at, paragraph.end)]))
        pieces.append(f'<p class="para">{"".join(parts)}</p>')
    return "\n".join(pieces)


def _outermost(judged: list[Judged]) -> list[tuple[Judged, list[Judged]]]:
    """Return the marks that are in no other, each with those in it."""
    outer: list[tuple[Judged, list[Judged]]] = []
    ordered = sorted(judged, key=lambda one: (one.quotation.start, -one.quotation.end))
    for one in ordered:
        if outer and one.quotation.start < outer[-1][0].quotation.end:
            if one.quotation.end <= outer[-1][0].quotation.end:
                outer[-1][1].append(one)
            continue
        outer.append((one, []))
    return outer


def _mark(text: str, one: Judged, inner: list[Judged], side: str, name: str) -> str:
    quotation = one.quotation
    stance = stance_class(one, side)
    kind = " indirect" if quotation.kind == Kind.INDIRECT else ""
    label = f"{quotation.speaker or 'unknown speaker'}: {stance}"
    return (
        f'<span class="m {stance}{kind}" id="{name}" tabindex="0" role="note" '
        f'aria-label="{escape(label)}" aria-describedby="{name}c">'
        f'<span class="sign" aria-hidden="true">{SIGNS[stance]}</span>'
        f"{_words(text, one, inner)}{card(one, f'{name}c')}</span>"
    )


def _words(text: str, one: Judged, inner: list[Judged]) -> str:
    pieces, at = [], one.quotation.start
    for part in inner:
        if part.quotation.start < at:
            continue
        pieces.append(escape(text[at : part.quotation.start]))
        words = escape(text[part.quotation.start : part.quotation.end])
        pieces.append(f'<span class="inner">{words}</span>')
        at = part.quotation.end
    pieces.append(escape(text[at : one.quotation.end]))
    return "".join(pieces)


def card(one: Judged, name: str) -> str:
    """Return what hover and focus show: speaker, cue, statement, probabilities."""
    quotation = one.quotation
    speaker = escape(quotation.speaker or "unknown speaker")
    role = f", {escape(quotation.speaker_role)}" if quotation.speaker_role else ""
    cue = f", “{escape(quotation.cue)}”" if quotation.cue else ""
    rows = [f'<span class="row"><b>{speaker}</b>{role} <i>({quotation.kind}{cue})</i></span>']
    rows.append(f'<span class="row">Classified: {escape(quotation.statement)}</span>')
    if one.prediction is not None:
        for target, decision in one.prediction.stance.items():
            rows.append(_bar(target, decision))
        rows.append(_bar("sentiment", one.prediction.sentiment))
    return f'<span class="card" role="tooltip" id="{name}">{"".join(rows)}</span>'


def _bar(name: str, decision: Decision) -> str:
    shares = "".join(
        f'<span class="p{k}" style="width:{p * 100:.1f}%">'
        f"{escape(f'{label} {p:.2f}') if p > 0.15 else ''}</span>"
        for k, (label, p) in enumerate(_ordered(decision), start=1)
    )
    label = "unsure" if decision.abstained else decision.label
    said = f"{name}: {label}, probability {decision.score:.2f}"
    return f'<span class="row">{escape(said)}<span class="bar">{shares}</span></span>'


def _ordered(decision: Decision) -> list[tuple[str, float]]:
    return list(decision.probabilities.items())
