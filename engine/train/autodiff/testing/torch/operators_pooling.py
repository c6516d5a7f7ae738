"""Pooling over inputs that are padded here, so that uneven pads, SAME and ceil_mode need nothing of PyTorch's own."""
import torch
import torch.nn.functional as F


def widened(x, attributes, value, beyond):
    """The input with its padding of `value`, and with `beyond` where the last window looks beyond that."""
    kernel, strides = attributes["kernel_shape"], attributes["strides"]
    rank = len(kernel)
    dilations = attributes.get("dilations", [1] * rank)
    pads = attributes.get("pads", [0] * (2 * rank))
    auto = attributes.get("auto_pad", "NOTSET")
    padding, extra = [], []
    for axis in range(rank):
        size, stride, front, back = x.shape[axis + 2], strides[axis], pads[axis], pads[axis + rank]
        reach = (kernel[axis] - 1) * dilations[axis] + 1
        if auto.startswith("SAME"):
            total = max(0, ((size + stride - 1) // stride - 1) * stride + reach - size)
            front = total // 2 if auto == "SAME_UPPER" else total - total // 2
            back = total - front
        over = -(size + front + back - reach) % stride
        last = size + front + back + over - reach
        # No window may start after the data.
        more = over if attributes["ceil_mode"] and over and last < size + front else 0
        padding, extra = [front, back] + padding, [0, more] + extra
    return F.pad(F.pad(x, padding, value=value), extra, value=beyond), dilations


def max_pool(inputs, attributes):
    wide, dilations = widened(inputs[0], attributes, -torch.inf, -torch.inf)
    run = [F.max_pool1d, F.max_pool2d, F.max_pool3d][inputs[0].dim() - 3]
    return [run(wide, attributes["kernel_shape"], attributes["strides"], 0, dilations)]


def average_pool(inputs, attributes):
    x = inputs[0]
    wide, dilations = widened(x, attributes, 0, 0)
    counted, _ = widened(torch.ones_like(x), attributes, float(attributes["count_include_pad"]), 0)
    run = [F.conv1d, F.conv2d, F.conv3d][x.dim() - 3]
    window = torch.ones([1, 1] + attributes["kernel_shape"], dtype=x.dtype)

    def sums(t):
        flat = t.reshape([-1, 1] + list(t.shape[2:]))
        found = run(flat, window, None, attributes["strides"], 0, dilations)
        return found.reshape(list(t.shape[:2]) + list(found.shape[2:]))

    return [sums(wide) / sums(counted)]


operators = {"AveragePool": average_pool, "MaxPool": max_pool}
