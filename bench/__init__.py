"""Where the README's figures come from: every speed as a ratio to a reference of the same run.

`python -m bench` runs them all and keeps a dated file in `bench/results/`; `yifu bench NAME --json`
runs one. Only the ratio travels between machines.
"""
