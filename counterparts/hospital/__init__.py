"""A hospital's own system, simulated: it knows the platform only by its public API.

``python -m counterparts.hospital play`` lives a day of one hospital: it registers persons, signs
contracts, opens visits, reports charges, settles, takes cash at the window, refunds and reverses.
``replay`` does the same with visits out of a file. Both print JSON lines, see ``telling``.

The same seed gives the same figures however many requests are under way at once and however fast
they are answered: everything is decided beforehand (``plan``), the times of the day come out of
the plan (header ``Yifu-Now``), and the visits of one family are played in their order.
"""
