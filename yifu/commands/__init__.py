"""The command line's rooms: each module holds the commands of one kind, `yifu.cli` lists them.

Commands are an edge like the HTTP API: they read the clock, start processes and call the contexts'
services. Nothing here decides about money.
"""
