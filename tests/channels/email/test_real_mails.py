"""Real mails that nobody here wrote, with what others read in them; skipped where they do not lie beside the checkout.

`pytest -rP` prints the figures.
"""

import pytest

from tests.channels.email import real_mails

needs_mails = pytest.mark.skipif(real_mails.WHY_NO_MAILS is not None, reason=str(real_mails.WHY_NO_MAILS))
needs_replies = pytest.mark.skipif(real_mails.WHY_NO_REPLIES is not None, reason=str(real_mails.WHY_NO_REPLIES))


@needs_mails
def test_no_mail_raises_and_each_can_be_printed() -> None:
    raws = real_mails.every_mail()
    printed = [real_mails.printed(raw) for raw in raws]
    print(f"mails read without an exception: {len(printed)} of {len(raws)}")
    assert len(printed) == len(raws) > 250


@needs_mails
def test_every_mail_of_a_mailbox_has_a_meaning() -> None:
    meant = [real_mails.meant(raw) for raw in real_mails.every_mail()]
    print(
        f"mails with a meaning: {sum(map(bool, meant))} of {len(meant)}; the others are delays and bounces of strangers"
    )
    assert len(meant) > 250


@needs_mails
def test_at_least_110_of_113_mails_are_read_as_imap_tools_reads_them() -> None:
    equal = real_mails.read_like_others()
    print("equal of 113:", equal)
    assert min(equal.values()) >= 110


@needs_replies
def test_at_least_58_of_64_replies_are_cut_as_people_cut_them_and_none_is_lost() -> None:
    cut = real_mails.cut_like_people()
    print(f"exactly right: {cut.right} of {cut.of}; lost: {len(cut.lost)}")
    assert cut.right >= 58
    assert cut.lost == ()
