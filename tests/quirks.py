"""What endpoints that call themselves OpenAI-compatible really do: one scene for each, with its public thread.

`SCENES` by name for a `QuirkServer`; a scene's name is its function's, its docstring the quirk.
"""

from collections.abc import Callable

from fastapi import Response
from fastapi.responses import HTMLResponse, JSONResponse
from quirk_server import DONE, NOT_FOUND, SSE, Act, Scene, Visit, event, list_models, pieces_of

SCENES: dict[str, Scene] = {}
WINDOW = 1_200  # characters that survive where a prompt is cut without a word
ODD_MODEL = "hf.co/some-one/Tiny-GGUF:Q4_K_M"
THOUGHT = "The articles count strikes twice. I could say 29 [12], or 36."


def scene(thread: str, models: Act = list_models) -> Callable[[Act], Act]:
    def add(act: Act) -> Act:
        name = act.__name__.strip("_").replace("_", "-")
        SCENES[name] = Scene(name, thread, act, models)
        return act

    return add


def streamed(visit: Visit, *before: bytes, finish: str | None = "stop", then: str = "end", text: str = "") -> Response:
    """The right answer in a stream, without counts."""
    chunks = [event(visit.chunk(piece)) for piece in pieces_of(text or visit.server.reply(visit.prompt))]
    last = [event(visit.chunk(finish=finish)), DONE] if finish else []
    return visit.stream([*before, *chunks, *last], then=then)


# --- what it says


@scene("none: how it should be")
def flawless(visit: Visit) -> Response:
    """Nothing is wrong."""
    return visit.answer()


@scene("ollama/ollama#3839, ollama/ollama#17427")
def silent_truncation(visit: Visit) -> Response:
    """The start of a long prompt is thrown away; only the counts tell."""
    return visit.answer(prompt=visit.prompt[-WINDOW:])


@scene("lmstudio-ai/lmstudio-bug-tracker#189")
def json_object_refused(visit: Visit) -> Response:
    """`response_format` is json_schema or text."""
    if (visit.body.get("response_format") or {}).get("type") == "json_object":
        return JSONResponse({"error": "'response_format.type' must be 'json_schema' or 'text'"}, 400)
    return visit.answer()


@scene("ollama/ollama#17183, BerriAI/litellm#7131")
def free_text_for_a_schema(visit: Visit) -> Response:
    """A schema is taken and not kept to."""
    return visit.answer("Sure! Here you are." if "response_format" in visit.body else None)


@scene("langgenius/dify-plugin-sdks#213")
def think_block(visit: Visit) -> Response:
    """The model's thoughts stand before its answer."""
    return visit.answer(f"<think>\n{THOUGHT}\n</think>\n\n{visit.server.reply(visit.prompt)}")


@scene("openclaw/openclaw#37703, lobehub/lobehub#5672")
def think_unclosed(visit: Visit) -> Response:
    """The thoughts never end."""
    return visit.answer(f"<think>\n{THOUGHT} {visit.server.reply(visit.prompt)}")


@scene("ItzCrazyKns/Vane#1034, oobabooga/textgen#7102")
def think_unopened(visit: Visit) -> Response:
    """The chat template has opened the thoughts: only their end is sent."""
    return visit.answer(f"{THOUGHT}\n</think>\n\n{visit.server.reply(visit.prompt)}")


@scene("lmstudio-ai/lmstudio-bug-tracker#1602, mem0ai/mem0#4937")
def reasoning_only(visit: Visit) -> Response:
    """All that comes is `reasoning_content`."""
    if not visit.body.get("stream"):
        return JSONResponse(visit.whole("", visit.prompt, reasoning_content=THOUGHT))
    thoughts = [event(visit.chunk(None, reasoning_content=piece)) for piece in pieces_of(THOUGHT)]
    return visit.stream([*thoughts, event(visit.chunk(finish="stop")), DONE])


@scene("NousResearch/hermes-agent#43900, mindcraft-bots/mindcraft#789")
def stopped_at_the_limit(visit: Visit) -> Response:
    """The answer ends in the middle: `finish_reason` is "length"."""
    text = visit.server.reply(visit.prompt) + " And the"
    if not visit.body.get("stream"):
        return JSONResponse(visit.whole(text, visit.prompt, "length"))
    return streamed(visit, finish="length", text=text)


@scene("InternLM/MindSearch#310")
def empty_choices(visit: Visit) -> Response:
    """An answer without a choice in it."""
    if not visit.body.get("stream"):
        return JSONResponse({**visit.whole(""), "choices": []})
    return visit.stream([event({**visit.chunk(), "choices": []}), DONE])


@scene("pydantic/pydantic-ai#164, AndraxDev/speak-gpt#162")
def empty_choices_first(visit: Visit) -> Response:
    """The first chunk has no choice, only what a filter found."""
    if not visit.body.get("stream"):
        return visit.answer()
    return streamed(visit, event({**visit.chunk(), "choices": [], "prompt_filter_results": []}))


@scene("vllm-project/vllm#45736, langchain-ai/langchain#35236")
def null_content(visit: Visit) -> Response:
    """Content is null, and so is what should be a list."""
    if not visit.body.get("stream"):
        return JSONResponse(visit.whole(None))
    chunks = [visit.chunk(None), {**visit.chunk(), "choices": None}, visit.chunk(None, finish="stop")]
    return visit.stream([*map(event, chunks), DONE])


@scene("Budibase/budibase#18053")
def unasked_tool_calls(visit: Visit) -> Response:
    """A tool is called that nobody offered; the answer comes beside it."""
    call = {"index": 0, "id": "1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
    if not visit.body.get("stream"):
        return JSONResponse(visit.whole(visit.server.reply(visit.prompt), visit.prompt, tool_calls=[call]))
    return streamed(visit, event(visit.chunk(None, tool_calls=[call])))


@scene("ollama/ollama#4054, ggml-org/llama.cpp#6638")
def endless(visit: Visit) -> Response:
    """The model never stops."""
    return visit.stream([event(visit.chunk("strikes and "))], again=True)


# --- counts


@scene("BerriAI/litellm#3490")
def usage_missing(visit: Visit) -> Response:
    """The counts asked for never come."""
    if visit.body.get("stream"):
        return streamed(visit)
    return JSONResponse(
        {name: value for name, value in visit.whole(visit.server.reply(visit.prompt)).items() if name != "usage"}
    )


@scene("Routstr/routstr-core#543")
def usage_in_the_last_chunk(visit: Visit) -> Response:
    """The counts come in the chunk that ends the answer, not in one of their own."""
    if not visit.body.get("stream"):
        return visit.answer()
    text = visit.server.reply(visit.prompt)
    last = {**visit.chunk(text, finish="stop"), "usage": visit.usage(visit.prompt, text)}
    return visit.stream([event(last), DONE])


# --- what it refuses


@scene("vllm-project/vllm#2964, abetlen/llama-cpp-python#1580")
def system_role_refused(visit: Visit) -> Response:
    """Gemma's template knows no role `system`."""
    return visit.refuse(400, "System role not supported") if visit.has("system") else visit.answer()


@scene("vllm-project/vllm#6862")
def roles_must_alternate(visit: Visit) -> Response:
    """Mistral's template wants user and assistant in turn, and nobody else."""
    roles = [message["role"] for message in visit.body["messages"]]
    if roles != [("user", "assistant")[place % 2] for place in range(len(roles))]:
        return visit.refuse(400, "Conversation roles must alternate user/assistant/user/assistant/...")
    return visit.answer()


@scene("FlowiseAI/Flowise#2866, microsoft/semantic-kernel#10510")
def stream_options_refused(visit: Visit) -> Response:
    """`stream_options` is not known."""
    if "stream_options" in visit.body:
        return visit.refuse(400, "Extra inputs are not permitted, field: 'stream_options'")
    return visit.answer()


@scene("openai/openai-agents-python#442")
def usage_refused(visit: Visit) -> Response:
    """The same with 422, and the reason in a list of its own."""
    if "stream_options" in visit.body:
        detail = [{"type": "extra_forbidden", "loc": ["body", "stream_options", "include_usage"], "input": True}]
        return JSONResponse({"object": "error", "message": {"detail": detail}}, 422)
    return visit.answer()


@scene("teilomillet/gollm#33, griptape-ai/ComfyUI-Griptape#312")
def max_tokens_refused(visit: Visit) -> Response:
    """Reasoning models want `max_completion_tokens`, and no temperature."""
    if "max_tokens" in visit.body:
        said = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        return visit.refuse(400, said, param="max_tokens")
    if visit.body.get("temperature", 1) != 1:
        said = "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is supported."
        return visit.refuse(400, said, param="temperature")
    return visit.answer()


@scene("jaylfc/taOS#1738: a 400 that does not say why")
def refused_without_a_word(visit: Visit) -> Response:
    """Nothing but the plainest request is taken, and the refusal names nothing."""
    plain = not visit.has("system") and not {"stream_options", "temperature"} & set(visit.body)
    return visit.answer() if plain else JSONResponse({"error": "Bad Request"}, 400)


@scene("openai/openai-python#2296, for all requests")
def always_refused(visit: Visit) -> Response:
    """No request is right."""
    return visit.refuse(400, "Bad Request")


@scene("yihong0618/bilingual_book_maker#527", models=lambda _: NOT_FOUND)
def no_models(visit: Visit) -> Response:
    """There is no /v1/models."""
    return visit.answer()


@scene(
    "genkit-ai/genkit#3846, ollama/ollama#10139",
    models=lambda _: JSONResponse({"object": "list", "data": [{"id": ODD_MODEL, "object": "model"}]}),
)
def odd_model_name(visit: Visit) -> Response:
    """The model's name has slashes, a colon and dots, and must come back as it is."""
    return visit.answer() if visit.body["model"] == ODD_MODEL else model_not_found(visit)


@scene("netease-youdao/QAnything#555, FlowiseAI/Flowise#2335")
def model_not_found(visit: Visit) -> Response:
    """That model has not been pulled."""
    return visit.refuse(404, f'model "{visit.body["model"]}" not found, try pulling it first', type="api_error")


@scene(
    "posit-dev/positron#13789: a key that is wrong",
    models=lambda visit: visit.refuse(401, "Incorrect API key provided"),
)
def key_refused(visit: Visit) -> Response:
    """The key is wrong."""
    return visit.refuse(401, "Incorrect API key provided", code="invalid_api_key")


@scene(
    "BerriAI/litellm#12273",
    models=lambda visit: visit.refuse(400, "No connected db.", type="no_db_connection"),
)
def key_refused_with_400(visit: Visit) -> Response:
    """The key is wrong, and what is said is that a database is missing in which it would be looked for."""
    return visit.refuse(400, "No connected db.", type="no_db_connection")


@scene("cequence-io/openai-scala-client#109")
def key_refused_by_google(visit: Visit) -> Response:
    """The key is wrong, and so the request."""
    return visit.refuse(400, "API key not valid. Please pass a valid API key.", type="INVALID_ARGUMENT")


@scene("ztjhz/BetterChatGPT#206, behind a gateway that says 403")
def quota_used_up(visit: Visit) -> Response:
    """The account has no money left."""
    return visit.refuse(403, "You exceeded your current quota, please check your plan.", type="insufficient_quota")


@scene("chatanywhere/GPT_API_free#229, sozercan/kubectl-ai#58")
def quota_as_too_many(visit: Visit) -> Response:
    """The same with 429, which waiting does not cure."""
    return visit.refuse(429, "You exceeded your current quota, please check your plan.", type="insufficient_quota")


# --- the window


def _overflows(visit: Visit) -> bool:
    return len(visit.prompt) > WINDOW * 5


def _overflowing(name: str, thread: str, status: int, body: dict[str, object]) -> None:
    """A window that takes no more than about 6,000 characters and says so in a server's own words."""

    def act(visit: Visit) -> Response:
        return JSONResponse(body, status) if _overflows(visit) else visit.answer()

    act.__name__ = f"overflow_{name}"
    scene(thread)(act)


_overflowing(
    "llama_cpp", "ggml-org/llama.cpp#15780, #19774", 400,
    {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 4390, "n_ctx": 4096,
               "message": "request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it"}},
)  # fmt: skip
_overflowing(
    "llama_cpp_500", "ggml-org/llama.cpp#19774", 500,
    {"error": {"code": 500, "type": "server_error", "message": "Context size has been exceeded."}},
)  # fmt: skip
_overflowing(
    "llama_cpp_python", "abetlen/llama-cpp-python#416", 400,
    {"error": {"message": "Requested tokens (2285) exceed context window of 2048", "type": "internal_server_error"}},
)  # fmt: skip
_overflowing(
    "vllm", "vllm-project/vllm#20409, ogx-ai/ogx#4534", 400,
    {"object": "error", "type": "BadRequestError", "param": None, "code": 400,
     "message": "This model's maximum context length is 6048 tokens. However, you requested 6616 tokens (568 in the "
                "messages, 6048 in the completion). Please reduce the length of the messages or completion."},
)  # fmt: skip
_overflowing(
    "vllm_negative", "vllm-project/vllm#4667", 400,
    {"object": "error", "message": "max_tokens must be at least 1, got -186.", "type": "BadRequestError", "code": 400},
)  # fmt: skip
_overflowing(
    "openai", "langchain-ai/langchain#24058", 400,
    {"error": {"message": "This model's maximum context length is 8192 tokens. However, your messages resulted in "
                          "9000 tokens.", "type": "invalid_request_error", "code": "context_length_exceeded"}},
)  # fmt: skip
_overflowing(
    "ollama", "ollama/ollama#17889", 400,
    {"error": {"message": "the input length exceeds the context length", "type": "api_error", "code": None}},
)  # fmt: skip


@scene("sgl-project/sglang#12081")
def overflow_in_the_stream(visit: Visit) -> Response:
    """The window is too small, and the status is 200 all the same."""
    said = {"message": "Input length (9000 tokens) exceeds the maximum allowed length (4096 tokens).", "code": 400}
    return visit.stream([event({"error": said}), DONE]) if _overflows(visit) else visit.answer()


@scene("the same, for any prompt")
def window_too_small_for_anything(visit: Visit) -> Response:
    """Half of the prompt is too much too."""
    said = "the request exceeds the available context size. try increasing the context size or enable context shift"
    return visit.refuse(400, said, type="exceed_context_size_error")


# --- trouble


@scene("earendil-works/pi#9595, BerriAI/litellm#4695")
def too_many_requests(visit: Visit) -> Response:
    """The first request comes too early, and Retry-After says by how much."""
    if visit.number == 1:
        return visit.refuse(429, "Rate limit reached", {"retry-after": "0.02"})
    return visit.answer()


@scene("earendil-works/pi#9595, with an hour to wait")
def too_many_for_an_hour(visit: Visit) -> Response:
    """Retry-After is longer than anybody waits."""
    return visit.refuse(429, "Rate limit reached", {"retry-after": "3600"})


@scene("ollama/ollama#8470")
def loading(visit: Visit) -> Response:
    """503 twice, while the model is loaded."""
    return visit.refuse(503, "Loading model") if visit.number < 3 else visit.answer()


@scene("run-llama/llama_index#14880")
def broken(visit: Visit) -> Response:
    """500, always, with a page that repeats the request."""
    return HTMLResponse(f"<html>Internal Error {visit.headers.get('authorization')}</html>", 500)


@scene("vllm-project/guidellm#743, vllm-project/vllm#40986")
def error_before_the_first_token(visit: Visit) -> Response:
    """The status is 200, and an error is all that is streamed. The second time it works."""
    said = {"message": "EngineDeadError", "type": "InternalServerError", "code": 500}
    return visit.stream([event({"error": said}), DONE]) if visit.number == 1 else visit.answer()


@scene("vllm-project/guidellm#743, vllm-project/vllm#22341")
def error_in_the_stream(visit: Visit) -> Response:
    """An error after the first sentence."""
    said = {"message": f"Internal error {visit.headers.get('authorization')}", "code": 500}
    text = visit.server.reply(visit.prompt) + " And"
    return visit.stream([*(event(visit.chunk(piece)) for piece in pieces_of(text)), event({"error": said}), DONE])


@scene("vllm-project/vllm#2694, konveyor/kai#622")
def cut_in_the_stream(visit: Visit) -> Response:
    """The connection breaks after the first sentence."""
    return streamed(visit, finish=None, then="cut", text=visit.server.reply(visit.prompt) + " And")


@scene("vllm-project/vllm#9260")
def cut_at_once(visit: Visit) -> Response:
    """The connection breaks before anything has come."""
    return visit.stream([], then="cut")


@scene("cline/cline#12839, ollama/ollama#10281")
def slow_first_token(visit: Visit) -> Response:
    """Headers, and then nothing."""
    return visit.stream([], then="silence")


@scene("mnfst/llm-gateway#2053")
def slow_with_comments(visit: Visit) -> Response:
    """Nothing but comments, which keep the connection and say nothing."""
    return visit.stream([b": OPENROUTER PROCESSING\n\n"], then="silence")


@scene("microsoft/amplifier#339, MoonshotAI/kimi-code#1050")
def silence_between_tokens(visit: Visit) -> Response:
    """It falls silent in the middle."""
    return streamed(visit, finish=None, then="silence", text=visit.server.reply(visit.prompt) + " And")


# --- form


@scene("openai/openai-go#227, Routstr/routstr-core#543")
def comments_and_crlf(visit: Visit) -> Response:
    """Comments, other fields and CRLF, all of which the protocol allows."""
    chunks = [
        event(visit.chunk(piece)).replace(b"\n", b"\r\n") for piece in pieces_of(visit.server.reply(visit.prompt))
    ]
    before = [b"\xef\xbb\xbf: OPENROUTER PROCESSING\r\n\r\n", b"event: message\r\nid: 7\r\nretry: 10\r\n"]
    last = event(visit.chunk(finish="stop")).replace(b"data: ", b"data:")
    return visit.stream([*before, *chunks, last, b"data:[DONE]\r\n\r\n"])


@scene("danielmiessler/Fabric#2203, librefang/librefang#3448")
def split_characters(visit: Visit) -> Response:
    """Every byte comes alone, those of one character too."""
    text = "Über Sirte flogen 战机 ✈. " + visit.server.reply(visit.prompt)
    stream = event(visit.chunk(text)) + event(visit.chunk(finish="stop")) + DONE
    return visit.stream([stream[place : place + 1] for place in range(len(stream))])


@scene("DexForce/EmbodiChain#297, EleutherAI/lm-evaluation-harness#2863")
def html_page(visit: Visit) -> Response:
    """The address is that of a web page."""
    return HTMLResponse(f"<!doctype html>\n<title>Welcome</title>{visit.headers.get('authorization')}\n")


@scene("vllm-project/vllm-ascend#6985, containers/ramalama#2837")
def wrong_content_type(visit: Visit) -> Response:
    """A stream that says it is JSON."""
    chunks = [visit.chunk(visit.server.reply(visit.prompt)), visit.chunk(finish="stop")]
    return visit.stream([*map(event, chunks), DONE], media_type="application/json")


@scene("airblackbox/airblackbox#9: a gateway that buffers")
def whole_for_a_stream(visit: Visit) -> Response:
    """A whole answer, although a stream was asked for."""
    return JSONResponse(visit.whole(visit.server.reply(visit.prompt), visit.prompt))


@scene("decolua/9router#3492")
def whole_in_a_stream(visit: Visit) -> Response:
    """A whole answer in the one event of a stream."""
    return visit.stream([event(visit.whole(visit.server.reply(visit.prompt), visit.prompt)), DONE], media_type=SSE)
