"""The first start: an administrator, three teams with their intents, and a web chat for the demo shop."""

import secrets

import msgspec

from hub.clock import utc_now
from hub.commands.rooms import Rooms
from hub.errors import Conflict
from hub.ids import random_id
from hub.model import Account, AccountId, Agent, AgentId, Team, TeamId
from hub.safety import passwords

ADMIN_EMAIL = "admin@hub.local"
DEMO_ACCOUNT = AccountId("demo")

TEAMS: dict[str, tuple[str, ...]] = {
    "Bán hàng": (
        "ask_product",
        "ask_price",
        "ask_stock",
        "ask_promotion",
        "place_order",
        "ask_payment",
        "book_appointment",
        "business_inquiry",
    ),
    "Chăm sóc khách": (
        "complaint",
        "refund",
        "return_exchange",
        "warranty_repair",
        "payment_problem",
        "cancel_order",
        "change_order",
        "account_help",
        "talk_to_human",
        "ask_invoice",
        "stop_messages",
    ),
    "Kho & giao vận": ("order_status", "ask_delivery"),
}


class FirstLogin(msgspec.Struct, frozen=True, kw_only=True):
    """Shown once."""

    email: str
    password: str


async def prepare(rooms: Rooms) -> FirstLogin | None:
    """Make what an empty hub needs; the administrator's login when it was made now, else None."""
    if await rooms.store.agents.all():
        return None
    now, password = utc_now(), passwords.generate()
    teams = [Team(id=TeamId(random_id("t")), name=name, at=now, intents=intents) for name, intents in TEAMS.items()]
    admin = Agent(
        id=AgentId(random_id("a")),
        name="Admin",
        email=ADMIN_EMAIL,
        role="administrator",
        password=await passwords.hash_password(password),
        at=now,
    )
    try:
        await rooms.store.agents.add(admin)
    except Conflict:  # another process of the same hub was first
        return None
    for team in teams:
        await rooms.store.teams.add(team)
    await _demo_account(rooms, teams[0].id)
    return FirstLogin(email=ADMIN_EMAIL, password=password)


async def _demo_account(rooms: Rooms, team: TeamId) -> None:
    secret = msgspec.json.encode({"identity_secret": secrets.token_hex(32)})
    account = Account(
        id=DEMO_ACCOUNT,
        kind="webchat",
        name="Tiệm Trà Mộc An",
        at=utc_now(),
        team=None,
        settings={
            "origins": [],
            "color": "#3b4fb8",
            "greeting": {
                "vi": "Mộc An xin chào anh/chị 👋 Anh/chị cần em giúp gì ạ?",
                "en": "Hello from Mộc An 👋 How can we help?",
            },
            "prechat": {
                "on": False,
                "fields": [
                    {"name": "name", "required": False},
                    {"name": "phone", "required": False},
                    {"name": "email", "required": False},
                ],
            },
            "quick_replies": {
                "vi": ["Giá bao nhiêu ạ?", "Phí giao hàng?", "Gặp nhân viên"],
                "en": ["How much is it?", "Delivery fee?", "Talk to a person"],
            },
            "language": "auto",
        },
        secrets=rooms.ring.seal(f"account:{DEMO_ACCOUNT}", secret),
    )
    try:
        await rooms.store.accounts.add(account)
    except Conflict:
        return
