"""What a sentence, or a question, says of time, and which days that stands for."""
