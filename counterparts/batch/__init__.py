"""A bank that debits by file (批量代扣), simulated: the citizen card's account, say.

A file is text, a header line ``number, rows, fen, SHA-256 of the rows`` and a line a debit, all
tab-separated and in fen: ``out_trade_no, agreement, fen``. Its result has the same header (the fen
are those that were taken) and a line a debit: ``out_trade_no, code, fen, transaction, day``.

Requests carry ``Yifu-App`` and ``Yifu-Signature``: the HMAC-SHA256 of method, path and the
SHA-256 of the body, each on a line of its own, under the application's key; else HTTP 401.

``PUT /debit-files/{number}``
    202. The same bytes again change nothing; other bytes under the number: 409 ``NUMBER_USED``.
    A file whose header does not fit is refused as a whole: 400 ``FILE_BAD``.
``GET /debit-files/{number}/result``
    200 with the result; 202 while processing is held; 404 for an unknown number.
``PUT /refunds/{number} {"out_trade_no", "amount_fen", "reason"}`` · ``GET /refunds/{number}``
    ``{"code": "SUCCESS", "transaction_id", "amount_fen", "day"}``; 404 ``DEBIT_NOT_EXIST``,
    409 ``TOO_MUCH`` or ``NUMBER_USED``.
``GET /statements/{day}``
    ``{"rows": [{out_trade_no, out_refund_no, transaction_id, amount_fen, refund_fen, fee_fen}]}``.

Codes of rows: ``SUCCESS``, ``NOT_ENOUGH``, ``AGREEMENT_NOT_EXIST``, and whatever an agreement is
told to answer.

**Switchboard** (besides the common one of ``frame``)

``POST /_control/apps {"app", "key"}`` registers a caller.
``POST /_control/agreements [{"agreement", "balance_fen": n | null, "code": ".."?}]``
    What accounts hold (null: enough), or a code that each of their debits is answered with.
    ``GET /_control/agreements/{agreement}`` shows one.
``POST /_control/processing {"held": true}`` keeps results back.
``POST /_control/tamper {"fault": "..", "times": 1}``
    Spoils the next results: ``unknown_row``, ``doubled_row``, ``missing_row``, ``wrong_amount``,
    ``sum``, ``count``, ``digest``, ``number``, ``truncated``, ``malformed``. ``DELETE`` ends it.
``GET /_control/books`` tells ``{"files", "debits", "taken_fen"}``.

Fault rules may match ``number`` and ``operation`` (``put``, ``result``, ``refund``).
"""
