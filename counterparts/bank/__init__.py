"""A bank that lends for care (银行信用就医), simulated: it opens lines and pays hospitals for them.

Every call is signed (``counterparts.signed``). Paths and fields are ours: no bank publishes its own
(certainty D). Amounts in fen.

``POST /lines {"request_no", "id_number", "name", "phone", "asked_fen"}``
    Asks for a line; answers a *line*: ``{"request_no", "line_no", "state", "limit_fen",
    "used_fen", "reason"}`` with state ``open``, ``refused`` or ``pending``. The limit is what was
    asked for unless the switchboard says otherwise. The same ``request_no`` with the same content
    opens nothing more and is answered with the line as it is; with another content: 409
    ``NUMBER_USED``.
``GET /lines/{request_no}``
    The line as it is; 404 ``NOT_FOUND`` if the request never came.
``GET /lines/changes?since=&limit=``
    → ``{"changes": [{"seq", …line…}]}``, every change of a line after ``since``, oldest first.
``POST /lines/{line_no}/close``
    Closes a line; closing again changes nothing. 409 ``IN_USE`` while something is to be repaid.
``POST /uses {"number", "line_no", "amount_fen"}``
    Takes a settlement's personal part on the line, once per number → ``{"number", "line_no",
    "amount_fen", "pays_on"}``: on that day, the next one, the bank pays the hospital. 409
    ``INSUFFICIENT``, ``FROZEN``, ``CLOSED``, ``NUMBER_USED``.
``GET /payouts?on=yyyy-MM-dd``
    What the bank pays on a day: ``{"on", "amount_fen", "uses": [...]}``.

**Switchboard** (besides the common one of ``frame``)

``POST /_control/apps {"app", "key"}``
    Registers a caller, or gives it another key.
``POST /_control/answers {"id_number", "state", "limit_fen"?, "reason"?}``
    What a person's next request is answered with; ``DELETE`` forgets all of it.
``POST /_control/lines {"request_no", "state"?, "limit_fen"?, "reason"?}``
    Changes a line: decides a pending one, freezes, unfreezes, changes the limit.
``POST /_control/repayments {"request_no", "amount_fen"}``
    The person repays the bank.
``GET /_control/books``
    All lines and uses; ``DELETE`` empties them.

Fault rules may match ``path``, ``id_number`` and ``number`` (of a request or a use); ``refuse``
answers 429 ``BUSY``, ``gateway_401`` 401 ``UNKNOWN_APP``.
"""
