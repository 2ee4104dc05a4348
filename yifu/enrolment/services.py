"""The front door of enrolment: sign, families, closing, life (P1.2–P1.6, P2.7).

What each does stands in its own module; errors are listed there.
"""

from yifu.enrolment.closing import close
from yifu.enrolment.families import Move, add, move, remove, set_sub_limit, stay
from yifu.enrolment.life import Birthdays, Death, come_of_age, die
from yifu.enrolment.merging import merge
from yifu.enrolment.obstacles import Obstacle, standing_in_the_way
from yifu.enrolment.signing import DebitAgreement, Enrolled, enrol, follow_up

__all__ = [
    "Birthdays",
    "Death",
    "DebitAgreement",
    "Enrolled",
    "Move",
    "Obstacle",
    "add",
    "close",
    "come_of_age",
    "die",
    "enrol",
    "follow_up",
    "merge",
    "move",
    "remove",
    "set_sub_limit",
    "standing_in_the_way",
    "stay",
]
