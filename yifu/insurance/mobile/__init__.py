"""The insurer's mobile payment centre (医保移动支付中心) and the one-code visit (一码付).

The centre is reached apart from the national interface: an envelope of its own (`envelope`: SM4
over the data, an SM2 signature over the sorted text; `sm2`), addresses of its own (`client`), and
callbacks (`notices`). Orders live in `models` and are moved on by `orders`. How a settlement goes
through it is told in `yifu.settlement.onecode`.

Invariants: an e-credential's token and a payment authorisation are used and dropped (P1.7); what
gives a right over money that was moved (`payToken`, `revsToken`) is kept encrypted and only while
it can be used; nothing is believed that is not signed by the centre.
"""
