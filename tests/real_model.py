"""A language model with random weights, for a real server: it reads bytes and says nonsense, at once."""

from pathlib import Path

import gguf
import numpy as np

WIDTH, INNER, HEADS, WINDOW = 64, 128, 4, 65_536
SPECIAL = ("<unk>", "<s>", "</s>")
TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


def write_model(path: Path, name: str = "tiny", seed: int = 0) -> Path:
    """A file in GGUF: one layer of llama whose tokens are the 256 bytes and the space."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_context_length(WINDOW)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    words = _add_vocabulary(writer)
    random = np.random.default_rng(seed)

    def add(tensor: str, *shape: int) -> None:
        writer.add_tensor(f"{tensor}.weight", random.normal(0, 0.3, shape).astype(np.float32))

    add("token_embd", words, WIDTH)
    add("output", words, WIDTH)
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        add(f"blk.0.{part}", WIDTH, WIDTH)
    for part in ("ffn_gate", "ffn_up"):
        add(f"blk.0.{part}", INNER, WIDTH)
    add("blk.0.ffn_down", WIDTH, INNER)
    for norm in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{norm}.weight", np.ones(WIDTH, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_vocabulary(writer: gguf.GGUFWriter) -> int:
    """Returns the number of its tokens. A space is one of its own: that tokenizer writes it as another character."""
    tokens = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), "▁"]
    types = [gguf.TokenType.UNKNOWN, *2 * [gguf.TokenType.CONTROL], *256 * [gguf.TokenType.BYTE], gguf.TokenType.NORMAL]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(types)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)
    return len(tokens)
