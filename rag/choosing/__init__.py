"""Which sentences answer: how well each does, and which of them are quoted together."""
