"""The API's own papers: OpenAPI 3.1 made from the table of routes, and a page to read it on without any script."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import msgspec

from inbox_web.api.route import Route
from inbox_web.problems import KINDS, Problem

PREFIX = "/api/v1"

Document = dict[str, Any]


def openapi(routes: Sequence[Route]) -> Document:
    """The whole document, as plain data."""
    kinds = {kind for route in routes for kind in (route.takes, route.gives) if kind is not None}
    ordered = [*sorted(kinds, key=lambda kind: str(kind.__name__)), Problem]
    _, components = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    paths: Document = {}
    for route in routes:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hub API",
            "version": "1",
            "description": "Times are UTC. Lists are paged by `cursor`. Errors are application/problem+json; "
            f"their slugs: {', '.join(sorted({kind.slug for kind in KINDS.values()}))}. Every POST carries an "
            "Idempotency-Key: the same key and body again get the same answer for 24 hours.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "hub_session"}},
        },
        "security": [{"session": []}],
    }


def _operation(route: Route) -> Document:
    operation: Document = {
        "summary": route.summary,
        "operationId": _operation_id(route),
        "tags": [route.path.split("/")[1]],
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_key_parameter(route)],
        "responses": {str(route.status): _answer(route), "default": _problem()},
    }
    if route.takes is not None and route.method != "GET":
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(route.takes)}}}
    if route.right == "settings":
        operation["description"] = "For administrators."
    return operation


def _operation_id(route: Route) -> str:
    return route.method.lower() + "".join(part.capitalize() for part in re.findall(r"[a-z_]+", route.path))


def _ref(kind: type) -> Document:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _path_parameters(route: Route) -> list[Document]:
    names = re.findall(r"{(\w+)}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(route: Route) -> list[Document]:
    if route.method != "GET" or route.takes is None:
        return []
    schema = msgspec.json.schema(route.takes)
    fields = next(iter(schema["$defs"].values()))["properties"]
    return [{"name": name, "in": "query", "schema": field} for name, field in fields.items()]


def _key_parameter(route: Route) -> list[Document]:
    if not route.wants_key:
        return []
    return [{"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "minLength": 8}}]


def _answer(route: Route) -> Document:
    if route.gives is None:
        return {"description": "Done." if route.status == 204 else "The file."}
    return {"description": "OK", "content": {"application/json": {"schema": _ref(route.gives)}}}


def _problem() -> Document:
    return {"description": "What went wrong.", "content": {"application/problem+json": {"schema": _ref(Problem)}}}


def page(routes: Sequence[Route]) -> str:
    """The document for people: one section a noun, one line a route, the shapes below."""
    document = openapi(routes)
    nouns: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            nouns.setdefault(operation["tags"][0], []).append(_line(method, path, operation))
    sections = "".join(
        f'<section id="{escape(noun)}"><h2>{escape(noun)}</h2>{"".join(lines)}</section>'
        for noun, lines in nouns.items()
    )
    shapes = "".join(_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    menu = "".join(f'<li><a href="#{escape(noun)}">{escape(noun)}</a></li>' for noun in nouns)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hub API</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="stylesheet" href="/api/docs.css"></head><body><nav aria-label="Nouns"><ul>'
        f'{menu}<li><a href="#shapes">shapes</a></li></ul></nav><main><h1>Hub API</h1>'
        f"<p>{escape(document['info']['description'])}</p>"
        f'<p>For programs: <a href="/api/openapi.json">openapi.json</a></p>{sections}'
        f'<section id="shapes"><h2>shapes</h2>{shapes}</section></main></body></html>'
    )


def _line(method: str, path: str, operation: Document) -> str:
    takes = _name(operation.get("requestBody", {}))
    gives = "".join(_name(answer) for code, answer in operation["responses"].items() if code != "default")
    query = " ".join(f"<code>{escape(one['name'])}</code>" for one in operation["parameters"] if one["in"] == "query")
    facts = [f"query {query}" if query else "", f"takes {takes}" if takes else "", f"gives {gives}" if gives else ""]
    note = escape(operation.get("description", ""))
    return (
        f'<article><h3><span class="m">{method.upper()}</span> <code>{escape(path)}</code></h3>'
        f"<p>{escape(operation['summary'])}. {note}</p><p>{' · '.join(fact for fact in facts if fact)}</p></article>"
    )


def _name(body: Document) -> str:
    for content in body.get("content", {}).values():
        name = content["schema"]["$ref"].rsplit("/", 1)[1]
        return f'<a href="#{name}">{name}</a>'
    return ""


def _shape(name: str, schema: Document) -> str:
    fields = schema.get("properties", {})
    wanted = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{escape(_type(of))}</td>"
        f"<td>{'required' if field in wanted else ''}</td></tr>"
        for field, of in fields.items()
    )
    said = escape(schema.get("description", ""))
    return f'<article id="{name}"><h3>{name}</h3><p>{said}</p><table>{rows}</table></article>'


def _type(schema: Document) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items']) if schema.get('items') else 'anything'}"
    return str(schema.get("format") or schema.get("type") or "anything")


STYLE = """
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; }
h1 { font-size: 26px; } h2 { font-size: 20px; margin-top: 2rem; } h3 { font-size: 14px; margin: 0; }
article { border-top: 1px solid #8886; padding: .6rem 0; } article p { margin: .15rem 0; }
.m { display: inline-block; min-width: 4.5em; font-weight: 600; }
table { border-collapse: collapse; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
"""
