"""Checks of a running charlm server by clients that others wrote.

    server_clients.py openai|harness ADDRESS CHARLM FOLDER

FOLDER has the served model, novel.safetensors, and a text that it was not trained on, unseen.txt.
"""

import json
import math
import subprocess
import sys

from documented_examples import run_example


def run_charlm(charlm, *arguments):
    return json.loads(subprocess.run([charlm, *arguments], check=True, capture_output=True, text=True).stdout)


def check_openai(address, charlm, folder):
    """Every field, streams and errors, with OpenAI's own client."""
    import openai

    client = openai.OpenAI(base_url=address + "/v1", api_key="none", max_retries=0)
    model = client.models.list().data[0].id
    assert client.models.retrieve(model).id == model
    run_example("python.md", "openai.OpenAI", folder, address=("http://127.0.0.1:8080", address))

    settings = dict(model=model, prompt="The river", max_tokens=80, seed=11, temperature=0.8)
    expected = run_charlm(
        charlm, "generate", f"{folder}/{model}.safetensors", "--prompt", "The river", "--length", "80", "--seed", "11",
        "--temperature", "0.8", "--json")["text"]
    whole = client.completions.create(**settings)
    assert whole.choices[0].text == expected, (whole.choices[0].text, expected)
    assert whole.choices[0].finish_reason == "length"
    assert whole.usage.completion_tokens == 80 and whole.usage.prompt_tokens == 9

    parts = list(client.completions.create(**settings, stream=True, stream_options={"include_usage": True}))
    assert "".join(p.choices[0].text for p in parts if p.choices) == expected
    assert parts[-1].usage.completion_tokens == 80 and not parts[-1].choices
    assert all(p.usage is None for p in parts[:-1])

    several = client.completions.create(**{**settings, "prompt": ["The river", "Dorcas"], "n": 2})
    assert [c.index for c in several.choices] == [0, 1, 2, 3]
    assert several.choices[0].text == expected
    best = client.completions.create(**settings, n=1, best_of=4, logprobs=0)
    assert len(best.choices) == 1

    scored = client.completions.create(**{**settings, "max_tokens": 3}, logprobs=5, echo=True)
    logprobs = scored.choices[0].logprobs
    assert "".join(logprobs.tokens) == scored.choices[0].text and scored.choices[0].text.startswith("The river")
    assert len(logprobs.tokens) == 12 == len(logprobs.text_offset)
    for token, logprob, top in list(zip(logprobs.tokens, logprobs.token_logprobs, logprobs.top_logprobs))[1:]:
        assert top[token] == logprob <= 0 and 5 <= len(top) <= 6
        assert sum(math.exp(value) for value in top.values()) <= 1 + 1e-6

    e = int(client.post("/tokenize", body={"prompt": "e"}, cast_to=object)["tokens"][0])
    no_e = client.completions.create(**settings, logit_bias={str(e): -100})
    assert "e" not in no_e.choices[0].text
    stopped = client.completions.create(**settings, stop=expected[20:23])
    assert stopped.choices[0].finish_reason == "stop" and stopped.choices[0].text == expected[:expected.index(expected[20:23])]
    greedy = [client.completions.create(**{**settings, "temperature": 0, "seed": s}).choices[0].text for s in (1, 2)]
    assert greedy[0] == greedy[1]
    for field in ({"presence_penalty": 1.0}, {"frequency_penalty": 1.0}, {"top_p": 0.5}):
        assert client.completions.create(**settings, **field).choices[0].text != expected, field
    for field in ({"top_k": 1}, {"min_p": 0.5}, {"typical_p": 0.3}, {"mirostat_tau": 1.0}, {"repeat_penalty": 1.5}):
        assert client.completions.create(**settings, extra_body=field).choices[0].text != expected, field
    number = client.completions.create(**settings, extra_body={"pattern": "[A-Z][a-z]{3,6}"}).choices[0]
    assert number.finish_reason == "stop" and number.text[0].isupper() and number.text[1:].islower(), number

    for error, change in (
        (openai.NotFoundError, {"model": "nothing"}),
        (openai.BadRequestError, {"temperature": -1}),
        (openai.BadRequestError, {"max_tokens": 10**9}),
        (openai.BadRequestError, {"stop": [""]}),
        (openai.BadRequestError, {"suffix": "x"}),
    ):
        try:
            client.completions.create(**{**settings, **change})
        except error as found:
            assert found.body["message"].endswith("."), found.body
            print(f"  {found.status_code} {found.body['message']}")
        else:
            raise AssertionError(f"{change} was accepted")
    print("OpenAI's client: every field, streams, errors.")


def check_harness(address, charlm, folder):
    """loglikelihood_rolling, loglikelihood and generate_until of lm-evaluation-harness, unchanged."""
    from lm_eval.api.instance import Instance
    from lm_eval.models.openai_completions import LocalCompletionsAPI

    with open(f"{folder}/unseen.txt") as file:
        text = file.read()

    def nats(part):
        with open(f"{folder}/part.txt", "w") as file:
            file.write(part)
        return run_charlm(charlm, "evaluate", f"{folder}/novel.safetensors", f"{folder}/part.txt", "--json")["nats"]

    def instance(kind, *arguments):
        return Instance(request_type=kind, doc={}, arguments=arguments, idx=0)

    # One window of everything, and windows of 499 tokens, of which each sees one token before it; the last one is as
    # long as the others and sees what it shares with the one before.
    for length, size in ((1_000_000, len(text)), (501, 499)):
        client = LocalCompletionsAPI(
            model="novel", base_url=address + "/v1/completions", max_length=length, batch_size=1)
        found = client.loglikelihood_rolling([instance("loglikelihood_rolling", text)], disable_tqdm=True)[0]
        expected = 0.0
        for begin in range(0, len(text), size):
            first = min(begin, len(text) - size)
            before = text[max(0, first - 1) : begin]
            expected -= nats(before + text[begin : begin + size]) - (nats(before) if before else 0.0)
        print(f"  rolling, max_length {length}: harness {found:.6f}, charlm evaluate {expected:.6f}")
        assert abs(found - expected) <= 1e-6 * abs(expected), (found, expected)

    client = LocalCompletionsAPI(model="novel", base_url=address + "/v1/completions", max_length=100_000)
    likely, _ = client.loglikelihood([instance("loglikelihood", "The river", " was")], disable_tqdm=True)[0]
    expected = nats("The river") - nats("The river was")
    assert abs(likely - expected) < 1e-6 * abs(expected), (likely, expected)
    until = client.generate_until(
        [instance("generate_until", "The river ", {"until": ["."], "max_gen_toks": 60, "temperature": 0})],
        disable_tqdm=True)[0]
    greedy = run_charlm(
        charlm, "generate", f"{folder}/novel.safetensors", "--prompt", "The river ", "--length", "60",
        "--temperature", "0", "--stop", ".", "--json")["text"]
    assert until == greedy, (until, greedy)
    print(f"lm-evaluation-harness: log-likelihood {likely:.6f} of {expected:.6f}; generated {until!r}.")


if __name__ == "__main__":
    check, *arguments = sys.argv[1:]
    {"openai": check_openai, "harness": check_harness}[check](*arguments)
