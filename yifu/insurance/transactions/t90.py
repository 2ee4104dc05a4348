"""Transactions 90xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import TypedDict

from yifu.insurance.transactions.pair import Pair


class Input9001SignIn(TypedDict):
    """9001 签到: signIn."""

    opter_no: str  # 操作员编号
    mac: str  # 签到MAC地址
    ip: str  # 签到IP地址


class Input9001(TypedDict):
    """9001 签到: Input9001."""

    signIn: Input9001SignIn


class Output9001Signinoutb(TypedDict):
    """9001 签到: signinoutb."""

    sign_time: str  # 签到时间
    sign_no: str  # 签到编号


class Output9001(TypedDict):
    """9001 签到: Output9001."""

    signinoutb: Output9001Signinoutb


T9001: Pair[Input9001, Output9001] = Pair("9001")
"""9001 签到."""


class Input9002SignOut(TypedDict):
    """9002 签退: signOut."""

    sign_no: str  # 签到编号
    opter_no: str  # 操作员编号


class Input9002(TypedDict):
    """9002 签退: Input9002."""

    signOut: Input9002SignOut


class Output9002Signoutoutb(TypedDict):
    """9002 签退: signoutoutb."""

    sign_time: str  # 签退时间


class Output9002(TypedDict):
    """9002 签退: Output9002."""

    signoutoutb: Output9002Signoutoutb


T9002: Pair[Input9002, Output9002] = Pair("9002")
"""9002 签退."""
