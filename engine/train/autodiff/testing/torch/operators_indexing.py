"""Reading and writing at places, and sums of products."""
import itertools

import torch


def from_front(indices, size):
    return torch.where(indices < 0, indices + size, indices)


def gather_elements(inputs, attributes):
    x, indices = inputs
    axis = attributes.get("axis", 0)
    return [torch.gather(x, axis, from_front(indices, x.shape[axis]))]


def gather_nd(inputs, attributes):
    x, indices = inputs
    batch_dims = attributes.get("batch_dims", 0)
    batch = [
        torch.arange(size).reshape([-1 if other == axis else 1 for other in range(indices.dim() - 1)])
        for axis, size in enumerate(x.shape[:batch_dims])
    ]
    return [x[tuple(batch) + tuple(indices[..., k] for k in range(indices.shape[-1]))]]


def write(data, place, value, attributes):
    """One update at a time, so that the last one stays and its gradient alone."""
    out = data.clone()
    if attributes.get("reduction", "none") == "add":
        out[place] = data[place] + value
    else:
        out[place] = value
    return out


def scatter_nd(inputs, attributes):
    data, indices, updates = inputs
    for outer in itertools.product(*[range(size) for size in indices.shape[:-1]]):
        data = write(data, tuple(indices[outer].tolist()), updates[outer], attributes)
    return [data]


def scatter_elements(inputs, attributes):
    data, indices, updates = inputs
    axis = attributes.get("axis", 0) % data.dim()
    for place in itertools.product(*[range(size) for size in indices.shape]):
        to = place[:axis] + (int(indices[place]),) + place[axis + 1 :]
        data = write(data, to, updates[place], attributes)
    return [data]


def einsum(inputs, attributes):
    return [torch.einsum(attributes["equation"], *inputs)]


operators = {
    "GatherElements": gather_elements,
    "GatherND": gather_nd,
    "ScatterND": scatter_nd,
    "ScatterElements": scatter_elements,
    "Einsum": einsum,
}
