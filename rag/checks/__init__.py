"""Whether a quote carries a claim: reading both, laying one over the other, and naming what differs."""
