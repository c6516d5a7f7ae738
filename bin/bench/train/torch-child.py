"""Training steps of PyTorch: torch-child.py NETWORKS_JSON, one network with its batch; see serve.ts for the protocol."""
import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
network = json.loads(sys.argv[1])
spec, batch = network["spec"], network["batch"]


class Two(nn.Module):
    def __init__(self):
        super().__init__()

        def tower(rows):
            widths = [spec["width"], *spec["hidden"], spec["width"]]
            layers = [nn.Embedding(rows, spec["width"])]
            for at, (a, b) in enumerate(zip(widths, widths[1:])):
                layers += ([nn.ReLU()] if at else []) + [nn.Linear(a, b)]
            return nn.Sequential(*layers)

        self.left, self.right = tower(spec["users"]), tower(spec["items"])

    def forward(self, user, item):
        return (self.left(user) * self.right(item)).sum(1, keepdim=True)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.parts = nn.ModuleList(nn.Linear(width, width) for _ in range(3))
        self.out, self.up, self.down = nn.Linear(width, width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.heads = heads

    def forward(self, x):
        n, length, width = x.shape
        normed = self.norm1(x)
        q, k, v = (part(normed).view(n, length, self.heads, -1).transpose(1, 2) for part in self.parts)
        weights = torch.softmax(q @ k.transpose(2, 3) / (width / self.heads) ** 0.5, -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(n, length, width))
        return x + self.down(nn.functional.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        width = spec["width"]
        self.embedding = nn.Embedding(spec["vocabulary"], width)
        self.positions = nn.Parameter(torch.randn(spec["length"], width) * 0.02)
        self.blocks = nn.Sequential(*(Block(width, spec["heads"]) for _ in range(spec["layers"])))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, spec["outputs"])

    def forward(self, tokens):
        return self.head(self.norm(self.blocks(self.embedding(tokens) + self.positions)).mean(1))


def mlp():
    widths = [784, *spec["hidden"], spec["outputs"]]
    layers = []
    for at, (a, b) in enumerate(zip(widths, widths[1:])):
        layers += ([nn.ReLU()] if at else []) + [nn.Linear(a, b)]
    return nn.Sequential(*layers)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, spec["outputs"]),
    )


model = {"mlp": mlp, "lenet-5": lenet, "transformer": Transformer, "two-tower": Two}[spec["kind"]]()
if spec["kind"] == "two-tower":
    inputs = [torch.randint(spec[side], (batch,)) for side in ("users", "items")]
    target, loss = torch.randint(5, (batch, 1)).float(), nn.MSELoss()
else:
    shape = {"mlp": (batch, 784), "lenet-5": (batch, 1, 28, 28)}.get(spec["kind"])
    inputs = [torch.rand(shape) if shape else torch.randint(spec["vocabulary"], (batch, spec["length"]))]
    target, loss = torch.randint(spec["outputs"], (batch,)), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        started = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss(model(*inputs), target).backward()
        optimizer.step()
        times.append(1000 * (time.perf_counter() - started))
    print(json.dumps(times), flush=True)
