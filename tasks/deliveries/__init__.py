"""The life of a delivery: planned with the run's finish, claimed, sent, and its end recorded."""

from tasks.deliveries.again import send_again, send_all_again, send_delivered_again
from tasks.deliveries.interrupted import lose_interrupted
from tasks.deliveries.planning import plan
from tasks.deliveries.sending import deliver

__all__ = [
    "deliver",
    "lose_interrupted",
    "plan",
    "send_again",
    "send_all_again",
    "send_delivered_again",
]
