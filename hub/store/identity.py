"""Which ledger this is: a name by chance, kept in it and never copied: what was made from another is seen."""

from hub.store.driver import Ledger, guarded


class Identity:
    def __init__(self, ledger: Ledger) -> None:
        self._meta = ledger.durable("meta")

    async def get(self, otherwise: str) -> str:
        """The ledger's name; one that has none is called `otherwise` from now on."""
        with guarded():
            await self._meta.update_one({"_id": "ledger"}, {"$setOnInsert": {"name": otherwise}}, upsert=True)
            row = await self._meta.find_one({"_id": "ledger"})
        return str(row["name"]) if row else otherwise
