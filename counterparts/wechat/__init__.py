"""The debit channel (微信支付委托代扣), simulated after the shape of WeChat Pay's API v3.

Requests and answers are signed with RSA and SHA-256 as the real ones are (``signing``), so that
the library ``wechatpayv3`` talks to it in public-key mode once its address points here.

========================================================================  =========================
``POST /v3/papay/sign/contracts/pre-entrust-sign``                         begin a contract
``GET  /v3/papay/sign/contracts/plan-id/{}/out-contract-code/{}``          look one up
``GET  /v3/papay/sign/contracts/contract-id/{}``                           the same by its own id
``POST /v3/papay/sign/contracts/plan-id/{}/out-contract-code/{}/terminate``  end one: 204
``POST /v3/papay/pay/transactions/apply``                                  debit: 204 accepted
``GET  /v3/papay/pay/transactions/out-trade-no/{}?mchid=``                 what became of it
``POST /v3/refund/domestic/refunds``                                       give money back
``GET  /v3/refund/domestic/refunds/{out_refund_no}``                       what became of it
``GET  /v3/bill/tradebill?bill_date=&bill_type=ALL&tar_type=GZIP``         where the bill is
``GET  /v3/billdownload/file?token=``                                      the bill itself
========================================================================  =========================

``/v3/pay/transactions/out-trade-no/{}`` is the same look-up under the library's own address, and
``/papay/sign/{pre_entrustweb_id}`` the page on which a payer agrees to a contract.

**Debits.** 204 says accepted; only the look-up (or a notification) says ``SUCCESS``. One number is
debited at most once: sent again it is accepted again without effect, with another amount or
contract it is refused (``OUT_TRADE_NO_USED``). What can be decided at acceptance is answered at
once with 403 ``NOT_ENOUGH`` (balance) or 403 ``RULE_LIMIT`` (the contract's daily limit) and the
look-up then says ``PAYERROR``; the same number may be tried again. No contract, or an ended one:
404 ``CONTRACT_NOT_EXIST`` and there is no order (404 ``ORDER_NOT_EXIST``). While processing is held
(below) everything is accepted and stays ``ACCEPT``. An order with a refund says ``REFUND``.

**Bill.** Ready from 09:00 of the next day by the control clock, before that 400
``STATEMENT_CREATING``; a day without a payment or refund has none: 400 ``NO_STATEMENT_EXIST``.
Amounts in yuan; fee 0.6 % of payments, half up to the fen, given back on refunds.

**Switchboard** (besides the common one of ``frame``; days and times are those of UTC+8)

``POST /_control/merchants {"mchid", "appid", "serial_no", "public_key_pem", "apiv3_key",
"notify_ok": true}``
    Registers a merchant, or replaces what is known of it. Without ``notify_ok`` it gets no
    notifications.
``GET /_control/platform-key`` → ``{"public_key_id", "public_key_pem"}``
``POST /_control/contracts {"contract_id", "openid", "balance_fen": n|null, "daily_limit_fen":
n|null, "state": "SIGNED"|"TERMINATED", "mchid", "plan_id", "out_contract_code"}``
    Makes a contract with the payer's account, or changes the one there is; also
    ``{"contracts": [...]}``. Only ``contract_id`` is required. Without ``mchid`` every merchant
    may debit it. ``{"pre_entrustweb_id", ...}`` instead lets the payer agree to a begun contract.
    → ``{"contracts": [...]}``; ``GET /_control/contracts/{contract_id}`` shows one.
``POST /_control/processing {"held": true|false}``
    Holds debits and refunds back (``ACCEPT``, ``PROCESSING``), or lets all of them go.
``GET /_control/books?date=YYYY-MM-DD``
    What truly happened that day: ``orders``, ``refunds`` and their sums in fen.
``POST /_control/tamper {"out_trade_no" | "out_refund_no", "action": "omit"|"amount", "delta_fen"}``
    Makes the bill disagree with the books; ``DELETE`` makes it agree again.

Fault rules may match ``path``, ``out_trade_no``, ``out_refund_no`` and ``contract_id``. ``refuse``
answers 429 ``FREQUENCY_LIMITED``, ``gateway_401`` 401 ``SIGN_ERROR``, ``wrong_sum`` one fen too
much (order and refund look-ups). A notification passes the same rules under the path
``/notification``: ``drop_request`` loses it, ``twice`` doubles it.
"""
