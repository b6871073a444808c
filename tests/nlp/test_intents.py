from nlp.intents import BY_NAME, INTENTS, NAMES, TAUGHT


def test_there_are_twenty_nine_intents_and_each_name_stands_once() -> None:
    assert len(INTENTS) == len(set(NAMES)) == 29
    assert len(TAUGHT) == 28


def test_every_intent_has_a_meaning_and_a_short_name_in_both_languages() -> None:
    assert all(intent.meaning and intent.vi and intent.en for intent in INTENTS)
    assert len({intent.vi for intent in INTENTS}) == len({intent.en for intent in INTENTS}) == 29


def test_only_what_needs_care_and_what_is_about_lost_money_has_a_tone() -> None:
    assert {intent.name for intent in INTENTS if intent.tone == "care"} == {
        "complaint",
        "cancel_order",
        "stop_messages",
    }
    assert {intent.name for intent in INTENTS if intent.tone == "money"} == {"payment_problem", "refund"}
    assert BY_NAME["greeting"].tone == "plain"
