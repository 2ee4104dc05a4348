"""Transactions 91xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Pair

Input9101FsUploadIn = TypedDict(
    "Input9101FsUploadIn",
    {
        "in": bytes,  # 文件数据
        "filename": str,  # 文件名
        "fixmedins_code": str,  # 医药机构编号
    },
)


class Input9101(TypedDict):
    """9101 文件上传: Input9101."""

    fsUploadIn: Input9101FsUploadIn


class Output9101(TypedDict):
    """9101 文件上传: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    fixmedins_code: str  # 医药机构编号
    dld_endtime: NotRequired[str]  # 截止时间


T9101: Pair[Input9101, Output9101] = Pair("9101")
"""9101 文件上传."""


class Input9102FsDownloadIn(TypedDict):
    """9102 文件下载: fsDownloadIn."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    fixmedins_code: str  # 医药机构编号


class Input9102(TypedDict):
    """9102 文件下载: Input9102."""

    fsDownloadIn: Input9102FsDownloadIn


class Output9102(TypedDict):
    """9102 文件下载: nothing."""


T9102: Pair[Input9102, Output9102] = Pair("9102")
"""9102 文件下载."""
