"""What words say, as far as it can be told: stems, numbers, typography, and what a question asks."""
