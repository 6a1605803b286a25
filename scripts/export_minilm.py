"""all-MiniLM-L6-v2 as a graph without weights (index/minilm.onnx), and the vectors that it must give.

A developer runs this once, in an environment of its own: the result is committed and nothing here is needed after.

    pip install torch onnx sentence-transformers
    python scripts/export_minilm.py FOLDER  # of the published model: config.json, model.safetensors, …

The graph is written out by hand rather than traced, with onnxruntime's own fused operators. Its weights are external
and have the names and shapes of the published file; joins and transpositions are part of the graph, and onnxruntime
computes them once, when the session is made.
"""

import base64
import json
import math
import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

ROOT = Path(__file__).parents[1]
GRAPH = ROOT / "index" / "minilm.onnx"
REFERENCE = ROOT / "tests" / "minilm_reference.json"
WIDTH, INNER, LAYERS, HEADS, POSITIONS, WORDS = 384, 1_536, 6, 12, 512, 30_522
FUSED = "com.microsoft"


class GraphBuilder:
    """Nodes and weights in the order in which they are asked for; a tensor is known by its name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        output = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def constant(self, *values: int) -> str:
        return self.node("Constant", value_ints=values)

    def weight(self, name: str, *shape: int) -> str:
        tensor = TensorProto(name=name, dims=shape, data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", "model.safetensors"), ("offset", 0), ("length", 4 * math.prod(shape))):
            tensor.external_data.add(key=key, value=str(value))
        self.weights.append(tensor)
        return name

    def matrix(self, layer: str, inputs: int, outputs: int) -> str:
        """The weight of a linear layer, as a factor from the right."""
        return self.node("Transpose", self.weight(f"{layer}.weight", outputs, inputs), perm=[1, 0])

    def norm(self, layer: str) -> tuple[str, str]:
        return self.weight(f"{layer}.weight", WIDTH), self.weight(f"{layer}.bias", WIDTH)


def build_graph() -> onnx.ModelProto:
    """Inputs ids (int64) and mask (int32), both (texts, tokens); output vectors (float32, unit), (texts, 384)."""
    graph = GraphBuilder()
    hidden = _embeddings(graph)
    for number in range(LAYERS):
        hidden = _layer(graph, f"encoder.layer.{number}", hidden)
    # The mean over the tokens that are no padding; the division by their number falls away with the normalisation.
    weights = graph.node("Unsqueeze", graph.node("Cast", "mask", to=TensorProto.FLOAT), graph.constant(1))
    summed = graph.node("Squeeze", graph.node("MatMul", weights, hidden), graph.constant(1))
    graph.nodes.append(helper.make_node("LpNormalization", [summed], ["vectors"], axis=-1, p=2))
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
        helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "tokens"]),
    ]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])
    return helper.make_model(
        helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], graph.weights),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)],
        ir_version=8,
    )


def _embeddings(graph: GraphBuilder) -> str:
    words = graph.node("Gather", graph.weight("embeddings.word_embeddings.weight", WORDS, WIDTH), "ids")
    tokens = graph.node("Slice", graph.node("Shape", "ids"), graph.constant(1), graph.constant(2))
    positions = graph.weight("embeddings.position_embeddings.weight", POSITIONS, WIDTH)
    positions = graph.node("Slice", positions, graph.constant(0), tokens)
    kinds = graph.weight("embeddings.token_type_embeddings.weight", 2, WIDTH)
    first_kind = graph.node("Slice", kinds, graph.constant(0), graph.constant(1))
    summed = graph.node("Add", words, graph.node("Add", positions, first_kind))
    return graph.node("LayerNormalization", summed, *graph.norm("embeddings.LayerNorm"), axis=-1, epsilon=1e-12)


def _layer(graph: GraphBuilder, name: str, hidden: str) -> str:
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    joined = graph.node("Concat", *(graph.weight(f"{part}.weight", WIDTH, WIDTH) for part in parts), axis=0)
    projection = graph.node("Transpose", joined, perm=[1, 0])
    bias = graph.node("Concat", *(graph.weight(f"{part}.bias", WIDTH) for part in parts), axis=0)
    attended = graph.node("Attention", hidden, projection, bias, "mask", domain=FUSED, num_heads=HEADS)
    hidden = _add_and_norm(graph, f"{name}.attention.output", attended, WIDTH, hidden)
    inner = graph.node("MatMul", hidden, graph.matrix(f"{name}.intermediate.dense", WIDTH, INNER))
    inner_bias = graph.weight(f"{name}.intermediate.dense.bias", INNER)
    inner = graph.node("BiasGelu", inner, inner_bias, domain=FUSED)  # the exact gelu
    return _add_and_norm(graph, f"{name}.output", inner, INNER, hidden)


def _add_and_norm(graph: GraphBuilder, name: str, inputs: str, width: int, hidden: str) -> str:
    product = graph.node("MatMul", inputs, graph.matrix(f"{name}.dense", width, WIDTH))
    norm = graph.norm(f"{name}.LayerNorm")
    bias = graph.weight(f"{name}.dense.bias", WIDTH)
    return graph.node("SkipLayerNormalization", product, hidden, *norm, bias, domain=FUSED, epsilon=1e-12)


def reference_texts() -> list[str]:
    """Every length from nothing to more than the 256 tokens that count, and what tokenizers trip over."""
    article = next(iter(sorted((ROOT / "seeds").glob("*.txt")))).read_text(encoding="utf-8")
    words = article.split()
    lengths = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 120, 144, 170, 190, 200, 205, 210, 220, 233, 260, 300)
    return [
        *("", " ", "a", "?", "\n\n", "\x00\x01\x07", "tab\tand\r\nlines\x0bhere\x00", "\u200b\u00ad"),
        *("strike " * count for count in (253, 254, 255, 1_000)),
        *(" ".join(words[:count]) for count in lengths),
        "HOW MANY STRIKES HAD US AIRCRAFT CARRIED OUT IN SIRTE?",
        "How many strikes had US aircraft carried out in Sirte?",
        "Misrata's fighters didn't retreat – they'd “won”, it said…",
        "Ça coûte 1 234,50 € à l'École ; straße, naïve, İstanbul",
        "北京的天气很好。東京タワー 서울",
        "Москва, ليبيا, ελληνικά, עברית, हिन्दी, ไทย",
        "😀 👩‍👩‍👧 🇱🇾 ok 👍🏽",
        "x" * 99 + " " + "y" * 101,
        "[CLS] a [SEP] b [MASK] [PAD] [UNK] <s> </s>",
        "https://example.org/a?b=c&d=%20#e user@example.org C++ f(x)=x^2 \\alpha",
    ]


def reference_vectors(folder: str, texts: list[str]) -> list[str]:
    """Base64 of little-endian float32, from the model as its authors' library runs it."""
    from sentence_transformers import SentenceTransformer

    vectors = SentenceTransformer(folder, device="cpu").encode(texts, batch_size=1)
    return [base64.b64encode(vector.astype("<f4").tobytes()).decode() for vector in vectors]


def main() -> None:
    model = build_graph()
    GRAPH.write_bytes(model.SerializeToString())
    texts = reference_texts()
    cases = [
        {"text": text, "vector": vector}
        for text, vector in zip(texts, reference_vectors(sys.argv[1], texts), strict=True)
    ]
    REFERENCE.write_text(json.dumps(cases, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
