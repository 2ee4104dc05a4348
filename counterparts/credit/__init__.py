"""The public credit platform (公共信用平台), simulated: it scores people and keeps the lists.

Every call is signed (``counterparts.signed``). Paths and fields are ours: what a city's platform
wants to be told is not published (certainty D).

``POST /scores {"request_no", "id_number", "name"}``
    → ``{"score", "dimensions": {"identity", "compliance", "business", "life", "social"},
    "valid_until": "yyyy-MM-dd", "reference"}``. The score lies between 350 and 950 and follows from
    the identity number, or is what the switchboard says; ``score`` is null, and ``dimensions``
    empty, for a person of whom it knows nothing. The same ``request_no`` gets the same answer.
``POST /listings {"number", "id_number", "name", "listed", "reason", "institution", "amount_fen",
    "since"}``
    Puts a person on the list of those who do not pay, or takes them off, and answers
    ``{"number", "listed", "applied", "at"}``. ``number`` ascends: the same number with the same
    content changes nothing and is acknowledged, with another content it is refused with 409
    ``NUMBER_USED``; a number older than the person's last is acknowledged and ignored
    (``applied`` false). While listed, a person's dimension "compliance" counts nothing.
``GET /listings?id_number=``
    → ``{"listed", "number", "since", "history": [...]}``, the newest last.
``GET /``
    A page with the list and the scores.

**Switchboard** (besides the common one of ``frame``)

``POST /_control/apps {"app", "key"}``
    Registers a caller, or gives it another key.
``POST /_control/scores {"id_number", "score": n | null, "dimensions": {…}?}``
    What is said of a person from now on; ``DELETE`` forgets all of it.
``GET /_control/books``
    Who is listed now, and every message that was taken in; ``DELETE`` empties both.

Fault rules may match ``path``, ``id_number`` and ``number``; ``refuse`` answers 429 ``BUSY``,
``gateway_401`` 401 ``UNKNOWN_APP``.
"""
