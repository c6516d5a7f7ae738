"""Gradients by PyTorch in float64, for the rules that TensorFlow.js cannot check.

Usage: vectors.py CASES.json FOLDER    (Debian: python3-torch; see `npm run vectors:torch`)
"""
import gzip
import json
import os
import sys

import torch

from operators import operators

dtypes = {"float32": torch.float64, "int64": torch.int64, "bool": torch.bool}


def tensor(entry):
    return torch.tensor(entry["data"], dtype=torch.float64).to(dtypes[entry["dtype"]]).reshape(entry["dims"])


def attribute(value):
    return value["float"] if isinstance(value, dict) else value


def gradients(entry):
    case = entry["case"]
    inputs = [None if given is None else tensor(given) for given in case["inputs"]]
    for position in case["wanted"]:
        inputs[position].requires_grad_(True)
    attributes = {name: attribute(value) for name, value in case["attributes"].items()}
    outputs = operators[case["opType"]](inputs, attributes)
    loss = sum(
        (output * torch.tensor(seed["data"], dtype=torch.float64).reshape(seed["dims"])).sum()
        for output, seed in zip(outputs, entry["upstream"])
    )
    loss.backward()
    return {
        str(position): [float(f"{value:.9g}") for value in inputs[position].grad.reshape(-1).tolist()]
        for position in case["wanted"]
    }


def main(cases, folder):
    with open(cases) as file:
        rules = json.load(file)
    for name, entries in rules.items():
        made = [{"case": entry["case"], "gradients": gradients(entry)} for entry in entries]
        path = os.path.join(folder, f"{name}.json.gz")
        # Without a time and a name in the header, the same vectors are the same bytes.
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as packed:
            packed.write(json.dumps(made, separators=(",", ":")).encode())
        print(f"{name}: {len(made)} cases, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
