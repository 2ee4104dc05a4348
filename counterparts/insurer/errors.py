"""The one way to say no to a message: the answer's ``err_msg``, with ``infcode`` -1."""


class RefusedError(Exception):
    """The insurer refuses a message, and nothing has changed; ``str()`` is its ``err_msg``."""
