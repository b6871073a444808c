"""Every message found by its words: an index beside the ledger, made from it and never needed by it."""
