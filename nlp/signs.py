"""Whether a message is in a hurry and in what mood its writer is, by rule on folded words; needs no model."""

import re
from typing import Literal

import msgspec

from nlp.words import Words

Mood = Literal["good", "plain", "bad"]

_URGENT = (
    "gap|gap gap|can gap|khan cap|ngay bay gio|ngay lap tuc|lien bay gio|ngay di|lien di|cang som cang tot"
    "|som nhat|nhanh len|nhanh giup|nhanh dum|nhanh gium|le len|tre roi|khong kip|kip khong|sap bay|cap cuu"
    "|trong hom nay|urgent|urgently|asap|as soon as possible|right now|immediately|right away|emergency|hurry"
    "|quickly please"
)
_BAD = (
    "te qua|qua te|te lam|rat te|te hai|that te|that vong|chan qua|chan that|chan ghe|buc minh|buc xuc|buc qua"
    "|tuc qua|khieu nai|lua dao|bi lua|vo trach nhiem|lam an kieu gi|lam an gi|khong chap nhan|khong hai long"
    "|mat day|coi thuong|thai do te|thai do kem|thai do loi lom|khong bao gio quay lai|khong quay lai|hang gia"
    "|hang dom|boc phot|to cao|phi tien|kem qua|qua kem|ghe qua|cau tha|chui khach|coc loc|lac lao|qua dang"
    "|kho chiu|phien qua|uc che|xau qua|do qua|vo le|hon lao|dien tiet|terrible|awful|horrible|worst|unacceptable"
    "|ridiculous|disgusting|rude|disappointed|disappointing|angry|furious|scam|scammed|fed up|useless|unhappy"
    "|frustrated|frustrating|never again|a joke|waste of|pathetic|complaint|not happy|not good|very bad|so bad"
    "|upset|ripped off|annoying|annoyed"
)
_GOOD = (
    "tuyet voi|tuyet qua|hai long|rat ung|ung qua|ung lam|ung y|ngon qua|ngon lam|dep qua|dep lam|xinh qua"
    "|de thuong|nhiet tinh|me qua|me lam|thich qua|thich lam|thich ghe|xuat sac|chu dao|co tam|tan tam|tan tinh"
    "|rat tot|tot lam|qua ok|dinh cao|dang tien|se ung ho|ung ho dai|dang dong tien|cam on nhieu|love it|love the"
    "|loved|amazing|awesome|excellent|perfect|wonderful|fantastic|great|delicious|lovely|very happy|so happy"
    "|really happy|impressed|well done|brilliant|thank you so much|best in town|best coffee|will buy again"
    "|highly recommend"
)
_NOT = r"(?:khong|chua|chang|dau co|not|never|no|don't|didn't|isn't|wasn't)(?: \w+)? "
_ANGRY = re.compile("[\U0001f620\U0001f621\U0001f92c\U0001f624]|!!!")


def _any(said: str) -> re.Pattern[str]:
    return re.compile(rf" (?:{said}) ")


_urgent, _bad, _good = _any(_URGENT), _any(_BAD), _any(_GOOD)
_denied = re.compile(rf" {_NOT}(?:{_GOOD}) ")


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule may ask of a message beside its intent."""

    urgent: bool
    mood: Mood


NO_SIGNS = Signs(urgent=False, mood="plain")


def signs(message: Words, raw: str) -> Signs:
    """The signs of one message; bad outweighs good, and a good word denied is bad."""
    line = f" {' '.join(word for word in message.folded if word[0].isalnum())} "
    bad = bool(_bad.search(line) or _denied.search(line) or (_ANGRY.search(raw) and (_loud(raw) or "!" not in raw)))
    good = bool(_good.search(line))
    return Signs(urgent=bool(_urgent.search(line)), mood="bad" if bad else "good" if good else "plain")


def _loud(raw: str) -> bool:
    """Mostly capitals: shouted."""
    letters = [char for char in raw[:500] if char.isalpha()]
    return len(letters) > 8 and sum(char.isupper() for char in letters) > 0.7 * len(letters)
