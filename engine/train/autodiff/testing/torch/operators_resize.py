"""Interpolation of pictures."""
import torch


def resize(inputs, attributes):
    x, scales = inputs[0], inputs[2]
    size = [int(value) for value in inputs[3][2:]] if len(inputs) > 3 else None
    factors = None if size else [float(value) for value in scales[2:]]
    if attributes["mode"] == "linear":
        aligned = attributes.get("coordinate_transformation_mode") == "align_corners"
        mode = {"mode": "bilinear", "align_corners": aligned}
    else:
        floored = attributes["nearest_mode"] == "floor"
        mode = {"mode": "nearest" if floored else "nearest-exact"}
    return [torch.nn.functional.interpolate(x, size=size, scale_factor=factors, **mode)]


operators = {"Resize": resize}
