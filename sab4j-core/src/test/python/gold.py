#!/usr/bin/env python3
"""Makes the gold tensors of what the cases in ../resources/gold lack: what PyTorch's autograd, in float64, computes for the options.

    ./gold.py ../resources/gold/options

One sequence after the other, one step after the other, as docs and Javadoc of ModelConfig have it; what is to pass no credit is detached,
and nothing here is told how the product computes it. Where a choice between memories is so close that float32 could decide otherwise, the
next seed is taken. On another processor or PyTorch the last digits differ: commit the files of new cases only. Needs Python 3.10 or
newer with PyTorch 1.13 or newer, and nothing else.
"""

import json
import pathlib
import struct
import sys

import torch
from torch.nn import functional as F

CLOSE = 1e-4
UNSCORED = -100

PLAIN = dict(batch=3, steps=24, input=5, hidden=12, attention_hidden=12, output=6, k_top=3, k_att=2, k_trunc=4, epsilon=1e-7,
             attention="sparse", sparsifier="null_softmax", score="mlp", mental_updates=1, direct_credit=0, score_scale=1.0,
             score_credit=1, memory_bound=0.0, max_hops=0, keep="all", memories=0, loss="every", target="classes", class_weights=0,
             seed=200)
LONG = dict(steps=48, loss="last", k_top=2)
CASES = {
    "null-softmax": {},
    "null-softmax-last": LONG,
    "null-softmax-wide": dict(batch=5, steps=40, hidden=40, attention_hidden=33, k_top=5, k_att=1, k_trunc=5, score_scale=0.1),
    "null-softmax-salience": dict(score="salience"),
    "null-softmax-no-mental-updates": dict(mental_updates=0),
    "null-softmax-bptt": dict(k_trunc=0, loss="tail"),
    "no-score-credit": dict(score_credit=0),
    "softmax-no-score-credit": dict(score_credit=0, sparsifier="softmax", score_scale=0.1),
    "relu-no-score-credit": dict(score_credit=0, sparsifier="relu", epsilon=0.01),
    "salience-no-score-credit": dict(score_credit=0, sparsifier="relu", epsilon=0.01, score="salience"),
    "direct-credit": dict(mental_updates=0, direct_credit=1),
    "direct-credit-no-score-credit": dict(mental_updates=0, direct_credit=1, score_credit=0),
    "direct-credit-relu": dict(mental_updates=0, direct_credit=1, sparsifier="relu", epsilon=0.01),
    "max-hops-1": LONG | dict(max_hops=1),
    "max-hops-2": LONG | dict(max_hops=2, k_trunc=3),
    "max-hops-2-no-score-credit": LONG | dict(max_hops=2, score_credit=0),
    "max-hops-3": LONG | dict(max_hops=3, k_trunc=3, seed=251),  # where steps of a block come after the last that credit reaches
    "memory-bound": dict(memory_bound=0.05),
    "memory-bound-last": LONG | dict(memory_bound=0.05),
    "keep-latest": dict(keep="latest", memories=4),
    "keep-used": dict(keep="used", memories=4),
    "keep-surprising": dict(keep="surprising", memories=4),
    "keep-used-last": LONG | dict(keep="used", memories=5),
    "keep-surprising-last": LONG | dict(keep="surprising", memories=5),
    "squared-error": dict(target="values"),
    "squared-error-last": LONG | dict(target="values", output=1),
    "class-weights": dict(class_weights=1, loss="tail", memory_bound=0.05),
}


class CloseChoice(Exception):
    """A choice that rounding may change."""


def ordered(values, most):
    """The places of the largest values, largest first; of the smallest of them and the next it must be clear which is larger."""
    order = sorted(range(len(values)), key=lambda i: -values[i])
    if len(order) > most and values[order[most - 1]] - values[order[most]] < CLOSE * (1 + abs(values[order[most]])):
        raise CloseChoice
    return order[:most]


def credited(on, x):
    return x if on else x.detach()


class Memory:
    """What is stored of a step, and what it is worth to the write policy."""

    def __init__(self, state, step, worth):
        self.state, self.step, self.worth = state, step, worth


class Sequence:
    """One sequence's forward pass; passes[t] says whether step t passes credit on to the memories that it is reminded of."""

    def __init__(self, p, case, x, target, total, passes):
        self.p, self.case, self.passes, self.target = p, case, passes, target
        self.total = total  # the weights of all scored steps of the batch
        self.h, self.s, self.y, self.weight, self.reminded, self.losses = [], [], [], [], [], []
        self.memories = []
        self.run(x)

    def cell(self, x, h, c):
        p = self.p
        i, f, g, o = (p["cell.weight_ih"] @ x + p["cell.weight_hh"] @ h + p["cell.bias"]).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    def run(self, x):
        case = self.case
        zero = torch.zeros(case["hidden"], dtype=torch.float64)
        h = c = before = zero
        for t in range(case["steps"]):
            if case["k_trunc"] and t % case["k_trunc"] == 0:
                h, c = h.detach(), c.detach()
            alone, _ = self.cell(x[t], h.detach(), c.detach())
            provisional, c = self.cell(x[t], h, c)
            s = self.summary(t, provisional)
            h = provisional + s
            y = self.p["output.v1"] @ h + self.p["output.v2"] @ s + self.p["output.bias"]
            if self.target.scored[t]:
                self.losses.append(self.target.loss(t, y) / self.total)
            if (t + 1) % case["k_att"] == 0:
                stored = h if case["mental_updates"] else alone + s.detach() if case["direct_credit"] else h.detach()
                change = (provisional - before).norm().item()
                self.write(Memory(self.bounded(stored), t, change if case["keep"] == "surprising" else 0))
            before = provisional
            self.h.append(h)
            self.s.append(s)
            self.y.append(y)

    def bounded(self, state):
        """The same, with a gradient of at most memory_bound scored steps' share of the loss."""
        if self.case["memory_bound"]:
            most = self.case["memory_bound"] / self.total
            state = state + 0
            state.register_hook(lambda gradient: gradient * (most / gradient.norm()).clamp(max=1))
        return state

    def write(self, new):
        if self.case["keep"] != "all" and len(self.memories) == self.case["memories"]:
            if self.case["keep"] == "latest":
                leaving = self.memories[0]
            else:
                held = self.memories + ([new] if self.case["keep"] == "surprising" else [])
                worths = [-memory.worth for memory in held]
                leaving = held[ordered(worths, 1)[0]]
            if leaving is new:
                return
            self.memories.remove(leaving)
        self.memories.append(new)

    def summary(self, t, provisional):
        case, p = self.case, self.p
        weights = torch.zeros(case["steps"] // case["k_att"], dtype=torch.float64)
        self.weight.append(weights)
        self.reminded.append([])
        if not self.memories:
            return torch.zeros(case["hidden"], dtype=torch.float64)
        values = credited(self.passes[t], torch.stack([memory.state for memory in self.memories]))
        compared = credited(case["score_credit"], values)
        if case["score"] == "mlp":
            query = p["attention.w2"] @ credited(case["score_credit"], provisional)
            compared = (compared @ p["attention.w1"].T) + query
        scores = compared.tanh() @ p["attention.w3"] * case["score_scale"]
        relu = case["sparsifier"] == "relu"
        taken = ordered(scores.tolist(), case["k_top"] + relu)
        if relu:
            above = (scores[taken] - scores[taken[-1]]).clamp(min=0)
            w = above / (above.sum() + case["epsilon"])
        else:
            exponentials = scores[taken].exp()
            w = exponentials / (exponentials.sum() + (case["sparsifier"] == "null_softmax"))
        for place, weight in zip(taken, w.tolist()):
            memory = self.memories[place]
            weights[memory.step // case["k_att"]] = weight
            memory.worth += weight if case["keep"] == "used" else 0
            self.reminded[t].append(memory.step)
        return w @ values[taken]

    def hops(self):
        """For each step, through how many retrievals at least the credit has come that reaches its block."""
        case, steps = self.case, self.case["steps"]
        reached = [0 if self.target.scored[t] else steps for t in range(steps)]  # steps: not at all
        length = case["k_trunc"] or steps
        hops = [0] * steps
        for first in range((steps - 1) // length * length, -1, -length):
            block = range(first, min(steps, first + length))
            least = min(reached[t] for t in block)
            for t in block:
                hops[t] = least
                if least < case["max_hops"] and any(reached[later] < steps for later in block if later >= t):
                    for step in self.reminded[t]:
                        reached[step] = min(reached[step], least + 1)
        return hops


class Target:
    """What the outputs of one sequence, or of all, should be."""

    def __init__(self, values, class_weights, scored):
        self.values, self.class_weights, self.scored = values, class_weights, scored

    def of(self, row):
        return Target(self.values[row], self.class_weights, self.scored[row])

    def weights(self):
        weights = self.scored.double()
        return weights if self.class_weights is None else weights * self.class_weights[self.values.clamp(min=0)]

    def loss(self, t, y):
        """A step's, by its weight."""
        if self.values.dtype == torch.float64:
            return ((y - self.values[t]) ** 2).mean()
        return F.cross_entropy(y[None], self.values[t:t + 1], weight=self.class_weights, reduction="sum")


def targets(case, generator):
    shape = case["batch"], case["steps"]
    first = {"every": 0, "tail": case["steps"] * 3 // 4, "last": case["steps"] - 1}[case["loss"]]
    scored = torch.arange(case["steps"]).expand(shape) >= first
    if case["target"] == "values":
        return Target(torch.randn((*shape, case["output"]), generator=generator, dtype=torch.float64), None, scored)
    classes = torch.randint(0, case["output"], shape, generator=generator)
    weights = 0.5 + torch.arange(case["output"], dtype=torch.float64) if case["class_weights"] else None
    return Target(torch.where(scored, classes, torch.tensor(UNSCORED)), weights, scored)


def parameters(case, generator):
    i, h, a, o = (case[name] for name in ("input", "hidden", "attention_hidden", "output"))
    shapes = {"cell.weight_ih": (4 * h, i), "cell.weight_hh": (4 * h, h), "cell.bias": (4 * h,)}
    if case["score"] == "mlp":
        shapes |= {"attention.w1": (a, h), "attention.w2": (a, h)}
    shapes |= {"attention.w3": (a if case["score"] == "mlp" else h,), "output.v1": (o, h), "output.v2": (o, h), "output.bias": (o,)}
    return {name: (torch.randn(shape, generator=generator, dtype=torch.float64) * 0.5).requires_grad_() for name, shape in shapes.items()}


def tensors(case):
    """All that a file holds."""
    generator = torch.Generator().manual_seed(case["seed"])
    p = parameters(case, generator)
    x = torch.randn((case["batch"], case["steps"], case["input"]), generator=generator, dtype=torch.float64)
    target = targets(case, generator)
    total = target.weights().sum().item()
    sequences = []
    for row in range(case["batch"]):
        one = Sequence(p, case, x[row], target.of(row), total, [True] * case["steps"])
        if case["max_hops"]:
            passes = [hops < case["max_hops"] for hops in one.hops()]
            one = Sequence(p, case, x[row], target.of(row), total, passes)
        sequences.append(one)
    loss = sum(sum(one.losses) for one in sequences)
    loss.backward()
    found = {"x": x, "target": target.values, "scored": target.scored.long(), "loss": loss[None]}
    if target.class_weights is not None:
        found["class_weights"] = target.class_weights
    for name, traced in ("h", "h"), ("s", "s"), ("y", "y"), ("attention.weight", "weight"):
        found[name] = torch.stack([torch.stack(getattr(one, traced)) for one in sequences])
    gradients = {"grad." + name: value.grad for name, value in p.items()}
    return p | found | gradients


def write(path, values, metadata):
    """A safetensors file."""
    header, data = {"__metadata__": metadata}, b""
    for name, value in values.items():
        raw = value.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": {torch.float64: "F64", torch.int64: "I64"}[value.dtype], "shape": list(value.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name, changes in CASES.items():
        case = PLAIN | changes
        values = None
        while values is None:
            try:
                values = tensors(case)
            except CloseChoice:
                case["seed"] += 1
        write(folder / (name + ".safetensors"), values, {key: str(value) for key, value in case.items()})
        print(f"{name:32} seed {case['seed']:4} loss {values['loss'].item():.6f}")


if __name__ == "__main__":
    main()
