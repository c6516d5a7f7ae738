"""Recurrent layers: PyTorch's own LSTM and GRU, with the gates in its order, and the other form of GRU step by step."""
import torch


def reordered(t, gates, order):
    """The rows of each gate in another order."""
    parts = t.chunk(gates, 0)
    return torch.cat([parts[at] for at in order], 0)


def layer(run, gates, order, inputs, attributes):
    x, w, r, b = inputs[:4]
    kind = attributes["direction"]
    directions, hidden = r.shape[0], r.shape[2]
    zeros = torch.zeros([directions, x.shape[1], hidden], dtype=x.dtype)
    states = [zeros if given is None else given for given in inputs[5:]]
    weights = []
    for d in range(directions):
        halves = torch.zeros([2 * gates * hidden], dtype=x.dtype) if b is None else b[d]
        of_input, of_state = halves.chunk(2, 0)
        weights += [reordered(part, gates, order) for part in (w[d], r[d], of_input, of_state)]
    turned = x.flip(0) if kind == "reverse" else x
    y, finals = run(turned, states, weights, kind == "bidirectional")
    y = y.reshape(list(y.shape[:2]) + [directions, hidden]).permute(0, 2, 1, 3)
    return [y.flip(0) if kind == "reverse" else y] + finals


def lstm(inputs, attributes):
    def run(x, states, weights, both):
        y, h, c = torch._VF.lstm(x, states, weights, True, 1, 0.0, False, both, False)
        return y, [h, c]

    # ONNX has i, o, f, c; PyTorch i, f, c, o.
    return layer(run, 4, [0, 2, 3, 1], inputs, attributes)


def gru(inputs, attributes):
    if attributes["linear_before_reset"] == 0:
        return gru_by_steps(inputs, attributes)

    def run(x, states, weights, both):
        y, h = torch._VF.gru(x, states[0], weights, True, 1, 0.0, False, both, False)
        return y, [h]

    # ONNX has z, r, h; PyTorch r, z, n.
    return layer(run, 3, [1, 0, 2], inputs, attributes)


def gru_by_steps(inputs, attributes):
    """The reset gate before the product, which PyTorch does not have."""
    x, w, r, b = inputs[:4]
    directions, hidden = r.shape[0], r.shape[2]
    rows, finals = [], []
    for d in range(directions):
        backwards = attributes["direction"] == "reverse" or d == 1
        h = torch.zeros([x.shape[1], hidden], dtype=x.dtype) if inputs[5] is None else inputs[5][d]
        wz, wr, wh = w[d].chunk(3, 0)
        rz, rr, rh = r[d].chunk(3, 0)
        biases = [0.0] * 6 if b is None else b[d].chunk(6, 0)
        made = []
        for step in x.flip(0) if backwards else x:
            z = torch.sigmoid(step @ wz.T + h @ rz.T + biases[0] + biases[3])
            reset = torch.sigmoid(step @ wr.T + h @ rr.T + biases[1] + biases[4])
            fresh = torch.tanh(step @ wh.T + (reset * h) @ rh.T + biases[2] + biases[5])
            h = (1 - z) * fresh + z * h
            made.append(h)
        rows.append(torch.stack(made[::-1] if backwards else made))
        finals.append(h)
    return [torch.stack(rows, 1), torch.stack(finals)]


operators = {"GRU": gru, "LSTM": lstm}
