"""How many real mails that nobody here wrote are read as others read them?

All of them are read and given a meaning, as the hub does with a mail that came. imap-tools' 113 lie beside what it read
in them, email-reply-trimmer's 64 replies beside what people left of them. Counts, so nothing here depends on the
machine.
"""

from collections.abc import Callable

from tests.bench.figures import Figure, Goal, not_run
from tests.bench.house import Grounds
from tests.channels.email import real_mails

RAISED = Goal(
    what="mails in the fixtures: exceptions over all of them",
    unit="mails",
    sense="at most",
    must=0,
    aim=0,
    issue="channels",
)
EQUAL = {
    field: Goal(
        what=f"imap-tools' mails: {field} equal to expected", unit="of 113", must=110, aim=113, issue="channels"
    )
    for field in real_mails.FIELDS
}
RIGHT = Goal(what="email-reply-trimmer: visible text exactly right", unit="of 64", must=50, aim=58, issue="channels")
LOST = Goal(
    what="email-reply-trimmer: replies that lose all", unit="of 64", sense="at most", must=0, aim=0, issue="channels"
)
GOALS = (RAISED, *EQUAL.values(), RIGHT, LOST)


async def run(grounds: Grounds) -> list[Figure]:
    return [*_mails(), *_replies()]


def _mails() -> list[Figure]:
    if why := real_mails.WHY_NO_MAILS:
        return [not_run(goal, why) for goal in (RAISED, *EQUAL.values())]
    raws = real_mails.every_mail()
    wrong = [name for raw in raws if (name := _raised(real_mails.printed, raw) or _raised(real_mails.meant, raw))]
    beside = {"mails": str(len(raws))} | ({"raised": ", ".join(sorted(set(wrong)))} if wrong else {})
    equal = real_mails.read_like_others()
    return [
        Figure(goal=RAISED, readings=(float(len(wrong)),), beside=beside),
        *(Figure(goal=goal, readings=(float(equal[field]),)) for field, goal in EQUAL.items()),
    ]


def _raised(work: Callable[[bytes], object], raw: bytes) -> str:
    """The name of what it raises; "" when it does what it should."""
    try:
        work(raw)
    except Exception as error:
        return type(error).__name__
    return ""


def _replies() -> list[Figure]:
    if why := real_mails.WHY_NO_REPLIES:
        return [not_run(goal, why) for goal in (RIGHT, LOST)]
    cut = real_mails.cut_like_people()
    beside = {"replies": str(cut.of)}
    return [
        Figure(goal=RIGHT, readings=(float(cut.right),), beside=beside),
        Figure(goal=LOST, readings=(float(len(cut.lost)),), beside=beside),
    ]
