"""The JSON API: lists, threads, replies; every POST done once; what cannot be used is refused with its place."""

import io
from typing import Any

import msgspec
import pytest

from hub.model import Tag
from hub.people import consent
from inbox_web.tally import TALLY
from tests.inbox_web.rows import BEGAN, NEWEST, add_words, row

V1 = "/api/v1"


async def read_again(hub: Any) -> None:
    """What was written past the event log is seen when the tally reads everything anew."""
    await hub.client.app[TALLY].read()


async def listed(hub: Any, query: str = "") -> list[str]:
    return [one["name"] for one in (await (await hub.get(f"{V1}/conversations?{query}")).json())["items"]]


# -- lists ------------------------------------------------------------------------------------------------------------


async def test_pages_of_the_list_follow_each_other_without_gap_or_repetition(shop: Any) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = await (await shop.get(f"{V1}/conversations?limit=4{cursor}")).json()
        seen += [one["name"] for one in page["items"]]
        cursor = f"&cursor={page['next']}"

    assert seen == ["Đặng Thị Huyền", *(f"Khách {number}" for number in reversed(range(11)))]
    assert page["next"] is None


async def test_rows_of_the_same_moment_are_not_lost_between_pages(hub: Any) -> None:
    await hub.sign_in()
    same = [msgspec.structs.replace(row(number, f"Khách {number}"), last=BEGAN) for number in range(5)]
    await hub.parts.store.conversations.open(same)

    first = await (await hub.get(f"{V1}/conversations?limit=3")).json()
    rest = await (await hub.get(f"{V1}/conversations?limit=3&cursor={first['next']}")).json()

    assert len({one["id"] for one in first["items"] + rest["items"]}) == 5


async def test_views_and_filters_narrow_the_list(shop: Any) -> None:
    me = (await (await shop.get(f"{V1}/session")).json())["agent"]["id"]
    await shop.parts.store.conversations.change(row(3).id, {"agent": me})
    await shop.parts.store.conversations.change(row(4).id, {"state": "resolved"})
    await shop.parts.store.conversations.change(row(5).id, {"waiting": BEGAN})
    await shop.parts.store.conversations.label(row(6).id, ["vip"], [])
    await read_again(shop)

    assert await listed(shop, "view=mine") == ["Khách 3"]
    assert await listed(shop, "view=resolved") == ["Khách 4"]
    assert await listed(shop, "view=waiting") == ["Khách 5"]
    assert await listed(shop, "label=vip") == ["Khách 6"]
    assert await listed(shop, "view=snoozed") == []
    assert "Khách 3" not in await listed(shop, "view=unassigned")
    assert len(await listed(shop, "view=all")) == 12


async def test_a_search_needs_no_accents(shop: Any) -> None:
    assert await listed(shop, "q=dang huyen") == ["Đặng Thị Huyền"]
    assert await listed(shop, "q=nobody") == []


async def test_counts_say_how_many_are_where(shop: Any) -> None:
    await shop.parts.store.conversations.change(row(5).id, {"waiting": BEGAN})
    await read_again(shop)

    counts = await (await shop.get(f"{V1}/counts")).json()

    assert (counts["open"], counts["mine"], counts["unassigned"], counts["waiting"]) == (12, 0, 12, 1)
    assert counts["channels"] == {"webchat": 12}


@pytest.mark.parametrize("query", ["view=everything", "limit=many", "cursor=%%%", "cursor=bm9wZQ"])
async def test_a_query_that_cannot_be_used_is_refused(shop: Any, query: str) -> None:
    answer = await shop.get(f"{V1}/conversations?{query}")

    assert answer.status == 400
    assert answer.content_type == "application/problem+json"
    assert (await answer.json())["field"] == query.partition("=")[0]


# -- threads ----------------------------------------------------------------------------------------------------------


async def test_a_thread_is_read_backwards_in_windows_of_its_numbers(shop: Any) -> None:
    await add_words(shop, NEWEST, *(f"lời {number}" for number in range(1, 8)))

    last = await (await shop.get(f"{V1}/conversations/{NEWEST}/messages?limit=3")).json()
    before = await (await shop.get(f"{V1}/conversations/{NEWEST}/messages?limit=3&before=5")).json()
    first = await (await shop.get(f"{V1}/conversations/{NEWEST}/messages?limit=3&before=2")).json()
    after = await (await shop.get(f"{V1}/conversations/{NEWEST}/messages?limit=3&after=2")).json()

    assert ([one["seq"] for one in last["items"]], last["more"]) == ([5, 6, 7], True)
    assert ([one["seq"] for one in before["items"]], before["more"]) == ([2, 3, 4], True)
    assert ([one["seq"] for one in first["items"]], first["more"]) == ([1], False)
    assert ([one["seq"] for one in after["items"]], after["more"]) == ([3, 4, 5], True)


async def test_a_reply_without_seen_is_refused_and_a_note_needs_none(shop: Any) -> None:
    path = f"{V1}/conversations/{NEWEST}/messages"

    reply = await shop.post(path, {"kind": "reply", "text": "Dạ"})
    note = await shop.post(path, {"kind": "note", "text": "khách quen"})

    assert reply.status == 428
    assert (await reply.json())["type"] == "about:blank#seen-missing"
    assert (note.status, (await note.json())["kind"]) == (201, "note")


async def test_a_second_answer_gets_the_first_ones_words(shop: Any) -> None:
    await add_words(shop, NEWEST, "Dạ em đây", kind="out", author="a_mai")
    path = f"{V1}/conversations/{NEWEST}/messages"

    answer = await shop.post(path, {"kind": "reply", "text": "Dạ", "seen": 0})

    assert answer.status == 409
    problem = await answer.json()
    assert problem["type"] == "about:blank#answered"
    assert [one["text"] for one in problem["answers"]] == ["Dạ em đây"]


async def test_the_same_key_and_body_is_written_once_and_answered_the_same(shop: Any) -> None:
    path = f"{V1}/conversations/{NEWEST}/messages"
    wish = {"kind": "reply", "text": "Dạ", "seen": 0}

    first = await shop.post(path, wish, key="my-first-key")
    again = await shop.post(path, wish, key="my-first-key")
    thread = await (await shop.get(path)).json()

    assert (first.status, again.status) == (201, 201)
    assert await first.read() == await again.read()
    assert len(thread["items"]) == 1


async def test_the_same_key_with_another_body_is_a_conflict(shop: Any) -> None:
    path = f"{V1}/conversations/{NEWEST}/messages"
    await shop.post(path, {"kind": "note", "text": "một"}, key="my-first-key")

    answer = await shop.post(path, {"kind": "note", "text": "hai"}, key="my-first-key")

    assert answer.status == 409
    assert (await answer.json())["type"] == "about:blank#conflict"


async def test_a_post_without_a_key_is_refused(shop: Any) -> None:
    answer = await shop.client.post(
        f"{V1}/conversations/{NEWEST}/messages", json={"text": "x"}, headers={"Origin": shop.origin}
    )

    assert answer.status == 400
    assert (await answer.json())["field"] == "Idempotency-Key"


async def test_wrong_bodies_say_which_field_is_wrong(shop: Any) -> None:
    path = f"{V1}/conversations/{NEWEST}/messages"

    wrong = await shop.post(path, {"kind": "reply", "text": 5})
    broken = await shop.client.post(path, data=b"{", headers={"Origin": shop.origin, "Idempotency-Key": "12345678"})
    headers = {"Origin": shop.origin, "Idempotency-Key": "12345678"}
    large = await shop.client.post(path, data=io.BytesIO(b"x" * 1_100_000), headers=headers)

    assert (wrong.status, (await wrong.json())["field"]) == (400, "text")
    assert (broken.status, large.status) == (400, 413)
    assert large.content_type == "application/problem+json"


async def test_resolving_after_the_customer_wrote_again_is_a_conflict(shop: Any) -> None:
    await add_words(shop, NEWEST, "một", "hai")

    stale = await shop.patch(f"{V1}/conversations/{NEWEST}", {"state": "resolved", "seen": 1})
    fresh = await shop.patch(f"{V1}/conversations/{NEWEST}", {"state": "resolved", "seen": 2})

    assert (stale.status, fresh.status) == (409, 200)
    assert (await fresh.json())["state"] == "resolved"


async def test_changes_are_entries_and_shown_in_the_row(shop: Any) -> None:
    me = (await (await shop.get(f"{V1}/session")).json())["agent"]["id"]

    changed = await shop.patch(f"{V1}/conversations/{NEWEST}", {"agent": me, "add_labels": [" vip "]})
    thread = await (await shop.get(f"{V1}/conversations/{NEWEST}/messages")).json()
    unknown = await shop.patch(f"{V1}/conversations/{NEWEST}", {"agent": "a_nobody"})

    assert ((await changed.json())["agent"], (await changed.json())["labels"]) == (me, ["vip"])
    assert [one["change"]["verb"] for one in thread["items"]] == ["assigned", "labelled"]
    assert (unknown.status, (await unknown.json())["field"]) == (400, "agent")


async def test_a_priority_is_set_by_somebody_and_shown_in_the_row(shop: Any) -> None:
    me = (await (await shop.get(f"{V1}/session")).json())["agent"]["id"]

    changed = await shop.patch(f"{V1}/conversations/{NEWEST}", {"priority": "urgent"})
    again = await shop.patch(f"{V1}/conversations/{NEWEST}", {"priority": "urgent"})
    unknown = await shop.patch(f"{V1}/conversations/{NEWEST}", {"priority": "huge"})

    thread = await (await shop.get(f"{V1}/conversations/{NEWEST}/messages")).json()
    said = [(one["author"]["id"], one["change"]["verb"], one["change"]["to"]) for one in thread["items"]]
    assert ((await changed.json())["priority"], again.status) == ("urgent", 200)
    assert said == [(me, "priority", "urgent")]
    assert (unknown.status, (await unknown.json())["field"]) == (400, "priority")


async def test_what_is_read_is_read_for_the_whole_team(shop: Any) -> None:
    await add_words(shop, NEWEST, "một", "hai")

    done = await shop.put(f"{V1}/conversations/{NEWEST}/read", {"seq": 2})
    one = await (await shop.get(f"{V1}/conversations/{NEWEST}")).json()

    assert done.status == 204
    assert one["conversation"]["read"] == 2


# -- people -----------------------------------------------------------------------------------------------------------


async def test_a_person_has_one_timeline_over_all_conversations(shop: Any) -> None:
    await add_words(shop, NEWEST, "một", "hai", "ba")

    page = await (await shop.get(f"{V1}/contacts/c_11/timeline?limit=2")).json()
    before = await (
        await shop.get(
            f"{V1}/contacts/c_11/timeline",
        )
    ).json()

    assert ([one["text"] for one in page["items"]], page["more"]) == (["hai", "ba"], True)
    assert [one["text"] for one in before["items"]] == ["một", "hai", "ba"]


@pytest.mark.parametrize("path", ["contacts/c_11/timeline", f"conversations/{NEWEST}/messages"])
async def test_entries_are_on_the_disk_before_anybody_reads_them(shop: Any, path: str) -> None:
    async def flushes() -> int:
        row = await shop.parts.store.ledger.light("cursors").find_one({"_id": "flush"})
        return row["n"] if row else 0

    before = await flushes()
    answer = await shop.get(f"{V1}/{path}")

    assert (answer.status, await flushes()) == (200, before + 1)


async def test_a_renamed_person_has_the_new_name_in_every_row(shop: Any) -> None:
    answer = await shop.patch(f"{V1}/contacts/c_11", {"name": "Huyền", "facts": {"phone": "0901234567"}})

    contact = await answer.json()
    assert (contact["name"], contact["facts"]) == ("Huyền", {"phone": "0901234567"})
    assert (await listed(shop))[0] == "Huyền"


async def test_whoever_wants_no_advertising_is_shown_so_until_somebody_says_why_not(shop: Any) -> None:
    await add_words(shop, NEWEST, "đừng nhắn nữa")
    [message] = await shop.parts.store.messages.by_ids([f"m_{NEWEST}_đừng nhắn nữa"])
    tag = Tag(intent="stop_messages", confidence=0.9, band="route", language="vi", model="m")
    await consent.heed(shop.parts.store, [msgspec.structs.replace(message, tag=tag)])

    before = (await (await shop.get(f"{V1}/contacts/c_11")).json())["consents"]
    ids = [one["id"] for one in before]
    silent = await shop.post(f"{V1}/contacts/c_11/consents/lift", {"ids": ids, "reason": " "})
    another = await shop.post(f"{V1}/contacts/c_10/consents/lift", {"ids": ids, "reason": "nhầm khách"})
    live = await shop.live()
    lifted = await shop.post(f"{V1}/contacts/c_11/consents/lift", {"ids": ids, "reason": "Chị gọi lại"})
    told = await live.item("contact.changed")

    after = (await lifted.json())["consents"]
    assert [(one["says"], one["message"], one["sure"]) for one in before] == [("stop", message.id, True)]
    assert (silent.status, (await silent.json())["field"], another.status) == (400, "reason", 404)
    assert [(one["says"], one["by"]["name"], one["reason"]) for one in after[1:]] == [("lift", "Lan", "Chị gọi lại")]
    assert (told["contact"], told["set"]["consents"]) == ("c_11", after)


async def test_a_refusal_on_the_phone_is_written_down_and_lifted(shop: Any) -> None:
    path = f"{V1}/contacts/c_11/consents"
    silent = await shop.post(f"{path}/stop", {"reason": " "})
    answers = [await shop.post(f"{path}/stop", {"reason": "Chị gọi tới"}, key="the-same-key") for _ in range(2)]
    [stop] = (await answers[1].json())["consents"]
    lifted = await (await shop.post(f"{path}/lift", {"ids": [stop["id"]], "reason": "Chị đổi ý"})).json()

    assert (silent.status, (await silent.json())["field"], answers[0].status) == (400, "reason", 200)
    assert (stop["says"], stop["by"]["name"], stop["reason"], stop["message"]) == ("stop", "Lan", "Chị gọi tới", None)
    assert [one["lifts"] for one in lifted["consents"]] == [None, stop["id"]]


async def test_people_are_found_without_accents(shop: Any) -> None:
    found = await (await shop.get(f"{V1}/contacts?q=dang")).json()

    assert [one["name"] for one in found["items"]] == ["Đặng Thị Huyền"]


# -- papers -----------------------------------------------------------------------------------------------------------


async def test_the_papers_name_every_route_and_every_shape(hub: Any) -> None:
    document = await (await hub.get("/api/openapi.json")).json()
    page = await (await hub.get("/api/docs")).text()
    routed = {
        resource.canonical.replace(r"{index:\d{1,3}}", "{index}")
        for resource in hub.client.app.router.resources()
        if resource.canonical.startswith("/api/v1/")
    }

    assert document["openapi"] == "3.1.0"
    assert routed == set(document["paths"])
    assert all(path in page for path in routed)
    assert "<script" not in page and "style=" not in page


async def test_an_address_that_is_not_there_is_a_problem_for_programs(hub: Any) -> None:
    answer = await hub.get("/api/v1/nothing")
    method = await hub.client.post("/api/v1/bootstrap")

    assert (answer.status, answer.content_type) == (404, "application/problem+json")
    assert (method.status, method.headers["Allow"]) == (405, "GET,HEAD")
