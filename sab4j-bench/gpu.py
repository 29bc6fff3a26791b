#!/usr/bin/env python3
"""Measures the update that ./compare measures, written with PyTorch, on a GPU (or, for a trial, on the processor).

    ./gpu.py                             mlp, salience and lstm on the GPU: copy, T = 100, batch 64, H 128
    ./gpu.py --model mlp --length 400 --hidden 512
    ./gpu.py --device cpu --threads 2
    ./gpu.py --check ../sab4j-core/src/test/resources/gold
                                         does it compute what the gold tensors say?

eager    a loop over the steps, as one writes it: nn.LSTMCell's operation, topk, gather, detach where the sequential credit is cut
graph    the same, forward, backward, clipping and Adam recorded once as one CUDA graph and replayed: no time goes into launching
fused    nn.LSTM, for the model without attention

All in float32. Needs Python 3.10 or newer with PyTorch 1.13 or newer, and nothing else.
"""

import argparse
import json
import math
import pathlib
import statistics
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BLANK, DIGITS, MARK = 0, 8, 9  # the copy task's symbols: a blank, eight digits, the mark
COPIED = 10


class Model:
    """A plain LSTM, or one with sparse attention over its own past states; parameters named as in the gold files."""

    def __init__(self, parameters, score=None, k_top=0, k_att=1, k_trunc=0, mental_updates=True, sparsifier="softmax",
                 dense=False, epsilon=1e-7, scale=1.0):
        self.p = parameters
        self.score, self.k_top, self.k_att, self.k_trunc = score, k_top, k_att, k_trunc
        self.mental_updates, self.sparsifier, self.dense = mental_updates, sparsifier, dense
        self.epsilon, self.scale = epsilon, scale

    def outputs(self, x):
        """x (T, B, I) to y (T, B, O)."""
        p = self.p
        h = c = none = x.new_zeros(x.shape[1], p["cell.weight_hh"].shape[1])
        no_bias = torch.zeros_like(p["cell.bias"])  # PyTorch's cell has two, on a GPU both or none
        states, reminders, values, keys = [], [], None, None
        for t in range(x.shape[0]):
            h, c = torch._VF.lstm_cell(
                x[t], (h, c), p["cell.weight_ih"], p["cell.weight_hh"], p["cell.bias"], no_bias)
            if self.score:
                s = none if values is None else self.summary(h, values, keys)
                h = h + s
                reminders.append(s)
                if (t + 1) % self.k_att == 0:
                    memory = (h if self.mental_updates else h.detach()).unsqueeze(1)
                    key = memory @ p["attention.w1"].T if self.score == "mlp" else torch.tanh(memory) @ p["attention.w3"]
                    values = memory if values is None else torch.cat((values, memory), 1)
                    keys = key if keys is None else torch.cat((keys, key), 1)
            states.append(h)
            if self.k_trunc and (t + 1) % self.k_trunc == 0:
                h, c = h.detach(), c.detach()
        y = F.linear(torch.stack(states), p["output.v1"], p["output.bias"])
        return y + F.linear(torch.stack(reminders), p["output.v2"]) if self.score else y

    def summary(self, provisional, values, keys):
        scores = keys
        if self.score == "mlp":
            query = provisional @ self.p["attention.w2"].T
            scores = torch.tanh(keys + query.unsqueeze(1)) @ self.p["attention.w3"]
        scores = scores * self.scale
        if self.dense:
            return torch.bmm(torch.softmax(scores, 1).unsqueeze(1), values).squeeze(1)
        relu = self.sparsifier == "relu"
        top, index = torch.topk(scores, min(scores.shape[1], self.k_top + relu))
        if relu:
            above = torch.relu(top - top[:, -1:])
            weights = above / (above.sum(1, keepdim=True) + self.epsilon)
        else:
            weights = torch.softmax(top, 1)
        chosen = values.gather(1, index.unsqueeze(2).expand(-1, -1, values.shape[2]))
        return torch.bmm(weights.unsqueeze(1), chosen).squeeze(1)

    def loss(self, x, target):
        return F.cross_entropy(self.outputs(x).flatten(0, 1), target.flatten())


class Fused(nn.Module):
    """PyTorch's own LSTM with a linear head."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden)
        self.head = nn.Linear(hidden, outputs)

    def loss(self, x, target):
        return F.cross_entropy(self.head(self.lstm(x)[0]).flatten(0, 1), target.flatten())


def copy_batch(length, batch):
    """Symbols and targets (T + 20, B) of the copy task: ten digits, blanks, the mark, and the digits again."""
    digits = torch.randint(1, DIGITS + 1, (COPIED, batch))
    x = torch.full((length + 2 * COPIED, batch), BLANK)
    x[:COPIED] = digits
    x[length + COPIED - 1] = MARK
    target = torch.full_like(x, BLANK)
    target[-COPIED:] = digits
    return x, target


class Update:
    """A batch, the gradient, clipping to norm 1, Adam at 1e-3."""

    def __init__(self, model, parameters, args, graph):
        self.model, self.parameters, self.args = model, list(parameters), args
        self.x, self.target = (values.to(args.device) for values in copy_batch(args.length, args.batch))
        self.adam = torch.optim.Adam(self.parameters, 1e-3, **({"capturable": True} if graph else {}))
        self.graph = self.record() if graph else None

    def record(self):
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.work()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        self.adam.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            self.last = self.work()
        return graph

    def work(self):
        self.adam.zero_grad(set_to_none=True)
        loss = self.model.loss(F.one_hot(self.x, MARK + 1).float(), self.target)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.adam.step()
        return loss

    def run(self):
        x, target = copy_batch(self.args.length, self.args.batch)
        self.x.copy_(x)
        self.target.copy_(target)
        if self.graph is None:
            self.last = self.work()
        else:
            self.graph.replay()
        return self.last.item()


def update(kind, peer, args):
    torch.manual_seed(args.seed)
    inputs, outputs, h = MARK + 1, DIGITS + 1, args.hidden
    if peer == "fused":
        model = Fused(inputs, h, outputs).to(args.device)
        return Update(model, model.parameters(), args, False)
    shapes = {"cell.weight_ih": (4 * h, inputs), "cell.weight_hh": (4 * h, h), "cell.bias": (4 * h,)}
    if kind != "lstm":
        shapes |= {"attention.w1": (h, h), "attention.w2": (h, h)} if kind == "mlp" else {}
        shapes |= {"attention.w3": (h,), "output.v2": (outputs, h)}
    shapes |= {"output.v1": (outputs, h), "output.bias": (outputs,)}
    bound = 1 / math.sqrt(h)
    p = {name: torch.empty(shape, device=args.device).uniform_(-bound, bound).requires_grad_()
         for name, shape in shapes.items()}
    model = Model(p) if kind == "lstm" else Model(p, kind, args.k_top, args.k_att, args.k_trunc, scale=0.1)
    return Update(model, p.values(), args, peer == "graph")


def measure(kind, peer, args):
    contender = update(kind, peer, args)
    contender.run()
    start = time.perf_counter()
    while time.perf_counter() - start < args.warm_up:
        contender.run()
    rounds = []
    for _ in range(args.rounds):
        start, count = time.perf_counter(), 0
        while time.perf_counter() - start < args.seconds:
            contender.run()  # waits for its loss
            count += 1
        rounds.append(1e3 * (time.perf_counter() - start) / count)
    return {"model": kind, "peer": peer, "ms": statistics.median(rounds), "least": min(rounds), "most": max(rounds)}


def gold(path):
    """The tensors and the metadata of a safetensors file."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    meta = header.pop("__metadata__")
    types = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64}
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        raw = bytearray(data[8 + size + start:8 + size + end])
        tensors[name] = torch.frombuffer(raw, dtype=types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, meta


def check(path, device):
    """Whether loss and gradients are within the test suite's tolerances: 1e-4, and a thousandth of a gradient's largest entry."""
    tensors, meta = gold(path)
    p = {name[5:]: tensors[name[5:]].float().to(device).requires_grad_() for name in tensors if name.startswith("grad.")}
    attends = meta["attention"] != "none"
    model = Model(p, meta["score"] if attends else None, int(meta["k_top"]), int(meta["k_att"]), int(meta["k_trunc"]),
                  meta["mental_updates"] == "1", meta["sparsifier"], meta["attention"] == "dense", float(meta["epsilon"]))
    loss = model.loss(tensors["x"].float().to(device).transpose(0, 1), tensors["target"].to(device).T.contiguous())
    loss.backward()
    worst = abs(loss.item() - tensors["loss"].item()) / 1e-4
    for name, parameter in p.items():
        expected = tensors["grad." + name]
        found = torch.zeros_like(expected) if parameter.grad is None else parameter.grad.double().cpu()
        allowed = max(1e-6, 1e-3 * expected.abs().max().item())
        worst = max(worst, (found - expected).abs().max().item() / allowed)
    print(f"{'equal' if worst <= 1 else 'WRONG'}  {path.name:32} at most {100 * worst:5.1f} % of the allowed difference")
    return worst <= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="mlp,salience,lstm", help="default %(default)s")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="default %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="of the processor, default %(default)s")
    for name, value in ("length", 100), ("batch", 64), ("hidden", 128), ("k-top", 5), ("k-att", 2), ("k-trunc", 5), ("seed", 1):
        parser.add_argument("--" + name, type=int, default=value, help="default %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="default %(default)s")
    parser.add_argument("--seconds", type=float, default=1, help="of a round, default %(default)s")
    parser.add_argument("--warm-up", type=float, default=2, help="seconds, default %(default)s")
    parser.add_argument("--json", type=pathlib.Path, help="write everything there, too")
    parser.add_argument("--check", type=pathlib.Path, metavar="DIR", help="measure nothing, but compare with the gold files of a folder, not of its options/")
    args = parser.parse_args()
    kinds = args.model.split(",")
    for kind in kinds:
        if kind not in ("mlp", "salience", "lstm"):
            parser.error(f"--model knows mlp, salience and lstm: {kind}")
    torch.set_num_threads(args.threads)
    if args.check:
        files = sorted(args.check.glob("*.safetensors"))
        if not files:
            parser.error(f"no gold files in {args.check}")
        return 0 if all([check(file, args.device) for file in files]) else 1
    gpu = args.device.startswith("cuda")
    name = torch.cuda.get_device_name(args.device) if gpu else f"the processor, {args.threads} threads"
    print(f"PyTorch {torch.__version__} on {name}")
    results = []
    for kind in kinds:
        for peer in ("eager", *(["graph"] if gpu else []), *(["fused"] if kind == "lstm" else [])):
            results.append(measure(kind, peer, args))
            r = results[-1]
            print(f"{kind:9} {peer:6} {r['ms']:9.2f} ms an update ({r['least']:.2f}–{r['most']:.2f})", flush=True)
    if args.json:
        options = {k: v if isinstance(v, (int, float)) else str(v) for k, v in vars(args).items() if k not in ("json", "check")}
        args.json.write_text(json.dumps({"pytorch": torch.__version__, "device": name, "options": options, "results": results}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
