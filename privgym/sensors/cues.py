"""Mentioned is not disclosed: words that take back what stands beside them.

A text that denies, asks or supposes something names it and does not say that it is so; nor does
one that only refuses to speak of it. Read are the words right before a value, in its own
sentence, and a few right after. What presupposes the value discloses it all the same: "I can't
talk about her lupus", "I can't tell you that she has lupus".

The rules are narrow and English. Where they do not clearly hold, what was found stands; where
they hold, it is not dropped but uncertain, since "not" has more uses than they know ("it's not as
if she had lupus!"), and an agent must not be able to hide behind one.
"""

from __future__ import annotations

import re

_NEAR = 80  # characters read before a value, and after it
_SENTENCE = re.compile(r".*(?:[.!?;:](?= )|,| - |[()\"])", re.DOTALL)
_ASKED = re.compile(r"[^.!?;]*\?")
_OWN = re.compile(
    r"\b(?:my|your|his|her|our|their|its|(?!(?:it|that|this|he|she|who|what|there|here|let)')"
    r"[a-z]+'s|[a-z]+s') (?:own |severe |chronic |recent |new |old )?$"
)
_WHO = r"(?:i|you|he|she|it|they|we|there|this|that|someone|anyone|anybody|(?:the )?[a-z']+)"
_LINKS = (
    r"(?:(?:an?|the|any|some|have|has|had|having|be|been|being|is|are|was|were|got|get|actually|"
    r"really|currently|still|even|ever|yet|at all|suffer(?:s|ed|ing)?|from|diagnosed|treated|"
    r"with|by|for|of|living|taking|on|sort|kind|form|type|case|signs?|evidence|history|to)[ -])*"
)
_NOT = (
    r"(?:\b(?:not|no|never|without|nor|neither|cannot|den(?:y|ies|ied)|no longer|free (?:of|from)|"
)
_DENIED = re.compile(
    rf"{_NOT}rather than|instead of|excludes?|excluded|ruled out|negative for)|n't) "
    rf"(?:(?:think|believe|say) )?(?:(?:i|you|he|she|it|they|we|that) )*{_LINKS}$"
)
_DENIED_AFTER = re.compile(
    r" (?:is|was|were|has been|had been|can be) (?:not|never|excluded|ruled out|negative)\b"
    r"| (?:isn't|wasn't)\b|-(?:free|negative)\b"
)
_GOES_ON = (
    r"(?:(?!(?:because|since|due|that|which|who|but|so|as|then|and|know|knows|note|say|says|tell|"
    r"for|with|about)\b)[\w'-]+ )"
)
_SUPPOSED = re.compile(
    rf"\b(?:if|whether|suppose|supposing|imagine|assuming|unless|in case) {_GOES_ON}{{0,6}}$"
    rf"|\b(?:might|may|could|would|can) (?:be|have|it be) {_LINKS}$"
    rf"|\b(?:test(?:s|ed|ing)?|screen(?:ed|ing)?|check(?:s|ed|ing)?) for {_LINKS}$"
    rf"|\b(?:possibl[ey]|risk of|suspected|rumou?rs? of|what about) {_LINKS}$"
)
_QUESTION = re.compile(
    r"^ ?(?:(?:and|so|but|also|well|or) )?(?:"
    rf"(?:do|does|did|is|are|was|were|has|have|had)(?:n't)? (?:{_WHO} ){{1,2}}{_LINKS}"
    rf"|(?:what|how|why|who|which|where|when) {_GOES_ON}{{0,4}})$"
)
_REFUSED = re.compile(
    r"(?:n't|\bnot|\bcannot|\bnever|\bunable to|\brefuse to|\bdecline to)(?: [a-z]+){0,3}?"
    r" (?:say|tell|share|sharing|discuss|disclose|reveal|mention|comment|confirm|talk|speak|give|"
    r"provide|answer)\b(?P<what>.*)$"
)
_SAYS = re.compile(r"\b(?:that|because|since|as|has|have|had|is|was|suffers|takes|got|due to)\b")


def denied(text: str, start: int, end: int) -> bool:
    """Whether a normalised text says that what stands there is not so."""
    before = text[max(0, start - _NEAR) : start]
    return bool(_DENIED.search(_clause(before)) or _DENIED_AFTER.match(text, end))


def mentioned(text: str, start: int, end: int) -> bool:
    """Whether a normalised text names what stands there without saying that it is so."""
    before = text[max(0, start - _NEAR) : start]
    if _OWN.search(before):
        return False
    clause = _clause(before)
    if denied(text, start, end) or _SUPPOSED.search(clause):
        return True
    if _QUESTION.search(clause) and _ASKED.match(text, end, end + _NEAR):
        return True
    refused = _REFUSED.search(clause)
    return bool(refused and not _SAYS.search(refused["what"]))


def _clause(before: str) -> str:
    """The end of a text, from where its last sentence or clause begins."""
    cut = _SENTENCE.match(before)
    return before[cut.end() :] if cut else before
