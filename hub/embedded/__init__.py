"""The bundled stores: SecantusDB and Valkey as child processes on this machine, for whoever has none of their own."""

from hub.embedded.stores import Embedded, Stores, StoreUrls, join_or_start

__all__ = ["Embedded", "StoreUrls", "Stores", "join_or_start"]
