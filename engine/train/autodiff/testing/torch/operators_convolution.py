"""Convolutions. Pads are worked out here, apart from the other implementations, and cut or added around PyTorch's."""
import torch.nn.functional as F


def lists(inputs, attributes):
    rank = inputs[0].dim() - 2
    pads = attributes.get("pads", [0] * (2 * rank))
    reach = [(k - 1) * d + 1 for k, d in zip(attributes["kernel_shape"], attributes["dilations"])]
    return rank, pads[:rank], pads[rank:], reach


def shares(total, auto):
    small, large = total // 2, total - total // 2
    return (small, large) if auto == "SAME_UPPER" else (large, small)


def widen(x, before, after):
    """Zeros before and after each spatial axis; negative numbers cut."""
    flat = []
    for pair in reversed(list(zip(before, after))):
        flat.extend(pair)
    return F.pad(x, flat)


def conv(inputs, attributes):
    x, w = inputs[:2]
    b = inputs[2] if len(inputs) > 2 else None
    rank, before, after, reach = lists(inputs, attributes)
    strides, auto = attributes["strides"], attributes.get("auto_pad", "NOTSET")
    if auto.startswith("SAME"):
        sizes = x.shape[2:]
        totals = [max(0, (-(-n // s) - 1) * s + r - n) for n, s, r in zip(sizes, strides, reach)]
        before, after = zip(*[shares(total, auto) for total in totals])
    run = [F.conv1d, F.conv2d, F.conv3d][rank - 1]
    return [run(widen(x, before, after), w, b, strides, 0, attributes["dilations"], attributes["group"])]


def conv_transpose(inputs, attributes):
    x, w = inputs[:2]
    b = inputs[2] if len(inputs) > 2 else None
    rank, before, after, reach = lists(inputs, attributes)
    strides, auto = attributes["strides"], attributes.get("auto_pad", "NOTSET")
    extra = attributes.get("output_padding", [0] * rank)
    wanted = attributes.get("output_shape")
    whole = [(n - 1) * s + r + e for n, s, r, e in zip(x.shape[2:], strides, reach, extra)]
    if wanted is None and auto.startswith("SAME"):
        wanted = [min(size, n * s) for size, n, s in zip(whole, x.shape[2:], strides)]
    if wanted is not None:
        totals = [max(0, size - want) for size, want in zip(whole, wanted)]
        before, after = zip(*[shares(total, auto) for total in totals])
        # Beyond what the windows reach there are zeros.
        after = [size - front - want for size, front, want in zip(whole, before, wanted)]
    run = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][rank - 1]
    full = run(x, w, None, strides, 0, 0, attributes["group"], attributes["dilations"])
    back = [-(cut - e) for cut, e in zip(after, extra)]
    y = widen(full, [-cut for cut in before], back)
    return [y if b is None else y + b.reshape([1, -1] + [1] * rank)]


operators = {"Conv": conv, "ConvTranspose": conv_transpose}
