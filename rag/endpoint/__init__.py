"""The language model, and whatever else answers at an endpoint."""
