"""Joins two hosts, which are network namespaces, by a wire that delays: each frame that one sends arrives at the other
so many microseconds later, for kernels whose tc has no netem. Needs root; ends when its parent ends its standard input.

    delaying_wire.py MICROSECONDS NAMESPACE DEVICE NAMESPACE DEVICE
"""

import collections
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
PR_SET_TIMERSLACK = 29


def end_of_wire(namespace, device):
    """A new device in the namespace; what it sends is read from the descriptor."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TAP | IFF_NO_PI))
    subprocess.run(["ip", "link", "set", device, "netns", namespace], check=True)
    return descriptor


delay = float(sys.argv[1]) * 1e-6
ends = [end_of_wire(*sys.argv[place:place + 2]) for place in (2, 4)]
queues = [collections.deque(), collections.deque()]  # of (the time of arrival, the frame)
ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1)
print("ready", flush=True)
while True:
    times = [queue[0][0] for queue in queues if queue]
    wait = max(0, min(times) - time.monotonic()) if times else None
    ready, _, _ = select.select([*ends, sys.stdin], [], [], wait)
    if sys.stdin in ready:
        break
    for end, queue in zip(ends, queues):
        if end in ready:
            try:
                for _ in range(64):
                    queue.append((time.monotonic() + delay, os.read(end, 65_536)))
            except OSError:  # nothing more, or the device is gone
                pass
    for queue, other in zip(queues, reversed(ends)):
        while queue and queue[0][0] <= time.monotonic():
            try:
                os.write(other, queue.popleft()[1])
            except OSError:  # the other end is not up yet: the frame is lost
                pass
