"""Questions that a person may be shown, made from sentences that answer them."""
