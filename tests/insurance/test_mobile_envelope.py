"""SM2 and the payment centre's envelope: the standard's examples, both sides against each other,
and whatever may be changed on the way."""

import base64
import json
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterparts.insurer import centre_envelope as theirs
from yifu.insurance.mobile import envelope, sm2
from yifu.insurance.mobile.envelope import BadEnvelope, Keys, Seen

# GB/T 32918.5, annex A: the signature example over the recommended curve.
EXAMPLE = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
EXAMPLE_NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
EXAMPLE_SIGNATURE = (
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
EXAMPLE_PUBLIC = (
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
NOW_S = 1_772_415_000
OURS = sm2.PrivateKey(0x6D_1F2E)
SECRET = 0x51_77_A3
APP_ID, APP_SECRET = "1G7Q9ABCDE0F4D2C90A5", "6A3C1F2E9B8D4C7AAF01"
KEYS = Keys(APP_ID, APP_SECRET, OURS, sm2.PublicKey.from_hex(theirs.public_of(SECRET)))
APP = theirs.App(
    app_id=APP_ID,
    app_secret=APP_SECRET,
    place=theirs.place_of(OURS.public().to_hex()),
    secret=SECRET,
)
DATA = {"payOrdId": "ORD1", "feeSumamt": Decimal("12.30"), "extData": {"b": "中", "a": [1, ""]}}

texts = st.text(st.characters(codec="utf-8"), max_size=8)
amounts = st.integers(-(10**12), 10**12).map(lambda fen: Decimal(fen).scaleb(-2))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | amounts | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(texts, values, max_size=5)


def test_the_standards_example_of_a_signature_comes_out():
    key = sm2.PrivateKey.from_hex(EXAMPLE)
    assert key.public().to_hex().upper() == EXAMPLE_PUBLIC
    digest = sm2.digest_of(key.public(), b"message digest")
    assert f"{digest:064X}" == "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"
    signature = sm2.sign_digest(key, digest, nonce=EXAMPLE_NONCE)
    assert signature is not None
    assert signature.hex().upper() == EXAMPLE_SIGNATURE
    assert sm2.verify(key.public(), b"message digest", signature)
    place = theirs.place_of(EXAMPLE_PUBLIC)
    assert theirs.is_signed(b"message digest", signature, place)
    assert theirs.public_of(int(EXAMPLE, 16)).upper() == EXAMPLE_PUBLIC


@given(st.integers(1, 2**255), st.binary(max_size=40))
@settings(max_examples=8, deadline=None)
def test_what_one_side_signs_the_other_believes_and_nothing_else(number, text):
    key = sm2.PrivateKey(number)
    place = theirs.place_of(key.public().to_hex())
    signature = sm2.sign(key, text)
    assert theirs.is_signed(text, signature, place)
    assert not theirs.is_signed(text + b"x", signature, place)
    answer = theirs.signature_of(text, number)
    assert sm2.verify(key.public(), text, answer)
    assert not sm2.verify(key.public(), text + b"x", answer)


def test_the_user_id_is_part_of_what_is_signed():
    signature = sm2.sign(OURS, b"text", user_id="somebody")
    assert sm2.verify(OURS.public(), b"text", signature, user_id="somebody")
    assert not sm2.verify(OURS.public(), b"text", signature)


@pytest.mark.parametrize(
    "signature",
    [b"", b"\0" * 64, b"\xff" * 64, b"\0" * 63 + b"\1", (theirs.ORDER - 1).to_bytes(32) * 2],
)
def test_numbers_that_are_no_signature_are_refused(signature):
    assert not sm2.verify(OURS.public(), b"text", signature)


def test_nonces_are_never_the_same_twice():
    assert len({sm2.sign(OURS, b"text")[:32] for _ in range(20)}) == 20


@pytest.mark.parametrize("text", ["", "04", "04" + "1" * 128, "zz" * 64, "1" * 126])
def test_a_key_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"public key|hexadecimal|curve"):
        sm2.PublicKey.from_hex(text)


@pytest.mark.parametrize("number", [0, theirs.ORDER - 1, theirs.ORDER])
def test_a_private_key_is_a_number_of_the_curve(number):
    with pytest.raises(ValueError, match="private key"):
        sm2.PrivateKey(number)


def test_no_secret_shows_itself():
    shown = f"{KEYS} {OURS} {APP}"
    assert APP_SECRET not in shown
    assert str(OURS.d) not in shown
    assert str(SECRET) not in shown


def test_the_sign_text_is_sorted_without_what_is_empty_and_ends_in_the_secret():
    frame = {"version": "2.0.1", "appId": "A", "extra": "x", "signData": "y", "empty": ""}
    written = envelope.compact(envelope.without_empty({"b": "", "c": {"z": 1, "y": None}, "a": 2}))
    text = envelope.sign_text(frame, written, "S")
    assert text == b'appId=A&data={"a":2,"c":{"z":1}}&version=2.0.1&key=S'


def test_both_sides_derive_the_same_key_by_themselves():
    assert envelope._data_key(APP_ID, APP_SECRET) == theirs.data_key(APP)
    assert len(theirs.data_key(APP)) == 16
    assert envelope.encrypt(b"abc", KEYS) == theirs.hidden(b"abc", APP)


@given(objects)
@settings(max_examples=30, deadline=None)
def test_what_we_seal_the_centre_opens(data):
    message = json.loads(envelope.seal(data, KEYS, trans_type="6201", now_s=NOW_S))
    opened = theirs.opened(APP, message, now=NOW_S)
    assert theirs.as_json(opened) == envelope.compact(envelope.without_empty(data)).decode()


@given(objects, st.dictionaries(st.sampled_from(["code", "message", "x"]), texts, max_size=3))
@settings(max_examples=30, deadline=None)
def test_what_the_centre_seals_we_open(data, frame):
    message = theirs.sealed(APP, data, timestamp=NOW_S, **frame)
    opened = envelope.unseal(theirs.as_json(message).encode(), KEYS, now_s=NOW_S)
    assert envelope.compact(opened.data) == envelope.compact(envelope.without_empty(data))


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_message_that_was_changed_anywhere_is_refused(data):
    body = theirs.as_json(theirs.sealed(APP, DATA, timestamp=NOW_S, code="0")).encode()
    place = data.draw(st.integers(0, len(body) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != body[place]))
    changed = body[:place] + bytes([byte]) + body[place + 1 :]
    try:
        opened = envelope.unseal(changed, KEYS, now_s=NOW_S)
    except BadEnvelope:
        return
    # Hex digits have two spellings: what is meant is the same then.
    assert changed.upper() == body.upper()
    assert opened.data == envelope.unseal(body, KEYS, now_s=NOW_S).data


def test_a_signature_has_one_spelling():
    body = sealed().decode()
    place = body.index("==") - 1
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = letters[letters.index(body[place]) ^ 1]
    with pytest.raises(BadEnvelope, match="signature"):
        envelope.unseal((body[:place] + spare + body[place + 1 :]).encode(), KEYS, now_s=NOW_S)


@given(st.binary(max_size=60) | texts.map(str.encode) | objects.map(envelope.compact))
@settings(max_examples=100, deadline=None)
def test_what_is_no_envelope_is_refused_by_name(body):
    with pytest.raises(BadEnvelope) as refused:
        envelope.unseal(body, KEYS, now_s=NOW_S)
    assert refused.value.fact in {"malformed", "foreign"}


def sealed(**changes):
    message = theirs.sealed(APP, DATA, timestamp=NOW_S, code="0", message="成功") | changes
    return theirs.as_json({key: one for key, one in message.items() if one is not None}).encode()


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"appId": "another0application"}, "foreign"),
        ({"signType": "RSA"}, "scheme"),
        ({"encType": "SM2"}, "scheme"),
        ({"timestamp": "yesterday"}, "malformed"),
        ({"timestamp": None}, "malformed"),
        ({"timestamp": str(NOW_S + 1)}, "signature"),
        ({"code": "-1"}, "signature"),
        ({"extraordinary": "1"}, "signature"),
        ({"signData": None}, "signature"),
        ({"signData": "!!!!"}, "signature"),
        ({"signData": base64.b64encode(b"1" * 64).decode()}, "signature"),
        ({"encData": "00"}, "undecipherable"),
        ({"encData": "xyz"}, "undecipherable"),
        ({"encData": 7}, "undecipherable"),
        ({"encData": None}, "signature"),
        ({"encData": None, "data": "text"}, "malformed"),
        ({"encData": None, "data": {"payOrdId": 10**40}}, "malformed"),
    ],
)
def test_every_fault_has_its_name(changes, fact):
    with pytest.raises(BadEnvelope) as refused:
        envelope.unseal(sealed(**changes), KEYS, now_s=NOW_S)
    assert refused.value.fact == fact
    assert "ORD1" not in str(refused.value)


def test_what_is_not_signed_may_be_anything():
    assert envelope.unseal(sealed(extra="x"), KEYS, now_s=NOW_S).data["payOrdId"] == "ORD1"


@pytest.mark.parametrize("ahead", [-301, 301])
def test_a_message_of_another_time_is_stale(ahead):
    with pytest.raises(BadEnvelope, match="stale"):
        envelope.unseal(sealed(), KEYS, now_s=NOW_S + ahead)
    assert envelope.unseal(sealed(), KEYS, now_s=NOW_S + ahead // 2).data


def test_a_time_in_milliseconds_is_a_time():
    message = theirs.sealed(APP, DATA, timestamp=NOW_S * 1000)
    assert envelope.unseal(theirs.as_json(message).encode(), KEYS, now_s=NOW_S).data


def test_the_same_answer_is_not_taken_twice_while_it_is_fresh():
    seen, body = Seen(max_age_s=300), sealed()
    envelope.unseal(body, KEYS, now_s=NOW_S, seen=seen)
    with pytest.raises(BadEnvelope, match="replayed"):
        envelope.unseal(body, KEYS, now_s=NOW_S + 10, seen=seen)
    assert envelope.unseal(sealed(), KEYS, now_s=NOW_S, seen=seen).data


def test_signatures_are_forgotten_when_their_time_is_over():
    seen = Seen(max_age_s=10)
    assert seen.first_time("a", now_s=0)
    assert not seen.first_time("a", now_s=19)
    assert seen.first_time("b", now_s=20)
    assert len(seen._seen) == 1


@pytest.mark.parametrize(("app_id", "secret"), [("short", "S"), ("A" * 16, "")])
def test_an_application_needs_a_long_name_and_a_secret(app_id, secret):
    with pytest.raises(ValueError, match="app_id"):
        Keys(app_id, secret, OURS, OURS.public())


def test_a_large_order_is_sealed_in_less_than_three_milliseconds_of_a_processor():
    line = {f"field{number}": "值" * 6 for number in range(25)} | {"pric": Decimal("12.3000")}
    data = {"payOrdId": "ORD1", "feedetailList": [line] * 50}
    envelope.seal(data, KEYS, trans_type="6201", now_s=NOW_S)
    times = []
    for _ in range(15):
        began = time.process_time()
        envelope.seal(data, KEYS, trans_type="6201", now_s=NOW_S)
        times.append(time.process_time() - began)
    assert min(times) < 0.003
