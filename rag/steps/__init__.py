"""What `rag/assistant.py` does on the way to an answer, one file a step."""
