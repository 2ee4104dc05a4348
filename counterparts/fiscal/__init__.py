"""The fiscal e-receipt platform (财政电子票据), simulated after the Bosssoft hospital interface.

``POST /medical-web/api/medical/<method>`` with ``{appid, data, noise, sign, version}``: ``data``
is Base64 of JSON, ``sign`` the upper-case MD5 of
``appid=..&data=..&noise=..&key=..&version=..``. The answer is such a frame as well, its data
``{"result": "S0000" or a code, "message": Base64 of JSON, or of a sentence for a refusal}``.

``invoiceEBillOutpatient``
    Issues a receipt (fields, lengths and sums: ``fields`` and ``receipt``). The same ``busNo``
    with the same content gives the same receipt, with another content ``E2001``.
``writeOffEBill``
    Cancels a receipt by a red one, once: again is ``E2003``, except under the same ``busNo``
    (optional here), which gives the same red one.
``getEBillStatesByBillInfo``
    ``state`` 1 normal, ``isScarlet`` 0/1 and the red one's numbers.
``checkTotalData`` ``{busBgnDate, busEndDate, placeCode?}``
    ``copyNum``, ``allTotalAmt`` of the receipts whose ``busDateTime`` lies in between (17 digits,
    or 8 for whole days); ``redCopyNum``, ``redTotalAmt`` (negative) of the red ones.
``getBillByBusDate`` ``{busBgnDate, busEndDate, placeCode?, dataType?, pageNo, pageSize}``
    ``total`` and ``billList``; ``dataType`` 1 normal, 2 red, else both; at most 200 a page.

Codes: ``E0001`` signature, ``E0002`` frame or data not understood, ``E1001`` a field, ``E1002``
sums, ``E2001`` busNo used, ``E2002`` no such receipt, ``E2003`` cancelled already, ``E2004`` no
number in stock, ``E9000`` busy, ``E9001`` no such method. An unknown ``appid``: HTTP 401.
The names of the codes and of the answers of the two last methods are ours; so is the rule that
what patients pay (自费 + 自负 + 自付) equals account and cash, and payment channels the total where
``isArrears`` is 1.

**Switchboard** (besides the common one of ``frame``)

``POST /_control/apps {"appid", "key", "place_codes": [..]?}``
    Registers a caller; with ``place_codes`` it may name only those.
``POST /_control/stock {"batch_code": 8 digits, "first": n, "count": n, "place_code": ".."?}``
    Adds numbers; the same again changes nothing, an overlap is refused. ``GET`` lists what is left.
``GET /_control/books?date=YYYY-MM-DD``
    What was truly issued with a ``busDateTime`` of that day, and the sums in fen.
``POST /_control/tamper {"bus_no", "action": "omit"|"amount", "delta_fen"}``
    Makes the two last methods disagree with the books; ``DELETE`` makes them agree again.

Fault rules may match ``method``, ``busNo`` and ``billNo``. ``refuse`` answers ``E9000``,
``gateway_401`` HTTP 401, ``wrong_sum`` one fen too much wherever an answer has a total.
"""
