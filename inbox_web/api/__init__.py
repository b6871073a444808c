"""The agents' JSON API under /api/v1: one file for each noun, one table of routes, OpenAPI made from it."""
