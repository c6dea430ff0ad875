"""What the models of emotion compute on."""

from __future__ import annotations

from daemon.errors import AskHuman
from daemon.speech import device
from daemon.speech.device import DeviceName


def chosen(name: DeviceName) -> str:
    """Raise AskHuman if torch sees no GPU and one was asked for."""
    import torch

    if name is DeviceName.CUDA and not torch.cuda.is_available():
        raise AskHuman('torch sees no GPU: set device to "auto", or install torch for your version of CUDA')
    return device.for_torch(name)
