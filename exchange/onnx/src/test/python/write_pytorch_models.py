"""Writes the ONNX files that the import test reads, each with a fixed input and PyTorch's outputs for it.

Made with torch 2.8.0, onnx 1.18.0 and onnxscript 0.4.0:
    python write_pytorch_models.py ../resources/dev/tacita/onnx
Each model is written by both of PyTorch's exporters; the .bin file beside it holds the number of examples, the
input and the outputs, as little-endian float32 (the number as int32).
"""

import pathlib
import struct
import sys

import onnx
import torch
from torch import nn

EXAMPLES = 3


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = x.view(x.size(0), -1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class Block(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.relu = nn.ReLU()
        self.shortcut = nn.Identity()
        if stride != 1 or channels != filters:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + self.shortcut(x))


class ResNet18(nn.Module):
    """The CIFAR stem and a sixteenth of the usual widths."""

    def __init__(self, width=4, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        layers, channels = [], width
        for stage in range(4):
            for index in range(2):
                filters = width << stage
                layers.append(Block(channels, filters, 2 if stage > 0 and index == 0 else 1))
                channels = filters
        self.blocks = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.blocks(self.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.pool(x), 1))


class Assorted(nn.Module):
    """Layers that the exporters write as several operators, and odd ways to spell a shape."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1, groups=1)
        self.group_norm = nn.GroupNorm(2, 8)
        self.layer_norm = nn.LayerNorm(64)
        self.gelu = nn.GELU()
        self.silu = nn.SiLU()
        self.hard = nn.ReLU6()
        self.drop = nn.Dropout(0.25)
        self.average = nn.AvgPool2d(2)
        self.first = nn.Linear(128, 64)
        self.last = nn.Linear(128, 5, bias=False)

    def forward(self, x):
        x = self.average(self.silu(self.group_norm(self.conv(x))))
        x = self.gelu(self.first(self.drop(x.reshape(x.shape[0], x.shape[1] * x.shape[2] * x.shape[3]))))
        x = torch.cat([self.layer_norm(x), self.hard(x)], dim=1)
        return torch.softmax(self.last(x), dim=1)


def settle(model):
    """Gives batch norms and affine parameters values that are neither zero nor one."""
    for name, tensor in model.named_buffers():
        if name.endswith("running_mean"):
            tensor.uniform_(-0.2, 0.2)
        elif name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)


def write(folder, name, model, shape):
    torch.manual_seed(20261122)
    model = model()
    with torch.no_grad():
        settle(model)
    model.eval()
    x = torch.rand(EXAMPLES, *shape) * 2 - 1
    with torch.no_grad():
        y = model(x)
    data = struct.pack("<i", EXAMPLES) + x.numpy().astype("<f4").tobytes() + y.numpy().astype("<f4").tobytes()
    (folder / f"{name}.bin").write_bytes(data)
    torch.onnx.export(
        model, (x,), folder / f"{name}-torchscript.onnx", dynamo=False, opset_version=17,
        input_names=["image"], output_names=["scores"], dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}},
    )
    program = torch.onnx.export(
        model, (x,), dynamo=True, opset_version=18, input_names=["image"], output_names=["scores"],
        dynamic_shapes=({0: torch.export.Dim("batch")},), optimize=True,
    )
    proto = program.model_proto
    strip(proto)
    onnx.save(proto, folder / f"{name}-dynamo.onnx")


def strip(proto):
    """Takes out what the exporter notes about the Python sources, the places of its own files among it."""
    del proto.metadata_props[:]
    for part in (proto.graph, *proto.graph.node, *proto.graph.input, *proto.graph.output, *proto.graph.value_info):
        part.doc_string = ""
        del part.metadata_props[:]


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    write(target, "lenet", LeNet, (1, 28, 28))
    write(target, "resnet18-narrow", ResNet18, (3, 32, 32))
    write(target, "assorted", Assorted, (3, 8, 8))
