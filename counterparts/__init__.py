"""The outside world, simulated: every part is a process of its own and speaks only over HTTP."""
