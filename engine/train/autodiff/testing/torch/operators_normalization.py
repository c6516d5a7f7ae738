"""Normalisations."""
import torch
import torch.nn.functional as F


def optional(inputs, position):
    return inputs[position] if len(inputs) > position else None


def layer(inputs, attributes):
    x, scale = inputs[:2]
    return [F.layer_norm(x, scale.shape, scale, optional(inputs, 2), attributes["epsilon"])]


def root_mean_square(inputs, attributes):
    x, scale = inputs
    axes = list(range(x.dim() - scale.dim(), x.dim()))
    return [scale * x * torch.rsqrt(x.pow(2).mean(axes, keepdim=True) + attributes["epsilon"])]


def group(inputs, attributes):
    x, scale, bias = inputs
    each = x.shape[1] // scale.shape[0]
    scale, bias = scale.repeat_interleave(each), bias.repeat_interleave(each)
    return [F.group_norm(x, attributes["num_groups"], scale, bias, attributes["epsilon"])]


def instance(inputs, attributes):
    x, scale, bias = inputs
    return [F.instance_norm(x, None, None, scale, bias, True, 0.1, attributes["epsilon"])]


def batch(inputs, attributes):
    x, scale, bias, mean, variance = inputs
    if attributes.get("training_mode") == 1:
        return [F.batch_norm(x, None, None, scale, bias, True, 0.1, attributes["epsilon"])]
    shape = [1, -1] + [1] * (x.dim() - 2)
    # PyTorch's own has no gradient of the statistics.
    normal = (x - mean.reshape(shape)) / torch.sqrt(variance.reshape(shape) + attributes["epsilon"])
    return [normal * scale.reshape(shape) + bias.reshape(shape)]


operators = {
    "BatchNormalization": batch,
    "GroupNormalization": group,
    "InstanceNormalization": instance,
    "LayerNormalization": layer,
    "RMSNormalization": root_mean_square,
    "SimplifiedLayerNormalization": root_mean_square,
}
