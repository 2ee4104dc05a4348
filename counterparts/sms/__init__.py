"""The text message provider, simulated: it takes messages, sends nothing and shows what it took.

``POST /send {"phone", "template", "params", "text", "out_id"}``
    → 200 ``{"msg_id": …}``. The same ``out_id`` with the same content is taken once and gets the
    same ``msg_id``; with another content it is refused with 409 ``OUT_ID_USED``. A number that is
    no Chinese mobile number gets 400 ``INVALID_PHONE``, a missing or overlong field 400
    ``INVALID_FIELD`` (``out_id`` and ``template`` up to 64 characters, ``text`` up to 500).
``GET /messages?phone=&out_id=&since=&limit=``
    → ``{"messages": [{"seq", "msg_id", "phone", "template", "params", "text", "out_id",
    "sent_at"}, …]}``, oldest first; ``since`` is a ``seq`` already seen, ``limit`` at most 1000.
``DELETE /messages``
    Empties the box (part of the simulator's switchboard, as is everything in ``/_control/``).

Fault rules may match ``phone``, ``template`` and ``out_id``; ``refuse`` answers 429
``FREQUENCY_LIMITED``. ``app`` is all there is.
"""
