"""Writes the objects of Torch7's `torch.save`, as its File.lua does."""

import struct


class Reference:
    """An object that the file has already, by its number."""

    def __init__(self, number, kind=3):
        self.number, self.kind = number, kind


class Tensor:
    """A tensor of doubles; `stored` is the number of elements that its storage claims to have."""

    def __init__(self, shape, values, strides=None, offset=1, stored=None, storage=None):
        self.shape, self.values, self.offset, self.storage = shape, values, offset, storage
        self.stored = len(values) if stored is None else stored
        self.strides = strides
        if strides is None:
            self.strides, count = [], 1
            for size in reversed(shape):
                self.strides.insert(0, count)
                count *= size


class Torch7Writer:
    def __init__(self):
        self.bytes, self.count = bytearray(), 0

    def begin(self, kind):
        self.count += 1
        self.bytes += struct.pack("<ii", kind, self.count)

    def text(self, text):
        self.bytes += struct.pack("<i", len(text.encode())) + text.encode()

    def instance(self, name):
        self.begin(4)
        self.text("V 1")
        self.text(name)

    def write(self, value):
        if isinstance(value, (int, float)):
            self.bytes += struct.pack("<id", 1, value)
        elif isinstance(value, str):
            self.bytes += struct.pack("<i", 2)
            self.text(value)
        elif isinstance(value, list):
            self.write({index + 1: item for index, item in enumerate(value)})
        elif isinstance(value, dict):
            self.begin(3)
            self.bytes += struct.pack("<i", len(value))
            for key, item in value.items():
                self.write(key)
                self.write(item)
        elif isinstance(value, tuple):
            self.instance(value[0])
            self.write(value[1])
        elif isinstance(value, Reference):
            self.bytes += struct.pack("<ii", value.kind, value.number)
        elif isinstance(value, Tensor):
            self.instance("torch.DoubleTensor")
            self.bytes += struct.pack("<i", len(value.shape))
            for size in (*value.shape, *value.strides, value.offset):
                self.bytes += struct.pack("<q", size)
            if value.storage is not None:
                self.write(value.storage)
                return
            self.instance("torch.DoubleStorage")
            self.bytes += struct.pack("<q", value.stored) + struct.pack(f"<{len(value.values)}d", *value.values)
        else:
            self.write(Tensor(list(value.shape), value.ravel().tolist()))
