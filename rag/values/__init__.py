"""The short answer that a sentence gives to a question, and whether two of them agree."""
