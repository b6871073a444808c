"""The Bot API's published schema, held against what goes over the wire. It is looked for beside the checkout."""

from pathlib import Path
from typing import Any

import msgspec

PLACE = Path(__file__).parents[4] / "shared" / "fixtures" / "telegram-bot-api" / "api.json"
WHY = "the Bot API's schema (../shared/fixtures/telegram-bot-api/api.json) is not here"
PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "InputFile": (str,),  # a part of the form, by its name
}


class Schema:
    def __init__(self) -> None:
        whole = msgspec.json.decode(PLACE.read_bytes())
        self.types: dict[str, Any] = whole["types"]
        self.methods: dict[str, Any] = whole["methods"]

    def check_call(self, method: str, values: dict[str, Any], files: tuple[str, ...] = ()) -> list[str]:
        """What is wrong with a method's parameters."""
        fields = self.methods[method].get("fields", [])
        given = values | {name: f"attach://{name}" for name in files if name in {one["name"] for one in fields}}
        return self._object(method, fields, given)

    def check_result(self, method: str, result: Any) -> list[str]:
        return self._any(method, self.methods[method]["returns"], result)

    def check(self, kind: str, value: Any) -> list[str]:
        return self._any(kind, [kind], value)

    def _any(self, where: str, kinds: list[str], value: Any) -> list[str]:
        """[] when it is one of these types, else what is wrong with the nearest."""
        wrong = [self._one(where, kind, value) for kind in kinds]
        return min(wrong, key=len)

    def _one(self, where: str, kind: str, value: Any) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no array"]
            return [
                each
                for at, one in enumerate(value)
                for each in self._any(f"{where}[{at}]", kind.removeprefix("Array of ").split(" and "), one)
            ]
        if kind in PLAIN:
            right = isinstance(value, PLAIN[kind]) and (bool in PLAIN[kind] or not isinstance(value, bool))
            return [] if right else [f"{where}: {value!r} is no {kind}"]
        if subtypes := self.types[kind].get("subtypes"):
            return self._any(where, subtypes, value)
        return self._object(f"{where} ({kind})", self.types[kind].get("fields", []), value)

    def _object(self, where: str, fields: list[dict[str, Any]], value: Any) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no object"]
        known = {one["name"]: one for one in fields}
        wrong = [f"{where}: lacks {name}" for name, one in known.items() if one["required"] and name not in value]
        wrong += [f"{where}: knows no {name}" for name in value if name not in known]
        for name in value.keys() & known.keys():
            wrong += self._any(f"{where}.{name}", known[name]["types"], value[name])
        return wrong
